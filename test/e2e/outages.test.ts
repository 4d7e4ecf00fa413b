/**
 * Both triggers of Altegio, and both of Yandex Market, in published workflows of one real n8n: what happens while n8n is
 * away comes once after it, and everything else once.
 */
import {
	ALTEGIO_LOCATIONS,
	startSandbox,
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
} from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import { delay, importByCli, itemsOf, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow, N8n } from '../../sandbox/n8n/n8n';
import { notify } from '../../sandbox/yandex-market/notifications';
import { byId, ourNode } from '../../sandbox/n8n/nodes';
import { prepareUserFolder, setUpTimeoutMs } from './harness';
import type { WorkflowNode } from '../../sandbox/n8n/nodes';
import type { PreparedFolder } from './harness';

const ID = 'e2eAltegioPair';
const MARKET = 'e2eMarketPair';
const MARKET_HOOK = 'e2e-market-hook';
const AFTER = 'Each change once';
const { fbs } = YANDEX_CAMPAIGNS;
const LOCATION = ALTEGIO_LOCATIONS.first;
const EVENTS = ['appointmentCreated', 'appointmentMoved', 'appointmentCancelled'];
const OTHER = 'https://crm.example.com/hook';
/** The polling trigger leaves changes alone for a minute: those of the sandbox are as old at once. */
const AGE_MS = 62_000;

let folder: PreparedFolder;
let sandbox: Sandbox;
let n8n: N8n;

function pair(): ImportedWorkflow {
	const webhook = ourNode(
		'altegioTrigger',
		'altegioApi',
		{
			locationId: { __rl: true, mode: 'id', value: String(LOCATION) },
			events: EVENTS,
			options: { withPolling: true },
		},
		{ webhookId: 'e2e-altegio-hook' },
	);
	const polling = ourNode('altegioPollingTrigger', 'altegioApi', {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		locationIds: [LOCATION],
		events: EVENTS,
		options: { withWebhook: true },
	});
	return pairOf(ID, webhook, polling);
}

function marketPair(): ImportedWorkflow {
	const webhook = ourNode(
		'yandexMarketTrigger',
		'yandexMarketApi',
		{
			events: ['ORDER_CREATED', 'ORDER_STATUS_UPDATED'],
			fetch: true,
			options: { withPolling: true },
		},
		{ webhookId: MARKET_HOOK },
	);
	const polling = ourNode('yandexMarketPollingTrigger', 'yandexMarketApi', {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		businessId: byId(YANDEX_BUSINESS_ID),
		options: { withWebhook: true },
	});
	return pairOf(MARKET, webhook, polling);
}

/** Two triggers with the same node behind them. */
function pairOf(id: string, webhook: WorkflowNode, polling: WorkflowNode): ImportedWorkflow {
	const after = {
		id: 'node-after',
		name: AFTER,
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [440, 0],
		parameters: {},
	};
	const to = { main: [[{ node: after.name, type: 'main', index: 0 }]] };
	return {
		id,
		name: id,
		active: false,
		nodes: [webhook, { ...polling, id: 'node-polling', position: [0, 220] }, after],
		connections: { [webhook.name]: to, [polling.name]: to },
	};
}

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ vendors: ['altegio', 'yandexMarket'], assortmentRows: 1 });
	sandbox.altegio.records.clock = () => Date.now() - AGE_MS;
	sandbox.altegio.hooks.plant(LOCATION, { [OTHER]: { client: 1 } });
	await importByCli(
		'credentials',
		sandboxCredentialImports(sandbox.credentials).filter(({ type }) =>
			/^(altegio|yandex)/.test(type),
		),
		folder,
	);
	await importByCli('workflow', [pair(), marketPair()], folder);
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
});

type Row = Record<string, unknown>;

/** What has come out of both triggers of a workflow so far. */
async function passed(workflow = ID): Promise<unknown[][]> {
	const all = await n8n.api.executions(workflow);
	return all
		.filter(({ stoppedAt }) => stoppedAt !== null)
		.flatMap((execution) => itemsOf(execution, AFTER))
		.map(({ json }) => (workflow === ID ? [json.id, ...(json.events as string[])] : briefly(json)))
		.sort();
}

/** The same of a change of an order, whichever trigger tells it. */
function briefly({ notificationType: type, event, orderId }: Row): unknown[] {
	const told = type === 'ORDER_CREATED' ? 'order.created' : 'order.updated';
	return [orderId, type === undefined ? event : told];
}

const waitForAll = async (expected: unknown[][], workflow = ID) =>
	await waitFor(
		`${expected.length} changes in ${workflow}`,
		async () => ((await passed(workflow)).length >= expected.length ? true : undefined),
		150_000,
	);

/** Orders of Yandex Market, before, in and after the outage. */
class MarketCourse {
	private readonly expected: unknown[][] = [];
	/** Notifications, in the order in which they were sent first. */
	private readonly told: Row[] = [];
	private first: Row = {};

	private get address(): string {
		return `${n8n.url}/webhook/${MARKET_HOOK}`;
	}

