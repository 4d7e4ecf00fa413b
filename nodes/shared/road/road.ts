/**
 * The one road for requests: planner → n8n's authenticated helper → retry → error mapper. Every HTTP call of
 * every node, list search and trigger goes through `openRoad(...)`.
 */
import { randomBytes } from 'crypto';
import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, Connection, SendRequest, Vendor } from '../catalogue';
import type { Clock } from './clock';
import { Cancelled, orAbort, pause, realClock } from './clock';
import {
	answerFailure,
	connectionFailure,
	findRow,
	redirectFailure,
	notTheApi,
	type CallFailed,
} from '../errors/errors';
import { exactJson, readExactJson } from './exact';
import { leanJson } from './lean';
import { valueAt } from './paging';
import { plannerFor, WaitTooLong, type Planner, type Verdict } from './planner';
import { decideRetry, isIdempotent, type Fault } from './retry';
import { renewalsOf, type Renewals } from './session';
import { inEnvelope, tidied } from './tidy';

const TIMEOUT_MS = 60_000;
/** The shortest time-out of a try for a caller whose patience ends. */
const LEAST_TIMEOUT_MS = 1000;
const MAX_HOPS = 5;
/** So long a request is refused again and again before it fails. */
const PATIENCE_MS = 300_000;
/** Codes of faults in which no connection was made. */
const UNREACHED = new Set([
	'ENOTFOUND',
	'EAI_AGAIN',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);
/** Faults that another try cannot mend. */
const HOPELESS = /^ENOTFOUND$|^EPROTO$|^ERR_INVALID|CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** Refusals of the size of a request: its content was not looked at. */
export const NEVER_DONE = new Set([413, 414]);

/** True when an answer came without a body. */
export function isEmptyBody(body: unknown): boolean {
	return body === undefined || body === null || body === '';
}

/** The contexts of n8n from which we call vendors. */
export type RoadContext = Pick<IAllExecuteFunctions, 'getCredentials' | 'getNode'> & {
	helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequestWithAuthentication' | 'httpRequest'>;
	getExecutionCancelSignal?: () => AbortSignal | undefined;
};

/** An open road to one vendor with one credential. */
export interface Road {
	vendor: Vendor;
	connection: Connection;
	/** Sends a request; throws `CallFailed`, `WaitTooLong` or `Cancelled`. */
	send: SendRequest;
	/** Waits so many ms; throws `Cancelled` as soon as the execution is stopped. */
	wait: (ms: number) => Promise<void>;
}

/**
 * Reads the credential and opens the road. Throws `InputProblem` when the credential cannot work, and n8n's
 * own error when there is none.
 */
export async function openRoad(
	context: RoadContext,
	general: Vendor,
	clock: Clock = realClock,
): Promise<Road> {
	const credentials = await readCredentials(context, general);
	const connection = general.connect(credentials);
	const vendor = calledAs(general, connection.name);
	const key = `${general.credentialType} ${connection.budgetKey}`;
	const planner = plannerFor(key, connection.policy, clock);
	const renewals = connection.session && renewalsOf(key, connection.session, clock);
	const trip = new Trip(context, vendor, connection, planner, clock, credentials, renewals);
	return {
		vendor,
		connection,
		send: async (request, stop) => await trip.send(request, stop),
		wait: async (ms) => await pause(clock, ms, context.getExecutionCancelSignal?.()),
	};
}

const named = new WeakMap<Vendor, Map<string, Vendor>>();

/** The vendor under the name that its users have for it; always the same object, by which others know it. */
function calledAs(vendor: Vendor, name = vendor.name): Vendor {
	if (name === vendor.name) return vendor;
	const known = named.get(vendor) ?? new Map<string, Vendor>();
	named.set(vendor, known);
	const found = known.get(name) ?? { ...vendor, name };
	known.set(name, found);
	return found;
}

async function readCredentials(
	context: RoadContext,
	vendor: Vendor,
): Promise<ICredentialDataDecryptedObject> {
	return await context.getCredentials(vendor.credentialType);
}

/** How one try ended. */
type Outcome =
	| { answer: ApiAnswer; fault?: undefined; failure?: undefined }
	| { answer?: ApiAnswer; fault: Fault; failure: CallFailed };

class Trip {
	private readonly signal: AbortSignal | undefined;

	constructor(
		private readonly context: RoadContext,
		private readonly vendor: Vendor,
		private readonly connection: Connection,
		private readonly planner: Planner,
		private readonly clock: Clock,
		private readonly credentials: ICredentialDataDecryptedObject,
		private readonly renewals?: Renewals,
	) {
		this.signal = context.getExecutionCancelSignal?.();
	}

	async send(request: ApiRequest, stop?: AbortSignal): Promise<ApiAnswer> {
		const signal = either(this.signal, stop);
		let mayHaveActed = false;
		let refusedSince: number | undefined;
		const started = this.clock.now();
		for (let tries = 1; ; tries++) {
			const outcome = await this.attempt(this.inTime(request, started), signal);
			if (!outcome.fault) {
				return mayHaveActed ? { ...outcome.answer, afterDoubt: true } : outcome.answer;
			}
			// Our own earlier try has deleted it: what the user wanted is done.
			if (mayHaveActed && request.method === 'DELETE' && outcome.answer?.status === 404) {
				return { ...outcome.answer, body: undefined };
			}
			if (outcome.fault.kind === 'refused') {
				refusedSince ??= this.clock.now();
				if (this.clock.now() - refusedSince > PATIENCE_MS) throw outcome.failure;
			}
			const decision = decideRetry(outcome.fault, request, tries, this.clock.random());
			const endsAt = started + (request.patienceMs ?? Infinity);
			if (!decision.again || this.clock.now() + decision.waitMs >= endsAt) {
				if (mayHaveActed) outcome.failure.details.afterDoubt = true;
				throw outcome.failure;
			}
			if (outcome.fault.kind === 'unknown' || outcome.fault.kind === 'stumbled')
				mayHaveActed = true;
			await pause(this.clock, decision.waitMs, signal);
		}
	}

	/** A request with what is left of its caller's patience. */
	private inTime(request: ApiRequest, started: number): ApiRequest {
		const { patienceMs, timeoutMs = TIMEOUT_MS } = request;
		if (patienceMs === undefined) return request;
		const left = Math.max(LEAST_TIMEOUT_MS, started + patienceMs - this.clock.now());
		return { ...request, patienceMs: left, timeoutMs: Math.min(timeoutMs, left) };
	}

	private async attempt(request: ApiRequest, signal?: AbortSignal): Promise<Outcome> {
		const turn = await this.enter(request, signal);
		let verdict: Verdict | undefined;
		try {
			const reached = await this.fetch(request);
			if ('failure' in reached) return reached;
			verdict = this.connection.policy.read(reached, request);
			return this.judge(request, reached, verdict);
		} finally {
			turn.leave(verdict);
		}
	}

	/** Waits for a place in the budget. */
	private async enter(request: ApiRequest, signal?: AbortSignal) {
		try {
			return await this.planner.enter(request, signal);
		} catch (error) {
			if (error instanceof WaitTooLong) error.vendorName = this.vendor.name;
			throw error as Error;
		}
	}

	/** Good, refused, stumbled or final: the vendor's verdict first, its error table next, the status last. */
	private judge(request: ApiRequest, answer: ApiAnswer, verdict: Verdict): Outcome {
		if (verdict.kind === 'refused') {
			const failure = answerFailure(this.vendor, request, answer, verdict.retryAfterMs);
			return { answer, fault: { kind: 'refused' }, failure };
		}
		const { mixed } = request;
		const results = typeof mixed === 'string' ? valueAt(answer.body, mixed) : answer.body;
		if (mixed && Array.isArray(results)) return { answer };
		if (answer.status >= 400 || this.vendor.isFailure?.(answer)) {
			const failure = answerFailure(this.vendor, request, answer);
			const row = findRow(this.vendor.errors, answer.status, failure.details.problem, request.of);
			const inShares = request.splits === true && row?.tooMuch === true;
			const retry = row?.retry ?? (answer.status >= 500 && !row?.codes ? 'stumbled' : 'final');
			const kind = inShares ? 'final' : retry;
			// A gateway's 504 can come after the vendor has done the work, and so can its own "too much".
			const tooMuch = row?.tooMuch === true && !NEVER_DONE.has(answer.status);
			const unsure = (kind === 'stumbled' || tooMuch) && !isIdempotent(request);
			return { answer, fault: { kind }, failure: unsure ? failure.unsure(this.vendor) : failure };
		}
		const wrong = this.wrongBody(request, answer);
		if (wrong) return { answer, fault: { kind: 'final' }, failure: wrong };
		const { tidy } = this.vendor;
		if (!tidy || request.expects === 'bytes') return { answer };
		return { answer: { ...answer, body: tidied(inEnvelope(answer.body, tidy, request), tidy) } };
	}

	/** A 200 with a web page or broken JSON is no data: n8n's helper hands such bodies over as text. */
	private wrongBody(request: ApiRequest, answer: ApiAnswer): CallFailed | undefined {
		const { body } = answer;
		if (request.expects === 'bytes') return undefined;
		const empty = isEmptyBody(body);
		if (empty && (request.expects === 'nothing' || answer.status === 204)) return undefined;
		if (typeof body === 'object' && body !== null) return undefined;
		if (request.expects === 'nothing' && typeof body === 'string') return undefined;
		const text = typeof body === 'string' ? body.trimStart() : '';
		const what = empty ? 'empty' : text.startsWith('<') ? 'a web page' : 'broken or no JSON';
		return notTheApi(this.vendor, request, answer, what);
	}

	/** One request on the wire, with redirects that stay in the house followed. */
	private async fetch(
		request: ApiRequest,
	): Promise<ApiAnswer | (Outcome & { failure: CallFailed })> {
		const { storage } = request;
		if (storage !== undefined && !URL.canParse(storage)) {
			const failure = redirectFailure(this.vendor, request, 200, storage, false);
			return { fault: { kind: 'final' }, failure };
		}
		let url = storage === undefined ? urlOfPath(this.connection, request.path) : new URL(storage);
		let { query } = request;
		let method = request.method;
		let withCredentials = storage === undefined;
		try {
			for (let hop = 0; ; hop++) {
				const answer = await this.wire(request, url, method, query, withCredentials);
				const location = answer.headers.location;
				if (answer.status < 300 || answer.status >= 400 || !location) return answer;
				if (!URL.canParse(location, url.href)) {
					const failure = redirectFailure(this.vendor, request, answer.status, location, false);
					return { answer, fault: { kind: 'final' }, failure };
				}
				const next = new URL(location, url);
				const sameHouse = isSameHouse(url, next);
				const keepsMethod = method === 'GET' || [303, 307, 308].includes(answer.status);
				const follow =
					keepsMethod &&
					hop < MAX_HOPS &&
					(sameHouse ||
						(request.followToStorage === true && (method === 'GET' || answer.status === 303)));
				if (!follow) {
					const failure = redirectFailure(
						this.vendor,
						request,
						answer.status,
						next.host,
						sameHouse,
					);
					return { answer, fault: { kind: 'final' }, failure };
				}
				if (answer.status === 303) method = 'GET';
				withCredentials &&= sameHouse;
				url = next;
				query = undefined;
			}
		} catch (error) {
			return this.connectionFault(request, error, url.host);
		}
	}

	private async wire(
		request: ApiRequest,
		url: URL,
		method: ApiRequest['method'],
		query: IDataObject | undefined,
		withCredentials: boolean,
	): Promise<ApiAnswer> {
		const options: IHttpRequestOptions = {
			url: url.href,
			method,
			timeout: request.timeoutMs ?? TIMEOUT_MS,
			allowedDomains: url.hostname,
			disableFollowRedirect: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			headers: withCredentials ? { ...this.connection.headers, ...request.headers } : {},
		};
		if (query && Object.keys(query).length > 0) {
			options.qs = query;
			options.arrayFormat = 'repeat';
		}
		const { without } = request;
		if (request.expects === 'bytes' || without || this.vendor.longIds) {
			options.encoding = 'arraybuffer';
		}
		// A deletion that says it is JSON and has no body was seen refused.
		if (method === 'DELETE' && options.headers) delete options.headers['Content-Type'];
		if (request.body !== undefined && method === request.method) {
			// As text: n8n's helper leaves out an empty object or array, and the vendor sees no body at all.
			options.body = exactJson(request.body);
			options.headers = { ...options.headers, 'Content-Type': 'application/json' };
		}
		if (request.file && method === request.method) {
			const { content, contentType } = formWith(request.file);
			options.body = content;
			options.headers = { ...options.headers, 'Content-Type': contentType };
		}
		const response = await orAbort(
			withCredentials ? this.sendInSession(options) : this.sendPlain(options),
			this.signal,
		);
		const headers: Record<string, string> = {};
		for (const [name, value] of Object.entries(response.headers)) {
			headers[name.toLowerCase()] = String(value);
		}
		const { statusCode: status, body } = response;
		// A refused download still explains itself in JSON.
		const isText = request.expects !== 'bytes' || status >= 400;
		const read = (bytes: Buffer) =>
			asJson(
				(without && status < 400 ? leanJson(bytes, without) : bytes).toString('utf8'),
				this.vendor.longIds,
			);
		return {
			status,
			headers,
			body: isText && Buffer.isBuffer(body) ? read(body) : body,
			from: { host: url.host, storage: !withCredentials },
		};
	}

	/** Where the vendor wants tokens that end: with one that is known to be good, or once more with a new one. */
	private async sendInSession(options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
		const again = async (anew: boolean) => await this.sendAuthenticated({ ...options }, anew);
		return this.renewals ? await this.renewals.send(again) : await again(false);
	}

	/** `anew`: n8n makes a new token first, and keeps it. */
	private async sendAuthenticated(
		options: IHttpRequestOptions,
		anew: boolean,
	): Promise<IN8nHttpFullResponse> {
		const { credentialType } = this.vendor;
		const { session } = this.connection;
		const more =
			anew && session
				? {
						credentialsDecrypted: {
							id: '',
							name: '',
							type: credentialType,
							data: { ...this.credentials, [session.field]: '' },
						},
					}
				: undefined;
		return (await this.context.helpers.httpRequestWithAuthentication.call(
			this.context as IAllExecuteFunctions,
			credentialType,
			options,
			...(more ? [more] : []),
		)) as IN8nHttpFullResponse;
	}

	private async sendPlain(options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
		if (this.signal) options.abortSignal = this.signal;
		return (await this.context.helpers.httpRequest(options)) as IN8nHttpFullResponse;
	}

	/** `host`: to which the request was on its way. */
	private connectionFault(
		request: ApiRequest,
		error: unknown,
		host: string,
	): Outcome & { failure: CallFailed } {
		if (error instanceof Cancelled || this.signal?.aborted) throw new Cancelled();
		const code = faultCode(error);
		// Not a fault of the connection (a missing credential, a blocked domain): n8n's own words are best.
		if (code === undefined) throw error;
		const hopeless = HOPELESS.test(code);
		const unreached = hopeless || UNREACHED.has(code);
		const failure = connectionFailure(
			this.vendor,
			request,
			{ code, host: lookedUp(error) ?? host },
			!unreached && !isIdempotent(request),
		);
		const inShares = request.splits === true && failure.details.tooMuch === true;
		if (hopeless || inShares) return { fault: { kind: 'final' }, failure };
		return { fault: { kind: unreached ? 'unreached' : 'unknown' }, failure };
	}
}

/** A form with one file, and fields before it (RFC 7578). */
function formWith({
	field,
	bytes,
	fileName,
	mimeType,
	fields = [],
}: NonNullable<ApiRequest['file']>) {
	const boundary = `----n8n${randomBytes(16).toString('hex')}`;
	const quoted = (text: string) => text.replace(/["\r\n]/g, '_');
	const head = (name: string) =>
		`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
	return {
		content: Buffer.concat([
			...fields.map(([name, value]) => Buffer.from(`${head(name)}\r\n\r\n${value}\r\n`)),
			Buffer.from(
				`${head(field)}; filename="${quoted(fileName)}"\r\nContent-Type: ${mimeType.replace(/[\r\n]/g, '')}\r\n\r\n`,
			),
			bytes,
			Buffer.from(`\r\n--${boundary}--\r\n`),
		]),
		contentType: `multipart/form-data; boundary=${boundary}`,
	};
}

/** The address of a path, which may lie beside the API's root. */
function urlOfPath({ baseUrl, roots = {} }: Connection, path: string): URL {
	const start = Object.keys(roots).find((one) => path.startsWith(one));
	return new URL(start === undefined ? baseUrl + path : roots[start] + path.slice(start.length));
}

/** The JSON that a text holds, or the text. `exact`: numbers that are too long come as texts. */
function asJson(text: string, exact?: boolean): unknown {
	try {
		return exact ? readExactJson(text) : JSON.parse(text);
	} catch {
		return text;
	}
}

/** Aborts when one of the two does. */
function either(one?: AbortSignal, other?: AbortSignal): AbortSignal | undefined {
	return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}

/** Same host and port, or the same host over TLS instead of plain HTTP. */
function isSameHouse(from: URL, to: URL): boolean {
	if (from.origin === to.origin) return true;
	return (
		from.hostname === to.hostname &&
		from.protocol === 'http:' &&
		to.protocol === 'https:' &&
		!to.port
	);
}

/** What n8n throws, and what it has wrapped in it; the outermost first. */
function* causesOf(error: unknown): Generator<Record<string, unknown>> {
	let current = error as Record<string, unknown> | undefined;
	for (let depth = 0; current && depth < 5; depth++) {
		yield current;
		current = current.cause as typeof current;
	}
}

/** The name that could not be looked up, where Node tells it: with a proxy, it is not that of the vendor. */
function lookedUp(error: unknown): string | undefined {
	for (const { hostname } of causesOf(error)) {
		if (typeof hostname === 'string' && /^[\w.-]{1,255}$/.test(hostname)) return hostname;
	}
	return undefined;
}

/**
 * Node's or axios's code of a fault on the wire, which n8n wraps at least once; undefined when it is none.
 * An axios error must never get past this point: it carries the request with its secret headers.
 */
function faultCode(error: unknown): string | undefined {
	for (const { code: own, httpCode, isAxiosError } of causesOf(error)) {
		// Older n8n (seen: 1.122, 2.0) keeps nothing of what it wraps but its code.
		for (const code of [own, httpCode]) {
			if (typeof code === 'string' && /^(E|HPE_|CERT|DEPTH|SELF|UNABLE)/.test(code)) return code;
		}
		// Statuses are not thrown to us: a good one that is belongs to an answer that broke off.
		const brokeOff = typeof httpCode === 'string' && /^2\d\d$/.test(httpCode);
		if (isAxiosError === true || brokeOff) return 'UNKNOWN';
	}
	return undefined;
}
