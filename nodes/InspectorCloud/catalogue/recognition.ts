/** Recognition of photos. Reference of the project: inspector-cloud-api.md §2, §5.3, traps 15, 16 and 20. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Output, Work } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { needed } from '../../shared/form/readers';
import { checkEach } from '../../shared/run/checks';
import { requestOf } from '../../shared/run/request';
import { awaitReports, REPORT_TYPES } from '../reports';
import { idsOf } from '../visitDetails';
import { DOCS } from './lists';
import {
	patienceFor,
	reportOutputs,
	returnField,
	ROW_OUTPUT,
	waitOptions,
	webhookField,
} from './report';

export const imagesField = (required: boolean): Field => ({
	name: 'images',
	label: 'Photo IDs',
	kind: 'text',
	also: 'any',
	to: 'body:images',
	...(required ? { required: true } : { section: 'additionalFields' as const }),
	placeholder: 'e.g. 26810278, 26810279',
	help: required
		? 'IDs of uploaded photos of one scene, separated by commas, or a list by an expression. Each input item is a recognition of its own: gather photos that came as items by the node Aggregate before.'
		: 'IDs of uploaded photos that show it, separated by commas',
	wire: (value) => needed('Photo IDs', idsOf('Photo IDs', value)),
});

const text = (
	name: string,
	label: string,
	to: Field['to'],
	more: { help?: string; placeholder?: string } = {},
): Field => ({
	name,
	label,
	kind: 'text',
	section: 'additionalFields',
	to,
	...more,
});

const fields: Field[] = [
	imagesField(true),
	{
		name: 'reportTypes',
		label: 'Report Types',
		kind: 'choices',
		open: true,
		to: 'body:report_types',
		choices: REPORT_TYPES,
		help: "What to compute. Your project's own types go by an expression; without any, your project's usual ones are computed.",
	},
	{
		name: 'country',
		label: 'Country Code',
		kind: 'text',
		section: 'additionalFields',
		// The documented name lacks a letter.
		to: 'body:counry_code',
		placeholder: 'e.g. RU',
		help: "Two letters (ISO 3166). Sent as 'counry_code', as the documentation spells it.",
		wire: (value) => {
			const code = String(value).trim().toUpperCase();
			if (/^[A-Z]{2}$/.test(code)) return code;
			throw new InputProblem(
				'Country Code',
				`is '${String(value)}'`,
				'Give two letters, such as RU.',
			);
		},
	},
	{
		name: 'datetime',
		label: 'Date and Time',
		kind: 'time',
		as: 'instant',
		section: 'additionalFields',
		to: 'body:datetime',
		help: 'When the photos were taken',
	},
	text('display', 'Display ID', 'body:display', {
		help: 'Reports on planograms and must-have lists need it',
	}),
	{
		name: 'extraFields',
		label: 'Extra Fields',
		kind: 'json',
		section: 'additionalFields',
		to: 'control',
		placeholder: 'e.g. { "country_code": "RU" }',
		help: 'JSON object with further fields of the API, sent as they are',
	},
	{
		name: 'metadata',
		label: 'Metadata',
		kind: 'json',
		section: 'additionalFields',
		to: 'body:metadata',
		placeholder: 'e.g. { "agent_id": 5633 }',
		help: 'JSON object of your own',
	},
	{
		name: 'panoramaHeight',
		label: 'Panorama Height (Photos)',
		kind: 'number',
		section: 'additionalFields',
		to: 'body:panorama_stack_height',
		default: 1,
		min: 1,
		whole: true,
		help: 'How many photos stand above each other',
	},
	{
		name: 'panoramaWidth',
		label: 'Panorama Width (Photos)',
		kind: 'number',
		section: 'additionalFields',
		to: 'body:panorama_stack_width',
		default: 1,
		min: 1,
		whole: true,
		help: 'How many photos stand beside each other',
	},
	text('retailChain', 'Retail Chain', 'body:retail_chain'),
	text('visit', 'Visit ID', 'body:visit', {
		help: 'A visit of the Visit Registry. Without it, each recognition makes a visit of its own.',
	}),
];

function withExtra(request: { body?: IDataObject | IDataObject[] }, { control }: Call): void {
	const { extraFields } = control;
	if (extraFields === undefined) return;
	if (Array.isArray(extraFields)) {
		throw new InputProblem('Extra Fields', 'is a list', 'Give one object in curly brackets.');
	}
	request.body = { ...(request.body as IDataObject), ...(extraFields as IDataObject) };
}

const WAIT_BY = 'Wait By';

const waitByField: Field = {
	name: 'waitBy',
	label: WAIT_BY,
	kind: 'choice',
	section: 'options',
	to: 'control',
	default: 'asking',
	choices: [
		{
			name: 'Asking',
			value: 'asking',
			description: 'The node runs on and looks every few seconds',
		},
		{
			name: 'Callback',
			value: 'callback',
			description:
				"The execution sleeps until Inspector Cloud calls n8n's resume URL, which it must be able to reach; failed reports come as items",
		},
	],
	help: 'How to learn that the reports are ready',
};

const byCallback = ({ control }: Call) => control.waitBy === 'callback';

/** Gives the calls that wait by callback their address. */
function nameCallback(call: Call, work: Work): void {
	if (!byCallback(call)) return;
	const { body, control } = call;
	if (body.webhook !== undefined) {
		throw new InputProblem(
			'Webhook URL',
			`is given, and '${WAIT_BY}' is Callback, which needs it for itself`,
			`Leave it out, or choose Asking.`,
		);
	}
	if (control.failedReports === 'fail') {
		throw new InputProblem(
			'Failed Reports',
			`is 'Fail the Item', and '${WAIT_BY}' is Callback: an execution that is woken cannot fail an item`,
			"Choose 'Return As Items', or wait by asking.",
		);
	}
	body.webhook = work.wakingUrl(WAIT_BY);
}

