/** One name, one meaning: who reads a name that he knows from another file may trust it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** What several files mean by one name on purpose. */
const MEANT: Array<{ why: string; names: string[] }> = [
	{
		why: "each vendor's part in what the shared folders do: the road's connection, its errors, the triggers",
		names: [
			'connect',
			'deliver',
			'deliveryKey',
			'factsOf',
			'handle',
			'isFailure',
			'isRegisteredKey',
			'poll',
			'pollingSettings',
			'preview',
			'Reader',
			'readNotification',
			'readProblem',
			'readVerdict',
			'receive',
			'settingsOf',
		],
	},
	{
		why: "each vendor's part in what the shared triggers do, as types: the shared one, or what a vendor adds to it",
		names: [
			'Arrived',
			'Delivery',
			'Notification',
			'PollingSettings',
			'Registration',
			'Row',
			'Settings',
		],
	},
	{
		why: 'a builder in a table, named after the kind that it builds: a column of a report, a field that is written',
		names: ['number', 'text'],
	},
];
const meant = new Set(MEANT.flatMap(({ names }) => names));

interface Defined {
	name: string;
	/** Below its root. */
	file: string;
	isExported: boolean;
}

function isExport(statement: ts.Statement): boolean {
	const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
	return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

const isType = (
	statement: ts.Statement,
): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
	ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);

/** Functions and classes at the top of a file, and the types that others may import. */
function definedIn(file: string, text: string): Defined[] {
	const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
	return statements.flatMap((statement) => {
		const isExported = isExport(statement);
		if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
			return statement.name ? [{ name: statement.name.text, file, isExported }] : [];
		}
		// A type that a file keeps to itself never stands where another could be meant: the compiler tells them apart.
		if (isType(statement))
			return isExported ? [{ name: statement.name.text, file, isExported }] : [];
		if (!ts.isVariableStatement(statement)) return [];
		return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
			const isFunction = initializer !== undefined && ts.isArrowFunction(initializer);
			return isFunction && ts.isIdentifier(name) ? [{ name: name.text, file, isExported }] : [];
		});
	});
}

/** Names of which two files make different things, with the files. */
function doubles(defined: Defined[]): string[] {
	const byName = new Map<string, Defined[]>();
	for (const one of defined) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
	const roomOf = ({ file }: Defined) => file.split('/')[0];
	return [...byName].flatMap(([name, all]) => {
		const exported = all.filter(({ isExported }) => isExported);
		// What a file keeps to itself must not look like something that its author could have imported.
		const hidden = all.filter(
			(one) =>
				!one.isExported &&
				exported.some((other) => ['shared', roomOf(one)].includes(roomOf(other))),
		);
		if (meant.has(name) || exported.length + hidden.length < 2) return [];
		const files = [...exported, ...hidden].map(({ file }) => file).sort();
		return [`${name}: ${files.join(', ')}`];
	});
}

/** The files below a folder that are ours. */
function filesOf(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path);
		return entry.name.endsWith('.ts') && !entry.name.endsWith('.generated.ts') ? [path] : [];
	});
}

/** What is defined below a folder of the repository. */
function allOf(folder: string): Defined[] {
	const root = join(ROOT, folder);
	return filesOf(root).flatMap((file) =>
		definedIn(relative(root, file), readFileSync(file, 'utf8')),
	);
}

const all = allOf('nodes');

test('the functions and types are found', () => {
	expect(all.length).toBeGreaterThan(1700);
	expect(all).toContainEqual({ name: 'openRoad', file: 'shared/road/road.ts', isExported: true });
	expect(all).toContainEqual({ name: 'Operation', file: 'shared/catalogue.ts', isExported: true });
});

test.each([
	[['export function nameOf() {}', 'export const nameOf = () => 1;'], ['nameOf: A/0.ts, A/1.ts']],
	[['export function nameOf() {}', 'class nameOf {}'], ['nameOf: A/0.ts, A/1.ts']],
	[['function nameOf() {}', 'function nameOf() {}'], []],
	[['export function nameOf() {}', 'const nameOf = 1;'], []],
	[['export interface Named {}', 'export type Named = 1;'], ['Named: A/0.ts, A/1.ts']],
	[['export interface Named {}', 'interface Named {}'], []],
])('%j', (texts, found) => {
	const defined = texts.flatMap((text, index) => definedIn(`A/${index}.ts`, text));
	expect(doubles(defined)).toEqual(found);
});

test('a vendor may keep a name to itself that another vendor exports, but none of the shared folders', () => {
	const hidden = { name: 'nameOf', file: 'A/a.ts', isExported: false };
	const exported = { ...hidden, isExported: true };
	expect(doubles([hidden, { ...exported, file: 'B/b.ts' }])).toEqual([]);
	expect(doubles([hidden, { ...exported, file: 'shared/b.ts' }])).toHaveLength(1);
});

test('no name has two meanings', () => {
	expect(doubles(all)).toEqual([]);
});

test('nor has one in the sandbox', () => {
	const defined = allOf('sandbox');
	expect(defined.length).toBeGreaterThan(500);
	expect(doubles(defined)).toEqual([]);
});

test('no exception is left over', () => {
	const count = (name: string) => all.filter((one) => one.name === name).length;
	expect([...meant].filter((name) => count(name) < 2)).toEqual([]);
});
