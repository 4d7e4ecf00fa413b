/** Bonus programs. Reference of the project §1.3; MoySklad docs, Bonus program. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../../shared/errors/problems';
import { searchOf } from '../../entities';
import { choice, list, number, text, toggle } from '../../writeFields';
import type { Dictionary } from '../dictionary';
import { DOCS } from './shared';

function check(body: IDataObject, creates: boolean): void {
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

export const bonusProgram: Dictionary = {
	resource: 'bonusProgram',
	keyword: 'bonusprogram',
	one: 'bonus program',
	many: 'bonus programs',
	label: 'Bonus Program',
	search: searchOf('bonusprogram'),
	docs: `${DOCS}-bonusnaq-programma`,
	fields: [
		text('name', 'Name', { required: true }),
		toggle('active', 'Is Active', { required: true }),
		toggle('allAgents', 'For All Counterparties', { required: true }),
		number('earnRateRoublesToPoint', 'Earning: Roubles per Point', {
			required: true,
			whole: true,
			min: 0,
		}),
		number('spendRatePointsToRouble', 'Spending: Points per Rouble', {
			required: true,
			whole: true,
			min: 0,
		}),
		number('maxPaidRatePercents', 'Payable With Points at Most, %', {
			required: true,
			whole: true,
			min: 0,
			max: 100,
		}),
		list('agentTags', 'Groups of Counterparties', (tag) => String(tag).trim().toLowerCase(), {
			looks: 'separated by commas',
			split: /[,;\n]/,
		}),
		toggle('earnWhileRedeeming', 'Earn While Spending'),
		number('postponedBonusesDelayDays', 'Points Are Credited After, Days', {
			whole: true,
			min: 0,
			rare: true,
		}),
		toggle('welcomeBonusesEnabled', 'Welcome Points'),
		choice('welcomeBonusesMode', 'Welcome Points: When', [
			{ name: 'First Purchase', value: 'FIRST_PURCHASE' },
			{ name: 'Registration', value: 'REGISTRATION' },
		]),
		number('welcomeBonusesValue', 'Welcome Points: How Many', { whole: true, min: 0 }),
		toggle('allProducts', 'For All Products', { rare: true }),
	],
	// No filters, order or references are documented for this list.
	filter: [],
	sort: [],
	simple: {
		id: 'string',
		name: 'string',
		active: 'boolean',
		allAgents: 'boolean',
		earnRateRoublesToPoint: 'number',
		spendRatePointsToRouble: 'number',
		maxPaidRatePercents: 'number',
		welcomeBonusesEnabled: 'boolean',
		welcomeBonusesMode: 'string',
		welcomeBonusesValue: 'number',
	},
	single: true,
	// MoySklad has no other programs, yet it wants to be told.
	defaults: { allProducts: true },
	check,
	lookFor: 'bonus programs with the same name',
	writeNotes: 'One request per item: MoySklad takes no lists here, but for deleting.',
};
