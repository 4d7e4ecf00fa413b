/**
 * Reports of the recognition: what their types hold, as rows, and the wait for them. Reference of the project:
 * inspector-cloud-api.md §4 (report types), §5.3, trap 17.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Work } from '../shared/catalogue';
import { CallFailed } from '../shared/errors/errors';
import { isRecord } from '../shared/record';
import { inParallel } from '../shared/road/parallel';
import { lookUntil, type Pace } from '../shared/run/job';
import { objectsIn, plain } from './values';

/** The set of every instance; customers have further ones of their own. */
export const REPORT_TYPES: Choice[] = [
	{ name: 'Facing Count', value: 'FACING_COUNT' },
	{ name: 'Must-Have List', value: 'MHL_COMPLIANCE', description: 'Needs a display with a list' },
	{ name: 'Must-Have SKU', value: 'MUST_HAVE_SKU', description: 'Needs a display with a list' },
	{ name: 'Panorama', value: 'PANORAMA' },
	{
		name: 'Planogram Compliance',
		value: 'PLANOGRAM_COMPLIANCE',
		description: 'Needs a display with a planogram',
	},
	{ name: 'Price Tags', value: 'PRICE_TAGS' },
	{ name: 'Realogram', value: 'REALOGRAM', description: 'Where each product stands on the photo' },
	{ name: 'Share of Space', value: 'SHARE_OF_SPACE' },
];

/** Type and content, whichever of the two documented names they have. */
function typeOf(report: IDataObject): unknown {
	return report.report_type ?? report.type;
}

function contentOf(report: IDataObject): unknown {
	return report.json ?? report.data;
}

/** What each row says of its report. */
function headOf(report: IDataObject): IDataObject {
	return {
		report_id: (report.id ?? null) as string,
		report_type: plain(typeOf(report)),
		status: plain(report.status),
		visit: plain(report.visit),
	};
}

/**
 * The content of a report as flat rows. A report without content – not ready, failed, or nothing was found – is one
 * row that says so.
 */
export function reportRows(report: IDataObject): IDataObject[] {
	const head = headOf(report);
	const error = plain(report.error);
	const rows = rowsOf(typeOf(report), contentOf(report));
	if (rows.length === 0) return [{ ...head, ...(error === null ? {} : { error }) }];
	return rows.map((row) => ({ ...head, ...row }));
}

function rowsOf(type: unknown, content: unknown): IDataObject[] {
	if (Array.isArray(content)) {
		const list = content as unknown[];
		if (type === 'REALOGRAM') return objectsIn(list).flatMap(boxesOf);
		return list.map((one) => (isRecord(one) ? one : { value: one as IDataObject[string] }));
	}
	if (typeof content !== 'object' || content === null) return [];
	const whole = content as IDataObject;
	if (Object.keys(whole).length === 0) return [];
	return type === 'REALOGRAM' ? boxesOf(whole) : [whole];
}

/** Products and shelves on a photo; x and y of a product are the centre of its box, in pixels from the top left. */
function boxesOf(photo: IDataObject): IDataObject[] {
	const { image } = photo;
	return [
		...objectsIn(photo.annotations).map((box) => ({ image, kind: 'product', ...box })),
		...objectsIn(photo.shelf_annotations).map((line) => ({ image, kind: 'shelf', ...line })),
	];
}

/** Recognition takes seconds to minutes. */
const PACE: Pace = { firstMs: 3000, longestMs: 15_000 };
/** Looks at reports that were ready before and are to be computed anew: they may not have begun yet. */
const LOOKS_AT_OLD = 2;

export async function readReport(id: unknown, work: Pick<Work, 'send'>): Promise<IDataObject> {
	const path = `/api/v1.5/reports/${encodeURIComponent(String(id))}/`;
	return (await work.send({ method: 'GET', path })).body as IDataObject;
}

/** True when nothing will change any more. An unknown status is one on the way. */
export const isOver = ({ status }: IDataObject) => status === 'READY' || status === 'ERROR';

/**
 * Asks until every report is ready or failed, or the time is over; gives them as they are then, in the order of the
 * IDs. `before`: the reports as they were when they were told to be computed anew.
 */
export async function awaitReports(
	ids: unknown[],
	work: Pick<Work, 'send' | 'wait'>,
	patienceMs: number,
	before: IDataObject[] = [],
): Promise<IDataObject[]> {
	const known = new Map<unknown, IDataObject>(
		ids.map((id) => [id, { id, status: 'NOT_READY' } as IDataObject]),
	);
	const former = new Map(before.map((one) => [String(one.id), one]));
	let open = [...known.keys()];
	const isEnd = async (looks: number): Promise<boolean> => {
		await inParallel(open, async (id) => {
			const report = await readReport(id, work);
			const old = former.get(String(id));
			if (report.status !== old?.status) former.delete(String(id));
			const isOld =
				old !== undefined &&
				former.has(String(id)) &&
				report.updated_date === old.updated_date &&
				looks < LOOKS_AT_OLD;
			known.set(id, isOld ? { ...report, status: 'NOT_READY' } : report);
		});
		open = open.filter((id) => !isOver(known.get(id) as IDataObject));
		return open.length === 0;
	};
	if (open.length > 0) await lookUntil(isEnd, PACE, patienceMs, work);
	return [...known.values()];
}

/** Throws `CallFailed` when a report ended in an error; it names all of them and how they stand. */
export function checkReports(
	reports: IDataObject[],
	vendor: Work['vendor'],
	started: string,
): void {
	const failed = reports.filter(({ status }) => status === 'ERROR');
	if (failed.length === 0) return;
	const named = (report: IDataObject) =>
		`${String(typeOf(report) ?? 'report')} ${String(report.id)}`;
	const others = reports.filter((report) => !failed.includes(report));
	const rest = others.map((report) => `${named(report)} (${String(report.status)})`).join(', ');
	const failure = new CallFailed({
		say: `${vendor.name}: the report ${failed.map(named).join(', ')} failed`,
		hint: [
			"Set the option 'Failed Reports' to return them as items, or ask for reports that this photo and display allow: some need a display with a planogram or a must-have list.",
			started,
			rest && `The others: ${rest}. Get them with Report: Get.`,
		]
			.filter(Boolean)
			.join(' '),
		problem: { text: failed.map(({ error }) => String(plain(error) ?? '')).join(' | ') },
	});
	throw failure.afterWork();
}
