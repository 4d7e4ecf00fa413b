/** The locations that a polling trigger watches, with their clocks. One request tells those of all. */
import { InputProblem } from '../../shared/errors/problems';
import { serverNow } from '../../shared/road/headers';
import type { Road } from '../../shared/road/road';
import { companies } from '../catalogue/fields';
import { zoneFrom } from '../catalogue/location';

/** ID of a location → its zone. */
export type Zones = Map<string, string>;

interface Known {
	/** Ms since 1970. */
	at: number;
	zones: Map<string, string | undefined>;
}

/** Locations that were added since, or have moved to another zone, are noticed after so long (ms). */
const KEEP_MS = 3600 * 1000;
const known = new Map<string, Known>();

/** Forgets what was read: the credential may be another one. */
export function forgetLocations(name: string): void {
	known.delete(name);
}

/**
 * The wanted locations; without any, all of the user's. `name` is that of the node in this process. Throws
 * `InputProblem` for one that is not the user's or has no zone that can be read.
 */
export async function locationsOf(
	road: Road,
	name: string,
	wanted: string[],
): Promise<{ zones: Zones; now: number }> {
	let now = Date.now();
	let all = known.get(name);
	if (!all || Date.now() - all.at > KEEP_MS || wanted.some((id) => !all?.zones.has(id))) {
		const read = await readLocations(road);
		({ now } = read);
		all = { at: Date.now(), zones: read.zones };
		known.set(name, all);
	}
	const ids = wanted.length > 0 ? wanted : [...all.zones.keys()];
	const zones: Zones = new Map();
	for (const id of ids) {
		if (!all.zones.has(id)) {
			throw new InputProblem(
				'Locations',
				`holds ${id}, which is none of the locations of the user behind the token`,
				'Choose from the list, or give the user the right to it in Altegio.',
			);
		}
		const zone = all.zones.get(id);
		if (zone === undefined) {
			throw new InputProblem(
				'Locations',
				`holds ${id}, which has no time zone in Altegio that can be read`,
				'Set the time zone in the settings of the location.',
			);
		}
		zones.set(id, zone);
	}
	return { zones, now };
}

async function readLocations(
	road: Road,
): Promise<{ zones: Map<string, string | undefined>; now: number }> {
	const zones = new Map<string, string | undefined>();
	let now = Date.now();
	const list = companies(async (request, stop) => {
		const answer = await road.send(request, stop);
		now = serverNow(answer) ?? Date.now();
		return answer;
	});
	for await (const rows of list) {
		for (const { id, timezone_name: zone } of rows) zones.set(String(id), zoneFrom(zone));
	}
	return { zones, now };
}
