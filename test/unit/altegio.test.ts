/** Altegio's facts: which calls may be answered without the envelope (reference of the project: altegio-api.md §1.3). */
import { facts, isBare } from '../../nodes/Altegio/facts';
import { operations } from '../../nodes/Altegio/facts.generated';
import { altegio } from '../../nodes/Altegio/vendor';
import { tellers } from '../../nodes/Altegio/whereIds';
import type { Field, MapperField } from '../../nodes/shared/catalogue';

/** The docs show an answer of the call, and it has neither `success` nor `data`. */
const isShownBare = ({ answer = {} }: { answer?: Record<string, string> }) =>
	Object.keys(answer).length > 0 &&
	!Object.keys(answer).some((path) => /^(success|data)(\[|\.|$)/.test(path));

const address = (path: string) => path.replace(/\{\w+\}/g, '12');

describe('An answer without the envelope', () => {
	test('is one only of the calls that the docs show so', () => {
		const wrong = operations
			.filter((one) => isBare({ ...one, path: address(one.path) }) !== isShownBare(one))
			.map(({ method, path }) => `${method} ${path}`);
		expect(wrong).toEqual([]);
		expect(operations.filter(isShownBare).length).toBeGreaterThan(30);
	});

	test.each([
		['GET', '/visits/8260852', false],
		['GET', '/record/4564/1', false],
		['GET', '/chain/5/loyalty/programs/7', true],
		['GET', '/chain/5/loyalty/programs/7?page=1', true],
		['DELETE', '/chain/5/loyalty/programs/7', false],
		['GET', '/chain/5/loyalty/programs/7/more', false],
	])('%s %s: %s', (method, path, expected) => {
		expect(isBare({ method, path })).toBe(expected);
	});

	test('has its rows where all others have them', () => {
		const paths = facts
			.filter(({ id }) => id === 'loyaltyProgram.get')
			.flatMap(({ answer }) => Object.keys(answer ?? {}));
		expect(paths.length).toBeGreaterThan(1);
		expect(paths.filter((path) => !path.startsWith('data.'))).toEqual([]);
	});
});

test('a row has no known fields only where the docs tell nothing of it', () => {
	const bare = (route: string) => route.replace(/\{\w+\}/g, '{}');
	const told = new Set(
		facts
			.filter(({ answer }) => Object.keys(answer ?? {}).some((path) => /^data(\[\])?\./.test(path)))
			.map(({ method, path }) => bare(`${method} ${path}`)),
	);
	const empty = altegio.operations.filter(({ output }) => Object.keys(output).length === 0);
	expect(empty.length).toBeGreaterThan(0);
	expect(empty.map(({ route }) => route).filter((route) => told.has(bare(route)))).toEqual([]);
});

test('no code stands in a form as a bare number', () => {
	const bare = altegio.operations.flatMap(({ resource, operation, fields }) =>
		fields
			.flatMap((field): Array<Field | MapperField> =>
				field.kind === 'mapper' ? field.mapper.fields : [field],
			)
			.flatMap((field) => ('choices' in field ? (field.choices ?? []) : []))
			.filter(({ name }) => /^\d+$/.test(name))
			.map(({ name }) => `${resource}.${operation}: ${name}`),
	);
	expect(bare).toEqual([]);
});

test('IDs are told by operations that there are', () => {
	const names = new Map(altegio.resources.map(({ name, value }) => [value, name.split(' (')[0]]));
	const known = altegio.operations.map(({ resource, name }) => `${names.get(resource)}: ${name}`);
	expect(tellers.filter((teller) => !known.includes(teller))).toEqual([]);
	expect(tellers.length).toBeGreaterThan(35);
});
