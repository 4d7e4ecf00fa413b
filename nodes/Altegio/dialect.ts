/** How Altegio's operations are made from their facts. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Field,
	Mapper,
	MapperField,
	Operation,
	Replaces,
	Route,
} from '../shared/catalogue';
import { labelFrom } from '../shared/form/labels';
import type { Tune } from '../shared/facts/factFields';
import type { FieldFacts, OperationFacts } from '../shared/facts/facts';
import { maker, type OperationDecisions } from '../shared/facts/fromFacts';
import { Columns, Fit } from '../shared/form/columns';
import type { ListRule } from '../shared/road/paging';
import { InputProblem } from '../shared/errors/problems';
import { choiceOf } from '../shared/form/readers';
import { COMMON, datePages, numberedPages, wholeList } from './catalogue/fields';
import { readerOf, spokenCode } from './asWritten';
import { facts, factsOf, membersOf, OWN_WORDS, WORDS } from './facts';
import { toldBy } from './whereIds';

export const DOCS = 'https://developer.alteg.io/api';

/** Altegio's English words for its wire names. */
const VOCABULARY: Record<string, string> = {
	abonement: 'Membership',
	abonements: 'Memberships',
	activity: 'Event',
	certificate: 'Gift Card',
	company: 'Location',
	companies: 'Locations',
	datetime: 'Date and Time',
	email: 'E-Mail',
	fri: 'Friday',
	fullname: 'Name',
	fulname: 'Name',
	good: 'Product',
	goods: 'Products',
	master: 'Team Member',
	mon: 'Monday',
	notallowed: 'Not Allowed',
	notavailable: 'Not Available',
	notfound: 'Not Found',
	patronymic: 'Middle Name',
	record: 'Appointment',
	records: 'Appointments',
	salon: 'Location',
	salons: 'Locations',
	sat: 'Saturday',
	seance: 'Session',
	staff: 'Team Member',
	storage: 'Inventory',
	sun: 'Sunday',
	thu: 'Thursday',
	tue: 'Tuesday',
	vk: 'VK',
	wed: 'Wednesday',
};

const LABELS: Record<string, string> = {
	api_id: 'Own ID',
	autoactivation_time_unit_id: 'Automatic Activation Unit',
	c_end_date: 'Created Until',
	c_start_date: 'Created From',
	changed_after: 'Changed After',
	changed_before: 'Changed Before',
	coordinate_lat: 'Latitude',
	coordinate_lon: 'Longitude',
	coordinate_lot: 'Longitude',
	custom_fields: 'Custom Fields',
	date_from: 'From',
	date_to: 'To',
	deposit_id: 'Client Account ID',
	end_date: 'Until',
	duration: 'Duration (Seconds)',
	filter: 'Filter',
	'filter[activity_id]': 'Event ID',
	'filter[capacity]': 'Free Places',
	'filter[client_id]': 'Client ID',
	'filter[date_intersect_from]': 'Period From',
	'filter[date_intersect_to]': 'Period To',
	'filter[deleted]': 'Deleted',
	'filter[fired]': 'Dismissed',
	'filter[from]': 'From',
	'filter[has_schedule]': 'Has Schedule',
	'filter[ids][]': 'Product IDs',
	'filter[is_approved]': 'Invitation Accepted',
	'filter[is_assistant]': 'Assistant',
	'filter[is_paid]': 'Paid Team Member',
	'filter[master_ids][]': 'Team Member IDs',
	'filter[name]': 'Name',
	'filter[parent_category_id]': 'Parent Category ID',
	'filter[parent_entity_type]': 'Fields Of',
	'filter[position_id]': 'Position ID',
	'filter[position_title]': 'Position',
	'filter[related_loyalty_entity_slug]': 'Kind of Loyalty',
	'filter[service_ids][]': 'Service IDs',
	'filter[staff_id]': 'Team Member ID',
	'filter[to]': 'To',
	'filter[user_linked]': 'Has User',
	forBooking: 'With Nearest Session',
	freeze_limit_unit_id: 'Freeze Limit Unit',
	gender_id: 'Gender',
	hide_record_type_activity: 'Hide Group Locations',
	hide_record_type_mixed: 'Hide Mixed Locations',
	hide_record_type_single: 'Hide Individual Locations',
	importance_id: 'Importance',
	is_paid_staff: 'Paid Team Member',
	'include[]': 'Include',
	include_finance_transactions: 'Include Payments',
	is_archived: 'Archived',
	is_available: 'Available',
	is_pos_enabled: 'Use Card Terminal',
	is_trial_service: 'Trial Visit',
	is_user_invite: 'Send Invitation',
	location_id: 'Location',
	master: 'Team Member',
	my: 'Only My Locations',
	notify_by_email: 'E-Mail Reminder (Hours Before)',
	notify_by_sms: 'SMS Reminder (Hours Before)',
	operation_unit_type: 'Unit',
	period_unit_id: 'Period Unit',
	real_money: 'Real Money Only',
	repeat_mode_id: 'Repeat Mode',
	seance_length: 'Duration (Seconds)',
	short_descr: 'Short Description',
	showBookforms: 'With Booking Forms',
	show_groups: 'With Chains',
	start_date: 'From',
	technical_break_duration: 'Break After (Seconds)',
	till: 'To',
	type_id: 'Type',
	yandex: 'On Partner Sites',
};

