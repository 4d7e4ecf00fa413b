/**
 * Storage bins of items, by name: a bin's address holds the ID of its warehouse, which is that of the document.
 * Reference of the project: moysklad-documents.md §3.3; MoySklad docs, Warehouse.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, Call, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { isNothing, shown } from '../../shared/form/readers';
import { parsedJson } from '../../shared/form/values';
import { rowsAt } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
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

/** Where a call's rows stand, and the document that they are written into, when it exists already. */
export interface Rows {
	list: string;
	rows: IDataObject[];
	document?: string;
}

/** A bin that a row names. */
interface Pending {
	row: IDataObject;
	name: string;
	/** Field of the document that holds the bin's warehouse. */
	warehouse: string;
	document?: string;
}

function pendingIn({ list, rows, document }: Rows): Pending[] {
	const fields = Object.entries(WAREHOUSE[list] ?? {});
	return rows.flatMap((row) =>
		fields
			.filter(([name]) => (row[name] as BinReference | undefined)?.meta?.bin !== undefined)
			.map(([name, warehouse]) => ({ row, name, warehouse, document })),
	);
}

/** Puts the bins that calls name in the place of their names. What leads nowhere becomes the call's `problem`. */
export async function resolveBins(
	calls: Call[],
	work: Work,
	rowsOf: (call: Call) => Rows[],
): Promise<void> {
	const places = new Places(work);
	const named = calls
		.filter(({ problem }) => !problem)
		.map((call) => ({ call, pending: rowsOf(call).flatMap(pendingIn) }));
	await inParallel(named, async ({ call, pending }) => {
		try {
			for (const one of pending) one.row[one.name] = await places.find(one, call);
		} catch (error) {
			call.problem = asError(error);
		}
	});
}

/** Bins of warehouses, and warehouses of documents, each asked for once. */
class Places {
	private readonly answers = new Map<string, Promise<ApiAnswer>>();

	constructor(private readonly work: Work) {}

	/** The bin as a reference. Throws `InputProblem`. */
	async find({ row, name, warehouse, document }: Pending, call: Call): Promise<IDataObject> {
		const { bin, label } = (row[name] as unknown as BinReference).meta;
		const link = readLink(bin);
		// Whose bin it is stands in the link.
		if (link?.path && link.types.includes('slot')) return metaAt(call.baseUrl, link.path, 'slot');
		const given = call.body[warehouse];
		const owner = idOf(given ?? (document && (await this.read(document))[warehouse]));
		if (!owner) throw homeless(label, bin);
		const slots = `/entity/store/${owner}/slots`;
		// An ID needs no look-up: MoySklad says whether the warehouse has it (code 67000).
		const id = isUuid(bin) ? bin.toLowerCase() : choose(label, bin, await this.bins(slots));
		return metaAt(call.baseUrl, `${slots}/${id}`, 'slot');
	}

	private async ask(path: string): Promise<ApiAnswer> {
		const answer = this.answers.get(path) ?? this.work.send({ method: 'GET', path });
		this.answers.set(path, answer);
		return await answer;
	}

	private async read(path: string): Promise<IDataObject> {
		return (await this.ask(path)).body as IDataObject;
	}

	private async bins(path: string): Promise<IDataObject[]> {
		// The list knows no pages (MoySklad docs: Warehouse, bins).
		return rowsAt('rows')(await this.ask(path));
	}
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
