/**
 * Patterns in time that grows with the text. n8n stops those of a form after 250 ms ("Regular expression execution
 * timed out"), those of our own code keep all of n8n waiting, and an expression or an answer may hand over any text.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';
import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { formOf } from '../../nodes/shared/form/form';

interface Found {
	/** n8n puts ^ and $ around them. */
	whole: Set<string>;
	/** Looked for anywhere in the text: `extractValue` of links. */
	inside: Set<string>;
}

/** All patterns of a form, however deep they stand. */
function collect(part: unknown, found: Found): Found {
	if (typeof part !== 'object' || part === null) return found;
	const { extractValue, validation } = part as Partial<INodePropertyMode>;
	if (typeof extractValue?.regex === 'string') found.inside.add(extractValue.regex);
	for (const rule of Array.isArray(validation) ? validation : []) {
		if (typeof rule !== 'object' || rule.type !== 'regex') continue;
		found.whole.add(String((rule.properties as { regex: string }).regex));
	}
	for (const inner of Object.values(part)) collect(inner, found);
	return found;
}

const nothing = (): Found => ({ whole: new Set(), inside: new Set() });

const vendors = [altegio, inspectorCloud, moySklad, moySkladDocuments, yandexMarket];
const { whole, inside } = vendors
	.map(formOf)
	.reduce((found, form) => collect(form, found), nothing());

const ID = '7944ef04-f831-11e5-7a69-971500188b19';

/** What links are made of, of MoySklad and of others. */
const PARTS = [
	...[' ', '1', 'a-', '\n', '/', 'https://', 'https://a/', '?id=1', '&id=1', '#a/'],
	...[ID, `${ID}/`, `/entity/product/${ID}`, '/entity/customerorder/', '/customentity/'],
	...['/app/#good/edit?', '/app/#demand/edit?a&', `/app/#good/edit?id=${ID}#`],
];

/** Texts that begin well and end wrongly, of so many characters. */
const hostile = (size: number): string[] => [
	...PARTS.map((part) => part.repeat(size / part.length)).flatMap((text) => [
		`${text}\u0000`,
		`https://a.b/${text}\u0000\n`,
		`https://a.b${text}\nx`,
	]),
	`https://a.b/entity/product/${ID}?${' '.repeat(size)}\nx`,
	`${' '.repeat(size / 2)}1${' '.repeat(size / 2)}x`,
	`https://a.b/timetable/${'1'.repeat(size)}x`,
];

/** Processor time: other work of the machine is none of it. */
function msOf(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** What a pattern that grows with the square takes on this machine for 20,000 characters. */
const SQUARE_MS = msOf(() => / *x/.test(' '.repeat(20_000)));

test('locators have patterns', () => {
	expect(whole.size).toBeGreaterThan(40);
	expect(inside.size).toBeGreaterThan(30);
});

// A pattern that grows with the square takes 1.5² times as long for a single text of these.
const longest = hostile(30_000);

test.each([...whole])('%s', (pattern) => {
	const anchored = new RegExp(`^${pattern}$`);
	expect(msOf(() => longest.forEach((text) => anchored.test(text)))).toBeLessThan(SQUARE_MS);
});

test.each([...inside])('anywhere: %s', (pattern) => {
	const anywhere = new RegExp(pattern);
	expect(msOf(() => longest.forEach((text) => anywhere.test(text)))).toBeLessThan(SQUARE_MS);
});

/** All regular expressions that stand in the code of the nodes. */
function literals(): string[] {
	const folder = join(__dirname, '../../nodes');
	const found = new Set<string>();
	const look = (node: ts.Node) => {
		if (ts.isRegularExpressionLiteral(node)) found.add(node.text);
		ts.forEachChild(node, look);
	};
	for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
		if (!/(?<!generated|\.form)\.ts$/.test(name)) continue;
		look(ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), 99, true));
	}
	return [...found];
}

/** What texts are made of that people and vendors write. */
const PIECES = [
	...[
		' ',
		'\n',
		' \n',
		'\t',
		'1',
		'a',
		'a ',
		'Я',
		'"',
		"'",
		'\\',
		'/',
		'<',
		'<a>',
		'</a>',
		'{',
		'}',
	],
	...[
		'[',
		']',
		',',
		', ',
		';',
		'=',
		'a=1&',
		'?',
		'#',
		':',
		'-',
		'+',
		'.',
		'a.',
		'@',
		'%2',
		'$',
		'|',
	],
	...['(', ')', '(9)', 'https://a/', '«', '12:', '2026-', '{"a":'],
];
const SIZE = 3000;
const texts = PIECES.map((piece) => piece.repeat(SIZE / piece.length)).flatMap((text) => [
	`${text}\u0000`,
	`a${text}x`,
	`https://a.b/${text}\n!`,
]);
const square = ' '.repeat(SIZE);
const work = (pattern: RegExp, text: string) => text.replace(pattern, '');

test('no pattern of the code takes a time that grows with the square of a text', () => {
	const all = literals();
	expect(all.length).toBeGreaterThan(200);
	const most = Math.max(msOf(() => work(/ *x/, square)) / 2, 1);
	const slow = all.filter((literal) => {
		const [, source, flags] = /^\/(.*)\/(\w*)$/s.exec(literal) ?? [];
		const pattern = new RegExp(source, flags);
		// One that is slow is so each time; something else may have come between once.
		return texts.some((text) => [1, 2, 3].every(() => msOf(() => work(pattern, text)) > most));
	});
	expect(slow).toEqual([]);
});

/**
 * n8n looks for the fields of a collection beside it, also while the collection is hidden (`getParameterIssues` of
 * n8n-workflow 2.41): a locator in one is held against the value of every operation's locator of the same name.
 */
test('a locator in a collection refuses no ID that one of the same name beside it takes', () => {
	const patternsOf = ({ modes = [] }: INodeProperties) =>
		JSON.stringify(modes.map((mode) => [mode.name, [...collect(mode, nothing()).whole]]));
	const isLocator = ({ type }: INodeProperties) => type === 'resourceLocator';
	const found = vendors.flatMap((vendor) => {
		const properties = formOf(vendor);
		return properties
			.filter(({ type }) => type === 'collection')
			.flatMap(({ options }) => (options as INodeProperties[]).filter(isLocator))
			.flatMap((inner) =>
				properties
					.filter((beside) => isLocator(beside) && beside.name === inner.name)
					.filter((beside) => patternsOf(beside) !== patternsOf(inner))
					.map(
						({ name, displayOptions }) =>
							`${vendor.name}: ${name} ${JSON.stringify(displayOptions)}`,
					),
			);
	});
	expect(found).toEqual([]);
});
