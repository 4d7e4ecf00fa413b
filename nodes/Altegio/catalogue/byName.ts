/** Team members and services by the names that people, sheets and models know them by. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { shown } from '../../shared/form/readers';
import { once } from '../../shared/road/once';
import { valueAt } from '../../shared/road/paging';
import { isOn } from '../isOn';

interface Named {
	/** Where the list of a location is. */
	path: (location: string) => string;
	name: string;
	/** In words, for errors. */
	many: string;
	/** False for what cannot be booked any more. */
	isOpen?: (row: IDataObject) => boolean;
}

/** By the parameter that holds the ID or the name. */
const NAMED: Record<string, Named & { label: string }> = {
	teamMemberId: {
		label: 'Team Member',
		path: (location) => `/staff/${location}`,
		name: 'name',
		many: 'team members',
		isOpen: ({ fired, status }) => !isOn(fired) && !isOn(status),
	},
	serviceId: {
		label: 'Service',
		path: (location) => `/services/${location}`,
		name: 'title',
		many: 'services',
	},
};

/** Names that an error lists. */
const MOST = 15;

const plain = (text: unknown) =>
	String(text ?? '')
		.trim()
		.toLowerCase()
		.replace(/ё/g, 'е')
		.replace(/\s+/g, ' ');

/** Rows of exactly this name; without any, those whose name has all its words. */
function fitting(rows: IDataObject[], name: string, text: string): IDataObject[] {
	const wanted = plain(text);
	const same = rows.filter((row) => plain(row[name]) === wanted);
	if (same.length > 0) return same;
	const words = wanted.split(' ');
	return rows.filter((row) => {
		const all = plain(row[name]).split(/[^\p{L}\p{N}]+/u);
		return words.every((word) => all.includes(word));
	});
}

/** Puts IDs in the place of names that the controls of a call hold. Throws `InputProblem` for none and for several. */
export async function resolveNames(call: Call, work: Pick<Work, 'send'>): Promise<void> {
	for (const [parameter, { label, path, name, many, isOpen }] of Object.entries(NAMED)) {
		const held = call.control[parameter];
		if (held === undefined || /^\s*[1-9]\d*\s*$/.test(String(held))) continue;
		const text = String(held);
		const address = path(encodeURIComponent(call.path.locationId));
		const rows = await once(work.send, address, async () => {
			const { body } = await work.send({ method: 'GET', path: address });
			const data = valueAt(body, 'data');
			return (Array.isArray(data) ? data : []) as IDataObject[];
		});
		const open = rows.filter((row) => isOpen?.(row) ?? true);
		const found = fitting(open, name, text);
		if (found.length === 1) {
			call.control[parameter] = String(found[0].id);
			continue;
		}
		const listed = (some: IDataObject[]) =>
			`${some
				.slice(0, MOST)
				.map((row) => `${String(row[name])} (${String(row.id)})`)
				.join(', ')}${some.length > MOST ? ' …' : ''}`;
		throw found.length > 1
			? new InputProblem(
					label,
					`is '${shown(text)}', which fits ${found.length} ${many}: ${listed(found)}`,
					'Give the whole name, or the ID of the one that is meant.',
				)
			: new InputProblem(
					label,
					`is '${shown(text)}', which fits none of the ${many} of this location`,
					open.length > 0
						? `There are: ${listed(open)}. Give a name as it stands there, or an ID.`
						: 'Give an ID, or pick one from the list.',
				);
	}
}
