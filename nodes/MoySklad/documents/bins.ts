/**
 * Storage bins of items, by name: a bin's address holds the ID of its warehouse, which is that of the document.
 * Reference of the project: moysklad-documents.md §3.3; MoySklad docs, Warehouse.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { isNothing, shown } from '../../shared/form/readers';
import { parsedJson } from '../../shared/form/values';
import { rowsAt } from '../../shared/road/paging';
import { asError } from '../lookup';
import { isUuid, metaAt, readLink } from '../references';
import { idOf } from '../simplify';

/** A bin that is looked for in the document's warehouse. */
interface BinReference {
	meta: { bin: string; label: string };
}

/** A link or `{meta}` is what it is; a name or an ID waits for the warehouse. Throws `InputProblem`. */
export function binOf(label: string, value: unknown): IDataObject | undefined {
	if (isNothing(value)) return undefined;
	if (typeof value === 'string' && /^\s*\{/.test(value))
		return binOf(label, parsedJson(label, value));
	const { meta } = (value ?? {}) as IDataObject;
	if (typeof value === 'object' && meta) return value as IDataObject;
	if (typeof value === 'object') {
		throw new InputProblem(
			label,
			`is ${shown(value)}`,
			'Give the name, the ID or the link of a bin.',
		);
	}
	const text = String(value).trim();
	return { meta: { bin: text, label } };
}

/** Lists of a document in which bins may be named, and the warehouse that each is of. */
const WAREHOUSE: Record<string, Record<string, string>> = {
	materials: { slot: 'materialsStore' },
	positions: { slot: 'store', sourceSlot: 'sourceStore', targetSlot: 'targetStore' },
	products: { slot: 'productsStore' },
};

/** Pending bins of a row, with the field of the document that holds their warehouse. */
function pendingIn(list: string, row: IDataObject): Array<{ name: string; warehouse: string }> {
	return Object.entries(WAREHOUSE[list] ?? {})
		.filter(([name]) => (row[name] as BinReference | undefined)?.meta?.bin !== undefined)
		.map(([name, warehouse]) => ({ name, warehouse }));
}

/** Where a call's rows stand, and the document that they are written into, when it exists already. */
export interface Rows {
	list: string;
	rows: IDataObject[];
	document?: string;
}

/** Puts the bins that calls name in the place of their names. What leads nowhere becomes the call's `problem`. */
export async function resolveBins(
	calls: Call[],
	work: Work,
	rowsOf: (call: Call) => Rows[],
): Promise<void> {
	const warehouses = new Map<string, Promise<IDataObject[]>>();
	const documents = new Map<string, Promise<IDataObject>>();
	const binsIn = async (id: string) => {
		const known = warehouses.get(id) ?? readBins(id, work);
		warehouses.set(id, known);
		return await known;
	};
	const read = async (path: string) => {
		const known = documents.get(path) ?? readOne(path, work);
		documents.set(path, known);
		return await known;
	};
	for (const call of calls) {
		if (call.problem) continue;
		try {
			for (const { list, rows, document } of rowsOf(call)) {
				for (const row of rows) {
					for (const { name, warehouse } of pendingIn(list, row)) {
						const { bin, label } = (row[name] as unknown as BinReference).meta;
						const link = readLink(bin);
						// Whose bin it is stands in the link.
						if (link?.path && link.types.includes('slot')) {
							row[name] = metaAt(call.baseUrl, link.path, 'slot');
							continue;
						}
						const given = call.body[warehouse];
						const owner = idOf(given ?? (document && (await read(document))[warehouse]));
						if (!owner) throw homeless(label, bin);
						// An ID needs no look-up: MoySklad says whether the warehouse has it (code 67000).
						const found = isUuid(bin) ? bin.toLowerCase() : choose(label, bin, await binsIn(owner));
						row[name] = metaAt(call.baseUrl, `/entity/store/${owner}/slots/${found}`, 'slot');
					}
				}
			}
		} catch (error) {
			call.problem = asError(error);
		}
	}
}

async function readOne(path: string, work: Work): Promise<IDataObject> {
	return (await work.send({ method: 'GET', path })).body as IDataObject;
}

async function readBins(warehouse: string, work: Work): Promise<IDataObject[]> {
	// The list knows no pages (MoySklad docs: Warehouse, bins).
	const answer = await work.send({ method: 'GET', path: `/entity/store/${warehouse}/slots` });
	return rowsAt('rows')(answer);
}

function choose(label: string, bin: string, bins: IDataObject[]): string {
	const found = bins.filter(({ name }) => String(name).trim() === bin);
	if (found.length === 1) return String(found[0].id);
	const names = bins.map(({ name }) => `'${String(name)}'`).slice(0, 30);
	throw new InputProblem(
		label,
		found.length > 1
			? `is '${bin}', which ${found.length} bins of the warehouse are called`
			: `is '${bin}', and the warehouse has no such bin`,
		found.length > 1
			? 'Give its ID.'
			: names.length > 0
				? `Give one of: ${names.join(', ')}.`
				: 'It has no bins: see Warehouse Bin.',
	);
}

function homeless(label: string, bin: string): InputProblem {
	return new InputProblem(
		label,
		`is '${bin}', and the document has no warehouse to look for it in`,
		'Give the warehouse of the document, too.',
	);
}
