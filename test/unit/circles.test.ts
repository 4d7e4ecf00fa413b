/** No file needs, be it for a type only, a file that needs it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
		return entry.name.endsWith('.ts') ? [path] : [];
	});
}

/** What each file takes from which others of these folders. */
function importsOf(folders: string[]): Map<string, string[]> {
	const files = new Set(folders.flatMap((folder) => filesBelow(join(ROOT, folder))));
	const takes = (file: string): string[] => {
		const { statements } = ts.createSourceFile(
			file,
			readFileSync(file, 'utf8'),
			ts.ScriptTarget.ES2022,
		);
		return statements.flatMap((statement) => {
			if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
			const { moduleSpecifier: from } = statement;
			if (!from || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return [];
			const base = resolve(dirname(file), from.text);
			return [`${base}.ts`, join(base, 'index.ts')].filter((path) => files.has(path)).slice(0, 1);
		});
	};
	return new Map([...files].map((file) => [file, takes(file)]));
}

/** The first way round that leads back to where it began; empty when there is none. */
function circleIn(imports: ReadonlyMap<string, string[]>): string[] {
	const done = new Set<string>();
	const way: string[] = [];
	const walk = (file: string): string[] => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		if (done.has(file)) return [];
		way.push(file);
		for (const next of imports.get(file) ?? []) {
			const circle = walk(next);
			if (circle.length > 0) return circle;
		}
		way.pop();
		done.add(file);
		return [];
	};
	for (const file of imports.keys()) {
		const circle = walk(file);
		if (circle.length > 0) return circle.map((path) => relative(ROOT, path));
	}
	return [];
}

test('a circle is found', () => {
	const imports = { a: ['b'], b: ['c', 'd'], c: [], d: ['b'] };
	expect(circleIn(new Map(Object.entries(imports))).map((path) => path.slice(-1))).toEqual([
		'b',
		'd',
		'b',
	]);
});

test('what ships and the stand-ins run in no circle, types included', () => {
	const imports = importsOf(['nodes', 'credentials', 'sandbox']);
	expect(imports.size).toBeGreaterThan(100);
	expect([...imports.values()].flat().length).toBeGreaterThan(imports.size);
	expect(circleIn(imports)).toEqual([]);
});
