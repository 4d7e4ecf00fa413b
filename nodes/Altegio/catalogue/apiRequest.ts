/** Any request of Altegio's and YCLIENTS' API. Reference of the project: altegio-api.md §1. */
import type { IDataObject } from 'n8n-workflow';

import { apiRequestOperation, type ApiRequestRules } from '../../shared/apiRequest';
import { valueAt } from '../../shared/road/paging';

/** The first version, and the second, which lies beside it. */
const FIRST = /^.*\/api\/v1(?=\/|$)/i;
const SECOND = /^.*\/api(?=\/v2\/)/i;

/** What the size of a page is called, which differs from list to list. */
const SIZES = ['count', 'limit', 'page_size', 'editable_length'];

/**
 * Most lists come whole. Others tell their total, or go on while pages are as full as the query asks for; without
 * either there is one page.
 */
const list: ApiRequestRules['list'] = (request, rows) => {
	const { page = 1, ...query } = request.query ?? {};
	const size = SIZES.map((name) => Number(query[name])).find((number) => number > 0);
	let seen = (Number(page) - 1) * (size ?? 0);
	return {
		request: { ...request, query: query as IDataObject },
		rule: {
			pageSize: () => Infinity,
			style: {
				name: 'page number',
				first: () => ({ page: Number(page) }),
				next: (before, { body }, found) => {
					seen += found.length;
					const total = valueAt(body, 'meta.total_count');
					const more =
						typeof total === 'number' ? seen < total : found.length >= (size ?? Infinity);
					return more && found.length > 0 ? { page: Number(before.page) + 1 } : undefined;
				},
				rows,
			},
		},
	};
};

/** Altegio's table for free requests. */
export const rules: ApiRequestRules = {
	vendor: 'Altegio',
	docs: 'https://developer.alteg.io/api',
	hosts: 'api\\.(?:alteg\\.io|yclients\\.com)',
	below: (pathname) =>
		SECOND.test(pathname)
			? pathname.replace(SECOND, '')
			: FIRST.test(pathname)
				? pathname.replace(FIRST, '')
				: undefined,
	app: /\/\/(?:app\.alteg\.io|(?:www\.)?yclients\.com)\b/i,
	examples: '/companies?my=1 or /staff/4564',
	methods: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'],
	rowsAt: 'data',
	list,
	longestS: 300,
	words: {
		path: '/companies?my=1',
		pathHelp: 'Path below /api/v1, or a whole link to the API; a query in it is taken over',
		allRows:
			"Whether to read all pages of a list that tells its total, or whose page size the query gives ('count', 'limit', 'page_size'). Off: one request.",
		methods: 'GET reads, POST creates, PUT and PATCH change, DELETE deletes',
		body: '{ "name": "Ann", "phone": "79991234567" }',
		query: ['count', '100'],
		queryJson: '{ "count": 100 }',
		header: ['Accept-Language', 'en-US'],
		safeToRepeat:
			'Whether the node may send this POST again when nobody knows whether it was carried out (a search). Off: it says so and stops.',
		timeout: 'How long to wait for the answer',
	},
	notes:
		"Returns an item for an object, one per row of a list that is read; a file becomes binary data. A body that says that the call failed is an error, whatever its status. GET, PUT and DELETE are tried again after a fault of the connection, POST only when it is 'Safe to Repeat'.",
};

export const apiRequests = [apiRequestOperation(rules)];
