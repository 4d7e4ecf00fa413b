/** Lists behind Altegio's resource locators. */
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { SLOT_OF } from './catalogue/appointment';
import { companies, numberedPages, wholeList } from './catalogue/fields';
import { locationOf, notForm } from './catalogue/location';
import { DAY } from './catalogue/visit';
import { pageStyle, type PageStyle } from '../shared/road/paging';
import { InputProblem } from '../shared/errors/problems';
import { listSearch, loadChoices, type ListSearch } from '../shared/form/search';
import { isOn } from './isOn';
import { altegio } from './vendor';

/** Where a form holds its location: at the top, or among what can be added. */
const PLACES = ['', 'additionalFields.', 'options.', 'filters.'];

/** The location that the form holds, on which the other lists depend. */
function chosen(context: ILoadOptionsFunctions): string {
	const found = PLACES.map((place) =>
		locationOf((name) => context.getCurrentNodeParameter(`${place}${name}`)),
	).find((one) => one !== undefined);
	if (found !== undefined) return encodeURIComponent(notForm(found));
	throw new InputProblem(
		'Location',
		'is not chosen yet',
		'Pick a location first: this list depends on it.',
	);
}

/** The chain that the form holds. */
function chosenChain(context: ILoadOptionsFunctions): string {
	const held = context.getCurrentNodeParameter('chainId') as IDataObject | string | undefined;
	const id = String((typeof held === 'object' ? held.value : held) ?? '').trim();
	if (/^[1-9]\d*$/.test(id)) return id;
	throw new InputProblem(
		'Chain',
		'is not chosen yet',
		'Pick a chain first: this list depends on it.',
	);
}

/** `Haircut (220000)`, or the ID alone of what has no name. */
function named(id: unknown, ...parts: unknown[]): { name: string; value: string } {
	const value = String(id);
	const words = parts
		.filter((part) => part !== undefined && part !== null && part !== '')
		.join(', ');
	return { name: words === '' ? value : `${words} (${value})`, value };
}

/** A list of the location that comes as a whole and is searched here. */
function ofLocation(
	path: (location: string) => string,
	entry: ListSearch['entry'],
	rows = 'data',
): ReturnType<typeof listSearch> {
	return listSearch(altegio, {
		style: wholeList(rows),
		pageSize: Infinity,
		request: (context) => ({ method: 'GET', path: path(chosen(context)) }),
		entry,
		searchHere: true,
	});
}

/** The day that the form holds; the editor writes it with a time. */
function chosenDay(context: ILoadOptionsFunctions, name = DAY): string {
	const [day] =
		/^\d{4}-\d{2}-\d{2}/.exec(String(context.getCurrentNodeParameter(name) ?? '')) ?? [];
	if (day !== undefined) return day;
	throw new InputProblem(
		'Day',
		'is not chosen yet',
		'Pick the day first: this list depends on it.',
	);
}

const MS_PER_DAY = 24 * 3600 * 1000;

/** The day that is searched for, or all from yesterday on: it is yet today somewhere, and who came late is marked then. */
function daysOf(filter = ''): IDataObject {
	const [day] = /\b\d{4}-\d{2}-\d{2}\b/.exec(filter) ?? [];
	if (day !== undefined) return { start_date: day, end_date: day };
	return { start_date: new Date(Date.now() - MS_PER_DAY).toISOString().slice(0, 10) };
}

/** When an appointment begins, on the location's clock; it tells that twice, once with an offset of no zone. */
function momentOf({ date, datetime }: IDataObject): string {
	return String(date ?? datetime ?? '')
		.replace('T', ' ')
		.slice(0, 16);
}

/** Rows of a page by time: Altegio does not say in which order they come. */
function soonestFirst(style: PageStyle): PageStyle {
	return {
		...style,
		rows: (answer) =>
			[...style.rows(answer)].sort((one, other) =>
				momentOf(one).localeCompare(momentOf(other), 'en'),
			),
	};
}

