/**
 * Builders of the fields that can be written, with what can be checked before sending. Kinds and lengths:
 * MoySklad docs, field tables; reference of the project §1, §2.6.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, MapperField, WireContext } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import { keptWhole, needed, numberOf, textOf, type NumberRule } from '../shared/form/readers';
import { parsedJson } from '../shared/form/values';
import { momentOf } from './filter';
import {
	isUuid,
	lookedUp,
	referenceOf,
	referenceWire,
	targetOf,
	targetsOf,
	type ReferenceRule,
} from './references';

/** A field of a write. */
export interface WriteField extends MapperField {
	/** MoySklad takes it on creation only. */
	createOnly?: boolean;
	/** What a value looks like in a change, where it replaces all that the object has. */
	replaceLooks?: string;
	/** Refers to objects of any type, so that an ID alone is not enough. */
	anyType?: boolean;
}

type Extras = Partial<Omit<WriteField, 'name' | 'label' | 'kind' | 'wire'>>;

/** `String(255)`, or longer. */
export function text(
	name: string,
	label: string,
	extras: Extras & { max?: number } = {},
): WriteField {
	const { max = 255, ...rest } = extras;
	return {
		name,
		label,
		kind: 'text',
		...rest,
		wire: (value) => {
			// In JSON, an empty text is written as such.
			const given = keptWhole(label, textOf(label, value) ?? String(value));
			if (given.length <= max) return given;
			throw new InputProblem(label, `has ${given.length} characters`, `MoySklad allows ${max}.`);
		},
	};
}

/** `String(4096)`. */
export function longText(name: string, label: string, extras: Extras = {}): WriteField {
	return text(name, label, { ...extras, max: 4096 });
}

interface Range extends NumberRule {
	/** Why a number in the range does not go, or undefined. */
	refuse?: (value: number) => string | undefined;
}

/** A number; `whole` for `Int`. */
export function number(name: string, label: string, extras: Extras & Range = {}): WriteField {
	const { refuse, ...rest } = extras;
	return {
		name,
		label,
		kind: 'number',
		...rest,
		wire: (value) => {
			const given = value as number;
			const wrong = refuse?.(given);
			if (wrong) throw new InputProblem(label, `is ${given}`, wrong);
			return given;
		},
	};
}

/** A Boolean. */
export function toggle(name: string, label: string, extras: Extras = {}): WriteField {
	return { name, label, kind: 'toggle', ...extras };
}

/** A moment; becomes Moscow time. */
export function moment(name: string, label: string, extras: Extras = {}): WriteField {
	return {
		name,
		label,
		kind: 'time',
		...extras,
		wire: (value, { timezone }) => momentOf(value, timezone, label),
	};
}

/** An enumeration: the known values as choices, any other passes through. */
export function choice(
	name: string,
	label: string,
	choices: Choice[],
	extras: Extras = {},
): WriteField {
	return {
		name,
		label,
		kind: 'choice',
		choices,
		...extras,
	};
}

/** A reference: ID, link, object with meta, or a key such as the name where its type has any. */
export function reference(
	name: string,
	label: string,
	rule: Omit<ReferenceRule, 'label'>,
	extras: Extras = {},
): WriteField {
	const wire = referenceWire({ ...rule, label });
	const targets = targetsOf(rule);
	const looks = targets.some(lookedUp)
		? 'name, code or ID'
		: targets.length > 0
			? 'ID or link'
			: 'link';
	const anyType = targets.length === 0;
	return { name, label, kind: 'text', looks, anyType, ...extras, wire };
}

/**
 * A bank account. Its address contains its owner's, so a bare ID stays `{meta: {accountId}}` until the owner in
 * the same body is known (`completeAccounts`).
 */
export function account(name: string, label: string, extras: Extras = {}): WriteField {
	const target = { type: 'account', path: '' };
	return {
		name,
		label,
		kind: 'text',
		looks: 'ID or link',
		...extras,
		wire: (value, { baseUrl }) => {
			if (typeof value === 'string' && isUuid(value)) return { meta: { accountId: value.trim() } };
			return referenceOf(value, [target], baseUrl, label);
		},
	};
}

/** Completes accounts given by ID: `owners` maps the account's field to the owner's. Throws `InputProblem`. */
export function completeAccounts(body: IDataObject, owners: Record<string, string>): void {
	for (const [field, ownerField] of Object.entries(owners)) {
		const accountId = metaOf(body[field])?.accountId;
		if (accountId === undefined) continue;
		const owner = metaOf(body[ownerField])?.href;
		if (typeof owner !== 'string') {
			throw new InputProblem(
				field,
				`is the ID '${String(accountId)}', and '${ownerField}' is not given`,
				`Give '${ownerField}' as well, or the account's full API link.`,
			);
		}
		const href = `${owner.split('?')[0]}/accounts/${String(accountId)}`;
		body[field] = { meta: { href, type: 'account', mediaType: 'application/json' } };
	}
}

