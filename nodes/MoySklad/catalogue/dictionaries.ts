/** The dictionaries that have nothing special to them: one table each, made from facts and decisions. */
import type { Operation } from '../../shared/catalogue';
import { factDictionaries, plainDictionaries } from './dictionaries/decisions';
import type { Dictionary } from './dictionary';
import { getOperation, listOperation } from './dictionaryReads';
import {
	createOperation,
	deleteOperation,
	updateOperation,
	upsertOperation,
} from './dictionaryWrites';

export type { Dictionary } from './dictionary';

export { plainDictionaries } from './dictionaries/decisions';

/** The operations that the API has for a dictionary; Create or Update only where arrays can be written and found. */
export function operationsOf(dictionary: Dictionary): Operation[] {
	const { does = 'lcrudD', single, keyless } = dictionary;
	return [
		...(does.includes('c') ? [createOperation(dictionary)] : []),
		...(/c.*u/.test(does) && !single && !keyless ? [upsertOperation(dictionary)] : []),
		...(does.includes('r') ? [getOperation(dictionary)] : []),
		...(does.includes('l') ? [listOperation(dictionary)] : []),
		...(does.includes('u') ? [updateOperation(dictionary)] : []),
		...(does.includes('d') ? [deleteOperation(dictionary)] : []),
	];
}

/** Those of the first release, and those that came later. */
export const allDictionaries: Dictionary[] = [...plainDictionaries, ...factDictionaries];

export const dictionaries: Operation[] = allDictionaries.flatMap(operationsOf);
