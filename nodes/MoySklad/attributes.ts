/**
 * Custom attributes ("additional fields"): what the account has, and their values on the wire. Source: MoySklad
 * docs, Working with additional fields; reference of the project §2.5, §2.6.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	FilterOperator,
	FilterTerm,
	MapperField,
	SendRequest,
	WireContext,
} from '../shared/catalogue';
import { severalOf } from '../shared/form/conditions';
import { exactJson, unmarked } from '../shared/road/exact';
import { once } from '../shared/road/once';
import { rowsAt } from '../shared/road/paging';
import { InputProblem } from '../shared/errors/problems';
import { isNothing, needed, numberOf, textOf, yesNo } from '../shared/form/readers';
import { parsedJson } from '../shared/form/values';
import { attributeOwner, facts } from './facts';
import { conditionLink, momentOf } from './filter';
import { isName, metaAt, readLink, referenceOf, targetOf, UUID } from './references';

/** How names of attributes begin among the fields of a mapper: `attribute:<ID>` or `attribute:<name>`. */
export const PREFIX = 'attribute:';

/** A custom attribute of the account. */
export interface Attribute {
	id: string;
	name: string;
	/** `string`, `text`, `link`, `long`, `double`, `boolean`, `time`, `file`, or the type of a reference. */
	type: string;
	required: boolean;
	href: string;
	/** Custom dictionary that the values come from; for type `customentity`. */
	dictionary?: string;
}

const TYPE_NAMES: Record<string, string> = {
	boolean: 'Checkbox',
	contract: 'Contract',
	counterparty: 'Counterparty',
	customentity: 'Custom Dictionary',
	double: 'Decimal Number',
	employee: 'Employee',
	file: 'File',
	link: 'Link',
	long: 'Whole Number',
	product: 'Product',
	project: 'Project',
	store: 'Warehouse',
	string: 'Line',
	text: 'Text',
	time: 'Date',
};

const TEXTS = ['string', 'text', 'link'];
const NUMBERS = ['long', 'double'];

/** Whose attributes the objects of a resource have: goods share those of products. */
export function attributeOwnerOf(resource: string): string {
	const owner = attributeOwner(resource);
	return facts[owner]?.has.includes('attributes') ? owner : 'product';
}

const attributeRows = rowsAt('rows');

/** The attributes of an owner (`contract`, `product`). */
export async function loadAttributes(
	send: SendRequest,
	baseUrl: string,
	owner: string,
): Promise<Attribute[]> {
	const path = `/entity/${owner}/metadata/attributes`;
	const answer = await send({ method: 'GET', path, query: { limit: 1000 } });
	return attributeRows(answer).map((row) => attributeOf(row, `${baseUrl}${path}`));
}

const LAST_UUID = new RegExp(`.*(${UUID})`);

function attributeOf(row: IDataObject, collection: string): Attribute {
	const custom = (row.customEntityMeta as { href?: unknown } | undefined)?.href;
	// The dictionary's metadata may stand at `…/customentity/<ID>/metadata` or `…/customEntities/<ID>`.
	const dictionary = typeof custom === 'string' ? custom.match(LAST_UUID)?.[1] : undefined;
	return {
		id: String(row.id),
		name: String(row.name),
		type: String(row.type),
		required: row.required === true,
		href: `${collection}/${String(row.id)}`,
		...(dictionary ? { dictionary } : {}),
	};
}

/** The same, asked for once per execution. */
export async function attributesOnce(
	send: SendRequest,
	baseUrl: string,
	owner: string,
): Promise<Attribute[]> {
	return await once(send, `attributes ${owner}`, async () => {
		return await loadAttributes(send, baseUrl, owner);
	});
}

/** "Colour (Line)": a name and what it holds. */
export function attributeLabel({ name, type }: Attribute): string {
	return `${name} (${TYPE_NAMES[type] ?? type})`;
}

/** An attribute as a field of the resource mapper. */
export function attributeField(attribute: Attribute): MapperField {
	const { id, type, required } = attribute;
	return {
		name: `${PREFIX}${id}`,
		label: attributeLabel(attribute),
		kind: fieldKind(type),
		required,
		match: isMatchable(attribute),
		rare: !required,
	};
}

function fieldKind(type: string): MapperField['kind'] {
	if (NUMBERS.includes(type)) return 'number';
	if (type === 'boolean') return 'toggle';
	if (type === 'time') return 'time';
	return type === 'file' ? 'object' : 'text';
}

/** True for attributes whose values can tell objects apart. */
export function isMatchable({ type }: Attribute): boolean {
	return TEXTS.includes(type) || NUMBERS.includes(type);
}

