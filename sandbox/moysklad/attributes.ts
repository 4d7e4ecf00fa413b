import { parseMoscow } from '../shared/clock';
import { UUID_PATTERN } from '../shared/random';
import {
	ATTRIBUTE_TYPES,
	FIRST_CREATED_ATTRIBUTE,
	REFERENCE_ATTRIBUTES,
	attributeMeta,
	customDictionaryHref,
	seedAttributes,
} from './data/attributes';
import type { AttributeDefinition, AttributeOwner, AttributeType } from './data/attributes';
import type { Blobs } from './data/blobs';
import { decodeBase64 } from './data/blobs';
import { MoySkladError } from './errors';
import { isEntity, LONG, missing, readReference, readValue, SHORT, wrongType } from './fields';
import type { References } from './fields';
import type { FieldRule } from './filter';
import { EQUALITY, ORDERED, TEXT } from './filter';
import type { Entity, World } from './world';
import { MEDIA_TYPE, refId } from './world';

export { generatedAttributes } from './data/attributes';

/** Greatest file of a custom field, bytes (MoySklad docs: errors of custom fields, 14005). */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** What custom fields need to know of the account. */
export interface AttributeAccount {
	world: World;
	attributes: Attributes;
	blobs: Blobs;
	/** How references are checked. */
	references: References;
	/** An object behind a reference, for its name. */
	expandSource: { entity(type: string, id: string): Entity | undefined };
	/** True when objects cannot be created without their required custom fields (3000). */
	requireAttributes: boolean;
}

/** Whose custom fields an entity type has; `undefined` when it has none. */
export function attributeOwner(entityType: string): AttributeOwner | undefined {
	switch (entityType) {
		case 'product':
		case 'service':
		case 'bundle':
			return 'product';
		case 'contract':
			return 'contract';
		default:
			return undefined;
	}
}

/** The custom fields of the account. */
export class Attributes {
	/** Grows with every change. */
	version = 0;
	private readonly definitions = new Map<AttributeOwner, AttributeDefinition[]>();
	private created = 0;

	constructor(private readonly world: World) {}

	/** The fields of an owner in their order. */
	list(owner: AttributeOwner): readonly AttributeDefinition[] {
		return this.all(owner);
	}

	/** A field by its id. */
	find(owner: AttributeOwner, id: string): AttributeDefinition | undefined {
		const wanted = id.toLowerCase();
		return this.all(owner).find((definition) => definition.id === wanted);
	}

	/** A field as `/metadata/attributes` shows it. */
	entity(definition: AttributeDefinition): Entity {
		const { owner, id, name, type, required, show, description, dictionary } = definition;
		return {
			meta: attributeMeta(this.world, owner, id),
			...(dictionary === undefined ? {} : { customEntityMeta: this.dictionaryMeta(dictionary) }),
			id,
			name,
			type,
			required,
			show,
			...(description === undefined ? {} : { description }),
		};
	}

	/** Creates a field of a body. Throws 3000, 2016, 3005, 3007. */
	create(owner: AttributeOwner, fields: Entity): AttributeDefinition {
		if (fields.name === undefined) throw missing('name');
		if (fields.type === undefined || fields.type === null) throw missing('type');
		const type = ATTRIBUTE_TYPES.find((known) => known === fields.type);
		if (!type) {
			throw new MoySkladError(3005, [String(fields.type), 'type', ATTRIBUTE_TYPES.join(', ')], {
				parameter: 'type',
			});
		}
		const definition: AttributeDefinition = {
			id: this.world.id('attribute', FIRST_CREATED_ATTRIBUTE + this.created),
			owner,
			name: '',
			type,
			required: false,
			show: true,
			...(type === 'customentity' ? { dictionary: this.readDictionary(fields) } : {}),
		};
		this.assign(definition, fields);
		this.created++;
		this.all(owner).push(definition);
		this.version++;
		return definition;
	}

	/** Changes name, description, `required` and `show`. Throws 3000, 3001 (type), 2016, 3007. */
	update(definition: AttributeDefinition, fields: Entity): void {
		if (fields.type !== undefined && fields.type !== definition.type) {
			throw new MoySkladError(3001, ['type'], { parameter: 'type' });
		}
		this.assign(definition, fields);
		this.version++;
	}