const HELP: Record<string, string> = {
	application_id: 'The number of your application in the marketplace',
	api_id: 'An ID of yours, kept with the object',
	c_end_date: 'Last day on which it was created',
	c_start_date: 'First day on which it was created',
	changed_after: "On the location's clock, unless it has an offset",
	changed_before: "On the location's clock, unless it has an offset",
	deleted: 'Whether to return deleted ones',
	delete_consumables: 'Whether to delete the materials used up as well',
	'filter[capacity]': 'At least so many places are free',
	'filter[date_intersect_from]':
		"Appointments that take place in this time, on the location's clock; needs the end as well",
	'filter[date_intersect_to]': 'The end of this time',
	'filter[from]': "On the location's clock, and not in the past",
	'filter[is_approved]': 'Whether to return those who have accepted the invitation',
	'filter[parent_category_id]': 'Categories inside this one; 0 for those at the top',
	'filter[to]': "On the location's clock",
	forBooking: 'Whether to add the nearest free time',
	force: 'Whether to save the change although the time is taken',
	hide_record_type_activity: 'Whether to leave out locations with group booking',
	hide_record_type_mixed: 'Whether to leave out locations with individual and group booking',
	hide_record_type_single: 'Whether to leave out locations with individual booking',
	include_consumables: 'Whether to return materials used up as well',
	include_finance_transactions: 'Whether to return payments as well',
	is_archived: 'Whether it is in the archive',
	is_available: 'Whether the channel can be used',
	is_paid_staff: 'Whether the team member counts in the price of the licence',
	is_pos_enabled: 'Whether to use the card terminal',
	is_trial_service: 'Whether the client comes for a trial',
	is_user_invite: 'Whether to send the invitation',
	moderated: 'Whether to return only locations that were moderated',
	my: 'Whether to return only locations that the user of the token may manage',
	real_money: 'Whether to return real money only',
	restore_in_title: 'Whether to restore it in the title as well; the docs say no more of it',
	showBookforms: 'Whether to add the booking forms',
	show_deleted: 'Whether to return deleted locations as well',
	show_groups: 'Whether to add the chains',
	yandex: 'Whether to return locations that are shown on partner sites',
	custom_fields: 'JSON object of codes and values such as <code>{ "code": "value" }</code>',
	phone: 'With the code of the country',
	seance_length: 'Seconds',
};

/** Names that the node fills in itself. */
const PAGING = ['page', 'count', 'page_size', 'editable_length', 'limit'];

