/**
 * Downloads: MoySklad answers `GET /download/{id}` with a redirect to a storage host, which must not get to see
 * the credentials. No node of the package downloads yet, so a throw-away package drives the road in n8n's engine.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { createEngine } from './harness';
import type { Engine, RunResult } from './harness';

const DIST = path.resolve(__dirname, '..', '..', 'dist');
const built = (file: string) => JSON.stringify(path.join(DIST, file));
const NODE = 'n8n-nodes-download.download';

const FILES: Record<string, string> = {
	'package.json': JSON.stringify({
		name: 'n8n-nodes-download',
		version: '1.0.0',
		n8n: {
			n8nNodesApiVersion: 1,
			credentials: ['dist/MoySkladApi.credentials.js'],
			nodes: ['dist/Download.node.js'],
		},
	}),
	'dist/MoySkladApi.credentials.js': `
		const real = require(${built('credentials/MoySkladApi.credentials.js')});
		exports.MoySkladApi = class MoySkladApi extends real.MoySkladApi {
			icon = undefined;
		};`,
	'dist/Download.node.js': `
		const { openRoad } = require(${built('nodes/shared/road/road.js')});
		const { toNodeError } = require(${built('nodes/shared/errors/errors.js')});
		const { moySklad } = require(${built('nodes/MoySklad/vendor.js')});
		exports.Download = class Download {
			description = {
				displayName: 'Download',
				name: 'download',
				group: ['input'],
				version: 1,
				description: 'Gets bytes by the road',
				defaults: { name: 'Download' },
				inputs: ['main'],
				outputs: ['main'],
				credentials: [{ name: 'moySkladApi', required: true }],
				properties: [
					{ displayName: 'Path', name: 'path', type: 'string', default: '' },
					{ displayName: 'Follow', name: 'follow', type: 'boolean', default: true },
				],
			};
			async execute() {
				try {
					const road = await openRoad(this, moySklad);
					const { status, headers, body } = await road.send({
						method: 'GET',
						path: this.getNodeParameter('path', 0),
						expects: 'bytes',
						followToStorage: this.getNodeParameter('follow', 0),
					});
					const bytes = Buffer.from(body).toString('base64');
					return [[{ json: { status, type: headers['content-type'], bytes } }]];
				} catch (error) {
					throw toNodeError(this.getNode(), moySklad.name, error, 0);
				}
			}
		};`,
};

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let packageDir: string;
let engine: Engine;
let sandbox: Sandbox;
/** Path of a download below the API's root. */
let download: string;

beforeAll(async () => {
	packageDir = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-download-'));
	for (const [file, content] of Object.entries(FILES)) {
		mkdirSync(path.dirname(path.join(packageDir, file)), { recursive: true });
		writeFileSync(path.join(packageDir, file), content);
	}
	mkdirSync(path.join(packageDir, 'node_modules'));
	const workflowDir = path.resolve(path.dirname(require.resolve('n8n-workflow')), '..', '..');
	symlinkSync(workflowDir, path.join(packageDir, 'node_modules', 'n8n-workflow'), 'junction');
	engine = await createEngine({ packageDir });
});

beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ assortmentRows: 100 });
	engine.setCredential('user', { type: 'moySkladApi', data: sandbox.credentials.moySkladApi });
	const row = Array.from({ length: 100 }, (_unused, index) => index).find(
		(index) => sandbox.moysklad.rows.imageCount(index) > 0,
	) as number;
	const [image] = sandbox.moysklad.rows.images(row);
	const { downloadHref } = image.meta as { downloadHref: string };
	download = downloadHref.slice(sandbox.urls.moysklad.length);
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
	rmSync(packageDir, { recursive: true, force: true });
});

async function get(follow = true): Promise<RunResult> {
	const credentials = { moySkladApi: 'user' };
	return await engine.runNode(NODE, { path: download, follow }, { credentials });
}

const at = (vendor: 'moysklad' | 'storage') =>
	sandbox.log.filter((entry) => entry.vendor === vendor);

function expectNoSecret(run: RunResult): void {
	const everything = inspect(run.run, { depth: 12, maxArrayLength: null, maxStringLength: null });
	for (const token of Object.values(MOYSKLAD_TOKENS)) expect(everything).not.toContain(token);
}

test('the bytes arrive, and the storage host gets no credentials', async () => {
	expect(download).toMatch(/^\/download\/[0-9a-f-]{36}$/);
	const run = await get();
	expect(run.error).toBeUndefined();
	const [{ status, type, bytes }] = run.json('Node') as [IDataObject];
	expect([status, type]).toEqual([200, 'image/png']);
	expect(Buffer.from(String(bytes), 'base64').subarray(0, 8)).toEqual(PNG_SIGNATURE);

	const [asked] = at('moysklad');
	expect(at('moysklad')).toHaveLength(1);
	expect(asked).toMatchObject({ method: 'GET', path: `/api/remap/1.2${download}`, status: 302 });
	expect(asked.headers.authorization).toMatch(/^Bearer \*\*\*/);
	expect(asked.headers['accept-encoding']).toContain('gzip');

	const [stored] = at('storage');
	expect(at('storage')).toHaveLength(1);
	expect(stored).toMatchObject({ method: 'GET', status: 200 });
	// The signed address as MoySklad gave it, and none of MoySklad's headers.
	expect(stored.url).toMatch(/^\/file\/[0-9a-f-]{36}\.png\?expires=\d+$/);
	for (const name of ['authorization', 'cookie', 'accept-language']) {
		expect(stored.headers).not.toHaveProperty(name);
	}
	expect(sandbox.moysklad.storageAuthorizationLeaks).toBe(0);
});

test('without the permission to follow, the redirect is refused', async () => {
	const run = await get(false);
	expect(run.status).toBe('error');
	expect(run.items('Node')).toEqual([]);
	const storage = new URL(sandbox.urls.storage).host;
	expect(run.error?.name).toBe('NodeApiError');
	expect(run.error?.message).toContain(`redirects to another host (${storage})`);
	expect(run.error?.description).toMatch(/No credentials were sent there/);
	expect(at('moysklad').map(({ status }) => status)).toEqual([302]);
	expect(at('storage')).toEqual([]);
	expectNoSecret(run);
});

test('a storage host that sends back to the API does not get the credentials by it', async () => {
	sandbox.faults.add({
		vendor: 'storage',
		redirectTo: `${sandbox.urls.moysklad}/entity/product?limit=1`,
	});
	const run = await get();
	expect(run.status).toBe('error');
	const [first, second] = at('moysklad');
	expect(first.headers).toHaveProperty('authorization');
	expect(second.headers).not.toHaveProperty('authorization');
	expectNoSecret(run);
});

test('a link that the storage host refuses ends in an error without secrets', async () => {
	sandbox.faults.add({
		vendor: 'storage',
		status: 403,
		body: '<Error><Code>AccessDenied</Code></Error>',
	});
	const run = await get();
	expect(run.status).toBe('error');
	expect(run.error).toMatchObject({ name: 'NodeApiError', httpCode: '403' });
	expect(at('storage')).toHaveLength(1);
	expectNoSecret(run);
});

test('a storage host that stumbles is asked again, by a new signed link', async () => {
	sandbox.faults.add({ vendor: 'storage', status: 503 });
	const run = await get();
	expect(run.error).toBeUndefined();
	expect(run.json('Node')[0].status).toBe(200);
	expect(at('moysklad').map(({ status }) => status)).toEqual([302, 302]);
	expect(at('storage').map(({ status }) => status)).toEqual([503, 200]);
});
