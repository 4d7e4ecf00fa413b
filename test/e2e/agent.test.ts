/**
 * Our nodes as tools of n8n's AI Agent: a model that follows a script calls them, and is told what became of it. One
 * execution of a real n8n with the packed package; and the same where a person decides first.
 */
import Fastify from 'fastify';
import type { AddressInfo } from 'net';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { readExampleWorkflows, sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import type { CredentialType } from '../../sandbox/n8n/fixtures';
import { importByCli, launchN8n, parseRawOutput, runN8nCli, waitFor } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow, N8n } from '../../sandbox/n8n/n8n';
import { byId, ourNode, workflowOf } from '../../sandbox/n8n/nodes';
import type { NodeTypeName, WorkflowNode } from '../../sandbox/n8n/nodes';
import { manualWorkflow, prepareUserFolder, setUpTimeoutMs } from './harness';
import type { PreparedFolder } from './harness';

type Json = Record<string, unknown>;

const LOCAL = { port: 0, host: '127.0.0.1' };
const WORKFLOW = 'e2eAgent';
const EXAMPLE = 'exampleAssistant001';
const SALON = 'exampleAltegioBot01';
const REVIEWED = 'e2eReviewedAgent';
/** n8n takes no answer from a program that looks at links. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A value that the model fills in, as the editor's button writes it. */
const fromModel = (key: string, type = 'string') =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`\`, '${type}') }}`;

function tool(
	name: string,
	type: NodeTypeName,
	credential: CredentialType,
	parameters: Json,
): WorkflowNode {
	const node = ourNode(type, credential, parameters);
	return { ...node, id: `tool-${name}`, name, type: `${node.type}Tool` };
}

const mapped = (value: Json) => ({
	fields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
});

const TOOLS = [
	tool('find_goods', 'moySklad', 'moySkladApi', {
		resource: 'assortment',
		operation: 'getAll',
		search: fromModel('Search'),
		productFolder: byId(fromModel('Product_Folder')),
		type: fromModel('Type'),
		returnAll: fromModel('Return_All', 'boolean'),
		limit: fromModel('Limit', 'number'),
	}),
	tool('find_orders', 'moySkladDocuments', 'moySkladApi', {
		resource: 'customerorder',
		operation: 'getAll',
		momentFrom: fromModel('Date_From'),
		momentBefore: fromModel('Date_Before'),
		limit: 2,
	}),
	tool('add_client', 'moySklad', 'moySkladApi', {
		resource: 'counterparty',
		operation: 'create',
		...mapped({ name: fromModel('Name'), phone: fromModel('Phone'), email: fromModel('Email') }),
	}),
	tool('change_client', 'moySklad', 'moySkladApi', {
		resource: 'counterparty',
		operation: 'update',
		counterpartyId: byId(fromModel('Client')),
		...mapped({ phone: fromModel('Phone'), description: fromModel('Comment') }),
	}),
	tool('find_outlets', 'yandexMarket', 'yandexMarketApi', {
		resource: 'outlet',
		operation: 'getAll',
		campaignId: byId(fromModel('Shop')),
		limit: 2,
	}),
	tool('recognise', 'inspectorCloud', 'inspectorCloudApi', {
		resource: 'recognition',
		operation: 'recogniseAndWait',
		images: fromModel('Photos'),
		options: { waitBy: 'callback' },
	}),
];

/** What a model asks for in one turn: calls of tools, by name and arguments. */
type Turn = Array<[toolName: string, given: Json]>;

/** What the model does, turn by turn. */
let script: Turn[] = [];
/** What it was told of each call, in their order. */
let told: string[] = [];

const model = Fastify();
model.post('/v1/chat/completions', (request, reply) => {
	const { messages } = request.body as { messages: Array<{ role: string; content: string }> };
	told = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
	// n8n may tell the calls of one turn as several, so that messages of the model do not count its turns.
	let before = 0;
	const turn = script.find((calls) => (before += calls.length) > told.length);
	const calls = turn?.map(([name, given], index) => ({
		id: `call-${told.length + index}`,
		type: 'function',
		function: { name, arguments: JSON.stringify(given) },
	}));
	const content = calls ? null : 'Done';
	const choice = {
		index: 0,
		message: { role: 'assistant', content, ...(calls && { tool_calls: calls }) },
		finish_reason: calls ? 'tool_calls' : 'stop',
	};
	reply.send({
		id: 'completion',
		object: 'chat.completion',
		created: 1,
		model: 'script',
		choices: [choice],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	});
});

