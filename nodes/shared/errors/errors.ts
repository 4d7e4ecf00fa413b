/** The one mapper from what went wrong to the error that n8n shows. */
import type { Failure, INode, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, ErrorRow, Vendor, VendorProblem } from '../catalogue';
import { Cancelled } from '../road/clock';
import { foreignText } from '../road/foreign';
import { PageRepeats, RowsMissing } from '../road/paging';
import { WaitTooLong } from '../road/planner';
import { InputProblem } from './problems';

/** A call that did not succeed, before it is known for which item. */
export class CallFailed extends Error {
	constructor(readonly details: FailureDetails) {
		super(details.say);
		this.name = 'CallFailed';
	}

	/** The same, for a write that the vendor may have carried out all the same. */
	unsure(vendor: Vendor): CallFailed {
		const warning = `${vendor.name} may have carried out the request all the same: look there before you run it again.`;
		return new CallFailed({
			...this.details,
			hint: `${this.details.hint} ${warning}`,
			unsure: true,
		});
	}

	/** The same, for a write that was carried out and came to nothing only afterwards. */
	afterWork(): CallFailed {
		return new CallFailed({ ...this.details, carriedOut: true });
	}
}

/** True for a vendor's answer that there is no such thing (404). */
export function isNotFound(error: unknown): error is CallFailed {
	return error instanceof CallFailed && error.details.status === 404;
}

export interface FailureDetails {
	/** What happened. Our own words only: raw vendor text can trip n8n's message rewriting. */
	say: string;
	/** How to get unstuck. */
	hint: string;
	status?: number;
	problem?: VendorProblem;
	/** What somebody said in the vendor's place: a storage, a proxy. */
	foreign?: { host: string; text: string };
	cause?: Failure['cause'];
	retryAfterMs?: number;
	/** `GET /path` of the request, without query and host. */
	request?: string;
	/** The work was too much at a time: a smaller share may pass. */
	tooMuch?: boolean;
	/** Nobody knows whether it was carried out. */
	unsure?: boolean;
	/** It was carried out: another try must not send it again. */
	carriedOut?: boolean;
	/** An earlier try of the same request may have been carried out. */
	afterDoubt?: boolean;
}

/**
 * The row of the vendor's table that fits: codes before texts before statuses, and among these the row of the
 * operation `of` (`order.getAll`) before its resource's, before one for all.
 */
export function findRow(
	all: ErrorRow[],
	status: number,
	problem: VendorProblem | undefined,
	of?: string,
): ErrorRow | undefined {
	const rows = rowsFor(all, of);
	const statusFits = (row: ErrorRow) => !row.statuses || row.statuses.includes(status);
	const textFits = (row: ErrorRow) =>
		row.textIncludes === undefined ||
		(problem?.text ?? '').toLowerCase().includes(row.textIncludes.toLowerCase());
	const code = problem?.code;
	return (
		(code === undefined
			? undefined
			: rows.find(
					(row) =>
						row.codes?.some((known) => String(known) === String(code)) &&
						statusFits(row) &&
						textFits(row),
				)) ??
		rows.find(
			(row) => !row.codes && row.textIncludes !== undefined && textFits(row) && statusFits(row),
		) ??
		rows.find(
			(row) => !row.codes && row.textIncludes === undefined && row.statuses?.includes(status),
		)
	);
}

/** The rows that concern an operation, its own first. */
function rowsFor(rows: ErrorRow[], of: string | undefined): ErrorRow[] {
	const scopes = of === undefined ? [] : [of, of.split('.')[0]];
	return [
		...scopes.flatMap((scope) => rows.filter((row) => row.of?.includes(scope))),
		...rows.filter((row) => !row.of),
	];
}

/** A vendor's answer with an error, in the user's words. `problem`: what it says is wrong, when read already. */
export function answerFailure(
	vendor: Vendor,
	request: ApiRequest,
	answer: ApiAnswer,
	retryAfterMs?: number,
	problem: VendorProblem | undefined = vendor.readProblem(answer),
): CallFailed {
	const foreign = isSilent(problem) ? foreignText(answer) : undefined;
	const known =
		findRow(vendor.errors, answer.status, problem, request.of) ?? fallbackRow(answer.status);
	const row = (foreign && foreignRow(vendor, answer, foreign.host, known)) ?? known;
	return new CallFailed({
		say: `${vendor.name}: ${row.say}`,
		hint: row.hint,
		status: answer.status,
		problem,
		...(foreign ? { foreign } : {}),
		cause: row.cause,
		retryAfterMs,
		request: `${request.method} ${request.path}`,
		...(row.tooMuch ? { tooMuch: true } : {}),
	});
}

