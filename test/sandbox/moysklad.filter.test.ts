import { MoySkladError } from '../../sandbox/moysklad/errors';
import type { FieldRule, LikePolicy } from '../../sandbox/moysklad/filter';
import {
	EQUALITY,
	ORDERED,
	TEXT,
	parseFilter,
	splitConditions,
} from '../../sandbox/moysklad/filter';

const BASE = 'https://vendor.test/api/remap/1.2';
const ID = '7944ef04-f831-11e5-7a69-971500188b19';
const RULES: Record<string, FieldRule> = {
	name: { kind: 'string', operators: TEXT },
	id: { kind: 'uuid', operators: EQUALITY },
	archived: { kind: 'boolean', operators: ['='] },
	weight: { kind: 'number', operators: ORDERED },
	updated: { kind: 'date', operators: ORDERED },
	mode: { kind: 'enum', operators: ['='], values: ['all', 'empty'] },
	agent: { kind: 'reference', operators: EQUALITY, types: ['counterparty'] },
	tags: { kind: 'string', operators: TEXT },
};

function matches(
	filter: string,
	object: Record<string, unknown>,
	like: LikePolicy = 'first',
): boolean {
	const parsed = parseFilter(filter, { rule: (field) => RULES[field], like, base: BASE });
	return parsed.matches((field) => object[field]);
}

function code(filter: string, like: LikePolicy = 'first'): number {
	try {
		parseFilter(filter, { rule: (field) => RULES[field], like, base: BASE });
	} catch (error) {
		if (error instanceof MoySkladError) return error.code;
	}
	return 0;
}

test('conditions are split at ; unless it is escaped', () => {
	expect(splitConditions('a=1;b=2\\;3;;c=\\\\4')).toEqual(['a=1', 'b=2;3', 'c=\\\\4']);
});

describe('operators', () => {
	test.each([
		['name=Tea', true],
		['name=tea', false],
		['name!=Tea', false],
		['name~E', true],
		['name~=te', true],
		['name~=ea', false],
		['name=~EA', true],
		['name=~te', false],
		['weight>5', false],
		['weight>=5', true],
		['weight<5.5', true],
		['weight<=4.9', false],
		['weight!=5', false],
		[`agent=${BASE}/entity/counterparty/${ID}`, true],
		[`agent!=${BASE}/entity/counterparty/${ID}`, false],
		[`id=${ID.toUpperCase()}`, true],
		['archived=false', true],
		['archived=true', false],
		['tags=new', true],
		['tags~=ne', true],
		['tags!=old', true],
		['tags!=new', false],
	])('%s', (filter, expected) => {
		const object = {
			name: 'Tea',
			weight: 5,
			agent: ID,
			id: ID,
			archived: false,
			tags: ['new', 'hot'],
		};
		expect(matches(filter, object)).toBe(expected);
	});

	test('empty values mean null or an empty string', () => {
		expect(matches('name=', { name: '' })).toBe(true);
		expect(matches('agent=', {})).toBe(true);
		expect(matches('agent!=', {})).toBe(false);
		expect(matches('name!=', { name: 'x' })).toBe(true);
		expect(matches('tags=', { tags: [] })).toBe(true);
	});

	test('values keep everything but the escape', () => {
		expect(matches('name=a\\;b "c" \\ =d', { name: 'a;b "c" \\ =d' })).toBe(true);
	});
});

describe('combinations', () => {
	test('repeated = mean OR, repeated != mean AND, different fields mean AND', () => {
		expect(matches('name=a;name=b', { name: 'b' })).toBe(true);
		expect(matches('name!=a;name!=b', { name: 'b' })).toBe(false);
		expect(matches('name!=a;name!=b', { name: 'c' })).toBe(true);
		expect(matches('name=a;weight=1', { name: 'a', weight: 2 })).toBe(false);
	});

	test('of repeated comparisons the first counts', () => {
		expect(matches('weight>1;weight>10', { weight: 5 })).toBe(true);
		expect(matches('weight>1;weight<4', { weight: 5 })).toBe(false);
	});

	test('= excludes other operators on its field', () => {
		expect(code('name=a;name~b')).toBe(1034);
		expect(code('name=a;name!=b')).toBe(1034);
	});

	test('several LIKEs: the first, all of them, or only the pair', () => {
		expect(matches('name~a;name~b', { name: 'b' }, 'first')).toBe(false);
		expect(matches('name~a;name~b', { name: 'b' }, 'many')).toBe(true);
		expect(code('name~a;name~b', 'pair')).toBe(1034);
		expect(code('name~a;name~=b', 'pair')).toBe(1034);
		expect(matches('name~=a;name=~c', { name: 'abc' }, 'pair')).toBe(true);
	});
});

describe('dates are Moscow time', () => {
	const updated = Date.UTC(2026, 10, 21, 9, 0, 0, 250);

	test('and equal to the precision that is written', () => {
		expect(matches('updated=2026-11-21 12:00:00', { updated })).toBe(true);
		expect(matches('updated=2026-11-21 12:00', { updated })).toBe(true);
		expect(matches('updated=2026-11-21 12:00:00.250', { updated })).toBe(true);
		expect(matches('updated=2026-11-21 12:00:00.251', { updated })).toBe(false);
		expect(matches('updated>=2026-11-21 12:00:01', { updated })).toBe(false);
	});

	test('strict comparison is strict, except where the docs say otherwise', () => {
		const exact = Date.UTC(2026, 10, 21, 9);
		expect(matches('updated>2026-11-21 12:00:00', { updated: exact })).toBe(false);
		const rule: FieldRule = { kind: 'date', operators: ORDERED, looseOrder: true };
		const loose = parseFilter('updated>2026-11-21 12:00:00', {
			rule: () => rule,
			like: 'first',
			base: BASE,
		});
		expect(loose.matches(() => exact)).toBe(true);
	});
});

describe('errors', () => {
	test.each([
		['nonsense=1', 1034],
		['name>1', 1034],
		['archived!=true', 1034],
		['=1', 1034],
		['name', 1034],
		['name!~x', 1034],
		['archived=yes', 1014],
		['weight=1,5', 1014],
		['id=1', 1014],
		['agent=5', 1014],
		[`agent=${BASE}/entity/store/${ID}`, 1014],
		[`agent=https://elsewhere.test/api/remap/1.2/entity/counterparty/${ID}`, 1059],
		['mode=some', 1041],
		['updated=21.11.2026', 1035],
		['updated=2026-11-21T12:00:00', 1035],
	])('%s gives %i', (filter, expected) => {
		expect(code(filter)).toBe(expected);
	});
});
