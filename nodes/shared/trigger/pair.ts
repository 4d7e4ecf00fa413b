/**
 * The webhook trigger and the polling trigger of one workflow: each change is passed on by one of them.
 *
 * Both see a change as type, ID and moment. A vendor may tell the webhook's moment in whole seconds, and write it with
 * or just after the moment that its list tells, so that the second may
 * have moved on by one. The polling trigger leaves
 * changes alone until they are a minute old (`SETTLED_MS`): their webhooks have come by then, if they come at all.
 *
 * A webhook's change is written down under its first name, which the poll takes for a change that it finds; what is
 * taken already has come. Before the poll passes on the rest it announces that, waits, and takes the second names. A
 * webhook that is handled late looks for the announcement first, and is written down under both names: one that came
 * in between has the second. Nothing that is written down is taken away again while it is of use, except by `release`,
 * so that two processes that overwrite each other's writing can at worst undo it, and it is written again.
 *
 * Bound: two changes of one object within one second look like one to the poll. Nothing is lost by that while the
 * webhooks come; when only the webhook of the second change got lost, the poll takes it for the first.
 */
import { realClock, type Clock } from '../road/clock';
import { claim, type SeenContext, type SeenVerdict } from './seen';

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
const LATE_MS = 30_000;
/** So long (ms) a poll waits between announcing and passing on; overwritten writing is back by then. */
const ANNOUNCED_MS = 2000;
/** A webhook may be handled so long (ms) after its change that the poll's announcement is needed; then n8n was away. */
const ANNOUNCEMENT_KEEP_MS = 6 * 3600 * 1000;
/** So long (ms) after a poll has asked for a change its names are known: its execution might run once more. */
const ASKED_KEEP_MS = 10 * 60_000;
/** Names that are asked for at a time. */
const AT_A_TIME = 1000;
/** So many late webhooks about one object and second can be told from each other. */
const ANNOUNCEMENTS = [1, 2, 3, 4];

/** What is to be passed on, and what to give back by `release` when that fails. */
export interface Passing<T> {
	pass: T[];
	keys: string[];
	trouble?: string;
}

/** Names of a change: `later` is for the second that may have moved on. */
function changeName(kind: string, change: Change, later = 0): string {
	const { entityType, id, action, moment } = change;
	const second = Math.floor(Date.parse(moment) / 1000) + later;
	const there = action === 'DELETE' ? 'gone' : 'there';
	return ['change', kind, entityType.toLowerCase(), id.toLowerCase(), there, second].join(' ');
}

/**
 * For the webhook trigger. `changes` are of deliveries that are no repetitions; `moment` is the one
 * that the webhook told. Never throws.
 */
export async function passByWebhook<T extends Change>(
	context: SeenContext,
	changes: T[],
	clock: Clock = realClock,
): Promise<Passing<T>> {
	const isLate = ({ moment }: T) => clock.now() - Date.parse(moment) > LATE_MS;
	const late = new Set(changes.filter(isLate));
	const inTime = changes.filter((change) => !late.has(change));
	const keys = unique(inTime.map((change) => changeName('1', change)));
	let { trouble } = await claim(context, { tell: keys }, clock);
	// A machine that stood still meanwhile may have been overtaken by the poll.
	for (const change of inTime) if (isLate(change)) late.add(change);
	const pass = new Set(inTime.filter((change) => !late.has(change)));
	if (late.size > 0) {
		const unannounced = await passLate(context, [...late], clock);
		for (const change of unannounced.pass) pass.add(change);
		keys.push(...unannounced.keys);
		trouble ??= unannounced.trouble;
	}
	return { pass: changes.filter((change) => pass.has(change)), keys, trouble };
}

