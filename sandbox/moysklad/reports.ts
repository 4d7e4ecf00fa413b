/**
 * What reports say: figures made from the account's goods and documents, the same for the same question. The rules
 * (which filters, which parameters) are those of MoySklad's docs, from the facts.
 */
import { facts } from '../../nodes/MoySklad/facts';
import { moscowMillis, parseMoscow } from '../shared/clock';
import { hashText, mix } from '../shared/random';
import { MoySkladError } from './errors';
import type { FieldRule, Operator } from './filter';
import { parseFilter, splitConditions } from './filter';
import { attributeRule } from './attributes';
import type { MoySkladExchange } from './reply';
import type { MoySkladState } from './state';
import type { Entity } from './world';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const KINDS: Record<string, FieldRule['kind']> = {
	boolean: 'boolean',
	dateTime: 'date',
	integer: 'number',
	number: 'number',
	uuid: 'uuid',
	ref: 'reference',
};

const LEVELS = ['all', 'positiveOnly', 'negativeOnly', 'empty', 'nonEmpty', 'underMinimum'];

/** What references of reports may point to (MoySklad docs: Reports). */
const POINTS_TO: Record<string, string[]> = {
	agent: ['counterparty', 'organization'],
	assortment: ['product', 'variant', 'consignment'],
	productFolder: ['productfolder'],
	retailStore: ['retailstore'],
	salesChannel: ['saleschannel'],
	supplier: ['counterparty', 'organization'],
};
const SOLD = ['product', 'variant', 'service', 'bundle', 'consignment'];

/** The docs' table cuts the list of types. */
const MORE_TYPES = ['productionstagecompletion'];

/** A filter's conditions by field, as they are written. */
export type Conditions = Map<string, Array<{ operator: string; value: string }>>;

/**
 * Checks a report's filter. Throws 1034, 1035, 1014, 1041, 1059; 1034 also for several values where the report takes
 * one, and for empty ones where it takes none.
 */
export function reportFilter(
	state: MoySkladState,
	exchange: MoySkladExchange,
	keyword: string,
	endpoint: string,
	options: { several?: boolean; attributes?: boolean } = {},
): Conditions {
	const table = facts[keyword].filters?.[endpoint] ?? {};
	const found: Conditions = new Map();
	const plain: string[] = [];
	for (const [name, text] of exchange.query) {
		if (name !== 'filter') continue;
		for (const part of splitConditions(text)) {
			const match = /^(.*?)(!~|=~|~=|!=|>=|<=|=|>|<|~)([\s\S]*)$/.exec(part);
			if (!match) throw new MoySkladError(1034, [`'${part}' is not a condition`]);
			const [, field, operator, value] = match;
			found.set(field, [...(found.get(field) ?? []), { operator, value }]);
			if (operator !== '!~') plain.push(part.replace(/;/g, '\\;'));
			else if (!table[field]?.filter?.split(' ').includes('!~')) {
				throw new MoySkladError(1034, [`field '${field}' does not support !~`]);
			}
			if (value === '' && !field.includes('/') && table[field]?.orEmpty !== true) {
				throw new MoySkladError(1034, [`field '${field}' takes no empty value`]);
			}
		}
	}
	parseFilter(plain.join(';'), {
		rule: (field) => {
			if (field.includes('/')) {
				return options.attributes ? attributeRule(state, 'product', field) : undefined;
			}
			return Object.hasOwn(table, field) ? ruleOf(keyword, field, table[field]) : undefined;
		},
		like: 'first',
		base: state.world.base,
	});
	for (const [field, conditions] of found) {
		if (conditions.length < 2 || !(field in table) || options.several) continue;
		if (!table[field].several && !(keyword === 'stock' && field === 'productFolder')) {
			throw new MoySkladError(1034, [`field '${field}' takes one value`]);
		}
	}
	return found;
}

function ruleOf(
	keyword: string,
	name: string,
	{ kind, filter = '', values }: (typeof facts)[string]['fields'][string],
): FieldRule {
	const operators = filter.split(' ').filter((sign) => sign !== '!~') as Operator[];
	if (name === 'stockMode' || name === 'quantityMode') {
		return { kind: 'enum', operators, values: LEVELS };
	}
	if (kind === 'enum' && values) {
		return { kind: 'enum', operators, values: [...values, ...MORE_TYPES] };
	}
	if (kind === 'ref') {
		const types = keyword === 'profit' && name === 'product' ? SOLD : (POINTS_TO[name] ?? [name]);
		return { kind: 'reference', operators, types };
	}
	return { kind: KINDS[kind] ?? 'string', operators };
}

/** The ID that the only condition on a field names; undefined without one. */
export function idOf(conditions: Conditions, field: string): string | undefined {
	return conditions.get(field)?.[0].value.split('/').pop()?.toLowerCase();
}

// ------------------------------------------------------------------------------------------ time

/** A period; without ends the last month (MoySklad docs). Throws 1035. */
export function periodOf(exchange: MoySkladExchange): { from: number; to: number } {
	const read = (name: string): number | undefined => {
		const text = exchange.value(name);
		if (text === undefined) return undefined;
		const moment = parseMoscow(text);
		if (!moment) throw new MoySkladError(1035, [], { parameter: name });
		return moment.ms;
	};
	const to = read('momentTo');
	const year = new Date().getUTCFullYear();
	const from =
		read('momentFrom') ?? (to === undefined ? Date.now() - 30 * DAY_MS : Date.UTC(year, 0, 1));
	return { from, to: to ?? Date.now() };
}

