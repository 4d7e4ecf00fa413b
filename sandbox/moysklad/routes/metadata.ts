import { facts, typesThat } from '../../../nodes/MoySklad/facts';
import { parseMoscow } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { prefixSearch, sortIndexes } from '../assortmentList';
import { shownAttributes } from '../attributes';
import { metaIdIn, readArray } from '../body';
import { priceTypes } from '../data/assortment';
import type { AttributeDefinition, AttributeOwner } from '../data/attributes';
import { FILTERED_TYPES } from '../data/namedFilters';
import type { StateOwner } from '../data/states';
import { STATE_OWNERS } from '../data/states';
import { STATED_DOCUMENTS } from '../documentExtras';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { EQUAL, EQUALITY, ORDERED, TEXT, parseFilter } from '../filter';
import type { FieldRule } from '../filter';
import { parseExpand, parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, empty, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { MEDIA_TYPE, refId } from '../world';
import type { Collection } from '../writing';
import { checkId, writingRoutes } from '../writing';

/** Types that have `/metadata` here, with what it holds beside `meta` and `createShared`. */
const METADATA: Readonly<Record<string, { attributes?: boolean; priceTypes?: boolean }>> = {
	...Object.fromEntries(
		typesThat(({ kind, has }) => kind === 'document' || has.includes('metadata'))
			// Those of variants tell their characteristics.
			.filter((type) => type !== 'variant')
			.map((type) => [type, { attributes: facts[type].has.includes('attributes') }]),
	),
	contract: { attributes: true },
	counterparty: { attributes: true },
	employee: { attributes: true },
	organization: { attributes: true },
	product: { attributes: true, priceTypes: true },
	project: { attributes: true },
	store: { attributes: true },
	task: {},
};
/** Goods whose metadata are those of products. */
const LIKE_PRODUCTS = ['service', 'bundle'];
const ATTRIBUTE_OWNERS: readonly AttributeOwner[] = ['product', 'contract'];

const text: FieldRule = { kind: 'string', operators: TEXT };
const uuid: FieldRule = { kind: 'uuid', operators: EQUALITY };
/** What the elements of custom dictionaries can be filtered by. */
const ELEMENT_FIELDS: Record<string, FieldRule> = {
	accountId: uuid,
	code: text,
	description: text,
	externalCode: text,
	group: { kind: 'reference', operators: EQUALITY, types: ['group'] },
	id: uuid,
	name: text,
	owner: { kind: 'reference', operators: EQUALITY, types: ['employee'] },
	shared: { kind: 'boolean', operators: EQUALITY },
	updated: { kind: 'date', operators: ORDERED },
};

function isStateOwner(type: string): type is StateOwner {
	return STATE_OWNERS.includes(type as StateOwner);
}

function metadata(state: MoySkladState, type: string): Entity {
	const { world } = state;
	const href = `${world.base}/entity/${type}/metadata`;
	const { attributes, priceTypes: priced } = METADATA[type];
	const owner = ATTRIBUTE_OWNERS.find((one) => one === type);
	const size = owner === undefined ? 0 : state.attributes.list(owner).length;
	return {
		meta: { href, mediaType: MEDIA_TYPE },
		...(attributes === true
			? { attributes: world.collection(`${href}/attributes`, 'attributemetadata', size) }
			: {}),
		...(isStateOwner(type) || STATED_DOCUMENTS.includes(type)
			? { states: state.states.list(type) }
			: {}),
		...(priced === true ? { priceTypes: priceTypes(world) } : {}),
		createShared: type === 'product',
	};
}

/** Metadata of all types by their keywords, or of those that `filter=type=…` names. */
function everything(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const types = [...Object.keys(METADATA), ...LIKE_PRODUCTS, 'variant'];
	const filter = parseFilter(exchange.value('filter') ?? '', {
		rule: (field) =>
			field === 'type' ? { kind: 'enum', operators: EQUAL, values: types } : undefined,
		like: 'first',
		base: state.world.base,
	});
	const chosen = types.filter((type) => filter.matches(() => type)).sort();
	const entries = chosen.map((type) => {
		const owner = LIKE_PRODUCTS.includes(type) ? 'product' : type;
		const href = `${state.world.base}/entity/${owner}/metadata`;
		return [type, { meta: { href, mediaType: MEDIA_TYPE } }];
	});
	return json(Object.fromEntries(entries), 200, chosen.length);
}

/** A list without filters whose answer has no `context`, as that of custom fields. */
function attributeList(state: MoySkladState, type: string): VendorReply {
	const owner = ATTRIBUTE_OWNERS.find((one) => one === type);
	const definitions = owner === undefined ? [] : state.attributes.list(owner);
	const rows = definitions.map((definition) => state.attributes.entity(definition));
	const href = `${state.world.base}/entity/${type}/metadata/attributes`;
	const { meta } = state.world.collection(href, 'attributemetadata', rows.length);
	return json({ meta, rows }, 200, rows.length);
}

/** Contracts show the fields that there are, under their present names. */
function refreshContracts(state: MoySkladState): void {
	for (const contract of state.dictionaries.get('contract')?.all() ?? []) {
		if (!Array.isArray(contract.attributes)) continue;
		contract.attributes = shownAttributes(state, 'contract', contract.attributes as Entity[]);
	}
}

function attributeCollection(
	state: MoySkladState,
	owner: AttributeOwner,
): Collection<AttributeDefinition> {
	const changed = (): undefined => {
		if (owner === 'contract') refreshContracts(state);
		return undefined;
	};
	return {
		type: 'attributemetadata',
		href: () => `${state.world.base}/entity/${owner}/metadata/attributes`,
		idParameter: 'attributeId',
		// MoySklad docs: only administrators create, change and delete custom fields.
		allow: (exchange) => {
			if (!callerOf(exchange).admin) throw new MoySkladError(14010);
		},
		find: (id) => {
			const definition = state.attributes.find(owner, id);
			if (!definition) throw new MoySkladError(1021, ['attributemetadata', id]);
			return definition;
		},
		show: (definition) => state.attributes.entity(definition),
		create: (fields) => ({ handle: state.attributes.create(owner, fields) }),
		update: (definition, fields) => {
			state.attributes.update(definition, fields);
			return changed();
		},
		remove: (definition) => {
			state.attributes.remove(definition);
			return changed();
		},
	};
}

function attributeRoutes(
	base: string,
	state: MoySkladState,
	owner: AttributeOwner,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/${owner}/metadata/attributes`;
	const collection = attributeCollection(state, owner);
	return [
		...writingRoutes(path, state, collection).filter((route) => route.path !== `${path}/delete`),
		{
			method: 'POST',
			path: `${path}/delete`,
			// MoySklad docs: the answer is empty, unlike that of other bulk deletions.
			handler: (exchange) => {
				collection.allow?.(exchange);
				const href = `${state.world.base}/entity/${owner}/metadata/attributes`;
				const definitions = readArray(exchange).map((element) => {
					const id = metaIdIn(element, 'attributemetadata', href);
					checkId(id);
					return collection.find(id, exchange);
				});
				for (const definition of new Set(definitions)) collection.remove?.(definition, exchange);
				return empty();
			},
		},
	];
}

/** Refuses to delete a state that objects are in (1028). */
function refuseIfUsed(state: MoySkladState, owner: StateOwner, id: string): void {
	const objects = state.dictionaries.get(owner)?.all() ?? [];
	if (objects.some((entity) => refId(entity.state) === id)) throw new MoySkladError(1028);
}

const RIGHTS: Readonly<Record<string, number>> = { POST: 1045, PUT: 1017, DELETE: 1018 };

function stateRoutes(
	base: string,
	state: MoySkladState,
	owner: StateOwner,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/${owner}/metadata/states`;
	const collection: Collection<string> = {
		type: 'state',
		href: () => `${state.world.base}/entity/${owner}/metadata/states`,
		idParameter: 'stateId',
		// MoySklad docs: only administrators create, change and delete states.
		allow: (exchange) => {
			if (!callerOf(exchange).admin) throw new MoySkladError(RIGHTS[exchange.method]);
		},
		find: (id) => state.states.require(owner, id),
		show: (id) => state.states.find(id) ?? {},
		create: (fields) => ({ handle: state.states.create(owner, fields) }),
		update: (id, fields) => {
			state.states.update(id, fields);
			return undefined;
		},
		remove: (id) => {
			refuseIfUsed(state, owner, id);
			state.states.remove(id);
			return undefined;
		},
	};
	return writingRoutes(path, state, collection).filter((route) => route.path !== `${path}/delete`);
}

function elementList(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = parseListQuery(exchange);
	const filter = parseFilter(query.filter, {
		rule: (field) => (Object.hasOwn(ELEMENT_FIELDS, field) ? ELEMENT_FIELDS[field] : undefined),
		like: 'first',
		base: state.world.base,
	});
	const elements = state.customDictionaries.elements(exchange.params.dictionaryId.toLowerCase());
	const value = (index: number, field: string): unknown => {
		const shown = elements[index][field];
		if (ELEMENT_FIELDS[field].kind === 'reference') return refId(shown);
		return field === 'updated' ? parseMoscow(String(shown))?.ms : shown;
	};
	for (const { field } of query.order) {
		if (!Object.hasOwn(ELEMENT_FIELDS, field)) throw new MoySkladError(1063, [field]);
	}
	let indexes = [...elements.keys()].filter(
		(index) =>
			filter.matches((field) => value(index, field)) &&
			(query.search === '' ||
				prefixSearch(query.search, [elements[index].name, elements[index].description])),
	);
	if (query.order.length > 0) indexes = sortIndexes(indexes, query.order, value);
	const rows = indexes
		.slice(query.offset, query.offset + query.limit)
		.map((index) => expandEntity(elements[index], query.expand, state.expandSource));
	return listPage(state, exchange, query, { type: 'customentity', total: indexes.length, rows });
}

function checkDictionary(state: MoySkladState, exchange: MoySkladExchange): void {
	const { dictionaryId } = exchange.params;
	checkId(dictionaryId);
	const { id, made } = state.customDictionaries;
	if (dictionaryId.toLowerCase() !== id && !made.has(dictionaryId.toLowerCase())) {
		throw new MoySkladError(1021, ['customentitymetadata', dictionaryId]);
	}
}

function customDictionaryRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/customentity/:dictionaryId`;
	return [
		{
			method: 'GET',
			path: `${base}/entity/customentity`,
			handler: () => {
				// MoySklad docs: error 1001, the dictionary must be named.
				throw new MoySkladError(1001);
			},
		},
		{
			method: 'GET',
			path,
			handler: (exchange) => {
				checkDictionary(state, exchange);
				return elementList(state, exchange);
			},
		},
		{
			method: 'GET',
			path: `${path}/metadata`,
			handler: (exchange) => {
				checkDictionary(state, exchange);
				const made = state.customDictionaries.made.get(exchange.params.dictionaryId.toLowerCase());
				return json(made ?? state.customDictionaries.metadata());
			},
		},
		{
			method: 'GET',
			path: `${path}/:id`,
			handler: (exchange) => {
				checkDictionary(state, exchange);
				const { id } = exchange.params;
				checkId(id);
				const element = state.customDictionaries
					.elements(exchange.params.dictionaryId.toLowerCase())
					.find((one) => one.id === id.toLowerCase());
				if (!element) throw new MoySkladError(1021, ['customentity', id]);
				const paths = parseExpand(exchange.value('expand'));
				return json(expandEntity(element, paths, state.expandSource));
			},
		},
	];
}

/** Index of the employee whose saved filters a request means. Throws 63004, 63005, 1016. */
function filterOwner(state: MoySkladState, exchange: MoySkladExchange): number {
	const caller = callerOf(exchange);
	const owner = exchange.value('owner');
	if (owner === undefined) {
		if (caller.kind !== 'user') throw new MoySkladError(63005);
		return caller.index;
	}
	const prefix = `${state.world.base}/entity/employee/`;
	const index = owner.startsWith(prefix)
		? state.world.space('employee').index(owner.slice(prefix.length))
		: undefined;
	if (index === undefined) throw new MoySkladError(63004, [owner], { parameter: 'owner' });
	if (!caller.admin && index !== caller.index) throw new MoySkladError(1016);
	return index;
}

function namedFilterRoutes(
	base: string,
	state: MoySkladState,
	type: string,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/${type}/namedfilter`;
	return [
		{
			method: 'GET',
			path,
			handler: (exchange) => {
				const query = parseListQuery(exchange);
				const all = state.namedFilters.list(type, filterOwner(state, exchange));
				const rows = all
					.slice(query.offset, query.offset + query.limit)
					.map((one) => expandEntity(one, query.expand, state.expandSource));
				return listPage(state, exchange, query, { type: 'namedfilter', total: all.length, rows });
			},
		},
		{
			method: 'GET',
			path: `${path}/:filterId`,
			handler: (exchange) => {
				const { filterId } = exchange.params;
				checkId(filterId);
				const found = state.namedFilters.find(type, filterId);
				if (!found) throw new MoySkladError(1021, ['namedfilter', filterId]);
				const paths = parseExpand(exchange.value('expand'));
				return json(expandEntity(found, paths, state.expandSource));
			},
		},
	];
}

