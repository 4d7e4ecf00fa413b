/** The works of the bench, and what each must reach. */
import { withProgress } from '../sandbox/setup.mjs';
import {
	CLIENT_REQUESTS,
	CLIENTS,
	clientsFloorMs,
	KNOWN,
	listFloorMs,
	LOCATIONS,
	measureClients,
	measureHttpClients,
	measureHttpList,
	measureList,
	measurePoll,
	POLL_REQUESTS,
	pollFloorMs,
	ROWS as ALTEGIO_ROWS,
	SAMPLE,
	type AltegioList,
} from './altegio';
import { atLeast, atMost, isTrue, type Bound } from './bounds';
import { bulkChain, floorMs, listChain } from './floor';
import {
	measurePhotos,
	measureVisits,
	PHOTOS,
	photosFloorMs,
	VISITS,
	visitsFloorMs,
} from './inspectorCloud';
import { MARKET_WORKS, measureMarket, SAMPLE as MARKET_SAMPLE, type MarketWork } from './market';
import { measureForm, measureLoad, type LoadFigures } from './load';
import { measurePanels, ROUNDS, THEIRS, type Opened } from './panel';
import { PER_ITEM, type Figures, type Measurements, type Writing } from './measure';
import { runScript } from './processes';
import { SHOP_WORKS, type ShopWork } from './shop';

const ROWS = 100_000;
/** IDs that fit into a request's 8 KB (MoySklad docs: Restrictions) beside address and headers: 44 bytes each. */
const IDS_PER_REQUEST = 170;

/** How a figure compares with other ways; factors, 1 is equal. */
export interface Ratios {
	/** So many times as fast as (a), and so much of its CPU and peak memory. */
	speedToA?: number;
	cpuToA?: number;
	rssToA?: number;
	/** The same without the Split Out node that (a) needs to give rows. */
	cpuToAWithoutSplitOut?: number;
	rssToAWithoutSplitOut?: number;
	/** So many times as many items per second as (b). */
	speedToB?: number;
	/** So many times the floor's time. */
	timeToFloor?: number;
}

/** A line of the table. */
export interface Line {
	/** Name of the work it belongs to. */
	work: string;
	title: string;
	figures?: Figures;
	load?: LoadFigures;
	floorSeconds?: number;
	ratios: Ratios;
	bounds: Bound[];
	notes: string[];
	/** Why there are no figures, or why they do not count. */
	error?: string;
}

/** A work that can be run by its name. */
export interface Work {
	name: string;
	title: string;
	run: (kit: Kit) => Promise<Line[]>;
}

/** What works are run with. */
export interface Kit {
	measurements: Measurements;
	/** Whether (a) and (b) are measured, too. */
	baselines: boolean;
}

function line(work: string, title: string, figures: Figures, floorMilliseconds?: number): Line {
	const notes: string[] = [];
	if (figures.prepared !== undefined && figures.prepared < 1) {
		const share = Math.round((1 - figures.prepared) * 100);
		notes.push(`${share} % of the pages were not prepared: the sandbox's own work counts`);
	}
	notes.push(...figures.refusals);
	if (figures.polls > 0) notes.push(`and ${figures.polls} polls`);
	if (figures.intervalMs !== undefined) notes.push(`one request in ${figures.intervalMs} ms`);
	const floorSeconds = floorMilliseconds === undefined ? undefined : floorMilliseconds / 1000;
	return {
		work,
		title,
		figures,
		floorSeconds,
		ratios:
			floorSeconds === undefined || figures.error !== undefined
				? {}
				: { timeToFloor: figures.seconds / floorSeconds },
		bounds: [],
		notes,
		error: figures.error,
	};
}

/** What a line must reach; what was not done is not judged. */
function judge(result: Line, bounds: Bound[]): void {
	result.bounds =
		result.error === undefined
			? bounds
			: bounds.map(({ must }) => ({ must, met: undefined, by: 'not done' }));
}