	/** Removes a field; its values are no longer shown. */
	remove(definition: AttributeDefinition): void {
		const list = this.all(definition.owner);
		list.splice(list.indexOf(definition), 1);
		this.version++;
	}

	private all(owner: AttributeOwner): AttributeDefinition[] {
		let list = this.definitions.get(owner);
		if (!list) {
			list = seedAttributes(this.world, owner);
			this.definitions.set(owner, list);
		}
		return list;
	}

	private dictionaryMeta(dictionary: string): Entity {
		return {
			href: `${customDictionaryHref(this.world, dictionary)}/metadata`,
			type: 'customentitymetadata',
			mediaType: MEDIA_TYPE,
		};
	}

	private readDictionary(fields: Entity): string {
		const meta = fields.customEntityMeta;
		if (meta === undefined || meta === null) throw missing('customEntityMeta');
		const href = isEntity(meta) ? meta.href : undefined;
		const id = this.world.id('customdictionary', 0);
		if (href !== `${customDictionaryHref(this.world, id)}/metadata`) {
			throw new MoySkladError(2013, ['customEntityMeta'], { parameter: 'customEntityMeta' });
		}
		return id;
	}

	private assign(definition: AttributeDefinition, fields: Entity): void {
		const next = { ...definition };
		for (const field of ['name', 'description'] as const) {
			const value = fields[field];
			if (value === undefined) continue;
			if (value === null || value === '') {
				if (field === 'name') throw missing('name');
				delete next.description;
				continue;
			}
			if (typeof value !== 'string') throw wrongType(field, 'String');
			const max = field === 'name' ? SHORT : LONG;
			if (value.length > max) throw new MoySkladError(3040, [field, String(max)]);
			next[field] = value;
		}
		for (const field of ['required', 'show'] as const) {
			const value = fields[field];
			if (value === undefined) continue;
			if (typeof value !== 'boolean') throw wrongType(field, 'Boolean');
			next[field] = value;
		}
		// MoySklad docs: files and flags cannot be required, a hidden field neither.
		if (next.required && (next.type === 'file' || next.type === 'boolean' || !next.show)) {
			throw new MoySkladError(3007, ['attributemetadata'], { parameter: 'required' });
		}
		if (next.description === undefined) delete definition.description;
		Object.assign(definition, next);
	}
}

const REFERENCES: ReadonlySet<string> = new Set<string>(REFERENCE_ATTRIBUTES);

/** The definition that an element of a body's `attributes` means. Throws 2014, 2010, 14000, 14003. */
function definitionOf(
	account: AttributeAccount,
	owner: AttributeOwner,
	entityType: string,
	element: Entity,
): AttributeDefinition {
	const { attributes, world } = account;
	const parameter = { parameter: 'attributes' };
	let id = element.id;
	if (element.meta !== undefined) {
		if (!isEntity(element.meta)) throw new MoySkladError(2014, ['attributes'], parameter);
		const { href } = element.meta;
		if (typeof href !== 'string') throw new MoySkladError(2010, ['attributes'], parameter);
		const match = /^(.*)\/entity\/([a-z]+)\/metadata\/attributes\/([^/?]+)$/.exec(href);
		if (!match || match[1] !== world.base) {
			throw new MoySkladError(2013, ['attributes'], parameter);
		}
		const named = attributeOwner(match[2]);
		if (named !== owner) {
			const name = named && attributes.find(named, match[3])?.name;
			throw new MoySkladError(14000, [name ?? match[3], entityType], parameter);
		}
		id = match[3];
	}
	if (typeof id !== 'string') throw new MoySkladError(2014, ['attributes'], parameter);
	const definition = UUID_PATTERN.test(id) ? attributes.find(owner, id) : undefined;
	if (!definition) throw new MoySkladError(14003, [id], parameter);
	return definition;
}

