/**
 * `npm run demo`: the example workflows in n8n's own engine, against services that behave like the vendors'.
 * Prints a table per workflow; of those with a trigger it follows a call of the vendor from the change to what the workflow
 * does about it.
 * Ends with status 0 only if all of it worked.
 */
import { setTimeout as delay } from 'timers/promises';
import Table from 'cli-table3';
import type { IDataObject, INode } from 'n8n-workflow';

import {
	ALTEGIO_LOCATIONS,
	ALTEGIO_RECORDS,
	INSPECTOR_OUT_OF_STOCK,
	MOYSKLAD_TOKENS,
	startSandbox,
	YANDEX_CAMPAIGNS,
	type Sandbox,
} from '../sandbox';
import { notify } from '../sandbox/yandex-market/notifications';
import {
	credentialReferences,
	exampleWorkflowsAt,
	registersWebhooks,
	type CredentialType,
} from '../sandbox/n8n/fixtures';
import { ensureBuild } from '../sandbox/setup.mjs';
import {
	createEngine,
	type Engine,
	type RunResult,
	type WebhookListener,
} from '../test/engine/harness';
import { dataTables, messages, registerStandIns, sentDocuments, sentPhotos } from './standIns';

interface Workflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: Record<string, never>;
}

const say = (text = '') => process.stdout.write(`${text}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Waits for a turn at MoySklad before a refusal is told. */
const TURNS = 5;

/** The workflow that shows what it does in its second and third run. */
const SYNC = 'exampleSync00000001';

/** What a workflow must have brought about, beyond having ended well. */
const CHECKS: Record<string, (result: RunResult) => boolean> = {
	exampleExport000001: (result) => {
		const [file] = result.items('Spreadsheet');
		return (
			result.items('Assortment with stock').length === 25_000 &&
			file?.binary?.data.fileExtension === 'xlsx'
		);
	},
	exampleAssistant001: (result) => {
		const told = result
			.json('Assistant')
			.map(({ tool, answer }) => [tool, JSON.parse(String(answer)) as IDataObject[]] as const);
		const goods = told.find(([tool]) => tool === 'Find_goods')?.[1] ?? [];
		return (
			told.length === 3 &&
			told.every(([, answer]) => Array.isArray(answer)) &&
			goods.length > 0 &&
			goods.every(({ name }) => String(name).includes('candle'))
		);
	},
	exampleAltegioBot01: (result) => {
		const told = new Map(
			result.json('Assistant').map(({ tool, answer }) => [tool, String(answer)]),
		);
		// Asked for nothing that there is, those that write say what they lack.
		const refuse = ['Book', 'Move', 'Cancel'].map((tool) => told.get(tool) ?? '');
		const list = ['Services', 'Team_members'].map((tool) => told.get(tool) ?? '');
		return (
			told.size === 8 &&
			refuse.every((answer) => /'[^']+' is /.test(answer)) &&
			list.every((answer) => /"id"/.test(answer))
		);
	},
	exampleMarketReview1: (result) => {
		const drafts = result.json('Draft');
		return (
			drafts.length > 0 &&
			drafts.every(({ feedbackId, answer }) => feedbackId && answer) &&
			result.items('Show draft').length === drafts.length
		);
	},
	exampleOutOfStock01: (result) =>
		sentPhotos.length > 0 &&
		result.items('Task for the buyer').length === result.items('What is missing').length &&
		sentPhotos.every(
			({ fileName, caption }) =>
				/^\d+-\d+-\d+\.jpg$/.test(fileName ?? '') &&
				/^Not on the shelf: \d+\nReason: .+\nStore STORE-\d+, .+\nhttps:/.test(caption),
		),
	exampleOrderItems01: (result) => {
		const items = result.json('Its items');
		return items.map(({ quantity, price }) => [quantity, price]).join(';') === '2,990;1,450.5';
	},
	exampleReminder0001: (result) =>
		result.items('Send reminder').length > 0 &&
		result.items('Send reminder').length === result.items('Appointments tomorrow').length &&
		result.items('Not reminded').length === 0,
	exampleAltegioLead1: (result) =>
		result.items('Free times').length > 1 &&
		result
			.json('Book the first one')
			.every(({ date, client }) => / 10:00:00$/.test(String(date)) && client !== null) &&
		result.items('Book the first one').length === 1,
	exampleBridgeOrder01: (result) =>
		result.items('Ready to ship').length === 1 &&
		sentDocuments.some(({ caption }) => /^Order \d+, MoySklad \d+\n2 × /.test(caption)) &&
		messages.some(({ text }) => String(text).includes('orders wait')),
	exampleBridgeShelf01: (result) =>
		result.items('Task for the merchandiser').length === 2 &&
		result
			.json('Photo to the task')
			.every(({ filename }) => /^\d+-\d+-\d+\.jpg$/.test(String(filename))) &&
		result.items('Photo to the task').length === 2,
	exampleBridgeGoods01: (result) =>
		result.items('Stock to the Market').length === 2 &&
		result.items('Price to the Market').length === 1 &&
		result
			.json('Task for the manager')
			.every(({ description }) => / \d+(\.\d+)?\]$/.test(String(description))) &&
		result.items('Task for the manager').length === 1,
	exampleBridgeVisit01: (result) =>
		result
			.json('Bonus points')
			.map(({ bonusValue }) => bonusValue)
			.join() === '75' && result.items('Shipment').length === 1,
	exampleMarketBoxes01: (result) =>
		did(result, 'One box each', 2) && result.items('Are the codes good?').length > 0,
	exampleMarketGoods01: (result) => did(result, 'Products', 2),
	exampleMarketReturn1: (result) =>
		result.items('Returns that wait').length > 0 &&
		String(messages[0]?.text).startsWith('Yandex Market: ') &&
		messages.length === 1,
	exampleMarketReport1: () => sentDocuments.length === 1,
	exampleAltegioAnswer: (result) =>
		['Confirm', 'Move', 'Cancel'].every((node) => did(result, node, 1)),
	exampleAltegioList01: (result) =>
		result.items('New clients').length === 2 &&
		result
			.json('Known already?')
			.map(({ id }) => id)
			.join() === '4240000',
	exampleAltegioCards1: (result) => String(result.json('In short')[0]?.text).startsWith('Card '),
	exampleInspectAck001: (result) =>
		did(result, 'Received', result.items('New visits').length) &&
		result.items('New visits').length > 0,
	exampleInspectAnew01: (result) =>
		result.items('Computed anew').length > 0 && result.items('Not ready').length === 0,
	exampleInspectGoods1: (result) =>
		result.items('Brand').length === 1 &&
		result.items('Category').length === 1 &&
		did(result, 'SKU', 2),
	exampleInspectPlan01: (result) => did(result, 'Product on it', 2),
	exampleInspectKpi001: (result) =>
		result.items('Missing per visit').length > 0 &&
		did(result, 'KPI of the visit', result.items('Missing per visit').length),
	exampleAltegioDay01: () =>
		messages.some(
			({ text }) =>
				/^Paid: \d+\.\d\d /m.test(String(text)) &&
				/^Still to be marked: 1\n {2}15:00 Nora, /m.test(String(text)),
		),
	exampleBridgeReport1: () =>
		messages.some(
			({ text }) => String(text).split('\n').length === 5 && !String(text).includes('not known'),
		),
	// A run by hand shows one visit; rows of a workflow that was published are looked at in the end-to-end tests.
	examplePrices000001: (result) =>
		result.items('Table of prices').length > 0 &&
		result.json('Table of prices').every(({ key }) => /^\d+-\d+$/.test(String(key))),
	exampleRecognise001: (result) =>
		result
			.json('Rows')
			.map(({ report, facings, share }) => [report, facings ?? share])
			.join(';') === 'FACING_COUNT,4;FACING_COUNT,1;SHARE_OF_SPACE,0.75',
	// Two orders of one customer are written, the third has an article that nobody knows.
	exampleShopOrder001: (result) =>
		new Set(result.json('Customer by phone').map(({ id }) => id)).size === 2 &&
		result.items('Written').length === 2 &&
		String(result.json('Not written')[0]?.reason).includes("'no-such-article'"),
	examplePriceFile001: (result) =>
		result
			.json('As in the file')
			.map(({ salePrice }) => salePrice)
			.join(';') === '1290.5;349' && result.items('To look at').length === 2,
	exampleBankFile0001: (result) =>
		result
			.json('Booked')
			.map(({ sum }) => sum)
			.join(';') === '1500;400.5' &&
		result
			.json('To look at')
			.map(({ reason }) => reason)
			.join() === 'There is no invoice DEMO-404',
	exampleShipPrint001: (result) =>
		result.items('Delivery note and label').length >= 2 &&
		result.items('One archive')[0]?.binary?.data.mimeType === 'application/zip',
	examplePhotos000001: (result) =>
		result.items('Uploaded').length === 3 &&
		[0, 1]
			.flatMap((run) => result.data('Not uploaded', run).flat())
			.map(({ json }) => json.reason)
			.join()
			.includes('No product has this article'),
};

/** What was asked of the vendors since the last look: number of requests, and how many were refused. */
function takeLog(sandbox: Sandbox): { requests: number; refused: number } {
	const calls = sandbox.log;
	const requests = calls.length;
	const refused = calls.filter(({ status }) => status === 429 || status === 420).length;
	sandbox.clearLog();
	return { requests, refused };
}

/** A value in one short line. */
function short(value: unknown): string {
	const text = JSON.stringify(value) ?? '';
	return text.length > 150 ? `${text.slice(0, 147)}…` : text;
}

/** A day (YYYY-MM-DD) as workflows see it that name no time zone of their own. */
const dayOf = (instant: number) =>
	new Date(instant).toLocaleDateString('sv-SE', { timeZone: 'America/New_York' });

/** Nothing left by the error output of the node, and `count` items by the other one. */
const did = (result: RunResult, node: string, count: number) =>
	result.items(node).length === count && result.items(node, 1).length === 0;

/** What there must be before a workflow runs. */
const BEFORE: Record<string, (sandbox: Sandbox) => void> = {
	exampleReminder0001: ({ altegio }) => {
		altegio.salon.book(ALTEGIO_LOCATIONS.first, {
			staff_id: 55_436,
			services: [{ id: 220_000 }],
			client: { name: 'Kate', phone: '+13155550098' },
			datetime: `${dayOf(Date.now() + 86_400_000)} 15:00:00`,
			seance_length: 3600,
		});
	},
	exampleAltegioDay01: ({ altegio }) => {
		altegio.salon.book(ALTEGIO_LOCATIONS.first, {
			staff_id: 55_436,
			services: [{ id: 220_000 }],
			client: { name: 'Nora', phone: '+13155550096' },
			datetime: `${dayOf(Date.now())} 15:00:00`,
			seance_length: 3600,
			save_if_busy: true,
		});
	},
	exampleInspectAnew01: ({ inspectorCloud }) => {
		const { id } = inspectorCloud.upload(1);
		inspectorCloud.recognise([id], ['FACING_COUNT'], undefined);
	},
	exampleInspectKpi001: missOnShelves,
	exampleBridgeShelf01: missOnShelves,
	// The Market sells two products of MoySklad: one too dear, and one whose price it holds back.
	exampleBridgeGoods01: ({ moysklad: { rows }, yandexMarket: { goods } }) => {
		let held = false;
		for (let row = 0; row < rows.size && goods.prices.size < 2; row++) {
			if (!rows.exists(row) || rows.type(row) !== 'product' || !rows.hasStock(row)) continue;
			const { article, salePrices } = rows.entity(row) as {
				article?: string;
				salePrices: Array<{ value: number }>;
			};
			const { stock, reserve } = rows.stock.total(row);
			const price = salePrices[0].value / 100;
			if (!article || price < 10 || stock - reserve < 1) continue;
			goods.sell(article, held ? Math.round(price * 1.1) : price * 4);
			if (!held) goods.waiting.set(article, price);
			held = true;
		}
	},
	exampleBridgeVisit01: ({ altegio }) => {
		altegio.salon.book(ALTEGIO_LOCATIONS.first, {
			staff_id: 55_436,
			services: [{ id: 220_000, cost: 1500, amount: 1 }],
			client: { name: 'Olga', phone: '+13155550097' },
			datetime: `${new Date().toISOString().slice(0, 10)} 15:00:00`,
			seance_length: 3600,
			attendance: 1,
			save_if_busy: true,
		});
	},
	// A buyer on the Market orders something that MoySklad has; SKUs of the other orders there are unknown to it.
	exampleBridgeOrder01: (sandbox) => {
		const order = sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs);
		const [item] = order.items as Array<Record<string, unknown>>;
		Object.assign(item, { offerId: goodsWithStock(sandbox).article, count: 2 });
		delete order.externalOrderId;
	},
};

/** Two visits of today found a product missing. */
function missOnShelves({ inspectorCloud }: Sandbox): void {
	for (const id of INSPECTOR_OUT_OF_STOCK) inspectorCloud.visits.set(id, { created: Date.now() });
}

/** Runs one workflow and prints what happened; true when it worked. */
async function show(engine: Engine, sandbox: Sandbox, workflow: Workflow): Promise<boolean> {
	say(`▶ ${workflow.name}`);
	// What a person does once before the workflow is published, such as making its table.
	const setUp = workflow.nodes.find(({ name }) => name === 'Set up, once');
	if (setUp) await engine.run(workflow as never, { startNode: setUp.name });
	BEFORE[workflow.id]?.(sandbox);
	takeLog(sandbox);
	const started = Date.now();
	const result = await engine.run(workflow as never);
	const ms = Date.now() - started;
	const { requests, refused } = takeLog(sandbox);
	const table = new Table({
		head: ['node', 'items in', 'items out', 'time', 'result'],
		style: { head: [], border: [], compact: true },
	});
	for (const node of result.nodes) {
		const out = node.itemsOut.reduce((sum, count) => sum + count, 0);
		table.push([node.name, node.itemsIn, out, seconds(node.timeMs), node.error ?? node.status]);
	}
	say(table.toString());
	const last = result.lastNodeExecuted;
	const [first] = last ? result.json(last) : [];
	if (first) say(`  first item: ${short(first)}`);
	const file = last ? result.items(last)[0]?.binary?.data : undefined;
	if (file) say(`  its file: ${file.fileName ?? ''}, ${file.fileSize ?? ''}`);
	if (result.error) say(`  ✖ ${result.error.message}`);
	say(`  ${requests} requests sent, ${refused} refused by a rate limit, ${seconds(ms)}`);
	say();
	const check = CHECKS[workflow.id];
	return result.status === 'success' && result.nodes.length > 1 && (!check || check(result));
}

/** Changes on both sides between runs of the sync: each change goes the right way, once, and none comes back. */
async function showSync(engine: Engine, sandbox: Sandbox, workflow: Workflow): Promise<boolean> {
	say(`▶ ${workflow.name} (three runs)`);
	const run = async (what: string): Promise<[number, number]> => {
		takeLog(sandbox);
		const started = Date.now();
		const result = await engine.run(workflow as never);
		if (result.error) throw new Error(result.error.message);
		const ways = result.json('What differs').map(({ toMoySklad }) => toMoySklad === true);
		const written = ways.filter(Boolean).length;
		const { requests, refused } = takeLog(sandbox);
		say(
			`  ${what}: ${ways.length - written} folders written to the shop, ${written} to MoySklad; ${requests} requests, ${refused} refused, ${seconds(Date.now() - started)}`,
		);
		return [ways.length - written, written];
	};
	const first = await run('1. the shop is empty');
	const rows = dataTables.get('shop_folders') ?? [];
	const [own, theirs] = rows;
	const [{ id }] = await folders(sandbox, `externalCode=${String(theirs.externalCode)}`);
	await ask(sandbox, 'PUT', `/entity/productfolder/${id}`, { name: 'Renamed in MoySklad' });
	const changedAt = new Date().toISOString();
	Object.assign(own, { name: 'Renamed in the shop', changedAt });
	rows.push({ externalCode: 'shop-1', name: 'New in the shop', description: '', changedAt });
	say('  2. somebody renames a folder in MoySklad; the shop renames one, and adds one');
	const second = await run('3. the next run');
	const third = await run('4. the run after it');
	const [renamed] = await folders(sandbox, `externalCode=${String(own.externalCode)}`);
	const added = await folders(sandbox, 'externalCode=shop-1');
	say();
	return (
		first[0] > 0 &&
		[first[1], ...second, ...third].join() === '0,1,2,0,0' &&
		theirs.name === 'Renamed in MoySklad' &&
		renamed.name === 'Renamed in the shop' &&
		added.length === 1
	);
}

/** Product folders of the sandbox's MoySklad that a filter finds. */
async function folders(
	sandbox: Sandbox,
	filter: string,
): Promise<Array<{ id: string; name: string }>> {
	const path = `/entity/productfolder?filter=${encodeURIComponent(filter)}`;
	return (await ask<{ rows: Array<{ id: string; name: string }> }>(sandbox, 'GET', path)).rows;
}

/**
 * A request to MoySklad: of another user, whose limit is another's, too, unless a token is given. With the workflow's own
 * user it waits for its turn, as MoySklad asks: the workflow has used up the limit just now.
 */
async function ask<T>(
	sandbox: Sandbox,
	method: string,
	path: string,
	body?: object,
	token: string = MOYSKLAD_TOKENS.secondUser,
): Promise<T> {
	const send = async () =>
		await fetch(sandbox.urls.moysklad + path, {
			method,
			headers: {
				authorization: `Bearer ${token}`,
				'accept-encoding': 'gzip',
				'content-type': 'application/json',
			},
			...(body ? { body: JSON.stringify(body) } : {}),
		});
	let answer = await send();
	for (let turn = 0; answer.status === 429 && turn < TURNS; turn++) {
		await answer.text();
		await delay(Number(answer.headers.get('x-lognex-retry-after')));
		answer = await send();
	}
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
	return (await answer.json()) as T;
}

/** What happens in MoySklad while a workflow is published, and what the workflow must do about it. */
interface Scene {
	/** What somebody does, in words. */
	what: string;
	act(sandbox: Sandbox): Promise<unknown> | void;
	/** Whether the execution that it started did what it should. */
	worked(run: RunResult, sandbox: Sandbox): boolean;
	/** What is looked at after that; true when it is as it should be. */
	after?(stage: { sandbox: Sandbox; listener: WebhookListener; run: RunResult }): Promise<boolean>;
}

interface Made {
	meta: object;
}

const CUSTOMER = 'Smith & Sons <wholesale>';

async function makeOrder(sandbox: Sandbox): Promise<{ order: Made; agent: Made }> {
	const { world } = sandbox.moysklad;
	const agent = await ask<Made>(sandbox, 'POST', '/entity/counterparty', {
		name: CUSTOMER,
	});
	const order = await ask<Made>(sandbox, 'POST', '/entity/customerorder', {
		organization: world.ref('organization', 0),
		agent: { meta: agent.meta },
		positions: [
			{ quantity: 3, price: 129_950, assortment: { meta: goodsWithStock(sandbox).meta } },
		],
	});
	return { order, agent };
}

async function payOrder(sandbox: Sandbox): Promise<void> {
	const { order, agent } = await makeOrder(sandbox);
	await ask(sandbox, 'POST', '/entity/paymentin', {
		organization: sandbox.moysklad.world.ref('organization', 0),
		agent: { meta: agent.meta },
		sum: 389_850,
		operations: [{ meta: order.meta, linkedSum: 389_850 }],
	});
}

/** A product that has stock, an article and a price. */
function goodsWithStock(sandbox: Sandbox) {
	const { rows, world } = sandbox.moysklad;
	for (let row = 0; row < rows.size; row++) {
		if (!rows.exists(row) || rows.type(row) !== 'product' || !rows.hasStock(row)) continue;
		const id = rows.id(row);
		return { row, id, meta: world.meta('product', id), article: rows.entity(row).article };
	}
	throw new Error('The sandbox has no product with stock');
}

/** By the workflow's ID. */
const SCENES: Record<string, Scene> = {
	exampleOrder0000001: {
		what: 'somebody makes a customer order',
		act: makeOrder,
		worked: () => {
			const [message] = messages;
			const text = String(message?.text);
			return (
				messages.length === 1 &&
				message.parse_mode === 'HTML' &&
				text.includes('Smith &amp; Sons &lt;wholesale>') &&
				text.includes('3898.50 RUB') &&
				/href="https:\/\/online\.moysklad\.ru\/app\/#customerorder\/edit\?id=[0-9a-f-]{36}"/.test(
					text,
				)
			);
		},
	},
	exampleOrderPaid001: {
		what: 'a customer pays an order',
		act: payOrder,
		worked: (run, sandbox) => {
			const [message] = messages;
			const [{ id }] = run.json('Status: Paid');
			const order = sandbox.moysklad.dictionary('customerorder').find(String(id));
			return (
				messages.length === 1 &&
				/^Order <b>\d+<\/b> is paid\nFrom: Smith &amp; Sons .*\nSum: 3898\.50\n/.test(
					String(message.text),
				) &&
				sandbox.moysklad.states.nameOf(order?.state) === 'Paid'
			);
		},
	},
	exampleAltegioMsg01: {
		what: 'a client books',
		act: (sandbox) => void sandbox.altegio.records.add(ALTEGIO_LOCATIONS.first),
		worked: () => messages.length === 1 && String(messages[0].text).startsWith('New: <b>'),
	},
	exampleNoShow000001: {
		what: 'a client does not come',
		act: ({ altegio }) => {
			const client = altegio.salon.of(ALTEGIO_LOCATIONS.first)[7];
			client.categories = [{ id: 3, title: 'Regular' }];
			const { id, name, phone } = client;
			altegio.records.touch(ALTEGIO_RECORDS.sample, {
				attendance: -1,
				client: { id, name, phone },
			});
		},
		worked: (run, { altegio }) => {
			const { categories, email } = altegio.salon.of(ALTEGIO_LOCATIONS.first)[7];
			const tags = (categories as Array<{ id: number }>).map(({ id }) => id);
			return tags.join() === '3,7' && email !== '' && run.items('Send message').length === 1;
		},
	},
	exampleAltegioBonus1: {
		what: 'a client pays for a visit',
		act: ({ altegio }) =>
			altegio.records.touch(ALTEGIO_RECORDS.rich, {
				paid_full: 1,
				client: { id: 77, name: 'Kate', phone: '+13155550077' },
			}),
		worked: (run) => {
			const [points] = run.json('Bonus points');
			return Number(points?.bonusValue) > 0 && run.items('Without points').length === 0;
		},
	},
	exampleGapless00001: {
		what: 'somebody makes a customer order',
		act: makeOrder,
		worked: (run) => run.json('Each change once').length === 1,
	},
	exampleTrigger00001: {
		what: 'a colleague renames a product',
		act: async (sandbox) => {
			const { id } = goodsWithStock(sandbox);
			await ask(sandbox, 'PUT', `/entity/product/${id}`, { name: 'Renamed by a colleague' });
		},
		worked: (run, sandbox) => {
			const [row] = dataTables.get('shop_products') ?? [];
			const { row: place } = goodsWithStock(sandbox);
			return (
				row?.name === 'Renamed by a colleague' &&
				Number(row.price) > 0 &&
				run.json('Number to MoySklad').length === 1 &&
				sandbox.moysklad.rows.entity(place).externalCode === `shop-${String(row.id)}`
			);
		},
		after: async ({ sandbox, listener }) => {
			await sandbox.moysklad.deliveriesIdle();
			const silent = listener.deliveries.length === 1;
			say(
				`     the workflow wrote the shop's number: MoySklad ${silent ? 'does not call' : 'CALLS'}`,
			);
			const { id } = goodsWithStock(sandbox);
			const body = { name: 'Renamed by the workflow itself' };
			await ask(sandbox, 'PUT', `/entity/product/${id}`, body, MOYSKLAD_TOKENS.user);
			const echo = await listener.nextRun(10_000);
			const passed = echo.json('Product changed').length;
			say(`     a write of its own without the header: called, and ${passed} items go on`);
			return silent && echo.status === 'success' && passed === 0;
		},
	},
	exampleStock0000001: {
		what: 'the stock of a product changes',
		act: (sandbox) => {
			const [store] = sandbox.moysklad.dictionary('store').all();
			sandbox.moysklad.changeStock(goodsWithStock(sandbox).id, String(store.id), { stock: 12_345 });
		},
		worked: (_run, sandbox) => {
			const { row, article } = goodsWithStock(sandbox);
			const shop = sandbox.yandexMarket.stocks.get(YANDEX_CAMPAIGNS.dbs);
			const { stock } = sandbox.moysklad.rows.stock.total(row);
			return stock > 12_000 && shop?.get(String(article))?.count === stock;
		},
	},
};