function metaOf(value: unknown): IDataObject | undefined {
	return (value as { meta?: IDataObject } | undefined | null)?.meta;
}

/** Reads an ID that lets a creation be repeated. Throws `InputProblem`. */
export function syncIdWire(label: string): (value: unknown) => string {
	return (value) => {
		const given = (textOf(label, value) ?? '').trim();
		if (isUuid(given)) return given;
		throw new InputProblem(
			label,
			`is '${given}'`,
			'Give a UUID such as 7944ef04-f831-11e5-7a69-971500188b19, or leave it out.',
		);
	};
}

/** An object, or what `wire` makes of something simpler. */
export function object(
	name: string,
	label: string,
	wire: (value: unknown, context: WireContext) => unknown,
	extras: Extras = {},
): WriteField {
	return { name, label, kind: 'object', ...extras, wire };
}

/** A list; `wire` gets its entries one by one. */
export function list(
	name: string,
	label: string,
	entry: (value: unknown, context: WireContext, index: number) => unknown,
	extras: Extras & { check?: (entries: unknown[]) => void; split?: RegExp } = {},
): WriteField {
	const { check, split, ...rest } = extras;
	return {
		name,
		label,
		kind: 'array',
		...rest,
		wire: (value, context) => {
			const entries = entriesOf(label, value, { split, looks: rest.looks });
			// MoySklad shows a collection that was not expanded as its meta alone: nothing to write.
			if (entries === undefined) return undefined;
			const wired = entries.map((one, index) => entry(one, context, index));
			check?.(wired);
			return wired;
		},
	};
}

