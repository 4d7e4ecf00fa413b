/**
 * The 90-day token that is made from a permanent master key. Making one is a write at the vendor, so it is made
 * once, kept in n8n's credential (`preAuthentication`), and made anew shortly before its end, when Inspector Cloud
 * does not know it any more, or when key or host were changed. Reference of the project: inspector-cloud-api.md §1,
 * traps 6 and 19.
 */
import { createHash } from 'crypto';
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { baseUrlOf, tokenOf } from '../shared/road/credentials';

const DAY_MS = 86_400_000;
/** The vendor advises to get the next token "in advance"; one lasts about 90 days. */
const RENEW_BEFORE_MS = 10 * DAY_MS;
/** For an answer that does not tell the end. */
const USUAL_MS = 90 * DAY_MS;
const TIMEOUT_MS = 20_000;

/** What the credential keeps. */
export interface KeptSession {
	sessionToken: string;
	/** ISO 8601, UTC. */
	sessionExpiresAt: string;
	/** Tells the master key and host that it was made with, without telling them. */
	sessionFor: string;
}

/** True for a credential that holds a master key, from which tokens are made. */
export function hasMasterKey({ authentication }: ICredentialDataDecryptedObject): boolean {
	return authentication === 'masterKey';
}

/** The token for a request: calls that make and revoke tokens want the master key itself. */
export function tokenFor(credentials: ICredentialDataDecryptedObject, url: string): string {
	if (!hasMasterKey(credentials)) return tokenOf(credentials.token);
	const wantsKey = new URL(url).pathname.includes('/api/auth/');
	return wantsKey ? tokenOf(credentials.masterApiKey) : tokenOf(credentials.sessionToken);
}

function madeFor(credentials: ICredentialDataDecryptedObject): string {
	const host = baseUrlOf(credentials.host, 'Instance Host', EXAMPLE_HOST);
	const text = `${host} ${tokenOf(credentials.masterApiKey)}`;
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export const EXAMPLE_HOST = 'yourcompany.inspector-cloud.com';

/** True when the kept token is missing, another key's or near its end. */
export function isSessionDue(credentials: ICredentialDataDecryptedObject, now: number): boolean {
	const { sessionToken, sessionExpiresAt, sessionFor } = credentials;
	if (typeof sessionToken !== 'string' || sessionToken === '') return true;
	if (sessionFor !== madeFor(credentials)) return true;
	return !(Date.parse(String(sessionExpiresAt)) - now > RENEW_BEFORE_MS);
}

/**
 * n8n calls it when the kept token is empty, after a 401, and for each test of the credential: a token that still
 * works stays. Throws an error in the user's words.
 */
export async function keepSession(
	helper: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<Partial<KeptSession>> {
	if (!hasMasterKey(credentials)) return {};
	if (!isSessionDue(credentials, Date.now()) && (await stillWorks(helper, credentials))) {
		const { sessionToken, sessionExpiresAt, sessionFor } = credentials;
		return { sessionToken, sessionExpiresAt, sessionFor } as unknown as KeptSession;
	}
	const answer = await ask(
		helper,
		credentials,
		'POST',
		'/api/auth/v1.0/get_token/',
		'masterApiKey',
	);
	const { token, expires_at: end } = (answer.body ?? {}) as Record<string, unknown>;
	if (answer.statusCode >= 400 || typeof token !== 'string' || token === '') {
		throw new Error(refusalOf(answer.statusCode));
	}
	return {
		sessionToken: token,
		sessionExpiresAt: new Date(instantOfEnd(end) ?? Date.now() + USUAL_MS).toISOString(),
		sessionFor: madeFor(credentials),
	};
}

function refusalOf(status: number): string {
	if (status === 401 || status === 403) {
		return `Inspector Cloud did not accept the master key (HTTP ${status}). Ask your account manager for the current one.`;
	}
	return `Inspector Cloud gave no token for the master key (HTTP ${status}). Check Instance Host.`;
}

/** `2020-12-02 07:49:59.300248+00:00`, with a blank where ISO 8601 has a T. */
function instantOfEnd(raw: unknown): number | undefined {
	const ms = Date.parse(String(raw).replace(' ', 'T'));
	return Number.isNaN(ms) ? undefined : ms;
}

/** A look at what both APIs have: 401 alone says that the token is gone. */
async function stillWorks(
	helper: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<boolean> {
	const path = '/api/v1.5/categories/?limit=1';
	const { statusCode } = await ask(helper, credentials, 'GET', path, 'sessionToken');
	return statusCode !== 401;
}

async function ask(
	{ helpers }: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
	method: 'GET' | 'POST',
	path: string,
	key: 'masterApiKey' | 'sessionToken',
): Promise<IN8nHttpFullResponse> {
	return (await helpers.httpRequest({
		method,
		url: baseUrlOf(credentials.host, 'Instance Host', EXAMPLE_HOST) + path,
		headers: { Accept: 'application/json', Authorization: `Token ${tokenOf(credentials[key])}` },
		timeout: TIMEOUT_MS,
		// The key goes to the credential's host only.
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	})) as IN8nHttpFullResponse;
}
