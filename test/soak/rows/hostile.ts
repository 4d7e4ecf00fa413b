/**
 * Calls of people who are not MoySklad, and of those who know the address and send what MoySklad does not. None may
 * start an execution, end n8n, make its memory grow, or learn anything about the machine.
 */
import { randomUUID } from 'crypto';
import { connect } from 'net';
import { gzipSync } from 'zlib';
import fc from 'fast-check';
import { Agent, request } from 'undici';
import { mix, pick } from '../../../sandbox/shared/random';
import { delay, waitFor } from '../../../sandbox/n8n/n8n';
import { workflowOf } from '../../../sandbox/n8n/nodes';
import { moySkladNode } from '../../queue/harness';
import { outcomeOf, timesOf } from '../load';
import { heldMemory, type Held } from '../memory';
import type { Finding, Host, Stage } from '../types';
import { addWorkflow, noOp, publishTrigger } from '../workflows';

const SEED = 20_261_122;
const AT_ONCE = 20;
/** A call without an answer for so long (ms) counts as hanging. */
const PATIENCE_MS = 120_000;
/** The calls come in so many equal parts; memory is compared after the first and after the last. */
const PARTS = 3;
const MEMORY_BOUND = 1.15;
const DEEP = 100_000;
/** n8n unpacks bodies before any node sees them, and answers 500 to what it cannot unpack. */
const PACKED = 'gzip bombs';
const MB = 1024 * 1024;

/** A call that is made by hand, or bytes that are no call at all. */
interface Call {
	kind: string;
	/** Knows the key of the address. */
	knowsKey: boolean;
	method?: string;
	url?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
	/** Written to the port as it is. */
	raw?: string;
}

/** The address under attack. */
interface Target {
	/** With the key. */
	good: string;
	/** The same without the query. */
	bare: string;
	secret: string;
}

type Maker = (target: Target, number: number) => Omit<Call, 'kind'>;

const json = { 'content-type': 'application/json' };
const id = '7944ef04-f831-11e5-7a69-971500188b19';
const event = () => ({
	meta: { type: 'product', href: `https://api.moysklad.ru/api/remap/1.2/entity/product/${id}` },
	action: 'UPDATE',
	accountId: id,
	updatedFields: ['name'],
});
const notification = () => ({
	auditContext: {
		meta: { type: 'audit', href: `https://api.moysklad.ru/api/remap/1.2/audit/${id}` },
		uid: 'admin@shop',
		moment: '2026-11-22 10:00:00',
	},
	events: [event()],
});
const genuine = JSON.stringify(notification());

/** Values that no field of a notification may have; null stands for "absent" in some, so it is not here. */
const ODD: unknown[] = [
	0,
	-1,
	1e308,
	true,
	{},
	{ length: 1 },
	[],
	[[]],
	[null],
	'',
	'x'.repeat(3000),
];
/** Ways to spoil one field that must be as MoySklad sends it. */
const SPOIL: Array<(body: Record<string, unknown>, odd: unknown) => unknown> = [
	(_body, odd) => (Array.isArray(odd) || typeof odd !== 'object' ? odd : { events: odd }),
	(body, odd) => ({ ...body, events: Array.isArray(odd) ? { 0: event() } : odd }),
	(body, odd) => ({ ...body, events: [event(), odd] }),
	(body, odd) => ({ ...body, events: [{ ...event(), meta: odd }] }),
	(body, odd) => ({ ...body, events: [{ ...event(), meta: { ...event().meta, type: odd } }] }),
	(body, odd) => ({ ...body, events: [{ ...event(), meta: { ...event().meta, href: odd } }] }),
	(body, odd) => ({ ...body, events: [{ ...event(), action: odd }] }),
	(body, odd) => ({ ...body, events: [{ ...event(), accountId: odd }] }),
	(body, odd) => ({ ...body, events: [{ ...event(), updatedFields: [odd, 7] }] }),
	(body) => ({ ...body, events: [null] }),
	(body) => ({ ...body, events: 'events' }),
	(body) => ({ reportUrl: body, reportType: 'all', stockType: 'stock' }),
];

