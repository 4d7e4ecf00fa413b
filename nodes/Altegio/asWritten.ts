/**
 * Values of fields as people, sheets and models write them → what Altegio takes. What may mean something else is refused
 * by the field's label: a wrong phone is another client, a lost digit another card.
 */
import type { WireContext } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import {
	isNothing,
	isSheetsNothing,
	keptWhole,
	numberOf,
	shown,
	textOf,
} from '../shared/form/readers';
import { phoneOf, phoneToFind } from './phone';

/** How a field reads its value. */
type Reader = (value: unknown, context: WireContext) => unknown;

/** A text without the blanks around it; empty ones stay, since they may clear. Throws for what sheets write for nothing, and for what is no text. */
function wordsOf(label: string, value: unknown): string {
	const text = (textOf(label, value) ?? '').trim();
	if (!isSheetsNothing(text)) return text;
	throw new InputProblem(
		label,
		`is '${text}', as sheets write for nothing`,
		'Leave the cell empty, or let the expression give nothing for it.',
	);
}

/** Number of a card, a barcode, an article: all digits must be there, zeros in front as well. */
const codeOf = (label: string, value: unknown) => keptWhole(label, wordsOf(label, value));

/** One e-mail. */
function emailOf(label: string, value: unknown): string {
	const text = wordsOf(label, value);
	if (text === '' || /^[^\s@,;]+@[^\s@,;]+$/.test(text)) return text;
	throw new InputProblem(
		label,
		`is '${shown(text)}', which is no e-mail`,
		'Give one address such as kate@example.com, or none.',
	);
}

/** Percent from 0 to 100: "10%" is 10. A cell of percents holds 0.1 for 10 %, which is too little to be meant. */
function percentOf(label: string, value: unknown): number | undefined {
	const percent = numberOf(label, value, {
		min: 0,
		max: 100,
		percent: true,
		hint: 'Give percent from 0 to 100, such as 10 or 10%.',
	});
	const hasSign = typeof value === 'string' && value.includes('%');
	if (percent === undefined || percent === 0 || percent >= 1 || hasSign) return percent;
	throw new InputProblem(
		label,
		`is ${percent}, as a sheet's cell of percents holds ${Number((percent * 100).toFixed(4))} %`,
		`Give ${Number((percent * 100).toFixed(4))}, or '${percent}%' if so little is meant.`,
	);
}

const HOURS_AND_MINUTES =
	/^(?:(\d{1,2})\s*(?:h|hrs?|hours?|ч|час|часа|часов)\.?)?\s*(?:(\d{1,3})\s*(?:m|mins?|minutes?|м|мин|минута|минуты|минут)\.?)?$/i;

/**
 * Seconds (reference of the project: altegio-api.md §1.4), also from `1:30`, `1 h 30 min`, `90 мин`. Five minutes are the
 * least that Altegio counts in, so that 60 is an hour of a sheet, not a minute.
 */
export function secondsOf(label: string, value: unknown): number | undefined {
	const text = typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : '';
	const [, hour, minute] = /^(\d{1,2}):([0-5]\d)(?::00)?$/.exec(text) ?? [];
	if (hour !== undefined) return Number(hour) * 3600 + Number(minute) * 60;
	const [whole, hours, minutes] = HOURS_AND_MINUTES.exec(text) ?? [];
	if (whole) return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
	const seconds = numberOf(label, value, {
		min: 0,
		whole: true,
		hint: 'Give seconds such as 3600, or hours and minutes such as 1:30 or 1 h 30 min.',
	});
	if (seconds === undefined || seconds === 0 || seconds >= 300 || seconds % 5 !== 0) return seconds;
	throw new InputProblem(
		label,
		`is ${seconds}, and Altegio counts in seconds`,
		`Give ${seconds * 60} if ${seconds} minutes are meant, or write '${seconds} min'.`,
	);
}

type Readers = Array<[names: RegExp, read: (label: string, ...of: Parameters<Reader>) => unknown]>;

/** Texts of the API by name, and how each is read. */
const WRITTEN: Readers = [
	[
		/^(client_phone|phone|phone_number|phone_string|user_phone)$/,
		(label, value, { baseUrl }) => (isNothing(value) ? value : phoneOf(label, value, baseUrl)),
	],
	[/^(email|user_email)$/, emailOf],
	[/^(article|barcode|card|good_special_number|loyalty_card_number|number)$/, codeOf],
];

/** Numbers of the API by name. */
const COUNTED: Readers = [
	[/^(discount|discount_percent)$/, percentOf],
	[/^(duration|events_duration|length|seance_length)$/, secondsOf],
];

/** Calls that look for somebody who is there, by phone. */
const FINDS =
	/^(chain\.getClientByPhone|visit\.searchClientHistory|clientAccount\.getByPhone|giftCard\.|loyaltyCard\.|loyaltyProgram\.|membership\.|sale\.)/;
/** Parts of a phone are searched, or anything is checked. */
const AS_GIVEN = /^(message|utility|voip|client\.getManyLegacy)\b/;

/**
 * How a field of a call is read, by its label; undefined where nothing but its kind tells it. `isNumber`: the API has a
 * number.
 */
export function readerOf(
	operation: string,
	name: string,
	isNumber: boolean,
): ((label: string) => Reader) | undefined {
	if (AS_GIVEN.test(operation)) return undefined;
	if (/phone$/.test(name) && FINDS.test(operation)) {
		return (label) =>
			(value, { baseUrl }) => {
				if (isNothing(value)) return value;
				const phone = phoneToFind(label, value, baseUrl);
				return isNumber ? Number(phone) : phone;
			};
	}
	const [, read] = (isNumber ? COUNTED : WRITTEN).find(([names]) => names.test(name)) ?? [];
	return read && ((label) => (value, context) => read(label, value, context));
}

/** A name: of a client, of who books. */
export const nameOf = wordsOf;

/** Words of sheets in both languages, by the code that Altegio has for them. `WORDS` of facts.ts are known besides. */
const SPOKEN: Record<string, Record<string, string[]>> = {
	attendance: {
		'-1': ['did not come', 'no show', 'noshow', 'не пришел', 'не пришла'],
		'0': ['ожидание', 'ожидание клиента', 'ожидает'],
		'1': ['attended', 'came', 'пришел', 'пришла'],
		'2': ['подтвердил', 'подтвердила', 'подтвержден', 'подтверждена'],
	},
	gender_id: {
		'0': ['не известен', 'не указан', 'неизвестен', 'неизвестно'],
		'1': ['m', 'man', 'м', 'муж', 'мужской', 'мужчина'],
		'2': ['f', 'w', 'woman', 'ж', 'жен', 'женский', 'женщина'],
	},
	importance_id: {
		'0': ['no', 'без класса', 'нет'],
		'1': ['бронза', 'бронзовый', 'бронзовая'],
		'2': ['серебро', 'серебряный', 'серебряная'],
		'3': ['золото', 'золотой', 'золотая'],
	},
};

/** The code that a sheet's word means; undefined for other words, and for fields without any. */
export function spokenCode(field: string, value: unknown): number | undefined {
	const words = SPOKEN[field];
	if (!words || typeof value !== 'string') return undefined;
	const said = value.trim().toLowerCase().replace(/ё/g, 'е').replace(/\.$/, '');
	const found = Object.entries(words).find(([, all]) => all.includes(said));
	return found && Number(found[0]);
}