/** What a person was asked in a chat, with the addresses of the buttons. */
let asked: Array<{ text: string; links: string[] }> = [];

const chat = Fastify();
chat.post('/botnone/sendMessage', (request, reply) => {
	const { text, reply_markup: markup } = request.body as {
		text: string;
		reply_markup: { inline_keyboard: Array<Array<{ url: string }>> };
	};
	asked.push({ text, links: markup.inline_keyboard.flat().map(({ url }) => url) });
	reply.send({ ok: true, result: { message_id: 1 } });
});

let folder: PreparedFolder;
let sandbox: Sandbox;

/** An example, asked by hand instead of in a chat. */
function assistant(id: string, openAi: { id: string; name: string }): ImportedWorkflow {
	const example = readExampleWorkflows().find(({ workflow }) => workflow.id === id);
	if (!example) throw new Error('There is no example with an assistant');
	const workflow = structuredClone(example.workflow);
	const nodes = workflow.nodes as WorkflowNode[];
	const nodeOf = (name: string) => nodes.find((node) => node.name === name) as WorkflowNode;
	nodeOf('Model').credentials = { openAiApi: openAi };
	const question = { chatInput: 'What do we have?', sessionId: 'one' };
	Object.assign(nodeOf('Question'), {
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'raw', jsonOutput: JSON.stringify(question), options: {} },
	});
	nodes.push({
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [-200, 0],
		parameters: {},
	});
	workflow.connections.Start = { main: [[{ node: 'Question', type: 'main', index: 0 }]] };
	return workflow;
}

/** An agent that is started by a call and asks a person in a chat before it adds a client. */
function reviewedWorkflow(
	[agent, modelNode]: WorkflowNode[],
	telegram: { id: string; name: string },
): ImportedWorkflow {
	const add = TOOLS.find(({ name }) => name === 'add_client') as WorkflowNode;
	const review: WorkflowNode = {
		id: 'review',
		name: 'Review',
		type: 'n8n-nodes-base.telegramHitlTool',
		typeVersion: 1.2,
		position: [220, 440],
		parameters: {
			chatId: '1',
			// n8n's own text shows "[object Object]" for what the model gave.
			message: '={{ $tool.name }}: {{ JSON.stringify($tool.parameters) }}',
			approvalOptions: { values: { approvalType: 'double' } },
			options: {},
		},
		webhookId: '5a1c9a0e-6f0e-4c7e-9a55-5f0c2f6c8f05',
		credentials: { telegramApi: telegram },
	};
	const start: WorkflowNode = {
		id: 'call',
		name: 'Call',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position: [0, 0],
		parameters: { httpMethod: 'POST', path: REVIEWED, options: {} },
		webhookId: '5a1c9a0e-6f0e-4c7e-9a55-5f0c2f6c8f06',
	};
	const workflow = workflowOf(REVIEWED, [start, agent]);
	workflow.nodes.push(modelNode, review, add);
	const to = (type: string, node: WorkflowNode) => ({
		[type]: [[{ node: node.name, type, index: 0 }]],
	});
	workflow.connections.Model = to('ai_languageModel', agent);
	workflow.connections[add.name] = to('ai_tool', review);
	workflow.connections[review.name] = to('ai_tool', agent);
	return workflow;
}

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox();
	await model.listen(LOCAL);
	const { port } = model.server.address() as AddressInfo;
	const openAi = { id: 'scriptedModel0001', name: 'Scripted model' };
	const telegram = { id: 'localTelegram0001', name: 'Local chat' };
	const url = `http://127.0.0.1:${port}/v1`;
	const credentials = [
		...sandboxCredentialImports(sandbox.credentials),
		{ ...openAi, type: 'openAiApi', data: { apiKey: 'none', url } },
		{
			...telegram,
			type: 'telegramApi',
			data: { accessToken: 'none', baseUrl: await chat.listen(LOCAL) },
		},
	];
	await importByCli('credentials', credentials, folder);
	const agent: WorkflowNode = {
		id: 'agent',
		name: 'Agent',
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 3.1,
		position: [220, 0],
		parameters: { promptType: 'define', text: 'Do your work.', options: {} },
	};
	const modelNode: WorkflowNode = {
		id: 'model',
		name: 'Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		position: [220, 220],
		parameters: { model: byId('script'), options: {} },
		credentials: { openAiApi: openAi },
	};
	const workflow = manualWorkflow(WORKFLOW, agent);
	workflow.nodes.push(modelNode, ...TOOLS);
	const to = (type: string) => ({ [type]: [[{ node: agent.name, type, index: 0 }]] });
	workflow.connections.Model = to('ai_languageModel');
	for (const { name } of TOOLS) workflow.connections[name] = to('ai_tool');
	const reviewed = reviewedWorkflow([agent, modelNode], telegram);
	const examples = [EXAMPLE, SALON].map((id) => assistant(id, openAi));
	await importByCli('workflow', [workflow, ...examples, reviewed], folder);
}, setUpTimeoutMs);

