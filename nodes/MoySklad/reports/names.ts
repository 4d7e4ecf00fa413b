/**
 * Names of what a report tells by ID alone: goods, warehouses and bins, looked up for a whole page of rows in few
 * requests, and once in an execution.
 */
import type { IDataObject } from 'n8n-workflow';

import type { SendRequest } from '../../shared/catalogue';
import { once } from '../../shared/road/once';
import { pages, rowsAt, valueAt } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
import { linkedList, WITHOUT_STOCK } from '../lists';
import { sharesOf } from '../names';

const PAGE = 1000;

const rowsOf = rowsAt('rows');

/** Lists leave out what is archived, and reports do not. */
const ARCHIVED = 'archived=true;archived=false';

/** Name, code and article of goods, by ID. */
type Goods = Map<string, IDataObject>;

const known = new WeakMap<SendRequest, Goods>();

/**
 * Name, code, article and type of goods. `many`: the rows are one page of a long list, so that the whole list of
 * goods takes fewer requests than asking page by page for certain ones.
 */
export async function goodsById(ids: string[], many: boolean, send: SendRequest): Promise<Goods> {
	const goods: Goods = known.get(send) ?? new Map<string, IDataObject>();
	known.set(send, goods);
	const missing = () => [...new Set(ids)].filter((id) => !goods.has(id));
	const shares = sharesOf(missing()).length;
	if (many || shares > 2) await readWhole(many ? Infinity : shares, goods, send);
	await inParallel(sharesOf(missing()), async (share) => {
		const filter = [...share.map((id) => `id=${id}`), ARCHIVED].join(';');
		// Batches come only in lists that are grouped by them.
		const query = { filter, groupBy: 'consignment', limit: PAGE };
		keep(goods, rowsOf(await send(listRequest('/entity/assortment', query, true))));
	});
	return goods;
}

/** The list of all goods, unless it takes more requests than `most`. */
async function readWhole(most: number, goods: Goods, send: SendRequest): Promise<void> {
	await once(send, 'goods of reports', async () => {
		const page = (offset: number) =>
			listRequest('/entity/assortment', { filter: ARCHIVED, limit: PAGE, offset }, true);
		const first = await send(page(0));
		keep(goods, rowsOf(first));
		const total = Number(valueAt(first.body, 'meta.size') ?? 0);
		const offsets: number[] = [];
		for (let offset = PAGE; offset < total; offset += PAGE) offsets.push(offset);
		if (offsets.length > most) return;
		await inParallel(offsets, async (offset) => keep(goods, rowsOf(await send(page(offset)))));
	});
}

function keep(goods: Goods, rows: IDataObject[]): void {
	for (const { id, name, code, article, meta } of rows) {
		goods.set(String(id), { name, code, article, type: (meta as IDataObject | undefined)?.type });
	}
}

/** Names of all warehouses, by ID. */
export async function warehouseNames(send: SendRequest): Promise<Map<string, unknown>> {
	return await once(send, 'warehouses of reports', async () => {
		return await namesIn('/entity/store', ARCHIVED, send);
	});
}

/** Names of the bins of a warehouse, by ID. */
export async function binsOf(
	warehouses: string[],
	send: SendRequest,
): Promise<Map<string, unknown>> {
	const bins = new Map<string, unknown>();
	await inParallel([...new Set(warehouses)], async (warehouse) => {
		const path = `/entity/store/${warehouse}/slots`;
		const own = await once(send, path, async () => await namesOfBins(path, send));
		for (const [id, name] of own) bins.set(id, name);
	});
	return bins;
}

/** Names of bins: their list takes no paging, so it is asked for as it is and on along the link that it may have. */
async function namesOfBins(path: string, send: SendRequest): Promise<Map<string, unknown>> {
	const names = new Map<string, unknown>();
	const rule = { ...linkedList, pageSize: () => PAGE };
	for await (const rows of pages({ request: listRequest(path, {}), rule, send, limit: Infinity })) {
		for (const { id, name } of rows) names.set(String(id), name);
	}
	return names;
}

/** Names in a list, page by page. */
async function namesIn(
	path: string,
	filter: string,
	send: SendRequest,
): Promise<Map<string, unknown>> {
	const names = new Map<string, unknown>();
	for (let offset = 0, total = 1; offset < total; offset += PAGE) {
		const query = { filter, limit: PAGE, offset };
		const answer = await send(listRequest(path, query));
		for (const row of rowsOf(answer)) names.set(String(row.id), row.name);
		total = Number(valueAt(answer.body, 'meta.size') ?? 0);
	}
	return names;
}

function listRequest(path: string, query: IDataObject, withoutStock = false) {
	return {
		method: 'GET' as const,
		path,
		query,
		...(withoutStock ? { headers: { ...WITHOUT_STOCK } } : {}),
	};
}
