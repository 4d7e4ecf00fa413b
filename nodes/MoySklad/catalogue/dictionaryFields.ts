/** Parameters that the operations of all dictionaries share. */
import type { Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { facts } from '../facts';
import { momentOf } from '../filter';
import { entityLocator, savedFilterLocator } from '../lists';
import { MONEY_FIELD } from '../money';
import { readLink } from '../references';
import type { Dictionary } from './dictionary';

/** The object that an operation is about. */
export function locatorField({ resource, keyword, label, search }: Dictionary): Field {
	return {
		name: `${resource}Id`,
		label,
		kind: 'locator',
		to: 'path:id',
		required: true,
		locator: entityLocator(keyword, search),
	};
}

/** Options of every operation that gives objects back. */
export function readOptions(dictionary: Dictionary): Field[] {
	const fields: Field[] = [];
	if (dictionary.expand) {
		fields.push({
			name: 'expand',
			label: 'Expand',
			kind: 'choices',
			section: 'options',
			to: 'query:expand',
			choices: dictionary.expand,
			open: true,
			help: "References to return as whole objects, with 'Output' Raw or Selected Fields. A list then takes ten times as many requests.",
			wire: (value) => (value as string[]).join(','),
		});
	}
	if (dictionary.extraFields) {
		fields.push({
			name: 'extraField',
			label: 'Computed Field',
			kind: 'choice',
			section: 'options',
			to: 'query:fields',
			default: dictionary.extraFields[0].value,
			choices: dictionary.extraFields,
			help: "A field that MoySklad computes when asked to. Works with 'Output' set to Raw or Selected Fields; pages shrink to 100 rows.",
		});
	}
	if (hasNames(dictionary)) fields.push(LOOK_UP_NAMES);
	if (dictionary.money) fields.push(MONEY_FIELD);
	return fields;
}

/** Documents refer to what people know by name: counterparty, warehouse, status. */
export function hasNames({ keyword, references = {} }: Dictionary): boolean {
	return facts[keyword].kind === 'document' && Object.keys(references).length > 0;
}

const LOOK_UP_NAMES: Field = {
	name: 'lookUpNames',
	label: 'Look Up Names',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	default: true,
	help: 'Whether simplified rows have names instead of IDs; 130 of them a request',
};

export function searchField(searches: string): Field {
	return {
		name: 'search',
		label: 'Search',
		kind: 'text',
		formerly: 'filters',
		to: 'query:search',
		help: `Looks into ${searches}`,
	};
}

/** A range of dates, for what has one: from the first moment on, and before the second. */
export const DATE_FIELDS: Field[] = [
	{
		name: 'momentFrom',
		label: 'Date From',
		kind: 'time',
		to: 'filter:moment',
		operator: 'greaterOrEqual',
		help: 'Only what has this date and time, or a later one',
		wire: (value, { timezone }) => momentOf(value, timezone, 'Date From'),
	},
	{
		name: 'momentBefore',
		label: 'Date Before',
		kind: 'time',
		to: 'filter:moment',
		operator: 'less',
		help: 'Only what is earlier than this date and time: for the whole of 30 November, give 1 December',
		wire: (value, { timezone }) => momentOf(value, timezone, 'Date Before'),
	},
];

const bothWays = (value: unknown) => (value === 'both' ? ['true', 'false'] : value);

/** Lists show objects that are not archived, unless asked otherwise. */
export const ARCHIVED_FIELD: Field = {
	name: 'archived',
	label: 'Archived',
	kind: 'choice',
	section: 'filters',
	to: 'filter:archived',
	default: 'false',
	choices: [
		{ name: 'Both', value: 'both' },
		{ name: 'Only Archived', value: 'true' },
		{ name: 'Only Not Archived', value: 'false' },
	],
	wire: bothWays,
};

/** The list of tasks shows open ones, unless asked otherwise. */
export const DONE_FIELD: Field = {
	name: 'status',
	label: 'Status',
	kind: 'choice',
	formerly: 'filters',
	to: 'filter:done',
	default: 'false',
	choices: [
		{ name: 'Both', value: 'both' },
		{ name: 'Done', value: 'true' },
		{ name: 'Open', value: 'false' },
	],
	help: 'Open tasks, done ones, or both',
	wire: bothWays,
};

/** Lists show documents that are not in the recycle bin, unless asked otherwise. */
export const BIN_FIELD: Field = {
	name: 'recycleBin',
	label: 'Recycle Bin',
	kind: 'choice',
	section: 'filters',
	to: 'filter:isDeleted',
	default: 'false',
	choices: [
		{ name: 'Both', value: 'both' },
		{ name: 'Only in the Recycle Bin', value: 'true' },
		{ name: 'Only Not in the Recycle Bin', value: 'false' },
	],
	wire: bothWays,
};

/** Conditions on custom attributes; `resolveConditions` turns them into filter terms. */
export const ATTRIBUTE_CONDITIONS: Field = {
	name: 'attributeConditions',
	label: 'Attribute Conditions',
	kind: 'rows',
	section: 'filters',
	to: 'control',
	button: 'Add Attribute Condition',
	rowLabel: 'Attribute Condition',
	columns: [
		{
			name: 'attribute',
			label: 'Attribute Name or ID',
			kind: 'loaded',
			load: 'getAttributes',
			to: 'control',
			required: true,
		},
		{
			name: 'operator',
			label: 'Operator',
			kind: 'choice',
			to: 'control',
			default: 'equals',
			choices: [
				{ name: 'Contains', value: 'contains' },
				{ name: 'Ends With', value: 'endsWith' },
				{ name: 'Is', value: 'equals' },
				{ name: 'Is At Least (From)', value: 'greaterOrEqual' },
				{ name: 'Is At Most (Until)', value: 'lessOrEqual' },
				{ name: 'Is Empty', value: 'isEmpty' },
				{ name: 'Is Greater Than (After)', value: 'greater' },
				{ name: 'Is Less Than (Before)', value: 'less' },
				{ name: 'Is Not', value: 'notEquals' },
				{ name: 'Is Not Empty', value: 'isNotEmpty' },
				{ name: 'Starts With', value: 'startsWith' },
			],
			help: 'Texts are compared by is, contains, starts and ends; numbers and dates by their order; checkboxes and references by is and is not',
		},
		{
			name: 'value',
			label: 'Value',
			kind: 'text',
			also: 'any',
			to: 'control',
			help: "A text, number, date, true or false; for a reference the object's ID or link. Several values: an expression that gives a list. Several values or conditions with 'Is' are alternatives.",
		},
	],
};

/** The type that the link of a saved filter names; undefined for an ID. */
function filteredType(filters: unknown): string | undefined {
	const given = (filters as { savedFilter?: { value?: unknown } | string } | undefined)
		?.savedFilter;
	const link = typeof given === 'object' ? given.value : given;
	return /\/entity\/([a-z]+)\/namedfilter\//.exec(String(link ?? ''))?.[1];
}

export function savedFilterField(keyword: string): Field {
	return {
		name: 'savedFilter',
		label: 'Saved Filter',
		kind: 'locator',
		section: 'filters',
		to: 'query:namedfilter',
		locator: savedFilterLocator(),
		help: 'A filter that was saved in the web app. It goes alone: without other filters, search and sort.',
		wire: (value, { baseUrl, parameter }) => {
			const other = filteredType(parameter('filters'));
			if (other !== undefined && other !== keyword) {
				throw new InputProblem(
					'Saved Filter',
					`is the link of a filter of another list (${other})`,
					`Choose a filter that was saved for this list (${keyword}).`,
				);
			}
			const id = readLink(String(value))?.id ?? String(value);
			return `${baseUrl}/entity/${keyword}/namedfilter/${id}`;
		},
	};
}

/** MoySklad's own filter syntax, for what the conditions do not offer. */
export const RAW_FILTER: Field = {
	name: 'rawFilter',
	label: 'Raw Filter',
	kind: 'text',
	section: 'options',
	to: 'control',
	placeholder: 'e.g. name~=Tea;minimumBalance>0',
	help: "Added to the filter as it is, in MoySklad's own syntax. Write \\; for a semicolon inside a value.",
};