/** True when the vendor's own words are missing in an answer. */
function isSilent(problem: VendorProblem | undefined): boolean {
	return problem?.wordless !== true && problem?.code === undefined && !problem?.text;
}

/** Statuses of gateways that mean the same whoever sends them: the vendor's table has the words. */
const SAME_FROM_ANYBODY = new Set([413, 414, 415, 420, 429]);

/** An error that is not in the API's form: what a status means there may not be what it means here. */
function foreignRow(
	vendor: Vendor,
	{ status, from, body }: ApiAnswer,
	host: string,
	known: ErrorRow,
): ErrorRow | undefined {
	if (from?.storage) {
		return {
			say: `the file storage (${host}) did not give the file (HTTP ${status})`,
			hint: 'Run the node again: it asks for a new link, and a link to a file lasts only minutes. If it lasts, look whether the file opens in the web app.',
			...(status >= 500 ? { cause: 'temporarily-unavailable' } : {}),
		};
	}
	if (status < 400 || status >= 500 || SAME_FROM_ANYBODY.has(status)) return undefined;
	if (typeof body !== 'string') return undefined;
	return {
		say: `the answer of ${host} is not the API's (HTTP ${status})`,
		hint: `A proxy, a firewall or another service may have answered: check the host or base URL in the credential, and what stands between n8n and ${vendor.name}. If it was ${vendor.name} itself: ${known.hint}`,
		cause: 'configuration-invalid',
	};
}

/** An object that a list did not hold, in the words that the vendor's table has for the code. */
export function missingFailure(
	vendor: Vendor,
	request: ApiRequest,
	code: string | number,
	what: string,
): CallFailed {
	const row = findRow(vendor.errors, 404, { code }, request.of) ?? fallbackRow(404);
	return new CallFailed({
		say: `${vendor.name}: ${row.say}`,
		hint: row.hint,
		status: 404,
		problem: { code, parameter: what },
		cause: row.cause,
		request: `${request.method} ${request.path}`,
	});
}

/** A bulk answer that does not fit the request: nobody can say which element is whose. */
export function countFailure(
	vendor: Vendor,
	request: ApiRequest,
	sent: number,
	came: number | undefined,
): CallFailed {
	const what = came === undefined ? 'no list' : `${came} results`;
	return new CallFailed({
		say: `${vendor.name}: the answer holds ${what} for ${sent} objects, so it cannot be told what became of which`,
		hint: "Switch off the option 'Batching' and try again.",
		request: `${request.method} ${request.path}`,
	}).unsure(vendor);
}

/** An element that another one of the same request has kept from being written. */
export function leftOutFailure(vendor: Vendor, request: ApiRequest): CallFailed {
	return new CallFailed({
		say: `${vendor.name}: nothing was saved, because another item of the same request was refused`,
		hint: "Mend the refused item, or turn on the option 'Leave Out Refused Items' to save the others without it.",
		request: `${request.method} ${request.path}`,
	});
}

/** What a status alone tells, for vendors' answers that their table does not know. */
function fallbackRow(status: number): ErrorRow {
	if (status < 400) {
		return {
			say: 'the object was not accepted',
			hint: 'Check the fields of this item against the text below.',
		};
	}
	if (status >= 500) {
		return {
			say: `the service could not answer now (HTTP ${status})`,
			hint: 'Try again in a few minutes. If it lasts, ask the vendor whether the service is up.',
			cause: 'temporarily-unavailable',
		};
	}
	return {
		say: `the request was not accepted (HTTP ${status})`,
		hint: 'Check the parameters of this operation against the text below.',
	};
}

