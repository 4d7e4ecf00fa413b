/**
 * Events of a delivery on their way from `webhook()` to `execute()`, as one text. n8n stores it before the vendor gets
 * its answer and reads it in the worker, so what the events have in common is written once.
 */

/** Events that follow each other and differ in nothing but what comes after the last slash of their links. */
export type EventRun<E extends { href: string }> = Omit<E, 'href'> & {
	base: string;
	ends: string[];
};

/** Events as runs, in their order. */
export function runsOf<E extends { href: string }>(events: E[]): Array<EventRun<E>> {
	const runs: Array<EventRun<E>> = [];
	let last = '';
	for (const { href, ...rest } of events) {
		const cut = href.lastIndexOf('/') + 1;
		const same = { ...rest, base: href.slice(0, cut) };
		const text = JSON.stringify(same);
		if (text !== last) runs.push({ ...same, ends: [] } as EventRun<E>);
		last = text;
		runs[runs.length - 1].ends.push(href.slice(cut));
	}
	return runs;
}

/** The events of runs, in their order. */
export function eventsOfRuns<E extends { href: string }>(runs: Array<EventRun<E>>): E[] {
	return runs.flatMap(({ base, ends, ...rest }) =>
		ends.map((end) => ({ ...rest, href: base + end }) as unknown as E),
	);
}
