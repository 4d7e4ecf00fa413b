/** Clients of a location. Reference of the project: altegio-api.md §2.3. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Choice, Field, Operation } from '../../shared/catalogue';
import { pageStyle } from '../../shared/paging';
import { InputProblem } from '../../shared/problems';
import { wholeNumbersOf } from '../../shared/readers';
import { location } from './location';

/** Without the list of fields only IDs come back. */
const FIELDS: Choice[] = [
	{ name: 'Discount', value: 'discount' },
	{ name: 'E-Mail', value: 'email' },
	{ name: 'First Visit', value: 'first_visit_date' },
	{ name: 'ID', value: 'id' },
	{ name: 'Last Visit', value: 'last_visit_date' },
	{ name: 'Name', value: 'name' },
	{ name: 'Phone', value: 'phone' },
	{ name: 'Spent', value: 'sold_amount' },
	{ name: 'Visits', value: 'visits_count' },
];

/** A list of whole numbers, as the state of a filter. */
const ids =
	(label: string) =>
	(value: unknown): IDataObject | undefined => {
		const list = wholeNumbersOf(label, value);
		return list && { value: list };
	};

/** A condition: the field's name is the kind of filter, its value the filter's state. */
const condition = (
	field: Pick<Field, 'name' | 'label'> & Partial<Field> & { also?: 'list' },
): Field => ({ kind: 'text', section: 'filters', to: 'control', ...field }) as Field;

const CONDITIONS: Field[] = [
	condition({
		name: 'quick_search',
		label: 'Name, Phone or E-Mail',
		placeholder: 'e.g. 13155550175',
		help: 'Part of a name, phone or e-mail; a phone without plus and blanks',
		wire: (value) => ({ value: String(value).trim() }),
	}),
	condition({
		also: 'list',
		name: 'id',
		label: 'Client IDs',
		help: 'Only these clients, separated by commas',
		wire: ids('Client IDs'),
	}),
	condition({
		also: 'list',
		name: 'category',
		label: 'Tag IDs',
		help: 'Clients with one of these tags, separated by commas',
		wire: ids('Tag IDs'),
	}),
	condition({
		name: 'gender',
		label: 'Gender',
		kind: 'choices',
		choices: [
			{ name: 'Female', value: '2' },
			{ name: 'Male', value: '1' },
			{ name: 'Unknown', value: '0' },
		],
		wire: ids('Gender'),
	}),
];
const KINDS = CONDITIONS.map(({ name }) => name);

/** Conditions and order of the search, where the API has them. */
function shape(request: ApiRequest, { control, sort }: Call): void {
	if (sort.length > 1) {
		throw new InputProblem('Sort', 'has more than one field', 'Altegio sorts by one field.');
	}
	const filters = KINDS.filter((type) => control[type] !== undefined).map((type) => ({
		type,
		state: control[type],
	}));
	const [by] = sort;
	request.body = {
		...(request.body as IDataObject),
		...(filters.length > 0 ? { operation: 'AND', filters } : {}),
		...(by ? { order_by: by[0], order_by_direction: by[1].toUpperCase() } : {}),
	};
}

export const clients: Operation[] = [
	{
		resource: 'client',
		operation: 'search',
		name: 'Search',
		action: 'Search clients',
		description: 'Find clients of a location by name, phone, tags and more',
		route: 'POST /company/{locationId}/clients/search',
		does: 'reads',
		docs: 'https://developer.alteg.io/api',
		answer: { kind: 'list', at: 'data' },
		list: {
			style: pageStyle({ rows: 'data', total: 'meta.total_count', count: 'page_size' }),
			in: 'body',
			pageSize: () => 200,
			rowKey: ({ id }) => (id === undefined ? undefined : String(id)),
		},
		constants: { fields: FIELDS.map(({ value }) => value) },
		fields: [
			location,
			...CONDITIONS,
			{
				name: 'fields',
				label: 'Fields',
				kind: 'choices',
				choices: FIELDS,
				default: FIELDS.map(({ value }) => value),
				section: 'options',
				to: 'body:fields',
				help: 'What to return of each client',
			},
		],
		sort: FIELDS.filter(({ value }) => value !== 'visits_count').map((choice) => ({
			...choice,
			...(choice.value === 'name' ? { first: true } : {}),
		})),
		shape,
		output: {
			id: { type: 'number' },
			name: { type: 'string' },
			phone: { type: 'string' },
			email: { type: 'string' },
			discount: { type: 'number' },
			first_visit_date: { type: 'string' },
			last_visit_date: { type: 'string' },
			sold_amount: { type: 'number' },
			visits_count: { type: 'number' },
		},
		notes: 'Pages of 200. The user behind the token needs the right to see clients.',
	},
];
