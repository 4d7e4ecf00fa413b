import { randomUUID } from 'node:crypto';

import { INSPECTOR_TOKENS } from '../credentials';
import type { LimitsMode } from '../shared/types';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** A JPEG of one pixel. */
export const JPEG = Buffer.from(
	'/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
	'base64',
);

const DAY_MS = 86_400_000;
const TOKEN_MS = 90 * DAY_MS;
/** Scene UUIDs come without dashes. */
const uuid = () => randomUUID().replace(/-/g, '');

/** Uploads, and recognitions, that a minute may have (Inspector Cloud docs: `uploads`, `recognize`). */
const PER_MINUTE = 100;
const MINUTE_MS = 60_000;

/** What has happened to a visit since the sandbox began. */
export interface VisitChange {
	cid?: string;
	/** Epoch ms at which it was made, where that is not as generated. */
	created?: number;
	/** Epoch ms of the last change. */
	updated?: number;
	isNew?: boolean;
	isClosed?: boolean;
	isDeleted?: boolean;
}

interface Report extends Json {
	id: number;
	status: 'NOT_READY' | 'READY' | 'ERROR';
	report_type: string;
	/** Looks until it is ready. */
	looksLeft: number;
	/** Where to call when it is ready. */
	webhook?: string;
}

/** What Inspector Cloud remembers: tokens, acknowledgements, photos, recognitions and their reports. */
export class InspectorState {
	/** Tokens made from the master key, with their ends (epoch ms). */
	readonly tokens = new Map<string, number>();
	/** How many were made. */
	tokensMade = 0;
	/** Looks at a report before it is ready. */
	slowLooks = 1;
	/** Types of reports that end in an error. */
	readonly failing = new Set<string>();
	readonly visits = new Map<number, VisitChange>();
	readonly kpiValues: Json[] = [];
	readonly uploads = new Map<number, Json & { bytes: number }>();
	readonly reports = new Map<number, Report>();
	recognitions = 0;
	/** Made reports name the origin of the storage in links. */
	storage = '';
	/** 429 answers so far. */
	refused = 0;
	private readonly moments = new Map<string, number[]>();

	constructor(private readonly limits: LimitsMode = 'documented') {}

	/** Counts an upload or a recognition: ms until there is room for it, 0 when there is. */
	enter(what: 'uploads' | 'recognize'): number {
		if (this.limits === 'off') return 0;
		const now = Date.now();
		const recent = (this.moments.get(what) ?? []).filter((at) => at > now - MINUTE_MS);
		this.moments.set(what, recent);
		if (recent.length < PER_MINUTE) {
			recent.push(now);
			return 0;
		}
		this.refused++;
		return recent[0] + MINUTE_MS - now;
	}

	makeToken(): Json {
		const now = Date.now();
		const token = `sandboxmade${randomUUID().replace(/-/g, '')}`;
		this.tokens.set(token, now + TOKEN_MS);
		this.tokensMade++;
		// With a blank for the T, as the documentation has it.
		const written = (ms: number) =>
			new Date(ms).toISOString().replace('T', ' ').replace('Z', '000+00:00');
		return { token, created_at: written(now), expires_at: written(now + TOKEN_MS) };
	}

	isValid(token: string): boolean {
		const known: string[] = [INSPECTOR_TOKENS.default, INSPECTOR_TOKENS.masterKey];
		return known.includes(token) || (this.tokens.get(token) ?? 0) > Date.now();
	}

	/** A visit changes: it is new again, whoever acknowledged it before. */
	change(id: number, change: Omit<VisitChange, 'updated' | 'isNew'> = {}): void {
		const before = this.visits.get(id);
		const updated = Math.max(Date.now(), (before?.updated ?? 0) + 1);
		this.visits.set(id, { ...before, ...change, updated, isNew: true });
	}

	acknowledge(id: number, cid: string | undefined): void {
		this.visits.set(id, {
			...this.visits.get(id),
			isNew: false,
			...(cid === undefined ? {} : { cid }),
		});
	}

	upload(bytes: number, url?: string): Json {
		const same = [...this.uploads.values()].find(
			(one) => one.bytes === bytes && one.source === url,
		);
		if (same) return { ...same, duplicate: true };
		const id = 5_000_001 + this.uploads.size;
		const photo = {
			id,
			url: `${this.storage}/photo/${id}.jpg`,
			width: 1,
			height: 1,
			created_date: new Date().toISOString(),
			duplicate: false,
			bytes,
			...(url === undefined ? {} : { source: url }),
		};
		this.uploads.set(id, photo);
		return photo;
	}

	recognise(images: unknown[], types: string[], visit: unknown, webhook?: string): Json {
		const id = 70_000 + ++this.recognitions;
		// Without a visit, each recognition makes one of its own.
		const visitId = visit ?? 900_000 + id;
		const reports: Json = {};
		for (const type of types) {
			const reportId = 1786 + this.reports.size;
			reports[type] = reportId;
			const now = new Date().toISOString();
			this.reports.set(reportId, {
				id: reportId,
				status: 'NOT_READY',
				report_type: type,
				created_date: now,
				updated_date: now,
				visit: visitId,
				looksLeft: this.slowLooks,
				...(webhook === undefined ? {} : { webhook }),
			});
		}
		return { id, images, display: null, reports, scene: uuid() };
	}

	/** A report as a look at it finds it. */
	look(id: number): Json | undefined {
		const report = this.reports.get(id);
		if (!report) return undefined;
		if (report.status === 'NOT_READY' && report.looksLeft-- <= 0) {
			report.status = this.failing.has(report.report_type) ? 'ERROR' : 'READY';
			report.updated_date = new Date().toISOString();
		}
		const { looksLeft, webhook, ...shown } = report;
		void [looksLeft, webhook];
		const isReady = report.status === 'READY';
		return {
			...shown,
			json: isReady ? contentOf(report.report_type) : null,
			previous_report: null,
			error: report.status === 'ERROR' ? `${report.report_type} needs a display` : null,
		};
	}

	recalculate(ids: number[], webhook?: string): void {
		for (const id of ids) {
			const report = this.reports.get(id);
			if (!report) continue;
			Object.assign(report, { status: 'NOT_READY', looksLeft: this.slowLooks, webhook });
		}
	}

	/** A report becomes ready (or fails), and its webhook is called: unsigned, keyed by the report's ID, once. */
	async finish(id: number): Promise<number | undefined> {
		const report = this.reports.get(id);
		if (!report) throw new Error(`There is no report ${id}`);
		report.looksLeft = 0;
		const shown = this.look(id);
		if (report.webhook === undefined) return undefined;
		const answer = await fetch(report.webhook, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ [id]: shown?.json ?? {} }),
		});
		return answer.status;
	}
}

function contentOf(type: string): unknown {
	switch (type) {
		case 'FACING_COUNT':
			return [
				{ sku_id: 155_279, count: 4 },
				{ sku_id: 155_282, count: 1 },
			];
		case 'SHARE_OF_SPACE':
			return [{ sku_id: 155_279, share_of_count: 0.8, share_of_space: 0.75 }];
		case 'REALOGRAM':
			return [
				{
					image: 5_000_001,
					annotations: [{ sku_id: 155_279, x: 100, y: 200, h: 120, w: 38, duplicate: false }],
					shelf_annotations: [{ x1: 0, y1: 260, x2: 4000, y2: 262 }],
				},
			];
		case 'PLANOGRAM_COMPLIANCE':
			return { share: 0.5, actions: ['move'] };
		default:
			return [];
	}
}
