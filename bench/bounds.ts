/** What a work must reach, and by how much it does or does not. */

/** One line of the columns "must reach" and "reached". */
export interface Bound {
	must: string;
	/** Undefined when it could not be judged. */
	met: boolean | undefined;
	/** How far it is from the bound, for people. */
	by: string;
}

function number(value: number): string {
	if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
	return value.toFixed(value < 10 ? 2 : 1);
}

function judged(must: string, value: number, met: boolean, distance: number): Bound {
	const percent = `${number(Math.abs(distance) * 100)} %`;
	const by = met
		? `met: ${number(value)}${distance === 0 ? '' : `, ${percent} to spare`}`
		: `NOT MET: ${number(value)}, by ${percent}`;
	return { must, met, by };
}

/** `value` may be `limit` at most; undefined when it could not be measured. */
export function atMost(what: string, limit: number, value: number | undefined, unit = ''): Bound {
	const must = `${what} ≤ ${limit}${unit}`;
	if (value === undefined) return { must, met: undefined, by: 'not measured' };
	return judged(must, value, value <= limit, limit === 0 ? 0 : (limit - value) / limit);
}

/** `value` must be `limit` at least. */
export function atLeast(what: string, limit: number, value: number | undefined): Bound {
	const must = `${what} ≥ ${limit} ×`;
	if (value === undefined) return { must, met: undefined, by: 'not measured' };
	return judged(must, value, value >= limit, (value - limit) / limit);
}

/** Something that holds or does not. */
export function isTrue(must: string, value: boolean | undefined): Bound {
	if (value === undefined) return { must, met: undefined, by: 'not measured' };
	return { must, met: value, by: value ? 'met' : 'NOT MET' };
}
