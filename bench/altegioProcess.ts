/**
 * A process of its own that plays a chain of salons: appointments in pages that are ready before the first request,
 * clients that can be found, made and changed, and Altegio's limits for an address (5 requests a second, 200 a minute).
 * What it computes must not count for the work that is measured.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ALTEGIO_VISITS } from '../sandbox';
import { altegioVisitBody } from '../sandbox/altegio/data';
import { AltegioLimits } from '../sandbox/altegio/limits';
import { latencyOf } from './floor';
import type {
	AltegioReady,
	AltegioSetup,
	SandboxAnswer,
	SandboxOrder,
	SeenRequest,
} from './messages';

type Json = Record<string, unknown>;

/** The greatest page that users of the API ask for (reference of the project: altegio-api.md §1.6). */
const PAGE = 200;

/** First ID of locations, and of clients. */
const FIRST = 1000;

const digits = (value: unknown) => String(value ?? '').replace(/\D/g, '');

const envelope = (data: unknown, meta: unknown = []) =>
	JSON.stringify({ success: true, data, meta });

/** Appointments as the sandbox has one, with IDs of their own. */
function appointments(count: number): string[] {
	const [sample] = altegioVisitBody(1, ALTEGIO_VISITS.rich).records as Json[];
	const pages: string[] = [];
	for (let from = 0; from < count; from += PAGE) {
		const size = Math.min(PAGE, count - from);
		const rows = Array.from({ length: size }, (_, at) => ({ ...sample, id: from + at + 1 }));
		pages.push(envelope(rows, { total_count: size }));
	}
	return pages;
}

/** Clients of the location, found by the digits of their phones. */
class Clients {
	private readonly rows: Json[] = [];

	constructor(count: number) {
		for (let at = 0; at < count; at++)
			this.add({ name: `Client ${at}`, phone: 70_000_000_000 + at });
	}

	private add(body: Json): Json {
		const row = { ...body, id: FIRST + this.rows.length, phone: `+${digits(body.phone)}` };
		this.rows.push(row);
		return row;
	}

	get size(): number {
		return this.rows.length;
	}

	search({ page = 1, page_size: size = 25, filters = [] }: Json): { rows: Json[]; body: string } {
		const [first] = filters as Array<{ state: { value?: unknown } }>;
		const text = digits(first?.state.value);
		const fits = this.rows.filter(({ phone }) => digits(phone).includes(text));
		const from = (Number(page) - 1) * Number(size);
		const rows = fits.slice(from, from + Number(size));
		return { rows, body: envelope(rows, { total_count: fits.length }) };
	}

	createMany(bodies: Json[]): string {
		return envelope({ created: bodies.map((one) => this.add(one)), errors: [] });
	}

	create(body: Json): string {
		return envelope(this.add(body));
	}

	at(id: string, change: Json = {}): string {
		return envelope(Object.assign(this.rows[Number(id) - FIRST] ?? {}, change));
	}
}

interface Reply {
	status: number;
	body: string;
	rows: number;
}

/** What one request gets; rows decide how long it takes. */
function answerer(setup: AltegioSetup) {
	const pages = appointments(setup.appointments);
	const clients = new Clients(setup.clients);
	const places = Array.from({ length: setup.locations }, (_, at) => ({
		id: FIRST + at,
		title: `Salon ${at + 1}`,
		timezone: 3,
		timezone_name: 'Europe/Moscow',
	}));
	const ok = (body: string, rows = 1): Reply => ({ status: 200, body, rows });
	return (method: string, { pathname, searchParams }: URL, body: unknown): Reply => {
		const path = pathname.replace(/^\/api\/v1/, '');
		const id = path.split('/').at(-1) ?? '';
		const page = Number(searchParams.get('page') ?? 1);
		if (path === '/companies')
			return ok(envelope(page > 1 ? [] : places), page > 1 ? 0 : places.length);
		if (/^\/company\/\d+$/.test(path)) return ok(envelope(places[Number(id) - FIRST] ?? places[0]));
		if (path.startsWith('/records/')) {
			const isPoll = searchParams.has('changed_after');
			const found = isPoll ? undefined : pages[page - 1];
			const left = setup.appointments - (page - 1) * PAGE;
			return ok(found ?? envelope([]), found ? Math.min(PAGE, left) : 0);
		}
		if (path.endsWith('/clients/search')) {
			const { rows, body: text } = clients.search(body as Json);
			return ok(text, rows.length);
		}
		if (path.endsWith('/bulk'))
			return ok(clients.createMany(body as Json[]), (body as Json[]).length);
		if (/^\/clients\/\d+$/.test(path)) return ok(clients.create(body as Json));
		if (/^\/client\/\d+\/\d+$/.test(path)) {
			return ok(clients.at(id, method === 'PUT' ? (body as Json) : {}));
		}
		if (/^\/custom_fields\//.test(path)) return ok(envelope([]));
		return { status: 404, body: JSON.stringify({ success: false, data: null, meta: {} }), rows: 0 };
	};
}

function main(): void {
	const answer = answerer(JSON.parse(process.argv[2]) as AltegioSetup);
	const seen: SeenRequest[] = [];
	let limits = new AltegioLimits('documented');
	let start = 0;
	const server = createServer((request, response) => {
		const arrived = Date.now();
		start ||= arrived;
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const text = Buffer.concat(chunks).toString('utf8');
			const method = String(request.method);
			const isIn = limits.enter('one');
			const refused = { status: 429, body: '{"success":false,"data":null,"meta":{}}', rows: 0 };
			const url = new URL(request.url ?? '/', 'http://altegio');
			const { status, body, rows } = isIn
				? answer(method, url, text === '' ? undefined : (JSON.parse(text) as unknown))
				: refused;
			const durationMs = isIn ? latencyOf(rows) : 5;
			const facts = { vendor: 'altegio', method, url: String(request.url), status };
			seen.push({ ...facts, at: arrived - start, durationMs });
			setTimeout(() => {
				const date = new Date().toUTCString();
				response.writeHead(status, { 'content-type': 'application/json', date });
				response.end(body);
			}, durationMs);
		});
	});
	process.on('message', ({ order }: SandboxOrder) => {
		const reply: SandboxAnswer = order === 'requests' ? { requests: seen } : {};
		if (order !== 'requests') {
			seen.length = 0;
			start = 0;
			limits = new AltegioLimits('documented');
		}
		process.send?.(reply);
	});
	server.listen(0, '127.0.0.1', () => {
		const { port } = server.address() as AddressInfo;
		const ready: AltegioReady = { origin: `http://127.0.0.1:${port}` };
		process.send?.(ready);
	});
}

// The runner is gone: so is the reason to be.
process.on('disconnect', () => process.exit(0));
main();
