/**
 * Altegio: lists read to their end, clients by phone, and many locations polled, at 5 requests a second and 200 a
 * minute for an address. Measured like MoySklad's works; the floors are made of Altegio's budget.
 */
import { withProgress } from '../sandbox/setup.mjs';
import { floorMs, latencyOf, listChain, type Budget } from './floor';
import { figuresOf, type Figures } from './measure';
import type { AltegioSetup, MeasuredWorkflow, SeenRequest } from './messages';
import { AltegioHandle, measureJob } from './processes';

const TYPE = 'altegioApi';
const CREDENTIALS = { [TYPE]: { id: 'bench', name: 'bench' } };
const LOCATION = { __rl: true, mode: 'id', value: '1000' };

/** Requests that one address may start (Altegio docs: rate limits); side by side as many as fit. */
const BUDGET: Budget = { requests: 5, perMs: 1000, parallel: 5 };
const PER_MINUTE = 200;
/** Rows of a page. */
const PAGE = 200;
/** New clients of a request. */
const BATCH = 100;

export const ROWS = 10_000;
export const CLIENTS = 1000;
/** Of the clients, those that are there before; they take two requests each, so that the work fits into two minutes. */
export const KNOWN = 100;
export const LOCATIONS = 50;

/** What a work gave: the figures, and how often each address was asked for. */
export interface AltegioFigures extends Figures {
	calls: string[];
}

/** `GET /records/1000` → `GET /records/…`, with how many there were. */
function callsOf(seen: SeenRequest[]): string[] {
	const counts = new Map<string, number>();
	for (const { method, url } of seen) {
		const path = url.split('?')[0].replace(/^\/api\/v1/, '');
		const call = `${method} ${path.replace(/\/\d+/g, '/…')}`;
		counts.set(call, (counts.get(call) ?? 0) + 1);
	}
	return [...counts].map(([call, count]) => `${count} × ${call}`);
}

async function measured(
	title: string,
	setup: Partial<AltegioSetup>,
	workflow: (api: string) => MeasuredWorkflow,
): Promise<AltegioFigures> {
	return await withProgress(title, async () => {
		const salons = await AltegioHandle.open({
			appointments: 0,
			clients: 0,
			locations: 1,
			...setup,
		});
		try {
			const { origin } = salons.ready;
			const api = `${origin}/api/v1`;
			const tokens = { partnerToken: 'partner', userToken: 'user' };
			const data = { platform: 'custom', customUrl: api, ...tokens };
			const job = { credential: { type: TYPE, data, origin }, workflows: [workflow(api)] };
			const result = await measureJob(salons, job);
			const seen = await salons.requests();
			return { ...figuresOf(result, seen), calls: callsOf(seen) };
		} finally {
			await salons.close();
		}
	});
}

const ours = (parameters: object) => ({
	name: 'Altegio',
	type: 'n8n-nodes-retail-ops.altegio',
	parameters: { locationId: LOCATION, ...parameters },
	credentials: CREDENTIALS,
});

export type AltegioList = 'appointments' | 'clients';

export function listFloorMs(): number {
	return floorMs([listChain(ROWS, PAGE)], BUDGET);
}

/** All appointments, or all clients, of a location. */
export async function measureList(list: AltegioList): Promise<AltegioFigures> {
	const parameters = {
		appointments: { resource: 'appointment', operation: 'getAll', output: 'raw' },
		clients: { resource: 'client', operation: 'search', output: 'raw' },
	}[list];
	return await measured(`Export ${ROWS} ${list} (Altegio)`, { [list]: ROWS }, () => ({
		nodes: [ours({ ...parameters, returnAll: true })],
	}));
}

/** (a): n8n's HTTP Request node with its pagination, page after page, and Split Out behind it. */
export async function measureHttpList(list: AltegioList): Promise<AltegioFigures> {
	const page = '={{ $pageCount + 1 }}';
	const isBody = list === 'clients';
	const pagination = {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: { parameters: [{ type: isBody ? 'body' : 'qs', name: 'page', value: page }] },
		paginationCompleteWhen: 'other',
		completeExpression: `={{ $response.body.data.length < ${PAGE} }}`,
		limitPagesFetched: false,
		requestInterval: PER_REQUEST_MS,
	};
	const fields = ['id', 'name', 'phone', 'email'];
	const request = isBody
		? {
				method: 'POST',
				path: '/company/1000/clients/search',
				sendBody: true,
				contentType: 'json',
				specifyBody: 'json',
				jsonBody: JSON.stringify({ page: 1, page_size: PAGE, fields }),
			}
		: {
				method: 'GET',
				path: '/records/1000',
				sendQuery: true,
				queryParameters: { parameters: [{ name: 'count', value: String(PAGE) }] },
			};
	return await measured(
		`(a) HTTP Request with pagination: ${ROWS} ${list} (Altegio)`,
		{ [list]: ROWS },
		(api) => {
			const { path, ...rest } = request;
			const http = {
				name: 'HTTP Request',
				type: 'n8n-nodes-base.httpRequest',
				parameters: {
					...AUTHENTICATION,
					...rest,
					url: api + path,
					options: { pagination: { pagination } },
				},
				credentials: CREDENTIALS,
			};
			const parameters = { fieldToSplitOut: 'data' };
			const split = { name: 'Split Out', type: 'n8n-nodes-base.splitOut', parameters };
			return { nodes: [http, split] };
		},
	);
}

