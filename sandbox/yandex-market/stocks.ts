/** Reads the body of `PUT /v2/campaigns/{campaignId}/offers/stocks` (specification of updateStocks). */

/** SKUs of a request. */
const MAX_SKUS = 2000;
/** Units of a SKU. */
const MAX_COUNT = 2_000_000_000;
const MAX_SKU_LENGTH = 255;
const DAY_MS = 86_400_000;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Stock of one SKU. */
export interface StockUpdate {
	sku: string;
	/** Units that can be sold. */
	count: number;
	/** ISO 8601 with offset. */
	updatedAt: string;
}

/** A body that was not accepted (HTTP 400). The specification lists codes, not which one is when. */
export class StockProblem extends Error {
	constructor(
		readonly code: 'BAD_REQUEST' | 'INVALID_SHOP_SKU' | 'DUPLICATE_OFFER',
		message: string,
	) {
		super(message);
	}
}

function listAt(value: unknown, name: string, most: number): unknown[] {
	if (!Array.isArray(value)) throw new StockProblem('BAD_REQUEST', `Missing field: ${name}`);
	if (value.length < 1 || value.length > most) {
		throw new StockProblem('BAD_REQUEST', `${name}: size must be between 1 and ${most}`);
	}
	return value;
}

function readSku(value: unknown): string {
	const sku = typeof value === 'string' ? value.trim() : '';
	// A tab is allowed, other control characters are not.
	const isControl = (sign: string) => (sign < ' ' && sign !== '\t') || sign === '\u007f';
	if (sku === '' || sku.length > MAX_SKU_LENGTH || [...sku].some(isControl)) {
		throw new StockProblem('INVALID_SHOP_SKU', `Invalid sku: ${JSON.stringify(value)}`);
	}
	return sku;
}

function readItem(value: unknown, now: string): { count: number; updatedAt: string } {
	const { count, updatedAt = now } = (value ?? {}) as Record<string, unknown>;
	if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > MAX_COUNT) {
		throw new StockProblem('BAD_REQUEST', `count must be an integer from 0 to ${MAX_COUNT}`);
	}
	if (typeof updatedAt !== 'string' || !MOMENT.test(updatedAt)) {
		throw new StockProblem('BAD_REQUEST', 'updatedAt must be a date and time with an offset');
	}
	const problem = momentProblem(updatedAt, Date.parse(now));
	if (problem !== undefined) throw new StockProblem('BAD_REQUEST', problem);
	return { count, updatedAt };
}

/**
 * The stock that a body tells, each SKU once. `now` (ISO 8601) is the moment of updates without one.
 * Throws `StockProblem` for a body that is not as the specification wants it.
 */
export function readStocks(body: string, now: string): StockUpdate[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		throw new StockProblem('BAD_REQUEST', 'The body is no JSON');
	}
	const skus = listAt((parsed as { skus?: unknown } | null)?.skus, 'skus', MAX_SKUS);
	const seen = new Set<string>();
	return skus.map((one) => {
		const { sku: given, items } = (one ?? {}) as Record<string, unknown>;
		const sku = readSku(given);
		if (seen.has(sku)) throw new StockProblem('DUPLICATE_OFFER', `The sku is there twice: ${sku}`);
		seen.add(sku);
		return { sku, ...readItem(listAt(items, `items of ${sku}`, 1)[0], now) };
	});
}

/** What is wrong with the moment of a count: it is of the last day, and not to come. `now`: ms. */
export function momentProblem(updatedAt: string, now: number): string | undefined {
	const age = now - Date.parse(updatedAt);
	if (age > DAY_MS) return 'Stock should not be older than a day';
	return age < -60_000 ? 'Stock should not be in the future' : undefined;
}
