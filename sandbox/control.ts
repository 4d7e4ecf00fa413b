import Fastify from 'fastify';
import { z } from 'zod';

import { DATA_EPOCH } from './shared/clock';
import type { RunningServer } from './shared/server';
import { acceptAnyBody, listen } from './shared/server';
import type { Sandbox } from './types';

const VENDORS = ['moysklad', 'storage', 'yandexMarket', 'altegio', 'inspectorCloud'] as const;

const FAULT = z
	.object({
		vendor: z.enum(VENDORS),
		method: z.string().optional(),
		path: z.string().optional(),
		status: z.number().int().min(200).max(599).optional(),
		delayMs: z.number().min(0).optional(),
		body: z.unknown(),
		headers: z.record(z.string()).optional(),
		closeConnection: z.enum(['before', 'midBody']).optional(),
		redirectTo: z.string().optional(),
		times: z.number().int().min(1).optional(),
		after: z.number().int().min(0).optional(),
		afterWork: z.boolean().optional(),
	})
	.strict();

const CHANGE = z
	.object({
		entityType: z.string(),
		action: z.enum(['CREATE', 'UPDATE', 'DELETE']),
		id: z.string().optional(),
		updatedFields: z.array(z.string()).optional(),
	})
	.strict();

const STOCK = z
	.object({
		assortmentId: z.string(),
		storeId: z.string(),
		stock: z.number().optional(),
		reserve: z.number().optional(),
		inTransit: z.number().optional(),
	})
	.strict();

const SWITCHES = z
	.object({
		tariff: z.enum(['paid', 'free']).optional(),
		bulkErrorStatus: z.union([z.literal(200), z.literal(400), z.literal(412)]).optional(),
		limits: z.enum(['documented', 'off']).optional(),
		noteField: z.enum(['text', 'description']).optional(),
		crm: z.boolean().optional(),
		extendedBonusProgram: z.boolean().optional(),
		requireAttributes: z.boolean().optional(),
		imageStorage: z.enum(['ok', 'full', 'down']).optional(),
		asyncMs: z.number().min(0).optional(),
		asyncOutcome: z.enum(['DONE', 'ERROR', 'API_ERROR', 'CANCEL']).optional(),
		latency: z.object({ baseMs: z.number().min(0), perRowMs: z.number().min(0) }).optional(),
	})
	.strict();

function index(sandbox: Sandbox): string {
	const lines = Object.entries(sandbox.urls).map(([name, url]) => `  ${name.padEnd(15)} ${url}`);
	return [
		'Sandbox of four vendors. Nothing here leaves this machine.',
		'',
		...lines,
		'',
		'Control, JSON in and out:',
		'  GET    /log?vendor=moysklad         requests so far, secrets masked',
		'  DELETE /log                         forget them',
		'  GET    /faults                      faults that wait',
		'  POST   /faults                      {"vendor":"moysklad","path":"/entity/assortment","status":503,"times":2}',
		'                                      also: method, delayMs, body, headers, closeConnection (before|midBody),',
		'                                      redirectTo, after, afterWork (the request is carried out, its answer lost)',
		'  DELETE /faults                      disarm all',
		'  POST   /moysklad/change             {"entityType":"product","action":"UPDATE","id":"…","updatedFields":["name"]}',
		'  POST   /moysklad/stock              {"assortmentId":"…","storeId":"…","stock":5}',
		'  POST   /moysklad/settings           {"tariff":"free","bulkErrorStatus":412,"limits":"off","latency":{"baseMs":50,"perRowMs":0}}',
		'                                      also: noteField (text|description), crm, extendedBonusProgram,',
		'                                      requireAttributes, imageStorage (ok|full|down), asyncMs,',
		'                                      asyncOutcome (DONE|ERROR|API_ERROR|CANCEL)',
		'  GET    /moysklad/deliveries         webhook deliveries with every attempt',
		'  DELETE /moysklad/deliveries         forget them',
		'  GET    /credentials                 credential data for the nodes',
		'  GET    /state                       numbers and switches of all vendors',
		'',
		`Generated data end on ${new Date(DATA_EPOCH).toISOString()}.`,
		'',
	].join('\n');
}

