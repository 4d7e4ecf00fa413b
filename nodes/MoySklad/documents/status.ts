/** Statuses of documents by name. Reference of the project: moysklad-documents.md §5.1; MoySklad docs, States. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	Locator,
	Operation,
	SendRequest,
	Work,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { listOf } from '../../shared/form/readers';
import type { Dictionary } from '../catalogue/dictionary';
import { locatorField } from '../catalogue/dictionaryFields';
import { guard, returning } from '../catalogue/dictionaryReads';
import { updateTogether } from '../catalogue/dictionaryWrites';
import { partLocator } from '../catalogue/nested';
import { facts } from '../facts';
import { referenceWire } from '../references';
import { resolveReferences } from '../resolve';
import { hasStates, stateIn, statesHint, statesOf } from '../states';

/** The statuses of a type, as choices of a form. */
export async function stateChoices(send: SendRequest, keyword: string): Promise<Choice[]> {
	const states = await statesOf(send, keyword);
	return states.map(({ id, name }) => ({ name: String(name), value: String(id) }));
}

const statusLocator: Locator = {
	...partLocator('\\w+/metadata/states', 'customerorder/metadata/states', 'searchStatuses'),
	words: { label: 'By Name', placeholder: 'e.g. Paid' },
};

const status: Field = {
	name: 'status',
	label: 'New Status',
	kind: 'locator',
	to: 'body:state',
	required: true,
	locator: statusLocator,
	help: 'One of the statuses of this type, from the list or by its name',
	wire: (value, context) => {
		const entity = `${String(context.parameter('resource'))}/metadata/states`;
		return referenceWire({ label: 'New Status', entity })(value, context);
	},
};

/** Change Status: many documents in one request. */
export function statusOperation(document: Dictionary): Operation[] {
	const { keyword, one, many } = document;
	if (!hasStates(keyword) || !(document.does ?? '').includes('u')) return [];
	return [
		{
			...returning(document),
			operation: 'changeStatus',
			name: 'Change Status',
			action: `Change status of ${one}`,
			description: `Give ${many} another status`,
			route: `PUT /entity/${keyword}/{id}`,
			answer: { kind: 'object' },
			fields: [locatorField(document), status],
			prepare: resolveReferences,
			...(document.single ? {} : { bulk: updateTogether(keyword) }),
			notes: document.single ? 'One request per document.' : 'Up to 1000 documents in one request.',
		},
	];
}

/** Condition of Get Many: any of these statuses. */
export const STATUS_FILTER: Field = {
	name: 'statuses',
	label: 'Statuses',
	kind: 'loaded',
	load: 'getStatuses',
	multiple: true,
	to: 'control',
	help: 'Documents in any of these statuses; by an expression, names or IDs',
};

/** Adds the condition on statuses, whose names are looked up once. */
export async function resolveStatuses(calls: Call[], work: Work, keyword: string): Promise<void> {
	let known: Promise<IDataObject[]> | undefined;
	for (const call of calls) {
		const wanted = listOf(call.control.statuses);
		if (!wanted || call.problem) continue;
		known ??= statesOf(work.send, keyword);
		const states = await known;
		guard(call, () => {
			const at = `${call.baseUrl}/entity/${keyword}/metadata/states`;
			const values = wanted.map((one) => `${at}/${stateId(String(one), states, keyword)}`);
			call.filter.push({ field: 'state', operator: 'equals', values });
		});
	}
}

/** Throws `InputProblem` for what is no status of the type; the error lists those that there are. */
function stateId(wanted: string, states: IDataObject[], keyword: string): string {
	const found = stateIn(states, wanted);
	if (found) return String(found.id);
	throw new InputProblem(
		STATUS_FILTER.label,
		`hold '${wanted.trim()}', which is no status of a ${facts[keyword].one}`,
		statesHint(states, 'This type has no statuses yet.'),
	);
}
