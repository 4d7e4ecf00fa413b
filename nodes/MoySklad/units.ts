/** Units in the headers of sheets, which say more than a form: `Price, RUB` is in roubles, whatever Money says. */
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
