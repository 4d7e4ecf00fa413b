/**
 * Rules between the fields of the dictionaries of the first release, and fields that facts cannot describe. MoySklad
 * docs: Bonus program, Bonus transaction, Bundle, Currency, Task.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../../shared/catalogue';
import { InputProblem } from '../../../shared/errors/problems';
import { parsedJson } from '../../../shared/form/values';
import { checkComponents, componentOf, list, object, objectEntry } from '../../writeFields';
import { checkQuantity, componentLocator } from '../bundleComponent';

export function checkBonusProgram(body: IDataObject, creates: boolean): void {
	if (body.allProducts === false) {
		throw new InputProblem(
			'For All Products',
			'is off',
			'MoySklad has bonus programs for all products only: turn it on, or leave it out.',
		);
	}
	// A change may leave to the program what it has.
	if (!creates || body.welcomeBonusesEnabled !== true) return;
	const needed: Array<[string, string]> = [
		['welcomeBonusesMode', 'Welcome Points: When'],
		['welcomeBonusesValue', 'Welcome Points: How Many'],
	];
	const missing = needed.find(([name]) => body[name] === undefined || body[name] === null);
	if (!missing) return;
	throw new InputProblem(
		missing[1],
		"is empty, while 'Welcome Points' is on",
		`Fill in '${missing[1]}' (${missing[0]}), or turn 'Welcome Points' off.`,
	);
}

/** MoySklad docs: error 62002. */
export function checkBonusTransaction(body: IDataObject): void {
	if (body.transactionType !== 'SPENDING' || !body.executionDate) return;
	throw new InputProblem(
		'Execution Date',
		'is given for points that are spent',
		"Only points that are earned can be credited later: leave it out, or set 'Type' to Earning.",
	);
}

/** The components of another bundle have IDs that a new one cannot have. */
export function freshBundle(body: IDataObject): void {
	if (!Array.isArray(body.components)) return;
	body.components = (body.components as IDataObject[]).map(({ assortment, quantity }) => ({
		assortment,
		quantity,
	}));
}

export const components = list('components', 'Components', componentOf, {
	looks: 'or rows below',
	required: true,
	check: checkComponents,
});
/** The same, row by row. */
export const componentRows: Field = {
	name: 'components',
	label: 'Components',
	kind: 'rows',
	to: 'body:components',
	button: 'Add Component',
	rowLabel: 'Component',
	help: 'What is packed into the bundle',
	columns: [
		{
			name: 'assortment',
			label: 'Item',
			kind: 'locator',
			to: 'control',
			required: true,
			locator: componentLocator,
			help: 'Product, variant or service; an ID alone is taken for that of a product',
		},
		{
			name: 'quantity',
			label: 'Quantity',
			kind: 'number',
			to: 'control',
			required: true,
			default: 1,
			help: 'How many of the item are in one bundle',
			wire: checkQuantity,
		},
	],
	wire: components.wire,
};

/** Once more: names and codes have become objects. */
export function checkBundle({ components: given }: IDataObject): void {
	if (Array.isArray(given)) checkComponents(given);
}

const UNIT_FORMS = ['gender', 's1', 's2', 's5'];

/** `{gender, s1, s2, s5}`: the forms of a unit's name. */
export const unitForms = (name: string, label: string) =>
	object(
		name,
		label,
		(value) => {
			const given = objectEntry(label, parsedJson(label, value));
			const unknown = Object.keys(given).find((key) => !UNIT_FORMS.includes(key));
			if (unknown === undefined) return given;
			throw new InputProblem(
				label,
				`holds '${unknown}'`,
				'Give {"gender": "masculine" or "feminine", "s1": form for one, "s2": for two, "s5": for five}.',
			);
		},
		{ looks: '{gender, s1, s2, s5}' },
	);

/** A currency is a custom one, or a copy of one in MoySklad's list (codes 31001, 31002). */
export function checkCurrency(body: IDataObject, creates: boolean): void {
	if (!creates) return;
	if (body.system === true) {
		if (body.code || body.isoCode) return;
		throw new InputProblem(
			'ISO Code',
			"is empty, and so is 'Digital Code'",
			"A currency from MoySklad's own list is found by one of them, e.g. EUR or 978.",
		);
	}
	const needed: Array<[string, string]> = [
		['name', 'Short Name'],
		['code', 'Digital Code'],
		['isoCode', 'ISO Code'],
	];
	const missing = needed.find(([name]) => !body[name]);
	if (!missing) return;
	throw new InputProblem(
		missing[1],
		'is empty, but needed to create the object',
		`Fill in '${missing[1]}' (${missing[0]}), or turn on 'From MoySklad's List' to create a currency by its code.`,
	);
}

/** A task belongs to a counterparty or to a document. */
export function checkTask(body: IDataObject): void {
	if (!body.agent || !body.operation) return;
	throw new InputProblem(
		'Document',
		"is given together with 'Counterparty'",
		'A task is about one of the two: leave the other out.',
	);
}
