import type { VendorReply } from '../shared/server';

/** Language of error texts (MoySklad docs: only errors follow `Accept-Language`). */
export type Language = 'ru' | 'en';

interface ErrorText {
	status: number;
	ru: string;
	en: string;
}

/**
 * The errors that the sandbox can answer: HTTP status and texts. `{0}`, `{1}` … are arguments.
 * Codes and meanings: MoySklad docs, "Errors". Wording is the sandbox's own.
 */
const ERRORS: Record<number, ErrorText> = {
	1000: {
		status: 400,
		ru: 'Элемент URI не является идентификатором: {0}',
		en: 'The URI element is not an identifier: {0}',
	},
	1002: { status: 404, ru: 'Неопознанный путь: {0}', en: 'Unknown path: {0}' },
	1005: { status: 404, ru: "Неизвестный тип: '{0}'", en: "Unknown type: '{0}'" },
	1014: {
		status: 400,
		ru: "Неверное значение '{0}' параметра фильтрации '{1}'",
		en: "Wrong value '{0}' of filter parameter '{1}'",
	},
	1021: {
		status: 404,
		ru: "Объект с типом '{0}' и идентификатором '{1}' не найден",
		en: "Object of type '{0}' with identifier '{1}' not found",
	},
	1025: {
		status: 403,
		ru: 'Ошибка удаления объекта: удалять стандартные объекты запрещено',
		en: 'Error deleting the object: standard objects cannot be deleted',
	},
	1027: { status: 400, ru: 'Запрос не содержит объектов', en: 'The request contains no objects' },
	1034: { status: 400, ru: 'Ошибка фильтрации: {0}', en: 'Filter error: {0}' },
	1035: {
		status: 400,
		ru: 'Ошибка фильтрации: неверный формат даты параметра фильтрации',
		en: 'Filter error: wrong date format of a filter parameter',
	},
	1038: { status: 400, ru: 'Ошибка в адресе запроса', en: 'Error in the address of the request' },
	1039: {
		status: 405,
		ru: 'Операция {0} не поддерживается для данного ресурса',
		en: 'Operation {0} is not supported for this resource',
	},
	1041: {
		status: 400,
		ru: "Неверное значение '{0}' параметра фильтрации '{1}', допустимые значения: '{2}'",
		en: "Wrong value '{0}' of filter parameter '{1}', allowed values: '{2}'",
	},
	1042: {
		status: 400,
		ru: "Неверное значение '{0}' параметра сортировки '{1}', допустимые значения: '{2}'",
		en: "Wrong value '{0}' of sort parameter '{1}', allowed values: '{2}'",
	},
	1044: { status: 413, ru: 'Превышен максимальный размер запроса', en: 'The request is too large' },
	1047: {
		status: 412,
		ru: 'Поле syncId нельзя изменить в запросе на обновление',
		en: 'Field syncId cannot be changed by an update',
	},
	1049: {
		status: 429,
		ru: 'Превышено ограничение на количество запросов в единицу времени',
		en: 'The limit on the number of requests per unit of time is exceeded',
	},
	1056: { status: 401, ru: 'Ошибка аутентификации: {0}', en: 'Authentication error: {0}' },
	1058: {
		status: 400,
		ru: 'Не удалось декодировать параметры запроса из URL',
		en: 'The parameters of the request could not be decoded from the URL',
	},
	1059: {
		status: 400,
		ru: "Некорректный сервер в идентификаторе объекта: '{0}'",
		en: "Wrong server in the identifier of an object: '{0}'",
	},
	1060: {
		status: 400,
		ru: 'Некорректный тип данных в meta сущности, поле type',
		en: 'Wrong data type in the meta of an entity, field type',
	},
	1061: {
		status: 401,
		ru: 'Отсутствует доступ к API для данного пользователя',
		en: 'This user has no access to the API',
	},
	1062: {
		status: 400,
		ru: "Неверное значение заголовка 'Accept'. Поддерживается только значение 'application/json;charset=utf-8'",
		en: "Wrong value of header 'Accept'. Only 'application/json;charset=utf-8' is supported",
	},
	1063: {
		status: 400,
		ru: "Ошибка сортировки: неизвестное поле '{0}' или сортировка для данного поля не поддерживается",
		en: "Sort error: field '{0}' is unknown or cannot be sorted by",
	},
	1073: {
		status: 429,
		ru: 'Превышено ограничение на одновременное количество запросов',
		en: 'The limit on the number of parallel requests is exceeded',
	},
	1084: {
		status: 400,
		ru: "Неверное значение '{0}' параметра запроса '{1}', допустимые значения: '{2}'",
		en: "Wrong value '{0}' of request parameter '{1}', allowed values: '{2}'",
	},
	1089: {
		status: 400,
		ru: 'Expand поля {0} не поддерживается',
		en: 'Expanding field {0} is not supported',
	},
	1096: { status: 400, ru: 'Ошибка сортировки: {0}', en: 'Sort error: {0}' },
	2001: {
		status: 400,
		ru: 'Ошибка формата: входящий запрос не соответствует формату JSON',
		en: 'Format error: the request is not JSON',
	},
	2004: {
		status: 400,
		ru: 'Ошибка формата: вложенные массивы недопустимы',
		en: 'Format error: nested arrays are not allowed',
	},
	2005: {
		status: 400,
		ru: 'Ошибка формата: входящий JSON должен начинаться либо с объекта, либо с массива',
		en: 'Format error: the JSON must begin with an object or an array',
	},
	2006: {
		status: 400,
		ru: 'Ошибка формата: слишком большая вложенность объектов',
		en: 'Format error: objects are nested too deeply',
	},
	2007: {
		status: 413,
		ru: 'Ошибка формата: слишком большое число вложенных объектов',
		en: 'Format error: too many objects',
	},
	2009: {
		status: 400,
		ru: 'Ошибка формата: запрос на создание/обновление одной сущности не должен содержать массив',
		en: 'Format error: the update of one entity must not contain an array',
	},
	2010: {
		status: 400,
		ru: "Ошибка формата: отсутствует href для meta поля '{0}'",
		en: "Format error: href is missing in the meta of field '{0}'",
	},
	2011: {
		status: 400,
		ru: "Ошибка формата: отсутствует type для meta поля '{0}'",
		en: "Format error: type is missing in the meta of field '{0}'",
	},
	2013: {
		status: 400,
		ru: "Ошибка формата: неправильное значение href для meta поля '{0}'",
		en: "Format error: wrong href in the meta of field '{0}'",
	},
	2014: {
		status: 400,
		ru: "Ошибка формата: отсутствует meta для поля '{0}'",
		en: "Format error: meta is missing for field '{0}'",
	},
	2016: {
		status: 400,
		ru: "Ошибка формата: значение поля '{0}' не соответствует типу {1}",
		en: "Format error: the value of field '{0}' is not of type {1}",
	},
	3000: {
		status: 412,
		ru: "Ошибка сохранения объекта: поле '{0}' не может быть пустым или отсутствовать",
		en: "Error saving the object: field '{0}' must not be empty or absent",
	},
	3005: {
		status: 412,
		ru: "Ошибка сохранения объекта: неверное значение '{0}' поля '{1}'. Допустимые значения: {2}",
		en: "Error saving the object: wrong value '{0}' of field '{1}'. Allowed values: {2}",
	},
	3030: {
		status: 400,
		ru: "Ошибка валидации заголовка '{0}': {1}",
		en: "Header '{0}' is invalid: {1}",
	},
	30000: {
		status: 412,
		ru: "Ошибка сохранения webhook: неподдерживаемый тип сущности '{0}'",
		en: "Error saving the webhook: unsupported entity type '{0}'",
	},
	30001: {
		status: 412,
		ru: "Ошибка сохранения webhook: неизвестный HTTP-метод '{0}'. Допустимый: POST",
		en: "Error saving the webhook: unknown HTTP method '{0}'. Allowed: POST",
	},
	30002: {
		status: 412,
		ru: "Ошибка сохранения webhook: неизвестное действие '{0}'. Допустимые: CREATE, UPDATE, DELETE",
		en: "Error saving the webhook: unknown action '{0}'. Allowed: CREATE, UPDATE, DELETE",
	},
	30003: {
		status: 412,
		ru: 'Ошибка сохранения webhook: webhook с данным набором параметров уже существует',
		en: 'Error saving the webhook: a webhook with this set of parameters already exists',
	},
	30004: {
		status: 403,
		ru: 'Необходимы права администратора для работы с webhook',
		en: 'Administrator rights are needed to work with webhooks',
	},
	30005: {
		status: 412,
		ru: 'Ошибка сохранения webhook: значение поля url не является корректным адресом запроса',
		en: 'Error saving the webhook: the value of field url is not a valid address',
	},
	30006: {
		status: 403,
		ru: 'Ваш тарифный план не позволяет создавать или обновлять веб-хуки',
		en: 'Your tariff does not allow creating or updating webhooks',
	},
	30007: {
		status: 412,
		ru: "Нельзя создать больше '{0}' веб-хуков одинакового типа на одну сущность",
		en: "No more than '{0}' webhooks of one kind can be created for one entity",
	},
	30008: {
		status: 412,
		ru: "Ошибка сохранения webhook: тип сущности '{0}' не поддерживает действие '{1}'. Допустимые: {2}",
		en: "Error saving the webhook: entity type '{0}' does not support action '{1}'. Allowed: {2}",
	},
	30009: {
		status: 412,
		ru: "Ошибка сохранения webhook: указание значения поля 'diffType' не поддерживается для действия '{0}'. Допустимые: UPDATE",
		en: "Error saving the webhook: field 'diffType' is not supported for action '{0}'. Allowed: UPDATE",
	},
	30010: {
		status: 412,
		ru: 'Ошибка сохранения webhook: длина url адреса больше 255 символов',
		en: 'Error saving the webhook: the url is longer than 255 characters',
	},
	55005: {
		status: 403,
		ru: 'Доступ к контексту решения невозможен для данной авторизационной сущности',
		en: 'The context of a solution is not available to this kind of authorization',
	},
	55006: {
		status: 403,
		ru: 'Доступ к контексту пользователя невозможен для данной авторизационной сущности',
		en: 'The context of a user is not available to this kind of authorization',
	},
};

