/** Names of objects that rows hold by ID alone: many of them in one request, and each once in an execution. */
import type { IDataObject } from 'n8n-workflow';

import type { SendRequest } from '../shared/catalogue';
import { once } from '../shared/road/once';
import { rowsAt } from '../shared/road/paging';
import { inParallel } from '../shared/road/parallel';
import { hiddenConditionsOf } from './facts';
import { idOf } from './simplify';
import { statesOf } from './states';

/** IDs whose conditions fit into the 8 KB that MoySklad allows for address and headers. */
const IDS_PER_REQUEST = 130;
const PAGE = 1000;

const rowsOf = rowsAt('rows');

/** What is known in an execution: name by ID; null for what MoySklad does not show. */
const known = new WeakMap<SendRequest, Map<string, unknown>>();

/** The IDs in lists, each short enough for the conditions of one request. */
export function sharesOf(ids: string[]): string[][] {
	const shares: string[][] = [];
	for (let from = 0; from < ids.length; from += IDS_PER_REQUEST) {
		shares.push(ids.slice(from, from + IDS_PER_REQUEST));
	}
	return shares;
}

/**
 * Names (of documents: numbers) by ID, also of what is archived or in the recycle bin. `types`: the IDs of each type,
 * by its keyword. What MoySklad does not show is null.
 */
export async function namesById(
	types: Map<string, string[]>,
	send: SendRequest,
): Promise<Map<string, unknown>> {
	const names = known.get(send) ?? new Map<string, unknown>();
	known.set(send, names);
	const shares = [...types].flatMap(([keyword, ids]) =>
		sharesOf([...new Set(ids)].filter((id) => !names.has(id))).map((share) => ({ keyword, share })),
	);
	await inParallel(shares, async ({ keyword, share }) => {
		const hidden = hiddenConditionsOf(keyword);
		const filter = [...share.map((id) => `id=${id}`), ...(hidden ? [hidden] : [])].join(';');
		const query = { filter, limit: PAGE };
		const rows = rowsOf(await send({ method: 'GET', path: `/entity/${keyword}`, query }));
		for (const id of share) names.set(id, null);
		for (const { id, name } of rows) names.set(String(id), name);
	});
	return names;
}

/**
 * Rows with the names of what they refer to. `columns`: where the name goes, by the field of the reference. The
 * status of a `keyword` comes from the account's statuses; a whole object (Expand) has its name already.
 */
export async function withNamesOf(
	columns: Record<string, string>,
	rows: IDataObject[],
	keyword: string,
	send: SendRequest,
): Promise<IDataObject[]> {
	const fields = Object.keys(columns);
	const types = new Map<string, string[]>();
	let states = false;
	for (const row of rows) {
		for (const field of fields) {
			const reference = referenceIn(row[field]);
			if (!reference) continue;
			if (reference.type === 'state') {
				states = true;
				continue;
			}
			const ids = types.get(reference.type) ?? [];
			ids.push(reference.id);
			types.set(reference.type, ids);
		}
	}
	const [objects, statuses] = await Promise.all([
		namesById(types, send),
		states ? namesOfStates(keyword, send) : new Map<string, unknown>(),
	]);
	const nameOf = (held: unknown) => {
		const reference = referenceIn(held);
		if (!reference) return (held as { name?: unknown } | undefined)?.name ?? null;
		return (reference.type === 'state' ? statuses : objects).get(reference.id) ?? null;
	};
	return rows.map((row) => ({
		...row,
		...Object.fromEntries(fields.map((field) => [columns[field], nameOf(row[field])])),
	}));
}

/** Type and ID of a reference that has no name with it. */
function referenceIn(held: unknown): { type: string; id: string } | undefined {
	const { meta, name } = (held ?? {}) as { meta?: { type?: unknown }; name?: unknown };
	const id = idOf(held);
	return name === undefined && typeof meta?.type === 'string' && id !== undefined
		? { type: meta.type, id }
		: undefined;
}

async function namesOfStates(keyword: string, send: SendRequest): Promise<Map<string, unknown>> {
	return await once(send, `names of the statuses of ${keyword}`, async () => {
		const states = await statesOf(send, keyword);
		return new Map(states.map(({ id, name }) => [String(id), name]));
	});
}
