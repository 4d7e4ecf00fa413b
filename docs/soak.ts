import { tableOf } from './table';
import { readRecord } from '../test/soak/record';
import type { RecordedRow } from '../test/soak/record';

const MODES: Record<RecordedRow['mode'], string> = {
	single: 'one process, SQLite',
	queue: 'queue mode: main, 2 webhook processors, 2 workers, Redis, PostgreSQL',
};
/** Rows about MoySklad, by their names; of the others each finding begins with its triggers. */
const MOYSKLAD: Record<string, string> = {
	burst: 'MoySklad Trigger',
	repeats: 'MoySklad Trigger',
	hostile: 'MoySklad Trigger',
	outage: 'MoySklad Trigger',
	kills: 'MoySklad Trigger and Polling Trigger',
	'queue faults': 'MoySklad Trigger and Polling Trigger',
};
const SHORT = ' *(short)*';

/** Triggers and what was done to them. */
function about({ row }: RecordedRow, run: string): [triggers: string, done: string] {
	const triggers = MOYSKLAD[row];
	if (triggers !== undefined) return [triggers, run];
	const [name, ...words] = run.split(': ');
	return [name, words.join(': ')];
}

/** The page of the soak runs: every trigger, one process and queue mode, as test/soak/record.json has it. */
export function soakPage(): string {
	const record = readRecord();
	const rows = record
		.flatMap((one) => one.findings.map((finding) => ({ one, finding })))
		.map(({ one, finding }) => {
			const [triggers, done] = about(one, finding.run);
			const mode = one.mode === 'single' ? 'one process' : 'queue mode';
			const when = `${one.at.slice(0, 10)}${one.short ? SHORT : ''}`;
			const met = finding.met ? 'yes' : '**no**';
			return [triggers, mode, done, finding.must, finding.shown, met, when];
		})
		.sort(([one, oneMode], [other, otherMode]) =>
			`${one} ${oneMode}`.localeCompare(`${other} ${otherMode}`),
		);
	const used = new Set(record.map(({ mode }) => mode));
	const machines = new Set(
		record.map(
			({ machine, versions }) =>
				`${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, n8n ${versions.n8n} on Node ${versions.nodeOfN8n}`,
		),
	);
	const loads = record.map(({ machine }) => machine.loadAverage);
	return `${[
		'# Soak: triggers and bridges under load and faults',
		'',
		'Made by `npm run docs` from test/soak/record.json, which `npm run soak -- --record` writes; do not edit by hand. Real n8n processes, the sandbox in the place of the vendors, with MoySklad\'s real deadline of 1500 ms and its retries. `npm run soak -- --only "other vendors"` runs single rows, `--short` fewer events and faults. What the figures mean for a set-up is told in [scaling.md](scaling.md), the long runs of the MoySklad Trigger and what its guarantees rest on in [moysklad-trigger.md](moysklad-trigger.md).',
		'',
		...(['single', 'queue'] as const)
			.filter((mode) => used.has(mode))
			.map((mode) => `- **${mode === 'single' ? 'One process' : 'Queue mode'}**: ${MODES[mode]}`),
		`- **Machine**: ${[...machines].join('; ')}; load ${range(loads)} when a row had ended: other work went on beside it`,
		`- **Lost, doubled**: of the changes that the trigger must bring, of the things that a bridge must write; *short* rows had fewer of them`,
		'',
		...tableOf(['triggers', 'n8n', 'what was done', 'must show', 'shown', 'met', 'on'], rows),
		'',
	].join('\n')}`;
}

function range(values: number[]): string {
	const [least, most] = [Math.min(...values), Math.max(...values)].map((one) => one.toFixed(1));
	return least === most ? least : `${least} to ${most}`;
}
