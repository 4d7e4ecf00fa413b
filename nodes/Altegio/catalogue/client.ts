/** Clients of a location. Reference of the project: altegio-api.md §2.3. */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiRequest,
	Call,
	Choice,
	Field,
	MapperField,
	Operation,
	Work,
} from '../../shared/catalogue';
import { pageStyle } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { wholeNumbersOf } from '../../shared/form/readers';
import { family } from '../dialect';
import { nameOf } from '../asWritten';
import { phoneOf } from '../phone';
import { createOne, prepareMany, prepareUpsert, upsertOne } from './clientWrites';
import { placeCustomFields, withCustomFields } from './customFields';
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

/** Both ends of a range as one state; a form has a field for each. */
const range = (
	name: string,
	label: string,
	kind: 'number' | 'date' | 'wall',
	help: string,
): Field[] =>
	(['from', 'to'] as const).map((end) => {
		const words = end === 'from' ? 'From' : 'To';
		const base = {
			name: `${name}_${end}`,
			label: `${label} ${words}`,
			help: `${help}, ${end === 'from' ? 'from this on' : 'up to this'}`,
		};
		return kind === 'number'
			? condition({ ...base, kind: 'number' } as Parameters<typeof condition>[0])
			: condition({ ...base, kind: 'time', as: kind } as Parameters<typeof condition>[0]);
	});

const list = (name: string, label: string, help: string): Field =>
	condition({
		also: 'list',
		name,
		label,
		help: `${help}, separated by commas`,
		wire: (value) => wholeNumbersOf(label, value),
	});

/** Filters of the API, with what their states hold (Altegio docs: get a list of clients). */
const STATES: Record<string, string[]> = {
	birthday: ['from', 'to'],
	category: ['value'],
	client: ['id', 'birthday', 'category', 'gender', 'importance', 'sold_amount'],
	gender: ['value'],
	has_mobile_app: ['value'],
	has_passteam_card: ['value'],
	id: ['value'],
	importance: ['value'],
	passteam_card_ids: ['value'],
	quick_search: ['value'],
	record: [
		...['created', 'records_count', 'service', 'service_category', 'sold_amount', 'staff'],
		'status',
	],
	sale: ['abonement_balance', 'good_category_ids', 'good_ids'],
	sms_notification: ['value'],
	sold_amount: ['from', 'to'],
};

/** Visits with this status; not the codes of appointments. */
const VISIT_STATUSES: Choice[] = [
	{ name: 'Arrived', value: '3' },
	{ name: 'Confirmed', value: '4' },
	{ name: 'No-Show', value: '1' },
	{ name: 'Waiting', value: '2' },
];

/** A filter as the API has it, whose every name is known: Altegio ignores others and finds all clients. */
function checkedFilter(filter: unknown, index: number): IDataObject {
	const wrong = (what: string, hint: string) =>
		new InputProblem('Filters (JSON)', `${what} (filter ${index + 1})`, hint);
	const example = 'Give a list such as [{ "type": "sold_amount", "state": { "from": 1000 } }].';
	if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
		throw wrong('holds something that is no filter', example);
	const { type, state, ...others } = filter as IDataObject;
	if (type === undefined)
		throw wrong('holds a filter without a type: Altegio would find all clients', example);
	const names = STATES[String(type)];
	if (!names) {
		throw wrong(
			`has the type '${String(type)}', which Altegio does not know and would ignore, finding all clients`,
			`Use one of: ${Object.keys(STATES).join(', ')}.`,
		);
	}
	const [other] = Object.keys(others);
	if (other !== undefined)
		throw wrong(`has '${other}' beside type and state, which Altegio would ignore`, example);
	if (typeof state !== 'object' || state === null || Array.isArray(state))
		throw wrong(`of the type '${String(type)}' has no state`, example);
	const unknown = Object.keys(state).find((name) => name !== 'invert' && !names.includes(name));
	if (unknown !== undefined || Object.keys(state).length === 0) {
		throw wrong(
			unknown === undefined
				? `of the type '${String(type)}' has an empty state, which would find all clients`
				: `of the type '${String(type)}' has '${unknown}', which Altegio would ignore`,
			`A state of this type has: ${names.join(', ')}.`,
		);
	}
	return { type, state };
}

