/** What payments pay. Reference of the project: moysklad-documents.md §4.4; MoySklad docs, pages of the payments. */
import type { IDataObject } from 'n8n-workflow';

import type { BulkWrite, Call, Field, Operation, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import type { Dictionary } from '../catalogue/dictionary';
import { locatorField } from '../catalogue/dictionaryFields';
import { guard, returning } from '../catalogue/dictionaryReads';
import { facts } from '../facts';
import { amountLabel, amountShown, MONEY_FIELD, toKopecks } from '../money';
import { metaRef } from '../references';
import { idOf } from '../simplify';
import { BASES, basisLocator } from './basis';
import { amountOf } from './positions';
import { readByIds } from '../readMany';

const AMOUNT = amountLabel('Amount');

function linkFields(keyword: string): Field[] {
	const types = BASES[keyword].map(({ type }) => type);
	return [
		{
			name: 'basisType',
			label: 'Document Type',
			kind: 'choice',
			to: 'control',
			required: true,
			default: types[0],
			choices: types
				.map((value) => ({ name: facts[value].one, value }))
				.sort((a, b) => a.name.localeCompare(b.name, 'en')),
			help: 'Type of the document that is paid',
		},
		{
			name: 'basisId',
			label: 'Paid Document',
			kind: 'locator',
			to: 'control',
			required: true,
			locator: basisLocator,
			help: 'The document that is paid',
		},
		{
			name: 'linkedSum',
			label: AMOUNT,
			kind: 'text',
			also: 'any',
			to: 'control',
			placeholder: 'e.g. 129900',
			help: "How much of the payment pays it, in kopecks unless the option 'Money' says roubles. Empty: what is open of both.",
			wire: (value, context) => amountOf(AMOUNT, value, context),
		},
	];
}

/** What is left of payments and documents while the items are gone through. */
class Open {
	private readonly paid = new Map<string, number>();

	constructor(
		private readonly payments: Map<string, IDataObject>,
		private readonly documents: Map<string, IDataObject>,
	) {}

	/** Adds an item's link to those that its payment has. Throws `InputProblem`. */
	link({ control, path, baseUrl }: Call): IDataObject[] {
		const type = String(control.basisType);
		const id = String(control.basisId).toLowerCase();
		const payment = this.find(this.payments, path.id.toLowerCase(), 'Payment');
		const document = this.find(this.documents, id, 'Paid Document');
		const others = paidDocuments(payment).filter((operation) => idOf(operation) !== id);
		const before = paidDocuments(payment).find((operation) => idOf(operation) === id);
		const taken = others.reduce((sum, operation) => sum + Number(operation.linkedSum ?? 0), 0);
		const free = Number(payment.sum ?? 0) - taken;
		const own = Number(before?.linkedSum ?? 0);
		const open = Number(document.sum ?? 0) - Number(document.payedSum ?? 0) + own;
		const given = control.linkedSum as number | undefined;
		const wanted = control.money === 'roubles' && given !== undefined ? toKopecks(given) : given;
		const linkedSum = wanted ?? Math.min(free, open - (this.paid.get(id) ?? 0));
		if (linkedSum <= 0) {
			throw new InputProblem(
				'Paid Document',
				free <= 0
					? 'cannot be linked: nothing of the payment is left'
					: `'${String(document.name)}' is paid already`,
				"Give 'Amount' to link it with a certain amount.",
			);
		}
		// Code 22000.
		if (linkedSum > free) {
			throw new InputProblem(
				'Amount',
				`is ${amountShown(linkedSum, control)}, and ${amountShown(free, control)} of the payment are left`,
				'Give less, or raise the amount of the payment first.',
			);
		}
		this.paid.set(id, (this.paid.get(id) ?? 0) + linkedSum - own);
		payment.operations = [
			...others.map(({ meta, linkedSum: sum }) => ({ meta, linkedSum: sum })),
			{ ...metaRef(baseUrl, type, id), linkedSum },
		] as IDataObject[];
		return payment.operations as IDataObject[];
	}

	private find(rows: Map<string, IDataObject>, id: string, label: string): IDataObject {
		const row = rows.get(id);
		if (row) return row;
		throw new InputProblem(
			label,
			`has the ID '${id}', which no such document has`,
			'Check the ID and the type of the document.',
		);
	}
}

function paidDocuments({ operations }: IDataObject): IDataObject[] {
	return Array.isArray(operations) ? (operations as IDataObject[]) : [];
}

async function prepare(calls: Call[], work: Work, keyword: string): Promise<void> {
	const payments = await readByIds(
		keyword,
		calls.map(({ path }) => path.id),
		work,
	);
	const documents = new Map<string, IDataObject>();
	for (const type of new Set(calls.map(({ control }) => String(control.basisType)))) {
		const ids = calls
			.filter(({ control }) => control.basisType === type)
			.map(({ control }) => String(control.basisId));
		for (const [id, row] of await readByIds(type, ids, work)) documents.set(id, row);
	}
	const open = new Open(payments, documents);
	for (const call of calls) guard(call, () => (call.body = { operations: open.link(call) }));
}

/** Link Document, of payments. */
export function paymentOperation(document: Dictionary): Operation[] {
	const { keyword, one } = document;
	if (!BASES[keyword]?.some(({ field }) => field === 'operations')) return [];
	return [
		{
			...returning(document),
			operation: 'linkDocument',
			name: 'Link Document',
			action: `Link ${one} to document`,
			description: 'Say which document it pays, and how much of it',
			route: `PUT /entity/${keyword}/{id}`,
			answer: { kind: 'object' },
			fields: [locatorField(document), ...linkFields(keyword), MONEY_FIELD],
			prepare: async (calls, work) => await prepare(calls, work, keyword),
			bulk: {
				kind: 'write',
				route: `POST /entity/${keyword}`,
				element: (call) => ({ ...metaRef(call.baseUrl, keyword, call.path.id), ...call.body }),
				repeatable: () => true,
				key: (call) => call.path.id.toLowerCase(),
			} satisfies BulkWrite,
			notes:
				'Documents that the payment is linked to already stay linked. Payments and documents are read first, some hundred in one request.',
		},
	];
}
