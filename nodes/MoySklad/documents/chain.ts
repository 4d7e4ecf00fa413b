/**
 * What belongs together: from an order to its shipments, invoices and payments, and back. Reference of the project:
 * moysklad-documents.md §2.2, §4.3, §4.5.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation, Output, Work } from '../../shared/catalogue';
import { inParallel } from '../../shared/road/parallel';
import type { Dictionary } from '../catalogue/dictionary';
import { locatorField } from '../catalogue/dictionaryFields';
import { inChosenUnit } from '../catalogue/dictionaryReads';
import { facts, typesThat } from '../facts';
import { MONEY_FIELD } from '../money';
import { idOf, pick } from '../simplify';
import { readByIds } from '../readMany';

/** A shift and a production task hold whatever was sold or made in them. */
const CROWDS = ['retailshift', 'productiontask', 'productionstage', 'productionstagecompletion'];
const DEPTH = 3;
const AMOUNTS = ['sum', 'payedSum', 'shippedSum', 'invoicedSum', 'vatSum'];

const kinds = typesThat(({ kind }, keyword) => kind === 'document' && !CROWDS.includes(keyword));

/** Fields of a type that hold other documents. */
function linksOf(keyword: string): string[] {
	const { fields } = facts[keyword];
	return Object.keys(fields).filter(
		(name) =>
			fields[name].kind === 'operations' || fields[name].ref?.some((type) => kinds.includes(type)),
	);
}

/** Types whose documents have others before or behind them. */
const typesWithChain = kinds.filter((keyword) => linksOf(keyword).length > 0);

/** A document on the way through the chain. */
interface Found {
	type: string;
	id: string;
	level: number;
	/** The document that led to it. */
	from?: Pick<Found, 'type' | 'id'>;
	linkedSum?: unknown;
}

function neighbours(
	row: IDataObject,
	type: string,
): Array<Pick<Found, 'type' | 'id' | 'linkedSum'>> {
	return linksOf(type).flatMap((name) => {
		const value = row[name];
		const { rows } = (value ?? {}) as IDataObject;
		const entries = (
			Array.isArray(value) ? value : Array.isArray(rows) ? rows : [value]
		) as unknown[];
		return entries.flatMap((entry) => {
			const meta = (entry as IDataObject | undefined)?.meta as IDataObject | undefined;
			const other = String(meta?.type ?? '');
			const id = idOf(entry)?.toLowerCase();
			if (id === undefined || !kinds.includes(other)) return [];
			return [{ type: other, id, linkedSum: (entry as IDataObject).linkedSum }];
		});
	});
}

async function walk(call: Call, work: Work): Promise<Output[]> {
	const depth = Number(call.control.depth ?? DEPTH);
	const start = call.operation.resource;
	const answer = await work.send({ method: 'GET', path: `/entity/${start}/${call.path.id}` });
	const first = answer.body as IDataObject;
	const known = new Map<string, Found>();
	const outputs: Output[] = [];
	// A link of the web app may have another ID than the document.
	const begin: Found = { type: start, id: String(first.id).toLowerCase(), level: 0 };
	known.set(`${begin.type} ${begin.id}`, begin);
	let level: Array<{ found: Found; row: IDataObject }> = [{ found: begin, row: first }];
	while (level.length > 0) {
		const next = new Map<string, Found[]>();
		for (const { found, row } of level) {
			outputs.push({ json: shownIn(found, row, call) });
			if (found.level >= depth) continue;
			for (const other of neighbours(row, found.type)) {
				const key = `${other.type} ${other.id}`;
				if (known.has(key)) continue;
				const { type, id } = found;
				const one: Found = { ...other, level: found.level + 1, from: { type, id } };
				known.set(key, one);
				next.set(other.type, [...(next.get(other.type) ?? []), one]);
			}
		}
		const rows = new Map<string, IDataObject>();
		await inParallel([...next], async ([type, found]) => {
			const ids = found.map(({ id }) => id);
			for (const [id, row] of await readByIds(type, ids, work)) rows.set(`${type} ${id}`, row);
		});
		level = [...next.values()].flat().flatMap((found) => {
			const row = rows.get(`${found.type} ${found.id}`);
			return row ? [{ found, row }] : [];
		});
	}
	return outputs;
}

function shownIn(
	{ type, id, level, from, linkedSum }: Found,
	row: IDataObject,
	call: Call,
): IDataObject {
	const [money] = inChosenUnit([{ ...row, linkedSum: linkedSum as number }], call, [
		...AMOUNTS,
		'linkedSum',
	]);
	return {
		level,
		documentType: type,
		id,
		fromType: from?.type ?? null,
		fromId: from?.id ?? null,
		...pickRest(money),
	};
}

/** The document's own fields, without what would take the place of the chain's. */
function pickRest(row: IDataObject): IDataObject {
	const { level, documentType, id, fromType, fromId, ...rest } = row;
	void [level, documentType, id, fromType, fromId];
	return rest;
}

const OUTPUT = {
	level: { type: 'number' },
	documentType: { type: 'string' },
	id: { type: 'string' },
	name: { type: 'string' },
	moment: { type: 'string' },
	sum: { type: 'number' },
	payedSum: { type: 'number' },
	applicable: { type: 'boolean' },
	fromType: { type: 'string' },
	fromId: { type: 'string' },
} as const;

/** Get Chain. */
export function chainOperation(document: Dictionary): Operation[] {
	const { resource, keyword, one, docs } = document;
	if (!typesWithChain.includes(keyword) || !(document.does ?? '').includes('r')) return [];
	return [
		{
			resource,
			docs,
			operation: 'getChain',
			name: 'Get Chain',
			action: `Get chain of ${one}`,
			description: 'List it with all that is linked to it',
			route: `GET /entity/${keyword}/{id}`,
			answer: { kind: 'object' },
			fields: [
				locatorField(document),
				{
					name: 'depth',
					label: 'Depth',
					kind: 'number',
					section: 'options',
					to: 'control',
					default: DEPTH,
					min: 1,
					max: 10,
					whole: true,
					help: 'How many links away a document may be: a shipment of the order is 1, its return 2',
				},
				MONEY_FIELD,
			],
			perform: walk,
			simplify: (row) => pick(row, Object.keys(OUTPUT)),
			output: OUTPUT,
			notes:
				'One item per document: the document itself first, then level by level; each level takes one request per type. Documents in the recycle bin are left out.',
		},
	];
}
