/** Where a free request goes and what it may carry: below the credential's own API root, and nowhere else. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/problems';
import { typeOf } from '../entityTypes';

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

/** Hosts under which MoySklad's documentation, answers and web app write addresses of the API. */
const VENDORS_HOST = /^([a-z0-9-]+\.)*moysklad\.ru$/i;
/** The API's own prefix, whatever stands before it: the last one counts where it is doubled. */
const PREFIX = /^.*\/api\/remap\/1\.2(?=\/|$)/i;

/**
 * Reads a path below the API Base URL (`/entity/customerorder?limit=5`) or a full link, as the docs, the answers and
 * people write them: with the API's own prefix, with the host of MoySklad or of the credential, without `/entity`
 * before a known type, with a type as `customerOrder`. Only the path is taken: the request goes to the credential's
 * host. Throws `InputProblem` for any other host, and for paths that would leave the API.
 */
export function addressOf(given: unknown, baseUrl: string): Address {
	const text = String(given).trim();
	const url = urlOf(text, baseUrl);
	const rest = url && restOf(url, new URL(baseUrl));
	if (!url || rest === undefined) throw notInTheApi(text, baseUrl);
	const path = mended(rest.replace(/\/+$/, ''));
	if (!/^\/[^/]/.test(path) || /\/\/|%2f|%5c|%2e%2e/i.test(path)) {
		throw notInTheApi(text, baseUrl);
	}
	const query: IDataObject = {};
	for (const [name, value] of url.searchParams) addTo(query, name, value);
	return { path, query };
}

function urlOf(text: string, baseUrl: string): URL | undefined {
	const escaped = new URL(baseUrl).host.replace(/[.[\]]/g, '\\$&');
	const hosts = `(${escaped}|([a-z0-9-]+\\.)*moysklad\\.ru)`;
	const isLink = /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//');
	const hasHost = new RegExp(`^${hosts}/`, 'i').test(text);
	const full = isLink
		? text
		: hasHost
			? `https://${text}`
			: `${baseUrl}/${text.replace(/^\/+/, '')}`;
	return URL.canParse(full, baseUrl) ? new URL(full, baseUrl) : undefined;
}

/** The path below the API's root; undefined when the address leads elsewhere. */
function restOf(url: URL, base: URL): string | undefined {
	if (!['http:', 'https:'].includes(url.protocol) || url.username !== '') return undefined;
	const root = `${base.pathname.replace(/\/+$/, '')}/`;
	const below = url.host === base.host && url.pathname.startsWith(root);
	if (!below && url.host !== base.host && !VENDORS_HOST.test(url.hostname)) return undefined;
	if (PREFIX.test(url.pathname)) return url.pathname.replace(PREFIX, '');
	return below ? `/${url.pathname.slice(root.length)}` : undefined;
}

/** `/entity` before a type that lacks it, and types in lower case. */
function mended(path: string): string {
	const [, first = '', second, ...more] = path.split('/');
	if (/^entity$/i.test(first)) {
		const parts = ['entity', (second && typeOf(second)) ?? second, ...more];
		return `/${parts.filter((part) => part !== undefined).join('/')}`;
	}
	const type = typeOf(first);
	return type === undefined
		? path
		: `/entity/${[type, second, ...more].filter((part) => part !== undefined).join('/')}`;
}

function notInTheApi(text: string, baseUrl: string): InputProblem {
	const ofTheApp = /moysklad\.ru\/app\b/i.test(text);
	return new InputProblem(
		'Path',
		`is '${text.slice(0, 200)}', which is ${ofTheApp ? 'a page of the web app' : 'no address of the API'}`,
		`Give a path such as /entity/customerorder or /report/stock/all, or a link that begins with ${baseUrl}/. Requests never go to another host.`,
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
