/** Currencies. Reference of the project §1.4; MoySklad docs, Currency. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../../shared/errors/problems';
import { parsedJson } from '../../../shared/form/values';
import { searchOf } from '../../entities';
import { choice, number, object, objectEntry, text, toggle } from '../../writeFields';
import { common, EQUAL, ORDERED, TEXT, type Dictionary } from '../dictionary';
import { DOCS, sortBy } from './shared';

const UNIT_FORMS = ['gender', 's1', 's2', 's5'];

/** `{gender, s1, s2, s5}`: the forms of a unit's name. */
const unit = (name: string, label: string) =>
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
		{ looks: '{gender, s1, s2, s5}', rare: true },
	);

/** A currency is a custom one, or a copy of one in MoySklad's list (codes 31001, 31002). */
function check(body: IDataObject, creates: boolean): void {
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

export const currency: Dictionary = {
	resource: 'currency',
	keyword: 'currency',
	one: 'currency',
	many: 'currencies',
	label: 'Currency',
	search: searchOf('currency'),
	docs: `${DOCS}-valuta`,
	fields: [
		text('name', 'Short Name', { match: true }),
		text('code', 'Digital Code', { match: 'default' }),
		text('isoCode', 'ISO Code'),
		toggle('system', "From MoySklad's List", { createOnly: true }),
		text('fullName', 'Full Name'),
		number('rate', 'Rate', {
			refuse: (value) => (value === 0 ? 'A rate cannot be 0.' : undefined),
		}),
		number('multiplicity', 'Multiplicity', { whole: true, min: 1 }),
		toggle('indirect', 'Is Inverse Rate', { rare: true }),
		choice(
			'rateUpdateType',
			'Rate Update',
			[
				{ name: 'Automatic', value: 'auto' },
				{ name: 'Manual', value: 'manual' },
			],
			{ rare: true },
		),
		number('margin', 'Markup on Automatic Rate', { rare: true }),
		unit('majorUnit', 'Major Unit'),
		unit('minorUnit', 'Minor Unit'),
		toggle('archived', 'Is Archived', { rare: true }),
	],
	filter: [
		common.archived,
		common.code,
		{ name: 'fullName', label: 'Full Name', kind: 'text', operators: TEXT },
		common.id,
		{ name: 'default', label: 'Is Accounting Currency', kind: 'toggle', operators: EQUAL },
		{ name: 'isoCode', label: 'ISO Code', kind: 'text', operators: TEXT },
		{ name: 'multiplicity', label: 'Multiplicity', kind: 'number', operators: ORDERED },
		common.name,
	],
	sort: sortBy('archived', 'code', 'default', 'fullname', 'id', 'isoCode', 'multiplicity', 'name'),
	searches: 'the short name',
	simple: {
		id: 'string',
		name: 'string',
		fullName: 'string',
		code: 'string',
		isoCode: 'string',
		rate: 'number',
		multiplicity: 'number',
		default: 'boolean',
		archived: 'boolean',
		rateUpdateType: 'string',
	},
	hides: 'archived',
	check,
	lookFor: 'currencies with the same codes',
	writeNotes:
		"Needs a short name, digital code and ISO code, or 'From MoySklad's List' with one of the codes. Names and codes of listed currencies and the rate of the accounting currency cannot be changed.",
};
