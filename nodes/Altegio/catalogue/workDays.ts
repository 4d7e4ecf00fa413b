/** Working times of team members, row by row. Reference of the project: altegio-api.md §2.6. */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { locationPick } from './fields';

const MS_PER_DAY = 24 * 3600 * 1000;
/** Days of one row: more is a slip in a year. */
const MOST_DAYS = 366;

/** The values are those of `Date.getUTCDay`. */
const WEEKDAYS: Choice[] = [
	{ name: 'Monday', value: '1' },
	{ name: 'Tuesday', value: '2' },
	{ name: 'Wednesday', value: '3' },
	{ name: 'Thursday', value: '4' },
	{ name: 'Friday', value: '5' },
	{ name: 'Saturday', value: '6' },
	{ name: 'Sunday', value: '0' },
];

/** Whose days, and which. */
const DAYS: Field[] = [
	{
		...locationPick('teamMemberId', 'Team Member', 'searchTeamMembers', '55436'),
		to: 'control',
		required: true,
	} as Field,
	{
		name: 'from',
		label: 'First Day',
		kind: 'time',
		as: 'date',
		to: 'control',
		required: true,
		help: 'The first of the days',
	},
	{
		name: 'until',
		label: 'Last Day',
		kind: 'time',
		as: 'date',
		to: 'control',
		help: 'The last of the days; without it, the first alone',
	},
	{
		name: 'weekdays',
		label: 'Weekdays',
		kind: 'choices',
		choices: WEEKDAYS,
		to: 'control',
		help: 'Only these days of the range; all of them without',
	},
];

const clock = (name: string, label: string, example: string): Field => ({
	name,
	label,
	kind: 'text',
	to: 'control',
	required: true,
	placeholder: `e.g. ${example}`,
	help: 'On the clock of the location',
	wire: (value) => clockTime(label, value),
});

/** `9:30` → `09:30`; midnight at the end of a day is 24:00. Throws `InputProblem`. */
function clockTime(label: string, value: unknown): string {
	const [, hours, minutes] =
		/^\s*(\d{1,2})[:.](\d{2})(?::00)?\s*$/.exec(String(value)) ??
		/^\s*(\d{1,2})()\s*$/.exec(String(value)) ??
		[];
	const time = `${(hours ?? '').padStart(2, '0')}:${minutes || '00'}`;
	if (/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.test(time)) return time;
	throw new InputProblem(label, `is '${String(value)}'`, 'Give a time of the day such as 10:00.');
}

/** Days of a row, as `2026-11-30`. Throws `InputProblem` for a range that holds none or too many. */
function datesOf({ from, until = from, weekdays }: IDataObject): string[] {
	const [first, last] = [from, until].map((day) => Date.parse(`${String(day)}T00:00:00Z`));
	if (last < first) {
		throw new InputProblem(
			'Last Day',
			`(${String(until)}) is before 'First Day'`,
			'Turn them round.',
		);
	}
	const count = (last - first) / MS_PER_DAY + 1;
	if (count > MOST_DAYS) {
		throw new InputProblem(
			'Last Day',
			`makes ${count} days from 'First Day' on`,
			`Give ${MOST_DAYS} days at most in a row.`,
		);
	}
	const wanted = weekdays as string[] | undefined;
	const days = Array.from({ length: count }, (_, index) => new Date(first + index * MS_PER_DAY))
		.filter((day) => !wanted?.length || wanted.includes(String(day.getUTCDay())))
		.map((day) => day.toISOString().slice(0, 10));
	if (days.length > 0) return days;
	throw new InputProblem(
		'Weekdays',
		`leave no day from ${String(from)} to ${String(until)}`,
		'Choose a day of the week that lies between them, or none for all days.',
	);
}

/** Days of team members with one or more stretches of work each: rows of the same days are stretches of one. */
function stretchesOf(value: unknown): IDataObject[] {
	const found = new Map<string, { staff_id: number; dates: string[]; slots: IDataObject[] }>();
	for (const row of value as IDataObject[]) {
		const { begins, ends } = row;
		if (String(ends) <= String(begins)) {
			throw new InputProblem(
				'Works Until',
				`(${String(ends)}) is not after '${String(begins)}'`,
				'Give the end of the work on the same day; midnight is 24:00.',
			);
		}
		const dates = datesOf(row);
		const key = `${String(row.teamMemberId)} ${dates.join()}`;
		const known = found.get(key) ?? { staff_id: Number(row.teamMemberId), dates, slots: [] };
		known.slots.push({ from: begins, to: ends });
		found.set(key, known);
	}
	return [...found.values()];
}

/** Days on which team members work. The wire name is the old one, which both platforms take. */
export const daysToSet: Field = {
	name: 'schedulesToSet',
	label: 'Days to Set',
	kind: 'rows',
	to: 'body:schedules_to_set',
	button: 'Add Days to Set',
	rowLabel: 'Working Days',
	columns: [...DAYS, clock('begins', 'Works From', '10:00'), clock('ends', 'Works Until', '18:00')],
	help: 'What these days held is replaced. A break: two rows for the same days.',
	wire: stretchesOf,
};

/** Days on which they do not. */
export const daysToDelete: Field = {
	name: 'schedulesToDelete',
	label: 'Days to Delete',
	kind: 'rows',
	to: 'body:schedules_to_delete',
	button: 'Add Days to Delete',
	rowLabel: 'Days Off',
	columns: DAYS,
	help: 'Days on which a team member does not work',
	wire: (value) =>
		(value as IDataObject[]).map((row) => ({
			staff_id: Number(row.teamMemberId),
			dates: datesOf(row),
		})),
};
