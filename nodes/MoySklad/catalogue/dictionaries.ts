/** The dictionaries that have nothing special to them: one table each. */
import type { Operation } from '../../shared/catalogue';
import { bonusProgram } from './dictionaries/bonusProgram';
import { bonusTransaction } from './dictionaries/bonusTransaction';
import { bundle } from './dictionaries/bundle';
import { contract } from './dictionaries/contract';
import { currency } from './dictionaries/currency';
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

/** The operations that the API has for a dictionary; Create or Update only where arrays can be written. */
export function operationsOf(dictionary: Dictionary): Operation[] {
	const { does = 'lcrudD', single } = dictionary;
	return [
		...(does.includes('c') ? [createOperation(dictionary)] : []),
		...(/c.*u/.test(does) && !single ? [upsertOperation(dictionary)] : []),
		...(does.includes('r') ? [getOperation(dictionary)] : []),
		...(does.includes('l') ? [listOperation(dictionary)] : []),
		...(does.includes('u') ? [updateOperation(dictionary)] : []),
		...(does.includes('d') ? [deleteOperation(dictionary)] : []),
	];
}

export const dictionaries: Operation[] = plainDictionaries.flatMap(operationsOf);
