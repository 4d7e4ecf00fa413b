/** Labels in n8n's engine against the sandbox: a print that is ready at once, and one that is waited for. */
import { startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine } from '../harness';

const NODE = 'n8n-nodes-retail-ops.moySklad';
const CREDENTIAL = 'moySkladApi';
const GOODS = '7944ef04-f831-11e5-7a69-971500188b19';
const OTHER = '0a6f6ac8-9d1a-11ef-0a80-0d9b002ab8f1';

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ assortmentRows: 1 });
	engine.setCredential('token', { type: CREDENTIAL, data: sandbox.credentials.moySkladApi });
});

beforeEach(() => sandbox.clearLog());

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const credentials = { [CREDENTIAL]: 'token' };

async function print(parameters: object) {
	const { results } = await engine.listSearch(NODE, 'searchLabelTemplates', {
		credentials,
		parameters: { templateType: 'customtemplate' },
	});
	sandbox.clearLog();
	return await engine.runNode(
		NODE,
		{
			resource: 'label',
			operation: 'print',
			goodsType: 'variant',
			variantId: byId(GOODS),
			template: byId(String(results[0].value)),
			organization: byId(OTHER),
			priceType: byId(OTHER),
			...parameters,
		},
		{ credentials },
	);
}

const sent = () =>
	sandbox.log.map(({ vendor, method, path }) =>
		[vendor, method, path.replace('/api/remap/1.2', '').replace(/[0-9a-f-]{36}/g, '#')].join(' '),
	);

test('a print that is ready at once is one request and the file, fetched without credentials', async () => {
	const run = await print({ count: 3, binaryPropertyName: 'labels' });
	expect(run.error).toBeUndefined();
	expect(sent()).toEqual(['moysklad POST /entity/variant/#/export', 'storage GET /file/#.pdf']);
	expect(sandbox.log[1].headers.authorization).toBeUndefined();
	const ref = (path: string, type: string) => ({
		meta: {
			href: `${sandbox.urls.moysklad}${path}`,
			type,
			mediaType: 'application/json',
		},
	});
	expect(sandbox.log[0].body).toEqual({
		template: ref(
			'/entity/assortment/metadata/customtemplate/1d0a6f5e-0000-4000-8000-00000000aa01',
			'customtemplate',
		),
		organization: ref(`/entity/organization/${OTHER}`, 'organization'),
		salePrice: { priceType: ref(`/context/companysettings/pricetype/${OTHER}`, 'pricetype') },
		count: 3,
	});
	const [{ json, binary }] = run.items('Node');
	expect(json).toMatchObject({ goodsType: 'variant', id: GOODS, mimeType: 'application/pdf' });
	expect(binary?.labels).toMatchObject({ mimeType: 'application/pdf', fileName: 'file.pdf' });
	expect(Buffer.from(binary?.labels.data ?? '', 'base64').toString()).toBe('%PDF-1.4 3 labels');
});

test('one that is not ready yet is waited for', async () => {
	const run = await print({ count: 900 });
	expect(run.error).toBeUndefined();
	expect(sent()).toEqual([
		'moysklad POST /entity/variant/#/export',
		'moysklad GET /printing/#',
		'moysklad GET /printing/#',
		'storage GET /file/#.pdf',
	]);
	expect(run.json('Node')[0]).toMatchObject({ mimeType: 'application/pdf' });
});

test.each<[object, string]>([
	[{ count: 1001 }, "'Number of Labels' is '1001'"],
	[{ template: byId('x') }, 'An ID looks like'],
])('refuses %j before anything is sent', async (parameters, message) => {
	const run = await print(parameters);
	expect(run.error?.message).toContain(message);
	expect(sent()).toEqual([]);
});
