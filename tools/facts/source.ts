/** Reads the vendors' tables from a folder, and writes facts as TypeScript, one entry a line. */
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/** A call that cannot work; the message is for the person at the terminal. */
export class ToolProblem extends Error {}

/** A table of the folder, parsed. Throws `ToolProblem`. */
export function readTable<T>(folder: string, file: string): T {
	const path = join(folder, file);
	if (!existsSync(path)) {
		throw new ToolProblem(`${path} is missing. Give the folder that holds the vendors' tables.`);
	}
	try {
		return JSON.parse(readFileSync(path, 'utf8')) as T;
	} catch (error) {
		throw new ToolProblem(`${path} is no JSON: ${(error as Error).message}`);
	}
}

const NAME = /^[A-Za-z_$][\w$]*$/;

/** A value as TypeScript on one line, undefined members left out. */
export function inline(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
	if (typeof value === 'object' && value !== null) {
		const members = Object.entries(value)
			.filter(([, member]) => member !== undefined)
			.map(([name, member]) => `${keyText(name)}: ${inline(member)}`);
		return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
	}
	return typeof value === 'string' ? quoted(value) : String(value);
}

/** A property's name, quoted where it must be. */
export function keyText(name: string): string {
	return NAME.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
	const escaped = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
	return escaped.includes("'") && !escaped.includes('"')
		? `"${escaped}"`
		: `'${escaped.replace(/'/g, "\\'")}'`;
}

/** Head of a generated file. */
export function head(what: string, imports: string): string {
	return `/**\n * ${what}\n * Written by \`npm run facts\` from the vendor's tables: change the tool or a hand file, not this.\n */\n${imports}\n\n`;
}

/** Only what is there: no empty lists, no false. */
export function compact<T extends object>(value: T): T {
	return Object.fromEntries(
		Object.entries(value).filter(
			([, member]) =>
				member !== undefined &&
				member !== null &&
				member !== false &&
				!(Array.isArray(member) && member.length === 0),
		),
	) as T;
}