/** A list given as such, as JSON text, as text with separators, or as MoySklad's `{meta, rows}`. */
function entriesOf(
	label: string,
	value: unknown,
	{ split, looks }: { split?: RegExp; looks?: WriteField['looks'] },
): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	let given: unknown = value;
	// A sheet gives the digits of one barcode as a number.
	if (split && typeof value === 'number') return [textOf(label, value)];
	if (typeof value === 'string') {
		if (split && !/^\s*[[{]/.test(value)) {
			return keptWhole(label, value)
				.split(split)
				.map((part) => part.trim())
				.filter(Boolean);
		}
		// Words where MoySklad wants objects are no broken JSON to the one who typed them.
		if (/^\s*[[{]/.test(value)) given = parsedJson(label, value);
		if (Array.isArray(given)) return given;
	}
	if (typeof given === 'object' && given !== null) {
		const { rows, meta } = given as IDataObject;
		if (Array.isArray(rows)) return rows;
		if (meta !== undefined && Object.keys(given).length === 1) return undefined;
		return [given];
	}
	const [form] = [looks ?? []].flat().filter((words) => words.startsWith('list of '));
	throw new InputProblem(
		label,
		`is ${JSON.stringify(value)}`,
		`Give a ${form ?? 'list'} in square brackets, or an expression that yields one.`,
	);
}

/** An entry of a list that must be an object. Throws `InputProblem`. */
export function objectEntry(label: string, value: unknown): IDataObject {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
		return value as IDataObject;
	}
	throw new InputProblem(
		label,
		`holds ${JSON.stringify(value)}`,
		'Each entry of the list is an object in curly brackets.',
	);
}

/** A number inside a structure. Throws `InputProblem`. */
export function innerNumber(label: string, value: unknown): number {
	return needed(label, numberOf(label, value));
}

/** An amount `{value, currency}`, or the bare value; in the unit of the option 'Money'. */
export function priceOf(label: string, value: unknown, context: WireContext): IDataObject {
	const given =
		typeof value === 'string' && /^\s*\{/.test(value) ? parsedJson(label, value) : value;
	if (typeof given !== 'object' || given === null) return { value: innerNumber(label, given) };
	const price = objectEntry(label, given);
	return {
		...price,
		value: innerNumber(`${label}: value`, price.value),
		...(price.currency === undefined
			? {}
			: { currency: currencyOf(`${label}: currency`, price.currency, context) }),
	};
}

/** Reference to a currency inside a structure. */
function currencyOf(label: string, value: unknown, context: WireContext): IDataObject | null {
	return referenceWire({ label, entity: 'currency' })(value, context);
}

/** `{currency, value}`; a currency alone takes its own rate. */
export function rateOf(label: string, value: unknown, context: WireContext): IDataObject {
	const isText = typeof value === 'string' && !/^\s*\{/.test(value);
	const given = isText ? { currency: value } : objectEntry(label, parsedJson(label, value));
	// A currency's own meta is as good as one inside of `currency`.
	const { currency = given, value: rate } = given as IDataObject;
	return {
		currency: currencyOf(`${label}: currency`, currency, context),
		...(rate === undefined ? {} : { value: innerNumber(`${label}: value`, rate) }),
	};
}

const PRICE_TYPE = targetOf('pricetype');

/** `{value, currency, priceType}`; a price type goes by ID, link or meta. */
export function salePriceOf(value: unknown, context: WireContext): IDataObject {
	const label = 'Sale Prices';
	const price = objectEntry(label, value);
	return {
		...priceOf(label, price, context),
		...(price.priceType === undefined
			? {}
			: {
					priceType: referenceOf(
						price.priceType,
						[PRICE_TYPE],
						context.baseUrl,
						`${label}: priceType`,
					),
				}),
	};
}

/** Kinds of barcodes by their number of digits, where it tells. */
const BARCODES: Record<number, string> = { 8: 'ean8', 12: 'upc', 13: 'ean13', 14: 'gtin' };
const BARCODE_KINDS = ['ean13', 'ean8', 'code128', 'gtin', 'upc'];

/** `{ean13: '460…'}` from the same, from `ean13:460…`, or from the digits alone. */
export function barcodeOf(value: unknown): IDataObject {
	if (typeof value === 'object') return objectEntry('Barcodes', value);
	const given = keptWhole('Barcodes', textOf('Barcodes', value) ?? '')
		.trim()
		// Digits that went through a table of decimal numbers.
		.replace(/^(\d{8}|\d{12,14})[.,]0$/, '$1');
	const [, kind, code] = /^([a-z0-9]+)\s*:\s*(.+)$/i.exec(given) ?? [];
	if (kind && BARCODE_KINDS.includes(kind.toLowerCase())) return { [kind.toLowerCase()]: code };
	const guessed = /^\d+$/.test(given) ? BARCODES[given.length] : undefined;
	return { [guessed ?? 'code128']: given };
}

const COMPONENT_TARGETS = ['product', 'variant', 'service'].map(targetOf);

/** A component of a bundle: `{assortment: ID | link | meta, type?, quantity}`. */
export function componentOf(value: unknown, context: WireContext): IDataObject {
	const label = 'Components';
	const component = objectEntry(label, value);
	const { type, quantity, assortment, ...rest } = component;
	if (assortment === undefined || assortment === null || assortment === '') {
		throw new InputProblem(
			label,
			`holds ${JSON.stringify(component)} without 'assortment'`,
			'Give each component as {"assortment": name, code, ID or link, "quantity": number}.',
		);
	}
	// A bare ID does not tell its type; without a hint it is a product's.
	const targets = [...COMPONENT_TARGETS].sort(
		(one, other) => Number(other.type === type) - Number(one.type === type),
	);
	const amount = innerNumber(`${label}: quantity`, quantity);
	if (amount <= 0) {
		throw new InputProblem(`${label}: quantity`, `is ${amount}`, 'Give a number above 0.');
	}
	return {
		...(rest.id === undefined ? {} : { id: rest.id }),
		assortment: referenceOf(assortment, targets, context.baseUrl, `${label}: assortment`),
		quantity: amount,
	};
}

/** MoySklad docs: errors 29000 and 29002. */
export function checkComponents(components: unknown[]): void {
	if (components.length < 1 || components.length > 50) {
		throw new InputProblem(
			'Components',
			`are ${components.length}`,
			'A bundle has 1 to 50 components.',
		);
	}
	const seen = new Set<string>();
	for (const { assortment } of components as IDataObject[]) {
		const meta = metaOf(assortment);
		const href = String(meta?.href ?? meta?.uuidHref ?? meta?.wanted);
		if (seen.has(href)) {
			throw new InputProblem(
				'Components',
				`name '${href}' twice`,
				'Give each product once, with the sum of the quantities.',
			);
		}
		seen.add(href);
	}
}

/** An image or file: `{filename, content}` with base64 content, or one that is there already, by its meta. */
export function fileEntry(label: string): (value: unknown) => IDataObject {
	return (value) => {
		const file = objectEntry(label, value);
		if (file.meta !== undefined) return { meta: file.meta };
		if (typeof file.filename !== 'string' || typeof file.content !== 'string') {
			throw new InputProblem(
				label,
				"holds an entry without 'filename' and 'content'",
				'Give {"filename": "photo.png", "content": base64 text}; what is to stay goes by its meta.',
			);
		}
		const { filename } = file;
		// A data URL is base64 with a head that MoySklad does not know.
		return { filename, content: file.content.replace(/^data:[^,]*;base64,/, '') };
	};
}
