/**
 * Writes what the catalogue says: docs/operations.md, the pages in docs/operations/ that it leads to, and the output
 * schemas (`__schema__`) beside each node; the pages of what was measured (docs/bench.md, docs/soak.md); and the folders of
 * the packages of a single service (packages/).
 * `npm run docs`; a test checks that the files are current.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';

import { benchPage } from './bench';
import { examplesPage } from './examples';
import { soakPage } from './soak';
import { tableOf } from './table';
import { unoffered } from './unoffered';
import { altegio } from '../nodes/Altegio/vendor';
import { inspectorCloud } from '../nodes/InspectorCloud/vendor';
import { moySkladDocuments } from '../nodes/MoySklad/documents/vendor';
import { reportResources } from '../nodes/MoySklad/reports';
import { moySklad } from '../nodes/MoySklad/vendor';
import type { Choice, Field, Operation, OutputField, Vendor } from '../nodes/shared/catalogue';
import { endOfLife } from '../nodes/shared/form/form';
import { operatorsOf } from '../nodes/shared/form/operators';
import { yandexMarket } from '../nodes/YandexMarket/vendor';
import { notOfferedPage } from './notOffered';
import { picturesOfBridges } from './pictures';
import { committedOf, SINGLES } from '../tools/packages/derive';

const ROOT = resolve(__dirname, '..');
/** Version of the nodes, as n8n looks the schemas up. */
const SCHEMA_VERSION = 'v1.0.0';

/** The action nodes in the README's order, by their names, with the folder of each. */
export const vendors: Array<{ vendor: Vendor; folder: string; node: string }> = [
	{ vendor: moySklad, folder: 'nodes/MoySklad', node: 'MoySklad' },
	{ vendor: moySkladDocuments, folder: 'nodes/MoySklad', node: 'MoySklad Documents' },
	{ vendor: yandexMarket, folder: 'nodes/YandexMarket', node: 'Yandex Market' },
	{ vendor: altegio, folder: 'nodes/Altegio', node: 'Altegio' },
	{ vendor: inspectorCloud, folder: 'nodes/InspectorCloud', node: 'Inspector Cloud' },
];

/** A page of operations: a family of resources of a node. */
interface Page {
	/** Its name in docs/operations/, without `.md`. */
	file: string;
	title: string;
	/** Values of its resources; without them, it has those of the node that no other page names. */
	resources?: string[];
}

/** The pages of each node, by its name; a node that is not here has one page. */
const PAGES: Record<string, Page[]> = {
	MoySklad: [
		{
			file: 'moysklad-goods',
			title: 'Goods',
			resources: [
				...[
					'assortment',
					'product',
					'variant',
					'characteristic',
					'service',
					'bundle',
					'bundleComponent',
				],
				...[
					'consignment',
					'thing',
					'productFolder',
					'unitOfMeasure',
					'image',
					'label',
					'contentcard',
				],
				...['price', 'pricetype', 'discount', 'accumulationdiscount', 'personaldiscount'],
				...['specialpricediscount', 'minimumStock'],
			],
		},
		{ file: 'moysklad-dictionaries', title: 'Dictionaries' },
		{
			file: 'moysklad-reports',
			title: 'Reports',
			resources: reportResources.map(({ value }) => value),
		},
		{
			file: 'moysklad-webhooks-and-settings',
			title: 'Webhooks, Settings and API Request',
			resources: [
				...['webhook', 'stockWebhook', 'metadata', 'companySettings', 'counterpartySettings'],
				...[
					'userSettings',
					'subscription',
					'namedfilter',
					'objectHistory',
					'employeeAccess',
					'role',
				],
				'apiRequest',
			],
		},
	],
	'MoySklad Documents': [
		{
			file: 'moysklad-documents-sales',
			title: 'Sales',
			resources: [
				...[
					'customerorder',
					'invoiceout',
					'demand',
					'salesreturn',
					'factureout',
					'commissionreportin',
				],
				...['commissionreportout', 'retailshift', 'retaildemand', 'retailsalesreturn'],
				...[
					'retaildrawercashin',
					'retaildrawercashout',
					'prepayment',
					'prepaymentreturn',
					'pricelist',
				],
			],
		},
		{
			file: 'moysklad-documents-purchases-and-warehouse',
			title: 'Purchases and Warehouse',
			resources: [
				...['purchaseorder', 'invoicein', 'supply', 'purchasereturn', 'facturein', 'internalorder'],
				...['move', 'enter', 'loss', 'inventory', 'emissionorder', 'retireorder'],
			],
		},
		{
			file: 'moysklad-documents-money-and-production',
			title: 'Money and Production',
			resources: [
				...['paymentin', 'paymentout', 'cashin', 'cashout', 'counterpartyadjustment', 'payroll'],
				...['processing', 'processingorder', 'productiontask', 'productionstage'],
				'productionstagecompletion',
			],
		},
		{ file: 'moysklad-documents-parts', title: 'Parts of Documents' },
	],
};

