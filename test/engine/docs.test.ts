/** What is written about the package fits the package: generated files, links, examples. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type {
	IDataObject,
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { AltegioApi } from '../../credentials/AltegioApi.credentials';
import { InspectorCloudApi } from '../../credentials/InspectorCloudApi.credentials';
import { MoySkladApi } from '../../credentials/MoySkladApi.credentials';
import { YandexMarketApi } from '../../credentials/YandexMarketApi.credentials';
import { generatedFiles, vendors } from '../../docs/generate';
import { registerStandIns } from '../../examples/standIns';
import { credentialReferences, readExampleWorkflows } from '../../sandbox/n8n/fixtures';
import { createEngine } from './harness';
import type { Engine } from './harness';

const ROOT = path.resolve(__dirname, '..', '..');
const REPOSITORY = 'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops';

const CREDENTIALS = [
	new MoySkladApi(),
	new YandexMarketApi(),
	new AltegioApi(),
	new InspectorCloudApi(),
];

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** Files of a folder and those below it, relative to the root. */
function filesBelow(folder: string): string[] {
	return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
		const name = `${folder}/${entry.name}`;
		return entry.isDirectory() ? filesBelow(name) : [name];
	});
}

/** The anchors that GitHub gives to headings; code blocks have none. */
function anchors(markdown: string): string[] {
	const text = markdown.replace(/^```[\s\S]*?^```/gm, '');
	return [...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/ /g, '-'),
	);
}

let engine: Engine;

beforeAll(async () => {
	registerStandIns();
	engine = await createEngine();
});

afterAll(async () => await engine.close());

