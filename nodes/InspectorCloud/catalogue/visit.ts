/** Visits of agents to stores (Data API). Reference of the project: inspector-cloud-api.md §2, §3.2, §5.1. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Field, Operation, OutputField, Work } from '../../shared/catalogue';
import { labelFrom } from '../../shared/form/labels';
import { InputProblem } from '../../shared/errors/problems';
import { numberOf } from '../../shared/form/readers';
import {
	cutVisit,
	isWanted,
	needsNoAnnotations,
	readVisits,
	wantedSet,
	type Cut,
} from '../visitDetails';
import { allColumns, columnsOf, photosIn, simplePart, SPLITS, type PartName } from '../visitParts';
import { plainId, objectsIn, plain, utc, zoned } from '../values';
import { DOCS, resultsList } from './lists';

/** A visit from the list, by ID or by the link of the portal. */
export const visitField = {
	name: 'visitId',
	label: 'Visit',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: {
		search: 'searchVisits',
		id: {
			pattern: '^\\s*[1-9]\\d*\\s*$',
			message: 'A visit ID is a whole number from 1 up',
			placeholder: 'e.g. 324096',
		},
		url: {
			pattern: 'https?://[^/]+/portal/visit/(\\d+)(?:[/?#].*)?',
			placeholder: 'e.g. https://yourcompany.inspector-cloud.com/portal/visit/324096',
		},
	},
	help: 'The list shows visits that nobody has acknowledged yet; any visit can be given by ID or link',
} satisfies Field;

/** What the vendor calls a recognition error, in both languages of its portal. */
export const NOT_OUT_OF_STOCK = 'Ошибка распознавания, Recognition error';

const splitField = (when?: Field['when']): Field => ({
	name: 'splitInto',
	label: 'Split Into',
	kind: 'choice',
	to: 'control',
	default: 'visit',
	choices: SPLITS,
	...(when ? { when } : {}),
	help: 'One item per visit, or per part of it. Each row has its visit, store and agent.',
});

const splitOptions: Field[] = [
	{
		name: 'withDeletedPhotos',
		label: 'Include Deleted Photos',
		kind: 'toggle',
		section: 'options',
		to: 'control',
		help: 'Whether rows of photos include those that were deleted',
	},
	{
		name: 'allOutOfStock',
		label: 'Include What Is Not Out-of-Stock',
		kind: 'toggle',
		section: 'options',
		to: 'control',
		help: "Whether out-of-stock rows include products that the project's rules count as found (fixed) and those whose reason is a recognition error",
	},
	{
		name: 'notOutOfStock',
		label: 'Reasons That Are Not Out-of-Stock',
		kind: 'text',
		also: 'list',
		section: 'options',
		to: 'control',
		default: NOT_OUT_OF_STOCK,
		help: "Out-of-stock rows with these reasons are left out; they are words of your project's list. Separated by commas.",
	},
];

const leaveOutAnnotations: Field = {
	name: 'leaveOutAnnotations',
	label: 'Leave Out Annotations',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	default: true,
	help: 'Whether to drop the boxes drawn on the photos, which can make a visit several megabytes large',
};

function splitOf({ control }: Call): PartName | 'visit' {
	return (control.splitInto ?? 'visit') as PartName | 'visit';
}

/** How the form wants visits to be cut. */
export function cutOf(control: IDataObject, withoutAnnotations: boolean): Cut {
	const reasons = String(control.notOutOfStock ?? NOT_OUT_OF_STOCK);
	return {
		split: (control.splitInto ?? 'visit') as Cut['split'],
		withoutAnnotations,
		parts: {
			withDeleted: control.withDeletedPhotos === true,
			allOutOfStock: control.allOutOfStock === true,
			notOutOfStock: wantedSet(reasons),
		},
	};
}