/** Name of the condition that Altegio does not have; "Visited To" finds everybody who came once before that day. */
const NO_VISIT_SINCE = 'no_visit_since';
const LAST_VISIT = 'last_visit_date';

const without = (row: IDataObject, name: string): IDataObject =>
	Object.fromEntries(Object.entries(row).filter(([one]) => one !== name));

/** Clients whose last visit was before a day. */
function ofLastVisit(
	call: Call,
	request: ApiRequest,
	limit: number,
	work: Work,
): AsyncIterable<IDataObject[]> | undefined {
	const since = call.control[NO_VISIT_SINCE] as string | undefined;
	const { list } = call.operation;
	if (!since || !list) return undefined;
	const wanted = (request.body as IDataObject).fields as string[];
	const isAsked = wanted.includes(LAST_VISIT);
	const body = { ...(request.body as IDataObject), fields: [...new Set([...wanted, LAST_VISIT])] };
	return (async function* () {
		let left = limit;
		for await (const rows of work.pages({
			request: { ...request, body },
			rule: list,
			limit: Infinity,
		})) {
			const fits = rows
				.filter((row) => {
					const day = String(row[LAST_VISIT] ?? '').slice(0, 10);
					return /^[12]\d{3}-/.test(day) && day < since;
				})
				.slice(0, left)
				.map((row) => (isAsked ? row : without(row, LAST_VISIT)));
			left -= fits.length;
			if (fits.length > 0) yield fits;
			if (left <= 0) return;
		}
	})();
}

