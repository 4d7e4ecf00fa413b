/** The MoySklad Trigger in a published workflow of a real n8n, from registration to removal. */
import { startSandbox } from '../../sandbox';
import type { Change, Sandbox } from '../../sandbox';
import { sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import { delay, importByCli, itemsOf, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { N8n, StoredExecution } from '../../sandbox/n8n/n8n';
import { ourNode, workflowOf } from '../../sandbox/n8n/nodes';
import { prepareUserFolder, setUpTimeoutMs } from './harness';
import type { PreparedFolder } from './harness';

/** MoySklad waits this long for an answer (docs: Webhooks). */
const deadlineMs = 1500;
const workflowId = 'e2eMoySkladTrigger';
const webhookId = '3f0e7f1a-6f0e-4c7e-9a55-5f0c2f6c8f01';
/** A second workflow, whose trigger lets changes of prices pass and nothing else. */
const filteredId = 'e2eMoySkladFiltered';
const filteredWebhookId = '3f0e7f1a-6f0e-4c7e-9a55-5f0c2f6c8f02';

let folder: PreparedFolder;
let sandbox: Sandbox;
let n8n: N8n;

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ assortmentRows: 200 });
	const trigger = ourNode(
		'moySkladTrigger',
		'moySkladApi',
		{ entityTypes: ['product'], actions: ['CREATE', 'UPDATE'], options: { changedFields: true } },
		{ webhookId },
	);
	const after = {
		id: 'node-after',
		name: 'After',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [440, 0] as [number, number],
		parameters: {},
	};
	await importByCli('credentials', sandboxCredentialImports(sandbox.credentials), folder);
	const filtered = ourNode(
		'moySkladTrigger',
		'moySkladApi',
		{ entityTypes: ['product'], actions: ['UPDATE'], options: { onlyFields: 'salePrices' } },
		{ webhookId: filteredWebhookId },
	);
	const workflows = [
		workflowOf(workflowId, [trigger, after]),
		workflowOf(filteredId, [filtered, after]),
	];
	await importByCli('workflow', workflows, folder);
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
});

function registered() {
	return sandbox.moysklad.webhooks.list('webhook');
}

/** The execution that the event of `requestId` started, once it has ended. */
async function executionOf(requestId: string): Promise<StoredExecution> {
	return await waitFor(`the execution of ${requestId}`, async () => {
		const executions = await n8n.api.executions(workflowId);
		return executions.find(
			(execution) =>
				execution.stoppedAt !== null &&
				itemsOf(execution, 'moySkladTrigger').some(({ json }) => json.requestId === requestId),
		);
	});
}

test('publishing registers one webhook per type and event, with this n8n’s address', async () => {
	expect(registered()).toEqual([]);
	await n8n.api.publish(workflowId);
	await waitFor('two webhooks', () => registered().length === 2);
	expect(
		registered()
			.map(({ entityType, action }) => `${entityType} ${action}`)
			.sort(),
	).toEqual(['product CREATE', 'product UPDATE']);
	for (const webhook of registered()) {
		expect(webhook.enabled).toBe(true);
		expect(webhook.url.startsWith(`${n8n.url}/webhook/${webhookId}/webhook`)).toBe(true);
	}
	expect(registered().find(({ action }) => action === 'UPDATE')?.diffType).toBe('FIELDS');
});

test('a change at MoySklad becomes an item, answered within the deadline', async () => {
	const change = sandbox.moysklad.change('product', 'UPDATE', undefined, ['name']);
	await sandbox.moysklad.deliveriesIdle();
	expect(change.deliveries).toHaveLength(1);
	const [delivery] = change.deliveries;
	expect(delivery.outcome).toBe('delivered');
	expect(delivery.attempts).toHaveLength(1);
	expect(delivery.attempts[0].ms).toBeLessThan(deadlineMs);
	const execution = await executionOf(delivery.requestId);
	expect(execution.status).toBe('success');
	const items = itemsOf(execution, 'After');
	expect(items).toHaveLength(1);
	expect(items[0].json).toMatchObject({
		action: 'UPDATE',
		entityType: 'product',
		id: change.id,
		href: change.href,
		updatedFields: ['name'],
		requestId: delivery.requestId,
	});
});

test('every change gets an execution of its own', async () => {
	const changes: Change[] = [];
	for (let count = 0; count < 5; count += 1) {
		changes.push(sandbox.moysklad.change('product', 'CREATE'));
		await sandbox.moysklad.deliveriesIdle();
	}
	const ids = await waitFor('5 more executions', async () => {
		const executions = await n8n.api.executions(workflowId);
		const done = executions.filter(({ stoppedAt }) => stoppedAt !== null);
		const found = done.flatMap((each) => itemsOf(each, 'After').map(({ json }) => json.id));
		return changes.every(({ id }) => found.includes(id)) ? found : undefined;
	});
	for (const { id, deliveries } of changes) {
		expect(deliveries.map(({ outcome }) => outcome)).toEqual(['delivered']);
		expect(ids.filter((each) => each === id)).toHaveLength(1);
	}
});

