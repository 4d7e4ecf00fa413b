/** Any request of Yandex Market's API. Reference of the project: yandex-market.md §1–2. */
import type { IDataObject } from 'n8n-workflow';

import { apiRequestOperation, type ApiRequestRules } from '../../shared/apiRequest';
import { valueAt } from '../../shared/road/paging';

/** What addresses begin with behind the version (Yandex Market's OpenAPI). */
const ROOTS =
	/^\/(auth|businesses|campaigns|categories|category|delivery|regions|reports|tariffs|warehouses)(\/|$)/;

/** The only list of objects in an answer or in its `result`; undefined when there are none or several. */
function findRows(body: unknown): string | undefined {
	for (const at of ['result', '']) {
		const outer = valueAt(body, at);
		if (typeof outer !== 'object' || outer === null || Array.isArray(outer)) continue;
		const lists = Object.entries(outer as IDataObject)
			.filter(([name, value]) => name !== 'errors' && Array.isArray(value))
			.map(([name]) => (at === '' ? name : `${at}.${name}`));
		if (lists.length > 0) return lists.length === 1 ? lists[0] : undefined;
	}
	return undefined;
}

/** Pages go on by a token, the older ones by a number. */
const list: ApiRequestRules['list'] = (request, rows) => ({
	request,
	rule: {
		pageSize: () => Infinity,
		style: {
			name: 'page token',
			first: () => ({}),
			next: (_query, { body }) => {
				const paging = valueAt(body, 'result.paging') ?? valueAt(body, 'paging');
				const token = valueAt(paging, 'nextPageToken');
				if (typeof token === 'string' && token !== '') return { page_token: token };
				const pager = valueAt(body, 'result.pager') ?? valueAt(body, 'pager');
				const [page, pages] = ['currentPage', 'pagesCount'].map((name) => valueAt(pager, name));
				return paging === undefined && Number(page) < Number(pages)
					? { page: Number(page) + 1 }
					: undefined;
			},
			rows,
		},
	},
});

/** Yandex Market's table for free requests. */
export const rules: ApiRequestRules = {
	vendor: 'Yandex Market',
	docs: 'https://yandex.ru/dev/market/partner-api/doc/en/concepts/method-call',
	hosts: 'api\\.partner\\.market\\.yandex\\.(?:ru|net)',
	below: (pathname) => (/^\/v\d+\//.test(pathname) ? pathname : undefined),
	mend: (path) => (ROOTS.test(path) ? `/v2${path}` : path),
	app: /\/\/partner\.market\.yandex\.ru\b/i,
	examples: '/v2/campaigns or /v2/businesses/123/offer-mappings',
	methods: ['DELETE', 'GET', 'POST', 'PUT'],
	listMethods: ['GET', 'POST'],
	rowsAt: '',
	findRows,
	list,
	longestS: 300,
	words: {
		path: '/v2/campaigns',
		pathHelp:
			'Path of the API, with or without /v2, or a whole link to it; a query in it is taken over',
		allRows:
			"Whether to read all pages of a list, each as large as 'limit' in the query says. Off: one request.",
		methods: 'GET reads, POST reads or changes, PUT changes, DELETE deletes',
		body: '{ "offerIds": ["A-1"] }',
		query: ['limit', '100'],
		queryJson: '{ "limit": 100 }',
		header: ['Accept-Language', 'ru'],
		safeToRepeat:
			'Whether the node may send this POST again when nobody knows whether it was carried out. On for a POST that reads. Off: it says so and stops.',
		timeout: 'How long to wait for the answer',
	},
	notes:
		"Returns an item for an object, one per row for a list that is read; a file becomes binary data. The rows are found when the answer holds one list; else 'Rows At' says where. GET, PUT and DELETE are tried again after a fault of the connection, POST only when it is 'Safe to Repeat'.",
};

export const apiRequests = [apiRequestOperation(rules)];
