/** Amounts: MoySklad counts in kopecks (hundredths), people in roubles. Reference of the project §2.6. */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';

/** Option of operations whose objects hold amounts; `call.control.money` is `kopecks` or `roubles`. */
export const MONEY_FIELD: Field = {
	name: 'money',
	label: 'Money',
	kind: 'choice',
	section: 'options',
	to: 'control',
	default: 'kopecks',
	choices: [
		{ name: 'In Kopecks', value: 'kopecks', description: 'As the API has it: 1050 is 10.50' },
		{ name: 'In Roubles', value: 'roubles', description: 'In whole units: 10.5 is 10.50' },
	],
	help: 'Unit of amounts that are read and written',
};

/** A finite number moved by so many decimal places, without the errors of binary fractions. */
function shifted(value: number, places: number): number {
	const [digits, exponent = '0'] = String(value).split('e');
	return Number(`${digits}e${Number(exponent) + places}`);
}

/**
 * Roubles → kopecks. Prices may have parts of a kopeck: two further decimals are kept, whatever a calculation
 * has left behind them is rounded away (0.1 + 0.2 gives 30).
 */
export function toKopecks(roubles: number): number {
	return shifted(Math.round(shifted(roubles, 4)), -2);
}

/** Kopecks → roubles. */
export function toRoubles(kopecks: number): number {
	return shifted(kopecks, -2);
}

/**
 * A copy of an object whose amounts are converted. A path is a field, with dots into objects and lists alike:
 * `sum`, `minPrice.value`, `salePrices.value`.
 */
export function mapMoney(
	object: IDataObject,
	paths: string[],
	convert: (amount: number) => number,
): IDataObject {
	return paths.reduce<IDataObject>(
		(current, path) => atPath(current, path.split('.'), convert) as IDataObject,
		object,
	);
}

function atPath(value: unknown, path: string[], convert: (amount: number) => number): unknown {
	if (path.length === 0) return typeof value === 'number' ? convert(value) : value;
	if (Array.isArray(value)) return value.map((entry) => atPath(entry, path, convert));
	if (typeof value !== 'object' || value === null) return value;
	const [name, ...rest] = path;
	const inner = (value as IDataObject)[name];
	if (inner === undefined) return value;
	return { ...value, [name]: atPath(inner, rest, convert) };
}

/** Amounts of a body in kopecks. Throws `InputProblem` where MoySklad takes whole kopecks only. */
export function bodyInKopecks(
	body: IDataObject,
	paths: string[],
	whole: Record<string, string>,
): IDataObject {
	const converted = mapMoney(body, paths, toKopecks);
	for (const [name, label] of Object.entries(whole)) {
		const amount = converted[name];
		if (typeof amount === 'number' && !Number.isInteger(amount)) {
			throw new InputProblem(
				label,
				`is ${String(body[name])} roubles, which has parts of a kopeck`,
				'Round it to two decimals.',
			);
		}
	}
	return converted;
}
