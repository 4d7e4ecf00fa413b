/** Each vendor's workflow, imported and executed by n8n's CLI, against the sandbox. */
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import {
	ALTEGIO_VISITS,
	INSPECTOR_VISITS,
	YANDEX_CAMPAIGNS,
	YANDEX_OUTLETS,
} from '../../sandbox/credentials';
import { sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import type { CredentialType } from '../../sandbox/n8n/fixtures';
import { importByCli, itemsOf, parseRawOutput, runN8nCli } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow, StoredItem, StoredRun } from '../../sandbox/n8n/n8n';
import { byId, ourNode } from '../../sandbox/n8n/nodes';
import { manualWorkflow, prepareUserFolder, setUpTimeoutMs } from './harness';
import type { NodeTypeName } from '../../sandbox/n8n/nodes';
import type { PreparedFolder } from './harness';

const rows = 1234;

let folder: PreparedFolder;
let sandbox: Sandbox;

type Json = Record<string, unknown>;

const workflows: ImportedWorkflow[] = [];

/** Declares a workflow with one node of ours; all are imported at once before the tests run. */
function declare(
	id: string,
	type: NodeTypeName,
	credential: CredentialType,
	parameters: Json,
	settings: Json = {},
): { id: string; node: string } {
	workflows.push(manualWorkflow(id, ourNode(type, credential, parameters, settings)));
	return { id, node: type };
}

const assortment = declare('e2eAssortmentAll', 'moySklad', 'moySkladApi', {
	resource: 'assortment',
	operation: 'getAll',
	returnAll: true,
	simplify: false,
});
const webhooks = declare('e2eWebhookCreate', 'moySklad', 'moySkladApi', {
	resource: 'webhook',
	operation: 'create',
	entityType: 'product',
	action: 'UPDATE',
	url: 'https://example.com/hook',
});
const outlet = declare('e2eOutletGet', 'yandexMarket', 'yandexMarketApi', {
	resource: 'outlet',
	operation: 'get',
	campaignId: byId(YANDEX_CAMPAIGNS.dbs),
	outletId: byId(YANDEX_OUTLETS.complete),
	simplify: false,
});
const altegioVisit = declare('e2eAltegioVisit', 'altegio', 'altegioApi', {
	resource: 'visit',
	operation: 'get',
	visitId: String(ALTEGIO_VISITS.sample),
	simplify: false,
});
const inspectorVisit = declare('e2eInspectorVisit', 'inspectorCloud', 'inspectorCloudApi', {
	resource: 'visit',
	operation: 'get',
	visitId: byId(INSPECTOR_VISITS.sample),
	simplify: false,
});
const missingOutlet = declare('e2eOutletMissing', 'yandexMarket', 'yandexMarketApi', {
	resource: 'outlet',
	operation: 'get',
	campaignId: byId(YANDEX_CAMPAIGNS.dbs),
	outletId: byId(YANDEX_OUTLETS.missing),
});

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ assortmentRows: rows });
	await importByCli('credentials', sandboxCredentialImports(sandbox.credentials), folder);
	await importByCli('workflow', workflows, folder);
}, setUpTimeoutMs);

afterAll(async () => {
	await sandbox?.close();
	folder?.remove();
});

async function execute(workflow: { id: string }): Promise<StoredRun> {
	return parseRawOutput(await runN8nCli(['execute', `--id=${workflow.id}`, '--rawOutput'], folder));
}

async function itemsFrom(workflow: { id: string; node: string }): Promise<StoredItem[]> {
	const run = await execute(workflow);
	expect(run.data.resultData.error).toBeUndefined();
	return itemsOf(run, workflow.node);
}

/** What the vendor's API itself answers, asked without n8n. */
async function ask(url: string, headers: Record<string, string>): Promise<Json> {
	const response = await fetch(url, { headers });
	const body = (await response.json()) as Json;
	expect({ url, status: response.status }).toEqual({ url, status: 200 });
	return body;
}

test('MoySklad: the whole assortment with stock, one item per row', async () => {
	sandbox.clearLog();
	const items = await itemsFrom(assortment);
	const calls = sandbox.log.filter(({ vendor }) => vendor === 'moysklad');
	expect(items).toHaveLength(rows);
	expect(new Set(items.map(({ json }) => json.id)).size).toBe(rows);
	expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
	const goods = items.filter(({ json }) => (json.meta as Json).type === 'product');
	expect(goods.length).toBeGreaterThan(0);
	for (const { json } of goods) {
		expect(json).toMatchObject({
			name: expect.any(String),
			stock: expect.any(Number),
			reserve: expect.any(Number),
			inTransit: expect.any(Number),
			quantity: expect.any(Number),
		});
	}
	expect(goods.some(({ json }) => Number(json.stock) > 0)).toBe(true);
});

test('MoySklad: a webhook is made at MoySklad', async () => {
	const before = sandbox.moysklad.webhooks.list('webhook').length;
	const items = await itemsFrom(webhooks);
	const now = sandbox.moysklad.webhooks.list('webhook');
	expect(now).toHaveLength(before + 1);
	expect(now.at(-1)).toMatchObject({
		url: 'https://example.com/hook',
		entityType: 'product',
		action: 'UPDATE',
		enabled: true,
	});
	expect(items).toHaveLength(1);
	expect(items[0].json).toMatchObject({ id: now.at(-1)?.id, entityType: 'product' });
});

test('Yandex Market: an outlet with every field that the API gives', async () => {
	const { apiKey } = sandbox.credentials.yandexMarketApi as { apiKey: string };
	const items = await itemsFrom(outlet);
	const answer = await ask(
		`${sandbox.urls.yandexMarket}/v2/campaigns/${YANDEX_CAMPAIGNS.dbs}/outlets/${YANDEX_OUTLETS.complete}`,
		{ 'api-key': apiKey },
	);
	expect(items).toHaveLength(1);
	expect(items[0].json).toEqual(answer.outlet);
	expect(items[0].pairedItem).toEqual({ item: 0 });
});

test('Altegio: a visit with every field that the API gives', async () => {
	const { partnerToken, userToken } = sandbox.credentials.altegioApi as {
		partnerToken: string;
		userToken: string;
	};
	const items = await itemsFrom(altegioVisit);
	const answer = await ask(`${sandbox.urls.altegio}/visits/${ALTEGIO_VISITS.sample}`, {
		authorization: `Bearer ${partnerToken}, User ${userToken}`,
		accept: 'application/vnd.api.v2+json',
		'content-type': 'application/json',
	});
	expect(items).toHaveLength(1);
	expect(items[0].json).toMatchObject(answer.data as Json);
});

test('Inspector Cloud: a visit with every field that the API gives', async () => {
	const { token } = sandbox.credentials.inspectorCloudApi as { token: string };
	const items = await itemsFrom(inspectorVisit);
	const answer = await ask(
		`${sandbox.urls.inspectorCloud}/api/data/v1.3/visits/${INSPECTOR_VISITS.sample}/`,
		{ authorization: `Token ${token}` },
	);
	expect(items).toHaveLength(1);
	expect(items[0].json).toEqual(answer);
});

test('an unknown ID ends the execution with the vendor’s code and what to do', async () => {
	const run = await execute(missingOutlet);
	const { error, lastNodeExecuted } = run.data.resultData;
	expect(lastNodeExecuted).toBe(missingOutlet.node);
	expect(error?.message).toBeTruthy();
	expect(error?.message).not.toContain('status code');
	expect(error?.description).toBeTruthy();
});
