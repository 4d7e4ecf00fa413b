/** Inspector Cloud's address, budget and error body. Reference of the project: inspector-cloud.md §1–2. */
import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, Connection, VendorProblem } from '../shared/catalogue';
import { baseUrlOf, tokenOf } from '../shared/road/credentials';
import { retryAfterMs } from '../shared/road/headers';
import type { Policy, Verdict } from '../shared/road/planner';
import { InputProblem } from '../shared/errors/problems';
import { EXAMPLE_HOST, hasMasterKey, isSessionDue } from './session';

const DEFAULT_VERSION = 'v1.3';
const MINUTE_MS = 60_000;
/** The documented limit of uploads, and of recognitions, a minute. */
const PER_MINUTE = 100;

/** The connection of an `inspectorCloudApi` credential. Throws `InputProblem` for one that cannot work. */
export function connect(credentials: ICredentialDataDecryptedObject): Connection {
	const isKey = hasMasterKey(credentials);
	const secret = tokenOf(isKey ? credentials.masterApiKey : credentials.token);
	if (secret === '') {
		throw new InputProblem(
			isKey ? 'Master Key' : 'Token',
			'is missing in the credential',
			'Ask your account manager at Inspector Cloud for it.',
		);
	}
	const version = String(credentials.dataApiVersion || DEFAULT_VERSION).trim();
	if (!/^v\d+\.\d+$/.test(version)) {
		throw new InputProblem('Data API Version', `is '${version}'`, 'A version looks like v1.3.');
	}
	const host = baseUrlOf(credentials.host, 'Instance Host', EXAMPLE_HOST);
	const baseUrl = `${host}/api/data/${version}`;
	return {
		baseUrl,
		// Paths of the Recognition API and of the tokens are whole; those of the Data API are without the version. Two
		// slashes begin the path of a file on the host itself.
		roots: { '/api/': `${host}/api/`, '//': `${new URL(host).origin}/` },
		budgetKey: `${host} ${createHash('sha256').update(secret).digest('hex')}`,
		headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		policy,
		...(isKey
			? { session: { field: 'sessionToken', isDue: isSessionDue(credentials, Date.now()) } }
			: {}),
	};
}

const counted = (pattern: RegExp) => (request: ApiRequest) =>
	request.method === 'POST' && pattern.test(request.path) ? 1 : 0;

const policy: Policy = {
	windows: [
		{ units: PER_MINUTE, perMs: MINUTE_MS, weigh: counted(/\/uploads\//) },
		{ units: PER_MINUTE, perMs: MINUTE_MS, weigh: counted(/\/recognize\//) },
	],
	parallel: 4,
	slackMs: 200,
	lane: ({ path }) => /\/(uploads|recognize)\//.exec(path)?.[1] ?? '',
	read: readVerdict,
};

/** Undocumented but usual for this kind of service: 429 with `Retry-After` in seconds. */
function readVerdict(answer: ApiAnswer): Verdict {
	if (answer.status !== 429) return { kind: 'passed' };
	const told = Number(/in (\d+) second/.exec(readProblem(answer)?.text ?? '')?.[1] ?? 1) * 1000;
	return { kind: 'refused', by: 'rate', retryAfterMs: retryAfterMs(answer) ?? told };
}

/** Reads `{"detail":"…"}` and `{"field":["…"]}`. */
export function readProblem(answer: ApiAnswer): VendorProblem | undefined {
	if (typeof answer.body !== 'object' || answer.body === null) return undefined;
	const body = answer.body as IDataObject;
	if (typeof body.detail === 'string') return { text: body.detail };
	const fields = Object.entries(body)
		.filter(([, texts]) => Array.isArray(texts))
		.map(([field, texts]) => `${field}: ${(texts as unknown[]).map(asText).join(', ')}`);
	return fields.length > 0 ? { text: fields.join(' | ') } : undefined;
}

function asText(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
