/**
 * Limits of Yandex Market, from the facts of its operations: requests or elements per method and key. Reference of the
 * project: yandex-market-jobs.md §5.
 *
 * Those of a minute are kept to before the Market has to say anything. Longer ones (hours; reports, one of a kind in two
 * or ten minutes) are left to its answers: it counts from a moment of its own, so that a count of ours would hold back
 * for minutes what it still lets through. What an answer says of a method's limit counts from then on, since
 * subscriptions raise it.
 */
import type { ApiAnswer, ApiRequest } from '../shared/catalogue';
import type { OperationFacts } from '../shared/facts/facts';
import { numberIn } from '../shared/road/headers';
import { Latest } from '../shared/road/latest';
import type { Window } from '../shared/road/planner';
import { newer } from './catalogue/newer';
import { operations } from './facts.generated';

const MS = 1000;
/** The longest window that we count ourselves, in seconds. */
const LONGEST_SECONDS = 60;

interface Method {
	id: string;
	method: string;
	pattern: RegExp;
	literals: number;
	limit?: OperationFacts['limit'];
}

const METHODS: Method[] = [...operations, ...newer]
	.map(({ id, method, path, limit }) => ({
		id,
		method,
		pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
		literals: path.split('/').filter((part) => !part.startsWith('{')).length,
		limit,
	}))
	// `/outlets/licenses` is no outlet.
	.sort((one, other) => other.literals - one.literals);

/** Each window of the planner asks for each request. */
const found = new WeakMap<ApiRequest, { method?: Method }>();

function limitedMethod(request: ApiRequest): Method | undefined {
	const known = found.get(request);
	if (known) return known.method;
	const { method, path, storage } = request;
	const matching =
		storage === undefined
			? METHODS.find((one) => one.method === method && one.pattern.test(path))
			: undefined;
	found.set(request, { method: matching });
	return matching;
}

/** What the Market counts together: the documented method, or the path without its numbers. */
export function laneOf(request: ApiRequest): string {
	const { method, path } = request;
	return limitedMethod(request)?.id ?? `${method} ${path.replace(/\/\d+/g, '/#')}`;
}

/** Limits that answers have told, by budget and method; n8n makes a connection for each execution. */
const told = new Latest<Map<string, number>>(200);

/** The windows of a budget. */
export function windowsOf(budget: string): Window[] {
	return METHODS.flatMap((one): Window[] => {
		const { limit } = one;
		if (!limit || limit.seconds > LONGEST_SECONDS) return [];
		return [
			{
				get units() {
					return told.get(budget)?.get(one.id) ?? limit.amount;
				},
				perMs: limit.seconds * MS,
				weigh: (request) => (limitedMethod(request) === one ? weightOf(request, limit.per) : 0),
			},
		];
	});
}

/** Remembers `X-RateLimit-Resource-Limit`. */
export function learn(budget: string, answer: ApiAnswer, request: ApiRequest): void {
	const amount = numberIn(answer, 'x-ratelimit-resource-limit', Infinity);
	const method = limitedMethod(request);
	if (!method?.limit || amount === undefined || amount < 1) return;
	const limits = told.get(budget) ?? new Map<string, number>();
	limits.set(method.id, amount);
	told.set(budget, limits);
}

/**
 * Elements of a request, where these are counted: `req.skus` names the array that is sent; `resp.…` the rows that come,
 * at most as many as were asked for.
 */
function weightOf({ body, query }: ApiRequest, per = 'resp'): number {
	const [where, ...path] = per.split('.');
	if (path.length === 0 || Array.isArray(body)) return 1;
	const sent = where === 'req' ? body?.[path[0]] : firstList(body);
	if (Array.isArray(sent)) return Math.max(1, sent.length);
	const asked = Number(query?.limit);
	return where === 'resp' && asked >= 1 ? asked : 1;
}

function firstList(body: ApiRequest['body']): unknown {
	return Object.values(body ?? {}).find(Array.isArray);
}