/** The attribute that an ID, a name, a href or a mapper's field name means. Throws `InputProblem`. */
export function findAttribute(attributes: Attribute[], given: string): Attribute {
	const key = (given.startsWith(PREFIX) ? given.slice(PREFIX.length) : given).trim();
	const id = readLink(key)?.id ?? key;
	const byId = attributes.find((attribute) => attribute.id.toLowerCase() === id.toLowerCase());
	if (byId) return byId;
	const byName = attributes.filter(({ name }) => name === key);
	if (byName.length === 1) return byName[0];
	throw new InputProblem(
		'Custom Attribute',
		byName.length > 1
			? `'${key}' exists ${byName.length} times (${byName.map((one) => one.id).join(', ')})`
			: `'${key}' does not exist`,
		byName.length > 1
			? "Give the attribute's ID instead of its name."
			: `The account has: ${attributes.map(({ name }) => name).join(', ') || 'none for this type'}.`,
	);
}

type ValueContext = Pick<WireContext, 'baseUrl' | 'timezone'>;

/** An attribute and its value as an element of `attributes`; null clears it. Throws `InputProblem`. */
export function attributeElement(
	attribute: Attribute,
	given: unknown,
	context: ValueContext,
): IDataObject {
	const value = unmarked(given);
	const path = attribute.href.slice(context.baseUrl.length);
	const reference = metaAt(context.baseUrl, path, 'attributemetadata');
	if (attribute.type === 'file') return { ...reference, file: fileValue(attribute, value) };
	return { ...reference, value: attributeValue(attribute, value, context) as IDataObject[string] };
}

function attributeValue(attribute: Attribute, value: unknown, context: ValueContext): unknown {
	if (value === null || value === undefined) return null;
	const label = attribute.name;
	switch (attribute.type) {
		case 'string':
		case 'text':
		case 'link':
			return typeof value === 'object' ? exactJson(value) : String(value);
		case 'long':
		case 'double':
			return needed(label, numberOf(label, value, { whole: attribute.type === 'long' }));
		case 'boolean':
			return needed(label, yesNo(label, value));
		case 'time':
			return momentOf(value, context.timezone, label);
		default:
			// Entries of custom dictionaries may be given by name (MoySklad docs: error 14004).
			if (attribute.type === 'customentity' && typeof value === 'string' && isName(value)) {
				return { name: value.trim() };
			}
			return referenceOf(value, [targetFor(attribute)], context.baseUrl, label);
	}
}

function targetFor({ type, dictionary }: Attribute) {
	if (type !== 'customentity') return targetOf(type);
	return { type, path: `/entity/customentity/${dictionary ?? ''}` };
}

function fileValue({ name }: Attribute, value: unknown): IDataObject | null {
	if (value === null || value === undefined) return null;
	const file = parsedJson(name, value) as IDataObject;
	if (typeof file.filename !== 'string' || typeof file.content !== 'string') {
		throw new InputProblem(
			name,
			"is a file without 'filename' and 'content'",
			'Give {"filename": "contract.pdf", "content": base64 text}.',
		);
	}
	return {
		filename: file.filename,
		content: file.content.replace(/^data:[^,]*;base64,/, ''),
	};
}

/** True when the call writes attributes. */
export function hasAttributes({ extra, body }: Call): boolean {
	return Object.keys(extra).length > 0 || body.attributes !== undefined;
}

/** True when some of them can only be written with the account's own definitions. */
export function needsDefinitions(call: Call): boolean {
	if (Object.keys(call.extra).length > 0) return true;
	const { attributes } = call.body;
	if (Array.isArray(attributes)) return attributes.some((entry) => !hasMeta(entry));
	return typeof attributes === 'object' && attributes !== null;
}

function hasMeta(entry: unknown): boolean {
	return typeof (entry as IDataObject | null)?.meta === 'object';
}

/**
 * Writes `call.extra` and the attributes that the user gave in JSON into `body.attributes`: elements with meta as
 * they are, `{id | name, value}` and `{"<name>": value}` completed. A field of the mapper wins over JSON. Throws
 * `InputProblem`.
 */
export function writeAttributes(call: Call, attributes: Attribute[]): void {
	const elements = new Map<string, IDataObject>();
	for (const element of givenElements(call, attributes)) {
		elements.set(elementKey(element), element);
	}
	for (const [key, value] of Object.entries(call.extra)) {
		const element = attributeElement(findAttribute(attributes, key), value, call);
		elements.set(elementKey(element), element);
	}
	if (elements.size > 0) call.body.attributes = [...elements.values()];
	else delete call.body.attributes;
}

function elementKey(element: IDataObject): string {
	const { href } = (element.meta ?? {}) as { href?: string };
	return (href ?? '').split('/').pop()?.toLowerCase() ?? '';
}

function givenElements(call: Call, attributes: Attribute[]): IDataObject[] {
	const given = call.body.attributes;
	if (given === undefined || given === null) return [];
	if (!Array.isArray(given)) {
		return Object.entries(given as IDataObject).map(([name, value]) =>
			attributeElement(findAttribute(attributes, name), value, call),
		);
	}
	const elements = given as IDataObject[];
	return elements.filter(isWritable).map((entry) => {
		if (hasMeta(entry)) return withMeta(entry, call);
		const key = entry.id ?? entry.name;
		const value = 'file' in entry ? entry.file : entry.value;
		return attributeElement(findAttribute(attributes, String(key)), value, call);
	});
}

