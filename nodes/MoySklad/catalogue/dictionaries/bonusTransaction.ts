/** Bonus transactions. Reference of the project §1.2; MoySklad docs, Bonus transaction. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../../shared/errors/problems';
import { choice, moment, number, reference, text, toggle } from '../../writeFields';
import {
	common,
	EQUAL,
	EQUAL_OR_EMPTY,
	ORDERED,
	ORDERED_OR_EMPTY,
	type Dictionary,
} from '../dictionary';
import { access, code, description, DOCS, externalCode } from './shared';

/** MoySklad docs: error 62002. */
function check(body: IDataObject): void {
	if (body.transactionType !== 'SPENDING' || !body.executionDate) return;
	throw new InputProblem(
		'Execution Date',
		'is given for points that are spent',
		"Only points that are earned can be credited later: leave it out, or set 'Type' to Earning.",
	);
}

export const bonusTransaction: Dictionary = {
	resource: 'bonusTransaction',
	keyword: 'bonustransaction',
	one: 'bonus transaction',
	many: 'bonus transactions',
	label: 'Bonus Transaction',
	search: 'searchBonusTransactions',
	docs: `${DOCS}-bonusnaq-operaciq`,
	fields: [
		reference('agent', 'Counterparty', { entity: 'counterparty' }, { required: true }),
		reference('bonusProgram', 'Bonus Program', { entity: 'bonusprogram' }, { required: true }),
		choice(
			'transactionType',
			'Type',
			[
				{ name: 'Earning', value: 'EARNING' },
				{ name: 'Spending', value: 'SPENDING' },
			],
			{ required: true, createOnly: true },
		),
		number('bonusValue', 'Points', { whole: true }),
		moment('moment', 'Date'),
		text('name', 'Number', { match: true }),
		externalCode,
		code,
		description,
		reference('organization', 'Organization', { entity: 'organization' }),
		toggle('applicable', 'Is Posted'),
		moment('executionDate', 'Execution Date', { rare: true }),
		reference('parentDocument', 'Linked Document', {}, { rare: true }),
		...access,
	],
	filter: [
		common.accountId,
		{
			name: 'agent',
			label: 'Counterparty',
			kind: 'reference',
			entity: 'counterparty',
			operators: EQUAL,
		},
		{
			name: 'bonusProgram',
			label: 'Bonus Program',
			kind: 'reference',
			entity: 'bonusprogram',
			operators: EQUAL_OR_EMPTY,
		},
		common.code,
		common.created,
		{ name: 'moment', label: 'Date', kind: 'time', operators: ORDERED },
		common.description,
		common.externalCode,
		common.group,
		common.id,
		{ name: 'applicable', label: 'Is Posted', kind: 'toggle', operators: EQUAL },
		{ ...common.name, label: 'Number' },
		{
			name: 'organization',
			label: 'Organization',
			kind: 'reference',
			entity: 'organization',
			operators: EQUAL_OR_EMPTY,
		},
		common.owner,
		{ name: 'bonusValue', label: 'Points', kind: 'number', operators: ORDERED_OR_EMPTY },
		common.shared,
		common.updated,
		common.updatedBy,
	],
	// No order is documented for this list.
	sort: [],
	expand: [
		{ name: 'Bonus Program', value: 'bonusProgram' },
		{ name: 'Counterparty', value: 'agent' },
		{ name: 'Department', value: 'group' },
		{ name: 'Linked Document', value: 'parentDocument' },
		{ name: 'Organization', value: 'organization' },
		{ name: 'Owner', value: 'owner' },
	],
	references: { agent: 'agentId', bonusProgram: 'bonusProgramId' },
	simple: {
		id: 'string',
		name: 'string',
		transactionType: 'string',
		bonusValue: 'number',
		transactionStatus: 'string',
		moment: 'string',
		agentId: 'string',
		bonusProgramId: 'string',
		applicable: 'boolean',
		externalCode: 'string',
	},
	check,
	lookFor: 'bonus transactions with the same counterparty, points and date',
	writeNotes:
		'The type is fixed at creation. An execution date in the future needs the paid option for bonus programs.',
};
