/** Amounts: MoySklad counts in kopecks (hundredths), people in roubles. Reference of the project §2.6. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Work } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import { labelFrom } from '../shared/form/labels';

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

/** What is said behind the label of an amount in a mapper, which shows nothing else: the first that has room. */
export const AMOUNT_LOOKS = ['kopecks, or as Money says', 'kopecks or by Money', 'kopecks'];

/** The label of an amount elsewhere in a form. */
export const amountLabel = (label: string) => `${label} (Kopecks, or as Money Says)`;

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

/** Kopecks as the user's option Money counts them, with the unit where it is not the web app's. */
export const amountShown = (kopecks: number, { money }: Call['control']): string =>
	money === 'roubles' ? String(toRoubles(kopecks)) : `${kopecks} kopecks`;

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

/** The first amount at a path that has parts of a kopeck; copies nothing, as most bodies have none. */
function partsAt(value: unknown, path: string[], depth = 0): number | undefined {
	if (Array.isArray(value)) {
		for (const entry of value) {
			const found = partsAt(entry, path, depth);
			if (found !== undefined) return found;
		}
		return undefined;
	}
	if (depth === path.length) {
		return typeof value === 'number' && !Number.isInteger(value) ? value : undefined;
	}
	if (typeof value !== 'object' || value === null) return undefined;
	return partsAt((value as IDataObject)[path[depth]], path, depth + 1);
}

/** Throws `InputProblem` where MoySklad takes whole kopecks only. */
function checkWhole(
	body: IDataObject,
	whole: Record<string, string>,
	given: IDataObject,
	inRoubles: boolean,
): void {
	for (const [name, label] of Object.entries(whole)) {
		const amount = body[name];
		if (typeof amount !== 'number' || Number.isInteger(amount)) continue;
		throw new InputProblem(
			label,
			`is ${String(given[name])} ${inRoubles ? 'roubles' : 'kopecks'}, which has parts of a kopeck`,
			inRoubles
				? 'Round it to two decimals.'
				: "If it is in roubles, set the option 'Money' to In Roubles; else give whole kopecks.",
		);
	}
}

/** Amounts of a body in kopecks. Throws `InputProblem` where MoySklad takes whole kopecks only. */
export function bodyInKopecks(
	body: IDataObject,
	paths: string[],
	whole: Record<string, string>,
): IDataObject {
	const converted = mapMoney(body, paths, toKopecks);
	checkWhole(converted, whole, body, true);
	return converted;
}

/**
 * Amounts of what is written, as the option Money says they are given; the body has kopecks afterwards. Parts of a
 * kopeck in an amount that is given in kopecks are what a forgotten option looks like (`1 200,50` roubles). Prices of
 * MoySklad may have them as well (MoySklad docs: data types), so that they are sent, and told beside the output.
 *
 * @param whole amounts that MoySklad takes as whole kopecks only, with their labels
 * @param labelOf how the form calls a field that has amounts
 * @throws `InputProblem` for parts of a kopeck in one of those
 */
export function takeAmounts(
	call: Call,
	work: Pick<Work, 'notice'>,
	paths: string[],
	whole: Record<string, string> = {},
	labelOf: (name: string) => string | undefined = () => undefined,
): void {
	if (call.control.money === 'roubles') {
		call.body = bodyInKopecks(call.body, paths, whole);
		return;
	}
	checkWhole(call.body, whole, call.body, false);
	for (const path of paths) {
		const names = path.split('.');
		const amount = partsAt(call.body, names);
		if (amount === undefined) continue;
		const label = names
			.filter((name) => name !== 'value' && name !== 'rows')
			.map((name) => labelOf(name) ?? labelFrom(name));
		// The same once more would be there twice.
		const next = call.operation.operation.startsWith('create')
			? 'and correct what was created; running the node again would create it twice'
			: 'and run the node again';
		work.notice(
			'partsOfKopeck',
			`'${label.join(': ')}' was taken as ${amount} kopecks, which are ${toRoubles(amount)} roubles. If ${amount} roubles are meant, set the option 'Money' to In Roubles ${next}.`,
		);
		return;
	}
}
