/**
 * Operations that the walk through the facts cannot run: each has a case of its own with its request and what comes out.
 * Together with the walk they are all operations of the vendor.
 */
import type { IDataObject } from 'n8n-workflow';

import { operationName } from '../../nodes/shared/run/request';
import { judge, Table } from '../../sandbox/shared/standIn';
import type { FactsWalk } from './factsWalk';
import { walkedOf } from './factsWalk';
import type { FreshHouse } from './freshHouse';

/** One run of an operation. */
export interface OwnCase {
	/** The form; a function makes first what the operation is about. */
	form: object | ((house: FreshHouse) => Promise<object>);
	items?: object[];
	/** Method and path of the request that does it, and its body. */
	request: string | RegExp;
	body?: unknown;
	/** What comes out, in part. */
	out: object[];
	/** An answer in the place of the sandbox's. */
	answer?: object;
}

/** Declares the tests of all cases, by `resource.operation`, and the one that nothing is left out. */
export function testOwnOperations(
	walk: FactsWalk,
	house: FreshHouse,
	cases: Readonly<Record<string, OwnCase>>,
): void {
	const table = new Table(walk.facts, walk.paths);
	const { listener: vendor } = walk;
	const sent = () => house.sandbox.log.filter((entry) => entry.vendor === vendor);

	test.each(Object.entries(cases))(
		'%s',
		async (name, { form: given, items, request, body, out, answer }) => {
			const form = typeof given === 'function' ? await (given as FormMaker)(house) : given;
			house.sandbox.clearLog();
			if (answer) house.sandbox.faults.add({ vendor, status: 200, body: answer });
			const result = await house.run(name, form, items);
			expect([result.error?.message, result.error?.description]).toEqual([undefined, undefined]);
			const isIt = ({ method, path }: { method: string; path: string }) =>
				typeof request === 'string'
					? `${method} ${path}` === request
					: request.test(`${method} ${path}`);
			const main = sent().find(isIt);
			expect([sent().map(({ method, path }) => `${method} ${path}`), main !== undefined]).toEqual([
				expect.anything(),
				true,
			]);
			if (body !== undefined) expect(main?.body).toEqual(body);
			for (const one of sent()) {
				const match = table.find(one.method, one.path);
				expect([`${one.method} ${one.path}`, match !== undefined]).toEqual([
					expect.anything(),
					true,
				]);
				// A form with a file: its case says what it holds.
				if (!match || typeof one.body === 'string') continue;
				const query = [...new URL(one.url, 'http://sandbox').searchParams];
				expect(judge(match, query, one.body, walk)).toEqual([]);
			}
			expect(result.json('Node')).toEqual(
				out.map((row) => expect.objectContaining(row) as IDataObject),
			);
			const inputs = items?.length ?? 1;
			const pairs = result.items('Node').map(({ pairedItem }) => pairedItem);
			expect(pairs).toEqual(
				inputs > 1 ? pairs.map((_, item) => ({ item })) : out.map(() => ({ item: 0 })),
			);

			// What the vendor says is wrong reaches the user.
			const { says, ...error } = walk.error;
			house.sandbox.faults.add({ vendor, times: 10, ...error });
			const failed = await house.run(name, form, items);
			expect(failed.error?.description).toContain(says);
		},
	);

	test('every operation of the catalogue runs through the engine, here or in the walk', () => {
		const all = walk.vendor.operations.map(operationName);
		const walked = walkedOf(walk).map(operationName);
		const own = Object.keys(cases);
		expect(all.filter((name) => !walked.includes(name) && !own.includes(name))).toEqual([]);
		// No case is of an operation that is gone, and none of what is left out runs nowhere.
		expect(own.filter((name) => !all.includes(name))).toEqual([]);
		expect(walk.leaveOut?.filter((name) => !own.includes(name)) ?? []).toEqual([]);
	});
}

type FormMaker = (house: FreshHouse) => Promise<object>;
