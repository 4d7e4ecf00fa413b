/**
 * The first poll of a process, of each vendor's polling trigger: n8n leaves a trigger out for good whose poll fails when
 * n8n starts, so that one failure is kept for the next poll. A person who publishes is told at once.
 */
import { ALTEGIO_LOCATIONS, startSandbox, YANDEX_BUSINESS_ID } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { DeduplicationStore } from './harness/deduplication';
import type { EngineParts } from './harness/execution';
import { Poller, pollingParts } from './harness/poller';

const VENDORS = [
	{
		vendor: 'moysklad',
		trigger: 'moySkladPollingTrigger',
		name: 'MoySklad Polling Trigger',
		place: 'MoySklad/polling',
		credential: 'moySkladApi',
		form: { entityTypes: ['counterparty'], actions: ['CREATE', 'UPDATE'] },
	},
	{
		vendor: 'yandexMarket',
		trigger: 'yandexMarketPollingTrigger',
		name: 'Yandex Market Polling Trigger',
		place: 'YandexMarket/trigger',
		credential: 'yandexMarketApi',
		form: { businessId: { __rl: true, mode: 'id', value: String(YANDEX_BUSINESS_ID) } },
	},
	{
		vendor: 'altegio',
		trigger: 'altegioPollingTrigger',
		name: 'Altegio Polling Trigger',
		place: 'Altegio/polling',
		credential: 'altegioApi',
		form: {
			events: ['appointmentCreated'],
			locationIds: [ALTEGIO_LOCATIONS.first],
			options: { settle: 0 },
		},
	},
	{
		vendor: 'inspectorCloud',
		trigger: 'inspectorCloudPollingTrigger',
		name: 'Inspector Cloud Polling Trigger',
		place: 'InspectorCloud/polling',
		credential: 'inspectorCloudApi',
		form: { options: { lookBack: 3660 } },
	},
] as const;

let sandbox: Sandbox;
let parts: EngineParts;

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 1, limits: 'off' });
	sandbox.altegio.records.clock = () => Date.now();
	const { credentials } = sandbox;
	const known = VENDORS.map(({ credential }) => [
		credential,
		{ type: credential, data: { ...credentials[credential] } },
	]);
	parts = await pollingParts(
		{ deduplication: new DeduplicationStore() },
		Object.fromEntries(known) as Parameters<typeof pollingParts>[1],
	);
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => await sandbox.close());

describe.each(VENDORS)('$name', ({ vendor, trigger, name, place, credential, form }) => {
	const type = `n8n-nodes-retail-ops.${trigger}`;
	const file = `dist/nodes/${place}/polling.js`;
	const down = () => {
		sandbox.faults.add({ vendor, status: 403, body: {}, times: 1000 });
	};

	function poller(): Poller {
		const node = {
			name,
			type,
			parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...form },
			credentials: { [credential]: { id: credential, name: credential } },
		};
		return new Poller(parts, { nodes: [node] }, { type, name, file });
	}

	/** A trigger that has polled before n8n was started anew. */
	async function started(): Promise<Poller> {
		const made = poller();
		await made.publish();
		made.restart();
		return made;
	}

	test.each(['init', 'leadershipChange'] as const)(
		'n8n begins to poll (%s): one failure is not told, the next one is',
		async (activation) => {
			const made = await started();
			made.activation = activation;
			down();
			expect(await made.poll()).toBeNull();
			await expect(made.poll()).rejects.toThrow();
		},
	);

	test.each(['activate', 'update'] as const)(
		'a person publishes (%s): the first failure is told',
		async (activation) => {
			const made = await started();
			made.activation = activation;
			down();
			await expect(made.poll()).rejects.toThrow();
		},
	);

	test('a trigger that has never polled tells what is wrong when n8n starts', async () => {
		const made = poller();
		made.restart();
		down();
		await expect(made.poll()).rejects.toThrow();
	});
});