/** A baseline, or why there is none. */
async function baseline(
	wanted: boolean,
	take: () => Promise<Figures>,
): Promise<{ figures?: Figures; missing?: string }> {
	if (!wanted) return {};
	try {
		return { figures: await take() };
	} catch (error) {
		return { missing: error instanceof Error ? error.message : String(error) };
	}
}

async function exportWork({ measurements, baselines }: Kit): Promise<Line[]> {
	const ours = await measurements.export({ rows: ROWS, simplify: true });
	const result = line('export', 'Export 100,000 assortment rows', ours, exportFloor(ROWS));
	const a = await baseline(baselines, async () => await measurements.httpExport(ROWS));
	if (a.missing !== undefined) result.notes.push(a.missing);
	if (a.figures && !result.error) result.ratios.speedToA = a.figures.seconds / ours.seconds;
	judge(result, [
		isTrue('all rows', ours.items === ROWS),
		atMost('floor ×', 1.15, result.ratios.timeToFloor),
		atLeast('(a)', 4, result.ratios.speedToA),
		atMost('429s', 0, ours.refused),
	]);
	if (!a.figures) return [result];
	return [result, line('export', '  (a) the same by HTTP Request and Split Out', a.figures)];
}

function exportFloor(...lists: number[]): number {
	return floorMs(lists.map((rows) => listChain(rows)));
}

async function asyncWork({ measurements }: Kit): Promise<Line[]> {
	const plain = await measurements.export({ rows: ROWS, simplify: true });
	const ours = await measurements.export({ rows: ROWS, simplify: true, asynchronous: true });
	const result = line('async', 'The same by asynchronous export', ours);
	judge(result, [
		atMost('requests besides polling', 10, ours.requests),
		isTrue('rows identical', ours.items === ROWS && ours.hashes[0] === plain.hashes[0]),
	]);
	return [result];
}

/** What a bulk work on bonus transactions must reach. */
interface BulkWork {
	what: Writing;
	count: number;
	title: string;
	perRequest?: number;
	requests: number;
	/** At least so many times as fast as (b). */
	timesB?: number;
}

const BULK_WORKS: BulkWork[] = [
	{
		what: 'create',
		count: 10_000,
		title: 'Create 10,000 bonus transactions',
		requests: 12,
		timesB: 100,
	},
	{
		what: 'get',
		count: 1000,
		title: 'Get 1,000 by ID',
		perRequest: IDS_PER_REQUEST,
		requests: 12,
		timesB: 30,
	},
	{ what: 'delete', count: 10_000, title: 'Delete 10,000', requests: 12 },
];

async function bulkWork(work: BulkWork, { measurements, baselines }: Kit): Promise<Line[]> {
	const { what, count, title, perRequest, requests, timesB } = work;
	const ours = await measurements.perItem(what, count);
	const floor = floorMs([bulkChain(count, perRequest)]);
	const result = line(what, title, ours, floor);
	const b = await baseline(baselines, async () => await measurements.httpPerItem(what));
	if (b.missing !== undefined) result.notes.push(b.missing);
	if (b.figures && !result.error)
		result.ratios.speedToB = ours.itemsPerSecond / b.figures.itemsPerSecond;
	const growth = { create: count, get: 0, delete: -count }[what];
	const complete = ours.items === count && ours.grown === growth && ours.inOrder !== false;
	judge(result, [
		isTrue(what === 'get' ? 'all, in the order of the input' : 'all of them, once', complete),
		atMost('requests', requests, ours.requests),
		...(timesB === undefined ? [] : [atLeast('(b)', timesB, result.ratios.speedToB)]),
	]);
	if (!b.figures) return [result];
	return [result, line(what, `  (b) HTTP Request once per item: ${what} ${PER_ITEM}`, b.figures)];
}

