/** The packages of a single service: complete, without another vendor, and in English. */
import { existsSync, readFileSync, realpathSync } from 'fs';
import path from 'path';

import {
	committedOf,
	filesOf,
	firstWorkflow,
	folderOf,
	SINGLES,
	withoutTerms,
} from '../../tools/packages/derive';
import type { Manifest } from '../../tools/packages/derive';

const CHECKOUT = path.resolve(__dirname, '../..');
const CYRILLIC = /[а-яё]/i;

test.each([
	['Supply (Приёмка)', 'Supply'],
	['Store (Warehouse, Склад)', 'Store (Warehouse)'],
	['documents of MoySklad (МойСклад), and more', 'documents of MoySklad, and more'],
	['**MoySklad** (МойСклад: inventory and ERP)', '**MoySklad** (inventory and ERP)'],
	['sums (roubles)', 'sums (roubles)'],
])('%s is said in English as %s', (text, wanted) => {
	expect(withoutTerms(text)).toBe(wanted);
});

test('every node and credential of the whole package is in exactly one of the others', () => {
	const whole = JSON.parse(readFileSync(path.join(CHECKOUT, 'package.json'), 'utf8')) as Manifest;
	const manifests = SINGLES.map(
		(single) => JSON.parse(String(filesOf(single, CHECKOUT).get('package.json'))) as Manifest,
	);
	for (const kind of ['nodes', 'credentials'] as const) {
		const all = manifests.flatMap(({ n8n }) => n8n[kind]);
		expect(all.sort()).toEqual([...whole.n8n[kind]].sort());
	}
	for (const manifest of manifests) {
		expect(manifest).not.toHaveProperty('dependencies');
		expect(manifest).toMatchObject({ version: whole.version, license: whole.license });
		expect(manifest.keywords).toContain('n8n-community-node-package');
	}
});

describe.each(SINGLES)('$name', (single) => {
	const files = filesOf(single, CHECKOUT);
	const text = (file: string): string => String(files.get(file));
	const others = SINGLES.filter(({ name }) => name !== single.name);

	test('holds what its code imports, and no folder of another vendor', () => {
		const missing: string[] = [];
		for (const [file, content] of files) {
			if (!file.endsWith('.ts')) continue;
			for (const [, from] of String(content).matchAll(/(?:from|import\() ?'(\.[^']*)'/g)) {
				const target = path.posix.join(path.posix.dirname(file), from);
				const found = [`${target}.ts`, `${target}/index.ts`].some((one) => files.has(one));
				if (!found) missing.push(`${file}: ${from}`);
			}
		}
		expect(missing).toEqual([]);
		for (const { vendor } of others) {
			expect([...files.keys()].filter((file) => file.startsWith(`nodes/${vendor}/`))).toEqual([]);
		}
	});

	test('is in English where people read names', () => {
		expect(text('nodes/shared/form/terms.ts')).toContain('LOCAL_TERMS: boolean = false');
		const nodes = [...files.keys()].filter((file) => file.endsWith('.node.ts'));
		expect(nodes.length).toBeGreaterThan(0);
		for (const file of [...nodes, 'README.md', 'package.json']) {
			expect([file, CYRILLIC.exec(text(file))?.[0]]).toEqual([file, undefined]);
		}
	});

	test('has the codex under its own name', () => {
		for (const file of files.keys()) {
			if (!file.endsWith('.node.json')) continue;
			const name = path.posix.basename(file, '.node.json');
			const node = `${single.name}.${name[0].toLowerCase()}${name.slice(1)}`;
			expect(JSON.parse(text(file))).toMatchObject({ node });
		}
	});

	test('stands in the repository under its name, beside the sources that n8n lints by its provenance', () => {
		const manifest = path.join(CHECKOUT, folderOf(single), 'package.json');
		expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({
			name: single.name,
			repository: { directory: folderOf(single) },
		});
		const { links } = committedOf(single, CHECKOUT);
		for (const link of links.keys()) {
			const source = path.posix.relative(folderOf(single), link);
			const found = realpathSync(path.join(CHECKOUT, link));
			expect([link, found]).toEqual([link, path.join(realpathSync(CHECKOUT), source)]);
		}
		// Every source that is shipped is there, and nothing else is.
		const sources = [...files.keys()].filter((file) => /^(nodes|credentials)\//.test(file));
		for (const file of sources) {
			expect([file, existsSync(path.join(CHECKOUT, folderOf(single), file))]).toEqual([file, true]);
		}
	});

	test('has a first workflow in its README, of its own node', () => {
		const [, json] = /```json\n([^]*?)```/.exec(text('README.md')) ?? [];
		expect(JSON.parse(json)).toEqual(firstWorkflow(single));
		const types = firstWorkflow(single).nodes.map(({ type }) => type);
		const [, vendor] = (JSON.parse(text('package.json')) as Manifest).n8n.nodes[0]
			.split('/')
			.slice(1);
		expect(types[1]).toBe(`${single.name}.${vendor[0].toLowerCase()}${vendor.slice(1)}`);
	});

	test('has the sections that n8n wants of a README, in its order', () => {
		const headings = [...text('README.md').matchAll(/^## (.+)$/gm)].map(([, name]) => name);
		expect(headings).toEqual([
			...['Installation', 'Operations', 'Credentials', 'Compatibility', 'Usage', 'Resources'],
			...['Version history', 'License'],
		]);
	});

	test('has a README of its nodes and its credential, with links that lead out of the package', () => {
		const readme = text('README.md');
		expect(readme).toContain(`### ${single.title}\n`);
		expect(readme).toContain(`### ${single.title} API\n`);
		for (const { title } of others) expect(readme).not.toContain(`### ${title}`);
		const links = [...readme.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => link);
		expect(links.filter((link) => !/^https:|^LICENSE$/.test(link))).toEqual([]);
		const here = 'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops/blob/main/';
		const pages = links.filter((link) => link.startsWith(here));
		expect(pages.length).toBeGreaterThan(0);
		for (const link of pages) {
			const [file] = link.slice(here.length).split('#');
			expect([link, existsSync(path.join(CHECKOUT, file))]).toEqual([link, true]);
		}
	});
});
