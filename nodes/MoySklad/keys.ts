/** The keys by which people name objects, and how each is compared with what MoySklad has. */
import type { IDataObject } from 'n8n-workflow';

import type { KeyName } from './entities';
import type { Key } from './lookup';

interface KeyKind {
	/** In sentences. */
	label: string;
	/** Field of the filter, where it has another name. */
	field?: string;
	/** False for a text that cannot be one. */
	fits?: (text: string) => boolean;
	/** Spellings that the filter is asked for; the text alone without. */
	asks?: (text: string) => string[];
	/** The form in which texts and rows are compared; as they are without. */
	form?: (text: string) => string;
	/** What a row has; the field of the key without. */
	of?: (row: IDataObject) => unknown;
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

/** Digits of a phone with the code of the country: 8 (999) 123-45-67 and 9991234567 are +7 999 123 45 67. */
function phoneForm(text: string): string {
	const digits = digitsOf(text);
	if (digits.length === 10) return `7${digits}`;
	return digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
}

/** Ten digits may be an INN; phones without signs begin with 7, 8 or 9. */
function looksLikePhone(text: string): boolean {
	if (!/^\+?[\d\s().-]+$/.test(text)) return false;
	const digits = digitsOf(text);
	if (digits.length < 10 || digits.length > 15) return false;
	return digits !== text || /^([78]\d{10}|9\d{9})$/.test(text);
}

/** MoySklad compares phones as texts, so they are asked for in the spellings that people use. */
function phoneSpellings(text: string): string[] {
	const digits = phoneForm(text);
	const spellings = [text, digits, `+${digits}`];
	const [, area, one, two, three] = /^7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits) ?? [];
	if (area) {
		const rest = `${one}-${two}-${three}`;
		spellings.push(`${area}${one}${two}${three}`, `8${area}${one}${two}${three}`);
		for (const country of ['+7', '8']) {
			spellings.push(`${country} ${area} ${rest}`, `${country} (${area}) ${rest}`);
			spellings.push(`${country}(${area})${rest}`, `${country}-${area}-${rest}`);
			spellings.push(`${country} ${area} ${one} ${two} ${three}`);
		}
	}
	return [...new Set(spellings)];
}

const parts = (path: string) => path.split('/').map((part) => part.trim());

/** Barcodes of goods and of their packs: `[{ean13: '46…'}]`. */
function barcodesOf({ barcodes, packs }: IDataObject): string[] {
	const all = [barcodes, ...((packs ?? []) as IDataObject[]).map((pack) => pack.barcodes)];
	return all.flatMap((list) =>
		((list ?? []) as IDataObject[]).flatMap((barcode) => Object.values(barcode).map(String)),
	);
}

const KINDS: Record<KeyName, KeyKind> = {
	article: { label: 'article' },
	barcode: { label: 'barcode', of: barcodesOf },
	code: { label: 'code' },
	email: {
		label: 'e-mail',
		fits: (text) => /^[^\s@]+@\S+$/.test(text),
		asks: (text) => [...new Set([text, text.toLowerCase()])],
		form: (text) => text.toLowerCase(),
	},
	externalCode: { label: 'external code' },
	fullName: { label: 'full name' },
	inn: { label: 'INN', fits: (text) => /^\d{10}(\d{2})?$/.test(text) },
	isoCode: { label: 'ISO code' },
	legalTitle: { label: 'full name' },
	login: { label: 'login', field: 'uid', fits: (text) => text.includes('@') },
	name: { label: 'name' },
	path: {
		label: 'path',
		field: 'name',
		fits: (text) => text.includes('/'),
		asks: (text) => parts(text).slice(-1),
		form: (text) => parts(text).join('/'),
		of: ({ pathName, name }) => (pathName ? `${String(pathName)}/${String(name)}` : undefined),
	},
	phone: {
		label: 'phone',
		fits: looksLikePhone,
		asks: phoneSpellings,
		form: phoneForm,
	},
};

/** A text as a key of one kind; undefined when it cannot be one. `sure`: the user says that it is one. */
export function keyOf(name: KeyName, text: string, sure = false): Key | undefined {
	const { field = name, fits, asks, form = (one: string) => one, of } = KINDS[name];
	if (fits && !sure && !fits(text)) return undefined;
	return {
		field,
		asks: asks?.(text) ?? [text],
		text: form(text),
		valueOf: (row) => {
			const value = of ? of(row) : row[field];
			if (value === undefined || value === null || value === '') return undefined;
			if (Array.isArray(value)) return value.map((one) => form(String(one).trim()));
			return form(String(value).trim());
		},
	};
}

/** "name, code or external code". */
export function keyLabels(names: KeyName[]): string {
	const labels = [...new Set(names.map((name) => KINDS[name].label))];
	return labels.length < 2
		? labels.join('')
		: `${labels.slice(0, -1).join(', ')} or ${labels[labels.length - 1]}`;
}
