/** Altegio's and YCLIENTS' address, budget and error body. Reference of the project: altegio.md §1–2. */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ApiAnswer, Connection, Tidy, VendorProblem } from '../shared/catalogue';
import { baseUrlOf } from '../shared/road/credentials';
import { retryAfterMs } from '../shared/road/headers';
import type { Policy, Verdict } from '../shared/road/planner';
import { InputProblem } from '../shared/errors/problems';
import { isBare } from './facts';

const ROOTS: Record<string, string> = {
	altegio: 'https://api.alteg.io/api/v1',
	yclients: 'https://api.yclients.com/api/v1',
};

/** Without this header the first API version may answer in its old shape. */
const ACCEPT: Record<string, string> = {
	yclients: 'application/vnd.yclients.v2+json',
};
const DEFAULT_ACCEPT = 'application/vnd.api.v2+json';

/** The connection of an `altegioApi` credential. Throws `InputProblem` for one that cannot work. */
export function connect(credentials: ICredentialDataDecryptedObject): Connection {
	for (const [field, label] of [
		['partnerToken', 'Partner Token'],
		['userToken', 'User Token'],
	]) {
		if (!String(credentials[field] ?? '').trim()) {
			throw new InputProblem(
				label,
				'is missing in the credential',
				'Both tokens are needed: fill it in.',
			);
		}
	}
	const platform = String(credentials.platform ?? 'altegio');
	const usual = ROOTS[platform] ?? ROOTS.altegio;
	const own = String(credentials.baseUrl ?? '').trim();
	const baseUrl =
		platform === 'custom'
			? baseUrlOf(credentials.customUrl, 'Custom URL', usual)
			: baseUrlOf(own || usual, 'API Base URL', usual);
	return {
		name: isYclients(platform, baseUrl) ? 'YCLIENTS' : 'Altegio',
		baseUrl,
		// Limits are counted per IP address, so all credentials of one host share a budget.
		budgetKey: new URL(baseUrl).host,
		roots: rootsOf(own ? 'custom' : platform, baseUrl),
		headers: {
			Accept: ACCEPT[platform] ?? DEFAULT_ACCEPT,
			'Content-Type': 'application/json',
			...partnerHeader(credentials.partnerId),
		},
		policy,
	};
}

/** True for a credential of YCLIENTS, whose users may not know the other name. */
function isYclients(platform: string, baseUrl: string): boolean {
	if (platform !== 'custom') return platform === 'yclients';
	return /(^|\.)yclients\.com$/.test(new URL(baseUrl).hostname);
}

/** Not in the docs; some applications get 403 without it (altegio-api.md §6, 10). */
function partnerHeader(value: unknown): Record<string, string> {
	const text = String(value ?? '').trim();
	if (text === '') return {};
	if (/^\d+$/.test(text)) return { 'X-Partner-Id': text };
	throw new InputProblem(
		'Partner ID',
		`in the credential is '${text}'`,
		'Give the number of your application, or leave it empty.',
	);
}

/**
 * Where the second version lies, and the calls of applications (reference of the project: altegio-api.md §1.1). Behind a
 * custom URL everything lies below it.
 */
function rootsOf(platform: string, baseUrl: string): Record<string, string> {
	const second = { '/v2/': `${baseUrl.replace(/\/v1$/, '')}/v2/` };
	if (platform === 'custom') return second;
	const yclients = platform === 'yclients';
	const marketplace = `https://${yclients ? 'api.yclients.com' : 'app.alteg.io'}/marketplace/`;
	return { ...second, '/marketplace/': marketplace };
}

const policy: Policy = {
	windows: [
		{ units: 5, perMs: 1000, weigh: () => 1 },
		{ units: 200, perMs: 60_000, weigh: () => 1 },
	],
	// As many as a second lets start: with slow answers, fewer would not use up the budget.
	parallel: 5,
	slackMs: 80,
	evenAnswers: true,
	read: readVerdict,
};

/** A 429 tells no time (none is documented): the planner backs off by itself. */
function readVerdict(answer: ApiAnswer): Verdict {
	if (answer.status !== 429) return { kind: 'passed' };
	return { kind: 'refused', by: 'rate', retryAfterMs: retryAfterMs(answer) ?? 1000 };
}

/** Reads `{success:false, data:null, meta:{message, errors:{field:[…]}}}`. */
export function readProblem(answer: ApiAnswer): VendorProblem | undefined {
	if (typeof answer.body !== 'object' || answer.body === null) return undefined;
	const body = answer.body as IDataObject;
	// Without the envelope (the API's old shape) the words stand in `errors`.
	const meta = (body.meta ?? body.errors ?? {}) as IDataObject;
	const fields = Object.entries((meta.errors ?? {}) as IDataObject).map(
		([field, texts]) => `${field}: ${[texts].flat().map(asText).join(', ')}`,
	);
	const text = [meta.message, ...fields].filter(Boolean).join(' | ');
	// `{success:false, data:null, meta:[]}` of a location or object that is not there.
	if (!text && meta.code === undefined) return isFailure(answer) ? { wordless: true } : undefined;
	return { text: text || undefined, code: meta.code as string | number | undefined };
}

/** PHP sends an empty object as an empty array (reference of the project: altegio-api.md §1.3). */
export const tidy: Tidy = {
	envelope: { at: 'data', marks: ['data', 'success'], isMissing: isBare },
	objects: [
		'categories',
		'client',
		'custom_fields',
		'image_group',
		'master',
		'meta',
		'position',
		'service',
		'staff',
		'supplier',
		'user',
	],
};

/** The envelope says whether the call succeeded, whatever the status. */
export function isFailure(answer: ApiAnswer): boolean {
	return (answer.body as IDataObject | undefined)?.success === false;
}

function asText(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
