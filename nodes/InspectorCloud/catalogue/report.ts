/** Reports of the recognition. Reference of the project: inspector-cloud-api.md §2, §4, traps 17 and 18. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField, Work } from '../../shared/catalogue';
import { inParallel } from '../../shared/road/parallel';
import { InputProblem } from '../../shared/errors/problems';
import { needed } from '../../shared/form/readers';
import { awaitReports, checkReports, readReport, reportRows } from '../reports';
import { simpleRow } from '../values';
import { idsOf } from '../visitDetails';
import { DOCS, resultsList } from './lists';

const MINUTE_MS = 60_000;
/** Recognition takes seconds to minutes; after so long the IDs are more use than the wait. */
const USUAL_MINUTES = 10;

export const returnField: Field = {
	name: 'return',
	label: 'Return',
	kind: 'choice',
	to: 'control',
	default: 'rows',
	choices: [
		{
			name: 'Rows',
			value: 'rows',
			description: 'One item per product, price or box, by the type of the report',
		},
		{
			name: 'Whole Reports',
			value: 'report',
			description: "One item per report, in the API's own form",
		},
	],
	help: 'What becomes an item: each row of a report, or the report',
};

export const waitOptions: Field[] = [
	{
		name: 'failedReports',
		label: 'Failed Reports',
		kind: 'choice',
		section: 'options',
		to: 'control',
		default: 'fail',
		choices: [
			{ name: 'Fail the Item', value: 'fail', description: 'The error names all reports' },
			{ name: 'Return As Items', value: 'return', description: 'With their status and error' },
		],
		help: 'What to do when a report ends in an error',
	},
	{
		name: 'waitMinutes',
		label: 'Wait at Most (Minutes)',
		kind: 'number',
		section: 'options',
		to: 'control',
		default: USUAL_MINUTES,
		min: 1,
		max: 240,
		help: 'After that, reports that are not ready are returned with their IDs and their status',
	},
];

/** How long the user wants to wait, in ms. */
export function patienceFor({ control }: Call): number {
	const minutes = control.waitMinutes;
	return (typeof minutes === 'number' ? minutes : USUAL_MINUTES) * MINUTE_MS;
}

/** The items of reports, as the form wants them. Throws `CallFailed` for failed ones. */
export function reportOutputs(
	reports: IDataObject[],
	call: Call,
	work: Work,
	started: string,
): IDataObject[] {
	if (call.control.failedReports !== 'return') checkReports(reports, work.vendor, started);
	return call.control.return === 'report' ? reports : reports.flatMap(reportRows);
}

export const ROW_OUTPUT: Record<string, OutputField> = {
	report_id: { type: 'number' },
	report_type: { type: 'string' },
	status: { type: 'string' },
	visit: { type: 'string' },
	sku_id: { type: 'number' },
	count: { type: 'number' },
};

export const webhookField: Field = {
	name: 'webhookUrl',
	label: 'Webhook URL',
	kind: 'text',
	section: 'additionalFields',
	to: 'body:webhook',
	placeholder: 'e.g. {{ $execution.resumeUrl }}',
	help: 'Address to which each report is sent when it is ready: that of a Report Ready Trigger, a Webhook node, or of this execution, for a Wait node behind this one',
	wire: (value) => {
		const text = String(value).trim();
		if (/^https?:\/\/\S+$/i.test(text)) return text;
		throw new InputProblem(
			'Webhook URL',
			`is '${text}'`,
			'Give an address that begins with https://.',
		);
	},
};

const reportIds: Field = {
	name: 'reportIds',
	label: 'Report IDs',
	kind: 'text',
	also: 'any',
	to: 'body:reports',
	required: true,
	placeholder: 'e.g. 1786, 1787',
	help: 'Separated by commas, or a list by an expression',
	wire: (value) => needed('Report IDs', idsOf('Report IDs', value)),
};

async function recalculateAndWait(call: Call, work: Work): Promise<IDataObject[]> {
	const ids = call.body.reports as Array<number | string>;
	const before: IDataObject[] = [];
	// One that does not exist is told before anything is started.
	await inParallel(ids, async (id) => {
		before.push(await readReport(id, work));
	});
	await work.send({
		method: 'POST',
		path: '/api/v1.5/reports/force_update/',
		body: call.body,
		idempotent: true,
	});
	const reports = await awaitReports(ids, work, patienceFor(call), before);
	return reportOutputs(reports, call, work, 'They were told to be computed anew.');
}

const LIST_ROW = ['id', 'status', 'report_type', 'created_date', 'updated_date', 'visit'];

export const reports: Operation[] = [
	{
		resource: 'report',
		operation: 'get',
		name: 'Get',
		action: 'Get recognition report',
		description: 'Retrieve one report as rows, or as a whole',
		route: 'GET /api/v1.5/reports/{id}/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [
			{
				name: 'reportId',
				label: 'Report ID',
				kind: 'text',
				to: 'path:id',
				required: true,
				placeholder: 'e.g. 1786',
				help: 'The number that a recognition has answered with',
			},
			returnField,
		],
		enrich: async ([report], call) =>
			await Promise.resolve(call.control.return === 'report' ? [report] : reportRows(report)),
		output: ROW_OUTPUT,
		notes: 'A report that is not ready, has failed or holds nothing is one item with its status.',
	},
	{
		resource: 'report',
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many recognition reports',
		description: 'Retrieve a list of reports with their status, without their content',
		route: 'GET /api/v1.5/reports/',
		docs: DOCS,
		answer: { kind: 'list' },
		list: resultsList,
		fields: [],
		simplify: (row) => simpleRow(row, LIST_ROW),
		output: {
			id: { type: 'number' },
			status: { type: 'string' },
			report_type: { type: 'string' },
			created_date: { type: 'string' },
			updated_date: { type: 'string' },
			visit: { type: 'string' },
		},
	},
	{
		resource: 'report',
		operation: 'recalculate',
		name: 'Recalculate',
		action: 'Recalculate recognition reports',
		description: 'Compute reports anew from what was recognised, after master data has changed',
		route: 'POST /api/v1.5/reports/force_update/',
		docs: DOCS,
		answer: { kind: 'object' },
		idempotent: true,
		fields: [reportIds, webhookField],
		output: { reports: { type: 'array' } },
		notes: 'The photos are not recognised anew.',
	},
	{
		resource: 'report',
		operation: 'recalculateAndWait',
		name: 'Recalculate and Wait',
		action: 'Recalculate recognition reports and wait for them',
		description: 'Compute reports anew and return them when they are ready',
		route: 'POST /api/v1.5/reports/force_update/',
		docs: DOCS,
		answer: { kind: 'object' },
		idempotent: true,
		fields: [reportIds, returnField, ...waitOptions],
		perform: async (call, work) => (await recalculateAndWait(call, work)).map((json) => ({ json })),
		output: ROW_OUTPUT,
	},
];
