/** Where a free request goes and what it may carry: below the credential's own API root, and nowhere else. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../errors/problems';

/** Headers that the road itself must set. */
const RESERVED = new Set([
	'accept-encoding',
	'authorization',
	'connection',
	'content-length',
	'content-type',
	'cookie',
	'host',
	'proxy-authorization',
	'transfer-encoding',
]);
/** Spelling of headers that the connection sets, so that the user's value takes their place. */
const SPELLING: Record<string, string> = { accept: 'Accept', 'accept-language': 'Accept-Language' };

/** Path and query of what the user wrote in 'Path'. */
export interface Address {
	path: string;
	query: IDataObject;
}

/** How a vendor's addresses are read. */
export interface AddressRules {
	/** Hosts under which the vendor's docs and answers write addresses of the API: the source of an expression. */
	hosts?: string;
	/**
	 * What lies below the API's root, when the path of a link holds the vendor's own prefix, whatever stands before it;
	 * undefined when it does not.
	 */
	below?: (pathname: string) => string | undefined;
	/** A path below the root as the API spells it. */
	mend?: (path: string) => string;
	/** Pages of the web app. */
	app?: RegExp;
	/** Two paths, as examples. */
	examples: string;
}

/**
 * Reads a path below the API's address (`/entity/customerorder?limit=5`) or a full link, as the docs, the answers and
 * people write them: with the API's own prefix, with the host of the vendor or of the credential. Only the path is
 * taken: the request goes to the credential's host. Throws `InputProblem` for any other host, and for paths that would
 * leave the API.
 */
export function addressOf(given: unknown, baseUrl: string, rules: AddressRules): Address {
	const text = String(given).trim();
	const url = urlOf(text, baseUrl, rules);
	const rest = url && restOf(url, new URL(baseUrl), rules);
	if (!url || rest === undefined) throw notInTheApi(text, baseUrl, rules);
	const bare = rest.replace(/(?<!\/)\/+$/, '');
	const path = rules.mend?.(bare) ?? bare;
	if (!/^\/[^/]/.test(path) || /\/\/|%2f|%5c|%2e%2e/i.test(path)) {
		throw notInTheApi(text, baseUrl, rules);
	}
	const query: IDataObject = {};
	for (const [name, value] of url.searchParams) addTo(query, name, value);
	return { path, query };
}

function urlOf(text: string, baseUrl: string, { hosts }: AddressRules): URL | undefined {
	const escaped = new URL(baseUrl).host.replace(/[.[\]]/g, '\\$&');
	const known = `(${[escaped, ...(hosts ? [hosts] : [])].join('|')})`;
	const isLink = /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//');
	const hasHost = new RegExp(`^${known}/`, 'i').test(text);
	const full = isLink
		? text
		: hasHost
			? `https://${text}`
			: `${baseUrl}/${text.replace(/^\/+/, '')}`;
	return URL.canParse(full, baseUrl) ? new URL(full, baseUrl) : undefined;
}

/** The path below the API's root; undefined when the address leads elsewhere. */
function restOf(url: URL, base: URL, { hosts, below }: AddressRules): string | undefined {
	if (!['http:', 'https:'].includes(url.protocol) || url.username !== '') return undefined;
	const root = `${base.pathname.replace(/(?<!\/)\/+$/, '')}/`;
	const ofVendor = hosts !== undefined && new RegExp(`^(?:${hosts})$`, 'i').test(url.hostname);
	if (url.host !== base.host && !ofVendor) return undefined;
	const known = below?.(url.pathname);
	if (known !== undefined) return known;
	return url.host === base.host && url.pathname.startsWith(root)
		? `/${url.pathname.slice(root.length)}`
		: undefined;
}

function notInTheApi(text: string, baseUrl: string, { app, examples }: AddressRules): InputProblem {
	return new InputProblem(
		'Path',
		`is '${text.slice(0, 200)}', which is ${app?.test(text) ? 'a page of the web app' : 'no address of the API'}`,
		`Give a path such as ${examples}, or a link that begins with ${baseUrl}/. Requests never go to another host.`,
	);
}

/** A name may come several times. */
export function addTo(query: IDataObject, name: string, value: unknown): void {
	const before = query[name];
	query[name] =
		before === undefined
			? (value as IDataObject[string])
			: ([...(Array.isArray(before) ? before : [before]), value] as IDataObject[string]);
}

/** Headers from the form. Throws `InputProblem` for those that the node must set itself. */
export function headersOf(rows: IDataObject[]): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const row of rows) {
		const name = String(row.name ?? '').trim();
		const value = String(row.value ?? '').trim();
		if (name === '') continue;
		const key = name.toLowerCase();
		if (RESERVED.has(key)) {
			throw new InputProblem(
				'Headers',
				`set '${name}', which the node sets itself`,
				'Remove this header: the credential and the connection take care of it.',
			);
		}
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) {
			throw new InputProblem(
				'Headers',
				`hold '${name}' with characters that a header cannot have`,
				'Use Latin letters, digits and punctuation; encode other letters as %D0%90.',
			);
		}
		const spelled = SPELLING[key] ?? name;
		if (Object.keys(headers).some((known) => known.toLowerCase() === key)) {
			throw new InputProblem(
				'Headers',
				`set '${name}' twice`,
				'Give each header once; this node cannot send several of one name.',
			);
		}
		headers[spelled] = value;
	}
	return headers;
}
