/** Contracts. Reference of the project §1.7; MoySklad docs, Contract. */
import type { IDataObject } from 'n8n-workflow';

import type { WireContext } from '../../../shared/catalogue';
import { parsedJson } from '../../../shared/values';
import { searchOf } from '../../entities';
import {
	account,
	choice,
	currencyOf,
	innerNumber,
	moment,
	number,
	object,
	objectEntry,
	reference,
	text,
	toggle,
} from '../../writeFields';
import { common, EQUAL, EQUAL_OR_EMPTY, ORDERED, type Dictionary } from '../dictionary';
import { access, code, description, DOCS, externalCode, sortBy } from './shared';

const AGENTS = ['counterparty', 'organization'];

/** `{currency, value}`; a currency alone takes its own rate. */
function rateOf(value: unknown, context: WireContext): IDataObject {
	const label = 'Currency and Rate';
	const isText = typeof value === 'string' && !/^\s*\{/.test(value);
	const given = isText ? { currency: value } : objectEntry(label, parsedJson(label, value));
	// A currency's own meta is as good as one inside of `currency`.
	const { currency = given, value: rate } = given as IDataObject;
	return {
		currency: currencyOf(`${label}: currency`, currency, context),
		...(rate === undefined ? {} : { value: innerNumber(`${label}: value`, rate) }),
	};
}

export const contract: Dictionary = {
	resource: 'contract',
	keyword: 'contract',
	one: 'contract',
	many: 'contracts',
	label: 'Contract',
	search: searchOf('contract'),
	docs: `${DOCS}-dogowor`,
	fields: [
		reference('ownAgent', 'Organization', { entity: 'organization' }, { required: true }),
		reference('agent', 'Counterparty', { entities: AGENTS }, { required: true }),
		text('name', 'Number', { match: true }),
		moment('moment', 'Date'),
		externalCode,
		code,
		description,
		choice('contractType', 'Contract Type', [
			{ name: 'Commission', value: 'Commission' },
			{ name: 'Sales', value: 'Sales' },
		]),
		number('sum', 'Sum', { min: 0 }),
		reference('state', 'Status', { entity: 'contract/metadata/states' }),
		choice(
			'rewardType',
			'Reward Type',
			[
				{ name: 'None', value: 'None' },
				{ name: 'Percent of Sales', value: 'PercentOfSales' },
			],
			{ rare: true },
		),
		number('rewardPercent', 'Reward, %', { whole: true, min: 0, max: 100, rare: true }),
		account('organizationAccount', "Organization's Account", { rare: true }),
		account('agentAccount', "Counterparty's Account", { rare: true }),
		object('rate', 'Currency and Rate', rateOf, { looks: '{currency, value}', rare: true }),
		toggle('archived', 'Is Archived', { rare: true }),
		...access,
	],
	filter: [
		common.accountId,
		{
			name: 'agent',
			label: 'Counterparty',
			kind: 'reference',
			entity: AGENTS.join(','),
			operators: EQUAL,
		},
		common.archived,
		common.code,
		{ name: 'moment', label: 'Date', kind: 'time', operators: ORDERED },
		common.description,
		common.externalCode,
		common.group,
		common.id,
		{ ...common.name, label: 'Number' },
		{
			name: 'ownAgent',
			label: 'Organization',
			kind: 'reference',
			entity: 'organization',
			operators: EQUAL,
		},
		common.owner,
		common.shared,
		{
			name: 'state',
			label: 'Status',
			kind: 'reference',
			entity: 'contract/metadata/states',
			operators: EQUAL_OR_EMPTY,
		},
		{ name: 'state.name', label: 'Status Name', kind: 'text', operators: EQUAL },
		common.updated,
		common.updatedBy,
	],
	sort: sortBy(
		'archived',
		'code',
		'description',
		'externalCode',
		'id',
		'moment',
		'name',
		'updated',
		'updatedBy',
		'version',
	),
	searches: 'number and description',
	expand: [
		{ name: 'Counterparty', value: 'agent' },
		{ name: "Counterparty's Account", value: 'agentAccount' },
		{ name: 'Currency', value: 'rate.currency' },
		{ name: 'Department', value: 'group' },
		{ name: 'Organization', value: 'ownAgent' },
		{ name: "Organization's Account", value: 'organizationAccount' },
		{ name: 'Owner', value: 'owner' },
		{ name: 'Rate', value: 'rate' },
		{ name: 'Status', value: 'state' },
	],
	references: { agent: 'agentId', ownAgent: 'ownAgentId', state: 'stateId' },
	simple: {
		id: 'string',
		name: 'string',
		code: 'string',
		externalCode: 'string',
		moment: 'string',
		contractType: 'string',
		sum: 'number',
		agentId: 'string',
		ownAgentId: 'string',
		stateId: 'string',
	},
	savedFilters: true,
	hides: 'archived',
	money: { paths: ['sum'], whole: { sum: 'Sum' } },
	attributes: 'contract',
	accounts: { organizationAccount: 'ownAgent', agentAccount: 'agent' },
	lookFor: 'contracts with the same number, counterparty and date',
	writeNotes:
		'A new organization or counterparty needs its account given as well. A counterparty given by ID alone is taken for a counterparty; an organization goes by its link.',
};
