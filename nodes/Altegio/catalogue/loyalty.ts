/** Cards, programs, memberships, gift cards and client accounts. Reference of the project: altegio-api.md §2.13–2.16. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, MapperField, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { parsedJson } from '../../shared/form/values';
import { isRecord } from '../../shared/record';
import { create, family, isEmptyList, type More, update } from '../dialect';
import { WORDS } from '../facts';

const card = family({ value: 'loyaltyCard', one: 'loyalty card', many: 'loyalty cards' });
const program = family({
	value: 'loyaltyProgram',
	one: 'loyalty program',
	many: 'loyalty programs',
});
const membership = family({ value: 'membership', one: 'membership', many: 'memberships' });
const membershipType = family({
	value: 'membershipType',
	one: 'membership type',
	many: 'membership types',
});
const giftCard = family({ value: 'giftCard', one: 'gift card', many: 'gift cards' });
const giftCardType = family({
	value: 'giftCardType',
	one: 'gift card type',
	many: 'gift card types',
});
const deposit = family({ value: 'clientAccount', one: 'client account', many: 'client accounts' });

/** Its answer is what the visit has come to. */
const visit = { answer: { kind: 'object' as const, at: 'data' } };
const SIGNED = { amount: { help: 'Points to add; with a minus, points to take' } };

/** From where on a program gives what, row by row. */
const RULES: More['tune'] = {
	rules: {
		label: 'Rules',
		rows: true,
		help: 'A row for each step: from so many visits, or so much money, on',
		columns: {
			parameter: { label: 'From', help: 'Visits or money, as the type of the program counts' },
			value: { help: 'Percent or money, as the unit of the value says' },
		},
	},
};

/** How long a gift card is valid, and whether it is sold online. */
const GIFT_CARD: More['tune'] = {
	'expiration.type_id': {
		name: 'expirationTypeId',
		label: 'Expires',
		required: true,
		values: { '0': 'Never', '1': 'On a Date', '2': 'After a Time' },
	},
	'expiration.date': { name: 'expirationDate', label: 'Expires On' },
	'expiration.timeout': { name: 'expirationTimeout', label: 'Expires After' },
	'expiration.timeout_unit_id': {
		name: 'expirationTimeoutUnitId',
		label: 'Unit of Time',
		values: WORDS.period_unit_id,
	},
	'online_sale.is_enabled': { name: 'onlineSaleIsEnabled', label: 'Sold Online' },
	'online_sale.title': { name: 'onlineSaleTitle', label: 'Title Online' },
	'online_sale.description': { name: 'onlineSaleDescription', label: 'Description Online' },
	'online_sale.price': { name: 'onlineSalePrice', label: 'Price Online' },
};

/** What a program works for is read as one list, and written as three. */
function withItems(program: IDataObject): IDataObject {
	const { applicable_items: items } = program;
	if (!Array.isArray(items)) return program;
	const of = (isService: boolean, isCategory: boolean) =>
		(items as IDataObject[]).filter(
			(item) =>
				(item.is_service === true) === isService && (item.is_category === true) === isCategory,
		);
	return {
		...program,
		allowed_service_ids: of(true, false),
		allowed_good_ids: of(false, false),
		allowed_good_category_ids: of(false, true),
	};
}

const COUNTED =
	'Services and Service Categories are IDs with their visits, such as 12: 10, 15: 5. The docs do not tell how Availability counts days and hours: take it from a type that was made in the web app, by Get.';

/** `12: 10, 15: 5` */
const COUNTS = /^\s*\d+\s*:\s*\d+\s*(?:[,;]\s*\d+\s*:\s*\d+\s*)*$/;

/** Services of a membership by ID, each with its visits; undefined for what is no such thing. Throws `InputProblem`. */
function countsOf(label: string, value: unknown): IDataObject | undefined {
	const text = typeof value === 'string' ? value.trim() : '';
	const given = COUNTS.test(text)
		? Object.fromEntries(text.split(/[,;]/).map((part) => part.split(':').map((one) => one.trim())))
		: text.startsWith('{')
			? parsedJson(label, text)
			: value;
	if (!isRecord(given)) return undefined;
	return Object.fromEntries(
		Object.entries(given).map(([id, count]) => {
			if (/^[1-9]\d*$/.test(id) && /^\d+$/.test(String(count))) return [id, Number(count)];
			throw new InputProblem(
				label,
				`holds '${id}: ${String(count)}'`,
				'Give IDs, each with a whole number of visits: 12: 10, 15: 5.',
			);
		}),
	);
}

/** The docs type lists of IDs, and say that objects of IDs and visits are wanted: both are taken. */
function withCounts(operation: Operation): Operation {
	const fields = operation.fields.map((field): Field => {
		if (field.kind !== 'mapper') return field;
		const columns = field.mapper.fields.map((column): MapperField => {
			if (column.name === 'availability') return { ...column, looks: 'as Get tells it' };
			if (!['services', 'service_categories'].includes(column.name)) return column;
			const { wire, label } = column;
			return {
				...column,
				looks: 'ID: visits, with commas',
				wire: (value, context) =>
					isEmptyList(value) ? [] : (countsOf(label, value) ?? wire?.(value, context)),
			};
		});
		return { ...field, mapper: { ...field.mapper, fields: columns } };
	});
	return { ...operation, fields };
}