const AUTHENTICATION = {
	authentication: 'predefinedCredentialType',
	nodeCredentialType: TYPE,
	sendHeaders: true,
	headerParameters: {
		parameters: [{ name: 'Accept', value: 'application/vnd.api.v2+json' }],
	},
};
/** Between two requests of the HTTP Request node (ms): five a second. */
const PER_REQUEST_MS = 200;

/** The known clients in pages, two requests for each of them, the new ones a hundred at a time. */
export const CLIENT_REQUESTS = Math.ceil(KNOWN / PAGE) + 2 * KNOWN + (CLIENTS - KNOWN) / BATCH;

/** The requests of a minute are gone after 40 s; the rest waits for the next minute. */
export function clientsFloorMs(): number {
	const singles = Array.from({ length: 2 * KNOWN }, () => latencyOf(1));
	const batches = Array.from({ length: (CLIENTS - KNOWN) / BATCH }, () => latencyOf(BATCH));
	const rest = [...batches, ...singles];
	const all = floorMs([{ first: latencyOf(KNOWN), rest }], BUDGET);
	if (rest.length < PER_MINUTE) return all;
	const later = rest.slice(0, rest.length + 1 - PER_MINUTE);
	return Math.max(all, 60_000 + floorMs([{ rest: later }], BUDGET));
}

/** Create or Update by phone: a hundred known clients among a thousand, in all spellings. */
export async function measureClients(): Promise<AltegioFigures> {
	const items = Array.from({ length: CLIENTS }, (_, at) => ({
		name: `Changed ${at}`,
		phone: at % 10 === 0 ? `+7 (000) 000-${spelled(at / 10)}` : `+7 999 100-${spelled(at)}`,
	}));
	return await measured(
		`Create or update ${CLIENTS} clients (Altegio)`,
		{ clients: KNOWN },
		() => ({
			items,
			nodes: [
				ours({
					resource: 'client',
					operation: 'upsert',
					inputMode: 'fields',
					fields: {
						mappingMode: 'defineBelow',
						value: { name: '={{ $json.name }}', phone: '={{ $json.phone }}' },
						matchingColumns: ['phone'],
						schema: [],
					},
				}),
			],
		}),
	);
}

/** 123 → `01-23`. */
function spelled(number: number): string {
	const digits = String(number).padStart(4, '0');
	return `${digits.slice(0, 2)}-${digits.slice(2)}`;
}

/** (b) of the clients: looks for the phone of each item, and no more. */
export const SAMPLE = 100;
export async function measureHttpClients(): Promise<AltegioFigures> {
	const items = Array.from({ length: SAMPLE }, (_, at) => ({ phone: `7999100${1000 + at}` }));
	const label = `(b) HTTP Request once per item: search ${SAMPLE} (Altegio)`;
	return await measured(label, { clients: KNOWN }, (api) => ({
		items,
		nodes: [
			{
				name: 'HTTP Request',
				type: 'n8n-nodes-base.httpRequest',
				parameters: {
					...AUTHENTICATION,
					method: 'POST',
					url: `${api}/company/1000/clients/search`,
					sendBody: true,
					contentType: 'json',
					specifyBody: 'json',
					jsonBody:
						'={{ { fields: ["id"], filters: [{ type: "quick_search", state: { value: $json.phone } }] } }}',
					options: { batching: { batch: { batchSize: 1, batchInterval: 250 } } },
				},
				credentials: CREDENTIALS,
			},
		],
	}));
}

/** When the workflow is published, the locations and the page behind them; then each location, twice. */
export const POLL_REQUESTS = 2 + 2 * LOCATIONS;

export function pollFloorMs(): number {
	const rest = Array.from({ length: 2 * LOCATIONS + 1 }, () => latencyOf(0));
	return floorMs([{ first: latencyOf(LOCATIONS), rest }], BUDGET);
}

/** The polling trigger is published for all locations of the user, which polls for the first time, and polls once more. */
export async function measurePoll(): Promise<AltegioFigures> {
	const parameters = {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		locationIds: [],
		events: ['appointmentCreated', 'appointmentUpdated'],
		options: { settle: 0 },
	};
	const type = 'n8n-nodes-retail-ops.altegioPollingTrigger';
	const name = 'Altegio Polling Trigger';
	return await measured(
		`${LOCATIONS} locations polled (Altegio)`,
		{ locations: LOCATIONS },
		() => ({
			polls: 1,
			nodes: [{ name, type, parameters, credentials: CREDENTIALS }],
		}),
	);
}
