/** What the built package registers in n8n, and that loading it does nothing else. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { ENTITIES, searchOf } from '../../nodes/MoySklad/entities';
import { createEngine } from './harness';
import type { Engine } from './harness';

const ROOT = path.resolve(__dirname, '..', '..');
const PACKAGE = 'n8n-nodes-retail-ops';
const ACTION_NODES = ['moySklad', 'moySkladDocuments', 'yandexMarket', 'altegio', 'inspectorCloud'];
const NODES = [
	...ACTION_NODES,
	'moySkladTrigger',
	'moySkladPollingTrigger',
	'yandexMarketTrigger',
	'yandexMarketPollingTrigger',
	'altegioTrigger',
	'altegioPollingTrigger',
	'inspectorCloudPollingTrigger',
	'inspectorCloudReportReadyTrigger',
];
const CREDENTIALS = ['moySkladApi', 'yandexMarketApi', 'altegioApi', 'inspectorCloudApi'];

interface Themed {
	light: string;
	dark: string;
}

let engine: Engine;
const complaints: unknown[][] = [];

beforeAll(async () => {
	// n8n's loader reports through n8n's logger, which belongs to n8n-core.
	const ofCore = createRequire(require.resolve('n8n-core'));
	const { Logger } = jest.requireActual<{ Logger: new () => object }>(
		ofCore.resolve('@n8n/backend-common'),
	);
	const { Container } = jest.requireActual<{ Container: { get<T>(type: new () => T): T } }>(
		ofCore.resolve('@n8n/di'),
	);
	const logger = Container.get(Logger) as Record<
		'debug' | 'warn' | 'error',
		(...words: unknown[]) => void
	>;
	const note = (...words: unknown[]) => void complaints.push(words);
	for (const level of ['warn', 'error'] as const)
		jest.spyOn(logger, level).mockImplementation(note);
	// That a node has no codex file is said on this level only, among harmless news.
	jest.spyOn(logger, 'debug').mockImplementation((...words: unknown[]) => {
		if (!String(words[0]).startsWith('Loaded all')) note(...words);
	});
	for (const level of ['warn', 'error'] as const)
		jest.spyOn(console, level).mockImplementation(note);
	process.on('warning', note);
	engine = await createEngine();
	process.off('warning', note);
	jest.restoreAllMocks();
});

afterAll(async () => await engine.close());

const nodeOf = (name: string): INodeType => engine.nodeType(`${PACKAGE}.${name}`);

/** The files behind the addresses under which n8n serves a type's icons. */
function iconFiles(iconUrl: unknown): string[] {
	const { light, dark } = iconUrl as Themed;
	return [light, dark].map((url) => {
		expect(url.startsWith(`icons/${PACKAGE}/dist/`)).toBe(true);
		return path.join(ROOT, url.slice(`icons/${PACKAGE}/`.length));
	});
}

function expectThemedIcons(iconUrl: unknown): void {
	const [light, dark] = iconFiles(iconUrl).map((file) => {
		expect(existsSync(file)).toBe(true);
		return readFileSync(file, 'utf8').trim();
	});
	for (const svg of [light, dark]) {
		expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
		expect(svg).not.toMatch(/<script|<image|href=/);
	}
	expect(light).not.toBe(dark);
}

type Option = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** Every list of properties of a node: the form, and those in collections, however deep. */
function propertyLists(
	properties: INodeProperties[],
	at = 'form',
): Array<[string, INodeProperties[]]> {
	const lists: Array<[string, INodeProperties[]]> = [[at, properties]];
	for (const { name, options = [] } of properties) {
		const fields = options.filter((option: Option): option is INodeProperties => 'type' in option);
		if (fields.length > 0) lists.push(...propertyLists(fields, `${at}.${name}`));
		for (const option of options) {
			if ('values' in option)
				lists.push(...propertyLists(option.values, `${at}.${name}.${option.name}`));
		}
	}
	return lists;
}

describe('what is registered', () => {
	test('thirteen nodes and four credentials, nothing else', () => {
		expect([...engine.nodeTypes].sort()).toEqual(NODES.map((name) => `${PACKAGE}.${name}`).sort());
		expect([...engine.credentialTypes].sort()).toEqual([...CREDENTIALS].sort());
		expect(engine.packageName).toBe(PACKAGE);
	});

	test('n8n has nothing to complain about while it loads them', () => {
		expect(complaints).toEqual([]);
	});
});

