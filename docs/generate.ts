/**
 * Writes what the catalogue says: docs/operations.md and the output schemas (`__schema__`) beside each node.
 * `npm run docs`; a test checks that the files are current.
 */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';

import { altegio } from '../nodes/Altegio/vendor';
import { inspectorCloud } from '../nodes/InspectorCloud/vendor';
import { moySkladDocuments } from '../nodes/MoySklad/documents/vendor';
import { moySklad } from '../nodes/MoySklad/vendor';
import type { Field, Operation, OutputField, Vendor } from '../nodes/shared/catalogue';
import { endOfLife } from '../nodes/shared/form/form';
import { operatorsOf } from '../nodes/shared/form/operators';
import { yandexMarket } from '../nodes/YandexMarket/vendor';

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

/** Every generated file: path from the root → content. */
export function generatedFiles(): Map<string, string> {
	const files = new Map([['docs/operations.md', operationsPage()]]);
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

function operationsPage(): string {
	const parts = [
		'# Operations',
		'',
		'Made from the catalogue by `npm run docs`; do not edit by hand. Parameters in _italics_ stand in a collection (Filters, Additional Fields, Update Fields, Options). **Bold** ones are required.',
		'',
	];
	for (const { vendor, node } of vendors) {
		parts.push(`## ${node}`, '');
		for (const resource of vendor.resources) {
			const operations = vendor.operations.filter((entry) => entry.resource === resource.value);
			parts.push(`### ${node}: ${resource.name}`, '');
			if (resource.description) parts.push(`${resource.description}.`, '');
			parts.push('| operation | request | parameters | returns | notes |', '|---|---|---|---|---|');
			for (const operation of operations) parts.push(operationRow(operation));
			parts.push('');
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
	}
	return `${parts.join('\n').trimEnd()}\n`;
}

function operationRow(operation: Operation): string {
	const cells = [
		`[${operation.name}](${operation.docs})<br>\`${operation.resource}.${operation.operation}\``,
		`\`${operation.route}\``,
		parametersOf(operation).join(', ') || '–',
		returnsOf(operation),
		[endOfLife(operation), `${operation.description}.`, operation.notes].filter(Boolean).join(' '),
	];
	return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}

function parametersOf(operation: Operation): string[] {
	const names = operation.fields.map(parameterName);
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
	return operation.simplify ? `${unit}: ${fields}; with Output Raw, the API's own object` : unit;
}

function conditionTable(vendor: Vendor, operation: Operation): string[] {
	const lines = [
		`Conditions of ${operation.name} (${vendor.name} allows just these operators):`,
		'',
		'| field | API name | operators |',
		'|---|---|---|',
	];
	for (const field of operation.filter ?? []) {
		const operators = operatorsOf(field);
		lines.push(
			`| ${field.label} | \`${field.name}\` | ${operators.map(({ label }) => label.toLowerCase()).join(', ')} |`,
		);
	}
	return [...lines, ''];
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
	const files = generatedFiles();
	for (const [path, content] of files) {
		mkdirSync(dirname(join(ROOT, path)), { recursive: true });
		writeFileSync(join(ROOT, path), content);
	}
	process.stdout.write(`${files.size} files written from the catalogue.\n`);
}