/** One entry of the `errors` array as it is sent. */
export interface ErrorBody {
	error: string;
	code: number;
	parameter?: string;
	moreInfo: string;
	line?: number;
	column?: number;
}

/** Extra members of an error entry. */
export interface ErrorDetails {
	/** Overrides the status of the code. */
	status?: number;
	parameter?: string;
	line?: number;
	column?: number;
	/** Headers of the answer. */
	headers?: Record<string, string>;
}

/** A refusal with one of MoySklad's codes; rendered in the language of the request. */
export class MoySkladError extends Error {
	readonly status: number;

	constructor(
		readonly code: number,
		readonly args: readonly string[] = [],
		readonly details: ErrorDetails = {},
	) {
		super(`MoySklad error ${code} ${args.join(', ')}`);
		this.status = details.status ?? ERRORS[code]?.status ?? 400;
	}

	/** The entry of the `errors` array. */
	body(language: Language): ErrorBody {
		const text = ERRORS[this.code]?.[language] ?? this.message;
		const { parameter, line, column } = this.details;
		return {
			error: text.replace(/\{(\d)\}/g, (_match, index: string) => this.args[Number(index)] ?? ''),
			code: this.code,
			...(parameter === undefined ? {} : { parameter }),
			moreInfo: `https://dev.moysklad.ru/doc/api/remap/1.2/#error_${this.code}`,
			...(line === undefined ? {} : { line, column }),
		};
	}
}

/** The whole answer for a refusal. */
export function errorReply(error: MoySkladError, language: Language): VendorReply {
	return {
		status: error.status,
		headers: { 'content-type': 'application/json;charset=utf-8', ...error.details.headers },
		body: JSON.stringify({ errors: [error.body(language)] }),
	};
}

/** Chooses the error language from `Accept-Language` (RFC 7231); Russian unless English is preferred. */
export function languageOf(header: string | undefined): Language {
	if (header === undefined) return 'ru';
	let best: { language: Language; quality: number } | undefined;
	for (const part of header.split(',')) {
		const [tag, ...parameters] = part.trim().toLowerCase().split(';');
		const quality = parameters
			.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
			.find((value) => value !== undefined);
		const primary = tag.split('-')[0];
		if (primary !== 'ru' && primary !== 'en') continue;
		const weight = quality === undefined ? 1 : Number(quality);
		if (!best || weight > best.quality) best = { language: primary, quality: weight };
	}
	return best?.language ?? 'ru';
}
