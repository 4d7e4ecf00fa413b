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
import { hasStates, stateIn, statesHint, statesOf } from '../states';
import { moySklad } from '../vendor';
import type { WantedStatus } from './settings';

/**
 * IDs of the wanted statuses, by type; types of which none is chosen are missing, and not looked at. Statuses given
 * by name (or by an ID alone) are looked up: one request per type, and of the `others` only for what none of the
 * `types` has. Throws `InputProblem` for one that no type has.
 */
export async function statusIds(
	wanted: WantedStatus[],
	types: string[],
	send: SendRequest,
	{ label, others = [] }: { label: string; others?: string[] },
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
	const known: IDataObject[] = [];
	const look = async (type: string) => {
		const states = await statesOf(send, type);
		known.push(...states);
		for (const { text } of loose) {
			const found = stateIn(states, text);
			if (!found) continue;
			add(type, String(found.id));
			missing.delete(text);
		}
	};
	await Promise.all(types.filter(hasStates).map(look));
	if (missing.size === 0) return ids;
	await Promise.all(others.filter((type) => hasStates(type) && !types.includes(type)).map(look));
	if (missing.size === 0) return ids;
	throw new InputProblem(
		label,
		`holds '${[...missing].join("', '")}', which is no status of the types that are watched`,
		statesHint(known, 'These types have no statuses yet.'),
	);
}

/**
 * Refuses statuses of types that are not watched, as they are left over where the types were changed: it looks as if
 * what comes were filtered, and everything comes. Throws `InputProblem`.
 */
export function checkWatched(wanted: WantedStatus[], types: string[], label: string): void {
	const left = wanted.find(({ type }) => type !== undefined && !types.includes(type));
	if (left?.type === undefined) return;
	throw new InputProblem(
		label,
		`holds a status of ${facts[left.type]?.one ?? left.type}, which is not watched`,
		"Take the status out, or add the type to 'Entity Types'. Of a type without a status in this list, everything starts the workflow.",
	);
}

/** n8n's loadOptions method: the statuses of the types that are watched. */
export const getWatchedStatuses = loadChoices(
	moySklad,
	async (context: ILoadOptionsFunctions, { send }): Promise<INodePropertyOptions[]> => {
		const chosen = (listOf(context.getCurrentNodeParameter('entityTypes')) ?? []).map(String);
		const types = [...new Set(chosen)].filter(hasStates);
		const choicesOf = async (type: string) =>
			(await statesOf(send, type)).map(({ id, name }) => ({
				name: types.length > 1 ? `${facts[type].one}: ${String(name)}` : String(name),
				value: `${type}/${String(id)}`,
			}));
		return (await Promise.all(types.map(choicesOf))).flat();
	},
);