async function shopWork(work: ShopWork, { measurements, baselines }: Kit): Promise<Line[]> {
	const { name, title, count, requests, writes, timesB, timesFloor } = work;
	const ours = await measurements.shop(work);
	const result = line(name, title, ours, work.floorMs(count));
	let b: Figures | undefined;
	try {
		b = baselines ? await measurements.httpShop(work) : undefined;
	} catch (error) {
		result.notes.push(error instanceof Error ? error.message : String(error));
	}
	if (b && !result.error) result.ratios.speedToB = ours.itemsPerSecond / b.itemsPerSecond;
	result.notes.push(`${ours.writes} of the requests write`);
	judge(result, [
		isTrue('all of them, once', ours.items === count),
		...(requests === undefined ? [] : [atMost('requests', requests, ours.requests)]),
		...(writes === undefined ? [] : [atMost('requests beside look-ups', writes, ours.writes)]),
		...(timesB === undefined ? [] : [atLeast('(b)', timesB, result.ratios.speedToB)]),
		...(timesFloor === undefined ? [] : [atMost('floor ×', timesFloor, result.ratios.timeToFloor)]),
		atMost('429s', 0, ours.refused),
	]);
	if (!b) return [result];
	return [result, line(name, `  (b) HTTP Request once per item, ${PER_ITEM} of them`, b)];
}

async function twoWork({ measurements }: Kit): Promise<Line[]> {
	const rows = ROWS / 2;
	const ours = await measurements.export({ rows, simplify: true, copies: 2 });
	const title = 'Two workflows export 50,000 rows each, one credential';
	const result = line('two', title, ours, exportFloor(rows, rows));
	judge(result, [
		isTrue('all rows, twice', ours.items === ROWS && ours.hashes[0] === ours.hashes[1]),
		atMost('floor ×', 1.15, result.ratios.timeToFloor),
		atMost('429s', 0, ours.refused),
	]);
	return [result];
}

async function costWork({ measurements, baselines }: Kit): Promise<Line[]> {
	const lines: Line[] = [];
	const a = await baseline(baselines, async () => await measurements.httpExport(ROWS));
	for (const simplify of [false, true]) {
		const ours = await measurements.export({ rows: ROWS, simplify });
		const how = simplify ? 'Simplify on' : 'whole rows, as (a) has them';
		const result = line('cost', `CPU and memory per 100,000 rows: ${how}`, ours, exportFloor(ROWS));
		if (a.missing !== undefined) result.notes.push(a.missing);
		if (a.figures && !result.error) {
			const { cpuSeconds, peakRssMb, withoutSplitOut } = a.figures;
			const { ratios } = result;
			ratios.cpuToA = ours.cpuSeconds / cpuSeconds;
			ratios.rssToA = ours.peakRssMb / peakRssMb;
			if (withoutSplitOut) {
				ratios.cpuToAWithoutSplitOut = ours.cpuSeconds / withoutSplitOut.cpuSeconds;
				ratios.rssToAWithoutSplitOut = ours.peakRssMb / withoutSplitOut.peakRssMb;
				result.notes.push(
					`to (a) without Split Out: CPU ${ratios.cpuToAWithoutSplitOut.toFixed(2)}, RSS ${ratios.rssToAWithoutSplitOut.toFixed(2)}`,
				);
			}
		}
		const same = a.figures && ours.hashes[0] === a.figures.hashes[0];
		judge(result, [
			...(simplify ? [] : [isTrue('the rows of (a)', same)]),
			atMost('CPU of (a) ×', 1.3, result.ratios.cpuToA),
			atMost('peak RSS of (a) ×', 1.2, result.ratios.rssToA),
		]);
		lines.push(result);
	}
	return lines;
}