/** `say` may name the `{host}`. */
const SAY_BY_CODE: Record<string, { say: string; hint: string; cause?: Failure['cause'] }> = {
	ENOTFOUND: {
		say: 'the host {host} was not found',
		hint: 'Check the host or base URL in the credential for typing slips.',
		cause: 'configuration-invalid',
	},
	EAI_AGAIN: {
		say: 'the host name {host} could not be looked up',
		hint: 'Check the network and the DNS of the machine on which n8n runs, then try again.',
		cause: 'temporarily-unavailable',
	},
	ECONNREFUSED: {
		say: 'the host {host} refused the connection',
		hint: 'Check the host and port in the credential; if they are right, the service is down.',
		cause: 'temporarily-unavailable',
	},
	ETIMEDOUT: {
		say: 'no answer came within the time allowed',
		hint: 'Try again; ask for less at a time (a smaller limit, narrower filters) if it happens often.',
		cause: 'temporarily-unavailable',
	},
	CERT: {
		say: 'the certificate of the host {host} is not trusted',
		hint: 'Check the host in the credential. A proxy that replaces certificates must be known to n8n.',
		cause: 'configuration-invalid',
	},
	EPROTO: {
		say: 'the host {host} does not speak https at this address',
		hint: 'Check the host and port in the credential.',
		cause: 'configuration-invalid',
	},
	ERR_INVALID_CHAR: {
		say: 'the credential holds a character that cannot be sent',
		hint: 'Paste the token into the credential again, without line breaks and quotes around it.',
		cause: 'credential-invalid',
	},
	OTHER: {
		say: 'the connection broke before the answer was complete',
		hint: 'Try again. If it lasts, check the network between n8n and the vendor.',
		cause: 'temporarily-unavailable',
	},
};

const TIMED_OUT = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT']);

/**
 * A request that got no answer. `code`: Node's or axios's code of the fault; `host`: name and port alone, never more of
 * an address, which may hold secrets.
 */
export function connectionFailure(
	vendor: Vendor,
	request: ApiRequest,
	{ code, host }: { code: string; host: string },
	mayHaveActed: boolean,
): CallFailed {
	const key = TIMED_OUT.has(code)
		? 'ETIMEDOUT'
		: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)
			? 'CERT'
			: code;
	const row = SAY_BY_CODE[key] ?? SAY_BY_CODE.OTHER;
	const failure = new CallFailed({
		...(key === 'ETIMEDOUT' ? { tooMuch: true } : {}),
		say: `${vendor.name}: ${row.say.replace('{host}', () => host)}`,
		hint: row.hint,
		cause: row.cause,
		request: `${request.method} ${request.path}`,
	});
	return mayHaveActed ? failure.unsure(vendor) : failure;
}

/** An answer with a good status that is not what the API sends. */
export function notTheApi(
	vendor: Vendor,
	request: ApiRequest,
	answer: ApiAnswer,
	what: string,
): CallFailed {
	return new CallFailed({
		say: `${vendor.name}: the answer is ${what}, not the API's JSON`,
		hint: 'Check the host or base URL in the credential. A proxy or a login page may have answered instead.',
		status: answer.status,
		foreign: foreignText(answer),
		request: `${request.method} ${request.path}`,
	});
}

/**
 * A redirect that was not followed: to a foreign host it could hand the credentials to somebody else, and a
 * write must not be turned into a read on the way.
 */
export function redirectFailure(
	vendor: Vendor,
	request: ApiRequest,
	status: number,
	host: string,
	sameHouse: boolean,
): CallFailed {
	return new CallFailed({
		say: sameHouse
			? `${vendor.name}: the service redirects this request in a way that cannot be followed (HTTP ${status})`
			: `${vendor.name}: the service redirects to another host (${host}), which was not followed`,
		hint: sameHouse
			? 'Check the host or base URL in the credential: it should be the final address, with https.'
			: "No credentials were sent there. Check the host or base URL in the credential; use the new address only if it is really the vendor's.",
		status,
		cause: 'configuration-invalid',
		request: `${request.method} ${request.path}`,
	});
}

/**
 * Turns anything thrown on the way into the error that n8n shows: NodeOperationError for the user's input,
 * NodeApiError for the vendor's answers. Both carry the item's index, and the message names the item where there
 * are several (`items`), as n8n's editor does. An error that already is one of them (n8n returns an existing
 * NodeApiError unchanged) gets the index added.
 */
export function toNodeError(
	node: INode,
	vendorName: string,
	error: unknown,
	itemIndex?: number,
	items = 1,
): NodeApiError | NodeOperationError {
	const suffix = itemIndex === undefined || items < 2 ? '' : ` [item ${itemIndex}]`;
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		if (itemIndex !== undefined) error.context.itemIndex ??= itemIndex;
		return error;
	}
	if (error instanceof InputProblem) {
		return keepMessage(
			new NodeOperationError(node, error.message, { description: error.hint, itemIndex }),
			error.message + suffix,
		);
	}
	const details = detailsOf(vendorName, error);
	if (details) return apiError(node, details, suffix, itemIndex);
	if (error instanceof Cancelled) {
		return new NodeOperationError(node, error.message, { itemIndex });
	}
	// Not foreseen: n8n's own errors (a missing credential, a bad expression) and slips of ours.
	const thrown = error instanceof Error ? error : new Error(String(error));
	return keepMessage(new NodeOperationError(node, thrown, { itemIndex }), thrown.message + suffix);
}

