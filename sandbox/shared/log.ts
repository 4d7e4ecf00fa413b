import type { ListenerName } from './types';

/** One request as the sandbox saw it. Secrets are masked to their last four characters. */
export interface RequestLogEntry {
	/** Never `control`: reading the log leaves no trace in it. */
	vendor: ListenerName;
	method: string;
	/** Path without the query. */
	path: string;
	/** Path and query, exactly as they were sent. */
	url: string;
	/** Decoded query; a repeated key has an array. */
	query: Record<string, string | string[]>;
	/** Lower-case header names. */
	headers: Record<string, string | string[]>;
	/** The parsed body when it is JSON, otherwise its text; absent without a body. */
	body?: unknown;
	/** HTTP status; 0 until the answer is ready, and for connections that a fault closed. */
	status: number;
	/** Arrival, epoch milliseconds. */
	at: number;
	durationMs: number;
	/** Rate units that the request cost (MoySklad only). */
	weight?: number;
	/** What made the request special: a fault, a refusal … */
	note?: string;
	requestId?: string;
}

const CAPACITY = 20_000;
const SECRET_HEADERS = new Set(['authorization', 'api-key', 'cookie', 'proxy-authorization']);

/** Replaces a secret by its scheme and last four characters. */
function maskSecret(value: string): string {
	return value
		.split(', ')
		.map((part) => {
			const space = part.lastIndexOf(' ');
			const secret = part.slice(space + 1);
			return `${part.slice(0, space + 1)}***${secret.length > 8 ? secret.slice(-4) : ''}`;
		})
		.join(', ');
}

/** Copies headers with the secrets masked. */
export function maskHeaders(
	headers: Record<string, string | string[] | undefined>,
): Record<string, string | string[]> {
	const masked: Record<string, string | string[]> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value === undefined) continue;
		masked[name] =
			SECRET_HEADERS.has(name) && typeof value === 'string' ? maskSecret(value) : value;
	}
	return masked;
}

/** The request log: the newest 20,000 entries, oldest first. */
export class RequestLog {
	readonly entries: RequestLogEntry[] = [];

	/** Adds an entry on arrival; its status and duration are filled in when the answer leaves. */
	add(entry: RequestLogEntry): void {
		this.entries.push(entry);
		if (this.entries.length > CAPACITY * 1.1) {
			this.entries.splice(0, this.entries.length - CAPACITY);
		}
	}

	clear(): void {
		this.entries.length = 0;
	}
}
