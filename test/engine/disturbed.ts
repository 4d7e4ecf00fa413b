/**
 * What may go wrong on the way to a vendor, and where a token would show then: for the tests that walk all operations and
 * all triggers.
 */
import { ClientRequest } from 'node:http';

import type { IDataObject } from 'n8n-workflow';
import fastify from 'fastify';

import type { Vendor } from '../../nodes/shared/catalogue';
import type { Fault, Sandbox, SandboxCredentials, VendorName } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { everythingIn, vendors } from '../unit/samples';
import { speedUp } from './clock';
import type { Engine } from './harness';
import { createEngine } from './harness';

/** The sandbox's listener of each action node, which is the name of the node's class with a small first letter. */
export const LISTENERS: Record<string, VendorName> = {
	altegio: 'altegio',
	inspectorCloud: 'inspectorCloud',
	moySklad: 'moysklad',
	moySkladDocuments: 'moysklad',
	yandexMarket: 'yandexMarket',
};

/** Action nodes with their vendors. */
export const NODES = Object.keys(LISTENERS).map((node, index): [string, Vendor] => [
	node,
	vendors[index],
]);

/** One kind of fault. */
export interface Disturbance {
	what: string;
	fault: Partial<Fault>;
	/** The client gives up as soon as a request is out. */
	givesUp?: boolean;
}

/** What is on the way to be shown: never more of it than that it is there. */
const found = (where: string, secrets: string[]): string[] =>
	secrets.filter((secret) => where.includes(secret)).map(() => 'a secret');

/** The tokens as they are and as they travel. */
function secretsOf(data: IDataObject): string[] {
	const names = ['accessToken', 'apiKey', 'partnerToken', 'userToken', 'token', 'password'];
	const values = names.flatMap((name) => {
		const value = data[name];
		return typeof value === 'string' && value !== '' ? [value] : [];
	});
	const encoded = values.flatMap((value) => [
		encodeURIComponent(value),
		Buffer.from(value).toString('base64').replace(/=+$/, ''),
	]);
	return [...new Set([...values, ...encoded])];
}

/** The sandbox with a stranger beside it, and everything that is printed. */
export class Watch {
	/** What goes wrong, one kind of fault after the other. */
	readonly disturbances: Disturbance[];
	/** Outcomes for which something was asked. */
	met = 0;
	private givesUp = false;
	private givenUp = 0;

	private constructor(
		readonly engine: Engine,
		readonly sandbox: Sandbox,
		strangerUrl: string,
		/** Everything that another host was sent, and everything that was printed. */
		private readonly elsewhere: { leaked: string[]; printed: string[] },
		private readonly ends: Array<() => unknown>,
	) {
		const redirectTo = `${strangerUrl}/somewhere`;
		const errors = [{ code: 1056, error: 'Wrong token' }];
		const json = { 'content-type': 'application/json' };
		this.disturbances = [
			{ what: 'a redirect to another host', fault: { redirectTo } },
			{ what: 'a permanent redirect of any method', fault: { status: 308, redirectTo } },
			{ what: 'a refused token', fault: { status: 401, body: { errors } } },
			{
				what: 'a page of a proxy',
				fault: { status: 502, body: '<html><h1>Bad gateway</h1></html>' },
			},
			{ what: 'half an answer', fault: { body: '{"rows":[{"id":', headers: json } },
			{ what: 'a connection that breaks', fault: { closeConnection: 'before' } },
			{ what: 'no answer in time', fault: { delayMs: 2000 }, givesUp: true },
		];
	}

	/** @param factor so many times as fast the clock runs; timers of `patience` ms or more keep real time */
	static async open(factor: number, patience: number): Promise<Watch> {
		const elsewhere = { leaked: [] as string[], printed: [] as string[] };
		const stranger = fastify();
		stranger.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
			done(null, body),
		);
		stranger.all('*', (request, reply) => {
			elsewhere.leaked.push(JSON.stringify([request.url, request.headers, request.body]));
			void reply.send({ rows: [], message: 'stranger' });
		});
		const strangerUrl = await stranger.listen({ host: '127.0.0.1', port: 0 });
		const engine = await createEngine();
		const sandbox = await startSandbox({ assortmentRows: 1, limits: 'off' });
		for (const [type, data] of Object.entries(sandbox.credentials)) {
			engine.setCredential(type, { type, data });
		}
		const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
			jest
				.spyOn(console, name)
				.mockImplementation((...said) => void elsewhere.printed.push(everythingIn(said))),
		);
		const slowDown = speedUp(factor, patience);
		const watch = new Watch(engine, sandbox, strangerUrl, elsewhere, [
			slowDown,
			() => spies.forEach((spy) => spy.mockRestore()),
			async () => await engine.close(),
			async () => await sandbox.close(),
			async () => await stranger.close(),
		]);
		watch.letGiveUp();
		return watch;
	}

	/** Arms a fault for everything that the vendor is asked. */
	disturb(vendor: VendorName, { fault, givesUp = false }: Disturbance): void {
		this.calm();
		this.sandbox.faults.add({ vendor, times: 1_000_000, ...fault });
		this.givesUp = givesUp;
	}

	/** Disturbs nothing any more. */
	calm(): void {
		this.sandbox.faults.clear();
		this.sandbox.clearLog();
		this.givesUp = false;
		this.givenUp = 0;
	}

	/** Requests under the disturbance, whether or not they reached the vendor before they were given up. */
	get asked(): number {
		return this.sandbox.log.length + this.givenUp;
	}

	/** What came of it, under a disturbance, holds no token; nor does what was printed or sent elsewhere. */
	expectNothingIn(outcome: unknown, vendor: Vendor, what: string): void {
		if (this.asked > 0) this.met += 1;
		const data = this.sandbox.credentials[vendor.credentialType as keyof SandboxCredentials];
		const secrets = secretsOf(data as IDataObject);
		expect(secrets.length).toBeGreaterThan(0);
		const { leaked, printed } = this.elsewhere;
		expect([what, ...found(everythingIn(outcome), secrets)]).toEqual([what]);
		expect([what, ...found(leaked.join('\n'), secrets)]).toEqual([what]);
		expect([what, ...found(printed.join('\n'), secrets)]).toEqual([what]);
		leaked.length = 0;
		printed.length = 0;
	}

	async close(): Promise<void> {
		for (const end of this.ends) await end();
	}

	/** Time-outs without the time: a request's own is over when the request is out. */
	private letGiveUp(): void {
		const real = ClientRequest.prototype.setTimeout;
		const over = (request: ClientRequest, done: () => void) => {
			this.givenUp += 1;
			request.once('finish', () => setImmediate(done));
			return request;
		};
		const isGivenUp = () => this.givesUp;
		const spy = jest.spyOn(ClientRequest.prototype, 'setTimeout').mockImplementation(function (
			this: ClientRequest,
			ms: number,
			done?: () => void,
		) {
			return isGivenUp() && done ? over(this, done) : real.call(this, ms, done);
		});
		this.ends.unshift(() => spy.mockRestore());
	}
}
