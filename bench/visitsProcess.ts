/**
 * A process of its own that serves the Data API's list of visits, and visits of several megabytes each: what it
 * computes must not count for the work that is measured. The bytes are ready before the first request.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { INSPECTOR_VISITS } from '../sandbox';
import { visitBody, visitItem } from '../sandbox/inspector-cloud/data';
import type {
	SandboxAnswer,
	SandboxOrder,
	SeenRequest,
	VisitsReady,
	VisitsSetup,
} from './messages';

interface Scene {
	images: Array<{ annotations: object[] }>;
}

/** A visit of so many bytes, most of them boxes on its photos, as with the vendor; what stands behind its ID. */
function restOfVisit({ bytes, prices }: VisitsSetup): string {
	const visit = visitBody(1, INSPECTOR_VISITS.rich, 'v1.3');
	delete visit.id;
	const [price] = visit.prices as object[];
	visit.prices = Array.from({ length: prices }, (_, at) => ({ ...price, id: at + 1, price: at }));
	const [scene] = visit.scenes as Scene[];
	const [photo] = scene.images;
	const { annotations } = photo;
	const missing = bytes - JSON.stringify(visit).length;
	const each = JSON.stringify(annotations).length;
	const photos = Math.max(0, Math.ceil(missing / each));
	scene.images.push(...Array.from({ length: photos }, () => photo));
	return JSON.stringify(visit).slice(1);
}

function main(): void {
	const setup = JSON.parse(process.argv[2]) as VisitsSetup;
	const rest = Buffer.from(restOfVisit(setup));
	const items = Array.from({ length: setup.visits }, (_, at) => ({
		...visitItem(1, INSPECTOR_VISITS.rich),
		id: at + 1,
	}));
	const seen: SeenRequest[] = [];
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://visits');
		const arrived = Date.now();
		seen.push({
			vendor: 'inspectorCloud',
			method: String(request.method),
			url: String(request.url),
			status: 200,
			at: arrived,
			durationMs: setup.latencyMs,
		});
		const id = /\/visits\/(\d+)\/$/.exec(url.pathname)?.[1];
		const offset = Number(url.searchParams.get('offset') ?? 0);
		const limit = Number(url.searchParams.get('limit') ?? 30);
		const list = () =>
			JSON.stringify({
				count: items.length,
				next: offset + limit < items.length ? 'http://example.com' : null,
				previous: null,
				results: items.slice(offset, offset + limit),
			});
		const parts = id === undefined ? [list()] : [`{"id":${id},`, rest];
		setTimeout(() => {
			response.writeHead(200, { 'content-type': 'application/json' });
			for (const part of parts) response.write(part);
			response.end();
		}, setup.latencyMs);
	});
	process.on('message', ({ order }: SandboxOrder) => {
		const answer: SandboxAnswer = order === 'requests' ? { requests: seen } : {};
		if (order !== 'requests') seen.length = 0;
		process.send?.(answer);
	});
	server.listen(0, '127.0.0.1', () => {
		const { port } = server.address() as AddressInfo;
		const ready: VisitsReady = { origin: `http://127.0.0.1:${port}`, bytes: rest.length };
		process.send?.(ready);
	});
}

// The runner is gone: so is the reason to be.
process.on('disconnect', () => process.exit(0));
main();