export const loyalty: Operation[] = [
	card(
		'loyaltyCard.getByClientId',
		'getByClient',
		'Get by Client',
		'List the loyalty cards of a client',
		{ at: 'data', answer: { kind: 'list', at: 'data' } },
	),
	card(
		'loyaltyCard.getByPhone',
		'getByPhone',
		'Get by Phone',
		'List the loyalty cards of a phone',
		{ answer: { kind: 'list', at: 'data' } },
	),
	card(
		'loyaltyCard.getOwn',
		'getOwn',
		'Get Own',
		'List the loyalty cards of the user behind the token',
		{ answer: { kind: 'list', at: 'data' } },
	),
	card('loyaltyCard.getTypes', 'getTypes', 'Get Types', 'List the types of cards of a location', {
		answer: { kind: 'list', at: 'data' },
	}),
	card(
		'loyaltyCard.getTypesForClient',
		'getTypesForClient',
		'Get Types for Client',
		'List the types of cards that a client can get',
		{ answer: { kind: 'list', at: 'data' } },
	),
	card(
		'loyaltyCard.getTypesChain',
		'getTypesOfChain',
		'Get Types of Chain',
		'List the types of cards of a chain',
		{ answer: { kind: 'list', at: 'data' } },
	),
	card('loyaltyCard.issue', 'issue', 'Issue', 'Give a card to a client', {
		top: ['phone', 'loyalty_card_type_id', 'loyalty_card_number'],
	}),
	card('loyaltyCard.delete', 'delete', 'Delete', 'Delete a card'),
	card(
		'loyaltyCard.manualTransaction',
		'addPoints',
		'Add or Take Points',
		'Add points to a card, or take some',
		{ tune: SIGNED },
	),
	card(
		'loyaltyCard.manualTransactionChain',
		'addPointsInChain',
		'Add or Take Points in Chain',
		'Add points to a card of a chain, or take some',
		{ tune: SIGNED },
	),

	program(
		'loyaltyProgram.getManyLocation',
		'getAll',
		'Get Many',
		'List the loyalty programs of a location',
	),
	program('loyaltyProgram.get', 'get', 'Get', 'Retrieve a loyalty program of a chain'),
	program('loyaltyProgram.create', 'create', 'Create', 'Add a loyalty program to a chain', {
		...create('title', 'type'),
		tune: RULES,
	}),
	program(
		'loyaltyProgram.update',
		'update',
		'Update',
		'Change some fields of a loyalty program; all others stay',
		{
			...update('title', 'usage_limit'),
			tune: RULES,
			merge: {
				read: 'GET /chain/{chainId}/loyalty/programs/{loyaltyProgramId}',
				rename: { company_ids: 'companies' },
				complete: withItems,
			},
		},
	),
	program('loyaltyProgram.delete', 'delete', 'Delete', 'Delete a loyalty program'),
	program(
		'loyaltyProgram.getTransactions',
		'getTransactions',
		'Get Transactions',
		'List points and discounts of a chain by date',
	),
	program(
		'loyaltyProgram.getNotificationTemplates',
		'getTemplates',
		'Get Templates',
		'List the messages of loyalty programs',
	),
	program(
		'loyaltyProgram.getVisitTransactions',
		'getOfVisit',
		'Get Transactions of Visit',
		'List points and discounts of a visit',
	),
	program(
		'loyaltyProgram.generateCode',
		'generateCode',
		'Generate Code',
		'Make a code for a membership or gift card',
	),
	program(
		'loyaltyProgram.applyCardWithdrawal',
		'applyCard',
		'Apply Card',
		'Pay a visit with points of a card',
		visit,
	),
	program(
		'loyaltyProgram.cancelCardWithdrawal',
		'cancelCard',
		'Cancel Card',
		'Take back a payment with points',
		visit,
	),
	program(
		'loyaltyProgram.applyDiscount',
		'applyDiscount',
		'Apply Discount',
		'Apply the discount of a program to a visit',
		visit,
	),
	program(
		'loyaltyProgram.cancelDiscount',
		'cancelDiscount',
		'Cancel Discount',
		'Take back the discount of a program',
		visit,
	),
	program(
		'loyaltyProgram.applyReferral',
		'applyReferral',
		'Apply Referral',
		'Reward who has recommended the location',
		visit,
	),

	membership(
		'membership.getByClient',
		'getByClient',
		'Get by Phone',
		'List the active memberships of a phone',
		{
			notes: 'Expired ones are in Get Many.',
		},
	),
	membership(
		'membership.getOwn',
		'getOwn',
		'Get Own',
		'List the memberships of the user behind the token',
	),
	membership(
		'membership.getManyChain',
		'getAll',
		'Get Many',
		'List the memberships of a chain, expired ones as well',
	),
	membership(
		'membership.getTypesByIds',
		'getTypes',
		'Get Types',
		'List types of memberships by their IDs',
		{ tune: { 'ids[]': {} } },
	),
	membership(
		'membership.searchTypes',
		'searchTypes',
		'Search Types',
		'Find types of memberships by title',
	),
	membership(
		'membership.searchForEvent',
		'getForEvent',
		'Get for Event',
		'List the memberships of a client that cover an event',
	),
	membership(
		'membership.checkForEvent',
		'checkForEvent',
		'Check for Event',
		'Check whether a membership covers an event',
	),
	membership('membership.freeze', 'freeze', 'Freeze', 'Stop a membership until a day'),
	membership('membership.unfreeze', 'unfreeze', 'Unfreeze', 'Let a membership go on'),
	membership('membership.setBalance', 'setBalance', 'Set Balance', 'Set the visits that are left', {
		answer: { kind: 'done' },
		tune: {
			services_balance_count: {
				label: 'Visits Left by Service',
				help: 'A row for each service of a membership whose services are counted one by one',
				orJson: true,
				columns: {
					service_id: { required: true },
					balance: { label: 'Visits Left', required: true },
				},
			},
		},
		top: ['services_balance_count'],
	}),
	membership(
		'membership.setPeriod',
		'setPeriod',
		'Set Period',
		'Set how long a membership is valid',
		{ tune: { period_unit_id: { default: 3 } } },
	),

	membershipType(
		'membershipType.getMany',
		'getAll',
		'Get Many',
		'List the types of memberships of a chain',
		{ answer: { kind: 'list', at: 'data' } },
	),
	membershipType('membershipType.get', 'get', 'Get', 'Retrieve a type of memberships', {
		answer: { kind: 'object', at: 'data' },
	}),
	withCounts(
		membershipType('membershipType.create', 'create', 'Create', 'Add a type of memberships', {
			...create('title', 'cost', 'period', 'period_unit_id'),
			notes: COUNTED,
		}),
	),
	withCounts(
		membershipType('membershipType.update', 'update', 'Update', 'Replace a type of memberships', {
			...update('title', 'cost', 'period', 'period_unit_id'),
			notes: `Altegio replaces the whole type: what you do not name is lost. ${COUNTED}`,
		}),
	),
	membershipType('membershipType.delete', 'delete', 'Delete', 'Delete a type of memberships'),
	membershipType('membershipType.clone', 'clone', 'Clone', 'Copy a type of memberships'),
	membershipType('membershipType.restore', 'restore', 'Restore', 'Restore a type of memberships', {
		answer: { kind: 'done' },
	}),
	membershipType(
		'membershipType.archive',
		'archive',
		'Archive',
		'Archive a type of memberships, or take it back',
		{ answer: { kind: 'done' }, tune: { is_archived: { default: true } } },
	),

	giftCard('giftCard.getByClient', 'getByClient', 'Get by Phone', 'List the gift cards of a phone'),
	giftCard(
		'giftCard.getOwn',
		'getOwn',
		'Get Own',
		'List the gift cards of the user behind the token',
	),
	giftCard(
		'giftCard.getTypesByIds',
		'getTypes',
		'Get Types',
		'List types of gift cards of a location',
	),
	giftCard(
		'giftCard.searchTypes',
		'searchTypes',
		'Search Types',
		'Find types of gift cards by title',
	),

	giftCardType(
		'giftCardType.getMany',
		'getAll',
		'Get Many',
		'List the types of gift cards of a chain',
		{ answer: { kind: 'list', at: 'data' } },
	),
	giftCardType('giftCardType.get', 'get', 'Get', 'Retrieve a type of gift cards', {
		answer: { kind: 'object', at: 'data' },
	}),
	giftCardType('giftCardType.create', 'create', 'Create', 'Add a type of gift cards', {
		...create('title', 'balance', 'expiration.type_id', 'online_sale.is_enabled'),
		tune: GIFT_CARD,
	}),
	giftCardType('giftCardType.update', 'update', 'Update', 'Replace a type of gift cards', {
		...update('title', 'balance', 'expiration.type_id', 'online_sale.is_enabled'),
		tune: GIFT_CARD,
		notes:
			'Altegio replaces the whole type: what you do not name is lost. Types of which cards were issued cannot be changed.',
	}),
	giftCardType(
		'giftCardType.delete',
		'delete',
		'Delete',
		'Delete a type of gift cards of which none was issued',
	),

	deposit(
		'clientAccount.getByClient',
		'getByClient',
		'Get by Client',
		'List the accounts of a client',
	),
	deposit(
		'clientAccount.getByPhone',
		'getByPhone',
		'Get by Phone',
		'List the accounts of a phone in a chain',
	),
	deposit(
		'clientAccount.getByChain',
		'getAll',
		'Get Many',
		'List the client accounts of a chain, by balance if you like',
	),
	deposit('clientAccount.topUp', 'topUp', 'Top Up', 'Add money to the account of a client', {
		at: 'data',
	}),
	deposit(
		'clientAccount.getHistory',
		'getHistory',
		'Get History',
		'List what came to an account and went from it',
	),
	deposit(
		'clientAccount.getHistoryLegacy',
		'getHistoryYclients',
		'Get History in YCLIENTS',
		'List what came to an account and went from it',
	),
];
