/** The location that everything else lies in, and its clock. Reference of the project: altegio-api.md §1.7, §2. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Locator, PlaceZone, SendRequest } from '../../shared/catalogue';
import { locatorId } from '../../shared/form/parameters';
import { InputProblem } from '../../shared/errors/problems';

/** How a location is picked. */
export const locator: Locator = {
	search: 'searchLocations',
	id: {
		pattern: '^\\s*[1-9]\\d*\\s*$',
		message:
			'A location ID is a whole number such as 4564: pick the location from the list, or take the number behind /timetable/ in the address of the web app',
		placeholder: 'e.g. 4564',
	},
	url: {
		// A page of the web app, or an online booking page, whose number is not that of the location.
		pattern:
			'https?://(?:[^/\\s]+/(?:timetable|clients|settings|dashboard)/(?=\\d)|(?=n\\d+\\.(?:alteg\\.io|yclients\\.com)))(n?\\d+)(?:[./?#].*)?',
		placeholder: 'e.g. https://app.alteg.io/timetable/4564',
	},
};

export const location: Field = {
	name: 'locationId',
	label: 'Location',
	kind: 'locator',
	to: 'path:locationId',
	required: true,
	locator,
	help: 'The salon or branch',
};

/** ID of the location that a form holds; undefined when none is chosen yet. */
export function locationOf(parameter: (name: string) => unknown): string | undefined {
	return locatorId(location.label, locator, parameter(location.name));
}

/** Number of an online booking form in the place of a location. */
const FORM = /^n(\d+)$/;
/** Locations of booking forms, by run. */
const formsOf = new WeakMap<SendRequest, Map<string, Promise<string>>>();

/** Where calls name a location. */
const PLACES: Array<(call: Call) => [holder: IDataObject, name: string]> = [
	({ path }) => [path as IDataObject, 'locationId'],
	({ query }) => [query, 'company_id'],
	({ query }) => [query, 'salon_id'],
	({ body }) => [body, 'salon_id'],
	({ body }) => [body, 'company_id'],
];

/** Asks for the locations of booking pages, each once. The number in their address is that of the form. */
export async function resolveForms(calls: Call[], send: SendRequest): Promise<void> {
	const asked = formsOf.get(send) ?? new Map<string, Promise<string>>();
	formsOf.set(send, asked);
	for (const call of calls) {
		for (const [holder, name] of PLACES.map((place) => place(call))) {
			const [, form] = FORM.exec(String(holder[name] ?? '')) ?? [];
			if (form === undefined) continue;
			const one = asked.get(form) ?? locationOfForm(form, send);
			asked.set(form, one);
			try {
				holder[name] = await one;
			} catch (error) {
				call.problem = error as InputProblem;
			}
		}
	}
}

async function locationOfForm(form: string, send: SendRequest): Promise<string> {
	const { body } = await send({ method: 'GET', path: `/bookform/${form}` });
	const id = ((body as IDataObject).data as IDataObject | undefined)?.company_id;
	if (/^[1-9]\d*$/.test(String(id))) return String(id);
	throw new InputProblem(
		location.label,
		`is the booking page n${form}, and Altegio does not tell its location`,
		'Choose the location from the list.',
	);
}

/** Refuses a booking page where nobody can be asked for its location. Returns the ID. */
export function notForm(id: string): string {
	if (!FORM.test(id)) return id;
	throw new InputProblem(
		location.label,
		`is the booking page ${id}, whose number is not that of the location`,
		'Choose the location from the list: this needs the location itself.',
	);
}

/** Locations of one account can lie in different zones. */
export const locationZone: PlaceZone = {
	place: (call) => placeOf(call) ?? '',
	ask: async (call, send) => {
		const place = placeOf(call);
		// What belongs to a chain or to nobody is told on the workflow's clock.
		if (place === undefined) return call.timezone;
		const { body } = await send({ method: 'GET', path: `/company/${encodeURIComponent(place)}` });
		const zone = ((body as IDataObject).data as IDataObject | undefined)?.timezone_name;
		const read = zoneFrom(zone);
		if (read !== undefined) return read;
		throw new InputProblem(
			location.label,
			`has no time zone in Altegio that can be read ('${String(zone)}')`,
			'Set the time zone in the settings of the location.',
		);
	},
};

/**
 * `timezone_name` as a zone: an IANA name, or an offset in its place (`+03:00`, `UTC+3`, `10:00`). One without a sign is
 * east of Greenwich, as in Altegio's `timezone` (3 is Moscow). That number is not used: it tells no summer time.
 */
export function zoneFrom(told: unknown): string | undefined {
	if (typeof told !== 'string') return undefined;
	const text = told.trim();
	const [, sign = '+', hours, minutes = '00'] =
		/^(?:UTC|GMT)?\s*([+-])?(0?\d|1[0-4])(?::?([0-5]\d))?$/i.exec(text) ?? [];
	if (hours !== undefined) return `${sign}${hours.padStart(2, '0')}:${minutes}`;
	return text !== '' && isZone(text) ? text : undefined;
}

/** The location that a call is about, wherever it names it. */
function placeOf({ path, query, body }: Call): string | undefined {
	const named = path.locationId ?? query.company_id ?? query.salon_id ?? body.salon_id;
	return named === undefined || named === null ? undefined : String(named);
}

function isZone(name: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: name });
		return true;
	} catch {
		return false;
	}
}
