/** Visits: one or more appointments of a client on a day. Reference of the project: altegio.md §3. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { isRecord } from '../../shared/record';
import { family } from '../dialect';
import { locationPick } from './fields';
import { location } from './location';
import { VISIT_LINES, withLines, withRows } from './visitLines';

/** Meaning of the attendance codes (Altegio docs: visit status). */
const STATUSES: Record<string, string> = {
	'-1': 'Did not come',
	'0': 'Waiting',
	'1': 'Arrived',
	'2': 'Confirmed',
};

const visitId: Field = {
	name: 'visitId',
	label: 'Visit ID',
	kind: 'text',
	to: 'path:visitId',
	required: true,
	placeholder: 'e.g. 8260852',
	hint: "The number found as visit_id, not the appointment's own ID",
	help: "Found as visit_id in an appointment and in the link of a visit. It is not the appointment's own ID.",
	wire: (value) => {
		const text = String(value).trim();
		if (/^[1-9]\d*$/.test(text)) return text;
		throw new InputProblem(
			'Visit ID',
			`is '${text}'`,
			'A visit ID is a whole number such as 8260852.',
		);
	},
};

/** How a visit is found; workflows that do not say it have the number. */
const BY_ID = 'id';
const BY_DAY = 'day';
const byDay = { findBy: [BY_DAY] };

/** The day whose visits are listed. */
export const DAY = 'visitDay';

const found: Field[] = [
	{
		name: 'findBy',
		label: 'Find By',
		kind: 'choice',
		to: 'control',
		choices: [
			{ name: 'ID', value: BY_ID },
			{ name: 'Location and Day', value: BY_DAY },
		],
		default: BY_ID,
		help: 'How the visit is found: by its number, or among those of a day by the name or phone of the client',
	},
	{ ...visitId, when: { findBy: [BY_ID] } },
	{ ...location, to: 'control', when: byDay },
	{
		name: DAY,
		label: 'Day',
		kind: 'time',
		as: 'date',
		to: 'control',
		when: byDay,
		help: 'The day whose visits are listed, on the clock of the location',
	},
	{
		...locationPick(
			'dayVisitId',
			'Visit',
			'searchVisits',
			'8260852',
			'Searched by client and phone',
		),
		to: 'path:visitId',
		required: true,
		when: byDay,
	} as Field,
];

/** Distinct texts of all appointments, joined. */
function joined(records: IDataObject[], read: (record: IDataObject) => unknown[]): string {
	const values = records.flatMap(read).filter((value) => value !== undefined && value !== '');
	return [...new Set(values.map(String))].join(', ');
}

/** Lines of a visit in the form in which an update takes them. */
const SERVICE = ['id', 'title', 'cost', 'cost_per_unit', 'discount', 'first_cost'];
const PRODUCT = [
	...['id', 'title', 'barcode', 'article', 'amount', 'cost_per_unit', 'price', 'cost'],
	...['operation_unit_type', 'master_id', 'storage_id', 'good_id', 'discount'],
];

/** A visit without a comment has the number 0. */
const commentOf = (comment: unknown) =>
	comment === 0 || comment === null || comment === undefined ? '' : String(comment);

/** The body that leaves a visit as it is. */
function keptOfVisit({ attendance, comment, records }: IDataObject): IDataObject {
	const lines = (record: IDataObject, name: string) =>
		(Array.isArray(record[name]) ? record[name] : []) as IDataObject[];
	const only = (row: IDataObject, names: string[]) =>
		Object.fromEntries(
			names
				.filter((name) => row[name] !== undefined && row[name] !== null)
				.map((name) => [name, row[name]]),
		) as IDataObject;
	const all = (Array.isArray(records) ? records : []) as IDataObject[];
	return {
		attendance,
		comment: commentOf(comment),
		services: all.flatMap((record) =>
			lines(record, 'services').map((row) => ({ ...only(row, SERVICE), record_id: record.id })),
		),
		goods_transactions: all.flatMap((record) =>
			lines(record, 'goods_transactions').map((row) => only(row, PRODUCT)),
		),
	};
}

/** An empty object arrives as an empty array from this API. */
function objectOf(value: unknown): IDataObject {
	return isRecord(value) ? value : {};
}

const visit = family({ value: 'visit', one: 'visit', many: 'visits' });

export const visits: Operation[] = [
	visit(
		'visit.getDetails',
		'getDetails',
		'Get Details',
		'Retrieve the payments, points and lines of a visit',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	withLines(
		visit(
			'visit.update',
			'update',
			'Update',
			'Change status, lines or payment of a visit; all else stays',
			{
				mapper: { mode: 'update', front: ['attendance', 'comment', 'fast_payment'] },
				tune: { comment: { wire: commentOf }, ...VISIT_LINES },
				answer: { kind: 'done' },
				replaces: {
					read: 'GET /visits/{visitId}',
					at: 'data',
					keep: keptOfVisit,
					join: withRows,
				},
				facts: 'visit.update~',
				notes:
					'Altegio replaces the visit, so it is read first and its comment, services and products are sent along. Rows change single lines; a list as JSON is the whole list.',
			},
		),
	),
	visit(
		'visit.getReceiptPdf',
		'getReceipt',
		'Get Receipt',
		'Download the receipt of a visit as a file',
		{
			answer: { kind: 'file' },
		},
	),
	visit(
		'visit.searchClientHistory',
		'getHistory',
		'Get History',
		'List the visits of a client in all locations of the chain',
		{
			action: 'Get visits of client',
			answer: { kind: 'list', at: 'data.records' },
			does: 'reads',
		},
	),
	{
		resource: 'visit',
		operation: 'get',
		name: 'Get',
		action: 'Get visit of client',
		description: 'Retrieve a visit with its appointments, client, team member and documents',
		route: 'GET /visits/{visitId}',
		docs: 'https://developer.alteg.io/api',
		answer: { kind: 'object', at: 'data' },
		fields: found,
		simplify: (visit, call) => {
			const records = (Array.isArray(visit.records) ? visit.records : []) as IDataObject[];
			const client = objectOf(
				records.map((record) => objectOf(record.client)).find(({ id }) => id),
			);
			return {
				id: Number(call.path.visitId),
				datetime: visit.datetime,
				attendance: visit.attendance,
				status: STATUSES[String(visit.attendance)] ?? null,
				locationId: records[0]?.company_id ?? null,
				clientId: client.id ?? null,
				clientName: client.name ?? null,
				// A number in one installation, a text in another.
				clientPhone:
					client.phone === undefined || client.phone === null ? null : String(client.phone),
				staff: joined(records, (record) => [objectOf(record.staff).name]),
				services: joined(records, (record) =>
					((Array.isArray(record.services) ? record.services : []) as IDataObject[]).map(
						({ title }) => title,
					),
				),
			};
		},
		output: {
			id: { type: 'number' },
			datetime: { type: 'string' },
			attendance: { type: 'number' },
			status: { type: 'string' },
			locationId: { type: 'number' },
			clientId: { type: 'number' },
			clientName: { type: 'string' },
			clientPhone: { type: 'string' },
			staff: { type: 'string' },
			services: { type: 'string' },
		},
		notes:
			'The user behind the token needs access to the location. 5 requests a second and 200 a minute for one IP address.',
	},
];