async function loadWork(): Promise<Line[]> {
	const load = await withProgress(
		'Loading the package in fresh processes',
		async () => await measureLoad(),
	);
	const { alone } = load;
	const form = await measureForm();
	return [
		{
			work: 'load',
			title: 'Load the package, read the descriptions of its nodes',
			load,
			ratios: {},
			bounds: [atMost('ms', 150, load.ms), atMost('MB more heap', 25, load.heapMb)],
			notes: [
				`with n8n-workflow, which n8n itself has loaded: ${alone.ms.toFixed(0)} ms, ${alone.heapMb.toFixed(1)} MB`,
			],
		},
		{
			work: 'load',
			title: '`new Workflow` of ten MoySklad nodes',
			ratios: {},
			bounds: [
				atMost('ms', 10, form.ms),
				atMost('KB', 700, form.kilobytes),
				atMost('properties', 700, form.properties),
			],
			notes: [`the form: ${form.properties} properties, ${form.kilobytes.toFixed(0)} KB`],
		},
	];
}

function panelLine(title: string, opened: Opened[]): Line {
	const theirs = opened.find(({ name }) => name === THEIRS);
	if (!theirs) throw new Error(`${THEIRS} was not opened`);
	// What n8n takes for a panel depends on how much is in it, first of all.
	const figures = ({ rest, first, controls }: Opened) =>
		`${rest.toFixed(0)} ms (the first control after ${first.toFixed(0)}); ${controls} controls, ${(rest / controls).toFixed(0)} ms each`;
	const bounds: Bound[] = [];
	const notes = [`medians of ${ROUNDS}`, `${THEIRS}: ${figures(theirs)}`];
	for (const one of opened) {
		if (one === theirs) continue;
		notes.push(`${one.name}: ${figures(one)}`);
		bounds.push(atMost(`${one.name}: ${THEIRS} ×`, 1, one.rest / theirs.rest));
	}
	return { work: 'panel', title, ratios: {}, bounds, notes };
}

async function panelWork(): Promise<Line[]> {
	const { fresh, inUse } = await withProgress(
		"Opening nodes in n8n's editor",
		async () => await measurePanels(),
	);
	return [
		panelLine('Open the panel of a node that is new', fresh),
		panelLine('Open the panel of a node in use: a list with a filter', inUse),
	];
}

/** Ten times the rows may take ten times as much, and a tenth more for chance. */
const LINEAR = 11;

async function growthWork({ measurements }: Kit): Promise<Line[]> {
	const lines: Line[] = [];
	let smaller: Figures | undefined;
	for (const rows of [1000, 10_000, 100_000]) {
		const ours = await measurements.export({ rows, simplify: true });
		const result = line(
			'growth',
			`Growth: ${rows.toLocaleString('en')} rows`,
			ours,
			exportFloor(rows),
		);
		const heap = `holds ${ours.retainedHeapMb.toFixed(1)} MB, RSS + ${rssGrowth(ours).toFixed(0)} MB`;
		result.notes.push(heap);
		if (smaller) {
			const steps: Array<[string, number]> = [
				['time', ours.seconds / smaller.seconds],
				['CPU', ours.cpuSeconds / smaller.cpuSeconds],
				['memory held', ours.retainedHeapMb / smaller.retainedHeapMb],
				['RSS growth', rssGrowth(ours) / rssGrowth(smaller)],
			];
			judge(
				result,
				steps.map(([what, factor]) => atMost(`${what} ×`, LINEAR, factor)),
			);
			for (const [what, factor] of steps) {
				result.notes.push(
					`${what} × ${factor.toFixed(1)}, exponent ${Math.log10(factor).toFixed(2)}`,
				);
			}
		}
		smaller = ours;
		lines.push(result);
	}
	return lines;
}

function rssGrowth({ peakRssMb, baselineRssMb }: Figures): number {
	return peakRssMb - baselineRssMb;
}

