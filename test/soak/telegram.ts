/** A stand-in for Telegram's Bot API on loopback: counts what it took, refuses what Telegram refuses, and can hold an answer. */
import { createServer } from 'http';
import type { IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';

import { telegramRefusal } from '../../sandbox/shared/telegram';

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

	private server: Server | undefined;

	url = '';

	async listen(): Promise<void> {
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => this.answer(read(request, Buffer.concat(chunks)), response));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		this.server = server;
		this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
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
