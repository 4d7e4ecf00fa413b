/** Addresses in credentials, as people type them. */
import type { ICredentialTestRequest, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { InputProblem } from '../errors/problems';

/**
 * A base URL without a trailing slash. Accepts a host alone (https is added), an address with or without a
 * slash, and plain http only when the user writes it. Throws `InputProblem` that names the credential's field.
 */
export function baseUrlOf(raw: unknown, label: string, example: string): string {
	const text = String(raw ?? '').trim();
	const hint = `Give an address such as ${example} in the credential.`;
	if (text === '') throw new InputProblem(label, 'is empty', hint);
	const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
	if (!URL.canParse(withScheme)) {
		// Not repeated: a login may be part of it.
		throw new InputProblem(label, 'is no address', hint);
	}
	const url = new URL(withScheme);
	if (!['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
		throw new InputProblem(label, 'is no web address', hint);
	}
	if (url.username || url.password) {
		throw new InputProblem(
			label,
			'holds a login',
			`${hint} Logins and tokens have fields of their own.`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
}

/** What people paste along with a token: blanks, quotes, the name of the header, the word before the token. */
const PASTED =
	/^["'\s]*(?:(?:authorization|api-key)\s*:\s*)?(?:(?:bearer|token|user)\s+(?=[^\s"']))?["'\s]*|(?<!["'\s])["'\s]+$/gi;

/** A token without what was pasted along with it; '' for nothing. */
export function tokenOf(raw: unknown): string {
	return String(raw ?? '').replace(PASTED, '');
}

/** The same as part of an n8n expression, for a field of the credential. */
export function tokenIn(field: string): string {
	return `{{$credentials.${field}.replace(${String(PASTED)}, "")}}`;
}

/** An address of the credential as part of an n8n expression, as `baseUrlOf` reads it: inside of `={{ }}`. */
export function addressIn(field: string): string {
	const address = `$credentials.${field}.trim()`;
	return `(${address}.match(/^https?:/i) ? "" : "https://") + ${address}.replace(/\\/+$/, "")`;
}

/** True when the credential has an address of its own there, as part of an n8n expression. */
export function hasAddressIn(field: string): string {
	return `($credentials.${field} || "").trim()`;
}

/**
 * A choice of the vendor's addresses. 'Custom' among them is how credentials of before got an address of their own: only
 * those show it, others have the address behind 'Advanced'.
 */
export function placeChoice(
	field: INodeProperties & { type: 'options' },
	custom: INodePropertyOptions,
): INodeProperties[] {
	const { name, options = [] } = field;
	const all = [...(options as INodePropertyOptions[]), custom];
	return [
		{ ...field, displayOptions: { hide: { [name]: [custom.value as string] } } },
		{
			...field,
			options: all.sort((one, other) => one.name.localeCompare(other.name, 'en')),
			displayOptions: { show: { [name]: [custom.value as string] } },
		},
	];
}

/** Where a token comes from, in the form itself; `text` may hold HTML. */
export function notice(
	name: string,
	text: string,
	displayOptions?: INodeProperties['displayOptions'],
): INodeProperties {
	return {
		displayName: text,
		name,
		type: 'notice',
		default: '',
		...(displayOptions ? { displayOptions } : {}),
	};
}

/**
 * Fields that few people need, behind the switch 'Advanced'. n8n saves and hands over the fields that it shows
 * only, so that one which says something else than its default is shown whatever the switch says: credentials of
 * before the switch keep what they have.
 */
export function advanced(...fields: INodeProperties[]): INodeProperties[] {
	return [
		{
			displayName: 'Advanced',
			name: 'advanced',
			type: 'boolean',
			default: false,
			description: `Whether to show what few people need to change: ${fields.map(({ displayName }) => displayName).join(', ')}`,
		},
		...fields.flatMap((field) => [
			{ ...field, displayOptions: { show: { advanced: [true] } } },
			{
				...field,
				displayOptions: {
					show: { advanced: [false] },
					hide: { [field.name]: [field.default as string | number] },
				},
			},
		]),
	];
}

/**
 * Rules of a credential's test: a sentence for each status, and one for an answer of 200 that lacks `key`, as a
 * login page or another service would. n8n's types allow one kind of rule a list; its tester reads both.
 */
export function testRules(
	statuses: Record<number, string>,
	notTheApi: { key: string; message: string },
): ICredentialTestRequest['rules'] {
	return [
		...Object.entries(statuses).map(([value, message]) => ({
			type: 'responseCode',
			properties: { value: Number(value), message },
		})),
		{ type: 'responseSuccessBody', properties: { ...notTheApi, value: undefined } },
	] as ICredentialTestRequest['rules'];
}