describe('generated files', () => {
	const HINT = 'is not what the catalogue says: run `npm run docs`';
	const files = [...generatedFiles()];

	const operations = vendors.flatMap(({ vendor }) => vendor.operations);
	const isPage = (file: string) => file.startsWith('docs/operations/');
	const pages = files.filter(([file]) => isPage(file));

	test('there is an index, a page for each family, one of words, one of ends of life, one of examples, one of what is not offered, one of the bench, one of the soak, a picture of each bridge, manifest and README of each package of a single service, and a schema for each operation', () => {
		const pictures = files.filter(([file]) => file.endsWith('.svg'));
		expect(pictures.length).toBeGreaterThanOrEqual(2);
		const packages = files.filter(([file]) => file.startsWith('packages/'));
		expect(packages).toHaveLength(2 * 4);
		const others = pages.length + pictures.length + packages.length;
		expect(files).toHaveLength(operations.length + 7 + others);
		expect(operations.length).toBeGreaterThanOrEqual(11);
		expect(pages.length).toBeGreaterThanOrEqual(vendors.length);
	});

	test('every operation stands on one page, and the index leads to every resource', () => {
		for (const { vendor, folder, node } of vendors) {
			const own = pages.filter(([, content]) => content.startsWith(`# ${node}: `));
			const rows = own.flatMap(([, content]) =>
				[...content.matchAll(/<br>`(\w+\.\w+)` \|/g)].map(([, key]) => key),
			);
			const keys = vendor.operations.map(({ resource, operation }) => `${resource}.${operation}`);
			expect([folder, [...rows].sort()]).toEqual([folder, [...keys].sort()]);
		}
		const [, index] = files.find(([file]) => file === 'docs/operations.md') as [string, string];
		const links = [...index.matchAll(/\((operations\/[\w-]+\.md)#([^)]+)\)/g)];
		expect(links).toHaveLength(vendors.flatMap(({ vendor }) => vendor.resources).length);
		for (const [, file, anchor] of links) {
			const [, content] = pages.find(([path]) => path === `docs/${file}`) as [string, string];
			expect(anchors(content).filter((one) => one === anchor)).toEqual([anchor]);
		}
	});

	test('no page is left of a family that is gone', () => {
		expect(filesBelow('docs/operations').sort()).toEqual(pages.map(([file]) => file).sort());
	});

	test.each(files)('%s is current', (file, content) => {
		let found: string | undefined;
		try {
			found = read(file);
		} catch {
			throw new Error(`${file} is missing: run \`npm run docs\``);
		}
		if (found !== content) {
			const wrong = found
				.split('\n')
				.findIndex((line, index) => line !== content.split('\n')[index]);
			throw new Error(`${file} ${HINT} (line ${wrong + 1})`);
		}
	});

	test('no schema is left of an operation that is gone', () => {
		const schemas = filesBelow('nodes').filter((file) => file.includes('/__schema__/'));
		const known = files.map(([file]) => file.split(path.sep).join('/'));
		const stale = schemas.filter((file) => !known.includes(file));
		if (stale.length > 0) throw new Error(`${stale.join(', ')}: run \`npm run docs\``);
		expect(schemas).toHaveLength(operations.length);
	});
});

describe('numbers', () => {
	const vendorOf = (name: string) => vendors.find(({ node }) => node === name)?.vendor;
	const resources = (name: string) => vendorOf(name)?.resources.map(({ value }) => value) ?? [];
	/** Of a document, not documents. */
	const PARTS = [
		'item',
		'history',
		'comment',
		'file',
		'markingCode',
		'printTemplate',
		'publication',
	];
	const said = (file: string, pattern: RegExp): number => Number(pattern.exec(read(file))?.[1]);

	test.each([
		['docs/nodes.md', /each of the (\d+) nodes/, () => engine.nodeTypes.length],
		[
			'docs/nodes.md',
			/in (\d+) resources\. More in \[yandex-market/,
			() => resources('Yandex Market').filter((one) => one !== 'apiRequest').length,
		],
		[
			'docs/nodes.md',
			/\*\*Report\*\* – (\d+) kinds/,
			() =>
				vendorOf('Yandex Market')?.operations.filter(
					({ resource, operation }) =>
						resource === 'report' && !['download', 'getStatus'].includes(operation),
				).length,
		],
		['docs/nodes.md', /any of (\d+) types/, typesOfTrigger],
		...['docs/nodes.md', 'README.md'].map(
			(file) =>
				[
					file,
					/\b[Aa]ll (\d+) types of documents/,
					() => resources('MoySklad Documents').filter((one) => !PARTS.includes(one)).length,
				] as const,
		),
	] as const)('of %s are those of the nodes: %s', (file, pattern, count) => {
		expect(said(file, pattern)).toBe(count());
	});

	function typesOfTrigger(): number | undefined {
		const { description } = engine.nodeType('n8n-nodes-retail-ops.moySkladTrigger');
		return description.properties.find(({ name }) => name === 'entityTypes')?.options?.length;
	}
});

describe('links from the nodes into the docs', () => {
	const codexFiles = filesBelow('nodes').filter((file) => file.endsWith('.node.json'));
	const fromCodex = codexFiles.flatMap((file) =>
		[...read(file).matchAll(/"url": "([^"]+)"/g)].map(([, url]) => [file, url]),
	);
	const fromCredentials = filesBelow('credentials').flatMap((file) =>
		[...read(file).matchAll(/documentationUrl =\s*'([^']+)'/g)].map(([, url]) => [file, url]),
	);

	test('every codex file and every credential has one', () => {
		expect(new Set(fromCodex.map(([file]) => file)).size).toBe(13);
		expect(fromCredentials.map(([file]) => file)).toHaveLength(4);
	});

	test.each([...fromCodex, ...fromCredentials])('%s leads to a heading: %s', (_file, url) => {
		const [address, anchor] = url.split('#');
		expect(address).toBe(`${REPOSITORY}/blob/main/docs/nodes.md`);
		// A heading that exists twice gets a number, and the link leads to the wrong one.
		expect(anchors(read('docs/nodes.md')).filter((one) => one === anchor)).toEqual([anchor]);
	});

	test('the anchors are those that GitHub would make', () => {
		expect(
			anchors('# A title\n\n```bash\n# no heading\n```\n## Altegio / YCLIENTS: `Get`, 2×'),
		).toEqual(['a-title', 'altegio--yclients-get-2']);
	});
});

describe('pages for people', () => {
	const pages = [
		...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/README.md'],
		...filesBelow('docs').filter((file) => file.endsWith('.md')),
	];

	test.each(pages)('links of %s lead to files and headings that exist', (page) => {
		const text = read(page).replace(/^```[\s\S]*?^```|`[^`\n]*`/gm, '');
		const links = [...text.matchAll(/\]\(([^()\s]*)\)/g)].map(([, link]) => link);
		const astray = links.filter((link) => {
			if (/^(https?|mailto):/.test(link)) return false;
			const [target, anchor] = decodeURIComponent(link).split('#');
			const file = target === '' ? page : path.posix.join(path.posix.dirname(page), target);
			if (!existsSync(path.join(ROOT, file))) return true;
			return anchor !== undefined && !anchors(read(file)).includes(anchor);
		});
		expect(astray).toEqual([]);
	});

	test.each([...pages, ...filesBelow('.github'), 'deploy/README.md', 'sandbox/n8n/README.md'])(
		'commands in %s are those of package.json',
		(page) => {
			const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
			const named = [...read(page).matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)];
			expect(named.map(([, name]) => name).filter((name) => !(name in scripts))).toEqual([]);
			const files = [...read(page).matchAll(/\bnode ((?:test|sandbox|tools)\/[\w./-]+)/g)];
			expect(
				files.map(([, file]) => file).filter((one) => !existsSync(path.join(ROOT, one))),
			).toEqual([]);
		},
	);

	test('the README is one screen, and its first commands are the main job and all tests', () => {
		const readme = read('README.md');
		expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(70);
		const commands = [...readme.matchAll(/^```bash\n([\s\S]*?)^```/gm)].map(([, code]) => code);
		expect(commands.map((code) => code.split('#')[0].trim())).toEqual(['npm run demo', 'npm test']);
	});

	test('each error that a page explains is one that the nodes say', () => {
		const sources = ['nodes', 'credentials']
			.flatMap(filesBelow)
			.filter((file) => /\.ts$/.test(file));
		// Literals that go on in the next line are one text.
		const said = sources
			.map(read)
			.join('\n')
			.replace(/['`]\s*\+\s*['`]/g, '')
			.toLowerCase();
		const titles = ['MoySklad', 'Yandex Market', 'Altegio', 'Inspector Cloud'];
		const vendor = new RegExp(`^(${titles.join('|')})(?= may have)`);
		let found = 0;
		for (const page of [
			'moysklad',
			'moysklad-documents',
			'yandex-market',
			'altegio',
			'inspector-cloud',
		]) {
			const [, rest = ''] = read(`docs/${page}.md`).split(
				'## What can go wrong and what it means\n',
			);
			const [chapter] = rest.split(/^## /m);
			const cells = [...chapter.matchAll(/^\| (`.*?`) +\|/gm)].map(([, cell]) => cell);
			expect([page, cells.length > 9]).toEqual([page, true]);
			const texts = cells.flatMap((cell) => cell.split('`').filter((_one, at) => at % 2 === 1));
			const parts = texts.flatMap((text) => text.replace(vendor, '').split('…'));
			const long = parts
				.map((part) => part.replace(/^[\s']+|[\s']+$/g, ''))
				.filter((part) => part.length > 5);
			found += long.length;
			expect(long.filter((part) => !said.includes(part.toLowerCase()))).toEqual([]);
		}
		expect(found).toBeGreaterThan(60);
	});

	describe('names in italics', () => {
		/** Pages by the vendor whose forms they name; those of several services may name all of them. */
		const GUIDES: Array<[page: string, credential: string]> = [
			['docs/moysklad.md', 'moySkladApi'],
			['docs/moysklad-documents.md', 'moySkladApi'],
			['docs/moysklad-trigger.md', 'moySkladApi'],
			['docs/yandex-market.md', 'yandexMarketApi'],
			['docs/altegio.md', 'altegioApi'],
			['docs/inspector-cloud.md', 'inspectorCloudApi'],
			['docs/bridges.md', ''],
			['docs/ends-of-life.md', ''],
			['docs/jobs.md', ''],
			['docs/nodes.md', ''],
			['docs/examples.md', ''],
			['docs/scaling.md', ''],
			['SECURITY.md', ''],
		];
		/** Words of n8n's own: its panel, its settings, its nodes, what it makes of the events of a trigger. */
		const OF_N8N =
			'Execute step|Executions|Retry|Retry On Fail|On Error|On Error → Continue|Continue|More details|' +
			'On order created|Refresh List|Custom API Call|HTTP Request|No Operation|Split Out|Convert to CSV|Extract From File|Settings|Timeout After|Error Workflow|Import → From file|Settings → Community nodes|' +
			'Map Automatically|Mapping Column Mode|Select|Yes|No|' +
			'Scope: Workflow|Scope: Node|Value Is New|Clear Deduplication History';
		/** A name of MoySklad's web app, an attribute of the sandbox's account, a table of a test, a tab of GitHub. */
		const OTHERS = 'Additional fields|Толщина, мм|Traps|Security';

		/** What stands in italics, without code, links' targets and what is bold; a word in small letters, or a sentence, is emphasis. */
		function italics(page: string): string[] {
			const text = read(page)
				.replace(/^```[\s\S]*?^```|`[^`\n]*`/gm, '')
				.replace(/\]\([^)]*\)/g, ']')
				.replace(/\*\*/g, '');
			const marked =
				/(?<![\w*])\*(?!\s)([^*\n|]+?)(?<!\s)\*(?![\w*])|(?<!\w)_(?!\s)([^_\n|]+?)(?<!\s)_(?!\w)/g;
			return [...text.matchAll(marked)]
				.map(([, star, line]) => star ?? line)
				.filter((words) => /^[\p{Lu}\d]/u.test(words) && !words.endsWith('.'));
		}

		/** Words that the forms of a vendor's nodes, and of its credential, show; without a vendor, those of all. */
		function shownBy(credential: string): Set<string> {
			const shown = new Set<string>();
			const say = (...names: Array<string | undefined>) => {
				// The unit of a number, or the Russian name of a resource, may be left out.
				for (const name of names) if (name) shown.add(name).add(name.replace(/ \([^)]*\)$/, ''));
			};
			const walk = (properties: INodeProperties[]) => {
				for (const { displayName, typeOptions, placeholder, modes, options } of properties) {
					const button = typeOptions?.multipleValueButtonText ?? placeholder;
					say(displayName, button, ...(modes ?? []).map((mode) => mode.displayName));
					if (button) say(`${displayName}: ${button}`);
					for (const option of options ?? []) {
						if ('values' in option) {
							say(option.displayName);
							walk(option.values);
						} else if ('displayName' in option) {
							walk([option]);
						} else {
							say(option.name, option.action, `${displayName}: ${option.name}`);
						}
					}
				}
			};
			const ofVendor = engine.nodeTypes
				.map((type) => engine.nodeType(type).description)
				.filter(({ credentials }) => !credential || credentials?.[0].name === credential);
			for (const { displayName, properties } of ofVendor) {
				say(displayName);
				walk(properties);
				const options = (name: string) => properties.filter((one) => one.name === name);
				for (const { displayOptions, options: operations } of options('operation')) {
					const resources = options('resource')
						.flatMap((one) => one.options as INodePropertyOptions[])
						.filter(({ value }) => displayOptions?.show?.resource?.includes(value));
					for (const { name } of operations as INodePropertyOptions[]) {
						for (const resource of resources.map((one) => one.name.replace(/ \([^)]*\)$/, ''))) {
							say(
								`${resource}: ${name}`,
								`${resource}, ${name}`,
								`${displayName}: ${resource}: ${name}`,
							);
						}
					}
				}
			}
			for (const one of CREDENTIALS) {
				if (!credential || one.name === credential) walk(one.properties);
				say(one.displayName);
			}
			// Nodes of a workflow are called by their names.
			for (const { workflow } of readExampleWorkflows()) {
				say(...(workflow.nodes as INode[]).map(({ name }) => name));
			}
			return shown;
		}

		test.each(GUIDES)('of %s are those that the forms show', (page, credential) => {
			const shown = shownBy(credential);
			for (const words of `${OF_N8N}|${OTHERS}`.split('|')) shown.add(words);
			const found = italics(page);
			expect(found.length).toBeGreaterThan(1);
			expect(found.filter((words) => !shown.has(words))).toEqual([]);
		});
	});

	test('the README shows every node', () => {
		const headings = new Set(fromNodesPage());
		for (const anchor of headings) expect(read('README.md')).toContain(`docs/nodes.md#${anchor})`);
		expect(headings.size).toBe(13);
	});

	/** The anchors of the nodes that docs/nodes.md describes. */
	function fromNodesPage(): string[] {
		const [, operations] = read('docs/nodes.md').split(/^## /m);
		return anchors(operations).filter((anchor) => anchor !== 'operations');
	}
});

describe('example workflows', () => {
	const examples = readExampleWorkflows();

	/** The texts that a Set node makes. */
	function textsOf(parameters: IDataObject): string[] {
		const { assignments } = parameters.assignments as IDataObject;
		return (assignments as IDataObject[]).map(({ value }) => String(value));
	}

	/** Values that n8n, or the account, keeps short. */
	const SHORT = /toISODate\(\)|toFixed\(2\)|\.isoCode\b|uuidHref\b|\$json\.event\]|\.date\b/;

	/** How long a text can become: what is cut by the places where it is; undefined when a value of it is not cut. */
	function longest(text: string): number | undefined {
		let length = text.replace(/^=|\{\{.*?\}\}/g, '').length;
		for (const [value] of text.matchAll(/\{\{.*?\}\}/g)) {
			const cuts = [...value.matchAll(/\.slice\(0, (\d+)\)/g)].map(([, cut]) => Number(cut));
			// The last cut is that of the whole.
			const cut = cuts.at(-1) ?? (SHORT.test(value) ? 100 : undefined);
			if (cut === undefined) return undefined;
			length += cut;
		}
		return length;
	}

	test('there is one for each node and none shares its id', () => {
		const types = examples
			.flatMap(({ workflow }) => workflow.nodes as INode[])
			.map(({ type }) => type);
		for (const type of engine.nodeTypes) expect(types).toContain(type);
		const ids = examples.map(({ workflow }) => workflow.id);
		expect(new Set(ids).size).toBe(ids.length);
		// n8n's database takes no longer ones.
		for (const id of ids) expect(String(id).length).toBeLessThanOrEqual(21);
	});

	describe.each(examples.map(({ file, workflow }) => [file, workflow] as const))(
		'%s',
		(_file, workflow) => {
			const nodes = workflow.nodes as INode[];
			const isOurs = (type: string) => engine.nodeTypes.includes(type.replace(/Tool$/, ''));
			const ours = () => nodes.filter(({ type }) => isOurs(type));

			test('has only node types that exist, in their newest version', () => {
				for (const { type, typeVersion } of nodes) {
					const { description } = engine.nodeType(type, typeVersion);
					const { version, defaultVersion = version } = description;
					expect(typeVersion).toBe(defaultVersion);
				}
				expect(ours().length).toBeGreaterThan(0);
			});

			test('has nodes with different names and ids, and connections between them', () => {
				for (const key of ['id', 'name'] as const) {
					expect(new Set(nodes.map((node) => node[key])).size).toBe(nodes.length);
				}
				const names = nodes.map(({ name }) => name);
				const connections = (
					workflow as unknown as {
						connections: Record<string, Record<string, Array<Array<{ node: string }>>>>;
					}
				).connections;
				for (const [from, kinds] of Object.entries(connections)) {
					expect(names).toContain(from);
					for (const { node } of Object.values(kinds).flat(2)) expect(names).toContain(node);
				}
			});

			test('has only resources and operations that exist', () => {
				for (const { type, parameters } of ours().filter(
					(node) => !node.type.endsWith('Trigger'),
				)) {
					const credential = engine.nodeType(type).description.credentials?.[0].name;
					const found = vendors
						.filter(({ vendor }) => vendor.credentialType === credential)
						.flatMap(({ vendor }) => vendor.operations)
						.find(
							({ resource, operation }) =>
								resource === parameters.resource && operation === parameters.operation,
						);
					expect([parameters.resource, parameters.operation]).toEqual([
						found?.resource,
						found?.operation,
					]);
				}
			});

			test('has only parameters that the form shows, and all that it demands', () => {
				for (const node of ours()) {
					const { description } = engine.nodeType(node.type);
					// n8n drops what the form does not know or does not show, collections included.
					const known = NodeHelpers.getNodeParameters(
						description.properties,
						structuredClone(node.parameters),
						true,
						false,
						node,
						description,
					) as INodeParameters;
					expect([node.name, known]).toMatchObject([node.name, node.parameters]);
					const issues = NodeHelpers.getNodeParametersIssues(
						description.properties,
						node,
						description,
					);
					expect([node.name, issues]).toEqual([node.name, null]);
				}
			});

			test('keeps its texts within what Telegram takes', () => {
				for (const node of nodes.filter(({ type }) => type === 'n8n-nodes-base.telegram')) {
					const { operation, text, additionalFields } = node.parameters;
					const isText = operation === 'sendMessage';
					const sent = String(isText ? text : (additionalFields as IDataObject).caption);
					// Written in the node itself, or by those before it.
					const composed = nodes.filter(({ type }) => type === 'n8n-nodes-base.set');
					const written =
						sent === '={{ $json.text }}'
							? composed.flatMap(({ parameters }) => textsOf(parameters))
							: [sent];
					expect([node.name, written.length]).not.toEqual([node.name, 0]);
					for (const one of written) {
						expect([node.name, longest(one)]).toEqual([node.name, expect.any(Number)]);
						expect(longest(one)).toBeLessThanOrEqual(isText ? 4096 : 1024);
					}
				}
			});

			test('uses the credentials that the sandbox brings', () => {
				for (const { type, credentials } of ours()) {
					const name = engine.nodeType(type).description.credentials?.[0]
						.name as keyof typeof credentialReferences;
					expect(credentials).toEqual({ [name]: credentialReferences[name] });
				}
			});
		},
	);
});
