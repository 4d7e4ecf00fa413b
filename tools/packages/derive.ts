/**
 * The packages of a single service, derived from the sources of the whole one: the same code, one vendor, English
 * names only. n8n verifies packages that wrap one service each.
 */
import { readdirSync, readFileSync } from 'fs';
import { join, posix } from 'path';

/** One package of a single service. */
export interface Single {
	/** Name in the registry: whether it is free is checked by hand before the first publishing. */
	name: string;
	/** Folder in `nodes/`. */
	vendor: string;
	/** The vendor's name, with which the headings of docs/nodes.md begin. */
	title: string;
	/** File in `credentials/`, without its end. */
	credential: string;
	/** What a person reads in the registry. */
	description: string;
	keywords: string[];
	/** The first workflow of its README: an operation that only reads and needs nothing but a credential. */
	first: { node: string; name: string; says: string; parameters: Record<string, unknown> };
	/** Its heading in docs/examples.md, as an anchor. */
	examples: string;
}

export const SINGLES: Single[] = [
	{
		name: 'n8n-nodes-moysklad',
		vendor: 'MoySklad',
		title: 'MoySklad',
		credential: 'MoySkladApi',
		description:
			'n8n nodes for MoySklad (inventory and ERP): dictionaries, documents, reports and triggers, within its rate limits',
		keywords: ['moysklad', 'inventory', 'erp'],
		first: {
			node: 'moySklad',
			name: 'MoySklad',
			says: 'the first ten items of your assortment with their stock',
			parameters: { resource: 'assortment', operation: 'getAll', limit: 10 },
		},
		examples: 'moysklad',
	},
	{
		name: 'n8n-nodes-yandex-market',
		vendor: 'YandexMarket',
		title: 'Yandex Market',
		credential: 'YandexMarketApi',
		description:
			'n8n nodes for sellers on Yandex Market: orders, stocks, prices, labels, returns and reports, within its rate limits',
		keywords: ['yandex-market', 'marketplace', 'ecommerce'],
		first: {
			node: 'yandexMarket',
			name: 'Yandex Market',
			says: 'your shops on the Market',
			parameters: { resource: 'shop', operation: 'getAll' },
		},
		examples: 'yandex-market',
	},
	{
		name: 'n8n-nodes-altegio',
		vendor: 'Altegio',
		title: 'Altegio',
		credential: 'AltegioApi',
		description:
			'n8n nodes for Altegio and YCLIENTS (appointments): visits, clients, schedules, payments and loyalty, within their rate limits',
		keywords: ['altegio', 'yclients', 'appointments'],
		first: {
			node: 'altegio',
			name: 'Altegio',
			says: 'your locations',
			parameters: { resource: 'location', operation: 'getAll' },
		},
		examples: 'altegio',
	},
	{
		name: 'n8n-nodes-inspector-cloud',
		vendor: 'InspectorCloud',
		title: 'Inspector Cloud',
		credential: 'InspectorCloudApi',
		description:
			'n8n nodes for Inspector Cloud (shelf audits by photo): visits, photos, recognition, reports and triggers',
		keywords: ['inspector-cloud', 'shelf-audit', 'retail'],
		first: {
			node: 'inspectorCloud',
			name: 'Inspector Cloud',
			says: 'new visits with their stores',
			parameters: { resource: 'visit', operation: 'getAll' },
		},
		examples: 'inspector-cloud',
	},
];

/** What of the whole package's manifest the derived ones are made from. */
export interface Manifest {
	name: string;
	n8n: { n8nNodesApiVersion: number; nodes: string[]; credentials: string[] };
	devDependencies: Record<string, string>;
	scripts: Record<string, string>;
	[field: string]: unknown;
}

const CYRILLIC = 'а-яА-ЯёЁ';
/** ` (МойСклад)`, and `, Склад)` of brackets that hold an English name as well. */
const IN_BRACKETS = new RegExp(` \\(([${CYRILLIC}][^()]*)\\)`, 'g');
const AFTER_COMMA = new RegExp(`, [${CYRILLIC}][^()]*\\)`, 'g');
/** `(МойСклад: inventory and ERP)` */
const BEFORE_COLON = new RegExp(`\\([${CYRILLIC} ]+: `, 'g');

/** A text without the Russian terms in its brackets. */
export function withoutTerms(text: string): string {
	return text.replace(BEFORE_COLON, '(').replace(IN_BRACKETS, '').replace(AFTER_COMMA, ')');
}