/** Greatest pages, where the docs tell them. */
const SIZES: Record<string, number> = {
	count: 100,
	editable_length: 100,
	limit: 50,
	page_size: 100,
};

/**
 * Pages under way at a time: with answers of 0.8 s they use up the five requests of a second, and others of the same
 * address wait for no more than these.
 */
const AHEAD = 4;

function listRule(
	{ query = [], body = [], paging, id }: OperationFacts,
	rows: string,
): Omit<ListRule, 'in'> {
	if (paging === 'date cursor') return { style: datePages(rows), pageSize: () => 25 };
	const names = [...query, ...body].map(({ name }) => name);
	const size = names.includes('page')
		? Object.keys(SIZES).find((name) => names.includes(name))
		: undefined;
	if (!size) return { style: wholeList(rows), pageSize: () => Infinity };
	const most = id === 'appointment.getMany' ? 200 : SIZES[size];
	return {
		style: numberedPages(rows, size),
		pageSize: () => most,
		guess: AHEAD,
		rowKey: ({ id: key }) => (key === undefined || key === null ? undefined : String(key)),
	};
}

/** Where a call exists, in words. */
function platformOf({ only }: OperationFacts): string | undefined {
	return only === undefined ? undefined : `Only on ${only}.`;
}

const make = maker({
	facts,
	docs: () => DOCS,
	route: ({ method, path }) => `${method} ${path}` as Route,
	common: COMMON,
	own: PAGING,
	words: VOCABULARY,
	labels: LABELS,
	help: HELP,
	times: { date: 'date', dateTime: 'wall' },
	toggle: (value, { of }) => (of === 'number' ? Number(value) : value),
	list: listRule,
	reads: ({ path }) => /search$/.test(path) && !/\/activity\//.test(path),
	wraps: ['data'],
	notes: platformOf,
});

/** A resource and the words of its operations. */
export interface ResourceWords {
	value: string;
	one: string;
	many: string;
}

/** What differs from what the facts and the name of the operation say. */
export type More = Partial<OperationDecisions> & {
	/** What the user does not name is read by this route and sent along. */
	merge?: Route | Merge;
};

/** How an object is read before it is replaced. */
interface Merge {
	read: Route;
	/** Names in what is read of fields that are written. */
	rename?: Record<string, string>;
	/** Required fields that reading does not tell, so that the user names them. */
	asked?: string[];
	/** What is read, with what the write takes made of it. */
	complete?: (row: IDataObject, call: Call) => IDataObject;
}

/** Maker of a resource's operations: ID of the facts, operation, name, description, and what differs. */
export function family(words: ResourceWords) {
	return (
		id: string,
		operation: string,
		name: string,
		description: string,
		more: More = {},
	): Operation => {
		const { merge, ...decisions } = more;
		const own = factsOf(id);
		const merged = merge === undefined ? undefined : mergeOf(own, merge);
		const made = make({
			facts: merged ? `${id}~` : id,
			resource: words.value,
			operation,
			name,
			action: actionOf(name, words),
			description: own.only ? `${description}; ${own.only} only` : description,
			...decisions,
			...(merged ? { replaces: merged } : {}),
			...(own.path.startsWith('/v2/') ? { enrich: flattened } : {}),
			tune: together(tuneOf(own), decisions.tune, askedOf(merge)),
		});
		const names = made.fields.filter(({ section }) => !section).map(({ name }) => name);
		const fields = made.fields
			.map((field) => takingRows(field, own.body, typeof merge === 'object' ? merge.rename : {}))
			.map(takingWords)
			.map((field) => byIdOnly(field, names))
			.map((field) => explained(field, words))
			.map(askingForAll);
		const prepare = merged ? checkWhole(own, made) : made.prepare;
		return { ...made, fields, ...(prepare ? { prepare } : {}) };
	};
}

/** The form of a creation, with the fields that stand in it at once. */
export const create = (...front: string[]) => ({ mapper: { mode: 'create' as const, front } });
/** The form of a change. */
export const update = (...front: string[]) => ({ mapper: { mode: 'update' as const, front } });

