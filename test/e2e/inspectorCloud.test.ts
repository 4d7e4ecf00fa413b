/** Triggers of Inspector Cloud in published workflows, and an execution that sleeps until Inspector Cloud calls. */
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import { importByCli, itemsOf, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow, N8n, StoredExecution } from '../../sandbox/n8n/n8n';
import { ourNode } from '../../sandbox/n8n/nodes';
import { prepareUserFolder, setUpTimeoutMs } from './harness';
import type { NodeTypeName } from '../../sandbox/n8n/nodes';
import type { PreparedFolder } from './harness';

const pollingId = 'e2eInspectorPolling';
const readyId = 'e2eInspectorReady';
const sleepingId = 'e2eInspectorSleeps';
const forgottenId = 'e2eInspectorForgot';

let folder: PreparedFolder;
let sandbox: Sandbox;
let n8n: N8n;
/** Reports of an execution for which nobody calls: it sleeps while the other tests run. */
let forgotten: number[];

const START = {
	id: 'start',
	name: 'Start',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
};

/** A workflow that is started by one of our triggers. */
function triggered(id: string, type: NodeTypeName, parameters: object): ImportedWorkflow {
	const node = ourNode(type, 'inspectorCloudApi', parameters as never, { webhookId: `${id}-hook` });
	return { id, name: id, active: false, nodes: [node], connections: {} } as never;
}

/** A workflow that is started by a call, recognises one photo by two reports, and sleeps. */
function sleeping(id: string, image: unknown): ImportedWorkflow {
	const node = ourNode('inspectorCloud', 'inspectorCloudApi', {
		resource: 'recognition',
		operation: 'recogniseAndWait',
		images: String(image),
		reportTypes: ['FACING_COUNT', 'SHARE_OF_SPACE'],
		options: { waitBy: 'callback', waitMinutes: 1 },
	});
	const parameters = { httpMethod: 'POST', path: id, responseMode: 'onReceived', options: {} };
	return {
		id,
		name: id,
		active: false,
		nodes: [{ ...START, parameters, webhookId: `${id}-start` }, node],
		connections: { Start: { main: [[{ node: 'inspectorCloud', type: 'main', index: 0 }]] } },
	} as never;
}

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ vendors: ['inspectorCloud'], assortmentRows: 1 });
	const { id } = sandbox.inspectorCloud.upload(100);
	sandbox.inspectorCloud.slowLooks = 1000;
	await importByCli(
		'credentials',
		sandboxCredentialImports(sandbox.credentials).filter(({ type }) =>
			type.startsWith('inspector'),
		),
		folder,
	);
	const polling = {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		firstRun: 'everything',
		splitInto: 'prices',
		options: { maxVisits: 3 },
	};
	await importByCli(
		'workflow',
		[
			triggered(pollingId, 'inspectorCloudPollingTrigger', polling),
			triggered(readyId, 'inspectorCloudReportReadyTrigger', {}),
			sleeping(sleepingId, id),
			sleeping(forgottenId, id),
		],
		folder,
	);
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
	forgotten = await start(forgottenId);
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
});

async function inState(id: string, status: string, count = 1): Promise<StoredExecution[]> {
	return await waitFor(
		`${count} executions of ${id}, ${status}`,
		async () => {
			const all = await n8n.api.executions(id);
			const there = all.filter((one) => one.status === status);
			return there.length >= count ? there : undefined;
		},
		150_000,
	);
}

async function start(id: string): Promise<number[]> {
	await n8n.api.publish(id);
	const before = sandbox.inspectorCloud.reports.size;
	await waitFor(`the webhook of ${id}`, async () => {
		const answer = await fetch(`${n8n.url}/webhook/${id}`, { method: 'POST' });
		return answer.status === 200;
	});
	await inState(id, 'waiting');
	return [...sandbox.inspectorCloud.reports.keys()].slice(before);
}

test('a published polling trigger passes visits on, and what is left with the next poll', async () => {
	await n8n.api.publish(pollingId);
	const executions = await inState(pollingId, 'success', 2);
	await n8n.api.unpublish(pollingId);
	const visits = executions.map((execution) => {
		const items = itemsOf(execution, 'inspectorCloudPollingTrigger');
		return [...new Set(items.map(({ json }) => json.visit_id))];
	});
	// Three are looked at in each poll; those that are still open do not come.
	for (const { length } of visits) expect([1, 2, 3]).toContain(length);
	expect(new Set(visits.flat()).size).toBe(visits.flat().length);
});

test('a published report ready trigger reads the report that it was called for', async () => {
	await n8n.api.publish(readyId);
	const webhook = `${n8n.url}/webhook/${readyId}-hook/report-ready`;
	// A call that names no report is refused, and starts nothing.
	await waitFor('the webhook of the trigger', async () => {
		const answer = await fetch(webhook, { method: 'POST', body: '{}' });
		return answer.status === 400;
	});
	const { reports } = sandbox.inspectorCloud.recognise(
		[5_000_001],
		['SHARE_OF_SPACE'],
		undefined,
		webhook,
	);
	const { SHARE_OF_SPACE: id } = reports as Record<string, number>;
	expect(await sandbox.inspectorCloud.finish(id)).toBe(200);
	const [execution] = await inState(readyId, 'success');
	await n8n.api.unpublish(readyId);
	expect(itemsOf(execution, 'inspectorCloudReportReadyTrigger')[0].json).toMatchObject({
		report_id: id,
		status: 'READY',
		share_of_space: 0.75,
	});
});

test('an execution sleeps until all its reports are ready, or its time is over', async () => {
	const [first, second] = await start(sleepingId);
	expect(await sandbox.inspectorCloud.finish(first)).toBe(200);
	expect(await n8n.api.executions(sleepingId)).toEqual([
		expect.objectContaining({ status: 'waiting' }),
	]);
	expect(await sandbox.inspectorCloud.finish(second)).toBe(200);
	const [execution] = await inState(sleepingId, 'success');
	const rows = itemsOf(execution, 'inspectorCloud');
	expect(
		rows.map(({ json: { report_id: id, status, count, share_of_space: share } }) => [
			id,
			status,
			count ?? share,
		]),
	).toEqual([
		[first, 'READY', 4],
		[first, 'READY', 1],
		[second, 'READY', 0.75],
	]);
	// n8n pairs the items of a node that slept by their position: rows tell what they belong to.
	for (const { json } of rows) expect(json.scene).toMatch(/^[0-9a-f]{32}$/);
	const [late] = await inState(forgottenId, 'success');
	const left = itemsOf(late, 'inspectorCloud').map(({ json }) => [json.report_id, json.status]);
	expect(left).toEqual(forgotten.map((id) => [id, 'NOT_READY']));
});
