/** Who asks, as far as the price of a request is concerned. */
export type CallerKind = 'user' | 'solution' | 'draftSolution';

const REPORTS = /\/report\/stock\/(all|bystore)$/;

/** Weights from a day on, newest first (MoySklad docs: Restrictions, table of request weights). */
const WEIGHTS: ReadonlyArray<{
	from: string;
	user: number;
	draftSolution: number;
	report: number;
}> = [
	{ from: '2026-12-01', user: 4, draftSolution: 4, report: 5 },
	{ from: '2026-09-01', user: 3, draftSolution: 4, report: 5 },
	{ from: '2026-05-12', user: 2, draftSolution: 4, report: 5 },
	{ from: '2026-04-13', user: 1, draftSolution: 4, report: 5 },
	{ from: '2026-02-01', user: 1, draftSolution: 1, report: 5 },
	{ from: '0000-00-00', user: 1, draftSolution: 1, report: 1 },
];

/**
 * Units that a request costs. `date` (YYYY-MM-DD) selects the weights of that day; the newest and
 * strictest ones apply without it. A published solution pays 1, the two full stock reports cost 5
 * for everybody.
 */
export function requestWeight(kind: CallerKind, path: string, date?: string): number {
	const row = WEIGHTS.find(({ from }) => date === undefined || from <= date) ?? WEIGHTS[0];
	if (REPORTS.test(path)) return row.report;
	if (kind === 'solution') return 1;
	return kind === 'user' ? row.user : row.draftSolution;
}