	/** Tells of a new order as the Market does: it was made, and it may be packed. */
	private async tell(order: Row, verdict: string): Promise<void> {
		const { orderId, campaignId, status, substatus, creationDate, updateDate } = order;
		const created = { notificationType: 'ORDER_CREATED', items: [], createdAt: creationDate };
		const moved = { notificationType: 'ORDER_STATUS_UPDATED', status, substatus };
		for (const one of [created, { ...moved, updatedAt: updateDate }]) {
			const notification = { ...one, orderId, campaignId };
			this.told.push(notification);
			expect(await notify(this.address, notification)).toMatchObject([{ verdict }]);
		}
	}

	private async ping(): Promise<boolean> {
		const time = new Date().toISOString();
		const [{ verdict }] = await notify(this.address, { notificationType: 'PING', time });
		return verdict === 'done';
	}

	/** A young order: its poll comes a minute later than its notifications. */
	private async passOn(): Promise<Row> {
		const order = sandbox.yandexMarket.orders.place(fbs);
		await this.tell(order, 'done');
		const { orderId } = order;
		this.expected.push([orderId, 'order.created'], [orderId, 'order.updated']);
		await waitForAll(this.expected, MARKET);
		return order;
	}

	async publish(): Promise<void> {
		await n8n.api.publish(MARKET);
		await waitFor('the PING of the cabinet', async () => await this.ping());
		await waitFor('the first poll of orders', () =>
			sandbox.log.some(({ path }) => path.endsWith('/orders')),
		);
	}

	async before(): Promise<void> {
		this.first = await this.passOn();
	}

	async away(): Promise<void> {
		const { orders } = sandbox.yandexMarket;
		const shop = { id: fbs, placementType: 'FBS' } as Parameters<typeof orders.move>[0];
		orders.clock = () => Date.now() - AGE_MS;
		const step = { status: 'PROCESSING', substatus: 'READY_TO_SHIP' };
		expect(orders.move(shop, this.first.orderId, step)).toBeUndefined();
		const { orderId } = orders.place(fbs);
		orders.clock = Date.now;
		const missed = orders.find(shop, orderId) as Row;
		await this.tell(missed, 'again');
		this.expected.push([this.first.orderId, 'order.updated'], [orderId, 'order.created']);
	}

	async after(): Promise<void> {
		await waitForAll(this.expected, MARKET);
		expect(await this.ping()).toBe(true);
		// What could not be told is told again, and what was taken before, too.
		for (const notification of [...this.told]) {
			expect(await notify(this.address, notification)).toMatchObject([{ verdict: 'done' }]);
		}
		const repeated = this.told.length;
		await this.passOn();
		expect(await passed(MARKET)).toEqual(this.expected.sort());
		const all = await n8n.api.executions(MARKET);
		const called = all.filter(({ mode }) => mode === 'webhook');
		// Two of the first order and two of the last, and the repetitions, of which nothing came; none for a PING.
		expect(called).toHaveLength(4 + repeated);
		for (const execution of called) {
			for (const { json } of itemsOf(execution, AFTER)) {
				expect(json.object).toMatchObject({ orderId: json.orderId });
			}
		}
		await n8n.api.unpublish(MARKET);
	}
}

test('an outage between loses nothing and doubles nothing', async () => {
	const { hooks, records } = sandbox.altegio;
	const market = new MarketCourse();
	await n8n.api.publish(ID);
	await market.publish();
	await waitFor('its address', () => (hooks.show(LOCATION).urls as string[]).length === 2);
	await waitFor('the first poll', () => sandbox.log.some(({ path }) => path.includes('/records/')));
	// The first poll has begun: what changes from now on is later.
	await delay(2000);
	const { id } = records.add(LOCATION) as { id: number };
	await hooks.idle();
	const expected: unknown[][] = [[id, 'appointmentCreated']];
	await Promise.all([waitForAll(expected), market.before()]);

	await n8n.stop();
	await delay(1000);
	await market.away();
	records.touch(id, { date: '2026-12-05 12:00:00' });
	const other = records.add(LOCATION) as { id: number };
	const third = records.add(LOCATION) as { id: number };
	await delay(1000);
	records.remove(third.id);
	await hooks.idle();
	expect(hooks.deliveries.slice(-4).flatMap(({ statuses }) => statuses)).toEqual([0, 0, 0, 0]);

	await n8n.start();
	await n8n.api.signIn();
	expected.push(
		[id, 'appointmentMoved'],
		[other.id, 'appointmentCreated'],
		[third.id, 'appointmentCancelled'],
	);
	await Promise.all([waitForAll(expected), market.after()]);
	const last = records.add(LOCATION) as { id: number };
	await hooks.idle();
	expected.push([last.id, 'appointmentCreated']);
	await waitForAll(expected);
	expect(await passed()).toEqual(expected.sort());
	const modes = new Set((await n8n.api.executions(ID)).map(({ mode }) => mode));
	expect([...modes].sort()).toEqual(['trigger', 'webhook']);

	await n8n.api.unpublish(ID);
	await waitFor('no address', () => (hooks.show(LOCATION).urls as string[]).length === 1);
	expect(hooks.show(LOCATION)).toMatchObject({ urls: [OTHER], active: 1, client: 1 });
});
