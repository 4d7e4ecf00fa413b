/** Free requests of the vendors beside MoySklad, in n8n's engine against the sandbox. */
import type { IDataObject } from 'n8n-workflow';

import { startSandbox, YANDEX_KEYS, type Sandbox } from '../../sandbox';
import { createEngine, type Engine } from './harness';

jest.setTimeout(60_000);

interface Vendor {
	node: string;
	credential: string;
	more?: IDataObject;
	/** A list of the sandbox, as it goes out, and a path that does not exist. */
	list: string;
	path: RegExp;
	missing: string;
}

const VENDORS: Vendor[] = [
	{
		node: 'yandexMarket',
		credential: 'yandexMarketApi',
		more: { apiKey: YANDEX_KEYS.allMethodsReadOnly },
		list: 'campaigns?limit=1',
		path: /^\/v2\/campaigns$/,
		missing: '/v2/campaigns/999999999/orders/1',
	},
	{
		node: 'altegio',
		credential: 'altegioApi',
		list: '/companies?my=1',
		path: /^\/api\/v1\/companies$/,
		missing: '/visits/999999999',
	},
	{
		node: 'inspectorCloud',
		credential: 'inspectorCloudApi',
		list: '/visits?limit=2',
		path: /^\/api\/data\/v1\.3\/visits\/$/,
		missing: '/visits/999999999/',
	},
];

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ assortmentRows: 1, limits: 'off' });
	for (const { credential, more } of VENDORS) {
		const data = { ...sandbox.credentials[credential as keyof Sandbox['credentials']], ...more };
		engine.setCredential(credential, { type: credential, data });
	}
});
afterAll(async () => await sandbox.close());

async function run({ node, credential }: Vendor, parameters: IDataObject) {
	const before = sandbox.log.length;
	const result = await engine.runNode(
		`n8n-nodes-retail-ops.${node}`,
		{ resource: 'apiRequest', operation: 'send', ...parameters },
		{ credentials: { [credential]: credential } },
	);
	return { result, requests: sandbox.log.slice(before) };
}

describe.each(VENDORS.map((vendor): [string, Vendor] => [vendor.node, vendor]))(
	'%s',
	(_, vendor) => {
		test('a list: one item for each row, with Return All those of all pages', async () => {
			const one = await run(vendor, { path: vendor.list });
			expect(one.result.error?.message).toBeUndefined();
			expect(one.requests.map(({ path }) => path)).toEqual([expect.stringMatching(vendor.path)]);
			const all = await run(vendor, { path: vendor.list, allRows: true });
			expect(all.result.error?.message).toBeUndefined();
			const rows = all.result.items('Node').map(({ json }) => json);
			expect(rows.length).toBeGreaterThan(0);
			expect(rows.every(({ id }) => id !== undefined)).toBe(true);
			expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
			expect(rows.length).toBeGreaterThanOrEqual(one.result.items('Node').length);
		});

		test('what does not exist is told in the words of the vendor', async () => {
			const { result, requests } = await run(vendor, { path: vendor.missing });
			expect(result.status).toBe('error');
			expect(requests).toHaveLength(1);
			expect(result.error?.message).not.toMatch(/undefined/);
		});

		test('another host is refused, and nothing is sent', async () => {
			const { result, requests } = await run(vendor, { path: 'https://evil.example/v2/campaigns' });
			expect(result.error?.message).toMatch(/'Path' is 'https:\/\/evil\.example/);
			expect(requests).toEqual([]);
		});
	},
);
