/**
 * Where the stock of a shop goes: cabinets with groups of warehouses tell it by shop (v2), all others by warehouse (v3).
 * Reference of the project: yandex-market-jobs.md §0.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { wholeNumber } from '../../shared/road/exact';
import { kept } from '../../shared/road/kept';
import { pages, tokenStyle, valueAt, type ListRule } from '../../shared/road/paging';
import { accountOf, cabinetOfShop, settingsRefusal, REFUSED_MS } from './shopCabinet';

/** Groups of warehouses are made and taken apart by hand; the list may be asked for 100 times an hour. */
const KEPT_MS = 15 * 60_000;
/** How v3 lists warehouses, 30 on a page. */
export const WAREHOUSES: ListRule = {
	style: tokenStyle({
		rows: 'result.warehouses',
		token: 'result.paging.nextPageToken',
		parameter: 'pageToken',
	}),
	pageSize: () => 30,
};
/** Names of warehouses that an error shows. */
const SHOWN = 10;

export interface Warehouse {
	id: string;
	name: string;
}

/**
 * `shop`: by shop, as the whole cabinet does; `unsure` where the key may not look,
 * `refused` where nobody was told. Otherwise by one of the shop's
 * `warehouses`; `all` are those of the cabinet.
 */
export type StockPlace =
	| { by: 'shop'; unsure?: true; refused?: true }
	| { by: 'warehouse'; businessId: string; warehouses: Warehouse[]; all: Warehouse[] };

/** Asks v3 for the warehouses of a cabinet. */
export const warehousesRequest = (businessId: string): ApiRequest => ({
	method: 'POST',
	path: `/v3/businesses/${businessId}/warehouses`,
	body: {},
	idempotent: true,
});

/** Warehouses of a cabinet by v3. */
async function warehousesOf(
	businessId: string,
	{ send }: Pick<Work, 'send'>,
): Promise<Warehouse[]> {
	const found: Warehouse[] = [];
	const request = warehousesRequest(businessId);
	for await (const rows of pages({ request, rule: WAREHOUSES, send, limit: Infinity })) {
		found.push(...rows.map(({ id, name }) => ({ id: String(id), name: String(name) })));
	}
	return found;
}

/** How the stock of a shop is told; of what cannot be looked up, as it always was: by shop. */
async function placeOf(campaignId: string, account: string, work: Work): Promise<StockPlace> {
	try {
		const businessId = await cabinetOfShop(campaignId, account, work);
		if (businessId === '') return { by: 'shop' };
		const { body } = await work.send({
			method: 'POST',
			path: `/v2/businesses/${businessId}/warehouses`,
			body: { campaignIds: [wholeNumber(campaignId)] },
			idempotent: true,
		});
		const rows = (valueAt(body, 'result.warehouses') ?? []) as IDataObject[];
		if (rows.some(({ groupInfo }) => groupInfo !== undefined && groupInfo !== null)) {
			return { by: 'shop' };
		}
		// The list of v2 is that of cabinets with groups: others may get nothing from it. Which warehouses take stock by
		// themselves, v3 says.
		const own = new Set(rows.map(({ id }) => String(id)));
		const all = await warehousesOf(businessId, work);
		const warehouses = own.size > 0 ? all.filter(({ id }) => own.has(id)) : all;
		return warehouses.length > 0
			? { by: 'warehouse', businessId, warehouses, all }
			: { by: 'shop' };
	} catch (error) {
		const status = settingsRefusal(error);
		if (status === undefined) throw error as Error;
		const unsure = status === 401 || status === 403;
		return { by: 'shop', refused: true, ...(unsure ? { unsure } : {}) };
	}
}

const keptMs = (place: StockPlace) => (place.by === 'shop' && place.refused ? REFUSED_MS : KEPT_MS);

function namesOf(warehouses: Warehouse[]): string {
	const names = warehouses.slice(0, SHOWN).map(({ id, name }) => `${name} (${id})`);
	return names.join(', ') + (warehouses.length > SHOWN ? ' and others' : '');
}

/** The warehouse of a call. Throws `InputProblem` when only the user can tell. */
function warehouseOf(warehouses: Warehouse[]): string {
	if (warehouses.length === 1) return warehouses[0].id;
	throw new InputProblem(
		'Warehouse',
		`is empty, and the cabinet, which has no groups of warehouses, has ${warehouses.length}: ${namesOf(warehouses)}`,
		"Choose under Additional Fields, in 'Warehouse', the one that the stock lies in.",
	);
}

/** The warehouse that the user chose. Throws `InputProblem` for one that the Market would take without a word. */
function chosenOf(chosen: string, place: StockPlace): string {
	if (place.by === 'shop' && !place.unsure) {
		throw new InputProblem(
			'Warehouse',
			`is ${chosen}, and the cabinet tells stocks by shop, not by warehouse`,
			"Leave 'Warehouse' empty: the stock goes to the shop, and one shop of a group gets the stock of all.",
		);
	}
	if (place.by === 'shop' || place.all.some(({ id }) => id === chosen)) return chosen;
	throw new InputProblem(
		'Warehouse',
		`is ${chosen}, which is none of the cabinet's: ${namesOf(place.all)}`,
		"Choose it from the list of 'Warehouse'.",
	);
}

/** Finds out for each shop once how its stock is told, and hands over to `byWarehouse` what goes by warehouse. */
export async function placeStocks(
	calls: Call[],
	work: Work,
	byWarehouse: () => Call['operation'],
): Promise<void> {
	for (const call of calls) {
		const { campaignId } = call.path;
		const chosen = call.control.partnerWarehouseId;
		const account = accountOf(call);
		const key = `${account} stock ${campaignId}`;
		const place = await kept(key, keptMs, async () => await placeOf(campaignId, account, work));
		if (chosen === undefined && place.by === 'shop') continue;
		try {
			const id =
				chosen === undefined && place.by === 'warehouse'
					? warehouseOf(place.warehouses)
					: chosenOf(String(chosen), place);
			const businessId =
				place.by === 'warehouse'
					? place.businessId
					: await cabinetOfShop(campaignId, account, work);
			call.operation = byWarehouse();
			call.path = { businessId };
			call.body = { ...call.body, partnerWarehouseId: wholeNumber(id) };
		} catch (error) {
			if (!(error instanceof InputProblem)) throw error as Error;
			call.problem = error;
		}
	}
}
