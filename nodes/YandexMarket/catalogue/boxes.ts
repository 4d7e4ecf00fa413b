/** Boxes of an order as rows, one for each item in a box. Reference of the project: yandex-market-jobs.md §4.2. */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { listOf, numberOf, textOf } from '../../shared/form/readers';
import { wholeNumber } from '../../shared/road/exact';

const whole = (label: string, min: number) => (value: unknown) =>
	numberOf(label, value, { min, whole: true });

/** The ID of an item in an order, of any length. */
function itemIdOf(value: unknown): number | string | undefined {
	const digits = String(value).trim();
	return /^[1-9]\d{15,18}$/.test(digits)
		? wholeNumber(digits)
		: numberOf('Item ID', value, { min: 1, whole: true });
}

const column = (name: string, label: string, more: Partial<Field> = {}): Field =>
	({ name, label, kind: 'text', to: 'control', ...more }) as Field;

const COLUMNS: Field[] = [
	column('box', 'Box', {
		placeholder: 'e.g. 1',
		help: 'Rows with the same number are one box. Rows without a number are a box each.',
	}),
	column('id', 'Item ID', {
		placeholder: 'e.g. 345678',
		help: 'ID of the item in the order, not its SKU',
		wire: itemIdOf,
	}),
	column('fullCount', 'Count', {
		placeholder: 'e.g. 2',
		help: 'Whole units in this box',
		wire: whole('Count', 1),
	}),
	column('current', 'Part', {
		placeholder: 'e.g. 1',
		help: 'Of a unit that takes several boxes: which part is in this one',
		wire: whole('Part', 1),
	}),
	column('total', 'Of Parts', {
		placeholder: 'e.g. 2',
		help: 'How many boxes the unit takes',
		wire: whole('Of Parts', 2),
	}),
	column('cis', 'Marking Codes', {
		also: 'list',
		help: 'Codes of Честный ЗНАК, one for each unit, on lines of their own or as a list. Parts of a unit have the same code.',
		// Codes hold commas.
		wire: (value) => listOf(value, /\n/)?.map((code) => textOf('Marking Codes', code)),
	} as Partial<Field>),
	column('instances', 'Identifiers', {
		kind: 'json',
		help: 'In place of the codes: JSON list such as <code>[{ cis, uin, rnpt, gtd, countryCode }]</code>',
	}),
	column('items', 'Items', {
		kind: 'json',
		help: "In place of one item: all items of the box as JSON in the API's own form",
	}),
];

/** Rows → boxes. Throws `InputProblem` for what the Market would refuse. */
export function boxesOf(value: unknown): IDataObject[] {
	const boxes = new Map<string, IDataObject[]>();
	for (const [at, row] of (value as IDataObject[]).entries()) {
		const key = row.box === undefined ? `row ${at}` : `box ${String(row.box).trim()}`;
		const box = boxes.get(key) ?? [];
		boxes.set(key, box);
		if (row.items !== undefined) {
			box.push(
				...(Array.isArray(row.items) ? (row.items as IDataObject[]) : [row.items as IDataObject]),
			);
			continue;
		}
		const item = itemOf(row);
		if (box.some(({ id }) => id === item.id)) {
			throw new InputProblem(
				'Boxes',
				`name item ${String(item.id)} twice in one box`,
				'Add the two up in one row, or give them boxes of their own.',
			);
		}
		box.push(item);
	}
	return [...boxes.values()].map((items) => ({ items }));
}

function itemOf({ id, fullCount, current, total, cis, instances }: IDataObject): IDataObject {
	if (id === undefined) {
		throw new InputProblem('Item ID', 'is empty', 'Give the ID that the item has in the order.');
	}
	const isPart = current !== undefined || total !== undefined;
	if (isPart === (fullCount !== undefined)) {
		throw new InputProblem(
			'Boxes',
			isPart
				? `have a count as well as parts for item ${String(id)}`
				: `have neither a count nor parts for item ${String(id)}`,
			"Fill in 'Count', or 'Part' and 'Of Parts'.",
		);
	}
	if (isPart && (current === undefined || total === undefined || Number(current) > Number(total))) {
		throw new InputProblem(
			'Part',
			`of item ${String(id)} is not one of its parts`,
			"Give 'Part' from 1 to 'Of Parts'.",
		);
	}
	const codes = Array.isArray(instances)
		? (instances as IDataObject[])
		: (cis as string[] | undefined)?.map((code) => ({ cis: code }));
	return {
		id,
		...(isPart ? { partialCount: { current, total } } : { fullCount }),
		...(codes ? { instances: codes } : {}),
	};
}

export const boxes: Field = {
	name: 'boxes',
	label: 'Boxes',
	kind: 'rows',
	button: 'Add Item of a Box',
	rowLabel: 'Item of a Box',
	required: true,
	to: 'body:boxes',
	columns: COLUMNS,
	help: 'A row for each item in a box. A box holds whole items or parts of items, and no item twice. Each call replaces all boxes.',
	wire: boxesOf,
};