async function visitsWork(): Promise<Line[]> {
	const { visits, prices, latencyMs } = VISITS;
	const ours = await measureVisits();
	const title = `${visits} visits of 3 MB with details, split into prices (Inspector Cloud)`;
	const result = line('visits', title, ours, visitsFloorMs());
	result.notes.push(`an answer takes ${latencyMs} ms, four visits at a time`);
	judge(result, [
		isTrue('all prices', ours.items === visits * prices),
		atMost('floor ×', 1.2, result.ratios.timeToFloor),
		atMost('peak RSS MB', 300, ours.peakRssMb),
	]);
	return [result];
}

async function photosWork(): Promise<Line[]> {
	const ours = await measurePhotos();
	const title = `Upload ${PHOTOS} photos, 100 a minute (Inspector Cloud)`;
	const result = line('photos', title, ours, photosFloorMs());
	judge(result, [
		isTrue('all photos', ours.items === PHOTOS),
		atMost('requests', PHOTOS, ours.requests),
		atMost('floor ×', 1.2, result.ratios.timeToFloor),
		atMost('429s', 0, ours.refused),
	]);
	return [result];
}

async function altegioListWork(list: AltegioList, { baselines }: Kit): Promise<Line[]> {
	const ours = await measureList(list);
	const name = `altegio-${list}`;
	const rows = ALTEGIO_ROWS.toLocaleString('en');
	const result = line(name, `Export ${rows} ${list} (Altegio)`, ours, listFloorMs());
	result.notes.push(...ours.calls);
	const a = await baseline(baselines, async () => await measureHttpList(list));
	if (a.missing !== undefined) result.notes.push(a.missing);
	if (a.figures && !result.error) result.ratios.speedToA = a.figures.seconds / ours.seconds;
	judge(result, [
		isTrue('all rows', ours.items === ALTEGIO_ROWS),
		atMost('floor ×', 1.2, result.ratios.timeToFloor),
		atMost('429s', 0, ours.refused),
	]);
	if (!a.figures) return [result];
	return [result, line(name, '  (a) the same by HTTP Request and Split Out', a.figures)];
}

async function altegioClientsWork({ baselines }: Kit): Promise<Line[]> {
	const ours = await measureClients();
	const name = 'altegio-upsert';
	const count = CLIENTS.toLocaleString('en');
	const title = `Create or update ${count} clients by phone, ${KNOWN} of them known (Altegio)`;
	const result = line(name, title, ours, clientsFloorMs());
	result.notes.push(...ours.calls);
	const b = await baseline(baselines, measureHttpClients);
	if (b.missing !== undefined) result.notes.push(b.missing);
	if (b.figures && !b.figures.error && !result.error)
		result.ratios.speedToB = ours.itemsPerSecond / b.figures.itemsPerSecond;
	judge(result, [
		isTrue('all of them, once', ours.items === CLIENTS),
		atMost('requests', CLIENT_REQUESTS, ours.requests),
		atMost('floor ×', 1.2, result.ratios.timeToFloor),
		atMost('429s', 0, ours.refused),
	]);
	if (!b.figures) return [result];
	return [result, line(name, `  (b) HTTP Request: only a search for each of ${SAMPLE}`, b.figures)];
}

async function altegioPollWork(): Promise<Line[]> {
	const ours = await measurePoll();
	const title = `Poll ${LOCATIONS} locations, twice (Altegio)`;
	const result = line('altegio-poll', title, ours, pollFloorMs());
	result.notes.push(...ours.calls);
	judge(result, [
		atMost('requests', POLL_REQUESTS, ours.requests),
		atMost('floor ×', 1.2, result.ratios.timeToFloor),
		atMost('429s', 0, ours.refused),
	]);
	return [result];
}

