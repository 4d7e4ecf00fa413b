/**
 * "Only when the status becomes …" of the triggers: which statuses are wanted, of which types. Source: MoySklad docs,
 * States; reference of the project: moysklad-documents.md §5.1, §5.2.
 */
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { SendRequest } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { listOf } from '../../shared/form/readers';
import { loadChoices } from '../../shared/form/search';
import { facts } from '../facts';
import { statesStyle } from '../lists';
import { moySklad } from '../vendor';
import { isId } from './notification';
import type { WantedStatus } from './settings';

/** True for types whose objects have statuses. */
export function hasStatuses(type: string): boolean {
	return facts[type]?.has.includes('states') === true && facts[type].fields.state !== undefined;
}

async function statusesOf(send: SendRequest, type: string): Promise<IDataObject[]> {
	return statesStyle.rows(await send({ method: 'GET', path: `/entity/${type}/metadata` }));
}

/**
 * IDs of the wanted statuses, by type; types of which none is chosen are missing, and not looked at. Statuses given
 * by name (or by an ID alone) are looked up: one request per type. Throws `InputProblem` for one that no type has.
 */
export async function statusIds(
	wanted: WantedStatus[],
	types: string[],
	send: SendRequest,
	label = 'Only When Status Becomes',
): Promise<Map<string, Set<string>>> {
	const ids = new Map<string, Set<string>>();
	const add = (type: string, id: string) => {
		const known = ids.get(type) ?? new Set();
		ids.set(type, known.add(id));
	};
	for (const { type, text } of wanted) if (type !== undefined) add(type, text);
	const loose = wanted.filter(({ type }) => type === undefined);
	if (loose.length === 0) return ids;
	const missing = new Set(loose.map(({ text }) => text));
	const known: string[] = [];
	const look = async (type: string) => {
		for (const { id, name } of await statusesOf(send, type)) {
			known.push(`'${String(name)}'`);
			for (const { text } of loose) {
				const isIt = isId(text)
					? String(id) === text.toLowerCase()
					: String(name).trim().toLowerCase() === text.toLowerCase();
				if (!isIt) continue;
				add(type, String(id));
				missing.delete(text);
			}
		}
	};
	await Promise.all(types.filter(hasStatuses).map(look));
	if (missing.size === 0) return ids;
	const names = [...new Set(known)];
	throw new InputProblem(
		label,
		`holds '${[...missing].join("', '")}', which is no status of the types that are watched`,
		names.length > 0 ? `Give one of: ${names.join(', ')}.` : 'These types have no statuses yet.',
	);
}

/** n8n's loadOptions method: the statuses of the types that are watched. */
export const getWatchedStatuses = loadChoices(
	moySklad,
	async (context: ILoadOptionsFunctions, { send }): Promise<INodePropertyOptions[]> => {
		const chosen = (listOf(context.getCurrentNodeParameter('entityTypes')) ?? []).map(String);
		const types = [...new Set(chosen)].filter(hasStatuses);
		const choicesOf = async (type: string) =>
			(await statusesOf(send, type)).map(({ id, name }) => ({
				name: types.length > 1 ? `${facts[type].one}: ${String(name)}` : String(name),
				value: `${type}/${String(id)}`,
			}));
		return (await Promise.all(types.map(choicesOf))).flat();
	},
);
