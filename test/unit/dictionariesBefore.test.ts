/**
 * The first dictionaries are made from facts and decisions; before, each had a table by hand. Nothing of their
 * operations may be lost: every name, label, kind, operator, value and sentence is compared with what it was then.
 */
import { readFileSync } from 'fs';
import { join } from 'path';

import { dictionariesAsData, unpacked, type Packed } from './catalogueAsData';

const before = unpacked(
	JSON.parse(readFileSync(join(__dirname, 'dictionariesBefore.json'), 'utf8')) as Packed,
);
const after = dictionariesAsData();

/** Differences that are meant: what they are at, and why. */
const MEANT: Array<{ at: RegExp; why: string }> = [];

/** `resource > path: before → after`. */
const differences = Object.keys({ ...before, ...after }).flatMap((resource) => {
	const [was, is] = [before[resource] ?? {}, after[resource] ?? {}];
	return Object.keys({ ...was, ...is })
		.filter((path) => was[path] !== is[path])
		.map((path) => `${resource} > ${path}: ${was[path] ?? '–'} → ${is[path] ?? '–'}`);
});

test('the dictionaries of before are all there, and compared to the last word', () => {
	expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
	for (const flat of Object.values(before)) expect(Object.keys(flat).length).toBeGreaterThan(400);
});

test('nothing differs but what is meant', () => {
	expect(differences.filter((one) => !MEANT.some(({ at }) => at.test(one)))).toEqual([]);
});

test('what is meant does differ', () => {
	const idle = MEANT.filter(({ at }) => !differences.some((one) => at.test(one)));
	expect(idle.map(({ at, why }) => `${String(at)}: ${why}`)).toEqual([]);
});