async function marketWork(work: MarketWork, { baselines }: Kit): Promise<Line[]> {
	const ours = await measureMarket(work, 'ours');
	const result = line(work.name, `${work.title} (Yandex Market)`, ours, work.floorMs);
	result.notes.push(...(work.note === undefined ? [] : [work.note]), ...ours.calls);
	const { http } = work;
	const other = await baseline(
		baselines && http !== undefined,
		async () => await measureMarket(work, 'http'),
	);
	if (other.missing !== undefined) result.notes.push(other.missing);
	if (other.figures?.error !== undefined) result.notes.push(other.figures.error);
	else if (other.figures && !result.error) {
		const { seconds, itemsPerSecond } = other.figures;
		if (http?.by === 'a') result.ratios.speedToA = seconds / ours.seconds;
		else result.ratios.speedToB = ours.itemsPerSecond / itemsPerSecond;
	}
	const grown = rssGrowth(ours);
	if (ours.unpackedMb !== undefined) {
		result.notes.push(
			`${ours.unpackedMb.toFixed(0)} MB unpacked, RSS + ${grown.toFixed(0)} MB, holds ${ours.retainedHeapMb.toFixed(0)} MB`,
		);
	}
	judge(result, [
		isTrue('all of them, once', ours.items === work.count),
		atMost('requests beside look-ups', work.main.most, ours.main),
		...(work.timesFloor === undefined
			? []
			: [atMost('floor ×', work.timesFloor, result.ratios.timeToFloor)]),
		...(ours.unpackedMb === undefined
			? []
			: [atMost('peak memory: the file unpacked ×', 1.5, grown / ours.unpackedMb)]),
		atMost('420s', 0, ours.refused),
	]);
	if (!other.figures || !http) return [result];
	const how =
		http.by === 'a'
			? '(a) the same by HTTP Request and Split Out'
			: `(b) HTTP Request once per item, ${MARKET_SAMPLE} of them`;
	return [result, line(work.name, `  ${how}`, other.figures)];
}

/** In the order in which they are run. */
export const WORKS: Work[] = [
	{ name: 'export', title: 'export 100,000 assortment rows', run: exportWork },
	{ name: 'async', title: 'the same by asynchronous export', run: asyncWork },
	...BULK_WORKS.map((work) => ({
		name: work.what,
		title: work.title.charAt(0).toLowerCase() + work.title.slice(1),
		run: async (kit: Kit) => await bulkWork(work, kit),
	})),
	...SHOP_WORKS.map((work) => ({
		name: work.name,
		title: work.title.charAt(0).toLowerCase() + work.title.slice(1),
		run: async (kit: Kit) => await shopWork(work, kit),
	})),
	{ name: 'two', title: 'two workflows with 50,000 rows each at once', run: twoWork },
	{ name: 'cost', title: 'CPU and memory per 100,000 rows', run: costWork },
	{ name: 'load', title: 'loading the package', run: loadWork },
	{
		name: 'panel',
		title: "opening a node's panel in n8n's editor, beside Google Sheets",
		run: panelWork,
	},
	{ name: 'growth', title: '1,000, 10,000 and 100,000 rows', run: growthWork },
	{ name: 'visits', title: '1,000 visits of 3 MB, split (Inspector Cloud)', run: visitsWork },
	{ name: 'photos', title: '500 photos at the rate of Inspector Cloud', run: photosWork },
	...(['appointments', 'clients'] as const).map((list) => ({
		name: `altegio-${list}`,
		title: `export 10,000 ${list} (Altegio)`,
		run: async (kit: Kit) => await altegioListWork(list, kit),
	})),
	{
		name: 'altegio-upsert',
		title: 'create or update 1,000 clients by phone (Altegio)',
		run: altegioClientsWork,
	},
	{ name: 'altegio-poll', title: 'poll 50 locations, twice (Altegio)', run: altegioPollWork },
	...MARKET_WORKS.map((work) => ({
		name: work.name,
		title: `${work.title.charAt(0).toLowerCase()}${work.title.slice(1)} (Yandex Market)`,
		run: async (kit: Kit) => await marketWork(work, kit),
	})),
	{
		name: 'stock',
		title: 'three sources of stock figures (a table of its own)',
		run: async () => {
			await runScript('assortment-stock.ts');
			return [];
		},
	},
];
