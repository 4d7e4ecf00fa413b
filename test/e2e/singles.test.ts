/**
 * The packages of a single service, unpacked from the tarballs of `npm run packages`, side by side in one real n8n: each brings
 * its nodes, in English. The whole one is not beside them: n8n would list each credential twice. Its tarball has package.test.ts.
 */
import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import {
	credentialReferences,
	credentialTypes,
	projectFolder,
	sandboxCredentialImports,
} from '../../sandbox/n8n/fixtures';
import { importByCli, itemsOf, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { N8n } from '../../sandbox/n8n/n8n';
import { SINGLES } from '../../tools/packages/derive';
import { setUp, setUpTimeoutMs } from './harness';

interface Description {
	name: string;
	properties: Array<{ name: string; options?: Array<{ name: string }> }>;
	supportedNodes?: string[];
}

const packed = path.join(projectFolder, '.run', 'packages');
const userFolder = mkdtempSync(path.join(tmpdir(), 'retail-ops-singles-'));
const PACKAGES = SINGLES.map(({ name }) => name);
const folderOf = (name: string) => path.join(userFolder, '.n8n', 'nodes', 'node_modules', name);
let n8n: N8n;
let sandbox: Sandbox;

beforeAll(async () => {
	const { host } = await setUp('host');
	if (!host) throw new Error('sandbox/setup.mjs did not answer for "host"');
	const script = path.join(projectFolder, 'sandbox', 'run.mjs');
	execFileSync(process.execPath, [script, 'packages', '--no-checks'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const tarballs = readdirSync(packed).filter((file) => file.endsWith('.tgz'));
	expect(tarballs).toHaveLength(PACKAGES.length + 1);
	for (const name of PACKAGES) {
		const target = folderOf(name);
		mkdirSync(target, { recursive: true });
		const tarball = tarballs.find((file) => new RegExp(`^${name}-\\d`).test(file));
		if (!tarball) throw new Error(`npm run packages left no tarball of ${name}`);
		execFileSync('tar', ['-xzf', path.join(packed, tarball), '--strip-components=1', '-C', target]);
	}
	sandbox = await startSandbox({ assortmentRows: 20 });
	const credentials = sandboxCredentialImports(sandbox.credentials);
	await importByCli('credentials', credentials, { userFolder, node: host.node });
	n8n = await launchN8n({ userFolder, node: host.node });
	await n8n.api.signIn();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	rmSync(userFolder, { recursive: true, force: true, maxRetries: 5 });
});

test('each has its nodes, under its own name and with English names only', async () => {
	const all = await n8n.api.request<Description[]>('GET', '/types/nodes.json');
	for (const name of PACKAGES) {
		const manifest = JSON.parse(
			readFileSync(path.join(folderOf(name), 'package.json'), 'utf8'),
		) as {
			n8n: { nodes: string[] };
		};
		const wanted = manifest.n8n.nodes.map((file) => {
			const type = path.posix.basename(file, '.node.js');
			return `${name}.${type[0].toLowerCase()}${type.slice(1)}`;
		});
		const ours = all.filter((node) => wanted.includes(node.name));
		expect(ours.map((node) => node.name).sort()).toEqual(wanted.sort());
		const names = ours.flatMap(({ properties }) =>
			properties.flatMap(({ options }) => (options ?? []).map((option) => option.name ?? '')),
		);
		expect(names.length).toBeGreaterThan(0);
		expect(names.filter((text) => /[а-яё]/i.test(text))).toEqual([]);
	}
});

test('each has its credential, which knows its nodes', async () => {
	const all = await n8n.api.request<Description[]>('GET', '/types/credentials.json');
	const ours = all.filter(({ name }) => credentialTypes.some((type) => type === name));
	expect(ours.map(({ name }) => name).sort()).toEqual([...credentialTypes].sort());
	for (const { supportedNodes } of ours) expect(supportedNodes?.length).toBeGreaterThan(0);
});

test.each(SINGLES)(
	'the first workflow of the README of $name runs',
	async ({ name, credential }) => {
		const readme = readFileSync(path.join(folderOf(name), 'README.md'), 'utf8');
		const [, json] = /```json\n([^]*?)```/.exec(readme) ?? [];
		const { nodes, connections } = JSON.parse(json) as {
			nodes: Array<{ name: string; credentials?: object }>;
			connections: object;
		};
		// What the person does behind the paste: choose the credential.
		const type = credentialTypes.find(
			(one) => one === `${credential[0].toLowerCase()}${credential.slice(1)}`,
		);
		if (!type) throw new Error(`There is no credential ${credential}`);
		nodes[1].credentials = { [type]: credentialReferences[type] };
		const workflow = { name, nodes, connections, settings: { executionOrder: 'v1' } };
		const { id } = await n8n.api.request<{ id: string }>('POST', '/rest/workflows', workflow);
		const workflowData = await n8n.api.request('GET', `/rest/workflows/${id}`);
		await n8n.api.request('POST', `/rest/workflows/${id}/run`, {
			workflowData,
			triggerToStartFrom: { name: nodes[0].name },
		});
		const [execution] = await waitFor(`the workflow of ${name}`, async () => {
			const all = await n8n.api.executions(id);
			return all.some(({ stoppedAt }) => stoppedAt !== null) ? all : undefined;
		});
		expect([name, execution.status]).toEqual([name, 'success']);
		expect(itemsOf(execution, nodes[1].name).length).toBeGreaterThan(0);
	},
);

test('n8n complains about none of them while it loads', () => {
	const complaints = n8n
		.printed()
		.split('\n')
		.filter((line) => PACKAGES.some((name) => line.includes(name)));
	expect(complaints).toEqual([]);
});