/** A file that was read has no content: writing it back would fail, leaving it out keeps it. */
function isWritable(entry: IDataObject): boolean {
	return !(entry.type === 'file' && entry.file === undefined && typeof entry.value === 'string');
}

function withMeta(entry: IDataObject, { baseUrl }: Call): IDataObject {
	const { href } = entry.meta as { href?: unknown };
	const { value, file } = entry;
	const reference = referenceOf(href, [], baseUrl, 'Custom Attribute');
	return { ...reference, ...('file' in entry ? { file } : { value }) };
}

/**
 * Attributes that the account requires, as a write leaves them: a creation must give each, a change must not clear one.
 * MoySklad refuses both (code 3000). Throws `InputProblem`.
 */
export function checkRequired({ body }: Call, attributes: Attribute[], creates: boolean): void {
	const given = new Map(
		(Array.isArray(body.attributes) ? (body.attributes as IDataObject[]) : []).map(
			(element) => [elementKey(element), element] as const,
		),
	);
	for (const attribute of attributes.filter(({ required }) => required)) {
		const element = given.get(attribute.id.toLowerCase());
		if (element ? !isNothing(element.value) : !creates) continue;
		throw new InputProblem(
			attributeLabel(attribute),
			creates
				? 'is empty, but needed to create the object'
				: 'is cleared, but the account requires it',
			creates
				? `Give the attribute a value: among the fields, or in JSON as {"attributes": {"${attribute.name}": …}}.`
				: 'Give it another value, or leave it out: what is not given stays as it is.',
		);
	}
}

/** True when a call clears an attribute. */
export function clearsAttribute({ body }: Call): boolean {
	const { attributes } = body;
	return (
		Array.isArray(attributes) &&
		(attributes as IDataObject[]).some((element) => 'value' in element && isNothing(element.value))
	);
}

/** Operators by the type of an attribute (MoySklad docs: Filtering by additional fields). */
export function attributeOperators({ type }: Attribute): FilterOperator[] {
	const equal: FilterOperator[] = ['equals', 'notEquals'];
	const empty: FilterOperator[] = ['isEmpty', 'isNotEmpty'];
	if (type === 'file') return [];
	if (type === 'boolean') return equal;
	if (TEXTS.includes(type)) return [...equal, ...empty, 'contains', 'startsWith', 'endsWith'];
	if (NUMBERS.includes(type) || type === 'time') {
		return [...equal, ...empty, 'greater', 'greaterOrEqual', 'less', 'lessOrEqual'];
	}
	return [...equal, ...empty];
}

/** A condition on an attribute: `{attribute, operator, value}` → a filter term on its href. */
export function attributeTerm(
	attributes: Attribute[],
	row: IDataObject,
	context: ValueContext,
): FilterTerm {
	if (row.attribute === undefined) {
		throw new InputProblem('Attribute Conditions', 'name no attribute', 'Choose an attribute.');
	}
	const attribute = findAttribute(attributes, String(row.attribute));
	const operator = String(row.operator ?? 'equals') as FilterOperator;
	const allowed = attributeOperators(attribute);
	if (!allowed.includes(operator)) {
		throw new InputProblem(
			'Attribute Conditions',
			`compare '${attributeLabel(attribute)}' in a way that this attribute does not allow`,
			allowed.length > 0
				? `MoySklad allows: ${allowed.join(', ')}.`
				: 'MoySklad cannot filter by files.',
		);
	}
	if (operator === 'isEmpty' || operator === 'isNotEmpty') {
		return { field: attribute.href, operator, values: [] };
	}
	const isReference = ![...TEXTS, ...NUMBERS, 'boolean', 'time'].includes(attribute.type);
	const given = severalOf(row.value, isReference).filter((value) => !isNothing(value));
	if (given.length === 0) {
		throw new InputProblem(
			'Attribute Conditions',
			`have no value to compare '${attributeLabel(attribute)}' with`,
			"Give a value, or use the operator 'Is Empty' or 'Is Not Empty'.",
		);
	}
	const values = given.map((value) =>
		isReference
			? referenceOf(value, [targetFor(attribute)], context.baseUrl, attribute.name)
			: filterText(attribute, value, context),
	);
	return { field: attribute.href, operator, values };
}

/** A value as the filter writes it. Throws `InputProblem`. */
export function filterText(attribute: Attribute, value: unknown, context: ValueContext): string {
	const { type, name, dictionary } = attribute;
	if (TEXTS.includes(type)) return String(textOf(name, value));
	if (NUMBERS.includes(type)) return String(needed(name, numberOf(name, value)));
	if (type === 'boolean' || type === 'time')
		return String(attributeValue(attribute, value, context));
	const entity = type === 'customentity' ? `customentity/${dictionary ?? ''}` : type;
	return conditionLink(context.baseUrl, entity, value, name);
}