/** Starts a recognition; its reports are items to come. */
async function recogniseAndSleep(call: Call, work: Work): Promise<Output[]> {
	const { body } = await work.send(requestOf(work.vendor, call));
	const recognition = body as IDataObject;
	const reports = Object.entries((recognition.reports ?? {}) as IDataObject);
	if (reports.length === 0) return [{ json: recognition }];
	work.sleep(patienceFor(call));
	return reports.map(([type, id]) => ({
		json: {
			report_id: id,
			report_type: type,
			status: 'NOT_READY',
			recognition_id: recognition.id,
			scene: recognition.scene,
		},
		pending: { return: call.control.return },
	}));
}

async function recogniseAndWait(call: Call, work: Work): Promise<IDataObject[]> {
	const answer = await work.send(requestOf(work.vendor, call));
	const recognition = answer.body as IDataObject;
	const ids = Object.values((recognition.reports ?? {}) as IDataObject);
	const told = `The recognition was started (${String(recognition.id)}, scene ${String(recognition.scene)}).`;
	const about = { recognition_id: recognition.id, scene: recognition.scene };
	try {
		const reports = await awaitReports(ids, work, patienceFor(call));
		const types = new Map(
			Object.entries((recognition.reports ?? {}) as IDataObject).map(([type, id]) => [
				String(id),
				type,
			]),
		);
		// One that was never answered has no type of its own.
		const named = reports.map((one) => ({ report_type: types.get(String(one.id)), ...one }));
		const rows = reportOutputs(named, call, work, told);
		return rows.length > 0 ? rows.map((row) => ({ ...row, ...about })) : [recognition];
	} catch (error) {
		if (!(error instanceof CallFailed) || error.details.hint.includes(told)) throw error as Error;
		// Another start would make another visit.
		throw new CallFailed({ ...error.details, hint: `${error.details.hint} ${told}` }).afterWork();
	}
}

export const recognitions: Operation[] = [
	{
		resource: 'recognition',
		operation: 'recogniseAndWait',
		name: 'Recognise and Wait',
		action: 'Recognise photos and wait for reports',
		description: 'Recognise the photos of one scene and return the reports when they are ready',
		route: 'POST /api/v1.5/recognize/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [...fields, webhookField, returnField, ...waitOptions, waitByField],
		shape: withExtra,
		prepare: async (calls, work) => await checkEach(calls, (call) => nameCallback(call, work)),
		perform: async (call, work) =>
			byCallback(call)
				? await recogniseAndSleep(call, work)
				: (await recogniseAndWait(call, work)).map((json) => ({ json })),
		output: { recognition_id: { type: 'number' }, scene: { type: 'string' }, ...ROW_OUTPUT },
		notes:
			'100 recognitions a minute. Not sent again when nobody knows whether it was carried out: it would make a second visit.',
	},
	{
		resource: 'recognition',
		operation: 'start',
		name: 'Start',
		action: 'Start recognition of photos',
		description: 'Recognise the photos of one scene; the answer names the reports to come',
		route: 'POST /api/v1.5/recognize/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [...fields, webhookField],
		shape: withExtra,
		output: {
			id: { type: 'number' },
			images: { type: 'array' },
			display: { type: 'number' },
			reports: { type: 'object' },
			scene: { type: 'string' },
		},
		notes:
			'100 recognitions a minute. Not sent again when nobody knows whether it was carried out: it would make a second visit.',
	},
];

/** The Recognition API names a scene by a UUID, the Data API by a number. */
export const sceneField = {
	name: 'scene',
	label: 'Scene',
	kind: 'text',
	to: 'body:scene',
	required: true,
	placeholder: 'e.g. 0f8fad5bd9cb469fa16570867728950e',
	help: 'Scene of a recognition: a UUID. Scenes of visits have numbers, which are of no use here.',
	wire: (value: unknown) => {
		const scene = String(value).trim();
		if (/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(scene)) return scene;
		throw new InputProblem(
			'Scene',
			`is '${scene}'`,
			/^\d+$/.test(scene)
				? 'This is the scene of a visit (Data API). Give the scene that Recognition: Start answers with, a UUID.'
				: 'A scene of the Recognition API is a UUID of 32 hexadecimal digits.',
		);
	},
} satisfies Field;
