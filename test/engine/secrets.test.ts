/**
 * Secrets, over every operation of every node: whatever the vendor or something in between answers, the credential's
 * tokens show nowhere (errors, items, what n8n stores, the console), and no other host gets them.
 */
import type { IDataObject } from 'n8n-workflow';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import type { Operation, Vendor } from '../../nodes/shared/catalogue';
import type { Fault, Sandbox, SandboxCredentials, VendorName } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { filled } from '../unit/filled';
import { everythingIn, vendors } from '../unit/samples';
import { speedUp } from './clock';
import type { Engine } from './harness';
import { createEngine } from './harness';

const LISTENERS: Record<string, VendorName> = {
	altegio: 'altegio',
	inspectorCloud: 'inspectorCloud',
	moySklad: 'moysklad',
	moySkladDocuments: 'moysklad',
	yandexMarket: 'yandexMarket',
};
/** Node types by vendor: the name of the node's class with a small first letter. */
const NODES = Object.keys(LISTENERS);

let engine: Engine;
let sandbox: Sandbox;
let stranger: FastifyInstance;
let strangerUrl: string;
let slowDown: () => void;
/** Everything that another host was sent. */
const leaked: string[] = [];
/** Everything that was printed. */
const printed: string[] = [];
const spies: jest.SpyInstance[] = [];

beforeAll(async () => {
	stranger = fastify();
	stranger.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
		done(null, body),
	);
	stranger.all('*', (request, reply) => {
		leaked.push(JSON.stringify([request.url, request.headers, request.body]));
		void reply.send({ rows: [], message: 'stranger' });
	});
	strangerUrl = await stranger.listen({ host: '127.0.0.1', port: 0 });
	engine = await createEngine();
	sandbox = await startSandbox({ assortmentRows: 1, limits: 'off' });
	for (const [type, data] of Object.entries(sandbox.credentials)) {
		engine.setCredential(type, { type, data });
	}
	for (const name of ['log', 'warn', 'error', 'info', 'debug'] as const) {
		spies.push(
			jest
				.spyOn(console, name)
				.mockImplementation((...said) => void printed.push(everythingIn(said))),
		);
	}
	slowDown = speedUp(2000, 10_000);
});
afterAll(async () => {
	slowDown?.();
	for (const spy of spies) spy.mockRestore();
	await engine?.close();
	await sandbox?.close();
	await stranger?.close();
});

/** What goes wrong, one kind of fault after the other. */
const DISTURBANCES: Array<[string, () => Partial<Fault>]> = [
	['a redirect to another host', () => ({ redirectTo: `${strangerUrl}/somewhere` })],
	[
		'a permanent redirect of any method',
		() => ({ status: 308, redirectTo: `${strangerUrl}/somewhere` }),
	],
	[
		'a refused token',
		() => ({ status: 401, body: { errors: [{ code: 1056, error: 'Wrong token' }] } }),
	],
	['a page of a proxy', () => ({ status: 502, body: '<html><h1>Bad gateway</h1></html>' })],
	[
		'half an answer',
		() => ({ body: '{"rows":[{"id":', headers: { 'content-type': 'application/json' } }),
	],
	['a connection that breaks', () => ({ closeConnection: 'before' })],
];

/** The tokens as they are and as they travel. */
function secretsOf(vendor: Vendor): string[] {
	const data = sandbox.credentials[vendor.credentialType as keyof SandboxCredentials];
	const names = ['accessToken', 'apiKey', 'partnerToken', 'userToken', 'token', 'password'];
	const values = names.flatMap((name) => {
		const value = (data as IDataObject)[name];
		return typeof value === 'string' && value !== '' ? [value] : [];
	});
	const encoded = values.flatMap((value) => [
		encodeURIComponent(value),
		Buffer.from(value).toString('base64').replace(/=+$/, ''),
	]);
	return [...new Set([...values, ...encoded])];
}

/** The least that the form takes. */
function formOf(operation: Operation): IDataObject {
	const form: IDataObject = { resource: operation.resource, operation: operation.operation };
	for (const field of operation.fields) {
		if (field.kind === 'mapper') {
			const { fields } = field.mapper;
			const needed = fields.filter(({ required }) => required);
			const plain = fields.filter(({ kind }) => kind === 'text').slice(0, 1);
			const match = fields.filter(({ match }) => match).slice(0, 1);
			const value = Object.fromEntries(
				[...needed, ...plain, ...match].map(({ name }) => [name, 'Name']),
			);
			const matchingColumns = match.map(({ name }) => name);
			form[field.name] = { mappingMode: 'defineBelow', matchingColumns, value } as never;
		} else if (field.required && !field.section) form[field.name] = filled(field) as IDataObject;
	}
	return form;
}

/** What is on the way to be shown: never more of it than the names of the kinds of fault. */
const found = (where: string, secrets: string[]): string[] =>
	secrets.filter((secret) => where.includes(secret)).map(() => 'a secret');

describe.each(vendors.map((vendor, index): [string, Vendor] => [NODES[index], vendor]))(
	'%s',
	(node, vendor) => {
		const operations = vendor.operations.map((operation, index): [string, Operation, number] => [
			`${operation.resource}.${operation.operation}`,
			operation,
			index,
		]);
		let sent = 0;

		test.each(operations)('%s', async (_name, operation, index) => {
			const secrets = secretsOf(vendor);
			// Each operation meets a redirect and, in turn, one of the others.
			const wanted = [
				DISTURBANCES[index % 2],
				DISTURBANCES[2 + (index % (DISTURBANCES.length - 2))],
			];
			for (const [what, fault] of wanted) {
				sandbox.faults.clear();
				sandbox.faults.add({ vendor: LISTENERS[node], times: 1_000_000, ...fault() });
				const before = sandbox.log.length;
				const result = await engine.runNode(`${engine.packageName}.${node}`, formOf(operation), {
					items: [{}],
					credentials: { [vendor.credentialType]: vendor.credentialType },
				});
				if (sandbox.log.length > before) sent += 1;
				expect([what, ...found(everythingIn(result.run), secrets)]).toEqual([what]);
				expect([what, ...found(leaked.join('\n'), secrets)]).toEqual([what]);
				expect([what, ...found(printed.join('\n'), secrets)]).toEqual([what]);
				leaked.length = 0;
				printed.length = 0;
				sandbox.clearLog();
			}
		});

		// Where values must fit together, the least form is refused before anything is sent.
		test('the disturbances were met', () => {
			expect(sent).toBeGreaterThan(2 * 0.85 * vendor.operations.length);
		});
	},
);