function readFile(account: AttributeAccount, file: unknown): Entity {
	const parameter = { parameter: 'file' };
	if (!isEntity(file)) throw wrongType('file', 'Object');
	const { filename, content } = file;
	if (typeof filename !== 'string' || filename === '') {
		throw new MoySkladError(14006, [], parameter);
	}
	const bytes = typeof content === 'string' ? decodeBase64(content) : undefined;
	if (!bytes) throw new MoySkladError(14007, [], parameter);
	if (bytes.length > MAX_FILE_BYTES) throw new MoySkladError(14005, [], parameter);
	const id = account.blobs.put(filename, bytes, 'application/octet-stream');
	const href = `${account.world.base}/download/${id}`;
	return { value: filename, download: { href, mediaType: 'application/octet-stream' } };
}

function readCustomElement(
	account: AttributeAccount,
	definition: AttributeDefinition,
	value: unknown,
): Entity {
	const { name, dictionary = '' } = definition;
	if (!isEntity(value)) throw wrongType(name, 'Object');
	const prefix = `${customDictionaryHref(account.world, dictionary)}/`;
	if (value.meta === undefined) {
		if (typeof value.name !== 'string' || value.name === '') throw new MoySkladError(14004);
		const named = account.expandSource.entity('customentity', value.name);
		if (!named) throw new MoySkladError(1021, ['customentity', value.name]);
		return { meta: named.meta, name: named.name };
	}
	const href = isEntity(value.meta) ? value.meta.href : undefined;
	if (typeof href !== 'string') throw new MoySkladError(2010, [name]);
	if (!href.startsWith(prefix)) throw new MoySkladError(2013, [name]);
	const id = href.slice(prefix.length);
	const element = account.expandSource.entity('customentity', id);
	if (!element) throw new MoySkladError(1021, ['customentity', id]);
	return { meta: element.meta, name: element.name };
}

function readAttribute(
	account: AttributeAccount,
	entityType: string,
	definition: AttributeDefinition,
	value: unknown,
): unknown {
	const { name, type } = definition;
	const { references } = account;
	switch (type) {
		case 'string':
		case 'link':
			return readValue(entityType, name, value, { kind: 'string', max: SHORT }, references);
		case 'text':
			return readValue(entityType, name, value, { kind: 'string', max: LONG }, references);
		case 'long':
			return readValue(entityType, name, value, { kind: 'int' }, references);
		case 'double':
			return readValue(entityType, name, value, { kind: 'number' }, references);
		case 'boolean':
			return readValue(entityType, name, value, { kind: 'boolean' }, references);
		case 'time':
			// MoySklad docs: seconds of dates in custom fields are zeroed.
			return readValue(entityType, name, value, { kind: 'date', wholeMinutes: true }, references);
		case 'customentity':
			return readCustomElement(account, definition, value);
		default: {
			const reference = readReference(entityType, name, value, [type], references);
			const found = account.expandSource.entity(type, refId(reference) ?? '');
			return found === undefined ? reference : { ...reference, name: found.name };
		}
	}
}

function writtenAttribute(
	account: AttributeAccount,
	entityType: string,
	definition: AttributeDefinition,
	element: Entity,
	before: Entity | undefined,
): Entity | undefined {
	const { owner, id, name, type, required } = definition;
	const head = { meta: attributeMeta(account.world, owner, id), id, name, type };
	if (type === 'file') {
		if (element.file === null) return undefined;
		if (element.file !== undefined) return { ...head, ...readFile(account, element.file) };
		// A round trip of what was read keeps the file; its value alone cannot be changed.
		if (before !== undefined && element.value === before.value) return before;
		throw new MoySkladError(14001, [], { parameter: name });
	}
	if (!('value' in element)) throw new MoySkladError(14009, [type], { parameter: name });
	if (element.value === null) {
		if (required) throw missing(name);
		return undefined;
	}
	return { ...head, value: readAttribute(account, entityType, definition, element.value) };
}

/**
 * The collection `attributes` of an object after a body with some of its elements: only the listed
 * ones change, `value: null` (`file: null` for files) empties one. `entityType` is the type of the
 * object (`bundle` …), `current` what the object shows now, `given` the body's `attributes`, left
 * as it is when absent. Elements are named by `meta` or `id`. `current` undefined means creation.
 * Throws 2016 (no array, wrong type of a value), 2014, 14000, 14001, 14003–14007, 14009, 3000
 * (required), 1021, 2021 and the like for references (MoySklad docs: working with custom fields).
 */
