/** MoySklad's address, budget and error body. Source of the figures: MoySklad docs, Restrictions. */
import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ApiAnswer, Connection, VendorProblem } from '../shared/catalogue';
import { baseUrlOf, tokenOf } from '../shared/road/credentials';
import { LONGEST_WAIT_MS, numberIn } from '../shared/road/headers';
import type { Policy, Verdict } from '../shared/road/planner';
import { InputProblem } from '../shared/errors/problems';

const DEFAULT_BASE_URL = 'https://api.moysklad.ru/api/remap/1.2';

/** The bucket: 45 units per 3 s, per user or per solution. */
const UNITS = 45;
const WINDOW_MS = 3000;
/** A limit in a header above this is none of MoySklad's. */
const MOST_UNITS = 1000;
/**
 * MoySklad allows 5 at a time per user. With fewer, an export of full pages cannot use up the budget of a user's
 * token (docs/decisions/0006); whoever else works with the same token is made room for after the first refusal.
 */
const PARALLEL = 5;
/** More of them than this cannot take even one request each from a user's budget. */
const MOST_PROCESSES = 11;
const FULL_STOCK_REPORT = /^\/report\/stock\/(all|bystore)$/;
const FULL_STOCK_REPORT_UNITS = 5;
/** Codes of a 429: too many per time, too many at once. */
const RATE_CODE = 1049;
const PARALLEL_CODE = 1073;

/** Since when a request with a user's token or login weighs how much (MoySklad docs: Restrictions). */
const WEIGHTS: Array<{ from: number; units: number }> = [
	{ from: Date.UTC(2026, 10, 30, 21), units: 4 }, // 1 December 2026, Moscow time
	{ from: Date.UTC(2026, 7, 31, 21), units: 3 },
];

/** Units of the bucket that one ordinary request takes. */
export function requestWeight(credentials: ICredentialDataDecryptedObject, now: number): number {
	if (credentials.authentication !== 'login' && credentials.accessKind === 'solution') return 1;
	const isUser =
		credentials.authentication === 'login' || credentials.accessKind !== 'draftSolution';
	if (!isUser || credentials.rateLimit !== 'calendar') return WEIGHTS[0].units;
	return (WEIGHTS.find(({ from }) => now >= from) ?? WEIGHTS[1]).units;
}

/** The connection of a `moySkladApi` credential. Throws `InputProblem` for one that cannot work. */
export function connect(credentials: ICredentialDataDecryptedObject): Connection {
	const baseUrl = baseUrlOf(
		credentials.baseUrl || DEFAULT_BASE_URL,
		'API Base URL',
		DEFAULT_BASE_URL,
	);
	const isLogin = credentials.authentication === 'login';
	const identity = isLogin
		? String(credentials.login ?? '').trim()
		: tokenOf(credentials.accessToken);
	if (!identity || (isLogin && !credentials.password)) {
		throw new InputProblem(
			isLogin ? 'Login and Password' : 'Access Token',
			'is missing in the credential',
			isLogin
				? 'Fill in both, or switch the credential to an access token.'
				: 'Create a token in MoySklad (Settings, Users, your user, Tokens) and paste it into the credential.',
		);
	}
	const owner = createHash('sha256').update(identity).digest('hex');
	return {
		baseUrl,
		budgetKey: `${baseUrl} ${owner}`,
		headers: {
			// Both as the docs demand: without gzip the answer is an empty 415, with another Accept an error.
			Accept: 'application/json;charset=utf-8',
			'Accept-Encoding': 'gzip',
			// Language of error texts only.
			'Accept-Language': 'en',
		},
		policy: policyFor(requestWeight(credentials, Date.now()), processesOf(credentials)),
	};
}

/** Processes of n8n that share the limits, from the credential; 1 when it does not say. */
function processesOf({ processes }: ICredentialDataDecryptedObject): number {
	const given = Number(processes ?? 1);
	return Number.isFinite(given) ? Math.min(MOST_PROCESSES, Math.max(1, Math.floor(given))) : 1;
}

function policyFor(weight: number, sharedBy: number): Policy {
	return {
		windows: [
			{
				units: UNITS,
				perMs: WINDOW_MS,
				weigh: ({ path }) =>
					FULL_STOCK_REPORT.test(path) ? Math.max(weight, FULL_STOCK_REPORT_UNITS) : weight,
			},
		],
		parallel: PARALLEL,
		sharedBy,
		slackMs: 150,
		read: readVerdict,
	};
}

/** Reads MoySklad's limit headers; times are in milliseconds, and `Retry-After` is never sent. */
export function readVerdict(answer: ApiAnswer): Verdict {
	const wait = (name: string) => numberIn(answer, name, LONGEST_WAIT_MS);
	if (answer.status === 429) {
		const code = readProblem(answer)?.code;
		const byParallel =
			code === PARALLEL_CODE || (code !== RATE_CODE && wait('x-lognex-retry-after') === undefined);
		return {
			kind: 'refused',
			by: byParallel ? 'parallel' : 'rate',
			retryAfterMs: wait('x-lognex-retry-after') ?? wait('x-lognex-reset'),
		};
	}
	const limit = numberIn(answer, 'x-ratelimit-limit', MOST_UNITS);
	const remaining = numberIn(answer, 'x-ratelimit-remaining', limit ?? 0);
	return {
		kind: 'passed',
		...(limit && remaining !== undefined ? { left: remaining / limit } : {}),
		resetMs: wait('x-lognex-reset'),
	};
}

/** Reads `{errors:[{error, code, parameter, moreInfo}]}`; bulk answers hold such objects in an array. */
export function readProblem(answer: ApiAnswer): VendorProblem | undefined {
	const errors = errorsOf(answer.body);
	if (errors.length === 0) return undefined;
	const [first] = errors;
	const texts = errors.map((entry) =>
		[entry.error, entry.error_message].filter(Boolean).join(': '),
	);
	return {
		code: first.code as number | undefined,
		text: texts.filter(Boolean).join(' | '),
		link: first.moreInfo as string | undefined,
		parameter: first.parameter as string | undefined,
		trace: answer.headers['x-lognex-request-id'],
	};
}

function errorsOf(body: unknown): IDataObject[] {
	if (Array.isArray(body)) return body.flatMap(errorsOf);
	if (typeof body !== 'object' || body === null) return [];
	const { errors } = body as IDataObject;
	const isObject = (entry: unknown) => typeof entry === 'object' && entry !== null;
	return Array.isArray(errors) ? (errors.filter(isObject) as IDataObject[]) : [];
}