test('the same notification again, at the same moment and later, runs what follows once', async () => {
	const { url } = registered().find(({ action }) => action === 'UPDATE') ?? { url: '' };
	const { world, rows } = sandbox.moysklad;
	const before = (await n8n.api.executions(workflowId)).length;
	const requestId = 'e2e-the-same-again';
	const send = async (): Promise<number> => {
		const response = await fetch(`${url}&requestId=${requestId}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json;charset=utf-8' },
			body: JSON.stringify({
				auditContext: {
					meta: {
						type: 'audit',
						href: `${world.base}/audit/${world.id('audit', 1)}`,
						mediaType: 'application/json',
					},
					uid: 'admin@sandbox',
					moment: '2026-11-22 12:00:00',
				},
				events: [
					{
						meta: { type: 'product', href: world.href('product', rows.id(0)) },
						action: 'UPDATE',
						accountId: world.accountId,
						updatedFields: ['name'],
					},
				],
			}),
		});
		await response.text();
		return response.status;
	};
	expect(await Promise.all([send(), send()])).toEqual([200, 200]);
	await delay(1000);
	expect(await send()).toBe(200);
	const executions = await waitFor('three more executions', async () => {
		const all = await n8n.api.executions(workflowId);
		const done = all.filter(({ stoppedAt }) => stoppedAt !== null);
		return done.length === before + 3 ? done.slice(0, 3) : undefined;
	});
	expect(executions.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
	const ran = executions.filter(({ data }) => data.resultData.runData.After !== undefined);
	expect(ran).toHaveLength(1);
	expect(itemsOf(ran[0], 'After').map(({ json }) => json.requestId)).toEqual([requestId]);
});

test('what a filter drops is answered and leaves no execution', async () => {
	await n8n.api.publish(filteredId);
	const filtered = await waitFor('the third webhook', () =>
		registered().find(({ url }) => url.includes(filteredWebhookId)),
	);
	const outcomeOf = async (fields: string[]): Promise<Change['deliveries'][number]> => {
		const { deliveries } = sandbox.moysklad.change('product', 'UPDATE', undefined, fields);
		await sandbox.moysklad.deliveriesIdle();
		const [delivery] = deliveries.filter(({ url }) => url.includes(filteredWebhookId));
		expect(delivery.attempts.map(({ status }) => status)).toEqual([200]);
		return delivery;
	};
	expect(filtered.diffType).toBe('FIELDS');
	await outcomeOf(['name', 'description']);
	const { requestId } = await outcomeOf(['name', 'salePrices']);
	const [execution] = await waitFor('the execution of the change of prices', async () => {
		const all = await n8n.api.executions(filteredId);
		return all.length > 0 && all.every(({ stoppedAt }) => stoppedAt !== null) ? all : undefined;
	});
	// n8n stores before it answers: that of the other change would be there.
	expect(await n8n.api.executions(filteredId)).toHaveLength(1);
	expect(itemsOf(execution, 'After')).toMatchObject([
		{ json: { requestId, updatedFields: ['name', 'salePrices'] } },
	]);
	await n8n.api.unpublish(filteredId);
	await waitFor('its webhook to be gone', () => registered().length === 2);
});

test('events that the node does not watch start nothing', async () => {
	expect(sandbox.moysklad.change('product', 'DELETE').deliveries).toEqual([]);
	expect(sandbox.moysklad.change('customerorder', 'CREATE').deliveries).toEqual([]);
});

test('a call without the webhook’s key is refused and starts nothing', async () => {
	const started = Date.now();
	const response = await fetch(`${n8n.url}/webhook/${webhookId}/webhook`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ events: [] }),
	});
	await response.text();
	expect(response.status).toBe(404);
	// An execution would be stored before the answer is sent.
	const executions = await n8n.api.executions(workflowId);
	expect(executions.filter(({ startedAt }) => Date.parse(startedAt) >= started)).toEqual([]);
});

test('after a restart of n8n the same webhooks still work', async () => {
	const ids = registered().map(({ id }) => id);
	await n8n.restart();
	await n8n.api.signIn();
	expect(registered().map(({ id }) => id)).toEqual(ids);
	const change = sandbox.moysklad.change('product', 'UPDATE');
	await sandbox.moysklad.deliveriesIdle();
	expect(change.deliveries[0]?.outcome).toBe('delivered');
	const execution = await executionOf(change.deliveries[0].requestId);
	expect(itemsOf(execution, 'After')[0]?.json.id).toBe(change.id);
});

test('unpublishing removes our webhooks and leaves those of others', async () => {
	const { accessToken } = sandbox.credentials.moySkladApi as { accessToken: string };
	const response = await fetch(`${sandbox.urls.moysklad}/entity/webhook`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${accessToken}`,
			'accept-encoding': 'gzip',
			'content-type': 'application/json',
		},
		body: JSON.stringify({
			url: 'https://example.com/somebody-else',
			entityType: 'product',
			action: 'UPDATE',
		}),
	});
	const foreign = (await response.json()) as { id: string };
	expect(registered()).toHaveLength(3);
	await n8n.api.unpublish(workflowId);
	await waitFor('our webhooks to be gone', () => registered().length === 1);
	expect(registered()[0].id).toBe(foreign.id);
});