/** A visit in a flat row. */
export function simpleVisit(visit: IDataObject): IDataObject {
	return {
		id: plainId(visit.id),
		cid: plain(visit.cid),
		portal_url: plain(visit.portal_url),
		store_id: plainId(visit.store_id),
		customer_id: plain(visit.customer_id),
		current_agent_name: plain(visit.current_agent_name),
		is_closed: plain(visit.is_closed),
		closed_at: utc(visit.closed_at),
		updated_at: utc(visit.updated_at),
		photos: objectsIn(visit.scenes).reduce((sum, scene) => sum + photosIn(scene), 0),
	};
}

/** Rows of a visit that was split have columns of their own. */
function columns(call: Call): Record<string, OutputField> | undefined {
	const split = splitOf(call);
	return split === 'visit' ? undefined : columnsOf(split);
}

const PICKABLE = [
	...['agent_id', 'app_closed_at', 'app_created_at', 'closed_latitude', 'closed_longitude'],
	...['created_at', 'current_agent_role', 'current_agent_route', 'is_deleted', 'is_new'],
	...['latitude', 'longitude', 'kpi_values', 'oos_reasons', 'scenes', 'dqi'],
	...allColumns(),
];

const rawFields = [...new Set(PICKABLE)].map((name) => ({
	name: labelFrom(name),
	value: name,
}));

const VISIT_OUTPUT: Operation['output'] = {
	id: { type: 'number' },
	cid: { type: 'string' },
	portal_url: { type: 'string' },
	store_id: { type: 'number' },
	customer_id: { type: 'string' },
	current_agent_name: { type: 'string' },
	is_closed: { type: 'boolean' },
	closed_at: { type: 'string' },
	updated_at: { type: 'string' },
	photos: { type: 'number' },
};

/** The documented length of a client ID. */
const MOST_CHARACTERS = 255;

function shortText(label: string, value: unknown): string {
	const text = String(value).trim();
	if (text.length <= MOST_CHARACTERS) return text;
	throw new InputProblem(
		label,
		`has ${text.length} characters`,
		`Inspector Cloud takes ${MOST_CHARACTERS} at most.`,
	);
}

const withDetails = { details: [true] };

/** The lists that make up the wanted one: the vendor gives new visits, or acknowledged ones, and never both. */
function visitLists(request: ApiRequest, which: unknown): ApiRequest[] {
	const flags = which === 'all' ? [true, false] : [which !== 'acknowledged'];
	// Said each time: without it, the list silently shows new visits only.
	return flags.map((isNew) => ({ ...request, query: { ...request.query, is_new: isNew } }));
}

/** Rows of one list or both (new visits, acknowledged ones), each once, that were made before a moment (ISO 8601). */
async function* fromLists(
	requests: ApiRequest[],
	until: unknown,
	limit: number,
	work: Work,
): AsyncGenerator<IDataObject[], void, undefined> {
	const known = new Set<string>();
	let left = limit;
	for (const request of requests) {
		for await (const rows of work.pages({ request, rule: resultsList, limit: Infinity })) {
			const fresh = rows.filter((row) => {
				const key = String(row.id);
				return !known.has(key) && isBefore(row, until) && known.add(key);
			});
			const wanted = fresh.slice(0, left);
			left -= wanted.length;
			if (wanted.length > 0) yield wanted;
			if (left <= 0) return;
		}
	}
}

/** A visit whose date cannot be read is not left out. */
function isBefore({ created_at: made }: IDataObject, until: unknown): boolean {
	return until === undefined || !(Date.parse(String(utc(made))) >= Date.parse(String(until)));
}