export function applyAttributes(
	account: AttributeAccount,
	entityType: string,
	current: unknown,
	given: unknown,
): Entity[] {
	const owner = attributeOwner(entityType);
	if (!owner) throw new MoySkladError(14002);
	const stored = new Map<string, Entity>();
	for (const one of (current ?? []) as Entity[]) stored.set(String(one.id), one);
	if (given !== undefined && given !== null) {
		if (!Array.isArray(given)) throw wrongType('attributes', 'Array(Object)');
		for (const element of given as unknown[]) {
			if (!isEntity(element)) throw new MoySkladError(3012, ['attributes']);
			const definition = definitionOf(account, owner, entityType, element);
			const before = stored.get(definition.id);
			const after = writtenAttribute(account, entityType, definition, element, before);
			if (after === undefined) stored.delete(definition.id);
			else stored.set(definition.id, after);
		}
	}
	if (current === undefined && account.requireAttributes) {
		const absent = account.attributes
			.list(owner)
			.find(({ id, required }) => required && !stored.has(id));
		if (absent) throw missing(absent.name);
	}
	return shownAttributes(account, owner, [...stored.values()]);
}

/** Stored values in the order of the fields, with their present names; values of deleted fields are dropped. */
export function shownAttributes(
	account: Pick<AttributeAccount, 'attributes'>,
	owner: AttributeOwner,
	stored: readonly Entity[],
): Entity[] {
	return account.attributes.list(owner).flatMap(({ id, name }) => {
		const value = stored.find((one) => one.id === id);
		return value === undefined ? [] : [{ ...value, name }];
	});
}

const RULES: Partial<Record<AttributeType, FieldRule>> = {
	string: { kind: 'string', operators: TEXT },
	text: { kind: 'string', operators: TEXT },
	link: { kind: 'string', operators: TEXT },
	long: { kind: 'number', operators: ORDERED },
	double: { kind: 'number', operators: ORDERED },
	boolean: { kind: 'boolean', operators: EQUALITY },
	time: { kind: 'date', operators: ORDERED },
};

/** The custom field that a filter's field name means: its full address. */
export function attributeOfField(
	account: Pick<AttributeAccount, 'attributes' | 'world'>,
	entityType: string,
	field: string,
): AttributeDefinition | undefined {
	const owner = attributeOwner(entityType);
	if (!owner) return undefined;
	const prefix = `${account.world.base}/entity/${owner}/metadata/attributes/`;
	return field.startsWith(prefix)
		? account.attributes.find(owner, field.slice(prefix.length))
		: undefined;
}

/**
 * What a filter may ask of a custom field, by the field's full address; `undefined` for other
 * names, unknown fields and files (MoySklad docs: operators for custom fields).
 */
export function attributeRule(
	account: Pick<AttributeAccount, 'attributes' | 'world'>,
	entityType: string,
	field: string,
): FieldRule | undefined {
	const definition = attributeOfField(account, entityType, field);
	if (!definition) return undefined;
	if (REFERENCES.has(definition.type)) {
		return { kind: 'reference', operators: EQUALITY, types: [definition.type] };
	}
	return RULES[definition.type];
}

/** A value of a custom field as filters compare it: dates as epoch ms, references as ids. */
export function comparableAttribute(type: AttributeType, value: unknown): unknown {
	if (REFERENCES.has(type)) return refId(value);
	if (type === 'time' && typeof value === 'string') return parseMoscow(value)?.ms;
	return value;
}

/** The comparable value of a custom field of an object with the collection `attributes`. */
export function attributeValue(
	account: Pick<AttributeAccount, 'attributes' | 'world'>,
	entityType: string,
	object: Entity,
	field: string,
): unknown {
	const definition = attributeOfField(account, entityType, field);
	if (!definition) return undefined;
	const stored = ((object.attributes ?? []) as Entity[]).find(({ id }) => id === definition.id);
	return stored === undefined ? undefined : comparableAttribute(definition.type, stored.value);
}
