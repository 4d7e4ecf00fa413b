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
	1001: {
		status: 400,
		ru: 'Не указан идентификатор метаданных',
		en: 'The identifier of the metadata is missing',
	},
	1002: { status: 404, ru: 'Неопознанный путь: {0}', en: 'Unknown path: {0}' },
	1003: {
		status: 404,
		ru: "Отсутствуют метаданные для типа '{0}'",
		en: "There is no metadata for type '{0}'",
	},
	1031: {
		status: 400,
		ru: 'Невозможно создать шаблон документа на основании',
		en: 'The template cannot be made from this basis',
	},
	1005: { status: 404, ru: "Неизвестный тип: '{0}'", en: "Unknown type: '{0}'" },
	1009: {
		status: 400,
		ru: "Редактирование объектов типа '{0}' не поддерживается",
		en: "Editing objects of type '{0}' is not supported",
	},
	1010: {
		status: 400,
		ru: "Удаление объектов типа '{0}' не поддерживается",
		en: "Deleting objects of type '{0}' is not supported",
	},
	1011: {
		status: 400,
		ru: "Создание объектов типа '{0}' не поддерживается",
		en: "Creating objects of type '{0}' is not supported",
	},
	1014: {
		status: 400,
		ru: "Неверное значение '{0}' параметра фильтрации '{1}'",
		en: "Wrong value '{0}' of filter parameter '{1}'",
	},
	1016: {
		status: 403,
		ru: 'Доступ запрещен: у вас нет прав на просмотр данного объекта',
		en: 'Access denied: you have no right to view this object',
	},
	1017: {
		status: 403,
		ru: 'Доступ запрещен: у вас нет прав на редактирование данного объекта',
		en: 'Access denied: you have no right to edit this object',
	},
	1018: {
		status: 403,
		ru: 'Доступ запрещен: у вас нет прав на удаление данного объекта',
		en: 'Access denied: you have no right to delete this object',
	},
	1021: {
		status: 404,
		ru: "Объект с типом '{0}' и идентификатором '{1}' не найден",
		en: "Object of type '{0}' with identifier '{1}' not found",
	},
	1024: {
		status: 403,
		ru: 'Ошибка сохранения объекта: изменять стандартные объекты запрещено',
		en: 'Error saving the object: standard objects cannot be changed',
	},
	1025: {
		status: 403,
		ru: 'Ошибка удаления объекта: удалять стандартные объекты запрещено',
		en: 'Error deleting the object: standard objects cannot be deleted',
	},
	1027: { status: 400, ru: 'Запрос не содержит объектов', en: 'The request contains no objects' },
	1028: {
		status: 409,
		ru: 'Объект уже используется и не может быть удален',
		en: 'The object is in use and cannot be deleted',
	},
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
	1045: {
		status: 403,
		ru: 'Доступ запрещен: у вас нет прав на создание данного объекта',
		en: 'Access denied: you have no right to create this object',
	},
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
	1069: {
		status: 400,
		ru: "Ошибка запроса: несовместимые параметры запроса: '{0}'",
		en: "Error in the request: parameters '{0}' exclude each other",
	},
	1070: {
		status: 403,
		ru: 'Ошибка: ваш тарифный план не позволяет вам работать с данным ресурсом',
		en: 'Error: your tariff does not allow you to work with this resource',
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
	2018: {
		status: 400,
		ru: "Ошибка формата: отсутствует поле '{0}' для meta '{1}'",
		en: "Format error: field '{0}' is missing in meta '{1}'",
	},
	2021: {
		status: 400,
		ru: "Ошибка формата: в объектах типа '{0}' полю '{1}' не может быть присвоен объект типа {2}",
		en: "Format error: in objects of type '{0}' field '{1}' cannot be given an object of type {2}",
	},
	2022: {
		status: 413,
		ru: 'Ошибка формата: слишком большое число элементов вложенной коллекции',
		en: 'Format error: too many elements in a nested collection',
	},
	2024: {
		status: 400,
		ru: "Ошибка формата: href указывает на сущность неправильного типа '{0}', требуется '{1}'",
		en: "Format error: href points to an entity of wrong type '{0}', '{1}' is needed",
	},
	2027: {
		status: 400,
		ru: "Ошибка формата: href указывает на сущность неправильного типа '{0}', допустимые значения: '{1}'",
		en: "Format error: href points to an entity of wrong type '{0}', allowed: '{1}'",
	},
	3000: {
		status: 412,
		ru: "Ошибка сохранения объекта: поле '{0}' не может быть пустым или отсутствовать",
		en: "Error saving the object: field '{0}' must not be empty or absent",
	},
	3001: {
		status: 412,
		ru: "Ошибка сохранения объекта: поле '{0}' не может быть изменено",
		en: "Error saving the object: field '{0}' cannot be changed",
	},
	3002: {
		status: 412,
		ru: "Ошибка сохранения объекта: поле '{0}' не может иметь отрицательное значение",
		en: "Error saving the object: field '{0}' cannot be negative",
	},
	3003: {
		status: 412,
		ru: "Ошибка сохранения объекта: поле '{0}' должно быть больше нуля",
		en: "Error saving the object: field '{0}' must be greater than zero",
	},
	3005: {
		status: 412,
		ru: "Ошибка сохранения объекта: неверное значение '{0}' поля '{1}'. Допустимые значения: {2}",
		en: "Error saving the object: wrong value '{0}' of field '{1}'. Allowed values: {2}",
	},
	3006: {
		status: 412,
		ru: "Ошибка сохранения объекта: нарушено ограничение уникальности параметра '{0}'",
		en: "Error saving the object: parameter '{0}' must be unique",
	},
	3007: {
		status: 412,
		ru: "Ошибка валидации сохраняемого объекта: '{0}'",
		en: "Error validating the object that is saved: '{0}'",
	},
	3008: {
		status: 412,
		ru: "Ошибка сохранения объекта: значение поля '{0}' превышает максимально допустимое значение",
		en: "Error saving the object: the value of field '{0}' exceeds the greatest allowed value",
	},
	3011: {
		status: 412,
		ru: 'Ошибка валидации штрихкода: невозможно добавить к сущности штрихкод длиной более 255 символов',
		en: 'Barcode error: a barcode must not be longer than 255 characters',
	},
	3012: {
		status: 412,
		ru: "Ошибка валидации: для поля '{0}' массив элементов не должен содержать атомарный тип или null",
		en: "Validation error: the array of field '{0}' must hold objects only",
	},
	3014: {
		status: 412,
		ru: 'Ошибка валидации штрихкода: неверный формат GTIN: {0}',
		en: 'Barcode error: wrong GTIN: {0}',
	},
	3015: {
		status: 412,
		ru: "Ошибка валидации: некорректный адрес E-mail: '{0}'",
		en: "Validation error: wrong e-mail address: '{0}'",
	},
	3016: {
		status: 412,
		ru: "Ошибка валидации: Поле '{0}' должно соответствовать формату '{1}'",
		en: "Validation error: field '{0}' must have the form '{1}'",
	},
	3020: {
		status: 412,
		ru: 'Ошибка валидации: Другая бонусная программа уже активна',
		en: 'Validation error: another bonus program is already active',
	},
	3028: {
		status: 412,
		ru: "Ошибка валидации: Значение поля '{0}' конфликтует со значением поля '{1}'. Требуется {2}",
		en: "Validation error: the value of field '{0}' conflicts with the value of field '{1}'. Needed: {2}",
	},
	3030: {
		status: 400,
		ru: "Ошибка валидации заголовка '{0}': {1}",
		en: "Header '{0}' is invalid: {1}",
	},
	3040: {
		status: 412,
		ru: "Ошибка валидации: поле '{0}' не может быть более '{1}' символов",
		en: "Validation error: field '{0}' must not be longer than '{1}' characters",
	},
	3042: {
		status: 400,
		ru: 'Ошибка валидации: в запросе допускается только одно поле fields',
		en: 'Validation error: only one value of fields is allowed',
	},
	3043: {
		status: 400,
		ru: 'Ошибка валидации: недопустимые значения параметра fields: {0}',
		en: 'Validation error: wrong value of parameter fields: {0}',
	},
	3051: {
		status: 412,
		ru: 'Ошибка валидации: Суммарная длина названий групп не может превышать 255 символов',
		en: 'Validation error: the names of the groups must not exceed 255 characters in sum',
	},
	17009: {
		status: 412,
		ru: 'Ошибка сохранения документа: дата документа относится к закрытому периоду',
		en: 'Error saving the document: its date belongs to a closed period',
	},
	14000: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля: поле '{0}' не относится к реестру '{1}'",
		en: "Error saving a custom field: field '{0}' does not belong to '{1}'",
	},
	14001: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля: обновление дополнительных полей типа 'Файл' не поддерживается",
		en: 'Error saving a custom field: the value of a file field cannot be changed',
	},
	14002: {
		status: 412,
		ru: 'Ошибка сохранения дополнительного поля: родительская сущность не поддерживает дополнительные поля',
		en: 'Error saving a custom field: this entity has no custom fields',
	},
	14003: {
		status: 412,
		ru: 'Ошибка сохранения дополнительного поля: идентификатор метаданных указывает на несуществующий объект',
		en: 'Error saving a custom field: there is no such field',
	},
	14004: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля: для объекта типа 'пользовательский справочник' необходимо указать поле meta или name",
		en: 'Error saving a custom field: an element of a custom dictionary needs meta or name',
	},
	14005: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля типа 'Файл': размер файла превышает максимально допустимый (10 мб)",
		en: 'Error saving a file field: the file is larger than 10 MB',
	},
	14006: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля типа 'Файл': отсутствует имя файла",
		en: 'Error saving a file field: the file has no name',
	},
	14007: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля типа 'Файл': отсутствует поле content",
		en: 'Error saving a file field: the file has no content',
	},
	14009: {
		status: 412,
		ru: "Ошибка сохранения дополнительного поля типа '{0}': отсутствует поле value",
		en: "Error saving a custom field of type '{0}': value is missing",
	},
	14010: {
		status: 403,
		ru: 'Доступ запрещен: создавать, изменять и удалять дополнительные поля может только пользователь с правами администратора',
		en: 'Access denied: only administrators can create, change and delete custom fields',
	},
	13000: {
		status: 400,
		ru: 'Пустой идентификатор операции',
		en: 'The operation ID is empty',
	},
	13001: {
		status: 400,
		ru: 'Операция с указанным идентификатором не найдена',
		en: 'No operation with this ID was found',
	},
	13002: {
		status: 400,
		ru: "Операция не может быть выполнена для указанного типа '{0}' документа",
		en: "The operation cannot be performed for documents of the type '{0}'",
	},
	13005: {
		status: 400,
		ru: "Превышен допустимый объем для построения отчета 'Текущие остатки'",
		en: "The report 'Current stock' would be too large",
	},
	24001: {
		status: 412,
		ru: 'Ошибка создания шаблона списания: инвентаризация не требует проведения списания',
		en: 'Error creating the template of a write-off: the count needs none',
	},
	24002: {
		status: 412,
		ru: 'Ошибка создания шаблона оприходования: инвентаризация не требует проведения оприходования',
		en: 'Error creating the template of a stock adjustment: the count needs none',
	},
	24004: {
		status: 412,
		ru: 'Ошибка сохранения инвентаризации: инвентаризация не может содержать дублирующиеся позиции',
		en: 'Error saving the inventory: it cannot contain an item twice',
	},
	27002: {
		status: 412,
		ru: 'Ошибка сохранения позиции, нельзя в прайс-листе указывать повторяющиеся позиции',
		en: 'Error saving the item: a price list cannot contain an item twice',
	},
	39000: {
		status: 400,
		ru: 'Ошибка: не указан обязательный параметр для запроса показателей: {0}',
		en: 'Error: a required parameter of the indicators is missing: {0}',
	},
	39001: {
		status: 400,
		ru: 'Ошибка: показатели, разбитые по {0}, для промежутка большего, чем {1}, не поддерживаются.',
		en: 'Error: indicators by {0} for a period longer than {1} are not supported.',
	},
	39002: {
		status: 400,
		ru: "Некорректное значение параметра фильтрации 'interval'. Допустимые значения: 'hour', 'day', 'month'.",
		en: "The parameter 'interval' is wrong. Allowed values: 'hour', 'day', 'month'.",
	},
	29000: {
		status: 412,
		ru: 'Ошибка сохранения комплекта: некорректное число компонентов',
		en: 'Error saving the bundle: wrong number of components',
	},
	29001: {
		status: 412,
		ru: 'Ошибка сохранения комплекта: дополнительные расходы и состав компонентов не могут быть изменены, так как комплект уже используется',
		en: 'Error saving the bundle: overhead and components cannot be changed, because the bundle is in use',
	},
	29002: {
		status: 412,
		ru: 'Ошибка сохранения комплекта: комплект содержит повторяющиеся компоненты',
		en: 'Error saving the bundle: components are repeated',
	},
	29003: {
		status: 412,
		ru: 'Ошибка сохранения комплекта: компонент комплекта не может быть комплектом, партией, алкогольным товаром или товаром на серийном учете',
		en: 'Error saving the bundle: a component must not be a bundle, a batch, alcohol or a serial-tracked product',
	},
	29009: {
		status: 412,
		ru: 'Ошибка сохранения: компонент комплекта не может быть прослеживаемым товаром',
		en: 'Error saving: a component of a bundle must not be a traceable product',
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
	31000: {
		status: 412,
		ru: 'Валюту учета нельзя удалить',
		en: 'The accounting currency cannot be deleted',
	},
	31001: {
		status: 412,
		ru: 'Системная валюта не найдена',
		en: 'The system currency was not found',
	},
	31002: {
		status: 412,
		ru: 'Для добавления системной валюты необходимо указать code или isoCode',
		en: 'code or isoCode is needed to add a system currency',
	},
	31003: {
		status: 412,
		ru: 'Нельзя менять курс валюты учёта',
		en: 'The rate of the accounting currency cannot be changed',
	},
	37000: {
		status: 403,
		ru: 'Ошибка: вы не можете работать с задачами, т.к. в вашем тарифном плане отсутствует опция CRM',
		en: 'Error: you cannot work with tasks, because your tariff lacks the CRM option',
	},
	37001: {
		status: 403,
		ru: 'Ошибка: вы не можете редактировать или удалить задачу, созданную другим сотрудником',
		en: 'Error: you cannot change or delete a task that another employee made',
	},
	22000: {
		status: 412,
		ru: 'Сумма привязанных документов больше суммы платежа',
		en: 'More is linked than the payment has',
	},
	33005: {
		status: 400,
		ru: 'Укажите template или templates',
		en: 'Give either template or templates',
	},
	36000: {
		status: 400,
		ru: 'Указано больше одного документа-основания',
		en: 'More than one basis is given',
	},
	37003: {
		status: 403,
		ru: 'Доступ запрещен: у вас нет прав на закрытие задачи',
		en: 'Access denied: you have no right to close the task',
	},
	38000: {
		status: 403,
		ru: 'Необходимы права администратора для работы с аудитом',
		en: 'Administrator rights are needed for the audit',
	},
	51001: {
		status: 412,
		ru: 'Ошибка при работе с изображением: у изображения отсутствует контент',
		en: 'Image error: the image has no content',
	},
	51002: {
		status: 412,
		ru: 'Ошибка при работе с изображением: невозможно преобразовать поле content в изображение',
		en: 'Image error: field content cannot be turned into an image',
	},
	51003: {
		status: 412,
		ru: 'Ошибка при работе с изображением: Недостаточно места в хранилище',
		en: 'Image error: the storage is full',
	},
	51004: {
		status: 412,
		ru: 'Ошибка при работе с изображением: размер изображения превышает максимально допустимый ({0} мб)',
		en: 'Image error: the image is larger than {0} MB',
	},
	51005: {
		status: 412,
		ru: 'Ошибка при работе с изображением: у изображения отсутствует имя файла',
		en: 'Image error: the image has no file name',
	},
	51006: {
		status: 412,
		ru: 'Ошибка при работе с изображением: число изображений у товара не может быть больше {0}',
		en: 'Image error: no more than {0} images are allowed',
	},
	51007: {
		status: 500,
		ru: 'Ошибка при работе с изображением: файловое хранилище недоступно',
		en: 'Image error: the storage is not available',
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
	61000: {
		status: 400,
		ru: 'Ошибка при создании асинхронной задачи: эндпоинт не поддерживает асинхронный обмен',
		en: 'Error making an asynchronous task: the endpoint does not support it',
	},
	61001: {
		status: 400,
		ru: "Ошибка при создании асинхронной задачи: нельзя указывать параметры 'offset' и 'limit' для асинхронного запроса",
		en: "Error making an asynchronous task: 'offset' and 'limit' cannot be given",
	},
	61002: {
		status: 400,
		ru: 'Ошибка при создании асинхронной задачи: превышено ограничение на количество одновременно выполняемых асинхронных операций',
		en: 'Error making an asynchronous task: too many tasks are under way',
	},
	61003: {
		status: 410,
		ru: 'Ошибка при запросе результата асинхронной задачи: результат задачи был удален',
		en: 'Error asking for the result of an asynchronous task: it was deleted',
	},
	61004: {
		status: 400,
		ru: 'Ошибка при запросе результата асинхронной задачи: задача завершилась ошибкой',
		en: 'Error asking for the result of an asynchronous task: the task failed',
	},
	61005: {
		status: 400,
		ru: 'Ошибка при запросе результата асинхронной задачи: задача была отменена',
		en: 'Error asking for the result of an asynchronous task: the task was cancelled',
	},
	61006: {
		status: 400,
		ru: 'Ошибка при запросе результата асинхронной задачи: результат еще не готов',
		en: 'Error asking for the result of an asynchronous task: it is not ready yet',
	},
	61007: {
		status: 400,
		ru: 'Ошибка при отмене асинхронной задачи: задача уже завершена',
		en: 'Error cancelling an asynchronous task: it is over already',
	},
	62000: {
		status: 403,
		ru: 'Ошибка: вы не можете создавать бонусные операции с отложенным начислением, т.к. в вашем тарифном плане отсутствует опция расширенной бонусной программы',
		en: 'Error: you cannot make bonus transactions with deferred earning, because your tariff lacks the extended bonus program',
	},
	62001: {
		status: 403,
		ru: 'Ошибка: вы не можете редактировать дату начисления бонусной операции, т.к. в вашем тарифном плане отсутствует опция расширенной бонусной программы',
		en: 'Error: you cannot change the earning date of a bonus transaction, because your tariff lacks the extended bonus program',
	},
	62002: {
		status: 412,
		ru: "Ошибка валидации: поле '{0}' не может быть указано для бонусной операции списания",
		en: "Validation error: field '{0}' cannot be given for a spending bonus transaction",
	},
	62003: {
		status: 412,
		ru: "Ошибка валидации: поле '{0}' может быть изменено только для отложенной бонусной операции",
		en: "Validation error: field '{0}' can be changed for a deferred bonus transaction only",
	},
	63000: {
		status: 400,
		ru: 'Ошибка применения сохраненного фильтра: сохраненный фильтр несовместим с параметрами запроса filter, search и order',
		en: 'Error applying a saved filter: only one can be applied',
	},
	63001: {
		status: 400,
		ru: 'Ошибка применения сохраненного фильтра: указанный сохраненный фильтр несовместим с текущим эндпоинтом',
		en: 'Error applying a saved filter: it belongs to another list',
	},
	63002: {
		status: 400,
		ru: 'Ошибка применения сохраненного фильтра: неверный формат ссылки на сохраненный фильтр',
		en: 'Error applying a saved filter: its link is malformed',
	},
	63003: {
		status: 400,
		ru: 'Ошибка применения сохраненного фильтра: указанная ссылка на сохраненный фильтр содержит несовместимые фильтр и эндпоинт',
		en: 'Error applying a saved filter: there is no such filter in the list of the link',
	},
	63004: {
		status: 400,
		ru: "Ошибка получения сохраненных фильтров: неверное значение '{0}' параметра запроса 'owner'",
		en: "Error reading saved filters: wrong value '{0}' of parameter 'owner'",
	},
	63005: {
		status: 400,
		ru: "Ошибка получения сохраненных фильтров: решения могут получать сохраненные фильтры только с указанным параметром запроса 'owner'",
		en: "Error reading saved filters: solutions must give parameter 'owner'",
	},
	71001: {
		status: 412,
		ru: 'Ошибка сохранения партии: укажите метку партии или срок годности',
		en: 'A batch needs a label or an expiry date',
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
	/** Objects that use the one that was to be deleted (1028). */
	dependencies?: unknown[];
}

/** Extra members of an error entry. */
export interface ErrorDetails {
	/** Overrides the status of the code. */
	status?: number;
	parameter?: string;
	line?: number;
	column?: number;
	dependencies?: unknown[];
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
		const { parameter, line, column, dependencies } = this.details;
		return {
			error: text.replace(/\{(\d)\}/g, (_match, index: string) => this.args[Number(index)] ?? ''),
			code: this.code,
			...(parameter === undefined ? {} : { parameter }),
			moreInfo: `https://dev.moysklad.ru/doc/api/remap/1.2/#error_${this.code}`,
			...(line === undefined ? {} : { line, column }),
			...(dependencies === undefined ? {} : { dependencies }),
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