/** What others send to webhooks: their documents' examples, shortened. */
const OTHERS: Array<{ headers: Record<string, string>; body: string }> = [
	{
		headers: { ...json, 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=00' },
		body: JSON.stringify({ ref: 'refs/heads/main', commits: [{ id: 'a1', modified: ['x'] }] }),
	},
	{
		headers: { ...json, 'stripe-signature': 't=1,v1=00' },
		body: JSON.stringify({ id: 'evt_1', object: 'event', type: 'charge.succeeded', data: {} }),
	},
	{
		headers: { ...json, 'x-telegram-bot-api-secret-token': 'x' },
		body: JSON.stringify({ update_id: 1, message: { text: '/start', chat: { id: 1 } } }),
	},
	{
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: 'token=x&team_id=T1&command=%2Fsay&events=1&events=2&events[0][meta][type]=product',
	},
	{
		headers: { 'content-type': 'multipart/form-data; boundary=edge' },
		body: `--edge\r\ncontent-disposition: form-data; name="events"\r\n\r\n${genuine}\r\n--edge--\r\n`,
	},
	{
		headers: { 'content-type': 'multipart/form-data; boundary=edge' },
		body: '--edge\r\ncontent-disposition: form-data; name="file"; filename="../../x.js"\r\n\r\nx',
	},
	{ headers: { 'content-type': 'multipart/form-data' }, body: 'no boundary' },
	{
		headers: { 'content-type': 'application/xml' },
		body: `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><events>&x;</events>`,
	},
	{
		headers: { 'content-type': 'application/soap+xml' },
		body: '<a><events><meta><type>product</type></meta><action>UPDATE</action></events></a>',
	},
	{ headers: { 'content-type': 'text/plain' }, body: genuine },
	{ headers: { 'content-type': 'text/html' }, body: '<script>alert(1)</script>' },
	{ headers: { 'content-type': 'application/octet-stream' }, body: genuine },
	{ headers: { 'content-type': 'application/msgpack' }, body: '\x81\xa6events\x90' },
	{ headers: {}, body: genuine },
];

const CHARSETS = [
	'utf-16',
	'utf-7',
	'koi8-r',
	'x-nobody-knows',
	'"',
	'../../etc',
	'utf-8; charset=x',
];

/** Random JSON, the same for each run. */
const RANDOM_JSON = fc.sample(fc.json({ maxDepth: 5 }), { numRuns: 400, seed: SEED });
const RANDOM_TEXT = fc.sample(fc.string({ unit: 'binary', maxLength: 400 }), {
	numRuns: 400,
	seed: SEED,
});

const deepBodies = [
	'['.repeat(DEEP) + ']'.repeat(DEEP),
	'['.repeat(DEEP),
	'{"events":['.repeat(DEEP / 10) + ']}'.repeat(DEEP / 10),
	`{"events":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`,
	`{"events":[{"meta":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)},"action":"UPDATE"}]}`,
];
const protoBodies = [
	`{"__proto__":${genuine}}`,
	`{"constructor":{"prototype":${genuine}}}`,
	`{"events":{"__proto__":[${JSON.stringify(event())}],"length":1}}`,
	`{"__proto__":{"status":200,"kind":"events"},"events":1}`,
	`{"events":[{"__proto__":${JSON.stringify(event())}}]}`,
	`{"events":[{"meta":{"__proto__":{"type":"product","href":"x/y"}},"action":"UPDATE"}]}`,
	`{"toString":1,"hasOwnProperty":2,"events":{"toString":"x"}}`,
];
/** Bodies of 10 MB: too many events, one long text, no JSON. */
const bigBodies = () => [
	Buffer.from(
		`{"events":[${Array.from({ length: 40_000 }, () => JSON.stringify(event())).join(',')}]}`,
	),
	Buffer.from(`{"events":[],"text":"${'ж'.repeat(5 * MB)}"}`),
	Buffer.alloc(10 * MB, '{"events":'),
];
const bombs = [
	gzipSync(Buffer.alloc(10 * MB, ' ')),
	gzipSync(Buffer.alloc(64 * MB, '[')),
	gzipSync(`{"events":[],"text":"${'x'.repeat(12 * MB)}"}`),
	gzipSync(genuine).subarray(0, 40),
	Buffer.from('no gzip at all'),
];

/** An address with a key that is not the right one, in many ways. */
function wrongKey({ bare, secret }: Target, number: number): string {
	const ways = [
		bare,
		`${bare}?key=`,
		`${bare}?key=${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`,
		`${bare}?key=${secret.toLowerCase()}${secret.toLowerCase() === secret ? 'x' : ''}`,
		`${bare}?key=${secret}x`,
		`${bare}?key=${secret.slice(1)}`,
		`${bare}?key[]=${secret}`,
		`${bare}?key[0]=${secret}&key[1]=${secret}`,
		`${bare}?key=${secret}&key=${secret}`,
		`${bare}?__proto__[key]=${secret}`,
		`${bare}?Key=${secret}`,
		`${bare}?key=%00${secret}`,
		`${bare}?key=${randomTextFor(number)}`,
		`${bare}?requestId=${randomUUID()}`,
	];
	return pick(ways, number);
}

function randomTextFor(number: number): string {
	return encodeURIComponent(pick(RANDOM_TEXT, number).replace(/[\ud800-\udfff]/g, ''));
}

/** The right address in two of three calls. */
function either(target: Target, number: number): { url: string; knowsKey: boolean } {
	const knowsKey = number % 3 > 0;
	return { knowsKey, url: knowsKey ? target.good : wrongKey(target, Math.floor(number / 3)) };
}

const post = (body: string | Buffer, headers: Record<string, string> = json) => ({
	method: 'POST',
	headers,
	body,
});

/** Kinds of calls; each comes as often as it is listed with `share`. */
const KINDS: Array<{ kind: string; share: number; make: Maker }> = [
	{
		kind: 'wrong or no key, genuine body',
		share: 20,
		make: (target, n) => ({ knowsKey: false, url: wrongKey(target, n), ...post(genuine) }),
	},
	{
		kind: 'not JSON',
		share: 12,
		make: (target, n) => ({ ...either(target, n), ...post(pick(RANDOM_TEXT, n)) }),
	},
	{
		kind: 'cut JSON',
		share: 6,
		make: (target, n) => ({
			...either(target, n),
			...post(genuine.slice(0, 1 + (n % (genuine.length - 1)))),
		}),
	},
	{
		kind: 'any JSON',
		share: 12,
		make: (target, n) => ({ ...either(target, n), ...post(pick(RANDOM_JSON, n)) }),
	},
	{
		kind: 'wrong types',
		share: 20,
		make: (target, n) => ({
			...either(target, n),
			...post(
				JSON.stringify(pick(SPOIL, n)(notification(), pick(ODD, Math.floor(n / SPOIL.length)))),
			),
		}),
	},
	{
		kind: 'deep nesting',
		share: 3,
		make: (target, n) => ({ ...either(target, n), ...post(pick(deepBodies, n)) }),
	},
	{
		kind: '__proto__ and constructor',
		share: 6,
		make: (target, n) => ({ ...either(target, n), ...post(pick(protoBodies, n)) }),
	},
	{
		kind: "other people's formats",
		share: 12,
		make: (target, n) => {
			const { headers, body } = pick(OTHERS, n);
			return { ...either(target, Math.floor(n / OTHERS.length)), ...post(body, headers) };
		},
	},
	{
		kind: 'wrong charset',
		share: 4,
		make: (target, n) => ({
			...either(target, n),
			...post(`\ufeff${genuine.slice(0, -1)}`, {
				'content-type': `application/json; charset=${pick(CHARSETS, n)}`,
			}),
		}),
	},
	{
		kind: PACKED,
		share: 1,
		make: (target, n) => ({
			...either(target, n),
			...post(pick(bombs, n), { ...json, 'content-encoding': 'gzip' }),
		}),
	},
	{
		kind: 'other methods',
		share: 6,
		make: (target, n) => {
			const method = pick(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'], n);
			const body = method === 'GET' || method === 'HEAD' ? undefined : genuine;
			return { ...either(target, n), method, headers: json, body };
		},
	},
	{
		kind: 'huge headers',
		share: 3,
		make: (target, n) => ({
			...either(target, n),
			...post(genuine, { ...json, 'x-much': 'x'.repeat(20_000 + (n % 7) * 10_000) }),
		}),
	},
	{
		kind: 'huge query',
		share: 3,
		make: ({ bare }, n) => ({
			knowsKey: false,
			url: `${bare}?key=${'k'.repeat(8000)}&${'a=1&'.repeat(n % 1500)}`,
			...post(genuine),
		}),
	},
	{
		kind: 'no HTTP, broken off',
		share: 3,
		make: ({ bare }, n) => {
			const { pathname } = new URL(bare);
			const head = `POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
			const ways = [
				`${head}content-length: 5000\r\n\r\n{"events":`,
				`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`,
				`${head}content-length: 5\r\ncontent-length: 6\r\n\r\n12345`,
				'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
				`POST ${pathname}\r\n\r\n`,
			];
			return { knowsKey: false, raw: pick(ways, n) };
		},
	},
];

/** Calls of one part, in an order that mixes the kinds; each part is the same. */
function callsOf(target: Target, count: number, bigOnes: number): Call[] {
	const table = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
	const calls = Array.from({ length: count - bigOnes }, (_, index): Call => {
		const { kind, make } = pick(table, mix(SEED, index));
		return { kind, ...make(target, mix(SEED, index, 1)) };
	});
	const big = bigBodies();
	const every = Math.max(1, Math.floor(calls.length / bigOnes));
	for (let index = 0; index < bigOnes; index++) {
		const call = { kind: '10 MB', ...either(target, index), ...post(pick(big, index)) };
		calls.splice(Math.min(calls.length, index * (every + 1)), 0, call);
	}
	return calls;
}

/** What a call was answered. */
interface Answer {
	call: Call;
	/** HTTP status, or how the connection ended. */
	status: number | 'closed' | 'no answer';
	text: string;
	ms: number;
}

async function send(call: Call, origin: string, agent: Agent): Promise<Answer> {
	const started = performance.now();
	const answer = (status: Answer['status'], text = ''): Answer => ({
		call,
		status,
		text,
		ms: performance.now() - started,
	});
	if (call.raw !== undefined) return answer(...(await sendRaw(call.raw, origin)));
	const patience = AbortSignal.timeout(PATIENCE_MS);
	try {
		const { statusCode, body } = await request(call.url ?? origin, {
			method: (call.method ?? 'POST') as 'POST',
			headers: call.headers,
			body: call.body,
			dispatcher: agent,
			signal: patience,
		});
		return answer(statusCode, await body.text());
	} catch (error) {
		return answer(patience.aborted ? 'no answer' : 'closed', (error as Error).message);
	}
}

/** Writes bytes, and goes away after a while if there is no answer: that is the attack. */
async function sendRaw(bytes: string, origin: string): Promise<[Answer['status'], string]> {
	const { hostname, port } = new URL(origin);
	return await new Promise((resolve) => {
		let text = '';
		const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
		const timer = setTimeout(() => socket.destroy(), 500);
		socket.on('data', (chunk) => (text += chunk.toString('latin1')));
		socket.on('error', () => undefined);
		socket.on('close', () => {
			clearTimeout(timer);
			const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
			resolve([status ? Number(status) : 'closed', text]);
		});
	});
}

async function sendAll(calls: Call[], origin: string): Promise<Answer[]> {
	const agent = new Agent({ keepAliveTimeout: 3000, connections: AT_ONCE });
	const answers: Answer[] = [];
	let next = 0;
	const worker = async () => {
		while (next < calls.length) answers.push(await send(calls[next++], origin, agent));
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	await agent.destroy();
	return answers;
}

/** What an answer must not tell a stranger: lines of a stack, files, modules. */
const TELLTALE =
	/^\s+at .+[:(]|node_modules|node:internal|\.[cm]?[jt]s:\d+|(?:\/[\w.@-]+)+\.[cm]?[jt]s\b/m;

/** Number of answers by kind of call and status. */
function tally(answers: Answer[]): Record<string, Record<string, number>> {
	const counts: Record<string, Record<string, number>> = {};
	for (const { call, status } of answers) {
		const kind = `${call.kind}${call.knowsKey ? ', with the key' : ''}`;
		counts[kind] ??= {};
		counts[kind][status] = (counts[kind][status] ?? 0) + 1;
	}
	return counts;
}

/** 10,000 hostile calls (short: 1,000) against a published MoySklad Trigger. */
export async function hostile(host: Host, stage: Stage): Promise<Finding[]> {
	const webhookId = randomUUID();
	const trigger = moySkladNode(
		'moySkladTrigger',
		{ entityTypes: ['product'], actions: ['UPDATE'], options: { changedFields: true } },
		{ webhookId },
	);
	const workflowId = await addWorkflow(host, workflowOf('Soak: hostile calls', [trigger, noOp]));
	const [{ id: ours, url }] = await publishTrigger(host, workflowId, webhookId);
	const target: Target = {
		good: url,
		bare: url.split('?')[0],
		secret: new URL(url).searchParams.get('key') ?? '',
	};
	const { moysklad } = host.sandbox;
	const goodDelivery = async () => {
		const { deliveries } = moysklad.change('product', 'UPDATE');
		await moysklad.deliveriesIdle();
		await host.settled(60_000);
		return outcomeOf(deliveries.filter((one) => one.webhookId === ours));
	};
	// The first call of a workflow takes longer, in each process.
	for (let warm = 0; warm < 4; warm++) await goodDelivery();

	const total = stage.short ? 1000 : 10_000;
	const bigOnes = stage.short ? 6 : 42;
	const calls = callsOf(target, Math.ceil(total / PARTS), bigOnes / PARTS);
	const before = {
		pids: host.pids(),
		executions: sumOf(await host.executions(workflowId)),
		memory: await heldMemory(host),
	};
	const answers: Answer[] = [];
	const memory: Held[] = [];
	const started = Date.now();
	for (let part = 1; part <= PARTS; part++) {
		answers.push(...(await sendAll(calls, host.url)));
		// What was begun ends, and n8n lets go of it.
		await delay(5000);
		memory.push(await heldMemory(host));
		const { held, resident } = memory[part - 1];
		stage.say(`${answers.length} hostile calls, ${held} MB held, ${resident} MB resident`);
	}
	const seconds = (Date.now() - started) / 1000;

	const begun = sumOf(await host.executions(workflowId)) - before.executions;
	const isSame = JSON.stringify(host.pids()) === JSON.stringify(before.pids);
	const isReady = await waitFor('n8n to be ready', async () => await host.isReady(), 10_000).catch(
		() => false,
	);
	const after = await goodDelivery();
	const executed = sumOf(await host.executions(workflowId)) - before.executions - begun;
	await host.unpublish(workflowId);

	const telling = answers.filter(({ text }) => TELLTALE.test(text));
	const hanging = answers.filter(({ status }) => status === 'no answer');
	const statusOf = ({ status }: Answer) => (typeof status === 'number' ? status : 0);
	const isServerFault = (one: Answer) => statusOf(one) >= 500;
	const troubled = answers.filter((one) => isServerFault(one) && one.call.kind !== PACKED);
	const unpacked = answers.filter((one) => isServerFault(one) && one.call.kind === PACKED);
	const slowest = [...answers].sort((one, other) => other.ms - one.ms).slice(0, 10);
	const byStatus: Record<string, number> = {};
	for (const { status } of answers) byStatus[status] = (byStatus[status] ?? 0) + 1;
	const growth = memory[PARTS - 1].held / memory[0].held;
	const met =
		begun === 0 &&
		isSame &&
		isReady &&
		after.delivered === 1 &&
		executed === 1 &&
		growth <= MEMORY_BOUND &&
		telling.length === 0 &&
		hanging.length === 0 &&
		troubled.length === 0;
	const examples = (list: Answer[]) =>
		list.slice(0, 10).map(({ call, status, text }) => ({
			kind: call.kind,
			knowsKey: call.knowsKey,
			status,
			text: text.slice(0, 300),
		}));
	return [
		{
			mode: host.mode,
			run: `${answers.length.toLocaleString('en')} hostile calls, ${AT_ONCE} at a time`,
			must: `no execution, no crash, no 5xx, no stack or path in an answer, memory held ≤ ${MEMORY_BOUND} ×`,
			shown:
				`${begun} executions started; ${isSame && isReady ? 'the same processes, ready' : 'NOT the same processes or not ready'}; ` +
				`${troubled.length} answers of 5xx (and ${unpacked.length} of n8n's own, to bodies that it cannot unpack), ${hanging.length} without an answer, ${telling.length} that tell; ` +
				`held ${memory[0].held} → ${memory[PARTS - 1].held} MB (${growth.toFixed(2)} ×), resident ${memory[0].resident} → ${memory[PARTS - 1].resident} MB; ` +
				`afterwards a delivery is ${after.delivered === 1 ? `answered in ${after.answers.max} ms` : 'NOT taken'} and ${executed} executed`,
			met,
			figures: {
				calls: answers.length,
				seconds,
				executionsStarted: begun,
				sameProcesses: isSame,
				isReady,
				memoryMb: { before: before.memory, afterEachPart: memory, growth },
				byStatus,
				byKind: tally(answers),
				serverFaultsOfPackedBodies: unpacked.length,
				slowest: slowest.map(({ call, status, ms }) => [call.kind, status, Math.round(ms)]),
				answerMs: timesOf(answers.map(({ ms }) => Math.round(ms))),
				troubled: examples(troubled),
				telling: examples(telling),
				hanging: examples(hanging),
				deliveryAfterwards: after,
				executedAfterwards: executed,
			},
		},
	];
}

function sumOf(counts: Record<string, number>): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