/** The client in words; an appointment of nobody has null or an empty list. */
function clientIn({ client }: IDataObject): unknown[] {
	const { name, phone } = (client ?? {}) as IDataObject;
	return [name, phone];
}

export const searches = {
	searchLocations: listSearch(altegio, {
		style: pageStyle({ rows: 'data', total: 'meta.total_count' }),
		pageSize: 100,
		// Without `my` the list is the public one.
		request: () => ({ method: 'GET', path: '/companies', query: { my: 1 } }),
		entry: ({ id, title, city }: IDataObject) => named(id, title, city),
		searchHere: true,
	}),
	searchChains: listSearch(altegio, {
		style: wholeList('data'),
		pageSize: Infinity,
		request: () => ({ method: 'GET', path: '/groups' }),
		entry: ({ id, title }: IDataObject) => named(id, title),
		searchHere: true,
	}),
	// Those who were dismissed or deleted cannot be booked any more.
	searchTeamMembers: ofLocation(
		(location) => `/staff/${location}`,
		({ id, name, specialization, fired, status }) =>
			isOn(fired) || isOn(status) ? undefined : named(id, name, specialization),
	),
	searchServices: ofLocation(
		(location) => `/services/${location}`,
		({ id, title, price_min: price }) => named(id, title, price),
	),
	searchAccounts: ofLocation(
		(location) => `/accounts/${location}`,
		({ id, title }) => named(id, title),
	),
	searchInventories: ofLocation(
		(location) => `/storages/${location}`,
		({ id, title }) => named(id, title),
	),
	searchUsers: ofLocation(
		(location) => `/company/${location}/users`,
		({ id, name, email }) => named(id, name, email),
	),
	searchPositions: ofLocation(
		(location) => `/v2/locations/${location}/positions`,
		({ id, attributes }) => named(id, (attributes as IDataObject).title),
	),
	searchBookingForms: ofLocation(
		(location) => `/company/${location}/booking_forms`,
		({ id, title }) => named(id, title),
	),
	searchTags: ofLocation(
		(location) => `/v2/locations/${location}/tags`,
		({ id, attributes }) => named(id, (attributes as IDataObject).title),
	),
	searchBillsOfMaterials: listSearch(altegio, {
		style: numberedPages('data', 'count'),
		pageSize: 50,
		request: (context, filter) => ({
			method: 'GET',
			path: `/technological_cards/${chosen(context)}`,
			query: filter ? { search: filter } : {},
		}),
		entry: ({ id, title }: IDataObject) => named(id, title),
	}),
	searchMembershipTypes: listSearch(altegio, {
		style: wholeList('data'),
		pageSize: Infinity,
		request: (context) => ({
			method: 'GET',
			path: `/chain/${chosenChain(context)}/loyalty/abonement_types`,
		}),
		entry: ({ id, title }: IDataObject) => named(id, title),
		searchHere: true,
	}),
	searchProducts: listSearch(altegio, {
		style: numberedPages('data', 'count'),
		pageSize: 50,
		request: (context, filter) => ({
			method: 'GET',
			path: `/goods/${chosen(context)}`,
			query: filter ? { term: filter } : {},
		}),
		entry: ({ good_id: id, title, article }: IDataObject) => named(id, title, article),
	}),
	searchClients: listSearch(altegio, {
		style: wholeList('data'),
		pageSize: Infinity,
		request: (context, filter) => ({
			method: 'POST',
			path: `/company/${chosen(context)}/clients/search`,
			idempotent: true,
			body: {
				page: 1,
				page_size: 50,
				fields: ['id', 'name', 'phone'],
				...(filter
					? { operation: 'AND', filters: [{ type: 'quick_search', state: { value: filter } }] }
					: {}),
			},
		}),
		entry: ({ id, name, phone }: IDataObject) => named(id, name, phone),
	}),
	searchFreeTimes: listSearch(altegio, {
		style: wholeList('data'),
		pageSize: Infinity,
		request: (context) => {
			const part = (name: string) => {
				const held = context.getCurrentNodeParameter(name);
				const value = (typeof held === 'object' ? (held as IDataObject | null)?.value : held) ?? '';
				return /^\s*\d+\s*$/.test(String(value)) ? String(value).trim() : undefined;
			};
			const service = part(SLOT_OF.service);
			// Team member 0 means anybody.
			const path = `/book_times/${chosen(context)}/${part(SLOT_OF.staff) ?? '0'}/${chosenDay(context, SLOT_OF.day)}`;
			return {
				method: 'GET',
				path,
				...(service ? { query: { 'service_ids[]': [service] } } : {}),
			};
		},
		entry: ({ time, datetime, seance_length: length }) => {
			const [at] = /^\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(:\d{2})?/.exec(String(datetime)) ?? [];
			if (at === undefined) return undefined;
			const seconds = Number(length);
			const takes = seconds > 0 ? `, ${Math.round(seconds / 60)} min` : '';
			return {
				name: `${String(time ?? at.slice(11, 16))}${takes}`,
				value: `${at.replace('T', ' ')}${seconds > 0 ? `/${seconds}` : ''}`,
			};
		},
		searchHere: true,
	}),
	searchAppointments: listSearch(altegio, {
		style: soonestFirst(numberedPages('data', 'count')),
		pageSize: 200,
		request: (context, filter) => ({
			method: 'GET',
			path: `/records/${chosen(context)}`,
			query: daysOf(filter),
		}),
		entry: (row) => {
			const { id, staff, services } = row;
			const { name } = (staff ?? {}) as IDataObject;
			const titles = Array.isArray(services)
				? (services as IDataObject[]).map(({ title }) => title)
				: [];
			return named(id, momentOf(row), ...clientIn(row), name, ...titles);
		},
		searchHere: true,
	}),
	// There is no list of visits: each appointment tells its own.
	searchVisits: listSearch(altegio, {
		style: numberedPages('data', 'count'),
		pageSize: 200,
		request: (context) => {
			const day = chosenDay(context);
			return {
				method: 'GET',
				path: `/records/${chosen(context)}`,
				query: { start_date: day, end_date: day },
			};
		},
		entry: (row) => {
			const { visit_id: id, date, staff } = row;
			if (!id) return undefined;
			const time = String(date ?? '').slice(11, 16);
			const { name } = (staff ?? {}) as IDataObject;
			return named(id, time, ...clientIn(row), name);
		},
		searchHere: true,
	}),
	// Expense items come with the location alone.
	searchExpenseItems: listSearch(altegio, {
		style: {
			...wholeList('data'),
			rows: (answer) =>
				wholeList('data')
					.rows(answer)
					.flatMap(({ expenses }) => (Array.isArray(expenses) ? (expenses as IDataObject[]) : [])),
		},
		pageSize: Infinity,
		request: (context) => ({
			method: 'GET',
			path: '/companies',
			query: { my: 1, id: chosen(context), 'include[]': ['expenses'] },
		}),
		entry: ({ id, title }: IDataObject) => named(id, title),
		searchHere: true,
	}),
};

/** Lists behind dropdowns of the action node. */
export const placeChoices = {
	getServices: loadChoices(altegio, async (context, { send }) => {
		const answer = await send({ method: 'GET', path: `/services/${chosen(context)}` });
		return wholeList('data')
			.rows(answer)
			.map(({ id, title, price_min: price }) => named(id, title, price))
			.sort((one, other) => one.name.localeCompare(other.name));
	}),
};

/** Lists behind dropdowns of the polling trigger. */
export const choices = {
	getLocations: loadChoices(altegio, async (_, { send }) => {
		const found: INodePropertyOptions[] = [];
		for await (const rows of companies(send)) {
			for (const { id, title, city } of rows) found.push(named(id, title, city));
		}
		return found.sort((one, other) => one.name.localeCompare(other.name));
	}),
};