describe.each(NODES)('node %s', (name) => {
	const isTrigger = name.endsWith('Trigger');

	test('has themed icons that are in the package', () => {
		expectThemedIcons(nodeOf(name).description.iconUrl);
	});

	test('has a codex: categories, other names, documentation', () => {
		const { codex } = nodeOf(name).description;
		expect(codex?.categories?.length).toBeGreaterThan(0);
		expect(codex?.alias?.length).toBeGreaterThan(3);
		const { primaryDocumentation = [], credentialDocumentation = [] } = codex?.resources ?? {};
		for (const { url } of [...primaryDocumentation, ...credentialDocumentation]) {
			expect(url).toMatch(
				/^https:\/\/github\.com\/n8n-nodes-retail-ops\/n8n-nodes-retail-ops\/blob\/main\/docs\/nodes\.md#[a-z-]+$/,
			);
		}
		expect([primaryDocumentation.length, credentialDocumentation.length]).toEqual([1, 1]);
		const file = path.join(ROOT, 'dist', 'nodes');
		const codexFile = engineFile(file, name);
		expect(codexFile.node).toBe(`${PACKAGE}.${name}`);
	});

	test('has a subtitle, a description and one version', () => {
		const { subtitle, description, displayName, version, defaults } = nodeOf(name).description;
		expect(subtitle).toMatch(/^=\{\{.*\}\}$/);
		expect(description.length).toBeGreaterThan(20);
		expect(displayName.length).toBeGreaterThan(5);
		expect(defaults.name).toBeTruthy();
		// Saved workflows of an older version must go on working.
		expect(version).toEqual(name === 'moySkladTrigger' ? [1, 2] : 1);
	});

	test(isTrigger ? 'is no tool for agents' : 'can be used as a tool by agents', () => {
		expect(nodeOf(name).description.usableAsTool).toBe(isTrigger ? undefined : true);
	});

	test('asks for a credential that exists, and for no other', () => {
		const { credentials = [] } = nodeOf(name).description;
		expect(credentials).toHaveLength(1);
		expect(CREDENTIALS).toContain(credentials[0].name);
		expect(credentials[0].required).toBe(true);
	});

	test('has no two properties of the same name for the same case', () => {
		for (const [at, properties] of propertyLists(nodeOf(name).description.properties)) {
			const seen = properties.map(
				(property) => `${at}: ${property.name} ${JSON.stringify(property.displayOptions ?? {})}`,
			);
			expect(seen.filter((one, index) => seen.indexOf(one) !== index)).toEqual([]);
		}
	});

	test('has properties whose defaults are among their options', () => {
		for (const [at, properties] of propertyLists(nodeOf(name).description.properties)) {
			for (const {
				name: property,
				type,
				options = [],
				default: preset,
				typeOptions,
			} of properties) {
				if (type !== 'options' && type !== 'multiOptions') continue;
				if (typeOptions?.loadOptionsMethod) continue;
				const values = options.map((option) => (option as INodePropertyOptions).value);
				expect(new Set(values).size).toBe(values.length);
				const presets = type === 'options' ? [preset] : (preset as unknown[]);
				for (const one of presets)
					expect([at, property, values]).toEqual([at, property, expect.arrayContaining([one])]);
			}
		}
	});

	test('loads only choices that it has a method for', () => {
		const { methods, description } = nodeOf(name);
		const properties = propertyLists(description.properties).flatMap(([, list]) => list);
		const loads = properties.map(({ typeOptions }) => typeOptions?.loadOptionsMethod);
		const maps = properties.map(
			({ typeOptions }) => typeOptions?.resourceMapper?.resourceMapperMethod,
		);
		const used = (names: Array<string | undefined>) =>
			[...new Set(names.filter((one) => one !== undefined))].sort();
		expect(Object.keys(methods?.loadOptions ?? {}).sort()).toEqual(used(loads));
		expect(Object.keys(methods?.resourceMapping ?? {}).sort()).toEqual(used(maps));
	});

	test('lists only search methods that it has', () => {
		const { methods, description } = nodeOf(name);
		const wanted = propertyLists(description.properties)
			.flatMap(([, properties]) => properties)
			.flatMap(({ modes = [] }) => modes.map((mode) => mode.typeOptions?.searchListMethod))
			.filter((method) => method !== undefined);
		const has = Object.keys(methods?.listSearch ?? {});
		// References to any entity can be searched for, also where no form of today asks for it.
		const spare =
			name === 'moySkladTrigger' ? [] : [...ENTITIES.keys()].map((one) => searchOf(one));
		expect(has).toEqual(expect.arrayContaining(wanted));
		expect(has.filter((one) => !wanted.includes(one) && !spare.includes(one))).toEqual([]);
	});
});

