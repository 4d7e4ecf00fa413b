/** Where a free request goes and what it may carry: below the credential's own API root, and nowhere else. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/problems';

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

/**
 * Reads a path below the API Base URL (`/entity/customerorder?limit=5`), or a full link to it. Throws
 * `InputProblem` for any other host, and for paths that would leave the API.
 */
export function addressOf(given: unknown, baseUrl: string): Address {
	const text = String(given).trim();
	const base = new URL(baseUrl);
	const isLink = /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//');
	const full = isLink ? text : `${baseUrl}/${text.replace(/^\/+/, '')}`;
	if (!URL.canParse(full, baseUrl)) throw notInTheApi(text, baseUrl);
	const url = new URL(full, baseUrl);
	const root = `${base.pathname.replace(/\/+$/, '')}/`;
	if (url.origin !== base.origin || !url.pathname.startsWith(root) || url.username !== '') {
		throw notInTheApi(text, baseUrl);
	}
	const path = `/${url.pathname.slice(root.length)}`.replace(/\/+$/, '');
	if (path === '' || /\/\//.test(path) || /%2f|%5c|%2e%2e/i.test(path)) {
		throw notInTheApi(text, baseUrl);
	}
	const query: IDataObject = {};
	for (const [name, value] of url.searchParams) addTo(query, name, value);
	return { path, query };
}

function notInTheApi(text: string, baseUrl: string): InputProblem {
	return new InputProblem(
		'Path',
		`is '${text.slice(0, 200)}', which is no address of the API`,
		`Give a path such as /entity/customerorder, or a link that begins with ${baseUrl}/. Requests never go to another host.`,
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