/** What is said of a field in several places holds together; the later word counts. */
function together(
	...all: Array<OperationDecisions['tune']>
): NonNullable<OperationDecisions['tune']> {
	const tune: NonNullable<OperationDecisions['tune']> = {};
	for (const [name, one] of all.flatMap((some) => Object.entries(some ?? {}))) {
		const columns = { ...tune[name]?.columns };
		for (const [path, column] of Object.entries(one.columns ?? {})) {
			columns[path] = { ...columns[path], ...column };
		}
		const hasColumns = Object.keys(columns).length > 0;
		tune[name] = { ...tune[name], ...one, ...(hasColumns ? { columns } : {}) };
	}
	return tune;
}

function askedOf(merge: More['merge']): NonNullable<OperationDecisions['tune']> {
	const { asked = [] } = typeof merge === 'object' ? merge : {};
	return Object.fromEntries(asked.map((name) => [name, { required: true }]));
}

/** Words of sheets beside those of the form, of fields that hold codes. */
function takingWords(field: Field): Field {
	if (field.kind !== 'mapper') return field;
	return {
		...field,
		mapper: { ...field.mapper, fields: field.mapper.fields.map(withSpokenWords) },
	};
}

/** A field of codes that understands more words than its form shows. */
export function withSpokenWords(field: MapperField): MapperField {
	const { name, label, kind, choices = [], wire } = field;
	if (kind !== 'choice' || !['attendance', 'gender_id', 'importance_id'].includes(name))
		return field;
	return {
		...field,
		wire: (value, context) => {
			const code = spokenCode(name, value) ?? choiceOf(label, choices, value);
			return wire && code !== undefined ? wire(code, context) : code;
		},
	};
}

/** Rows of Altegio hold objects where IDs are written, and days that are none. */
function takingRows(
	field: Field,
	body: FieldFacts[] = [],
	rename: Record<string, string> = {},
): Field {
	if (field.kind !== 'mapper') return field;
	const fields = field.mapper.fields.map((one): MapperField => {
		const other = rename[one.name];
		return other === undefined ? one : { ...one, also: [...(one.also ?? []), other] };
	});
	// Columns have the names of rows.
	const facts = body.flatMap((one) => {
		const other = rename[one.name];
		return other === undefined ? [one] : [one, { ...one, name: other }];
	});
	const mapper: Mapper = { ...field.mapper, fields };
	const isOfRow = (name: string) => Object.values(rename).includes(name);
	return {
		...field,
		mapper: { ...mapper, taken: (row) => takenFrom(facts, mapper, row, isOfRow) },
	};
}

