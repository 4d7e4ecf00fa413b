import { tableOf } from './table';
import { readRecord } from '../bench/record';
import type { RecordedWork } from '../bench/record';
import type { Line } from '../bench/works';

const VENDORS = ['Yandex Market', 'Altegio', 'Inspector Cloud'];

/** The vendor in brackets behind a title, and the title without it; without one it is MoySklad. */
function vendorAndTitle(title: string): [vendor: string, title: string] {
	const vendor = VENDORS.find((one) => title.includes(` (${one})`));
	return vendor ? [vendor, title.replace(` (${vendor})`, '')] : ['MoySklad', title];
}

const times = (value: number) => `${value.toFixed(value < 20 ? 2 : 0)} ×`;

function seconds(value: number): string {
	if (value < 100) return `${value.toFixed(1)} s`;
	return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

const isBaseline = ({ title }: Line) => title.startsWith('  (');

/** A line of the table, with the line of n8n's own node that may follow it. */
function rowOf(line: Line, baseline: Line | undefined): string[] {
	const { figures, ratios, bounds, error } = line;
	const [vendor, title] = vendorAndTitle(line.title);
	const missed = bounds.filter(({ met }) => met === false);
	const judged =
		error !== undefined
			? `not done: ${error}`
			: missed.length > 0
				? missed.map(({ must, by }) => `${must}: ${by}`).join('; ')
				: bounds.some(({ met }) => met === undefined)
					? 'as far as measured'
					: 'yes';
	const theirs = baseline?.figures;
	const once = baseline?.title.includes('(b)') === true;
	return [
		vendor,
		title.trim(),
		figures && error === undefined ? seconds(figures.seconds) : '–',
		figures ? String(figures.requests) : '–',
		figures ? String(figures.refused) : '–',
		ratios.timeToFloor === undefined ? '–' : times(ratios.timeToFloor),
		theirs
			? once
				? `${theirs.itemsPerSecond.toFixed(1)} a second, ${theirs.items} tried`
				: seconds(theirs.seconds)
			: '–',
		ratios.speedToA !== undefined
			? `${times(ratios.speedToA)} (a)`
			: ratios.speedToB !== undefined
				? `${times(ratios.speedToB)} (b)`
				: '–',
		[
			figures ? `${figures.peakRssMb.toFixed(0)} MB, ${figures.cpuSeconds.toFixed(1)} s` : '–',
			ratios.cpuToA === undefined
				? ''
				: `${times(ratios.rssToA ?? 0)}, ${times(ratios.cpuToA)} of (a)`,
		]
			.filter(Boolean)
			.join('; '),
		judged,
	];
}

/** The page of the measurements: all works of the bench, as bench/record.json has them. */
export function benchPage(): string {
	const record = readRecord();
	const rows: string[][] = [];
	const others: string[][] = [];
	for (const { lines } of record) {
		for (const [at, line] of lines.entries()) {
			if (isBaseline(line)) continue;
			const next = lines.at(at + 1);
			if (line.figures || line.error !== undefined) {
				rows.push(rowOf(line, next && isBaseline(next) ? next : undefined));
				continue;
			}
			for (const { must, by } of line.bounds) others.push([line.title, must, by]);
		}
	}
	const bounds = record.flatMap(({ lines }) => lines.flatMap((line) => line.bounds));
	const count = (met: boolean | undefined) => bounds.filter((bound) => bound.met === met).length;
	return `${[
		"# Bench: the whole package beside n8n's HTTP Request node",
		'',
		"Made by `npm run docs` from bench/record.json, which `npm run bench -- --record` writes; do not edit by hand. The nodes run in n8n's engine, each work in a process of its own, against the sandbox with the limits that the vendors document and with a latency (MoySklad: 150 ms and 1 ms for each row). `npm run bench` prints more: notes, requests by kind, what memory was held.",
		'',
		'- **Requests, refused**: how many were sent, and how many of them the vendor refused for its limit (429, at the Market 420)',
		'- **Of the least time**: what budget, places in flight and latency allow at best; 1.00 × cannot be beaten',
		"- **HTTP Request**: the same by n8n's own node, (a) with its pagination and Split Out, (b) once per item with the interval that the limit needs",
		"- **Memory, CPU**: peak of the process with n8n's engine in it, and processor time",
		`- **Bounds**: ${count(true)} met, ${count(false)} not met, ${count(undefined)} not measured`,
		...conditions(record),
		'',
		...tableOf(
			[
				...['service', 'work', 'time', 'requests', 'refused', 'of the least time'],
				...['HTTP Request', 'so many times as fast', 'memory, CPU', 'bounds met'],
			],
			rows,
		),
		'',
		...(others.length > 0
			? [
					...['## Loading and opening', ''],
					...tableOf(['work', 'must reach', 'reached'], others),
					'',
				]
			: []),
	].join('\n')}`;
}

function conditions(record: RecordedWork[]): string[] {
	const runs = new Map<string, Set<string>>();
	for (const { at, machine } of record) {
		const { cpus, model, memoryGb, loadAverage, node, n8n } = machine;
		const on = `${cpus} cores (${model ?? 'unknown'}), ${memoryGb} GB, Node ${node}, n8n ${n8n}, load ${loadAverage.toFixed(1)} at the start`;
		runs.set(on, (runs.get(on) ?? new Set()).add(at.slice(0, 10)));
	}
	const took = record.reduce((sum, one) => sum + one.seconds, 0);
	return [
		...[...runs].map(([machine, days]) => `- **Measured** on ${[...days].join(', ')}: ${machine}`),
		`- **Takes** ${Math.round(took / 60)} minutes`,
	];
}