/** The codex file of a node, as it lies beside the compiled node. */
function engineFile(folder: string, name: string): { node: string } {
	const { nodes } = (
		JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
			n8n: { nodes: string[] };
		}
	).n8n;
	const className = name[0].toUpperCase() + name.slice(1);
	const file = nodes.find((one) => path.basename(one) === `${className}.node.js`) as string;
	expect(path.join(ROOT, file).startsWith(folder)).toBe(true);
	return JSON.parse(readFileSync(path.join(ROOT, `${file}on`), 'utf8')) as { node: string };
}

describe.each(ACTION_NODES)('operations of %s', (name) => {
	const properties = () => nodeOf(name).description.properties;
	const optionsOf = (property: INodeProperties) =>
		(property.options ?? []) as INodePropertyOptions[];

	test('each resource has operations, each with the sentence for the nodes panel', () => {
		const resource = properties().find(
			(property) => property.name === 'resource',
		) as INodeProperties;
		expect(resource.noDataExpression).toBe(true);
		for (const { value } of optionsOf(resource)) {
			const lists = properties().filter(
				(property) =>
					property.name === 'operation' &&
					property.displayOptions?.show?.resource?.includes(value as string),
			);
			expect(lists).toHaveLength(1);
			expect(lists[0].noDataExpression).toBe(true);
			expect(optionsOf(lists[0]).length).toBeGreaterThan(0);
			for (const { action, description, name: label } of optionsOf(lists[0])) {
				expect(action).toMatch(/^[A-Z][a-z]+ /);
				expect(description).toBeTruthy();
				expect(label).toBeTruthy();
			}
		}
	});

	test('an output schema lies beside the compiled node for each operation', () => {
		const folder = path.dirname(iconFiles(nodeOf(name).description.iconUrl)[0]);
		for (const list of properties().filter((property) => property.name === 'operation')) {
			const resource = String(list.displayOptions?.show?.resource?.[0]);
			for (const { value } of optionsOf(list)) {
				const file = path.join(folder, '__schema__', 'v1.0.0', resource, `${String(value)}.json`);
				expect([file, existsSync(file)]).toEqual([file, true]);
			}
		}
	});

	test('a new node has no hidden issue besides what the user must fill in', () => {
		const { description } = nodeOf(name);
		const node = {
			id: 'a',
			name: 'New',
			type: `${PACKAGE}.${name}`,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters:
				NodeHelpers.getNodeParameters(description.properties, {}, true, false, null, description) ??
				{},
		};
		const issues = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
		const required = properties()
			.filter((property) => property.required)
			.map((property) => property.name);
		for (const parameter of Object.keys(issues?.parameters ?? {}))
			expect(required).toContain(parameter);
	});
});

describe.each(CREDENTIALS)('credential %s', (name) => {
	const credential = (): ICredentialType => engine.credentialType(name);

	test('has themed icons, a documentation link and a test', () => {
		expectThemedIcons(credential().iconUrl);
		expect(credential().documentationUrl).toMatch(
			/^https:\/\/github\.com\/n8n-nodes-retail-ops\/.*\/docs\/nodes\.md#[a-z-]+$/,
		);
		expect(credential().test?.request.url).toBeTruthy();
		expect(credential().test?.rules?.length).toBeGreaterThan(2);
		expect(credential().authenticate).toBeDefined();
	});

	test('hides what is secret', () => {
		const secret = credential().properties.filter(
			// A notice holds no value.
			({ name: one, type }) => type !== 'notice' && /token|key|password/i.test(one),
		);
		expect(secret.length).toBeGreaterThan(0);
		for (const { typeOptions } of secret) expect(typeOptions?.password).toBe(true);
	});

	test('is used by a node', () => {
		const users = NODES.filter((node) =>
			nodeOf(node).description.credentials?.some((one) => one.name === name),
		);
		expect(users.length).toBeGreaterThan(0);
	});
});