/** What is no value of its field in the form of a row, in that of a write; what has none there is left out. */
function takenFrom(
	body: FieldFacts[],
	{ fields }: Mapper,
	row: IDataObject,
	isOfRow: (name: string) => boolean,
): IDataObject {
	const taken = { ...row };
	const columns = columnsOf(fields);
	for (const [name, value] of Object.entries(row)) {
		const field = body.find((one) => one.name === name);
		const isTaken = field
			? isOwnForm(field, value) && !isOfRow(name)
			: !isObject(value) || columns.fit(name) !== Fit.Label;
		if (isTaken) continue;
		const kept = field && keptValue(field, row);
		if (kept === undefined) delete taken[name];
		else taken[name] = kept as IDataObject[string];
	}
	return taken;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** The value may be given for the field in a write; objects in the place of IDs, and days that are none, are of a row. */
function isOwnForm({ kind }: FieldFacts, value: unknown): boolean {
	if (/^array<(number|integer|string)/.test(kind))
		return Array.isArray(value) ? !value.some(isObject) : !isObject(value);
	if (kind.startsWith('array') || kind.startsWith('object')) return true;
	return !isObject(value) && !String(value).startsWith('0000-');
}

const columnsByFields = new WeakMap<MapperField[], Columns>();
function columnsOf(fields: MapperField[]): Columns {
	const known = columnsByFields.get(fields) ?? new Columns(fields);
	columnsByFields.set(fields, known);
	return known;
}

/** A creation wants what is required; an update of which something stays required replaces what it does not read. */
function askingForAll(field: Field): Field {
	if (field.kind !== 'mapper') return field;
	const { mapper } = field;
	if (!mapper.fields.some(({ required }) => required)) return field;
	if (mapper.mode !== 'update') {
		return { ...field, mapper: { ...mapper, fields: mapper.fields.map(emptyToo) } };
	}
	return { ...field, mapper: { ...mapper, whole: true, fields: mapper.fields.map(emptyToo) } };
}

/** A list that must be named may be empty: that is how there is nothing of it. */
function emptyToo(field: MapperField): MapperField {
	const { kind, required, wire } = field;
	if (kind !== 'array' || !required || !wire) return field;
	return { ...field, wire: (value, context) => (isEmptyList(value) ? [] : wire(value, context)) };
}

/** `[]`, as a list or as text. */
export const isEmptyList = (value: unknown) =>
	Array.isArray(value) ? value.length === 0 : /^\s*\[\s*\]\s*$/.test(String(value));

/** What lists depend on, where that is not the location. */
const LIST_OF: Record<string, string | undefined> = {
	searchLocations: undefined,
	searchChains: undefined,
	searchMembershipTypes: 'chainId',
};

/** What is picked from a list of the location, or the chain, is typed where there is none in the form. */
function byIdOnly(field: Field, has: string[]): Field {
	if (field.kind !== 'locator') return field;
	const { search } = field.locator;
	const needs = search in LIST_OF ? LIST_OF[search] : 'locationId';
	if (needs === undefined || has.includes(needs)) return field;
	const { locator, name, to, help, hint, section, required } = field;
	const isNumber = field.to.startsWith('body:');
	return {
		name,
		to,
		kind: 'text',
		label: `${field.label} ID`,
		...(help ? { help } : {}),
		...(hint ? { hint } : {}),
		...(section ? { section } : {}),
		...(required ? { required } : {}),
		placeholder: locator.id.placeholder,
		wire: (value) => {
			const text = String(value).trim();
			if (/^[1-9]\d*$/.test(text)) return isNumber ? Number(text) : text;
			throw new InputProblem(`${field.label} ID`, `is '${text}'`, `${locator.id.message}.`);
		},
	};
}

/** What is sent as given must be whole: Altegio refuses what lacks a required field. */
function checkWhole(
	{ body = [] }: OperationFacts,
	{ prepare, fields }: Operation,
): Operation['prepare'] {
	const mapper = fields.find(({ kind }) => kind === 'mapper');
	const labels = new Map(
		mapper?.kind === 'mapper' ? mapper.mapper.fields.map(({ name, label }) => [name, label]) : [],
	);
	return async (calls, work) => {
		for (const call of calls) {
			if (call.control.sendAsGiven !== true) continue;
			const missing = body.find(({ name, required }) => required && !(name in call.body));
			if (!missing) continue;
			call.problem = new InputProblem(
				labels.get(missing.name) ?? missing.name,
				'is not named, but Altegio takes whole objects only',
				"Name it as well, or switch off the option 'Send As Given'.",
			);
		}
		await prepare?.(
			calls.filter(({ problem }) => !problem),
			work,
		);
	};
}

/** What a field takes, where nothing says it: models read it, and people at the label. */
function explained(field: Field, { one, value }: ResourceWords): Field {
	if (field.help !== undefined && field.help.split(' ').length >= 3) return field;
	// Locators are explained by the form.
	if (field.section || field.kind === 'mapper' || field.kind === 'locator') return field;
	return { ...field, help: helpOf(field, one, value) };
}

function helpOf({ kind, label, name, help }: Field, one: string, resource: string): string {
	const told = help ? `${help}: ` : '';
	if (kind === 'time') return `${told}${label}, on the clock of the location`;
	if (/ids$/i.test(name)) return `${told}IDs in Altegio, separated by commas`;
	if (/id$/i.test(name) && kind !== 'choice')
		return `${told}${label.replace(/ IDs?$/, '')} by its ID in Altegio${toldBy(resource, name)}`;
	return `${told}${label} of the ${one}`;
}

/** `Get Many` → `Get many clients`, `Set Balance` → `Set balance of membership`. */
function actionOf(name: string, { one, many }: ResourceWords): string {
	if (name === 'Get Many') return `Get many ${many}`;
	const spoken =
		name.charAt(0) + name.slice(1).replace(/\b([A-Z])(?=[a-z])/g, (letter) => letter.toLowerCase());
	return name.includes(' ') ? `${spoken} of ${one}` : `${spoken} ${one}`;
}

/** Words of known values, and dates in forms of their own. */
function tuneOf({
	id,
	query = [],
	body = [],
	pathFields = [],
}: OperationFacts): NonNullable<OperationDecisions['tune']> {
	const tune: NonNullable<OperationDecisions['tune']> = {};
	for (const field of [...pathFields, ...query, ...body]) {
		const values = OWN_WORDS[`${id.replace(/~$/, '')} ${field.name}`] ?? WORDS[field.name];
		if (values) tune[field.name] = { ...tune[field.name], values };
		const wire = timeWire(field);
		const reads = readingOf(id, field);
		if (wire ?? reads) tune[field.name] = { ...tune[field.name], wire, reads };
		const columns = (field.fields ?? []).flatMap(below).flatMap(([path, one]) => {
			const reads = readingOf(id, one);
			return reads ? [[path, { reads }] as const] : [];
		});
		// Objects that the form takes apart are tuned by their path, lists by that of their columns.
		if (field.kind.startsWith('array')) {
			if (columns.length > 0) {
				tune[field.name] = { ...tune[field.name], columns: Object.fromEntries(columns) };
			}
		} else for (const [path, one] of columns) tune[`${field.name}.${path}`] = one;
	}
	return tune;
}

/** A field and the members of the objects in it, by path. */
function below(field: FieldFacts): Array<[path: string, facts: FieldFacts]> {
	if (field.kind.startsWith('array')) return [];
	const inner = (field.fields ?? []).flatMap(below);
	return [
		[field.name, field],
		...inner.map(([path, one]): [string, FieldFacts] => [`${field.name}.${path}`, one]),
	];
}

/** How the value of a field is read, by what the field is and the label that it has in the form. */
function readingOf(id: string, { name, kind }: FieldFacts): Tune['reads'] {
	const isNumber = /^(number|integer)/.test(kind);
	if (!isNumber && !kind.startsWith('string')) return undefined;
	return readerOf(id.replace(/^v2\.|~$/g, ''), name, isNumber);
}

/** `/transactions` writes days as numbers, changes have a `T` before the time. */
function timeWire({ name, kind, of = '' }: FieldFacts): ((value: unknown) => unknown) | undefined {
	if (kind === 'string(date)' && of === 'number') return (value) => String(value).replace(/-/g, '');
	const isMoment = kind === 'string(date-time)';
	if (isMoment && /changed_|intersect/.test(name))
		return (value) => String(value).replace(' ', 'T');
	return undefined;
}

/** Objects of the second version: attributes beside the ID. */
async function flattened(rows: IDataObject[]): Promise<IDataObject[]> {
	return rows.map(flat);
}

function flat({ attributes, ...row }: IDataObject): IDataObject {
	return { ...row, ...(attributes as IDataObject | undefined) };
}

function mergeOf({ body = [] }: OperationFacts, merge: Route | Merge): Replaces {
	const {
		read,
		rename = {},
		complete,
	}: Merge = typeof merge === 'string' ? { read: merge } : merge;
	const deep = body.filter(({ kind }) => kind.startsWith('object')).map(({ name }) => name);
	return {
		read,
		at: 'data',
		keep: (current, call) => {
			// Some objects come as a list of one.
			const row = Array.isArray(current) ? (current[0] as IDataObject | undefined) : current;
			if (!row) {
				throw new InputProblem(
					'ID',
					'is that of no object of this location',
					'Check it against the list of this resource.',
				);
			}
			const told = complete ? complete(flat(row), call) : flat(row);
			const kept = keptFrom(body, told, rename);
			const missing = body.find(
				({ name, required }) => required && !(name in kept) && !(name in call.body),
			);
			if (missing) throw unread(missing);
			return kept;
		},
		...(deep.length > 0 ? { deep } : {}),
	};
}

/** A replacement without it would be refused, or would lose it. */
function unread({ name }: FieldFacts): InputProblem {
	return new InputProblem(
		LABELS[name] ?? labelFrom(name, VOCABULARY),
		'is not named, and Altegio does not tell what it is now',
		'Name it among the fields: Altegio replaces the whole object and does not take it without this field.',
	);
}

/** Values of an object that a write takes, in the form in which it takes them. */
function keptFrom(
	fields: FieldFacts[],
	row: IDataObject,
	rename: Record<string, string> = {},
): IDataObject {
	const kept: IDataObject = {};
	for (const field of fields) {
		const value = keptValue(field, row, rename[field.name]);
		if (value !== undefined) kept[field.name] = value as IDataObject[string];
	}
	return kept;
}

function keptValue(field: FieldFacts, row: IDataObject, from?: string): unknown {
	const value = heldUnder(field.name, row, from);
	if (value === undefined || value === null) return undefined;
	const { kind } = field;
	if (kind.includes('|')) return value;
	if (kind.startsWith('array')) return Array.isArray(value) ? keptList(field, value) : undefined;
	if (typeof value === 'object') {
		if (!kind.startsWith('object')) return undefined;
		const inner = membersOf(field);
		return inner ? keptFrom(inner, value as IDataObject) : value;
	}
	// Optional codes that the docs do not know would be refused; what must be there stays as Altegio has it.
	if (field.values && !field.required && !field.values.map(String).includes(String(value)))
		return undefined;
	if (/phone/.test(field.name) && /\*/.test(String(value))) throw maskedPhone();
	if (/date/.test(kind)) return /^(0000|$)/.test(String(value)) ? undefined : String(value);
	if (kind.startsWith('bool')) {
		const isOn = value === true || value === 1 || value === '1';
		return field.of === 'number' ? Number(isOn) : isOn;
	}
	if (/^(number|integer)/.test(kind))
		return Number.isNaN(Number(value)) ? undefined : Number(value);
	return kind.startsWith('string') ? String(value) : value;
}

/** `account_id` stands in `account.id`, `label_ids` in `labels[].id`. */
function heldUnder(name: string, row: IDataObject, from?: string): unknown {
	const direct = row[from ?? name];
	if (direct !== undefined) return direct;
	const inner = row[name.replace(/_id$/, '')];
	if (/_id$/.test(name) && typeof inner === 'object' && inner !== null)
		return (inner as IDataObject).id;
	return /_ids$/.test(name) ? row[`${name.replace(/_ids$/, '')}s`] : undefined;
}

function keptList(field: FieldFacts, list: unknown[]): unknown[] {
	const isNumbers = /<(number|integer)/.test(field.kind);
	const isPlain = isNumbers || field.kind.includes('<string');
	const inner = membersOf(field);
	const kept = list.map((one) => {
		if (typeof one !== 'object' || one === null) return isNumbers ? Number(one) : one;
		if (isPlain) return isNumbers ? Number((one as IDataObject).id) : (one as IDataObject).id;
		return inner ? keptFrom(inner, one as IDataObject) : one;
	});
	return kept.filter((one) => !Number.isNaN(one));
}

function maskedPhone(): InputProblem {
	return new InputProblem(
		'Phone',
		'may not be seen by the user behind the token, so it cannot be sent along',
		"Give the user the right to see phones, or name 'Phone' among the fields.",
	);
}