afterAll(async () => {
	await sandbox?.close();
	await model.close();
	await chat.close();
	folder?.remove();
});

/** Lets the model of a workflow follow a script; returns what it was told of each call, and what reached the vendors. */
async function follow(id: string, ...turns: Turn[]) {
	script = turns;
	sandbox.clearLog();
	const run = parseRawOutput(await runN8nCli(['execute', `--id=${id}`, '--rawOutput'], folder));
	expect(run.data.resultData.error).toBeUndefined();
	return {
		answers: told.map((text) => JSON.parse(text) as unknown),
		requests: sandbox.log.map(({ method, url, status, body }) => ({ method, url, status, body })),
	};
}

/** A model must give every argument of a tool, also those that it does not want. */
const NOTHING = { Search: '', Product_Folder: '', Type: '', Return_All: false };

/** What the model is told of a call that failed. */
const failure = (...parts: string[]) => [
	{ error: expect.stringMatching(parts.join('[^]*')) as unknown },
];

test('lists answer with rows; a value that cannot work is refused with the way out, before a request', async () => {
	const { answers, requests } = await follow(
		WORKFLOW,
		[['find_goods', { ...NOTHING, Search: 'чай', Limit: 1 }]],
		[['find_goods', { ...NOTHING, Search: 'чай', Limit: -1 }]],
		[['find_goods', { ...NOTHING, Product_Folder: 'Food', Type: 'Product, service', Limit: 1 }]],
		[['find_goods', { ...NOTHING, Product_Folder: 'no such folder', Limit: 1 }]],
		[['find_goods', { ...NOTHING, Type: 'thing', Limit: 1 }]],
		[['find_orders', { Date_From: '2026-07-01', Date_Before: '' }]],
		[['find_orders', { Date_From: 'yesterday', Date_Before: '' }]],
		[['find_outlets', { Shop: '1' }]],
		[['recognise', { Photos: '5000001' }]],
	);
	expect(answers).toEqual([
		[expect.objectContaining({ id: expect.any(String), name: expect.stringMatching(/чай/i) })],
		failure("'Limit' is '-1'", 'Give a whole number'),
		[expect.objectContaining({ type: 'product', pathName: 'Food' })],
		failure("'Product Folder' is 'no such folder'", 'Write it as it stands in MoySklad'),
		failure("'Type' is 'thing'", 'Give one of: Batch, Bundle'),
		// An empty list: n8n tells an agent nothing of no items.
		'',
		failure("'Date From' holds 'yesterday'", 'Give a date such as'),
		failure('access was denied', 'Pick the shop from the list', 'The vendor says: FORBIDDEN'),
		failure("'Wait By' is Callback", 'Choose Asking'),
	]);
	// A folder that is given by its name is looked for by name, code and external code.
	const listed = requests.filter(({ url }) => !url.includes('/entity/productfolder?'));
	expect(listed.map(({ url }) => decodeURIComponent(url))).toEqual([
		expect.stringMatching(/\/entity\/assortment\?search=чай&limit=1&offset=0$/),
		expect.stringMatching(/filter=productFolder=[^;]+;type=product;type=service&limit=1&offset=0$/),
		expect.stringContaining('/entity/customerorder?filter=moment>='),
		'/v2/campaigns/1/outlets?limit=2',
	]);
}, 60_000);