/** A page with the resources that stand on it, in the order of the node. */
interface FilledPage extends Page {
	path: string;
	node: string;
	vendor: Vendor;
	choices: Choice[];
}

const slug = (node: string) => node.toLowerCase().replaceAll(' ', '-');

function pages(): FilledPage[] {
	return vendors.flatMap(({ vendor, node }) => {
		const own = PAGES[node] ?? [{ file: slug(node), title: 'All Operations' }];
		const named = own.flatMap(({ resources = [] }) => resources);
		return own.map((page) => ({
			...page,
			path: `docs/operations/${page.file}.md`,
			node,
			vendor,
			choices: vendor.resources.filter(
				({ value }) => page.resources?.includes(value) ?? !named.includes(value),
			),
		}));
	});
}

/** Every generated file: path from the root → content. */
export function generatedFiles(): Map<string, string> {
	const all = pages();
	const files = new Map([
		['docs/operations.md', indexPage(all)],
		['docs/words.md', wordsPage(all)],
		['docs/ends-of-life.md', endsOfLifePage(all)],
		['docs/examples.md', examplesPage('Made from the workflows in examples/ by `npm run docs`.')],
		['docs/moysklad-not-offered.md', notOfferedPage()],
		['docs/bench.md', benchPage()],
		['docs/soak.md', soakPage()],
		...picturesOfBridges(),
		...SINGLES.flatMap((single) => [...committedOf(single, ROOT).texts]),
	]);
	for (const page of all) files.set(page.path, operationsPage(page));
	for (const { vendor, folder } of vendors) {
		for (const operation of vendor.operations) {
			files.set(
				join(
					folder,
					'__schema__',
					SCHEMA_VERSION,
					operation.resource,
					`${operation.operation}.json`,
				),
				`${JSON.stringify(schemaOf(operation), null, 2)}\n`,
			);
		}
	}
	return files;
}

const HEAD =
	'Made from the catalogue by `npm run docs`; do not edit by hand. Parameters in _italics_ stand in a collection (Filters, Additional Fields, Update Fields, Options). **Bold** ones are required.';

const operationsOf = (vendor: Vendor, { value }: Choice) =>
	vendor.operations.filter(({ resource }) => resource === value);

/** The anchor that GitHub gives to a heading. */
const anchorOf = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/ /g, '-');

/** All resources of all nodes, each with a link to its table. */
function indexPage(all: FilledPage[]): string {
	const parts = [
		'# Operations',
		'',
		'Made from the catalogue by `npm run docs`; do not edit by hand. Each resource leads to its operations, with every parameter.',
		'',
	];
	for (const { vendor, node } of vendors) {
		parts.push(
			`## ${node}`,
			'',
			`${vendor.resources.length} resources, ${vendor.operations.length} operations.`,
			'',
		);
		for (const page of all.filter((one) => one.node === node)) {
			const file = page.path.replace('docs/', '');
			parts.push(`### ${node}: [${page.title}](${file})`, '');
			const rows = page.choices.map((choice) => [
				`[${choice.name}](${file}#${anchorOf(choice.name)})`,
				operationsOf(vendor, choice)
					.map(({ name }) => name)
					.join(', '),
			]);
			parts.push(...tableOf(['resource', 'operations'], rows), '');
		}
	}
	return `${parts.join('\n').trimEnd()}\n`;
}