const CONDITIONS: Field[] = [
	condition({
		name: 'quick_search',
		label: 'Name, Phone or E-Mail',
		placeholder: 'e.g. 13155550175',
		help: 'Part of a name, phone or e-mail',
		wire: (value, { baseUrl }) => ({ value: searchText(String(value).trim(), baseUrl) }),
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
	condition({
		name: 'importance',
		label: 'Importance',
		kind: 'choices',
		choices: [
			{ name: 'Bronze', value: '1' },
			{ name: 'Gold', value: '3' },
			{ name: 'None', value: '0' },
			{ name: 'Silver', value: '2' },
		],
		wire: ids('Importance'),
	}),
	...range('birthday', 'Birthday', 'date', 'Born on a day of this range, with the year'),
	...range('sold_amount', 'Spent', 'number', 'Paid in all, in the currency of the location'),
	condition({
		name: 'has_mobile_app',
		label: 'Has Mobile App',
		kind: 'toggle',
		help: 'Whether the client uses the mobile app',
		wire: (value) => ({ value }),
	} as Parameters<typeof condition>[0]),
	condition({
		name: 'has_passteam_card',
		label: 'Has Wallet Card',
		kind: 'toggle',
		help: 'Whether the client has a card in the wallet of a phone',
		wire: (value) => ({ value }),
	} as Parameters<typeof condition>[0]),
	list('visit_staff', 'Visited Team Member IDs', 'Clients of these team members'),
	list('visit_service', 'Visited Service IDs', 'Clients who had these services'),
	list(
		'visit_service_category',
		'Visited Service Category IDs',
		'Clients who had services of these',
	),
	condition({
		name: 'visit_status',
		label: 'Visit Status',
		kind: 'choices',
		choices: VISIT_STATUSES,
		help: 'Clients with visits of this status',
		wire: (value) => wholeNumbersOf('Visit Status', value),
	} as Parameters<typeof condition>[0]),
	condition({
		name: NO_VISIT_SINCE,
		label: 'No Visit Since',
		kind: 'time',
		as: 'date',
		help: 'Clients whose last visit was before this day; Altegio has no such filter, so that all others are read as well. Those who never came are not among them.',
	} as Parameters<typeof condition>[0]),
	...range('visit_created', 'Visited', 'wall', 'Visits on the clock of the location'),
	...range('visit_records_count', 'Number of Visits', 'number', 'Visits that fit'),
	...range('visit_sold_amount', 'Spent on Visits', 'number', 'Paid for visits that fit'),
	list('sale_good_ids', 'Bought Product IDs', 'Clients who bought these'),
	list('sale_good_category_ids', 'Bought Product Category IDs', 'Clients who bought of these'),
	...range('sale_abonement_balance', 'Membership Balance', 'number', 'What is left of memberships'),
	condition({
		name: 'any_filters',
		label: 'Filters (JSON)',
		kind: 'json',
		help: 'Filters as the API has them, such as <code>[{ "type": "id", "state": { "value": [1] } }]</code>; an unknown name is an error',
		wire: (value) => {
			const given = Array.isArray(value) ? (value as unknown[]) : [value];
			return given.map(checkedFilter);
		},
	} as Parameters<typeof condition>[0]),
	condition({
		name: 'operation',
		label: 'Match',
		kind: 'choice',
		choices: [
			{ name: 'All Conditions', value: 'AND' },
			{ name: 'Any Condition', value: 'OR' },
		],
		default: 'AND',
		help: 'Whether a client must meet all conditions or one of them',
	} as Parameters<typeof condition>[0]),
];

/** A phone is searched by its digits, in whatever spelling it comes. */
function searchText(text: string, baseUrl: string): string {
	const isPhone = /^[+\d\s().-]+$/.test(text) && text.replace(/\D/g, '').length >= 10;
	if (!isPhone) return text;
	try {
		return phoneOf('Name, Phone or E-Mail', text, baseUrl);
	} catch {
		// Without the code of the country it is part of a phone.
		return text.replace(/\D/g, '');
	}
}

/** Values of the form's fields as states of filters. */
function filtersOf(control: IDataObject): IDataObject[] {
	const both = (name: string): IDataObject | undefined => {
		const [from, to] = [control[`${name}_from`], control[`${name}_to`]];
		if (from === undefined && to === undefined) return undefined;
		if (from !== undefined && to !== undefined && from !== null && to !== null && from > to) {
			throw new InputProblem(
				labelOf(`${name}_from`),
				`is after '${labelOf(`${name}_to`)}', so that nobody fits`,
				'Exchange the two.',
			);
		}
		return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
	};
	const some = (name: string) =>
		control[name] === undefined ? undefined : { value: control[name] };
	const whole = (parts: IDataObject): IDataObject | undefined => {
		const given = Object.entries(parts).filter(([, value]) => value !== undefined);
		return given.length > 0 ? Object.fromEntries(given) : undefined;
	};
	const plain = [
		...['quick_search', 'id', 'category', 'gender', 'importance'],
		...['has_mobile_app', 'has_passteam_card'],
	];
	const states: Array<[string, IDataObject | undefined]> = [
		...plain.map((type): [string, IDataObject | undefined] => [
			type,
			control[type] as IDataObject | undefined,
		]),
		['birthday', both('birthday')],
		['sold_amount', both('sold_amount')],
		[
			'record',
			whole({
				staff: some('visit_staff'),
				service: some('visit_service'),
				service_category: some('visit_service_category'),
				status: some('visit_status'),
				created: both('visit_created'),
				records_count: both('visit_records_count'),
				sold_amount: both('visit_sold_amount'),
			}),
		],
		[
			'sale',
			whole({
				good_ids: some('sale_good_ids'),
				good_category_ids: some('sale_good_category_ids'),
				abonement_balance: both('sale_abonement_balance'),
			}),
		],
	];
	const filters = states.filter(([, state]) => state !== undefined) as Array<[string, IDataObject]>;
	return [
		...filters.map(([type, state]) => ({ type, state })),
		...((control.any_filters ?? []) as IDataObject[]),
	];
}

const labelOf = (name: string) => CONDITIONS.find((one) => one.name === name)?.label ?? name;

/** Conditions and order of the search, where the API has them. */
function shape(request: ApiRequest, { control, sort }: Call): void {
	if (sort.length > 1) {
		throw new InputProblem('Sort', 'has more than one field', 'Altegio sorts by one field.');
	}
	const filters = filtersOf(control);
	const [by] = sort;
	request.body = {
		...(request.body as IDataObject),
		...(filters.length > 0 ? { operation: control.operation ?? 'AND', filters } : {}),
		...(by ? { order_by: by[0], order_by_direction: by[1].toUpperCase() } : {}),
	};
}

const client = family({ value: 'client', one: 'client', many: 'clients' });
const comment = family({ value: 'clientComment', one: 'client comment', many: 'client comments' });
const file = family({ value: 'clientFile', one: 'client file', many: 'client files' });

/** Phones are sent as digits with the code of the country, names without what sheets put around them. */
function withPhone(operation: Operation): Operation {
	const fields = operation.fields.map((field): Field =>
		field.kind === 'mapper'
			? { ...field, mapper: { ...field.mapper, fields: field.mapper.fields.map(asWritten) } }
			: field,
	);
	return { ...operation, fields };
}

function asWritten(field: MapperField): MapperField {
	const { name, label } = field;
	if (name === 'phone')
		return { ...field, wire: (value, { baseUrl }) => phoneOf(label, value, baseUrl) };
	if (!/^(middle_)?name$|^surname$/.test(name)) return field;
	return { ...field, wire: (value) => nameOf(label, value) };
}

const create = withCustomFields(
	withPhone(
		client('client.create', 'create', 'Create', 'Add a client', {
			mapper: { mode: 'create', front: ['name', 'phone', 'surname', 'email', 'comment'] },
		}),
	),
	'client',
);

const update = withCustomFields(
	withPhone(
		client('client.update', 'update', 'Update', 'Change some fields of a client; all others stay', {
			mapper: { mode: 'update', front: ['name', 'phone', 'surname', 'email', 'comment'] },
			merge: {
				read: 'GET /client/{locationId}/{clientId}',
				rename: { labels: 'categories', middle_name: 'patronymic', gender_id: 'sex_id' },
			},
		}),
	),
	'client',
);

/** What Create and its sisters have in common. */
function byPhone(operation: Operation, mode: 'create' | 'upsert'): Operation {
	const fields = operation.fields.map((field): Field => {
		if (field.kind !== 'mapper') return field;
		const { more, dependsOn, ...mapper } = field.mapper;
		if (mode === 'create') {
			const known = mapper.fields.filter(({ name }) => name !== 'custom_fields');
			return { ...field, mapper: { ...mapper, fields: known } };
		}
		const matched = mapper.fields.map((one): MapperField => {
			const match = one.name === 'phone' ? 'default' : one.name === 'email' ? true : undefined;
			return { ...one, required: false, ...(match ? { match } : {}) };
		});
		return { ...field, mapper: { ...mapper, more, dependsOn, mode, fields: matched } };
	});
	return { ...operation, fields };
}

/** Custom fields are put in their place first. */
function prepared(next: NonNullable<Operation['prepare']>): Operation['prepare'] {
	return async (calls, work) => {
		calls.forEach(placeCustomFields);
		await next(calls, work);
	};
}

export const clients: Operation[] = [
	client('client.get', 'get', 'Get', 'Retrieve a client with contacts, tags and sums'),
	create,
	{
		...byPhone(create, 'upsert'),
		operation: 'upsert',
		name: 'Create or Update',
		action: 'Create or update client',
		description: 'Update the client with the phone or e-mail, or create one when there is none',
		prepare: prepared(prepareUpsert),
		perform: async (call, work) => [{ json: await upsertOne(call, update, work) }],
		notes:
			'Several new clients share a request. An e-mail can belong to several clients of a location: then nothing is changed, and all are named.',
	},
	{
		...byPhone(create, 'create'),
		operation: 'createMany',
		name: 'Create Many',
		action: 'Create many clients',
		description: 'Add the clients of all input items, a hundred in a request',
		route: 'POST /clients/{locationId}/bulk',
		prepare: async (calls) => await prepareMany(calls),
		perform: async (call, work) => [{ json: await createOne(call, work) }],
		notes: 'Altegio answers for each client. Custom fields cannot be set in this way.',
	},
	update,
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
			parallel: true,
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
		source: ofLastVisit,
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