/** Starts the control listener: log, faults, changes. */
export async function startControl(
	sandbox: Sandbox,
	host: string,
	port: number,
): Promise<RunningServer> {
	const app = Fastify({ forceCloseConnections: true });
	acceptAnyBody(app);
	const read = <T>(schema: z.ZodType<T>, body: unknown): T => {
		const text = typeof body === 'string' && body !== '' ? body : '{}';
		return schema.parse(JSON.parse(text));
	};
	app.setErrorHandler(async (error, _request, reply) => {
		const bad =
			error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RangeError;
		const message = error instanceof Error ? error.message : String(error);
		return await reply.code(bad ? 400 : 500).send({ error: message });
	});
	app.get(
		'/',
		async (_request, reply) => await reply.type('text/plain; charset=utf-8').send(index(sandbox)),
	);
	app.get('/log', async (request) => {
		const { vendor } = request.query as { vendor?: string };
		return sandbox.log.filter((entry) => vendor === undefined || entry.vendor === vendor);
	});
	app.delete('/log', async (_request, reply) => {
		sandbox.clearLog();
		return await reply.code(204).send();
	});
	app.get('/faults', async () => sandbox.faults.list());
	app.post('/faults', async (request, reply) => {
		return await reply.code(201).send(sandbox.faults.add(read(FAULT, request.body)));
	});
	app.delete('/faults', async (_request, reply) => {
		sandbox.faults.clear();
		return await reply.code(204).send();
	});
	app.post('/moysklad/change', async (request) => {
		const { entityType, action, id, updatedFields } = read(CHANGE, request.body);
		return sandbox.moysklad.change(entityType, action, id, updatedFields);
	});
	app.post('/moysklad/stock', async (request) => {
		const { assortmentId, storeId, ...change } = read(STOCK, request.body);
		return sandbox.moysklad.changeStock(assortmentId, storeId, change);
	});
	app.post('/moysklad/settings', async (request) => {
		const { tariff, bulkErrorStatus, limits, latency, ...switches } = read(SWITCHES, request.body);
		const { moysklad } = sandbox;
		if (tariff !== undefined) moysklad.tariff = tariff;
		const { noteField, crm, extendedBonusProgram } = switches;
		if (noteField !== undefined) moysklad.noteField = noteField;
		if (crm !== undefined) moysklad.crm = crm;
		if (extendedBonusProgram !== undefined) moysklad.extendedBonusProgram = extendedBonusProgram;
		const { requireAttributes, imageStorage, asyncMs, asyncOutcome } = switches;
		if (requireAttributes !== undefined) moysklad.requireAttributes = requireAttributes;
		if (imageStorage !== undefined) moysklad.imageStorage = imageStorage;
		if (asyncMs !== undefined) moysklad.asyncTasks.ms = asyncMs;
		if (asyncOutcome !== undefined) moysklad.asyncTasks.outcome = asyncOutcome;
		if (bulkErrorStatus !== undefined) moysklad.bulkErrorStatus = bulkErrorStatus;
		if (limits !== undefined) moysklad.limits.enabled = limits === 'documented';
		if (latency !== undefined) Object.assign(sandbox.latency, latency);
		return moysklad.summary(sandbox.latency);
	});
	app.get('/moysklad/deliveries', async () => sandbox.moysklad.deliveries);
	app.delete('/moysklad/deliveries', async (_request, reply) => {
		sandbox.moysklad.sender.clear();
		return await reply.code(204).send();
	});
	app.get('/credentials', async () => sandbox.credentials);
	app.get('/state', async () => sandbox.state());
	const origin = await listen(app, host, port);
	return { origin, close: async () => await app.close() };
}
