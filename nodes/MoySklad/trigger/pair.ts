/**
 * The webhook trigger and the polling trigger of one workflow: each change is passed on by one of them.
 *
 * Both see a change as type, ID and moment. MoySklad's `auditContext.moment` has whole seconds and is written with
 * or just after the object's `updated`, so that the second may have moved on by one. The polling trigger leaves
 * changes alone until they are a minute old (`SETTLED_MS`): their webhooks have come by then, if they come at all.
 *
 * A webhook's change is written down under two names; the poll takes the first one for a change that it finds, and
 * nobody else gets it then. Before it passes the change on it announces that, waits, and takes the second name: a
 * webhook that came meanwhile has it. A webhook that is handled late looks for the announcement first. Nothing that
 * is written down is taken away again, except by `release`, so that two processes that overwrite each other's
 * writing can at worst undo it, and it is written again.
 *
 * Bound: two changes of one object within one second look like one to the poll. Nothing is lost by that while the
 * webhooks come; when only the webhook of the second change got lost, the poll takes it for the first.
 */
import { realClock, type Clock } from '../../shared/clock';
import { claim, type SeenContext } from './seen';

/** One change of one object. */
export interface Change {
	entityType: string;
	id: string;
	/** CREATE, UPDATE or DELETE: a poll cannot always tell the first two apart, so they share their names. */
	action: string;
	/** ISO 8601 with an offset. */
	moment: string;
}

/** The polling trigger passes on changes that are at least so old (ms). */
export const SETTLED_MS = 60_000;
/** A webhook that is handled so long (ms) after its change may have been overtaken by a poll. */
export const LATE_MS = 30_000;
/** So long (ms) a poll waits between announcing and passing on; overwritten writing is back by then. */
const ANNOUNCED_MS = 2000;
/** So many late webhooks about one object and second can be told from each other. */
const ANNOUNCEMENTS = [1, 2, 3, 4];

/** What is to be passed on, and what to give back by `release` when that fails. */
export interface Passing<T> {
	pass: T[];
	keys: string[];
	trouble?: string;
}

/** Names of a change: `later` is for the second that may have moved on. */
function nameOf(kind: string, change: Change, later = 0): string {
	const { entityType, id, action, moment } = change;
	const second = Math.floor(Date.parse(moment) / 1000) + later;
	const there = action === 'DELETE' ? 'gone' : 'there';
	return ['change', kind, entityType.toLowerCase(), id.toLowerCase(), there, second].join(' ');
}

/**
 * For the webhook trigger. `changes` are of deliveries that are no repetitions; `moment` is the audit's. Never
 * throws.
 */
export async function passByWebhook<T extends Change>(
	context: SeenContext,
	changes: T[],
	clock: Clock = realClock,
): Promise<Passing<T>> {
	const now = clock.now();
	const isLate = ({ moment }: T) => now - Date.parse(moment) > LATE_MS;
	const keys: string[] = [];
	let trouble: string | undefined;
	let asking = changes.filter(isLate);
	const pass = new Set(changes.filter((change) => !isLate(change)));
	for (const turn of ANNOUNCEMENTS) {
		if (asking.length === 0) break;
		const nameIn = (change: T) => nameOf(`announced ${turn}`, change);
		const take = [...new Set(asking.map(nameIn))];
		const verdict = await claim(context, { take }, clock);
		trouble ??= verdict.trouble;
		// Free: nobody has announced it. Not free: announced, or another late webhook asked; the next one tells.
		for (const change of asking) {
			if (!verdict.repeats.has(nameIn(change))) pass.add(change);
		}
		keys.push(...take.filter((key) => !verdict.repeats.has(key)));
		asking = asking.filter((change) => !pass.has(change));
	}
	const tell = [...new Set([...pass].flatMap((one) => [nameOf('1', one), nameOf('2', one)]))];
	const verdict = await claim(context, { tell }, clock);
	keys.push(...tell);
	return {
		pass: changes.filter((change) => pass.has(change)),
		keys,
		trouble: trouble ?? verdict.trouble,
	};
}

/**
 * For the polling trigger. `changes` are at least `SETTLED_MS` old, each object once; `moment` is the object's
 * `updated`, or the audit's for a deletion. What an earlier poll has had is not passed on again. Takes two seconds
 * when there is something to pass on. Never throws.
 */
export async function passByPolling<T extends Change>(
	context: SeenContext,
	changes: T[],
	clock: Clock = realClock,
): Promise<Passing<T>> {
	const first = await takeBoth(context, '1', changes, clock);
	if (first.pass.length === 0) return first;
	const tell = first.pass.flatMap((change) =>
		ANNOUNCEMENTS.flatMap((turn) =>
			[0, 1].map((later) => nameOf(`announced ${turn}`, change, later)),
		),
	);
	const announced = await claim(context, { tell: [...new Set(tell)] }, clock);
	await clock.sleep(ANNOUNCED_MS);
	const second = await takeBoth(context, '2', first.pass, clock);
	return {
		pass: second.pass,
		keys: [...first.keys, ...tell, ...second.keys],
		trouble: first.trouble ?? announced.trouble ?? second.trouble,
	};
}

/** Takes a name of each change, in its own second and the next: those of which both were free. */
async function takeBoth<T extends Change>(
	context: SeenContext,
	kind: string,
	changes: T[],
	clock: Clock,
): Promise<Passing<T>> {
	const namesOf = (change: T) => [nameOf(kind, change), nameOf(kind, change, 1)];
	const take = [...new Set(changes.flatMap(namesOf))];
	const { repeats, trouble } = await claim(context, { take }, clock);
	return {
		pass: changes.filter((change) => !namesOf(change).some((name) => repeats.has(name))),
		keys: take.filter((key) => !repeats.has(key)),
		trouble,
	};
}