/** Characteristics of variants, which take the place of custom fields (MoySklad docs: Characteristics). */
function variantMetadata(state: MoySkladState): Entity {
	const { world } = state;
	const href = `${world.base}/entity/variant/metadata`;
	const characteristics = ['Colour', 'Size'].map((name, index) => {
		const id = world.id('characteristic', index);
		return {
			meta: {
				href: `${href}/characteristics/${id}`,
				type: 'attributemetadata',
				mediaType: MEDIA_TYPE,
			},
			id,
			name,
			type: 'string',
			required: false,
		};
	});
	return { meta: { href, mediaType: MEDIA_TYPE }, characteristics };
}

/** Goods whose metadata are those of products have none under their own address (1003). */
function withoutMetadata(base: string): Array<VendorRoute<MoySkladSession>> {
	return LIKE_PRODUCTS.map((type) => ({
		method: 'GET',
		path: `${base}/entity/${type}/metadata`,
		handler: () => {
			throw new MoySkladError(1003, [type]);
		},
	}));
}

/**
 * Metadata of entities with their custom fields and states, custom dictionaries, and saved filters
 * (MoySklad docs: Metadata, Working with custom fields, States, Saved filters).
 */
export function metadataRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const entity = `${base}/entity`;
	const types = Object.keys(METADATA);
	return [
		{
			method: 'GET',
			path: `${entity}/metadata`,
			handler: (exchange) => everything(state, exchange),
		},
		...types.map((type): VendorRoute<MoySkladSession> => ({
			method: 'GET',
			path: `${entity}/${type}/metadata`,
			handler: () => json(metadata(state, type)),
		})),
		...types
			.filter((type) => METADATA[type].attributes === true)
			.map((type): VendorRoute<MoySkladSession> => ({
				method: 'GET',
				path: `${entity}/${type}/metadata/attributes`,
				handler: () => attributeList(state, type),
			})),
		{
			method: 'GET',
			path: `${entity}/variant/metadata`,
			handler: () => json(variantMetadata(state)),
		},
		...withoutMetadata(base),
		...ATTRIBUTE_OWNERS.flatMap((owner) => attributeRoutes(base, state, owner)),
		...STATE_OWNERS.flatMap((owner) => stateRoutes(base, state, owner)),
		...customDictionaryRoutes(base, state),
		...FILTERED_TYPES.flatMap((type) => namedFilterRoutes(base, state, type)),
	];
}
