/** The parts of the polling trigger that need no n8n: what it remembers, and how it reads a list that moves. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest } from '../../nodes/shared/catalogue';
import type { Road } from '../../nodes/shared/road/road';
import { moscowTime } from '../../nodes/MoySklad/filter';
import { isoOfMoscow, itemOf, simplified } from '../../nodes/MoySklad/polling/items';
import { instantOfMoscow, Reader } from '../../nodes/MoySklad/polling/reader';
import { pollingSettings } from '../../nodes/MoySklad/polling/settings';
import { creationStartOf, MOST_MARKS, Seen, startOf } from '../../nodes/shared/trigger/position';
import { polledType, polledTypes } from '../../nodes/MoySklad/polling/types';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-21T09:30:00+03:00');

const settings = (options: IDataObject = {}, more: IDataObject = {}) => {
	const form: IDataObject = { entityTypes: ['product'], actions: ['UPDATE'], options, ...more };
	return pollingSettings((name, fallback) => form[name] ?? fallback, 'Europe/Moscow');
};

describe('what was seen', () => {
	test('is remembered by event and moment, also as JSON', () => {
		const seen = new Seen();
		seen.add('updated a', NOW);
		seen.addAbout('created b', NOW + 400);
		const copy = new Seen(JSON.parse(JSON.stringify(seen)) as Record<string, string>);
		for (const one of [seen, copy]) {
			expect(one.has('updated a', NOW)).toBe(true);
			expect(one.has('updated a', NOW + 1)).toBe(false);
			expect(one.has('updated b', NOW)).toBe(false);
			expect(one.hasAbout('created b', NOW + 2900)).toBe(true);
			expect(one.hasAbout('created b', NOW - 1500)).toBe(true);
			expect(one.hasAbout('created b', NOW + 3100)).toBe(false);
		}
	});

	test('is forgotten by whole minutes', () => {
		const seen = new Seen();
		for (let minute = 0; minute < 5; minute++) seen.add(`updated ${minute}`, NOW + minute * MINUTE);
		expect(seen.prune(NOW + 2 * MINUTE + 1)).toBe(NOW + 2 * MINUTE + 1);
		expect([0, 1, 2, 3, 4].map((at) => seen.has(`updated ${at}`, NOW + at * MINUTE))).toEqual([
			false,
			false,
			true,
			true,
			true,
		]);
	});

	test('has a bound, and says from where on it holds', () => {
		const seen = new Seen();
		for (let index = 0; index < MOST_MARKS; index++) seen.add(`updated ${index}`, NOW);
		seen.add('updated last', NOW + MINUTE);
		expect(seen.isFull).toBe(true);
		expect(seen.prune(NOW - MINUTE)).toBe(NOW + MINUTE);
		expect(seen.has('updated last', NOW + MINUTE)).toBe(true);
		expect(JSON.stringify(seen).length).toBeLessThan(100);
	});
});

describe('where a poll begins', () => {
	const progress = { cursor: NOW, readAt: NOW, floor: 0, caughtUp: NOW - 2 * MINUTE, seen: {} };

	test('is some way back, but not before the first run', () => {
		expect(startOf(progress, 2 * MINUTE)).toBe(NOW - 2 * MINUTE);
		expect(startOf({ ...progress, floor: NOW - MINUTE }, 2 * MINUTE)).toBe(NOW - MINUTE);
		expect(startOf({ ...progress, seenFrom: NOW - 1000 }, 2 * MINUTE)).toBe(NOW - 1000);
	});

	test('is the cursor in a backlog: what is old enough has settled, and must not be read again', () => {
		const backlog = { ...progress, cursor: NOW - 60 * MINUTE, caughtUp: NOW - 90 * MINUTE };
		expect(startOf(backlog, 2 * MINUTE)).toBe(NOW - 60 * MINUTE);
		expect(creationStartOf(backlog, 2 * MINUTE)).toBe(NOW - 90 * MINUTE);
	});
});

interface Entry {
	id: string;
	updated: number;
}

/** A list that can be ordered, filtered and paged by number, as MoySklad's. */
class FakeList {
	requests: ApiRequest[] = [];
	/** Called after each answer: the list moves meanwhile. */
	between: (page: number) => void = () => undefined;

	constructor(readonly entries: Entry[]) {}

	get road(): Road {
		return {
			connection: { baseUrl: 'https://fake' },
			send: async (request: ApiRequest) => {
				this.requests.push(request);
				const answer = this.answer(request.query ?? {});
				this.between(this.requests.length);
				return answer;
			},
		} as unknown as Road;
	}

