import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import type { Exchange, RunningServer, ServerContext, VendorReply } from '../shared/server';
import { startVendorServer } from '../shared/server';
import { JPEG } from '../inspector-cloud/state';
import type { MoySkladState } from '../moysklad/state';
import type { YandexReports } from '../yandex-market/reports';

/** A transparent PNG of one pixel. */
const PIXEL = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

const decompress = promisify(gunzip);

function noSuchKey(): VendorReply {
	return {
		status: 404,
		headers: { 'content-type': 'application/xml' },
		body: '<Error><Code>NoSuchKey</Code></Error>',
	};
}

/** Refuses a signed link that is too old. */
function expired(exchange: Exchange<undefined>): VendorReply | undefined {
	if (Number(exchange.value('expires') ?? 0) >= Date.now()) return undefined;
	return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Link expired' };
}

/** Id in the name of a file: what stands before the extension. */
function idOf(exchange: Exchange<undefined>): string {
	return exchange.params.name.replace(/\.[^.]*$/, '');
}

/** An uploaded file with its own bytes; generated images are one pixel each. */
function file(state: MoySkladState, exchange: Exchange<undefined>): VendorReply {
	const id = idOf(exchange);
	const blob = state.blobs.get(id);
	if (blob) return { status: 200, headers: { 'content-type': blob.mediaType }, body: blob.bytes };
	if (!state.rows.hasImage(id)) return noSuchKey();
	return { status: 200, headers: { 'content-type': 'image/png' }, body: PIXEL };
}

/** The result of an asynchronous task; compressed for those who accept that. */
async function result(state: MoySkladState, exchange: Exchange<undefined>): Promise<VendorReply> {
	const stored = state.asyncTasks.stored(idOf(exchange));
	if (!stored) return noSuchKey();
	const headers = { 'content-type': 'application/json;charset=utf-8' };
	if (/\bgzip\b/.test(exchange.header('accept-encoding') ?? '')) {
		return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: stored };
	}
	return { status: 200, headers, body: await decompress(stored) };
}

/**
 * Starts the storage host that MoySklad's downloads are redirected to. As object stores do, it
 * refuses signed links that come with an Authorization header (or Yandex Market's Api-Key); such a request is a leaked secret
 * and is counted.
 */
export async function startStorage(
	context: ServerContext,
	state: MoySkladState,
	reports: YandexReports,
	port: number,
): Promise<RunningServer> {
	const server = await startVendorServer<undefined>(
		context,
		{
			vendor: 'storage',
			routes: [
				{
					method: 'GET',
					path: '/file/:name',
					handler: (exchange) => expired(exchange) ?? file(state, exchange),
				},
				{
					method: 'GET',
					path: '/miniature/:name',
					handler: (exchange) =>
						expired(exchange) ?? {
							status: 200,
							headers: { 'content-type': 'image/png' },
							body: PIXEL,
						},
				},
				{
					method: 'GET',
					path: '/photo/:name',
					handler: (exchange) =>
						(exchange.value('expires') === undefined ? undefined : expired(exchange)) ?? {
							status: 200,
							headers: { 'content-type': 'image/jpeg' },
							body: JPEG,
						},
				},
				{
					method: 'GET',
					path: '/permanent/:name',
					handler: (exchange) => file(state, exchange),
				},
				{
					method: 'GET',
					path: '/market/:name',
					handler: (exchange) => {
						const bytes = reports.file(idOf(exchange));
						const headers = { 'content-type': 'application/octet-stream' };
						return (
							expired(exchange) ?? (bytes ? { status: 200, headers, body: bytes } : noSuchKey())
						);
					},
				},
				{
					method: 'GET',
					path: '/async/:name',
					handler: (exchange) => expired(exchange) ?? result(state, exchange),
				},
			],
			guard: (exchange) => {
				const keys = ['authorization', 'api-key'];
				if (keys.every((name) => exchange.header(name) === undefined)) return undefined;
				state.storageAuthorizationLeaks++;
				exchange.log.note = 'credentials leaked to the storage host';
				return {
					status: 400,
					headers: { 'content-type': 'application/xml' },
					body: '<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>',
				};
			},
			failed: (error) => {
				throw error;
			},
			notFound: noSuchKey,
			faultBody: (status) => `<Error><Code>${status}</Code></Error>`,
		},
		port,
	);
	state.world.storage = server.origin;
	return server;
}
