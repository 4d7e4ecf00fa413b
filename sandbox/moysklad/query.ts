import type { Exchange } from '../shared/server';
import { MoySkladError } from './errors';

/** Greatest page, and the page size without `limit` (MoySklad docs: paging). */
const MAX_LIMIT = 1000;
/** `expand` works up to this limit and is silently ignored above it. */
export const MAX_EXPAND_LIMIT = 100;
/** Levels of nested expand. */
const MAX_EXPAND_DEPTH = 3;

/** One element of `order`. */
export interface SortKey {
	field: string;
	descending: boolean;
}

/** The parameters that all lists share. */
export interface ListQuery {
	limit: number;
	offset: number;
	/** The value of `filter`, still to be parsed. */
	filter: string;
	order: SortKey[];
	search: string;
	/** Paths to expand; empty when `limit` is above 100. */
	expand: string[][];
}

function integer(
	exchange: Exchange<unknown>,
	name: string,
	min: number,
	max: number,
): number | undefined {
	const text = exchange.value(name);
	if (text === undefined) return undefined;
	const number = /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
	if (Number.isNaN(number) || number < min || number > max) {
		const range = max === Number.MAX_SAFE_INTEGER ? `${min}…` : `${min}…${max}`;
		throw new MoySkladError(1084, [text, name, range], { parameter: name });
	}
	return number;
}

/** Parses `name,desc;code`. Throws 1042 for a direction other than asc or desc, 1096 without a field. */
function parseOrder(text: string | undefined): SortKey[] {
	if (text === undefined || text === '') return [];
	return text
		.split(';')
		.filter((part) => part !== '')
		.map((part) => {
			const [field, direction = 'asc', ...rest] = part.split(',').map((piece) => piece.trim());
			if (field === '' || rest.length > 0) throw new MoySkladError(1096, [part]);
			if (direction !== 'asc' && direction !== 'desc') {
				throw new MoySkladError(1042, [direction, field, 'asc, desc']);
			}
			return { field, descending: direction === 'desc' };
		});
}

/** Parses `expand=a,b.c`; levels beyond the third are cut. */
export function parseExpand(text: string | undefined): string[][] {
	if (text === undefined || text === '') return [];
	return text
		.split(',')
		.map((path) => path.trim())
		.filter((path) => path !== '')
		.map((path) => path.split('.').slice(0, MAX_EXPAND_DEPTH));
}

/** Reads and checks the list parameters. Throws 1058, 1084, 1042, 1096. */
export function parseListQuery(exchange: Exchange<unknown>): ListQuery {
	const limit = integer(exchange, 'limit', 1, MAX_LIMIT) ?? MAX_LIMIT;
	const offset = integer(exchange, 'offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
	return {
		limit,
		offset,
		filter: exchange.query
			.filter(([name]) => name === 'filter')
			.map(([, value]) => value)
			.join(';'),
		order: parseOrder(exchange.value('order')),
		search: exchange.value('search') ?? '',
		expand: limit <= MAX_EXPAND_LIMIT ? parseExpand(exchange.value('expand')) : [],
	};
}
