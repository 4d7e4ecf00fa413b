/** Clients of a location. Reference of the project: altegio-api.md §2.3. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Choice, Field, Operation } from '../../shared/catalogue';
import { pageStyle } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { wholeNumbersOf } from '../../shared/form/readers';
import { family } from '../dialect';
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

const client = family({ value: 'client', one: 'client', many: 'clients' });
const comment = family({ value: 'clientComment', one: 'client comment', many: 'client comments' });
const file = family({ value: 'clientFile', one: 'client file', many: 'client files' });

export const clients: Operation[] = [
	client('client.get', 'get', 'Get', 'Retrieve a client with contacts, tags and sums'),
	client('client.create', 'create', 'Create', 'Add a client', {
		mapper: { mode: 'create', front: ['name', 'phone', 'surname', 'email', 'comment'] },
	}),
	client('client.update', 'update', 'Update', 'Change some fields of a client; all others stay', {
		mapper: { mode: 'update', front: ['name', 'phone', 'surname', 'email', 'comment'] },
		merge: {
			read: 'GET /client/{locationId}/{clientId}',
			rename: { labels: 'categories', middle_name: 'patronymic', gender_id: 'sex_id' },
		},
	}),
	client('client.delete', 'delete', 'Delete', 'Delete a client'),
	client(
		'v2.client.getStatistics',
		'getStatistics',
		'Get Statistics',
		'Retrieve visits, sums and balance of a client',
	),
	client(
		'v2.client.getChainStatistics',
		'getChainStatistics',
		'Get Chain Statistics',
		'Retrieve visits and sums of a client in a chain',
	),
	client(
		'v2.client.getForAttendance',
		'getForVisit',
		'Get for Visit',
		'Retrieve a client as a visit shows it',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	comment('clientComment.getMany', 'getAll', 'Get Many', 'List the comments on a client'),
	comment('clientComment.create', 'create', 'Create', 'Add a comment to a client', {
		top: ['text'],
	}),
	comment('clientComment.delete', 'delete', 'Delete', 'Delete a comment on a client'),
	comment(
		'clientComment.getManyYclients',
		'getAllYclients',
		'Get Many in YCLIENTS',
		'List the comments on a client',
		{
			action: 'Get many client comments in YCLIENTS',
		},
	),
	comment(
		'clientComment.createYclients',
		'createYclients',
		'Create in YCLIENTS',
		'Add a comment to a client',
		{ top: ['text'] },
	),
	comment(
		'clientComment.deleteYclients',
		'deleteYclients',
		'Delete in YCLIENTS',
		'Delete a comment on a client',
	),
	file('clientFile.getMany', 'getAll', 'Get Many', 'List the files of a client'),
	file('clientFile.delete', 'delete', 'Delete', 'Delete a file of a client'),
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
