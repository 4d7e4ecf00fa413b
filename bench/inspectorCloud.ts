/**
 * Inspector Cloud: big visits, read with their details and split into rows, and photos at the rate that the vendor
 * allows. Measured like MoySklad's works; the floors are made of other budgets.
 */
import { withProgress } from '../sandbox/setup.mjs';
import { floorMs, latencyOf } from './floor';
import { figuresOf, type Figures } from './measure';
import type { MeasuredWorkflow, VisitsSetup } from './messages';
import { measureJob, SandboxHandle, VisitsHandle } from './processes';

const NODE = {
	name: 'Inspector Cloud',
	type: 'n8n-nodes-retail-ops.inspectorCloud',
	credentials: { inspectorCloudApi: { id: 'bench', name: 'bench' } },
};
const TYPE = 'inspectorCloudApi';

/** Visits are "several megabytes each"; how long the vendor takes for one is not documented. */
export const VISITS: VisitsSetup = { visits: 1000, bytes: 3_000_000, prices: 20, latencyMs: 400 };
/** Rows of a page of the list. */
const PAGE = 100;
/** Visits that the node reads at a time; the vendor names no figure. */
const AT_A_TIME = 4;

/** The list's first page tells how many there are; then nothing waits for anything but its turn. */
export function visitsFloorMs(): number {
	const { visits, latencyMs } = VISITS;
	const rest = Array.from({ length: Math.ceil(visits / PAGE) - 1 + visits }, () => latencyMs);
	const unlimited = { requests: rest.length + 1, perMs: 1, parallel: AT_A_TIME };
	return floorMs([{ first: latencyMs, rest }], unlimited);
}

/** Get Many with details, split into prices: the big visits come in, small rows go out. */
export async function measureVisits(profileAs?: string): Promise<Figures> {
	return await withProgress('1,000 visits of 3 MB, split into prices', async () => {
		const server = await VisitsHandle.open(VISITS);
		try {
			const { origin } = server.ready;
			const data = { authentication: 'token', host: origin, token: 't', dataApiVersion: 'v1.3' };
			const parameters = {
				resource: 'visit',
				operation: 'getAll',
				returnAll: true,
				details: true,
				splitInto: 'prices',
			};
			const workflows: MeasuredWorkflow[] = [{ nodes: [{ ...NODE, parameters }] }];
			const job = { credential: { type: TYPE, data, origin }, workflows };
			const measured = await measureJob(server, job, profileAs);
			return figuresOf(measured, await server.requests());
		} finally {
			await server.close();
		}
	});
}

/** Uploads, and recognitions, that the vendor allows in a minute. */
const PER_MINUTE = 100;
export const PHOTOS = 500;

export function photosFloorMs(): number {
	const rest = Array.from({ length: PHOTOS }, () => latencyOf(1));
	const budget = { requests: PER_MINUTE, perMs: 60_000, parallel: AT_A_TIME };
	return floorMs([{ rest }], budget);
}

/** Photo: Upload of 500 items, each with a JPEG of its own. */
export async function measurePhotos(profileAs?: string): Promise<Figures> {
	return await withProgress('500 photos at the rate of the vendor', async () => {
		const sandbox = await SandboxHandle.open({ vendors: ['inspectorCloud'], assortmentRows: 1 });
		try {
			const data = sandbox.ready.credentials.inspectorCloudApi;
			const parameters = { resource: 'photo', operation: 'upload' };
			const job = {
				credential: { type: TYPE, data, origin: data.host },
				workflows: [{ nodes: [{ ...NODE, parameters }], photos: PHOTOS }],
			};
			const measured = await measureJob(sandbox, job, profileAs);
			return figuresOf(measured, await sandbox.requests());
		} finally {
			await sandbox.close();
		}
	});
}
