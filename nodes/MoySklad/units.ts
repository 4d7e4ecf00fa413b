/** Units in the headers of sheets, which say more than a form: `Price, RUB` is in roubles, whatever Money says. */
import type { IDataObject } from 'n8n-workflow';

import type { MapperField, WireContext } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import { isNothing } from '../shared/form/readers';
import type { TypeField } from './facts';

type Unit = 'whole' | 'hundredths' | 'percent' | 'measure';

/** Whole units and hundredths of a currency, percents, pieces and other measures of goods. */
const UNITS: Array<[Unit, RegExp]> = [
	[
		'whole',
		/^(?:rub|rur|rou?bles?|руб|рубл[а-я]+|р|₽|usd|\$|eur|euro?s?|€|kzt|тенге|₸|byn|cny|¥)$/,
	],
	['hundredths', /^(?:kop|kopecks?|kopeks?|коп|копе[а-я]+|cents?)$/],
	['percent', /^(?:%|percents?|pct|проц|процент[а-я]*)$/],
	[
		'measure',
		/^(?:pcs?|pieces?|units?|шт|штук[аи]?|ед|kg|кг|g|г|l|л|m|м|m2|м2|m3|м3|уп|упак|pack)$/,
	],
];

/** The unit that a remark in a header is: `RUB`, `руб.`, `in kopecks`, `%`; undefined for another remark. */
export function unitIn(remark: string): Unit | undefined {
	const word = remark
		.toLowerCase()
		.replace(/\./g, ' ')
		.trim()
		.replace(/^(?:in|в) /, '')
		.trim();
	return UNITS.find(([, pattern]) => pattern.test(word))?.[0];
}

/**
 * Whether a field may be in the unit that its column says. Throws `InputProblem` for an amount that the option Money
 * takes for a hundred times less or more.
 *
 * @param money value of the option Money; kopecks where it is none
 */
export function checkUnit(
	label: string,
	column: string,
	remark: string,
	field: TypeField | undefined,
	money: unknown,
	value: unknown,
): boolean {
	const unit = unitIn(remark);
	if (unit === undefined || field === undefined) return true;
	if (field.unit === 'percent') return unit === 'percent';
	if (!field.unit?.startsWith('kopecks')) {
		return unit === 'measure' || !/number|integer/.test(field.kind);
	}
	if (unit === 'percent') return false;
	const inRoubles = /rouble/i.test(String(money));
	if (unit === 'measure' || (unit === 'whole') === inRoubles || isNothing(value)) return true;
	throw new InputProblem(
		label,
		`is given by '${column}', and amounts are taken in ${inRoubles ? 'roubles' : 'kopecks'}`,
		`If the header is right, set the option 'Money' to ${inRoubles ? 'In Kopecks' : 'In Roubles'}; else take the unit out of the header.`,
	);
}

/** `Price, RUB`, `Price (RUB)`, `Price RUB` and `Price ₽` → `Price` and `RUB`; other remarks likewise. */
export function headerParts(column: string): { gist: string; remark?: string } {
	const [, gist, remark] =
		/^(.*[^\s,;:])[\s,;:]*[([]([^()[\]]+)[)\]]\s*$/.exec(column) ??
		/^(.*[^\s,;:/])\s*[,;:/]\s*([^,;:/]+)$/.exec(column) ??
		/^(.*[\p{L}\p{N}])\s*([^\p{L}\p{N}\s]+)\s*$/u.exec(column) ??
		[];
	if (gist !== undefined) return { gist, remark };
	const [, before, last] = /^(.*\S)\s+(\S+)\s*$/.exec(column) ?? [];
	return last !== undefined && unitIn(last) ? { gist: before, remark: last } : { gist: column };
}

/** What a column's unit must fit in a mapper of fields of these kinds. */
export function headerCheck(
	table: Record<string, TypeField>,
): (field: MapperField, column: string, value: unknown, context: WireContext) => void {
	return ({ name, label }, column, value, { parameter }) => {
		if (column === name || column === label) return;
		const { remark } = headerParts(column);
		if (remark === undefined) return;
		const money = (parameter('options') as IDataObject | undefined)?.money;
		if (checkUnit(label, column, remark, table[name], money, value)) return;
		throw new InputProblem(
			label,
			`is given by '${column}', which is in another unit`,
			table[name].unit === 'percent'
				? `Give it in percent in a column '${name}', and take out '${column}'.`
				: `Name the column '${name}' if its values fit, or take it out.`,
		);
	};
}