/** Address of the repository. */
const homeOf = ({ homepage }: Manifest): string => (homepage as string).replace(/#.*$/, '');

/**
 * Where a package stands in the repository, committed: its manifest, its README, and links to its sources. n8n's scan takes
 * the commit that the provenance names, and looks there for a package.json with the package's name; what lies beside that
 * is the source that it lints.
 */
export const folderOf = ({ name }: Single): string => posix.join('packages', name);

/** The package.json of a single service. */
export function manifestOf(single: Single, whole: Manifest): Manifest {
	const ours = (file: string) => file.startsWith(`dist/nodes/${single.vendor}/`);
	const { devDependencies, scripts, ...rest } = whole;
	void scripts;
	return {
		...rest,
		name: single.name,
		description: single.description,
		homepage: `${homeOf(whole)}/tree/main/${folderOf(single)}#readme`,
		repository: { ...(whole.repository as object), directory: folderOf(single) },
		keywords: ['n8n-community-node-package', 'n8n', ...single.keywords],
		scripts: {},
		n8n: {
			n8nNodesApiVersion: whole.n8n.n8nNodesApiVersion,
			credentials: [`dist/credentials/${single.credential}.credentials.js`],
			nodes: whole.n8n.nodes.filter(ours),
		},
		// n8n's lint wants its own tool among them.
		devDependencies: { '@n8n/node-cli': devDependencies['@n8n/node-cli'] },
	};
}

/** The sections of a README under headings of a level, by heading. */
function sections(text: string, level: number): Array<[string, string]> {
	const marks = new RegExp(`^${'#'.repeat(level)} `, 'm');
	return text
		.split(marks)
		.slice(1)
		.map((part) => {
			const end = part.indexOf('\n');
			// What follows under a higher heading is another story.
			const [body] = part.slice(end + 1).split(new RegExp(`^#{1,${level}} `, 'm'));
			return [part.slice(0, end).trim(), body.trim()];
		});
}

/** The page whose parts the READMEs are made of: what each node does, what each credential asks for. */
const NODES_PAGE = 'docs/nodes.md';

/** A page's links, as they are from the root of the repository: `docs/…` instead of `…`. */
function linksFromRoot(page: string, text: string): string {
	return text.replace(/\]\((?!https:|#)([^)]*)\)/g, (_link, to: string) => {
		return `](${posix.join(posix.dirname(page), to)})`;
	});
}

/**
 * The README of a single service: of docs/nodes.md (`nodes`) its nodes, its credential and what holds for all, of the
 * whole package's README (`whole`) the versions that were run. `home` is the address of the repository.
 */
export function readmeOf(single: Single, whole: string, nodesPage: string, home: string): string {
	const chapters = new Map([
		...sections(whole, 2),
		...sections(linksFromRoot(NODES_PAGE, nodesPage), 2),
	]);
	const chapter = (name: string): string => {
		const text = chapters.get(name);
		if (text === undefined) throw new Error(`README.md and ${NODES_PAGE} have no "${name}"`);
		return text;
	};
	const belongs = ([heading]: [string, string]) => heading.startsWith(single.title);
	const nodes = sections(chapter('Operations'), 3).filter(belongs);
	const credentials = sections(chapter('Credentials'), 3).filter(belongs);
	if (nodes.length === 0 || credentials.length !== 1) {
		throw new Error(`${NODES_PAGE} has no sections for ${single.title}`);
	}
	const text = `# ${single.name}

${single.description}.

One service of [n8n-nodes-retail-ops](${home}), which has the same nodes and three more services; this package has the same code. Install one of the two.

## Installation

In n8n: **Settings → Community nodes → Install**, enter \`${single.name}\`, accept the notice, install. Then search the nodes panel for ${single.title}. [n8n's guide](https://docs.n8n.io/integrations/community-nodes/installation/) has the details.

The package has no dependencies of its own, reads no environment variables and no files.

## Operations

${nodes.map(([heading, body]) => `### ${heading}\n\n${body}`).join('\n\n')}

## Credentials

${credentials.map(([heading, body]) => `### ${heading}\n\n${body}`).join('\n\n')}

## Compatibility

${chapter('Compatibility')}

## Usage

Copy this and paste it into the canvas of an empty workflow, choose your credential in the node, and execute it: it brings ${single.first.says}, and writes nothing.

\`\`\`json
${JSON.stringify(firstWorkflow(single), null, 2)}
\`\`\`

[Ready workflows](${home}/blob/main/docs/examples.md#${single.examples}) are written with the names of the whole package: replace \`n8n-nodes-retail-ops.\` by \`${single.name}.\` in a file before you import it.

### Limits, retries and errors

${chapter('Usage')
	.split('\n')
	.filter((line) => line.startsWith('- ') && !namesAnother(single, line))
	.join('\n')}

## Resources

- [Documentation](${home}/blob/main/docs)
- [n8n community nodes](https://docs.n8n.io/integrations/community-nodes/)

## Version history

See [CHANGELOG.md](${home}/blob/main/CHANGELOG.md).

## License

[MIT](LICENSE)
`;
	return (
		withoutTerms(text)
			.replace(' with the Russian term in brackets', '')
			// Pictures and pages stay where they are.
			.replace(/^!\[[^\]]*\]\([^)]*\)\n+/gm, '')
			.replace(/\]\((?!https:|#|LICENSE\))([^)]*)\)/g, `](${home}/blob/main/$1)`)
	);
}

/** A workflow to begin with, as n8n's editor takes it from the clipboard. */
export function firstWorkflow({ name, first }: Single): {
	nodes: Array<{ name: string; type: string; [more: string]: unknown }>;
	connections: object;
} {
	const start = 'When clicking ‘Execute workflow’';
	return {
		nodes: [
			{
				id: '00000000-0000-4000-8000-000000000001',
				name: start,
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: '00000000-0000-4000-8000-000000000002',
				name: first.name,
				type: `${name}.${first.node}`,
				typeVersion: 1,
				position: [220, 0],
				parameters: first.parameters,
			},
		],
		connections: { [start]: { main: [[{ node: first.name, type: 'main', index: 0 }]] } },
	};
}

function namesAnother(single: Single, line: string): boolean {
	return SINGLES.some(({ title }) => title !== single.title && line.includes(title));
}

/** All files under a folder, as paths below it with slashes. */
function filesUnder(folder: string, below = ''): string[] {
	return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
		const path = posix.join(below, entry.name);
		return entry.isDirectory() ? filesUnder(folder, path) : [path];
	});
}