	private answer({ filter, limit, offset, order }: IDataObject): ApiAnswer {
		const bound = (sign: string) => {
			const text = String(filter)
				.split(';')
				.find((one) => one.startsWith(`updated${sign}`));
			return text === undefined ? undefined : instantOfMoscow(text.slice(9));
		};
		const [from, to] = [bound('>=') ?? -Infinity, bound('<=') ?? Infinity];
		const found = this.entries.filter(({ updated }) => updated >= from && updated <= to);
		if (order !== undefined) {
			found.sort((a, b) => a.updated - b.updated || a.id.localeCompare(b.id));
		}
		const start = Number(offset);
		const rows = found.slice(start, start + Number(limit)).map(({ id, updated }) => ({
			id,
			updated: moscowTime(updated),
		}));
		const more = start + rows.length < found.length ? { nextHref: 'more' } : {};
		return {
			status: 200,
			headers: { date: new Date(NOW).toUTCString() },
			body: { meta: { size: found.length, ...more }, rows },
		};
	}
}

const entries = (count: number, at: (index: number) => number): Entry[] =>
	Array.from({ length: count }, (_, index) => ({
		id: `id-${String(index).padStart(5, '0')}`,
		updated: at(index),
	}));

async function readAll(reader: Reader, most = 100): Promise<void> {
	for (let steps = 0; steps < most && !reader.done && !reader.stopped; steps++) {
		await reader.step(most);
	}
}

describe('a list that is read', () => {
	const expand = { expand: 'owner', settle: 0 };

	test('loses nothing when objects change while it is read', async () => {
		const list = new FakeList(entries(500, (index) => NOW - 500_000 + index * 1000));
		// After each of the first pages, objects of pages read and of pages to come move to the end.
		list.between = (page) => {
			if (page > 4) return;
			for (const at of [page * 7, page * 90 + 30]) {
				if (list.entries[at]) list.entries[at].updated = NOW - 100 + page;
			}
		};
		const reader = new Reader(polledType('product'), list.road, settings(expand), NOW - 600_000);
		await readAll(reader);
		expect(reader.done).toBe(true);
		const newest = new Map(reader.rows.map(({ id, updated }) => [id, updated]));
		expect(newest.size).toBe(500);
		for (const { id, updated } of list.entries) expect(newest.get(id)).toBe(updated);
	});

	test('passes many objects of one instant, and goes on behind them', async () => {
		const list = new FakeList(entries(350, (index) => (index < 330 ? NOW - 9000 : NOW - 8000)));
		const reader = new Reader(polledType('product'), list.road, settings(expand), NOW - 60_000);
		await readAll(reader);
		expect(reader.rows).toHaveLength(350);
		expect(list.requests.map(({ query }) => query?.offset)).toEqual([0, 0, 100, 200, 300]);
	});

	test('keeps young changes for later, and says how far it came', async () => {
		const list = new FakeList(entries(10, (index) => NOW - 10_000 + index * 1000));
		const reader = new Reader(
			polledType('product'),
			list.road,
			settings({ settle: 5 }),
			NOW - 60_000,
		);
		await readAll(reader);
		expect(reader.rows.map(({ updated }) => NOW - updated)).toEqual([
			10_000, 9000, 8000, 7000, 6000, 5000,
		]);
		expect(reader.reached).toBe(NOW - 5000);
	});

	test('counts only pages with something new', async () => {
		const list = new FakeList(entries(300, (index) => NOW - 300_000 + index * 1000));
		const isKnown = ({ updated }: { updated: number }) => updated < NOW - 100_000;
		const reader = new Reader(
			polledType('product'),
			list.road,
			settings(expand),
			NOW - 600_000,
			isKnown,
		);
		await readAll(reader);
		expect(list.requests.length).toBeGreaterThan(reader.pages);
		expect(reader.rows).toHaveLength(300);
	});

	test('without order is cut in time until it fits', async () => {
		const list = new FakeList(
			entries(1000, (index) => NOW - 1_000_000 + ((index * 7) % 1000) * 1000),
		);
		const type = polledType('prepayment');
		const found = new Set<string>();
		let from = NOW - 2_000_000;
		for (let polls = 0; polls < 30; polls++) {
			const reader = new Reader(type, list.road, settings(expand), from);
			await reader.step(2);
			expect(reader.rows.length).toBeLessThanOrEqual(200);
			for (const { id } of reader.rows) found.add(id);
			from = reader.reached;
			if (reader.done) break;
		}
		expect(found.size).toBe(1000);
		expect(list.requests.every(({ query }) => query?.order === undefined)).toBe(true);
	});
});