test('what the model leaves empty is not sent; calls of one turn make objects of their own', async () => {
	const [client] = sandbox.moysklad.dictionary('counterparty').all();
	const { answers, requests } = await follow(
		WORKFLOW,
		[
			['add_client', { Name: 'Anna', Phone: '', Email: '' }],
			['add_client', { Name: 'Boris', Phone: '', Email: '' }],
		],
		[['add_client', { Name: '', Phone: '', Email: '' }]],
		[['change_client', { Client: client.id, Phone: '', Comment: 'by an agent' }]],
		[['change_client', { Client: 'nobody', Phone: '', Comment: '' }]],
	);
	expect(answers).toEqual([
		[expect.objectContaining({ name: 'Anna' })],
		[expect.objectContaining({ name: 'Boris' })],
		failure("'Name' is empty", 'Fill in'),
		[expect.objectContaining({ id: client.id, phone: client.phone, description: 'by an agent' })],
		failure("'Counterparty' is 'nobody'", 'An ID looks like'),
	]);
	expect(requests.map(({ method, body }) => [method, body])).toEqual([
		['POST', { name: 'Anna', syncId: expect.any(String) }],
		['POST', { name: 'Boris', syncId: expect.any(String) }],
		['PUT', { description: 'by an agent' }],
	]);
	const [anna, boris] = requests.map(({ body }) => (body as Json).syncId);
	expect(anna).not.toBe(boris);
}, 60_000);

test('the example: an assistant that knows stock and orders', async () => {
	const { answers, requests } = await follow(
		EXAMPLE,
		[['Find_goods', { Search: 'чай' }]],
		[['Find_customers', { Search: 'Meridian' }]],
		[['Find_orders', { Search: '', Date_From: '2020-01-01', Date_Before: '2030-01-01' }]],
		[['Find_orders', { Search: '', Date_From: 'last week', Date_Before: '' }]],
	);
	const text = expect.any(String) as unknown;
	const number = expect.any(Number) as unknown;
	const [[goods], [customer], [order], refused] = answers as Json[][];
	expect(goods).toMatchObject({ name: text, salePrice: number, stock: number, reserve: number });
	expect(customer).toMatchObject({ name: expect.stringContaining('Meridian') as unknown });
	expect(order).toMatchObject({ name: text, agentId: text, sum: number });
	expect(refused).toEqual(failure("'Date From' holds 'last week'", 'Give a date such as'));
	expect(requests.every(({ method }) => method === 'GET')).toBe(true);
}, 60_000);

describe("n8n's human review", () => {
	let n8n: N8n;

	beforeAll(async () => {
		n8n = await launchN8n(folder);
		await n8n.api.signIn();
		await n8n.api.publish(REVIEWED);
	}, setUpTimeoutMs);
	afterAll(async () => await n8n?.stop());

	/** Has the workflow started, waits until a person is asked, and has that person press a button. */
	async function answer(button: 'true' | 'false', turn: Turn) {
		script = [turn];
		told = [];
		asked = [];
		sandbox.clearLog();
		const before = (await n8n.api.executions(REVIEWED)).length;
		// n8n registers the call shortly after it was published.
		await waitFor('the call', async () => {
			return (await fetch(`${n8n.url}/webhook/${REVIEWED}`, { method: 'POST' })).ok;
		});
		const [question] = await waitFor('the question', () => asked.length > 0 && asked);
		const sentBefore = sandbox.log.length;
		const [link] = question.links.filter((one) => one.includes(`approved=${button}`));
		// n8n saves the execution after it has asked; a person is slower than that.
		await waitFor('n8n to wait', async () => {
			const [{ status }] = await n8n.api.executions(REVIEWED);
			return status === 'waiting';
		});
		await fetch(link, { headers: { 'user-agent': BROWSER } });
		const execution = await waitFor('the end', async () => {
			const executions = await n8n.api.executions(REVIEWED);
			const [{ status, stoppedAt }] = executions;
			// It stopped to wait, too, and goes on a moment after the button.
			const isOver = executions.length > before && stoppedAt !== null && status !== 'waiting';
			return isOver && executions[0];
		});
		return { question, sentBefore, execution };
	}

	const anna = { toolParameters: { Name: 'Anna', Phone: '', Email: '' }, hitlParameters: {} };

	test('what a person approves is done once, with what the model gave', async () => {
		const { question, sentBefore, execution } = await answer('true', [['add_client', anna]]);
		expect(execution.status).toBe('success');
		expect(question.text).toContain('Anna');
		expect(sentBefore).toBe(0);
		expect(sandbox.log.map(({ method, body }) => [method, body])).toEqual([
			['POST', { name: 'Anna', syncId: expect.any(String) }],
		]);
		expect(told).toEqual([expect.stringContaining('Anna')]);
	}, 120_000);

	test('what a person declines is not done', async () => {
		const { execution } = await answer('false', [['add_client', anna]]);
		expect(execution.status).toBe('success');
		expect(sandbox.log).toEqual([]);
		expect(told).toHaveLength(1);
	}, 120_000);
});

