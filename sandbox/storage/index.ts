import type { RunningServer, ServerContext } from '../shared/server';
import { startVendorServer } from '../shared/server';
import type { MoySkladState } from '../moysklad/state';

/** A transparent PNG of one pixel. */
const PIXEL = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

/**
 * Starts the storage host that MoySklad's downloads are redirected to. As object stores do, it
 * refuses signed links that come with an Authorization header; such a request is a leaked secret
 * and is counted.
 */
export async function startStorage(
	context: ServerContext,
	state: MoySkladState,
	port: number,
): Promise<RunningServer> {
	const server = await startVendorServer<undefined>(
		context,
		{
			vendor: 'storage',
			routes: ['file', 'miniature'].map((folder) => ({
				method: 'GET' as const,
				path: `/${folder}/:name`,
				handler: (exchange) => {
					if (Number(exchange.value('expires') ?? 0) < Date.now()) {
						return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Link expired' };
					}
					return { status: 200, headers: { 'content-type': 'image/png' }, body: PIXEL };
				},
			})),
			guard: (exchange) => {
				if (exchange.header('authorization') === undefined) return undefined;
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
			notFound: () => ({
				status: 404,
				headers: { 'content-type': 'application/xml' },
				body: '<Error><Code>NoSuchKey</Code></Error>',
			}),
			faultBody: (status) => `<Error><Code>${status}</Code></Error>`,
		},
		port,
	);
	state.world.storage = server.origin;
	return server;
}