/** Requires every type in a process of its own and notes whatever reaches out of it. */
const CHILD = `
	require('n8n-workflow');
	const seen = [];
	const watch = (object, name) => {
		const original = object[name];
		object[name] = function (...args) {
			seen.push(name + new Error().stack);
			return original.apply(this, args);
		};
	};
	watch(require('net').Socket.prototype, 'connect');
	watch(require('dns'), 'lookup');
	watch(require('child_process'), 'spawn');
	for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch']) watch(globalThis, name);
	process.on('warning', ({ message }) => seen.push('warning ' + message));
	const environment = process.env;
	process.env = new Proxy(environment, {
		get: (target, key) => {
			// Node's own loader reads its settings as well; only our files count.
			const caller = new Error().stack.split('\\n')[2] || '';
			if (/[\\\\/]dist[\\\\/]/.test(caller)) seen.push('env ' + String(key) + caller);
			return target[key];
		},
	});
	const { n8n } = require('./package.json');
	const names = [...n8n.nodes, ...n8n.credentials].map((file) => {
		const [[name, Type]] = Object.entries(require('./' + file));
		const type = new Type();
		return (type.description ? type.description.name : type.name) + ' ' + name;
	});
	process.env = environment;
	const resources = process.getActiveResourcesInfo().filter((name) => !/Wrap$/.test(name));
	process.stdout.write(JSON.stringify({ names, seen, resources }));
`;

test('requiring the package uses no network, timer or environment, and lets the process end', async () => {
	// The time-out is the proof: a timer or socket left behind would keep the process alive.
	const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', CHILD], {
		cwd: ROOT,
		timeout: 20_000,
		killSignal: 'SIGKILL',
	});
	const { names, seen, resources } = JSON.parse(stdout) as Record<string, string[]>;
	const className = (name: string) => name[0].toUpperCase() + name.slice(1);
	expect(names.sort()).toEqual(
		[...NODES, ...CREDENTIALS].map((name) => `${name} ${className(name)}`).sort(),
	);
	expect(seen).toEqual([]);
	expect(resources).toEqual([]);
	expect(stderr).toBe('');
}, 30_000);

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[] };
};

/** Makes every node in a process of its own, as n8n does at its start, and says what it had to load for that. */
const AT_START = `
	require('n8n-workflow');
	const before = new Set(Object.keys(require.cache));
	const { n8n } = require('./package.json');
	for (const file of n8n.nodes) {
		const [[, Type]] = Object.entries(require('./' + file));
		JSON.stringify(new Type().description);
	}
	const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
	process.stdout.write(JSON.stringify(loaded.map((file) => require('path').relative('.', file))));
`;

test('at its start n8n reads the nodes and their built forms, and no catalogue', async () => {
	const { stdout } = await promisify(execFile)(process.execPath, ['-e', AT_START], { cwd: ROOT });
	const loaded = (JSON.parse(stdout) as string[]).map((file) => file.split(path.sep).join('/'));
	const forms = manifest.n8n.nodes.map((file) => file.replace('.node.js', '.form.js'));
	expect(loaded.sort()).toEqual(
		[...manifest.n8n.nodes, ...forms, 'dist/nodes/shared/later.js', 'package.json'].sort(),
	);
});

const FORMS = manifest.n8n.nodes
	.map((file) => file.replace(/^dist\/|\.node\.js$/g, ''))
	.filter((file) => existsSync(path.join(ROOT, `${file}.form.ts`)));

test.each(FORMS)('the built form of %s is what the catalogue says', (file) => {
	const built = jest.requireActual<object>(path.join(ROOT, 'dist', `${file}.form.js`));
	const made = jest.requireActual<object>(path.join(ROOT, `${file}.form.ts`));
	const plain = (value: object) => JSON.parse(JSON.stringify({ ...value })) as object;
	expect(plain(built)).toEqual(plain(made));
});

test('every action node has a built form', () => {
	for (const node of ['MoySklad', 'MoySkladDocuments', 'YandexMarket', 'Altegio', 'InspectorCloud'])
		expect(FORMS.map((file) => path.basename(file))).toContain(node);
});
