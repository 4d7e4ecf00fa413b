/** Boxes of an order as rows, one for each item in a box. Reference of the project: yandex-market-jobs.md §4.2. */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { keptWhole, sheetKeyOf, listOf, numberOf } from '../../shared/form/readers';
import { unmarked, wholeNumber } from '../../shared/road/exact';
import { idLocator } from './outlet';

const whole = (label: string, min: number) => (value: unknown) =>
	numberOf(label, value, { min, whole: true });

/** The ID of an item in an order, of any length. */
function itemIdOf(value: unknown): number | string | undefined {
	const digits = keptWhole('Item', String(value).trim());
	return /^[1-9]\d{15,18}$/.test(digits)
		? wholeNumber(digits)
		: numberOf('Item', value, { min: 1, whole: true });
}

const column = (name: string, label: string, more: Partial<Field> = {}): Field =>
	({ name, label, kind: 'text', to: 'control', ...more }) as Field;

/** What a row says of: whole units, one part of a unit, or all items of a box as JSON. */
const WHOLE = { holds: ['whole'] };
const PART = { holds: ['part'] };
const BY_ROW = { holds: ['whole', 'part'] };
const AS_JSON = { holds: ['json'] };
/** Kinds of codes that are a text each (specification of BriefOrderItemInstanceDTO). */
const CODES = ['cis', 'uin', 'rnpt', 'gtd'];

const COLUMNS: Field[] = [
	column('box', 'Box', {
		placeholder: 'e.g. 1',
		when: WHOLE,
		help: 'Rows with the same number are one box. Rows without a number are a box each.',
	}),
	column('holds', 'Holds', {
		kind: 'choice',
		choices: [
			{ name: 'Items as JSON', value: 'json' },
			{ name: 'Part of a Unit', value: 'part' },
			{ name: 'Whole Units', value: 'whole' },
		],
		default: 'whole',
		help: 'What lies in the box. A large unit may take several boxes, with a part of it in each. A part, and items as JSON, are a box by themselves.',
	} as Partial<Field>),
	column('id', 'Item', {
		kind: 'locator',
		locator: idLocator('searchOrderItems', 'The ID of an item'),
		help: 'The item of the order: from the list, or by its ID in the order, which is not its SKU',
		when: BY_ROW,
		wire: itemIdOf,
	} as Partial<Field>),
	column('fullCount', 'Count', {
		placeholder: 'e.g. 2',
		help: 'Whole units in this box',
		when: WHOLE,
		wire: whole('Count', 1),
	}),
	column('current', 'Part', {
		placeholder: 'e.g. 1',
		help: 'Which part of the unit lies in this box',
		when: PART,
		wire: whole('Part', 1),
	}),
	column('total', 'Of Parts', {
		placeholder: 'e.g. 2',
		help: 'How many boxes the unit takes',
		when: PART,
		wire: whole('Of Parts', 2),
	}),
	column('codeType', 'Code Type', {
		kind: 'choice',
		choices: [
			{ name: 'Customs Declaration (ГТД)', value: 'gtd' },
			{ name: 'Identifiers as JSON', value: 'json' },
			{ name: 'Jewellery (УИН)', value: 'uin' },
			{ name: 'Marking (Честный ЗНАК)', value: 'cis' },
			{ name: 'Traceable Goods (РНПТ)', value: 'rnpt' },
		],
		default: 'cis',
		when: BY_ROW,
		help: 'What kind of code the units have, if any',
	} as Partial<Field>),
	column('cis', 'Marking Codes', {
		also: 'list',
		rows: 2,
		help: 'One for each unit, on lines of their own or as a list. Parts of a unit have the same code. Empty for goods that are not marked.',
		when: { ...BY_ROW, codeType: CODES },
		// Codes hold commas.
		wire: (value) => listOf(value, /\n/)?.map((code) => sheetKeyOf('Marking Codes', code)),
	} as Partial<Field>),
	column('instances', 'Identifiers', {
		kind: 'json',
		when: { ...BY_ROW, codeType: ['json'] },
		help: 'One for each unit: JSON list such as <code>[{ gtd, countryCode }]</code>',
	}),
	column('items', 'Items', {
		kind: 'json',
		when: AS_JSON,
		help: "All items of the box as JSON in the API's own form, such as <code>[{ id, fullCount, instances: [{ cis }] }]</code>",
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
				`name item ${digitsOf(item.id)} twice in one box`,
				'Add the two up in one row, or give them boxes of their own.',
			);
		}
		box.push(item);
	}
	const packed = [...boxes.values()];
	for (const item of packed.flat()) checkCodes(item);
	checkUnique(packed.flat());
	return packed.map((items) => ({ items }));
}

/** An item's ID as people know it. */
const digitsOf = (id: unknown) => String(unmarked(id));

const listIn = (value: unknown) => (Array.isArray(value) ? (value as IDataObject[]) : []);

/** A code for each unit in the box, and one for a part (specification of setOrderBoxLayout); none where none is needed. */
function checkCodes({ id, fullCount, partialCount, instances }: IDataObject): void {
	const units = partialCount === undefined ? Number(fullCount) : 1;
	const { length } = listIn(instances);
	if (length === 0 || Number.isNaN(units) || length === units) return;
	const codes = length === 1 ? 'code' : 'codes';
	throw new InputProblem(
		'Marking Codes',
		partialCount === undefined
			? `hold ${length} ${codes} for item ${digitsOf(id)}, of which ${units} ${units === 1 ? 'unit lies' : 'units lie'} in the box`
			: `hold ${length} codes for a part of item ${digitsOf(id)}`,
		partialCount === undefined
			? "Give one for each unit in the box, or correct 'Count'."
			: 'Give the one code of the unit with each of its parts.',
	);
}

/** Each unit has a code of its own; the parts of a unit share theirs. */
function checkUnique(items: IDataObject[]): void {
	const seen = new Set<string>();
	for (const { id, partialCount, instances } of items) {
		if (partialCount !== undefined) continue;
		for (const { cis, uin } of listIn(instances)) {
			const code = (cis ?? uin) as string | undefined;
			if (code !== undefined && seen.has(code)) {
				throw new InputProblem(
					'Marking Codes',
					`hold '${code}' twice, the second time for item ${digitsOf(id)}`,
					'Each unit has a code of its own: scan the other one.',
				);
			}
			if (code !== undefined) seen.add(code);
		}
	}
}

function itemOf({
	id,
	fullCount,
	current,
	total,
	codeType,
	cis,
	instances,
}: IDataObject): IDataObject {
	if (id === undefined) {
		throw new InputProblem(
			'Item',
			'is empty',
			'Choose it from the list, or give the ID that it has in the order.',
		);
	}
	const isPart = current !== undefined || total !== undefined;
	if (isPart === (fullCount !== undefined)) {
		throw new InputProblem(
			'Boxes',
			isPart
				? `have a count as well as parts for item ${digitsOf(id)}`
				: `have neither a count nor parts for item ${digitsOf(id)}`,
			"Fill in 'Count', or 'Part' and 'Of Parts'.",
		);
	}
	if (isPart && (current === undefined || total === undefined || Number(current) > Number(total))) {
		throw new InputProblem(
			'Part',
			`of item ${digitsOf(id)} is not one of its parts`,
			"Give 'Part' from 1 to 'Of Parts'.",
		);
	}
	const kind = CODES.find((one) => one === codeType) ?? 'cis';
	const codes = Array.isArray(instances)
		? (instances as IDataObject[])
		: (cis as string[] | undefined)?.map((code) => ({ [kind]: code }));
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
