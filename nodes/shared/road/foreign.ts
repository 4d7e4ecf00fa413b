/** What is to be read in the answer of somebody else: a storage's XML, a proxy's page, another service's JSON. */
import type { ApiAnswer } from './wire';

const LONGEST = 300;
/** As many characters are looked at: a web page can be large. */
const LOOKED_AT = 20_000;
/** Parts of a page that nobody reads. */
const UNREAD = /<(script|style|svg)\b[\s\S]*?(<\/\1\s*>|$)|<!--[\s\S]*?(-->|$)/gi;
/** A word after which a secret comes, and long words with digits, as keys and signatures are. */
const SECRETS: Array<[RegExp, string]> = [
	[
		/\b(bearer|basic|token|api-?key|password|signature)(["']?\s*[:=]?\s*["']?)[^\s"'<>,;&]{4,}/gi,
		'$1$2…',
	],
	[/(?<![\w+/=~-])(?=[\w+/=~-]*\d)[\w+/=~-]{24,}/g, '…'],
];
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Host and words of an answer that is not in the vendor's form: without tags, at most 300 characters, without what
 * looks like a secret. Undefined when there is nothing to read.
 */
export function foreignText(answer: ApiAnswer): { host: string; text: string } | undefined {
	const text = readable(answer.body);
	if (text === '') return undefined;
	return { host: answer.from?.host ?? 'The host', text };
}

function readable(body: unknown): string {
	if (Buffer.isBuffer(body)) {
		// A page in place of a file; the bytes of a file are no text.
		const text = body.toString('utf8', 0, LOOKED_AT).trimStart();
		return text.startsWith('<') ? readable(text) : '';
	}
	if (typeof body === 'object' && body !== null) {
		return Object.keys(body).length > 0 ? shortened(JSON.stringify(body)) : '';
	}
	if (typeof body !== 'string') return '';
	const text = body
		.slice(0, LOOKED_AT)
		.replace(UNREAD, ' ')
		.replace(/<[^<>]*>/g, ' ')
		.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
		.replace(/&#39;/g, "'")
		.replace(/&amp;/g, '&');
	return shortened(text);
}

function shortened(text: string): string {
	let short = text;
	for (const [secret, instead] of SECRETS) short = short.replace(secret, instead);
	// No tag of theirs, whole or cut, gets into what the editor shows as HTML.
	short = short.replace(/[<>]/g, ' ').replace(/\s+/g, ' ').trim();
	return short.length > LONGEST ? `${short.slice(0, LONGEST).trimEnd()}…` : short;
}