test('the example of a salon: finds, books, moves and cancels; nothing is done twice', async () => {
	const rows = (data: unknown[]) => ({ body: { success: true, data, meta: [] }, times: 100 });
	const staff = ['John Doe', 'Anna Smith', 'Anna Brown'].map((name, index) => ({
		...{ id: 55_436 + index, name, specialization: 'Hairdresser', bookable: true },
		...{ fired: 0, status: 0 },
	}));
	const services = [{ id: 220_000, title: 'Haircut', price_min: 1500, price_max: 1500 }];
	sandbox.faults.add({ vendor: 'altegio', path: '/(book_)?staff/4564', ...rows(staff) });
	sandbox.faults.add({ vendor: 'altegio', path: '/services/4564$', ...rows(services) });
	const DAY = '2027-03-01';
	const booking = {
		Team_Member: 'John Doe',
		Service: 'haircut',
		Time: `${DAY}T15:00`,
		Client_Phone: '+1 315 555-99-01',
		Client_Name: 'Kate',
	};
	const { answers, requests } = await follow(
		SALON,
		[['Services', { Team_Member: '' }]],
		[['Team_members', { Service: '220000' }]],
		[['Free_times', { Team_Member: '55436', Day: DAY, Service: '220000' }]],
		[['Book', booking]],
		[['Book', { ...booking, Time: `${DAY} 15:00` }]],
		[['Book', { ...booking, Client_Phone: '+1 315 555-99-02' }]],
		[['Book', { ...booking, Team_Member: 'Anna' }]],
		[['Book', { ...booking, Time: 'tomorrow at three' }]],
		[['Find_client', { Search: '+1 315 555-99-01' }]],
	);
	const [listed, members, times, booked, again, busy, unclear, never, found] = answers as Json[][];
	expect(listed).toEqual([{ id: 220_000, title: 'Haircut', price_min: 1500, price_max: 1500 }]);
	expect(members).toHaveLength(3);
	expect(times).toHaveLength(8);
	expect(booked).toEqual([
		expect.objectContaining({ date: `${DAY} 15:00:00`, clientPhone: '13155559901' }),
	]);
	expect(again).toEqual(booked);
	expect(busy).toEqual(failure('the time is not free', 'Free on that day .*14:00, 16:00'));
	expect(unclear).toEqual(
		failure("'Team Member' is 'Anna', which fits 2", 'Anna Brown \\(55438\\)'),
	);
	expect(never).toEqual(failure("'Time' holds 'tomorrow at three'", 'Give a date such as'));
	expect(found).toEqual([
		{ id: expect.any(Number) as unknown, name: 'Kate', phone: '13155559901' },
	]);
	const writes = requests.filter(({ method, url }) => method === 'POST' && /\/records\//.test(url));
	expect(writes.map(({ status }) => status)).toEqual([201, 409, 409]);

	const [{ id }] = booked;
	const [{ id: client }] = found;
	const later = await follow(
		SALON,
		[['Appointments', { Client: String(client) }]],
		[['Move', { Appointment: String(id), Time: `${DAY} 16:00` }]],
		[['Move', { Appointment: String(id), Time: `${DAY}T16:00:00` }]],
		[['Cancel', { Appointment: String(id) }]],
		[['Cancel', { Appointment: '' }]],
	);
	const [own, moved, twice, cancelled, nobody] = later.answers as Json[][];
	expect(own[0]).toMatchObject({ id, services: 'Haircut' });
	expect(moved).toEqual([expect.objectContaining({ id, date: `${DAY} 16:00:00` })]);
	expect(twice).toEqual([expect.objectContaining({ id, date: `${DAY} 16:00:00` })]);
	expect(cancelled).toEqual([expect.objectContaining({ deleted: true })]);
	expect(nobody).toEqual(failure("'Appointment' is empty"));
}, 120_000);
