/** Objects of a type by their IDs, many in one list request. */
import type { IDataObject } from 'n8n-workflow';

import type { Work } from '../shared/catalogue';
import { inParallel } from '../shared/road/parallel';
import { rowsList } from './lists';

/** IDs that the address of one request holds. */
const IDS = 120;

/**
 * The objects by ID, in small letters; those that do not exist, or that the list hides, are missing. `hidden`:
 * conditions with which it hides nothing.
 */
export async function readByIds(
	keyword: string,
	ids: string[],
	work: Pick<Work, 'pages'>,
	hidden?: string,
): Promise<Map<string, IDataObject>> {
	const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
	const shares: string[][] = [];
	for (let at = 0; at < wanted.length; at += IDS) shares.push(wanted.slice(at, at + IDS));
	const found = new Map<string, IDataObject>();
	await inParallel(shares, async (share) => {
		const filter = [...share.map((id) => `id=${id}`), ...(hidden ? [hidden] : [])].join(';');
		const request = { method: 'GET' as const, path: `/entity/${keyword}`, query: { filter } };
		for await (const rows of work.pages({ request, rule: rowsList, limit: Infinity })) {
			for (const row of rows) found.set(String(row.id).toLowerCase(), row);
		}
	});
	return found;
}
