/** Stock for rows of the endpoint that does not compute it. Reference of the project §1.1, "Stock join". */
import type { IDataObject } from 'n8n-workflow';

import type { Call, SendRequest } from '../../shared/catalogue';
import { rowsAt } from '../../shared/road/paging';

const STOCK_FIELDS = ['stock', 'reserve', 'inTransit', 'quantity'] as const;
/** IDs that fit into the 8 KB that MoySklad allows for address and headers. */
const IDS_PER_REPORT = 150;

/** Stock figures by item ID. */
type Figures = Map<string, IDataObject>;

/** The whole report, once for all pages of a call. */
const wholeReports = new WeakMap<Call, Promise<Figures>>();

/**
 * Joins one page of rows with the short stock report: four requests (one per figure) for a short list, or the
 * whole report, once, for a long one. The report leaves out items whose figure is zero.
 */
export async function joinStock(
	rows: IDataObject[],
	call: Call,
	send: SendRequest,
): Promise<IDataObject[]> {
	if (call.control.stock !== 'report') return rows;
	const ids = rows.filter(hasStock).map((row) => String(row.id));
	let figures: Figures;
	if (call.limit > IDS_PER_REPORT) {
		if (!wholeReports.has(call)) wholeReports.set(call, readReport(send));
		figures = await (wholeReports.get(call) as Promise<Figures>);
	} else {
		figures = ids.length > 0 ? await readReport(send, ids) : new Map();
	}
	const none = Object.fromEntries(STOCK_FIELDS.map((name) => [name, 0]));
	return rows.map((row) =>
		hasStock(row) ? { ...row, ...none, ...figures.get(String(row.id)) } : row,
	);
}

/** The short report is a bare array. */
const reportRows = rowsAt('');

async function readReport(send: SendRequest, ids?: string[]): Promise<Figures> {
	const figures: Figures = new Map();
	await Promise.all(
		STOCK_FIELDS.map(async (stockType) => {
			const answer = await send({
				method: 'GET',
				path: '/report/stock/all/current',
				query: { stockType, ...(ids ? { filter: `assortmentId=${ids.join(',')}` } : {}) },
			});
			for (const row of reportRows(answer)) {
				const id = String(row.assortmentId);
				figures.set(id, { ...figures.get(id), [stockType]: row[stockType] });
			}
		}),
	);
	return figures;
}

function hasStock(row: IDataObject): boolean {
	const type = (row.meta as IDataObject | undefined)?.type;
	// The report knows batches only as part of their product.
	return type !== 'service' && type !== 'bundle' && type !== 'consignment';
}