export const visits: Operation[] = [
	{
		resource: 'visit',
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many store visits',
		description: 'Retrieve a list of visits, with their details if wanted',
		route: 'GET /visits/',
		docs: DOCS,
		answer: { kind: 'list' },
		list: resultsList,
		fields: [
			{
				name: 'which',
				label: 'Which Visits',
				kind: 'choice',
				to: 'control',
				default: 'new',
				choices: [
					{
						name: 'Acknowledged',
						value: 'acknowledged',
						description: 'Acknowledged, and not changed since',
					},
					{ name: 'All', value: 'all', description: 'Two lists, one after the other' },
					{
						name: 'New or Changed',
						value: 'new',
						description: 'Not acknowledged since their last change',
					},
				],
				help: 'New, acknowledged, or all visits',
			},
			{
				name: 'details',
				label: 'Get Details',
				kind: 'toggle',
				to: 'control',
				help: 'Whether to read each visit with store, agent, scenes, prices and KPIs. The list itself tells ID, name and dates only. Takes one request per visit, several at a time.',
				hint: 'Off: store, agent, link and whether it is closed stay empty, because the list does not tell them',
			},
			splitField(withDetails),
			{
				name: 'agent',
				label: 'Agent Name',
				kind: 'text',
				section: 'filters',
				to: 'query:agent',
				help: "The agent's name at the time of the visit",
			},
			{
				name: 'cid',
				label: 'Client ID (CID)',
				kind: 'text',
				section: 'filters',
				to: 'query:cid',
				help: 'The ID of the visit in your system',
			},
			{
				name: 'since',
				label: 'From',
				kind: 'time',
				as: 'instant',
				section: 'filters',
				to: 'query:datetime_gte',
				help: 'Visits of this time and later',
			},
			{
				name: 'until',
				label: 'To',
				kind: 'time',
				as: 'instant',
				section: 'filters',
				to: 'control',
				help: 'Visits that were made before this time. Inspector Cloud has no such filter: later ones are read as well, and left out.',
			},
			{
				name: 'withDeleted',
				label: 'Include Deleted Visits',
				kind: 'toggle',
				section: 'filters',
				to: 'control',
				when: withDetails,
				help: 'Whether to return visits that were deleted; only their details tell',
			},
			{
				name: 'onlyClosed',
				label: 'Only Closed Visits',
				kind: 'toggle',
				section: 'filters',
				to: 'control',
				when: withDetails,
				help: 'Whether to leave out visits that the agent has not closed yet',
			},
			{
				name: 'route',
				label: 'Route',
				kind: 'text',
				section: 'filters',
				to: 'query:route',
				help: "The agent's route at the time of the visit",
			},
			{
				name: 'stores',
				label: 'Stores',
				kind: 'text',
				also: 'list',
				section: 'filters',
				to: 'control',
				when: withDetails,
				placeholder: 'e.g. 11020, STORE-17',
				help: 'Store IDs, or store codes of your system, separated by commas. They are compared after the details are read.',
			},
			leaveOutAnnotations,
			...splitOptions,
		],
		shape: (request, call) => {
			[request.query] = visitLists(request, call.control.which).map(({ query }) => query);
		},
		source: ({ control }, request, limit, work) => {
			const { which, until } = control;
			if (which !== 'all' && until === undefined) return undefined;
			return fromLists(visitLists(request, which), until, limit, work);
		},
		enrich: async (rows, call, send) => {
			const { control } = call;
			if (control.details !== true) return rows;
			const rules = {
				onlyClosed: control.onlyClosed === true,
				withDeleted: control.withDeleted === true,
				stores: wantedSet(control.stores),
				agents: new Set<string>(),
				routes: new Set<string>(),
			};
			const cut = cutOf(control, control.leaveOutAnnotations !== false);
			return await readVisits(
				rows.map((row) => row.id),
				send,
				needsNoAnnotations(cut),
				(visit) => (isWanted(visit, rules) ? cutVisit(visit, cut) : []),
			);
		},
		simplify: (row, call) => {
			const split = call.control.details === true ? splitOf(call) : 'visit';
			if (split !== 'visit') return simplePart(row, split);
			return {
				id: plainId(row.id),
				cid: plain(row.cid),
				name: plain(row.name),
				date: zoned(row.created_at, call.timezone),
				store_id: plainId(row.store_id),
				customer_id: plain(row.customer_id),
				current_agent_name: plain(row.current_agent_name),
				is_closed: plain(row.is_closed),
				updated_at: utc(row.updated_at),
				portal_url: plain(row.portal_url),
			};
		},
		columns: (call) => (call.control.details === true ? columns(call) : undefined),
		output: {
			id: { type: 'number' },
			cid: { type: 'string' },
			name: { type: 'string' },
			date: { type: 'string' },
			store_id: { type: 'number' },
			customer_id: { type: 'string' },
			current_agent_name: { type: 'string' },
			is_closed: { type: 'boolean' },
			updated_at: { type: 'string' },
			portal_url: { type: 'string' },
		},
		rawFields,
		notes:
			'Without Get Details, store, agent and link are empty, because the list does not tell them. Reading does not acknowledge.',
	},
	{
		resource: 'visit',
		operation: 'get',
		name: 'Get',
		action: 'Get store visit with photos and KPIs',
		description:
			'Retrieve a visit with scenes, photos, prices, KPIs, out-of-stock reasons and answers',
		route: 'GET /visits/{id}/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [visitField, splitField(), leaveOutAnnotations, ...splitOptions],
		enrich: async ([visit], call) =>
			await Promise.resolve(
				cutVisit(visit, cutOf(call.control, call.control.leaveOutAnnotations === true)),
			),
		simplify: (row, call) => {
			const split = splitOf(call);
			return split === 'visit' ? simpleVisit(row) : simplePart(row, split);
		},
		columns,
		output: VISIT_OUTPUT,
		rawFields,
		notes:
			'Reading a visit does not acknowledge it. Simplified rows have their times in UTC; raw ones the mixed time zones of the API.',
	},
	{
		resource: 'visit',
		operation: 'acknowledge',
		name: 'Acknowledge',
		action: 'Acknowledge store visit',
		description: 'Tell Inspector Cloud that a visit was received: it leaves the list of new visits',
		route: 'POST /visits/{id}/ack/',
		docs: DOCS,
		answer: { kind: 'done' },
		idempotent: true,
		fields: [
			visitField,
			{
				name: 'cid',
				label: 'Client ID (CID)',
				kind: 'text',
				section: 'additionalFields',
				to: 'body:cid',
				help: 'ID of the visit in your system, at most 255 characters',
				wire: (value) => shortText('Client ID (CID)', value),
			},
		],
		output: { success: { type: 'boolean' }, id: { type: 'string' } },
		notes: 'A visit becomes new again with every later change.',
	},
	{
		resource: 'visit',
		operation: 'setKpiValue',
		name: 'Set KPI Value',
		action: 'Set KPI value of store visit',
		description: 'Write the value of a KPI that your system has computed',
		route: 'POST /visits/{id}/kpivalue/',
		docs: DOCS,
		answer: { kind: 'done' },
		idempotent: true,
		fields: [
			visitField,
			{
				name: 'kpi',
				label: 'KPI ID',
				kind: 'text',
				to: 'body:kpi',
				required: true,
				placeholder: 'e.g. 12',
				help: "The column 'KPI ID' of a visit split into KPIs",
				wire: (value) => numberOf('KPI ID', value, { min: 1, whole: true }),
			},
			{
				name: 'value',
				label: 'Value',
				kind: 'text',
				to: 'body:value',
				required: true,
				placeholder: 'e.g. 0.85',
				help: 'A number in the unit of the KPI: a share or per cent, as your project has it',
				wire: (value) => numberOf('Value', value),
			},
			{
				name: 'targetValue',
				label: 'Target Value',
				kind: 'number',
				section: 'additionalFields',
				to: 'body:target_value',
			},
		],
		output: { success: { type: 'boolean' }, id: { type: 'string' } },
		notes: 'The visit becomes new again: skip it when only your own value has changed.',
	},
];
