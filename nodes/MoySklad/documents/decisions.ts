/**
 * What people decide about MoySklad's documents; everything else is a fact. Reference of the project:
 * moysklad-documents.md §1, §2.
 */
import type { Dictionary } from '../catalogue/dictionary';
import { fromFacts, type TypeDecisions } from '../catalogue/fromFacts';
import { facts, typesThat } from '../facts';
import { hasStates } from '../states';
import { addRest, splitItems } from './manyItems';
import { resolveStatuses, STATUS_FILTER, stateChoices } from './status';
import {
	checkItems,
	findBins,
	itemFields,
	itemRows,
	sentItems,
	tellFree,
	tellParts,
	typesWithRows,
	withoutRowIds,
} from './positions';

/** What stands in front wherever a document has it, in the order of MoySklad's own forms. */
const FRONT = [
	'organization',
	'agent',
	'store',
	'sourceStore',
	'targetStore',
	'materialsStore',
	'productsStore',
	'retailStore',
	'retailShift',
	'processingPlan',
	'expenseItem',
	'sum',
	'positions',
	'products',
	'materials',
	'operations',
	'name',
	'moment',
	'state',
	'applicable',
	'contract',
	'project',
	'salesChannel',
	'deliveryPlannedMoment',
	'paymentPlannedMoment',
	'incomingNumber',
	'incomingDate',
	'paymentPurpose',
	'customerOrder',
	'purchaseOrder',
	'demand',
	'supply',
	'description',
	'externalCode',
];

/** Columns of a flat row: the first ten that a document has. */
const SIMPLE = [
	'id',
	'name',
	'moment',
	'agent',
	'organization',
	'store',
	'sourceStore',
	'targetStore',
	'state',
	'sum',
	'payedSum',
	'applicable',
	'externalCode',
	'description',
	'project',
	'updated',
];

/** What holds for one type only. */
const SPECIAL: Record<string, Partial<TypeDecisions>> = {
	// Every example of the docs sends the sum, though the table calls it read-only (reference, §0).
	counterpartyadjustment: { single: true, writable: ['sum'], fixed: ['sum'] },
	// The table of an internal order and an issued report calls the items read-only, the examples send them.
	commissionreportout: { writable: ['positions'] },
	internalorder: { writable: ['positions'] },
	// The official specification does not know this link.
	enter: { without: ['inventory'] },
	payroll: { single: true },
	pricelist: { single: true, amounts: ['positions.cells.sum', 'positions.rows.cells.sum'] },
	productionstage: { single: true },
	productionstagecompletion: { single: true },
	productiontask: {
		single: true,
		// Links to other documents, of which neither the docs' table nor the specification knows how to write them.
		without: Object.keys(facts.productiontask.fields).filter(
			(name) => facts.productiontask.fields[name].link,
		),
	},
	retaildrawercashin: { writable: ['sum'] },
	retaildrawercashout: { writable: ['sum'] },
	retireorder: { single: true },
};

/** What the docs say beside the tables, in the user's words. */
const NOTES: Record<string, string> = {
	customerorder: 'MoySklad computes the totals from the items.',
	demand: 'The warehouse is needed to post the shipment; a draft (Posted: No) may be without.',
	emissionorder: 'Once it is sent it cannot be changed, and it cannot be deleted.',
	factureout: 'Needs exactly one basis: shipments, payments or returns.',
	facturein: 'Needs exactly one basis: receivings or payments.',
	paymentin: 'An amount linked to a document counts for it only with its sum (linkedSum).',
	paymentout: 'An amount linked to a document counts for it only with its sum (linkedSum).',
	prepayment: 'MoySklad makes prepayments in the shop: the API reads and deletes them.',
	prepaymentreturn: 'MoySklad makes them in the shop: the API reads and deletes them.',
	productionstage: 'Stages come with their production task; the list wants a condition on it.',
	retireorder: 'It cannot be deleted.',
};

function decisionsOf(keyword: string): TypeDecisions {
	const { many, fields } = facts[keyword];
	const hasItems = fields.positions !== undefined && fields.positions.readOnly !== true;
	return {
		keyword,
		front: FRONT.filter((name) => fields[name]),
		match: ['externalCode', 'name', 'code'].filter((name) => fields[name]?.filter),
		simple: SIMPLE,
		own: itemFields(keyword),
		check: (body) => checkItems(keyword, body),
		finish: async (calls, work) => {
			tellFree(keyword, calls, work);
			tellParts(sentItems(calls), work);
			await findBins(keyword, calls, work);
		},
		fresh: withoutRowIds,
		...(typesWithRows.includes(keyword)
			? {
					rows: [itemRows],
					replaces: {
						positions:
							'Rows given here replace all items that the document has. The resource Item adds or changes single ones.',
					},
					gather: 'positions',
					split: splitItems,
					complete: addRest,
				}
			: {}),
		...(hasStates(keyword)
			? {
					choices: { state: async (send) => await stateChoices(send, keyword) },
					...(fields.state.filter
						? {
								conditions: {
									fields: [STATUS_FILTER],
									resolve: async (calls, work) => await resolveStatuses(calls, work, keyword),
								},
							}
						: {}),
				}
			: {}),
		lookFor: `${many.toLowerCase()} with the same number, counterparty and date`,
		...SPECIAL[keyword],
		...(NOTES[keyword] ? { notes: NOTES[keyword] } : {}),
		...(hasItems
			? { changeNotes: 'Items that are given replace all items that the document has.' }
			: {}),
		docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-dokumenty',
	};
}

/** All 38 types of documents. */
export const documents: Dictionary[] = typesThat(({ kind }) => kind === 'document')
	.sort((one, other) => facts[one].one.localeCompare(facts[other].one, 'en'))
	.map((keyword) => fromFacts(decisionsOf(keyword)));
