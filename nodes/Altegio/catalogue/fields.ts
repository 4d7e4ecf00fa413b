/** What is picked from lists of a location, and the lists of the form that come in pages. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, Locator, SendRequest } from '../../shared/catalogue';
import type { PageQuery, PageStyle } from '../../shared/road/paging';
import { pages, RowsMissing, valueAt } from '../../shared/road/paging';
import { location } from './location';

/** Something of the location, picked by name. */
export function locationPick(
	name: string,
	label: string,
	search: string,
	example: string,
	help?: string,
): Omit<Field, 'to'> {
	const locator: Locator = {
		search,
		id: {
			pattern: '^\\s*[1-9]\\d*\\s*$',
			message: `${label}: the ID is a whole number from 1 up`,
			placeholder: `e.g. ${example}`,
		},
	};
	const field = { name, label, kind: 'locator', locator, ...(help ? { help } : {}) };
	return field as Omit<Field, 'to'>;
}

const place = location as Omit<Field, 'to'>;
const teamMember = locationPick('teamMemberId', 'Team Member', 'searchTeamMembers', '55436');
const product = locationPick('productId', 'Product', 'searchProducts', '77001');

/** Fields that mean the same in all operations, by Altegio's name. */
export const COMMON: Record<string, Omit<Field, 'to'>> = {
	location_id: place,
	salon_id: place,
	company_id: place,
	team_member_id: teamMember,
	staff_id: teamMember,
	master_id: teamMember,
	client_id: locationPick('clientId', 'Client', 'searchClients', '4240788'),
	service_id: locationPick('serviceId', 'Service', 'searchServices', '220000'),
	account_id: locationPick('accountId', 'Account', 'searchAccounts', '90'),
	storage_id: locationPick('storageId', 'Inventory', 'searchInventories', '90210'),
	product_id: product,
	good_id: product,
	expense_id: locationPick('expenseId', 'Expense Item', 'searchExpenseItems', '5'),
	user_id: locationPick('userId', 'User', 'searchUsers', '123456'),
	position_id: locationPick('positionId', 'Position', 'searchPositions', '30'),
	form_id: locationPick('formId', 'Booking Form', 'searchBookingForms', '1234'),
	tag_id: locationPick('tagId', 'Tag', 'searchTags', '12'),
	technological_card_id: locationPick(
		'technologicalCardId',
		'Bill of Materials',
		'searchBillsOfMaterials',
		'1001',
	),
	loyalty_membership_type_id: locationPick(
		'loyaltyMembershipTypeId',
		'Membership Type',
		'searchMembershipTypes',
		'12',
	),
	chain_id: locationPick('chainId', 'Chain', 'searchChains', '83', 'The network of locations'),
};

/** Rows at `data`; one object is a list of one, and nothing is none. Throws `RowsMissing` without an answer. */
function someRowsAt(path: string): PageStyle['rows'] {
	return (answer) => {
		const found = valueAt(answer.body, path);
		if (Array.isArray(found)) return found.map(asRow);
		if (found === null) return [];
		if (typeof found !== 'object') throw new RowsMissing(path);
		return Object.keys(found).length > 0 ? [found as IDataObject] : [];
	};
}

/** Lists of days come as bare texts. */
function asRow(one: unknown): IDataObject {
	return typeof one === 'object' && one !== null ? (one as IDataObject) : { value: one as string };
}

/** Sizes at which an API may cut a page whatever it is asked for. */
const ROUND = 25;

/**
 * Page and size. Totals are not to be trusted (reference of the project: altegio-api.md §1.6) and sizes are cut in
 * silence: a page that is short ends the list, unless it has a round number of rows.
 */
export function numberedPages(rows: string, sizeName: string): PageStyle {
	const page = (number: number, size: number): PageQuery => ({ page: number, [sizeName]: size });
	return {
		name: `page/${sizeName}`,
		first: (size) => page(1, size),
		next: (query, _answer, found, size) => {
			const mayBeCut = found.length >= size || found.length % ROUND === 0;
			return found.length > 0 && mayBeCut ? page(Number(query.page) + 1, size) : undefined;
		},
		rows: someRowsAt(rows),
	};
}

/** All locations of the user, page by page: without `my` the list is the public one. */
export const companies = (send: SendRequest): AsyncGenerator<IDataObject[]> =>
	pages({
		request: { method: 'GET', path: '/companies', query: { my: 1 } },
		rule: {
			style: numberedPages('data', 'count'),
			pageSize: () => 200,
			rowKey: ({ id }) => String(id),
		},
		send,
		limit: Infinity,
	});

/** The next page is a pair of dates (visits of a client). */
export function datePages(rows: string): PageStyle {
	return {
		name: 'dates',
		first: () => ({}),
		next: (_query, answer) => {
			const next = valueAt(answer.body, 'meta.dateCursor.next') as IDataObject | null | undefined;
			const { from, to } = next ?? {};
			return from && to ? { from, to } : undefined;
		},
		rows: someRowsAt(rows),
	};
}

/** A list that comes as a whole. */
export function wholeList(rows: string): PageStyle {
	return { name: 'whole', first: () => ({}), next: () => undefined, rows: someRowsAt(rows) };
}
