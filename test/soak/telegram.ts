/** A stand-in for Telegram's Bot API on loopback: counts what it took, refuses what Telegram refuses, and can hold an answer. */
import type { IncomingMessage, ServerResponse } from 'http';

import { telegramRefusal } from '../../sandbox/shared/telegram';
import { listenOnLoopback } from '../loopback';
import type { Loopback } from '../loopback';

/** A message or a file that was taken. */
export interface Sent {
	/** The chat's ID, as the workflow has it. */
	chat: string;
	/** Text of a message, caption of a file. */
	text: string;
}

/** What of a call of n8n's Telegram node is read. */
interface Call {
	chat: string;
	kind: 'text' | 'caption';
	text: string;
	mode: string | undefined;
}

export class Telegram {
	readonly sent: Sent[] = [];

	/** Why calls were refused. */
	readonly refusals: string[] = [];

	/** Chats whose calls get no answer: before anything is taken, or behind it. */
	readonly holds = new Map<string, 'before' | 'after'>();

	/** Chats of calls that were held so far. */
	readonly held: string[] = [];

	private server: Loopback | undefined;

	url = '';

	async listen(): Promise<void> {
		this.server = await listenOnLoopback((body, request, response) =>
			this.answer(read(request, body), response),
		);
		this.url = this.server.url;
	}

	async close(): Promise<void> {
		await this.server?.close();
	}

	private answer({ chat, kind, text, mode }: Call, response: ServerResponse): void {
		const hold = this.holds.get(chat);
		const refusal = telegramRefusal(kind, text, mode);
		if (hold !== 'before' && refusal === undefined) this.sent.push({ chat, text });
		if (hold !== undefined) {
			this.held.push(chat);
			return;
		}
		if (refusal !== undefined) this.refusals.push(`${refusal}: ${text}`);
		const body =
			refusal === undefined
				? { ok: true, result: { message_id: this.sent.length } }
				: { ok: false, error_code: 400, description: refusal };
		response
			.writeHead(refusal === undefined ? 200 : 400, { 'content-type': 'application/json' })
			.end(JSON.stringify(body));
	}
}

/** JSON of a message, multipart of a file. */
function read({ url = '', headers }: IncomingMessage, body: Buffer): Call {
	const type = String(headers['content-type']);
	const fields = type.includes('json')
		? (JSON.parse(body.toString('utf8')) as Record<string, unknown>)
		: Object.fromEntries(
				[...body.toString('utf8').matchAll(/name="(\w+)"\r\n\r\n([^]*?)\r\n--/g)].map(
					([, name, value]) => [name, value],
				),
			);
	const kind = url.endsWith('/sendMessage') ? 'text' : 'caption';
	return {
		chat: String(fields.chat_id),
		kind,
		text: String(fields[kind] ?? ''),
		mode: fields.parse_mode as string | undefined,
	};
}
