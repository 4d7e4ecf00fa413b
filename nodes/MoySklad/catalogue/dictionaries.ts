/** The dictionaries that have nothing special to them: one table each, by hand or from facts. */
import type { Operation } from '../../shared/catalogue';
import { bonusProgram } from './dictionaries/bonusProgram';
import { bonusTransaction } from './dictionaries/bonusTransaction';
import { bundle } from './dictionaries/bundle';
import { contract } from './dictionaries/contract';
import { currency } from './dictionaries/currency';
import { factDictionaries } from './dictionaries/decisions';
import { productFolder } from './dictionaries/productFolder';
import { task } from './dictionaries/task';
import { unitOfMeasure } from './dictionaries/unitOfMeasure';
import type { Dictionary } from './dictionary';
import { getOperation, listOperation } from './dictionaryReads';
import {
	createOperation,
	deleteOperation,
	updateOperation,
	upsertOperation,
} from './dictionaryWrites';

export type { Dictionary } from './dictionary';

export const plainDictionaries: Dictionary[] = [
	bonusProgram,
	bonusTransaction,
	bundle,
	contract,
	currency,
	productFolder,
	task,
	unitOfMeasure,
];

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

/** Those with a table by hand, and those from facts. */
export const allDictionaries: Dictionary[] = [...plainDictionaries, ...factDictionaries];

export const dictionaries: Operation[] = allDictionaries.flatMap(operationsOf);