/** Who calls a trigger, how long it waits for the answer, and the workflow's webhooks there. */
function calledBy(
	{ altegio, moysklad }: Sandbox,
	{ type }: INode,
): { service: string; waits: string; registered: () => string[] } {
	if (type.endsWith('.altegioTrigger')) {
		const isOurs = (url: string) => url.startsWith('http://127.0.0.1');
		const registered = () =>
			(altegio.hooks.show(ALTEGIO_LOCATIONS.first).urls as string[])
				.filter(isOurs)
				.map((url) => url.split('?')[0]);
		return { service: 'Altegio', waits: '10 s', registered };
	}
	const { webhooks } = moysklad;
	const registered = () =>
		[...webhooks.list('webhook'), ...webhooks.list('webhookstock')].map(
			({ entityType, action, stockType, reportType }) =>
				entityType ? `${entityType} ${action}` : `${stockType} ${reportType}`,
		);
	return { service: 'MoySklad', waits: '1500 ms', registered };
}

/** A change at the vendor → webhook → trigger → the nodes after it. */
async function showTrigger(
	engine: Engine,
	sandbox: Sandbox,
	workflow: Workflow,
	trigger: INode,
): Promise<boolean> {
	say(`▶ ${workflow.name} (a webhook on its way)`);
	const scene = SCENES[workflow.id];
	if (!scene) throw new Error(`The demo does not know what to do about ${workflow.id}`);
	messages.length = 0;
	const manual = workflow.nodes.find(({ type }) => type.endsWith('.manualTrigger'));
	if (manual) {
		const prepared = await engine.run(workflow as never, { startNode: manual.name });
		if (prepared.error) throw new Error(prepared.error.message);
		say(`  0. by hand: ${manual.name}`);
	}
	const { service, waits, registered } = calledBy(sandbox, trigger);
	const listener = await engine.listen(workflow as never, trigger.name);
	try {
		await listener.activate();
		const which = registered();
		say(`  1. published: ${which.length} webhook(s) at ${service} (${which.join(', ')})`);
		await scene.act(sandbox);
		say(`  2. ${scene.what}`);
		const run = await listener.nextRun(10_000);
		const [delivery] = listener.deliveries;
		say(
			`  3. ${service} calls the workflow, which answers ${delivery.status} after ${Math.round(delivery.answeredAfterMs ?? 0)} ms (${service} waits ${waits})`,
		);
		say(`  4. the trigger's item: ${short(run.json(trigger.name)[0])}`);
		const last = run.lastNodeExecuted ?? trigger.name;
		say(`  5. ${last}: ${short(run.json(last)[0])}`);
		if (run.error) say(`  ✖ ${run.error.message}`);
		const worked = run.status === 'success' && scene.worked(run, sandbox);
		const after = worked && scene.after ? await scene.after({ sandbox, listener, run }) : worked;
		await listener.deactivate();
		say(`  6. unpublished: ${registered().length} webhooks left at ${service}`);
		say();
		return after && delivery.status === 200 && registered().length === 0;
	} finally {
		await listener.close();
	}
}

