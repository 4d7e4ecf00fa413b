/** Stock notifications → rows of the report. Source: MoySklad docs, Webhooks for stock; reference §3.1, §1.1. */
import type { IDataObject } from 'n8n-workflow';

import { RowsMissing } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import type { Road } from '../../shared/road/road';
import { WITHOUT_STOCK } from '../lists';
import { isUuid } from '../references';
import { ASSORTMENT, fetchObjects, placeName } from './objects';

const REPORT = /\/report\/stock\/(all|bystore)\/current$/;
const MOMENT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)$/;

/**
 * The rows of the report that a notification names, each with `changedSince`. Rows of goods that have run out
 * are part of it, which the report leaves out unless it is asked for them. Throws `InputProblem` for an address
 * that is not MoySklad's.
 */
export async function fetchReport(road: Road, reportUrl: string): Promise<IDataObject[]> {
	const { path, query } = reportRequest(road.connection.baseUrl, reportUrl);
	const answer = await road.send({
		method: 'GET',
		path,
		query: { include: 'zeroLines', ...query },
	});
	if (!Array.isArray(answer.body)) throw new RowsMissing('');
	const since = MOMENT.exec(String(query.changedSince ?? ''));
	const changedSince = since ? `${since[1]}T${since[2]}+03:00` : null;
	return (answer.body as IDataObject[]).map((row) => ({ ...row, changedSince }));
}

/**
 * Path and query of a report's address. The request goes to the API root of the credential whatever host the
 * address names; one that names neither that nor MoySklad's own is not MoySklad's word, and refused.
 */
function reportRequest(baseUrl: string, reportUrl: string): { path: string; query: IDataObject } {
	const refused = (what: string) =>
		new InputProblem(
			'Report URL',
			what,
			'MoySklad names its own report there. This notification was not taken; nothing was sent to the address.',
		);
	if (!URL.canParse(reportUrl)) throw refused('is no address');
	// The docs' example has a bare space in it: the parser encodes it.
	const url = new URL(reportUrl);
	const base = new URL(baseUrl);
	if (url.host !== base.host && !/(^|\.)moysklad\.ru$/i.test(url.hostname)) {
		throw refused(`leads to another host (${url.host})`);
	}
	const path = REPORT.exec(url.pathname);
	if (!path) throw refused('is not the address of a stock report');
	const query: IDataObject = {};
	for (const [name, value] of url.searchParams) query[name] = value;
	return { path: path[0], query };
}

/** The goods of the rows, by ID; those that do not exist (any more) are missing. */
export async function fetchGoods(
	road: Road,
	rows: IDataObject[],
	expand: string,
): Promise<Map<string, IDataObject>> {
	const ids = rows.map((row) => String(row.assortmentId).toLowerCase()).filter(isUuid);
	const places = ids.map((id) => ({ collection: ASSORTMENT, id }));
	const found = await fetchObjects(road, places, { expand, headers: WITHOUT_STOCK });
	return new Map(
		places.flatMap((place) => {
			const row = found.get(placeName(place));
			return row ? [[place.id, row] as const] : [];
		}),
	);
}
