/** A server on loopback for what stands in for the outer world. */
import { createServer } from 'http';
import type { IncomingMessage, ServerResponse } from 'http';
import type { AddressInfo } from 'net';

export interface Loopback {
	/** Its address, without a slash at its end. */
	url: string;
	/** Ends connections that are open, too. */
	close(): Promise<void>;
}

/** Listens on a free port; `answer` gets each request with its whole body. */
export async function listenOnLoopback(
	answer: (body: Buffer, request: IncomingMessage, response: ServerResponse) => void,
): Promise<Loopback> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => answer(Buffer.concat(chunks), request, response));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
