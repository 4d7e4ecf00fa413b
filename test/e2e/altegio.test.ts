/**
 * Both triggers of Altegio in a published workflow of a real n8n: what happens while n8n is away comes once after it, and
 * everything else once.
 */
import { ALTEGIO_LOCATIONS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import { delay, importByCli, itemsOf, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow, N8n } from '../../sandbox/n8n/n8n';
import { ourNode, prepareUserFolder, setUpTimeoutMs } from './harness';
import type { PreparedFolder } from './harness';

const ID = 'e2eAltegioPair';
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
	const after = {
		id: 'node-after',
		name: 'Each change once',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [440, 0],
		parameters: {},
	};
	const to = { main: [[{ node: after.name, type: 'main', index: 0 }]] };
	return {
		id: ID,
		name: ID,
		active: false,
		nodes: [webhook, { ...polling, id: 'node-polling', position: [0, 220] }, after],
		connections: { altegioTrigger: to, altegioPollingTrigger: to },
	};
}

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1 });
	sandbox.altegio.records.clock = () => Date.now() - AGE_MS;
	sandbox.altegio.hooks.plant(LOCATION, { [OTHER]: { client: 1 } });
	await importByCli(
		'credentials',
		sandboxCredentialImports(sandbox.credentials).filter(({ type }) => type.startsWith('altegio')),
		folder,
	);
	await importByCli('workflow', [pair()], folder);
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
});

/** What has come out of both triggers so far. */
async function passed(): Promise<unknown[][]> {
	const all = await n8n.api.executions(ID);
	return all
		.filter(({ stoppedAt }) => stoppedAt !== null)
		.flatMap((execution) => itemsOf(execution, 'Each change once'))
		.map(({ json }): unknown[] => [json.id, ...(json.events as string[])])
		.sort();
}

const waitForAll = async (expected: unknown[][]) =>
	await waitFor(
		`${expected.length} changes`,
		async () => ((await passed()).length >= expected.length ? true : undefined),
		150_000,
	);

test('an outage between loses nothing and doubles nothing', async () => {
	const { hooks, records } = sandbox.altegio;
	await n8n.api.publish(ID);
	await waitFor('its address', () => (hooks.show(LOCATION).urls as string[]).length === 2);
	await waitFor('the first poll', () => sandbox.log.some(({ path }) => path.includes('/records/')));
	// The first poll has begun: what changes from now on is later.
	await delay(2000);
	const { id } = records.add(LOCATION) as { id: number };
	await hooks.idle();
	const expected: unknown[][] = [[id, 'appointmentCreated']];
	await waitForAll(expected);

	await n8n.stop();
	await delay(1000);
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
	await waitForAll(expected);
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
