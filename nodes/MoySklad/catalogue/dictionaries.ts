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

/** The operations of a dictionary; Create or Update only where arrays can be written. */
function operationsOf(dictionary: Dictionary): Operation[] {
	return [
		createOperation(dictionary),
		...(dictionary.single ? [] : [upsertOperation(dictionary)]),
		getOperation(dictionary),
		listOperation(dictionary),
		updateOperation(dictionary),
		deleteOperation(dictionary),
	];
}

export const dictionaries: Operation[] = plainDictionaries.flatMap(operationsOf);
