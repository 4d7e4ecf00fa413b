import { moscowMillis } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { prefixSearch, sortIndexes } from '../assortmentList';
import { attributeOwner, attributeRule, attributeValue, shownAttributes } from '../attributes';
import type { Dictionary } from '../data/dictionaries';
import type { DictionaryRules, WriteContext } from '../data/dictionary';
import { addGiven, ownedBy } from '../data/dictionary';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { changedFields, readFields } from '../fields';
import type { FieldTable } from '../fields';
import type { FieldRule, Filter } from '../filter';
import { EQUALITY, parseFilter } from '../filter';
import { parseExpand, parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import type { Collection, Written } from '../writing';
import { checkId, writingRoutes } from '../writing';

/** Login of the employee who changed an object last. */
const UPDATED_BY: FieldRule = { kind: 'string', operators: EQUALITY };

/** The list of discounts has those of all kinds, which have no lists of their own (MoySklad docs: Discounts). */
const OF_ALL_KINDS: Readonly<Record<string, readonly string[]>> = {
	discount: ['accumulationdiscount', 'personaldiscount', 'specialpricediscount'],
};

/**
 * The objects that a filter's conditions on `id` leave, oldest first. They are looked up rather than
 * searched for: a batch of 150 ids must not cost 150 times 10,000 comparisons.
 */
function candidates(state: MoySkladState, dictionary: Dictionary, filter: Filter): Entity[] {
	const conditions = filter.take('id');
	const wanted = conditions.find(({ operator }) => operator === '=');
	if (wanted) {
		return [...new Set(wanted.values)]
			.map((id) => (typeof id === 'string' ? dictionary.find(id) : undefined))
			.filter((entity) => entity !== undefined)
			.sort((a, b) => dictionary.indexOf(String(a.id)) - dictionary.indexOf(String(b.id)));
	}
	const unwanted = new Set<unknown>(conditions.flatMap(({ values }) => values));
	const kinds = OF_ALL_KINDS[dictionary.definition.keyword] ?? [];
	const all = [dictionary, ...kinds.map((kind) => state.dictionary(kind))].flatMap((one) =>
		one.all(),
	);
	return unwanted.size === 0 ? all : all.filter(({ id }) => !unwanted.has(id));
}

/** An object as answers show it: custom fields as they are called now, references expanded. */
function shown(state: MoySkladState, keyword: string, entity: Entity, paths: string[][]): Entity {
	const owner = attributeOwner(keyword);
	const attributes = entity.attributes as Entity[] | undefined;
	const whole =
		owner === undefined || attributes === undefined
			? entity
			: { ...entity, attributes: shownAttributes(state, owner, attributes) };
	return expandEntity(whole, paths, state.expandSource);
}

function list(
	state: MoySkladState,
	exchange: MoySkladExchange,
	dictionary: Dictionary,
): VendorReply {
	const { definition } = dictionary;
	const { keyword, fields, visible } = definition;
	const query = state.namedFilters.apply(exchange, keyword, parseListQuery(exchange));
	const filter = parseFilter(query.filter, {
		rule: (field) => {
			if (Object.hasOwn(fields, field)) return fields[field];
			// MoySklad docs: General parameters; wherever the one who changed an object is known.
			if (field === 'updatedBy' && definition.sort.includes(field)) return UPDATED_BY;
			return attributeRule(state, keyword, field);
		},
		like: 'first',
		base: state.world.base,
	});
	for (const { field } of query.order) {
		if (!definition.sort.includes(field)) throw new MoySkladError(1063, [field]);
	}
	const valueOf = (entity: Entity, field: string): unknown => {
		if (field === 'state.name') return state.states.nameOf(entity.state);
		if (Object.hasOwn(fields, field)) return dictionary.value(entity, field);
		return field.includes('/')
			? attributeValue(state, keyword, entity, field)
			: dictionary.value(entity, field);
	};
	// Archived objects and done tasks are hidden unless the filter speaks of them.
	const flag = definition.hides ?? ('archived' in fields ? 'archived' : undefined);
	const hidden = flag !== undefined && !filter.has(flag) ? flag : undefined;
	const caller = callerOf(exchange);
	const found = candidates(state, dictionary, filter).filter((entity) => {
		if (hidden !== undefined && dictionary.value(entity, hidden) === true) return false;
		if (visible && !visible(entity, caller, state.world)) return false;
		if (!filter.matches((field) => valueOf(entity, field))) return false;
		const texts = definition.search.map((field) => entity[field]);
		return query.search === '' || prefixSearch(query.search, texts);
	});
	let indexes = found.map((_entity, index) => index);
	if (query.order.length > 0) {
		indexes = sortIndexes(indexes, query.order, (index, field) => valueOf(found[index], field));
	}
	const expand = query.expand.filter(([first]) => definition.expand.includes(first));
	const rows: Entity[] = indexes
		.slice(query.offset, query.offset + query.limit)
		.map((index) => shown(state, keyword, found[index], expand));
	return listPage(state, exchange, query, { type: keyword, total: found.length, rows });
}

/** What the elements of one request share. */
const requests = new WeakMap<MoySkladExchange, Omit<WriteContext, 'fields'>>();

function writeContextOf(
	state: MoySkladState,
	exchange: MoySkladExchange,
	fields: Entity,
): WriteContext {
	let shared = requests.get(exchange);
	if (!shared) {
		const { world, references } = state;
		const now = Date.now();
		const stamp = moscowMillis(now);
		const caller = callerOf(exchange);
		shared = { state, world, references, caller, owned: ownedBy(world, caller), now, stamp };
		requests.set(exchange, shared);
	}
	return { ...shared, fields };
}

function tableOf(rules: DictionaryRules, fields: Entity, before: Entity | undefined): FieldTable {
	return typeof rules.fields === 'function' ? rules.fields(fields, before) : rules.fields;
}

function create(
	dictionary: Dictionary,
	rules: DictionaryRules,
	context: WriteContext,
): Written<Entity> {
	const { keyword, fields: filterable } = dictionary.definition;
	const { fields, references, stamp, caller } = context;
	const table = tableOf(rules, fields, undefined);
	const patch = readFields(keyword, fields, table, references);
	const syncId = patch.syncId;
	const known = typeof syncId === 'string' ? dictionary.findBySyncId(syncId) : undefined;
	// MoySklad docs: the same syncId again gives the object that exists.
	if (known) return { handle: known };
	const handle = dictionary.create((id, index) => {
		const whole = addGiven(rules.defaults(context, id, index), patch);
		if ('updated' in filterable) whole.updated = stamp;
		rules.complete?.(whole, undefined, context);
		return whole;
	}, caller.uid);
	rules.spread?.(handle, undefined, context);
	return { handle, event: { type: keyword, id: String(handle.id), action: 'CREATE' } };
}

function update(
	dictionary: Dictionary,
	rules: DictionaryRules,
	before: Entity,
	context: WriteContext,
): Written<Entity> {
	const { keyword, fields: filterable } = dictionary.definition;
	const { fields, references, stamp, caller } = context;
	rules.mayChange?.(before, context);
	const table = tableOf(rules, fields, before);
	if ('syncId' in table && 'syncId' in fields && fields.syncId !== before.syncId) {
		throw new MoySkladError(1047, [], { parameter: 'syncId' });
	}
	const patch = readFields(keyword, fields, table, references, before);
	rules.complete?.(patch, before, context);
	const updatedFields = changedFields(before, patch);
	const old = Object.fromEntries(updatedFields.map((field) => [field, before[field]]));
	const change = Object.fromEntries(updatedFields.map((field) => [field, patch[field]]));
	if ('updated' in filterable) change.updated = stamp;
	dictionary.change(before, change, caller.uid);
	rules.spread?.(before, old, context);
	const event = { type: keyword, id: String(before.id), action: 'UPDATE', updatedFields };
	return { handle: before, event };
}

/** Refuses to delete what other objects refer to (1028, with some of them). */
function checkUnused(state: MoySkladState, dictionary: Dictionary, id: string): void {
	const holders = [...state.dictionaries.values()].flatMap((other) =>
		other.holdersOf(id).map(({ meta }) => ({ meta })),
	);
	const goods = state.goodsUsage.usersOf(dictionary.definition.keyword, id);
	const dependencies = [...holders, ...goods.map((meta) => ({ meta }))].slice(0, 10);
	if (dependencies.length > 0) throw new MoySkladError(1028, [], { dependencies });
}

function dictionaryCollection(state: MoySkladState, dictionary: Dictionary): Collection<Entity> {
	const { keyword, expand, visible, write: rules } = dictionary.definition;
	const collection: Collection<Entity> = {
		type: keyword,
		get: (exchange) => {
			const { id } = exchange.params;
			// Only types with custom fields or states have metadata; those have routes of their own.
			if (id === 'metadata') throw new MoySkladError(1003, [keyword]);
			checkId(id);
			return json(collection.show(collection.find(id, exchange), exchange));
		},
		find: (id, exchange) => {
			const entity = dictionary.find(id);
			if (!entity || visible?.(entity, callerOf(exchange), state.world) === false) {
				throw new MoySkladError(1021, [keyword, id]);
			}
			return entity;
		},
		show: (entity, exchange) => {
			const paths = parseExpand(exchange.value('expand')).filter(([first]) =>
				expand.includes(first),
			);
			return shown(state, keyword, entity, paths);
		},
	};
	if (!rules) return collection;
	const { does = 'cud' } = dictionary.definition;
	const whole: Collection<Entity> = {
		...collection,
		allow: (exchange) => rules.allow?.(state, callerOf(exchange)),
		create: (fields, exchange) =>
			create(dictionary, rules, writeContextOf(state, exchange, fields)),
		update: (entity, fields, exchange) =>
			update(dictionary, rules, entity, writeContextOf(state, exchange, fields)).event,
		remove: (entity, exchange) => {
			const id = String(entity.id);
			rules.mayDelete?.(entity, writeContextOf(state, exchange, {}));
			checkUnused(state, dictionary, id);
			dictionary.remove(entity);
			rules.deleted?.(entity, state);
			return { type: keyword, id, action: 'DELETE' };
		},
	};
	if (!does.includes('c')) delete whole.create;
	if (!does.includes('u')) delete whole.update;
	if (!does.includes('d')) delete whole.remove;
	return whole;
}

/** Lists and objects of the plain dictionaries, and what can be written into them. */
export function dictionaryRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [...state.dictionaries.values()].flatMap((dictionary) => {
		const { keyword } = dictionary.definition;
		const path = `${base}/entity/${keyword}`;
		const collection = dictionaryCollection(state, dictionary);
		const routes: Array<VendorRoute<MoySkladSession>> = [
			{ method: 'GET', path, handler: (exchange) => list(state, exchange, dictionary) },
			...writingRoutes(path, state, collection),
		];
		return routes;
	});
}