describe('the form', () => {
	test('has usual values, and bounds', () => {
		expect(settings()).toMatchObject({
			firstRun: 'now',
			maxPages: 10,
			overlapMs: 2 * MINUTE,
			settleMs: 10_000,
			output: 'raw',
			withWebhook: false,
		});
		expect(settings({ settle: 5, withWebhook: true }).settleMs).toBe(60_000);
		expect(settings({ maxPages: 0, overlap: -1 })).toMatchObject({ maxPages: 1, overlapMs: 0 });
		expect(settings({ simplify: 'TRUE', withWebhook: 1, maxPages: '5' })).toMatchObject({
			output: 'simplified',
			withWebhook: true,
			maxPages: 5,
		});
		expect(() => settings({ simplify: 'maybe' })).toThrow("'Simplify' is 'maybe'");
		expect(() => settings({ output: 'selectedFields' })).toThrow("'Fields to Return' is empty");
		expect(() => settings({ output: 'some' })).toThrow("'Output' is 'some'");
		expect(() => settings({ settle: 'long' })).toThrow("'Minimum Age (Seconds)' is 'long'");
		expect(settings({ onlyUsers: 'A@b, c@D' }).onlyUsers).toEqual(['a@b', 'c@d']);
	});

	test.each([
		[{}, 'raw'],
		[{ simplify: true }, 'simplified'],
		[{ simplify: false }, 'raw'],
		[{ output: 'raw' }, 'raw'],
		[{ output: 'Simplified' }, 'simplified'],
		// What is chosen now wins over the switch of before.
		[{ output: 'raw', simplify: true }, 'raw'],
		[{ output: 'selectedFields', outputFields: ['name', 'sum'] }, ['name', 'sum']],
		[{ output: 'selectedFields', outputFields: 'name, agent.name' }, ['name', 'agent.name']],
	])('says what of each object comes: %j', (options, output) => {
		expect(settings(options).output).toEqual(output);
	});

	test("reads a date without an offset in the workflow's zone", () => {
		const { since } = settings({}, { firstRun: 'since', since: '2026-11-21T09:30:00' });
		expect(since).toBe(NOW);
	});

	test('refuses what cannot be polled', () => {
		expect(() => settings({}, { entityTypes: [] })).toThrow('Entity Types');
		expect(() => settings({}, { actions: [] })).toThrow('Events');
		expect(() => settings({}, { entityTypes: ['currency'] })).toThrow("'currency'");
		expect(() => settings({}, { firstRun: 'since', since: '' })).toThrow('Changes Since');
		expect(() => settings({ notUsers: 'a@b' }, { entityTypes: ['uom', 'product'] })).toThrow('uom');
	});
});

describe('types', () => {
	test('know what their lists hide', () => {
		expect(polledType('product').hidden).toBe('archived=true;archived=false');
		expect(polledType('customerorder').hidden).toBe('isDeleted=true;isDeleted=false');
		expect(polledType('task').hidden).toBe('done=true;done=false');
		expect(polledType('uom').hidden).toBeUndefined();
		expect(polledTypes.map(({ value }) => value)).not.toContain('currency');
	});
});

describe('items', () => {
	test('have Moscow time with its offset', () => {
		expect(isoOfMoscow(NOW)).toBe('2026-11-21T09:30:00.000+03:00');
		expect(instantOfMoscow('2026-11-21 09:30:00.000')).toBe(NOW);
		expect(instantOfMoscow(undefined)).toBeNaN();
	});

	test('can have flat objects', () => {
		const agent = { meta: { href: 'https://fake/entity/counterparty/abc' } };
		const object = { id: 'x', name: 'N', sum: 5, agent, positions: {}, owner: {} };
		const none = { code: null, externalCode: null, moment: null, archived: null };
		const row = { ...none, id: 'x', name: 'N', sum: 5, agentId: 'abc' };
		expect(simplified(object)).toEqual({ ...row, organizationId: null, stateId: null });
		const order = ({ archived = true, ...more }: IDataObject) =>
			Object.keys(simplified({ archived, ...more }));
		// Objects of several types make one table.
		expect(order(object)).toEqual(order({ state: agent, code: 'c', id: 'y' }));
		const change = {
			action: 'DELETE' as const,
			type: 'product',
			id: 'x',
			href: 'h',
			moment: NOW,
			repeat: false,
			stream: 'audit deleted',
		};
		expect(itemOf(change, 'simplified')).toMatchObject({ gone: true, object: null, uid: null });
		const changed = { ...change, action: 'UPDATE' as const, object };
		expect(itemOf(changed, 'raw').object).toEqual(object);
		expect(itemOf(changed, ['sum', 'agent.meta.href', 'code', 'id']).object).toEqual({
			id: 'x',
			sum: 5,
			'agent.meta.href': agent.meta.href,
			code: null,
		});
	});
});
