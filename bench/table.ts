/** The table of a bench run. */
import Table from 'cli-table3';

import type { Line } from './works';

const HEAD = [
	'work',
	'items',
	'requests',
	'429s',
	'seconds',
	'items/s',
	'RSS MB: before → peak',
	'CPU s',
	'to (a)',
	'to (b)',
	'to the floor',
	'must reach',
	'reached',
];
const RIGHT = new Set([
	'items',
	'requests',
	'429s',
	'seconds',
	'items/s',
	'RSS MB: before → peak',
	'CPU s',
	'to (b)',
	'to the floor',
]);
const TEXT_WIDTH = 42;

function times(value: number | undefined): string {
	if (value === undefined) return '';
	return `${value.toFixed(value < 20 ? 2 : 0)} ×`;
}

/** Breaks a text at spaces. */
function wrap(text: string, width = TEXT_WIDTH): string {
	const lines = [''];
	for (const word of text.split(' ')) {
		const last = lines[lines.length - 1];
		if (last !== '' && last.length + word.length + 1 > width) lines.push(word);
		else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
	}
	return lines.join('\n');
}

function cells(line: Line): string[] {
	const { figures, load, ratios, bounds, notes, error } = line;
	// Leading spaces tell that a line belongs to the one above.
	const indent = /^ */.exec(line.title)?.[0] ?? '';
	const texts = [
		wrap(line.title.trim()),
		...notes.map((note) => wrap(`· ${note}`)),
		...(error === undefined ? [] : [wrap(`NOT DONE: ${error}`)]),
	].join('\n');
	const title = texts
		.split('\n')
		.map((text) => indent + text)
		.join('\n');
	const toA = [
		ratios.speedToA === undefined ? '' : `${times(ratios.speedToA)} as fast`,
		ratios.cpuToA === undefined ? '' : `${times(ratios.cpuToA)} CPU`,
		ratios.rssToA === undefined ? '' : `${times(ratios.rssToA)} RSS`,
	];
	const measured = figures
		? [
				String(figures.items),
				String(figures.requests),
				String(figures.refused),
				figures.seconds.toFixed(2),
				figures.itemsPerSecond.toFixed(figures.itemsPerSecond < 100 ? 2 : 0),
				`${figures.baselineRssMb.toFixed(0)} → ${figures.peakRssMb.toFixed(0)}`,
				figures.cpuSeconds.toFixed(2),
			]
		: load
			? ['', '', '', (load.ms / 1000).toFixed(3), '', `heap + ${load.heapMb.toFixed(1)}`, '']
			: ['', '', '', '', '', '', ''];
	return [
		title,
		...measured,
		toA.filter(Boolean).join('\n'),
		ratios.speedToB === undefined ? '' : times(ratios.speedToB),
		ratios.timeToFloor === undefined ? '' : times(ratios.timeToFloor),
		bounds.map(({ must }) => must).join('\n'),
		bounds.map(({ by }) => by).join('\n'),
	];
}

/** Prints all lines, and how many bounds were met. */
export function printTable(lines: Line[]): void {
	const table = new Table({
		head: HEAD,
		colAligns: HEAD.map((name) => (RIGHT.has(name) ? 'right' : 'left')),
		style: { head: [], border: [] },
	});
	for (const line of lines) table.push(cells(line));
	const bounds = lines.flatMap((line) => line.bounds);
	const count = (met: boolean | undefined) => bounds.filter((bound) => bound.met === met).length;
	const failed = lines.filter(({ error }) => error !== undefined).length;
	process.stdout.write(
		[
			'',
			'(a) HTTP Request with pagination, (b) HTTP Request once per item,',
			'the floor: what budget, parallel limit and latency allow.',
			table.toString(),
			`${count(true)} bounds met, ${count(false)} not met, ${count(undefined)} not measured; ${failed} works not done.`,
			'',
		].join('\n'),
	);
}
