/** Any request of Inspector Cloud's APIs. Reference of the project: inspector-cloud-api.md. */
import { apiRequestOperation, type ApiRequestRules } from '../../shared/apiRequest';
import { valueAt } from '../../shared/road/paging';

/** The Data API of any version, and a whole path of another API; the last one counts where it is doubled. */
const DATA = /^.*\/api\/data\/v\d+\.\d+(?=\/|$)/i;
const OTHER = /^.*(?=\/api\/(?:auth\/)?v\d+\.\d+\/)/i;

/** Rows a page when the query does not say. */
const PAGE = 100;

/** `limit` and `offset`. The link to the next page only says that there is one: it may name another host. */
const list: ApiRequestRules['list'] = (request, rows) => {
	const { limit = PAGE, offset = 0, ...query } = request.query ?? {};
	return {
		request: { ...request, query },
		rule: {
			pageSize: () => Infinity,
			style: {
				name: 'limit/offset',
				first: () => ({ limit, offset: Number(offset) }),
				next: (before, { body }, found) =>
					valueAt(body, 'next') && found.length > 0
						? { limit, offset: Number(before.offset) + found.length }
						: undefined,
				rows,
			},
		},
	};
};

/** Inspector Cloud's table for free requests. */
export const rules: ApiRequestRules = {
	vendor: 'Inspector Cloud',
	docs: 'https://help.inspector-cloud.com/docs/',
	hosts: '([a-z0-9-]+\\.)+inspector-cloud\\.(?:com|ru)',
	below: (pathname) =>
		DATA.test(pathname)
			? pathname.replace(DATA, '')
			: OTHER.test(pathname)
				? pathname.replace(OTHER, '')
				: undefined,
	// Every address ends with a slash.
	mend: (path) => `${path}/`,
	examples: '/visits/ or /api/v1.5/sku/',
	methods: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'],
	rowsAt: 'results',
	list,
	longestS: 300,
	words: {
		path: '/visits/',
		pathHelp:
			'Path of the Data API, a whole path of another (/api/v1.5/sku/), or a link; a query in it is taken over',
		allRows:
			"Whether to read all pages of a list, each of as many rows as 'limit' in the query says (100 without). Off: one request.",
		methods: 'GET reads, POST creates, PUT and PATCH change, DELETE deletes',
		body: '{ "name": "Tea" }',
		query: ['limit', '100'],
		queryJson: '{ "limit": 100 }',
		header: ['Accept-Language', 'en'],
		safeToRepeat:
			'Whether the node may send this POST again when nobody knows whether it was carried out. Off: it says so and stops.',
		timeout: 'How long to wait for the answer',
	},
	notes:
		"Returns an item for an object, one per row for a list that is read; a file becomes binary data. GET, PUT and DELETE are tried again after a fault of the connection, POST only when it is 'Safe to Repeat'.",
};

export const apiRequests = [apiRequestOperation(rules)];
