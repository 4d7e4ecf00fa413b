/**
 * A reverse proxy as users put one before n8n: production webhooks go to the webhook processors in turn, everything
 * else goes to main. It buffers bodies as nginx does, and takes the next processor when one refuses the connection.
 * No WebSockets: open the editor on main's own port.
 */
import { createServer } from 'http';
import type { IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { pipeline } from 'stream/promises';
import { Pool } from 'undici';

/** Paths that `n8n webhook` serves (n8n docs: Queue mode, Webhook processors). */
const WEBHOOK_PATHS = /^\/(webhook|webhook-waiting|form|form-waiting|mcp)\//;
/** Headers that concern one connection only. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'te'];

interface Upstream {
	name: string;
	url: string;
	pool: Pool;
	/** Requests that it has answered, by status. */
	answered: Map<number, number>;
	/** Connections that it refused or broke off. */
	failed: number;
}

/** Numbers of one upstream. */
export interface UpstreamCount {
	name: string;
	answered: number;
	failed: number;
	byStatus: Record<number, number>;
}

export class Front {
	private server: Server | undefined;

	private upstreams: Upstream[] = [];

	private main: Upstream | undefined;

	private turn = 0;

	/** Address without trailing slash; known after {@link listen}. */
	url = '';

	/** Takes a free port of 127.0.0.1; answers 503 until it is told where to send requests. */
	async listen(): Promise<void> {
		const server = createServer((request, response) => {
			void this.pass(request, response).catch((error: Error) => {
				if (!response.headersSent) response.writeHead(502).end(error.message);
				else response.destroy();
			});
		});
		// Longer than clients keep connections: none is closed under a request on its way.
		server.keepAliveTimeout = 65_000;
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(0, '127.0.0.1', resolve);
		});
		this.server = server;
		this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	/** From now on: webhooks to these in turn, the rest to `main`. */
	route(main: string, processors: string[]): void {
		this.main = this.upstream('main', main);
		this.upstreams = processors.map((url, index) => this.upstream(`webhook-${index + 1}`, url));
	}

	/** What each upstream has answered so far, main first. */
	counts(): UpstreamCount[] {
		const all = this.main ? [this.main, ...this.upstreams] : this.upstreams;
		return all.map(({ name, answered, failed }) => ({
			name,
			answered: [...answered.values()].reduce((sum, count) => sum + count, 0),
			failed,
			byStatus: Object.fromEntries(answered),
		}));
	}

	async close(): Promise<void> {
		const { server } = this;
		if (!server) return;
		this.server = undefined;
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		for (const { pool } of [...this.upstreams, ...(this.main ? [this.main] : [])]) {
			await pool.destroy();
		}
	}

	private upstream(name: string, url: string): Upstream {
		// n8n closes idle connections after 5 s.
		const pool = new Pool(url, { connections: 128, keepAliveTimeout: 3000 });
		return { name, url, pool, answered: new Map(), failed: 0 };
	}

	private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const body = Buffer.concat(chunks);
		for (const upstream of this.candidates(request.url ?? '/')) {
			let answer;
			try {
				answer = await upstream.pool.request({
					method: request.method ?? 'GET',
					path: request.url ?? '/',
					headers: this.headers(request),
					body: body.length > 0 ? body : null,
				});
			} catch (error) {
				upstream.failed++;
				// Refused: it has seen nothing of the request. Anything else may have been processed.
				if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') continue;
				throw error;
			}
			const { statusCode } = answer;
			upstream.answered.set(statusCode, (upstream.answered.get(statusCode) ?? 0) + 1);
			const headers = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
			response.writeHead(statusCode, Object.fromEntries(headers));
			await pipeline(answer.body, response);
			return;
		}
		response.writeHead(503).end('No n8n is there');
	}

	private candidates(url: string): Upstream[] {
		if (!WEBHOOK_PATHS.test(url)) return this.main ? [this.main] : [];
		const first = this.turn++;
		return this.upstreams.map(
			(_, index) => this.upstreams[(first + index) % this.upstreams.length],
		);
	}

	private headers(request: IncomingMessage): Record<string, string | string[]> {
		const headers: Record<string, string | string[]> = {};
		for (const [name, value] of Object.entries(request.headers)) {
			if (value !== undefined && !HOP_BY_HOP.includes(name)) headers[name] = value;
		}
		headers['x-forwarded-for'] = request.socket.remoteAddress ?? '';
		headers['x-forwarded-proto'] = 'http';
		headers['x-forwarded-host'] = request.headers.host ?? '';
		return headers;
	}
}
