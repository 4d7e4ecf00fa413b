/**
 * What Telegram's Bot API refuses of a text, so that a stand-in for it refuses the same: lengths (core.telegram.org/bots/api,
 * sendMessage and sendDocument) and text that is no markup of its parse mode (the same page, Formatting options).
 */

/** Longest text of a message and of a caption, in characters after the markup is taken away. */
const LONGEST = { text: 4096, caption: 1024 };

const TAG = /<(\/?)([a-z-]+)(?:\s[^<>]*)?>/g;
const TAGS = new Set(
	'b strong i em u ins s strike del a code pre span tg-spoiler tg-emoji blockquote'.split(' '),
);

/**
 * Why Telegram answers a message or a caption by 400; undefined when it takes it. `mode` is the parse mode as n8n's node
 * sends it: for messages `Markdown` where nothing was chosen, for captions none.
 */
export function telegramRefusal(
	kind: keyof typeof LONGEST,
	text: string,
	mode: string | undefined,
): string | undefined {
	const parsed =
		mode === 'HTML' ? withoutTags(text) : mode === 'Markdown' ? withoutMarks(text) : text;
	if (parsed === undefined) return "Bad Request: can't parse entities";
	if (parsed.length <= LONGEST[kind]) return undefined;
	return `Bad Request: message${kind === 'caption' ? ' caption' : ''} is too long`;
}

/** The text of HTML, undefined when a `<` begins no tag that Telegram knows, or tags do not close each other. */
function withoutTags(html: string): string | undefined {
	const open: string[] = [];
	const text = html.replace(TAG, (whole, closing: string, name: string) => {
		if (!TAGS.has(name) || (closing && open.pop() !== name)) return whole;
		if (!closing) open.push(name);
		return '';
	});
	if (text.includes('<') || open.length > 0) return undefined;
	return text.replace(/&(lt|gt|amp|quot|#\d+);/g, '.');
}

const ENDS: Record<string, string> = { _: '_', '*': '*', '`': '`', '[': ']' };

/** The text of legacy Markdown, undefined when a mark has no end. */
function withoutMarks(marked: string): string | undefined {
	let text = '';
	for (let at = 0; at < marked.length; at++) {
		const sign = marked[at];
		if (sign === '\\' && marked[at + 1] in ENDS) text += marked[++at];
		else if (sign in ENDS) {
			const end = marked.indexOf(ENDS[sign], at + 1);
			if (end < 0) return undefined;
			text += marked.slice(at + 1, end);
			at = end;
			if (sign === '[' && marked[at + 1] === '(') {
				const close = marked.indexOf(')', at);
				if (close > 0) at = close;
			}
		} else text += sign;
	}
	return text;
}