/** Passes on the changes that no poll has announced. */
async function passLate<T extends Change>(
	context: SeenContext,
	changes: T[],
	clock: Clock,
): Promise<Passing<T>> {
	const pass: T[] = [];
	const keys: string[] = [];
	let trouble: string | undefined;
	let asking = changes;
	for (const turn of ANNOUNCEMENTS) {
		const nameIn = (change: T) => changeName(`announced ${turn}`, change);
		const verdict = await take(context, unique(asking.map(nameIn)), ANNOUNCEMENT_KEEP_MS, clock);
		trouble ??= verdict.trouble;
		keys.push(...verdict.taken);
		// Free: nobody has announced it. Not free: announced, or another late webhook asked; the next one tells.
		pass.push(...asking.filter((change) => !verdict.repeats.has(nameIn(change))));
		asking = asking.filter((change) => verdict.repeats.has(nameIn(change)));
	}
	const tell = unique(pass.flatMap((change) => [changeName('1', change), changeName('2', change)]));
	const told = await claim(context, { tell }, clock);
	return { pass, keys: [...keys, ...tell], trouble: trouble ?? told.trouble };
}

/**
 * For the polling trigger. `changes` are at least `SETTLED_MS` old, each object once; `moment` is the one
 * that the list told. What an earlier poll has had is not passed on again. Takes two seconds
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
			[0, 1].map((later) => changeName(`announced ${turn}`, change, later)),
		),
	);
	const keepMs = ANNOUNCEMENT_KEEP_MS;
	const announced = await claim(context, { tell: unique(tell), keepMs }, clock);
	await clock.sleep(ANNOUNCED_MS);
	const second = await takeBoth(context, '2', first.pass, clock);
	return {
		pass: second.pass,
		keys: [...first.keys, ...tell, ...second.keys],
		trouble: first.trouble ?? announced.trouble ?? second.trouble,
	};
}

/** What a vendor whose changes have names of their own, whatever their moment, says of them. */
export interface ChangeNames<T> {
	/** Names by which both triggers know the change; none for what one of them does not see. */
	namesOf: (change: T) => string[];
	/** So long (ms) a name is known: as long as the vendor repeats its calls. */
	keepMs: number;
}

/** What is to be passed on of changes with names. */
export interface NamedPassing<T> extends Passing<T> {
	/** Those of which the other trigger has told a part. */
	partly: Set<T>;
}

/**
 * For both triggers, where changes have names: whoever takes a name first passes its change on. A change of several
 * names is passed on while one of them is free. Never throws.
 */
export async function passByName<T>(
	context: SeenContext,
	changes: T[],
	{ namesOf, keepMs }: ChangeNames<T>,
	clock: Clock = realClock,
): Promise<NamedPassing<T>> {
	const { repeats, taken, trouble } = await take(
		context,
		unique(changes.flatMap(namesOf)),
		keepMs,
		clock,
	);
	const isFree = (name: string) => !repeats.has(name);
	const pass = changes.filter((change) => {
		const names = namesOf(change);
		return names.length === 0 || names.some(isFree);
	});
	const partly = new Set(pass.filter((change) => !namesOf(change).every(isFree)));
	return { pass, partly, keys: taken, trouble };
}

/** Takes a name of each change, in its own second and then in the next: those of which both were free. */
async function takeBoth<T extends Change>(
	context: SeenContext,
	kind: string,
	changes: T[],
	clock: Clock,
): Promise<Passing<T>> {
	let pass = changes;
	const keys: string[] = [];
	let trouble: string | undefined;
	for (const later of [0, 1]) {
		const nameIn = (change: T) => changeName(kind, change, later);
		const verdict = await take(context, unique(pass.map(nameIn)), ASKED_KEEP_MS, clock);
		trouble ??= verdict.trouble;
		keys.push(...verdict.taken);
		pass = pass.filter((change) => !verdict.repeats.has(nameIn(change)));
	}
	return { pass, keys, trouble };
}

/** Takes names, a portion at a time. */
async function take(
	context: SeenContext,
	names: string[],
	keepMs: number,
	clock: Clock,
): Promise<SeenVerdict & { taken: string[] }> {
	const repeats = new Set<string>();
	let trouble: string | undefined;
	for (let from = 0; from < names.length; from += AT_A_TIME) {
		const some = names.slice(from, from + AT_A_TIME);
		const verdict = await claim(context, { take: some, keepMs }, clock);
		for (const name of verdict.repeats) repeats.add(name);
		trouble ??= verdict.trouble;
	}
	return { repeats, taken: names.filter((name) => !repeats.has(name)), trouble };
}

const unique = (names: string[]): string[] => [...new Set(names)];