/** Days that a chart may span (39001), and what an interval lasts. */
const INTERVALS: Record<string, { days: number; ms: number }> = {
	hour: { days: 30, ms: HOUR_MS },
	day: { days: 3653, ms: DAY_MS },
	month: { days: 36_525, ms: 30 * DAY_MS },
};

/** A point for each hour, day or month. Throws 39000–39002, 1035. */
export function seriesOf(
	state: MoySkladState,
	exchange: MoySkladExchange,
	keyword: 'money' | 'sales' | 'orders',
	conditions: Conditions,
): Entity[] {
	for (const name of ['momentFrom', 'momentTo', 'interval']) {
		if (exchange.value(name) === undefined) throw new MoySkladError(39000, [name]);
	}
	const interval = exchange.value('interval') ?? '';
	if (!Object.hasOwn(INTERVALS, interval)) throw new MoySkladError(39002);
	const { from, to } = periodOf(exchange);
	const { days, ms } = INTERVALS[interval];
	if (to - from > (days + 1) * DAY_MS) throw new MoySkladError(39001, [interval, `${days} days`]);
	const zone = zoneOf(exchange);
	const question = hashText(`${keyword} ${JSON.stringify([...conditions])}`);
	const points: Entity[] = [];
	for (let at = from; at <= to; at += ms) {
		const h = mix(state.world.seed, question, Math.floor(at / ms));
		const date = moscowMillis(at + zone).slice(0, 19);
		if (keyword === 'money') {
			const credit = (h % 500) * 1000;
			const debit = ((h >>> 9) % 300) * 1000;
			points.push({ date, credit, debit, balance: credit - debit });
		} else {
			const quantity = h % 20;
			points.push({ date, quantity, sum: quantity * (1000 + ((h >>> 8) % 9000)) });
		}
	}
	return points;
}

/** How far the client's clock is ahead of Moscow's, ms. Throws 1035 for a header in another form. */
function zoneOf(exchange: MoySkladExchange): number {
	const text = exchange.header('x-lognex-accept-timezone');
	if (text === undefined) return 0;
	const match = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d ([+-])(\d\d)(\d\d)$/.exec(text);
	if (!match) throw new MoySkladError(1035, [], { parameter: 'X-Lognex-Accept-Timezone' });
	const [, sign, hours, minutes] = match;
	return Number(`${sign}1`) * (Number(hours) * HOUR_MS + Number(minutes) * 60_000) - 3 * HOUR_MS;
}

// ----------------------------------------------------------------------------------------- goods

/** Rows of goods that a report is about, narrowed by its conditions on them. */
export function goodsRows(
	state: MoySkladState,
	conditions: Conditions,
	accept: (type: string) => boolean,
): number[] {
	const named = (field: string, row: number): boolean => {
		const own = conditions.get(field);
		if (!own) return true;
		const hit = (value: string) => value.split('/').pop()?.toLowerCase() === state.rows.id(row);
		return own.every(({ operator }) => operator === '!=')
			? !own.some(({ value }) => hit(value))
			: own.some(({ value }) => hit(value));
	};
	const rows: number[] = [];
	for (let row = 0; row < state.rows.size; row++) {
		if (!state.rows.exists(row) || !accept(state.rows.type(row))) continue;
		if (named('product', row) && named('variant', row)) rows.push(row);
	}
	return rows;
}

/** Goods as turnover and profit show them. */
export function shortItem(state: MoySkladState, row: number): Entity {
	return {
		meta: state.world.meta(state.rows.type(row), state.rows.id(row)),
		name: state.rows.value(row, 'name'),
		code: state.rows.value(row, 'code'),
		article: state.rows.value(row, 'article') ?? '',
	};
}

/** Quantities and costs of a period; they add up. */
export function figures(state: MoySkladState, row: number, place: number): Entity {
	const h = mix(state.world.seed, 71, row * 97 + place);
	const [start, income] = [h % 100, (h >>> 7) % 50];
	const outcome = (h >>> 13) % (start + income + 1);
	const cost = 1000 + ((h >>> 4) % 5000);
	const of = (quantity: number) => ({ quantity, sum: quantity * cost });
	return {
		onPeriodStart: of(start),
		onPeriodEnd: of(start + income - outcome),
		income: of(income),
		outcome: of(outcome),
	};
}

/** Sales, returns, costs and profit; the margins are parts of one. */
export function profit(
	state: MoySkladState,
	salt: number,
	index: number,
	byGoods: boolean,
): Entity {
	const h = mix(state.world.seed, salt, index);
	const sold = 1 + (h % 40);
	const price = 5000 + ((h >>> 6) % 20_000);
	const cost = Math.floor(price * 0.6);
	const returned = (h >>> 11) % 3;
	const sums = {
		sellSum: sold * price,
		sellCostSum: sold * cost,
		returnSum: returned * price,
		returnCostSum: returned * cost,
	};
	const gain = sums.sellSum - sums.sellCostSum - sums.returnSum + sums.returnCostSum;
	return {
		...(byGoods
			? {
					sellQuantity: sold,
					sellPrice: price,
					sellCost: cost,
					returnQuantity: returned,
					returnPrice: returned === 0 ? 0 : price,
					returnCost: returned === 0 ? 0 : cost,
				}
			: {
					salesCount: sold,
					salesAvgCheck: price,
					returnCount: returned,
					returnAvgCheck: returned === 0 ? 0 : price,
				}),
		...sums,
		profit: gain,
		margin: sums.sellCostSum === 0 ? 0 : gain / sums.sellCostSum,
		salesMargin: gain / sums.sellSum,
	};
}