/** What went wrong between us and the vendor, in words; undefined for anything else. */
function detailsOf(vendorName: string, error: unknown): FailureDetails | undefined {
	if (error instanceof CallFailed) return error.details;
	if (error instanceof WaitTooLong) {
		const minutes = Math.ceil(error.waitMs / 60_000);
		return {
			say: `${error.vendorName ?? vendorName}: the limit of requests is used up for about ${minutes} min`,
			hint: 'Run the workflow again after that time, ask for less, or spread the work over the day.',
			cause: 'rate-limited',
			retryAfterMs: error.waitMs,
		};
	}
	if (error instanceof RowsMissing) {
		return {
			say: `${vendorName}: the answer is not what this operation returns`,
			hint: `Nothing was found at '${error.path || 'the top'}' of the answer. Check the host or base URL in the credential: another service seems to answer there.`,
			cause: 'configuration-invalid',
		};
	}
	if (error instanceof PageRepeats) {
		return {
			say: `${vendorName}: the list does not move on, the same page came twice`,
			hint: 'Nothing was returned, because rows would be missing or doubled. Try again; narrow the list by filters if it lasts.',
		};
	}
	return undefined;
}

/** Between the lines of a description: the editor shows it as HTML, logs and other programs as text. */
const NEW_LINE = '<br>\n';

/** A description as plain text. */
export function plainText(description: string | null | undefined): string {
	return (description ?? '').replaceAll(NEW_LINE, '\n');
}

/** Puts a further line under what an error says. */
export function addLine(error: NodeApiError | NodeOperationError, line: string): void {
	error.description = [error.description, line].filter(Boolean).join(NEW_LINE);
}

/** Puts all that an error says into its message, for those who read nothing else: an agent's model. */
export function sayAll<T extends NodeApiError | NodeOperationError>(error: T): T {
	const more = plainText(error.description);
	return more && !error.message.includes(more)
		? keepMessage(error, `${error.message}\n${more}`)
		: error;
}

function apiError(
	node: INode,
	details: FailureDetails,
	suffix: string,
	itemIndex: number | undefined,
): NodeApiError {
	const { problem, foreign, status } = details;
	const code = problem?.code === undefined ? '' : ` (code ${problem.code})`;
	const message = `${details.say}${code}${suffix}`;
	const said = withoutLink(problem?.text, problem?.link);
	const description = [
		details.hint,
		said && `The vendor says: ${said}`,
		foreign?.text && `${foreign.host} says: ${foreign.text}`,
		problem?.parameter && `Parameter: ${problem.parameter}`,
		problem?.link && `More: ${problem.link}`,
		problem?.trace && `Trace ID for the vendor's support: ${problem.trace}`,
	]
		.filter(Boolean)
		.join(NEW_LINE);
	// Built from plain data: the helper's own error drags the request along, with its secret headers.
	const data: JsonObject = { status: status ?? null, ...(problem as JsonObject | undefined) };
	delete data.wordless;
	if (foreign) data.foreign = foreign;
	if (details.request) data.request = details.request;
	const failure = toFailure(details);
	const error = new NodeApiError(node, data, {
		message,
		description,
		httpCode: status === undefined ? undefined : String(status),
		itemIndex,
		...(failure ? { failure } : {}),
	});
	error.context.data = data;
	return keepMessage(error, message, description);
}

/** The vendor's words without the link, which has a line of its own. */
function withoutLink(text: string | undefined, link: string | undefined): string | undefined {
	return link ? text?.replaceAll(link, '').replace(/\s+/g, ' ').trim() : text;
}

function toFailure(details: FailureDetails): Failure | undefined {
	switch (details.cause) {
		case undefined:
			return undefined;
		case 'rate-limited':
		case 'quota-exhausted':
		case 'temporarily-unavailable':
			return {
				cause: details.cause,
				...(details.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
			};
		default:
			return { cause: details.cause };
	}
}

/**
 * n8n replaces a message that happens to contain a code such as EPERM ("approvePermissions") by a text about
 * files or connections. What we say is what the user reads.
 */
function keepMessage<T extends NodeApiError | NodeOperationError>(
	error: T,
	message: string,
	description?: string,
): T {
	error.message = message;
	if (description !== undefined) error.description = description;
	return error;
}
