/** The packed package in a real n8n: what it holds, and that n8n registers all of it. */
import { readFileSync } from 'fs';
import path from 'path';
import { credentialTypes } from '../../sandbox/n8n/fixtures';
import { launchN8n, runN8nCli } from '../../sandbox/n8n/n8n';
import type { N8n } from '../../sandbox/n8n/n8n';
import { nodeTypes, packageName } from '../../sandbox/n8n/nodes';
import { prepareUserFolder, setUpTimeoutMs } from './harness';
import type { PreparedFolder } from './harness';

interface NodeDescription {
	name: string;
	displayName: string;
	iconUrl?: string | { light: string; dark: string };
	codex?: { categories?: string[]; alias?: string[] };
	properties: Array<{ name: string }>;
	credentials?: Array<{ name: string }>;
}

interface CredentialDescription {
	name: string;
	displayName: string;
	iconUrl?: string | { light: string; dark: string };
	supportedNodes?: string[];
}

let folder: PreparedFolder;
let n8n: N8n;

beforeAll(async () => {
	folder = await prepareUserFolder();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	folder?.remove();
});

const fullNames = nodeTypes.map((name) => `${packageName}.${name}`);

function iconsOf(icon: string | { light: string; dark: string } | undefined): string[] {
	if (icon === undefined) return [];
	return typeof icon === 'string' ? [icon] : [icon.light, icon.dark];
}

test('the tarball holds dist, README, LICENSE and package.json, and nothing else', () => {
	const others = folder.files.filter(
		(file) => !/^(dist\/.*|package\.json|README\.md|LICENSE(\.md)?)$/.test(file),
	);
	expect(others).toEqual([]);
	for (const file of ['package.json', 'README.md', 'LICENSE']) expect(folder.files).toContain(file);
	const manifest = JSON.parse(
		readFileSync(path.join(folder.packageFolder, 'package.json'), 'utf8'),
	) as { n8n: { nodes: string[]; credentials: string[] }; dependencies?: object };
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
		expect(folder.files).toContain(file);
	}
	expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
});

test('export:nodes of the CLI knows the nodes, and those with actions as tools of an AI agent', async () => {
	const output = path.join(folder.userFolder, 'nodes.json');
	const result = await runN8nCli(['export:nodes', `--output=${output}`], folder);
	expect(result).toMatchObject({ status: 0 });
	const all = JSON.parse(readFileSync(output, 'utf8')) as NodeDescription[];
	const ours = all.map(({ name }) => name).filter((name) => name.startsWith(`${packageName}.`));
	const tools = fullNames.filter((name) => !name.endsWith('Trigger')).map((name) => `${name}Tool`);
	expect(ours.sort()).toEqual([...fullNames, ...tools].sort());
});

describe('in the running n8n', () => {
	beforeAll(async () => {
		n8n = await launchN8n(folder);
		await n8n.api.signIn();
	});

	test('the editor is offered the nodes, with icons that load', async () => {
		const all = await n8n.api.request<NodeDescription[]>('GET', '/types/nodes.json');
		const ours = all.filter(({ name }) => fullNames.includes(name));
		expect(ours.map(({ name }) => name).sort()).toEqual([...fullNames].sort());
		for (const node of ours) {
			expect(node.properties.length).toBeGreaterThan(0);
			expect(node.credentials).toHaveLength(1);
			expect(node.codex?.categories?.length).toBeGreaterThan(0);
			const icons = iconsOf(node.iconUrl);
			expect(icons).toHaveLength(2);
			for (const icon of icons) expect(await iconType(icon)).toContain('image/svg+xml');
		}
	});

	test('the editor is offered the four credentials, with icons that load', async () => {
		const all = await n8n.api.request<CredentialDescription[]>('GET', '/types/credentials.json');
		const ours = all.filter(({ name }) => credentialTypes.some((type) => type === name));
		expect(ours.map(({ name }) => name).sort()).toEqual([...credentialTypes].sort());
		for (const credential of ours) {
			expect(credential.supportedNodes?.length).toBeGreaterThan(0);
			const icons = iconsOf(credential.iconUrl);
			expect(icons).toHaveLength(2);
			for (const icon of icons) expect(await iconType(icon)).toContain('image/svg+xml');
		}
	});

	test('n8n complains about nothing of ours while it loads', () => {
		const complaints = n8n
			.printed()
			.split('\n')
			.filter((line) => line.includes(packageName));
		expect(complaints).toEqual([]);
	});

	async function iconType(icon: string): Promise<string> {
		const response = await fetch(`${n8n.url}/${icon.replace(/^\//, '')}`);
		await response.text();
		return response.status === 200 ? (response.headers.get('content-type') ?? '') : 'none';
	}
});
