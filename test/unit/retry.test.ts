import type { ApiRequest, HttpMethod } from '../../nodes/shared/catalogue';
import {
	decideRetry,
	isIdempotent,
	REFUSED_TRIES,
	TRIES,
	type Fault,
} from '../../nodes/shared/road/retry';

const METHODS: HttpMethod[] = ['GET', 'PUT', 'DELETE', 'POST', 'PATCH'];

const request = (method: HttpMethod, idempotent?: boolean): ApiRequest => ({
	method,
	path: '/x',
	...(idempotent === undefined ? {} : { idempotent }),
});

describe('sending twice does no harm', () => {
	it.each([
		['GET', undefined, true],
		['PUT', undefined, true],
		['DELETE', undefined, true],
		['POST', undefined, false],
		['PATCH', undefined, false],
		['POST', true, true],
		['PUT', false, false],
	] as Array<[HttpMethod, boolean | undefined, boolean]>)(
		'%s with the mark %s: %s',
		(method, mark, expected) => {
			expect(isIdempotent(request(method, mark))).toBe(expected);
		},
	);
});

describe('whether a request is sent again', () => {
	/** Kind of fault → methods that are sent again without a mark. */
	const again: Record<Fault['kind'], HttpMethod[]> = {
		refused: METHODS,
		postponed: METHODS,
		unreached: METHODS,
		unknown: ['GET', 'PUT', 'DELETE'],
		stumbled: ['GET', 'PUT', 'DELETE'],
		final: [],
	};
	const table = (Object.keys(again) as Array<Fault['kind']>).flatMap((kind) =>
		METHODS.map((method): [string, Fault['kind'], HttpMethod, boolean] => [
			`${kind} ${method}`,
			kind,
			method,
			again[kind].includes(method),
		]),
	);
	it.each(table)('%s', (_, kind, method, expected) => {
		expect(decideRetry({ kind }, request(method), 1, 0.5).again).toBe(expected);
	});

	it.each(['unknown', 'stumbled'] as const)('%s POST with an idempotency mark: yes', (kind) => {
		expect(decideRetry({ kind }, request('POST', true), 1, 0.5).again).toBe(true);
	});

	it.each(['unknown', 'stumbled'] as const)(
		'%s PUT that is marked as not idempotent: no',
		(kind) => {
			expect(decideRetry({ kind }, request('PUT', false), 1, 0.5).again).toBe(false);
		},
	);

	it.each(['unreached', 'unknown', 'stumbled', 'postponed'] as const)(
		'%s: at most 4 times in all',
		(kind) => {
			expect(decideRetry({ kind }, request('GET'), TRIES - 1, 0).again).toBe(true);
			expect(decideRetry({ kind }, request('GET'), TRIES, 0).again).toBe(false);
			expect(TRIES).toBe(4);
		},
	);

	it('refused: more often, because the planner spaces the tries out, but not for ever', () => {
		expect(decideRetry({ kind: 'refused' }, request('POST'), REFUSED_TRIES - 1, 0).again).toBe(
			true,
		);
		expect(decideRetry({ kind: 'refused' }, request('POST'), REFUSED_TRIES, 0).again).toBe(false);
	});
});

describe('the wait before the next try', () => {
	it('grows with every try, half of it by chance', () => {
		const waits = (random: number) =>
			[1, 2, 3].map(
				(tries) => decideRetry({ kind: 'unknown' }, request('GET'), tries, random).waitMs,
			);
		expect(waits(0)).toEqual([250, 500, 1000]);
		expect(waits(1)).toEqual([500, 1000, 2000]);
	});

	it('is left to the planner after a refusal', () => {
		expect(decideRetry({ kind: 'refused' }, request('GET'), 5, 1).waitMs).toBe(0);
	});
});
