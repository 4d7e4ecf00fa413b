/** Yandex Market's address, budget and error body. Reference of the project: yandex-market.md §1–2. */
import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ApiAnswer, Connection, VendorProblem } from '../shared/catalogue';
import { baseUrlOf, tokenOf } from '../shared/road/credentials';
import { numberIn, untilDateIn } from '../shared/road/headers';
import type { Policy, Verdict } from '../shared/road/planner';
import { InputProblem } from '../shared/errors/problems';
import { laneOf, learn, windowsOf } from './limits';

/** Simultaneous requests for one shop, cabinet or token. */
const PARALLEL = 4;
/** "Enhance Your Calm": Yandex Market's word for too many requests. */
const LIMIT_STATUS = 420;
/** A refusal by the parallel limit tells no time: wait a moment and come again. */
const PARALLEL_WAIT_MS = 500;
/** Too many reports are being made: one of them must get ready. */
const REPORTS_WAIT_MS = 20_000;

/** The connection of a `yandexMarketApi` credential. Throws `InputProblem` for one that cannot work. */
export function connect(credentials: ICredentialDataDecryptedObject): Connection {
	const key = tokenOf(credentials.apiKey);
	if (key === '') {
		throw new InputProblem(
			'API Key',
			'is missing in the credential',
			'Make a key in the cabinet under Settings, APIs and modules, and paste it into the credential.',
		);
	}
	const { host, customUrl, baseUrl: own = '' } = credentials;
	const usual = `https://api.partner.market.yandex.${host === 'net' ? 'net' : 'ru'}`;
	const baseUrl =
		host === 'custom'
			? baseUrlOf(customUrl, 'Custom URL', usual)
			: baseUrlOf(String(own).trim() || usual, 'API Base URL', usual);
	const budgetKey = `${baseUrl} ${createHash('sha256').update(key).digest('hex')}`;
	return {
		baseUrl,
		budgetKey,
		headers: { Accept: 'application/json', 'X-Market-Integration': 'n8n-nodes-retail-ops/0.1.0' },
		policy: policyOf(budgetKey),
		defaults: {
			...defaultOf('campaignId', credentials.defaultShop, 'Default Shop'),
			...defaultOf('businessId', credentials.defaultCabinet, 'Default Cabinet'),
		},
	};
}

/** The ID that counts where a form leaves shop or cabinet empty. Throws `InputProblem` for what is none. */
function defaultOf(
	name: string,
	given: ICredentialDataDecryptedObject[string],
	label: string,
): Record<string, string> {
	const text = String(given ?? '').trim();
	if (text === '') return {};
	if (/^[1-9]\d*$/.test(text)) return { [name]: text };
	throw new InputProblem(
		label,
		'in the credential is no ID',
		'Give a whole number such as 21621656, as the lists of the node show it in brackets, or leave it empty.',
	);
}

function policyOf(budget: string): Policy {
	return {
		windows: windowsOf(budget),
		parallel: PARALLEL,
		lane: laneOf,
		read: (answer, request) => {
			learn(budget, answer, request);
			return readVerdict(answer);
		},
	};
}

/** Reads `X-RateLimit-Resource-*`; `Until` is a date. */
export function readVerdict(answer: ApiAnswer): Verdict {
	const waitMs = untilDateIn(answer, 'x-ratelimit-resource-until');
	const left = numberIn(answer, 'x-ratelimit-resource-remaining', Infinity);
	if (answer.status === LIMIT_STATUS) {
		const text = readProblem(answer)?.text ?? '';
		// Nobody says how long: a report takes its minutes. Other methods go on.
		if (/active reports/i.test(text)) {
			return { kind: 'refused', by: 'lane', retryAfterMs: REPORTS_WAIT_MS };
		}
		// Some methods count rows, not requests: what is left may be too little for this one.
		const byParallel = /parallel/i.test(text);
		if (byParallel || waitMs === undefined) {
			return { kind: 'refused', by: 'parallel', retryAfterMs: PARALLEL_WAIT_MS };
		}
		// Both dates count whole seconds.
		return { kind: 'refused', by: 'lane', retryAfterMs: waitMs + 1000 };
	}
	const empty = left === 0 && waitMs !== undefined && waitMs > 0;
	return { kind: 'passed', ...(empty ? { laneEmptyMs: waitMs + 1000 } : {}) };
}

/** Reads `{status:"ERROR", errors:[{code, message}]}`. */
export function readProblem(answer: ApiAnswer): VendorProblem | undefined {
	if (typeof answer.body !== 'object' || answer.body === null) return undefined;
	const { errors } = answer.body as IDataObject;
	const isObject = (entry: unknown) => typeof entry === 'object' && entry !== null;
	const list = (Array.isArray(errors) ? errors.filter(isObject) : []) as IDataObject[];
	const trace = answer.headers.traceparent;
	if (list.length === 0) return trace ? { trace } : undefined;
	return {
		code: list[0].code as string | undefined,
		text: list
			.map(({ code, message }) => [code, message].filter(Boolean).join(': '))
			.filter(Boolean)
			.join(' | '),
		trace,
	};
}

/** A body that says ERROR has failed, whatever the status. */
export function isFailure(answer: ApiAnswer): boolean {
	return (answer.body as IDataObject | undefined)?.status === 'ERROR';
}