/** From the words of the web apps to the resources of the nodes. */
function wordsPage(all: FilledPage[]): string {
	const parts = [
		"# From the web app's words to the node's",
		'',
		'Made from the catalogue by `npm run docs`; do not edit by hand. The Resource list of a node shows these terms in brackets, and the nodes panel finds most of them.',
		'',
	];
	for (const { node } of vendors) {
		const rows = all
			.filter((page) => page.node === node)
			.flatMap(({ path, choices }) =>
				choices.map(({ name, local }) => ({ name, local, file: path.replace('docs/', '') })),
			)
			.filter(({ local }) => local !== undefined)
			.sort((one, other) => (one.local ?? '').localeCompare(other.local ?? '', 'ru'));
		if (rows.length === 0) continue;
		const words = rows.map(({ name, local, file }) => [
			local ?? '',
			`[${name}](${file}#${anchorOf(name)})`,
		]);
		parts.push(`## ${node}`, '', ...tableOf(['in the web app', 'resource of the node'], words), '');
	}
	return `${parts.join('\n').trimEnd()}\n`;
}

/** What the vendors switch off, and what the nodes do about it. */
function endsOfLifePage(all: FilledPage[]): string {
	const parts = [
		'# Ends of life',
		'',
		'Made from the catalogue by `npm run docs`; do not edit by hand. What the vendors have announced, and what the nodes do about it. `npm run drift -- FOLDER` compares newer tables of the vendors with what this page rests on.',
		'',
		'## MoySklad',
		'',
		...tableOf(
			['from', 'what', 'what the nodes do'],
			[
				[
					'2026-12-01',
					'a request of a user weighs 4 units of 45: 11 requests in 3 s, 15 until then',
					'_Rate Limit: Strict_ (the default of the credential) plans by it already; "MoySklad\'s Calendar" changes over on the day',
				],
				[
					'2027, step by step',
					'the assortment without the header of the new endpoint: rows carry no stock any more',
					'Assortment: Get Many reads the old one while it lives, since it is faster; _Stock: Include, From the Stock Report_ moves a workflow to the new one ([why](decisions/0004-where-stock-comes-from.md))',
				],
			],
		),
		'',
	];
	for (const { node, vendor } of vendors) {
		const rows = all
			.filter((page) => page.node === node)
			.flatMap(({ path, choices }) =>
				choices.flatMap((choice) =>
					operationsOf(vendor, choice).flatMap((operation) => {
						const { deprecated } = operation;
						if (!deprecated) return [];
						const link = `[${choice.name}: ${operation.name}](${path.replace('docs/', '')}#${anchorOf(choice.name)})`;
						const { since, off = '–', instead = '–' } = deprecated;
						return [[since, off, link, instead]];
					}),
				),
			)
			.sort();
		if (rows.length === 0) continue;
		parts.push(
			`## ${node}`,
			'',
			'These operations are not offered in new workflows; where they stand in one, they go on until the vendor ends them, and say so in their notes.',
			'',
			...tableOf(
				['fails now and then, or announced, from', 'switched off', 'operation', 'use instead'],
				rows,
			),
			'',
		);
	}
	return `${parts.join('\n').trimEnd()}\n`;
}

function operationsPage({ vendor, node, title, choices }: FilledPage): string {
	const parts = [`# ${node}: ${title}`, '', HEAD, '', '[All resources](../operations.md)', ''];
	for (const resource of choices) {
		const operations = operationsOf(vendor, resource);
		parts.push(`## ${resource.name}`, '');
		if (resource.description) parts.push(`${resource.description}.`, '');
		const head = ['operation', 'request', 'parameters', 'returns', 'notes'];
		parts.push(...tableOf(head, operations.map(operationRow)), '');
		for (const operation of operations) {
			if (operation.filter) parts.push(...conditionTable(vendor, operation));
			if (operation.sort) {
				parts.push(
					`${operation.name} sorts by: ${operation.sort.map(({ name }) => name).join(', ')}.`,
					'',
				);
			}
		}
	}
	if (vendor === altegio) parts.push(...unofferedTable());
	return `${parts.join('\n').trimEnd()}\n`;
}