/** A report of a recognition gets ready → Inspector Cloud calls → the rows of the report. */
async function showReport(
	engine: Engine,
	sandbox: Sandbox,
	workflow: Workflow,
	trigger: INode,
): Promise<boolean> {
	say(`▶ ${workflow.name} (a call on its way)`);
	const { inspectorCloud } = sandbox;
	const { id } = inspectorCloud.upload(1);
	const { reports } = inspectorCloud.recognise([id], ['FACING_COUNT'], undefined);
	const [report] = Object.values(reports as Record<string, number>);
	for (let looks = 0; looks < 2; looks++) inspectorCloud.look(report);
	const listener = await engine.listen(workflow as never, trigger.name);
	try {
		await fetch(listener.url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ [report]: inspectorCloud.look(report) }),
		});
		const run = await listener.nextRun(10_000);
		const rows = run.json('Row of a table');
		say(`  its rows: ${short(rows)}`);
		say();
		return run.status === 'success' && rows.length === 2 && rows[0].facings === 4;
	} finally {
		await listener.close();
	}
}

/** The step that the Market tells of, and whether the workflow did with it what it is for. */
const NOTICES: Record<string, { substatus: string; worked: (run: RunResult) => boolean }> = {
	exampleMarketOrders1: {
		substatus: 'STARTED',
		worked: (run) => {
			const rows = run.json('Row of a table');
			say(`  its row: ${short(rows)}`);
			return rows.length === 1 && rows[0].status === 'STARTED';
		},
	},
	exampleMarketLabel01: {
		substatus: 'READY_TO_SHIP',
		worked: () => {
			const [sent] = sentDocuments.splice(0);
			say(`  sent: ${short([sent])}`);
			return sent?.mimeType === 'application/pdf' && sent.caption.startsWith('Order 51000000002: ');
		},
	},
};

