/** The webhook trigger and the polling trigger in one workflow: what is lost on one way comes on the other, once. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { moysklad } from '../../sandbox/client';
import type { WebhookListener, WorkflowInput } from '../harness';
import type { EngineParts } from '../harness/execution';
import { Poller, POLLER, POLLING, pollingParts } from './poller';
import { House, TRIGGER, until } from './setup';

jest.setTimeout(60_000);

const WEBHOOK = 'MoySklad Trigger';
const TYPES = ['counterparty', 'productfolder'];
const ACTIONS = ['CREATE', 'UPDATE', 'DELETE'];

let house: House;
let parts: EngineParts;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 20 });
	parts = await pollingParts(house);
});

afterAll(async () => {
	await house.close();
});

const credentials = { moySkladApi: { id: 'fast', name: 'fast' } };

const pair = (): WorkflowInput => ({
	id: 'gapless',
	nodes: [
		{
			name: WEBHOOK,
			type: TRIGGER,
			parameters: {
				alsoWatch: ['objects'],
				entityTypes: TYPES,
				actions: ACTIONS,
				options: { withPolling: true },
			},
			credentials,
		},
		{
			name: POLLER,
			type: POLLING,
			parameters: {
				pollTimes: { item: [{ mode: 'everyMinute' }] },
				entityTypes: TYPES,
				actions: ACTIONS,
				options: { withWebhook: true },
			},
			credentials,
		},
	],
});

const brief = ({ action, id }: IDataObject) => `${String(action)} ${String(id)}`;

test('events that were lost while n8n was down arrive once after it, and all others once', async () => {
	const engine = house.engine;
	const workflow = pair();
	const arrived: string[] = [];
	let listener: WebhookListener = await engine.listen(workflow, WEBHOOK);
	await listener.activate();
	const { port } = listener;
	const poller = new Poller(parts, workflow);
	await poller.publish();
	const collect = async () => {
		await house.state.deliveriesIdle();
		const runs = listener.runs.splice(0);
		for (const run of runs) arrived.push(...run.json(WEBHOOK).map(brief));
	};

	const happened: string[] = [];
	const create = async (type: string, body: object) => {
		const answer = await moysklad(house.sandbox, `/entity/${type}`, { method: 'POST', body });
		expect(answer.status).toBe(200);
		const { id } = answer.json<{ id: string }>();
		happened.push(`CREATE ${id}`);
		return id;
	};
	const remove = async (type: string, id: string) => {
		await moysklad(house.sandbox, `/entity/${type}/${id}`, { method: 'DELETE' });
		happened.push(`DELETE ${id}`);
	};

	// As usual: the webhooks bring everything, and the poll nothing.
	const ids: string[] = [];
	for (let index = 0; index < 5; index++) {
		ids.push(await create('counterparty', { name: `Up ${index}`, companyType: 'individual' }));
		ids.push(await create('productfolder', { name: `Up ${index}` }));
	}
	await remove('counterparty', ids[0]);
	await until(() => listener.deliveries.length >= 11);
	await house.state.deliveriesIdle();
	await until(() => listener.runs.length >= 11);
	await collect();
	expect([...arrived].sort()).toEqual([...happened].sort());

	// n8n is down: MoySklad tries four times and gives up.
	const { staticData } = listener;
	await listener.close();
	let untold = '';
	for (let index = 0; index < 4; index++) {
		const id = await create('counterparty', { name: `Down ${index}`, companyType: 'individual' });
		await create('productfolder', { name: `Down ${index}` });
		if (index > 0) continue;
		untold = `CREATE ${id}`;
		await remove('counterparty', id);
	}
	await house.state.deliveriesIdle();
	expect(house.state.deliveries.filter(({ outcome }) => outcome === 'failed').length).toBe(9);

	// n8n is up again.
	listener = await engine.listen(workflow, WEBHOOK, { port, staticData });
	poller.restart();
	await create('counterparty', { name: 'Up again', companyType: 'individual' });
	await until(() => listener.runs.length >= 1);
	await collect();
	// Changes must be a minute old before a poll passes them on: MoySklad's clock is put forward instead.
	poller.settleBySkew(70);
	arrived.push(...(await poller.tick()).map(brief));
	arrived.push(...(await poller.tick()).map(brief));
	// What was made and deleted again between two polls is in no list any more: only its deletion tells of it.
	const told = happened.filter((one) => one !== untold);
	expect([...arrived].sort()).toEqual([...told].sort());
	expect(new Set(arrived).size).toBe(arrived.length);
	await listener.deactivate();
});

test('a change that the poll has passed on first is not passed on by a late webhook', async () => {
	const workflow = { ...pair(), id: 'late' };
	const [webhook, polling] = workflow.nodes;
	const since = { firstRun: 'since', since: new Date(Date.now() - 120_000).toISOString() };
	const parameters = { ...polling.parameters, ...since, entityTypes: ['counterparty'] };
	const poller = new Poller(parts, { ...workflow, nodes: [webhook, { ...polling, parameters }] });
	const listener = await house.engine.listen(workflow, WEBHOOK);
	await listener.activate();
	const [{ url }] = house.state.webhooks.list('webhook');
	const dictionary = house.state.dictionary('counterparty');
	const [, one, other] = dictionary.all();
	// 90 s ago, and nobody was told.
	const moment = new Date(Date.now() - 90_000 + 3 * 3600_000).toISOString().replace('T', ' ');
	dictionary.change(one, { created: moment.slice(0, 23), updated: moment.slice(0, 23) });
	const passed = (await poller.tick()).filter(({ id }) => id === one.id);
	expect(passed.map(brief)).toEqual([`CREATE ${String(one.id)}`]);
	const send = async (id: unknown) =>
		await fetch(`${url}&requestId=${String(id)}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				auditContext: { uid: 'admin@sandbox', moment: moment.slice(0, 19) },
				events: [
					{
						meta: {
							type: 'counterparty',
							href: house.state.world.href('counterparty', String(id)),
						},
						action: 'CREATE',
					},
				],
			}),
		});
	expect((await send(one.id)).status).toBe(200);
	expect((await listener.nextRun()).json(WEBHOOK)).toEqual([]);
	expect((await send(other.id)).status).toBe(200);
	expect((await listener.nextRun()).json(WEBHOOK)).toHaveLength(1);
	await listener.deactivate();
});

test('the example is such a pair', () => {
	const file = path.resolve(__dirname, '../../../examples/moysklad-gapless.json');
	const { nodes, connections } = JSON.parse(readFileSync(file, 'utf8')) as WorkflowInput & {
		connections: Record<string, { main: Array<Array<{ node: string }>> }>;
	};
	const webhook = nodes.find(({ type }) => type === TRIGGER);
	const polling = nodes.find(({ type }) => type === POLLING);
	const of = (node: typeof webhook) => node?.parameters as IDataObject;
	expect(of(webhook).options).toMatchObject({ withPolling: true });
	expect(of(polling).options).toMatchObject({ withWebhook: true });
	expect(of(polling).entityTypes).toEqual(of(webhook).entityTypes);
	expect(of(polling).actions).toEqual(of(webhook).actions);
	const targets = [webhook, polling].map((node) => connections[node?.name ?? ''].main[0][0].node);
	expect(targets[0]).toBe(targets[1]);
});
