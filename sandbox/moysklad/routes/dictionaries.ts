import type { VendorReply, VendorRoute } from '../../shared/server';
import { UUID_PATTERN } from '../../shared/random';
import { prefixSearch, sortIndexes } from '../assortmentList';
import type { Dictionary } from '../data/dictionaries';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { parseFilter } from '../filter';
import { parseExpand, parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';

function list(
	state: MoySkladState,
	exchange: MoySkladExchange,
	dictionary: Dictionary,
): VendorReply {
	const { definition } = dictionary;
	const query = parseListQuery(exchange);
	const filter = parseFilter(query.filter, {
		rule: (field) =>
			Object.hasOwn(definition.fields, field) ? definition.fields[field] : undefined,
		like: 'first',
		base: state.world.base,
	});
	for (const { field } of query.order) {
		if (!definition.sort.includes(field)) throw new MoySkladError(1063, [field]);
	}
	const all = dictionary.all();
	// Archived objects are hidden unless the filter speaks of them.
	const hideArchived = 'archived' in definition.fields && !filter.has('archived');
	let indexes: number[] = [];
	for (const [index, entity] of all.entries()) {
		if (hideArchived && entity.archived === true) continue;
		if (!filter.matches((field) => dictionary.value(entity, field))) continue;
		const texts = definition.search.map((field) => entity[field]);
		if (query.search !== '' && !prefixSearch(query.search, texts)) continue;
		indexes.push(index);
	}
	if (query.order.length > 0) {
		indexes = sortIndexes(indexes, query.order, (index, field) =>
			dictionary.value(all[index], field),
		);
	}
	const expand = query.expand.filter(([first]) => definition.expand.includes(first));
	const rows: Entity[] = indexes
		.slice(query.offset, query.offset + query.limit)
		.map((index) => expandEntity(all[index], expand, state.expandSource));
	return listPage(state, exchange, query, {
		type: definition.keyword,
		total: indexes.length,
		rows,
	});
}

/** List and object of every plain dictionary. */
export function dictionaryRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [...state.dictionaries.values()].flatMap((dictionary) => {
		const { keyword, expand } = dictionary.definition;
		const path = `${base}/entity/${keyword}`;
		const routes: Array<VendorRoute<MoySkladSession>> = [
			{ method: 'GET', path, handler: (exchange) => list(state, exchange, dictionary) },
			{
				method: 'GET',
				path: `${path}/:id`,
				handler: (exchange) => {
					const { id } = exchange.params;
					if (!UUID_PATTERN.test(id)) throw new MoySkladError(1000, [id]);
					const entity = dictionary.find(id);
					if (!entity) throw new MoySkladError(1021, [keyword, id]);
					const paths = parseExpand(exchange.value('expand')).filter(([first]) =>
						expand.includes(first),
					);
					return json(expandEntity(entity, paths, state.expandSource));
				},
			},
		];
		return routes;
	});
}
