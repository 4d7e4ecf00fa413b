/** Prices, discounts, VAT and cost of items, as MoySklad fills them in. MoySklad docs: Autofill (`/wizard/<type>`). */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { guard } from '../catalogue/dictionaryReads';
import { facts } from '../facts';
import { objectEntry } from '../writeFields';
import { documentTypes, typeChoices } from './places';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/documents/autofill#2-avtozapolnenie';

/** Types whose items can be filled in (MoySklad docs: Autofill). */
const TYPES = [
	'commissionreportin',
	'commissionreportout',
	'customerorder',
	'demand',
	'enter',
	'internalorder',
	'inventory',
	'invoicein',
	'invoiceout',
	'loss',
	'move',
	'purchaseorder',
	'purchasereturn',
	'retaildemand',
	'retailsalesreturn',
	'salesreturn',
	'supply',
];

/** What can be filled in: its name, where not, and the field that the document then needs. */
const ACTIONS: Record<string, { name: string; has: (type: string) => boolean; needs: string }> = {
	evaluate_cost: {
		name: 'Cost',
		has: (type) => ['salesreturn', 'retailsalesreturn'].includes(type),
		needs: 'store',
	},
	evaluate_discount: {
		name: 'Discounts',
		has: (type) => !['inventory', 'move', 'internalorder', 'enter', 'loss'].includes(type),
		needs: 'agent',
	},
	evaluate_price: { name: 'Prices', has: (type) => type !== 'inventory', needs: 'agent' },
	evaluate_vat: { name: 'VAT', has: () => true, needs: 'organization' },
};

/** Reads the document, and checks that MoySklad can fill in what is wanted. Throws `InputProblem`. */
function bodyOf(call: Call): IDataObject {
	const { control, path } = call;
	const type = path.documentType;
	const body = objectEntry('Document', control.document);
	if (!Array.isArray(body.positions)) {
		throw new InputProblem(
			'Document',
			"has no list 'positions'",
			'Give the items as the API has them: [{"assortment": {"meta": …}, "quantity": 1}].',
		);
	}
	const wanted = control.fillIn as string[];
	if (wanted.length === 0) {
		throw new InputProblem('Fill In', 'is empty', 'Choose at least one of its values.');
	}
	for (const action of wanted) {
		const { name, has, needs } = ACTIONS[action];
		if (!has(type)) {
			throw new InputProblem(
				'Fill In',
				`has '${name}', which MoySklad does not fill in for the type '${facts[type].one}'`,
				'Leave it out, or choose another type.',
			);
		}
		// What has no counterparty takes the legal entity for it.
		const field = needs === 'agent' && !facts[type].fields.agent ? 'organization' : needs;
		if (body[field] === undefined) {
			throw new InputProblem(
				'Document',
				`has no '${field}', which MoySklad needs for '${name}'`,
				`Add "${field}": {"meta": …}.`,
			);
		}
	}
	return body;
}

export const calculations: Operation[] = [
	{
		resource: 'item',
		docs: DOCS,
		operation: 'calculate',
		name: 'Calculate',
		action: 'Calculate prices of items',
		description: 'Fill in prices, discounts, VAT or cost of items; nothing is saved',
		route: 'POST /wizard/{documentType}',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'documentType',
				label: 'Document Type',
				kind: 'choice',
				to: 'path:documentType',
				required: true,
				default: 'customerorder',
				choices: typeChoices(documentTypes((keyword) => TYPES.includes(keyword))),
				help: 'Type of the document that the items are for',
			},
			{
				name: 'fillIn',
				label: 'Fill In',
				kind: 'choices',
				to: 'control',
				required: true,
				default: ['evaluate_price'],
				choices: Object.entries(ACTIONS).map(([value, { name }]) => ({ name, value })),
				help: 'What MoySklad works out; prices and discounts that are given stay as they are',
			},
			{
				name: 'document',
				label: 'Document',
				kind: 'json',
				to: 'control',
				required: true,
				placeholder:
					'e.g. { "agent": { "meta": … }, "positions": [{ "assortment": { "meta": … }, "quantity": 2 }] }',
				help: 'The document as the API has it, with counterparty (prices, discounts), legal entity (VAT) or warehouse (cost), and its positions',
			},
		],
		prepare: async (calls) => {
			for (const call of calls) {
				guard(call, () => {
					call.body = bodyOf(call);
					call.query = { action: (call.control.fillIn as string[]).join(',') };
				});
			}
			await Promise.resolve();
		},
		output: {
			positions: { type: 'array' },
			agent: { type: 'object' },
			organization: { type: 'object' },
			vatEnabled: { type: 'boolean' },
			vatIncluded: { type: 'boolean' },
		},
		notes: 'Amounts are in kopecks. The result can be given to Create of the document, as JSON.',
	},
];