/** Documented calls of Altegio that have no operation. */
function unofferedTable(): string[] {
	return [
		'## Not Offered',
		'',
		'What the docs list and the node does not have. _API Request_ reaches all of it, but for the calls that others make.',
		'',
		...tableOf(
			['request', 'why'],
			unoffered().map(({ call, why }) => [`\`${call}\``, `${why}.`]),
		),
		'',
	];
}

function operationRow(operation: Operation): string[] {
	return [
		`[${operation.name}](${operation.docs})<br>\`${operation.resource}.${operation.operation}\``,
		`\`${operation.route}\``,
		parametersOf(operation).join(', ') || '–',
		returnsOf(operation),
		[endOfLife(operation), `${operation.description}.`, operation.notes].filter(Boolean).join(' '),
	];
}

function parametersOf(operation: Operation): string[] {
	// A field that begins with another value for some choices stands there twice.
	const fields = new Map(
		operation.fields.map((field) => [`${field.section} ${field.name}`, field]),
	);
	const names = [...fields.values()].map(parameterName);
	if (operation.list && !operation.list.whole) names.push('Return All', 'Limit');
	if (operation.simplify) names.push('Output');
	if (operation.filter) names.push('_Conditions_');
	if (operation.sort) names.push('_Sort_');
	return names;
}

function parameterName(field: Field): string {
	if (field.section) return `_${field.label}_`;
	return field.required ? `**${field.label}**` : field.label;
}

function returnsOf(operation: Operation): string {
	const fields = Object.keys(operation.output).join(', ');
	const { kind } = operation.answer;
	if (kind === 'deleted' || kind === 'done') return fields;
	if (kind === 'file') return `one item with the file: ${fields}`;
	const unit = kind === 'list' ? 'one item per row' : 'one item';
	if (fields === '') return `${unit}, whose fields the vendor's docs do not tell`;
	return operation.simplify ? `${unit}: ${fields}; with Output Raw, the API's own object` : unit;
}

function conditionTable(vendor: Vendor, operation: Operation): string[] {
	const rows = (operation.filter ?? []).map((field) => [
		field.label,
		`\`${field.name}\``,
		operatorsOf(field)
			.map(({ label }) => label.toLowerCase())
			.join(', '),
	]);
	return [
		`Conditions of ${operation.name} (${vendor.name} allows just these operators):`,
		'',
		...tableOf(['field', 'API name', 'operators'], rows),
		'',
	];
}

function schemaOf(operation: Operation): object {
	return { type: 'object', properties: propertiesOf(operation.output), version: 1 };
}

function propertiesOf(fields: Record<string, OutputField>): object {
	return Object.fromEntries(
		Object.entries(fields).map(([name, { type, properties }]) => [
			name,
			{ type, ...(properties ? { properties: propertiesOf(properties) } : {}) },
		]),
	);
}

if (require.main === module) {
	for (const { folder } of vendors)
		rmSync(join(ROOT, folder, '__schema__'), { recursive: true, force: true });
	rmSync(join(ROOT, 'docs/operations'), { recursive: true, force: true });
	const files = generatedFiles();
	for (const [path, content] of files) {
		mkdirSync(dirname(join(ROOT, path)), { recursive: true });
		writeFileSync(join(ROOT, path), content);
	}
	for (const single of SINGLES) {
		for (const [path, target] of committedOf(single, ROOT).links) {
			mkdirSync(dirname(join(ROOT, path)), { recursive: true });
			if (!existsSync(join(ROOT, path))) symlinkSync(target, join(ROOT, path));
		}
	}
	process.stdout.write(`${files.size} files written from the catalogue.\n`);
}