/** A notification of the Market → trigger → the nodes after it. */
async function showNotification(
	engine: Engine,
	workflow: Workflow,
	trigger: INode,
): Promise<boolean> {
	say(`▶ ${workflow.name} (a notification on its way)`);
	const notice = NOTICES[workflow.id];
	if (!notice) throw new Error(`The demo does not know what to tell ${workflow.id}`);
	const listener = await engine.listen(workflow as never, trigger.name);
	try {
		const [{ verdict }] = await notify(listener.url.replace(/\/notification$/, ''), {
			notificationType: 'ORDER_STATUS_UPDATED',
			orderId: 51_000_000_002,
			campaignId: 21_000_201,
			status: 'PROCESSING',
			substatus: notice.substatus,
			updatedAt: new Date().toISOString(),
		});
		const worked = notice.worked(await listener.nextRun(10_000));
		say();
		return verdict === 'done' && worked;
	} finally {
		await listener.close();
	}
}

async function main(): Promise<void> {
	const started = Date.now();
	await ensureBuild();
	say(
		'Starting the sandbox: MoySklad with 25,000 items, Yandex Market, Altegio and Inspector Cloud on loopback …',
	);
	const sandbox = await startSandbox();
	const credentials = Object.fromEntries(
		(Object.keys(credentialReferences) as CredentialType[]).map((type) => [
			credentialReferences[type].id,
			{ name: credentialReferences[type].name, type, data: sandbox.credentials[type] },
		]),
	);
	say("Loading the built package into n8n's engine …");
	registerStandIns();
	const engine = await createEngine({ credentials: credentials as never });
	say(`  ${engine.nodeTypes.length} nodes, ${engine.credentialTypes.length} credentials`);
	say();
	const outcomes: Array<[string, boolean]> = [];
	try {
		for (const workflow of exampleWorkflowsAt(sandbox.urls) as unknown as Workflow[]) {
			// What another workflow has sent tells nothing of this one.
			for (const sent of [messages, sentPhotos, sentDocuments]) sent.length = 0;
			const trigger = workflow.nodes.find(({ type }) => registersWebhooks(type));
			const ready = workflow.nodes.find(({ type }) => type.endsWith('ReportReadyTrigger'));
			const market = workflow.nodes.find(({ type }) => type.endsWith('.yandexMarketTrigger'));
			const worked = market
				? await showNotification(engine, workflow, market)
				: ready
					? await showReport(engine, sandbox, workflow, ready)
					: trigger
						? await showTrigger(engine, sandbox, workflow, trigger)
						: workflow.id === SYNC
							? await showSync(engine, sandbox, workflow)
							: await show(engine, sandbox, workflow);
			outcomes.push([workflow.name, worked]);
		}
	} finally {
		await engine.close();
		await sandbox.close();
	}
	for (const [name, worked] of outcomes) say(`${worked ? '✔' : '✖'} ${name}`);
	const broken = outcomes.filter(([, worked]) => !worked).length;
	const total = `${outcomes.length - broken} of ${outcomes.length} workflows worked, ${seconds(Date.now() - started)}`;
	say(broken === 0 ? `\n✔ The demo worked: ${total}.` : `\n✖ The demo did not work: ${total}.`);
	process.exitCode = broken === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
	process.stderr.write(
		`\n✖ The demo did not work: ${error instanceof Error ? error.stack : String(error)}\n`,
	);
	process.exitCode = 1;
});