/**
 * The files of a single service's package, sources and assets, by path: texts are changed where the packages
 * differ, everything else is as it is in the checkout.
 */
export function filesOf(single: Single, checkout: string): Map<string, Buffer> {
	const read = (path: string) => readFileSync(join(checkout, path));
	const whole = JSON.parse(read('package.json').toString('utf8')) as Manifest;
	const home = homeOf(whole);
	const files = new Map<string, Buffer>();
	const put = (path: string, text: string) => files.set(path, Buffer.from(text, 'utf8'));
	put('package.json', `${JSON.stringify(manifestOf(single, whole), null, 2)}\n`);
	const text = (path: string) => read(path).toString('utf8');
	put('README.md', readmeOf(single, text('README.md'), text(NODES_PAGE), home));
	for (const path of ['LICENSE', 'tsconfig.json']) files.set(path, read(path));
	for (const folder of ['nodes/shared', `nodes/${single.vendor}`]) {
		for (const file of filesUnder(join(checkout, folder))) {
			const path = posix.join(folder, file);
			files.set(path, read(path));
		}
	}
	const credential = `credentials/${single.credential}.credentials.ts`;
	files.set(credential, read(credential));

	const change = (path: string, how: (text: string) => string) => {
		const before = files.get(path)?.toString('utf8');
		if (before === undefined) throw new Error(`${path} is not in the checkout`);
		put(path, how(before));
	};
	change('nodes/shared/form/terms.ts', (text) =>
		swap(text, 'LOCAL_TERMS: boolean = true', 'LOCAL_TERMS: boolean = false'),
	);
	for (const path of files.keys()) {
		if (path.endsWith('.node.ts')) change(path, withoutTerms);
		// n8n knows a node's codex by the package that it came with.
		if (path.endsWith('.node.json')) {
			change(path, (text) => swap(text, `"node": "${whole.name}.`, `"node": "${single.name}.`));
		}
	}
	return files;
}

/** What is committed of a single service's package ({@link folderOf}): texts, and links by the path that they lead to. */
export function committedOf(
	single: Single,
	checkout: string,
): { texts: Map<string, string>; links: Map<string, string> } {
	const files = filesOf(single, checkout);
	const texts = new Map(
		['package.json', 'README.md'].map((path) => [
			posix.join(folderOf(single), path),
			String(files.get(path)),
		]),
	);
	const sources = [
		'LICENSE',
		'nodes/shared',
		`nodes/${single.vendor}`,
		`credentials/${single.credential}.credentials.ts`,
	];
	const links = new Map(
		sources.map((path) => {
			const link = posix.join(folderOf(single), path);
			return [link, posix.relative(posix.dirname(link), path)];
		}),
	);
	return { texts, links };
}

function swap(text: string, from: string, to: string): string {
	if (!text.includes(from)) throw new Error(`"${from}" was not found`);
	return text.replace(from, to);
}
