/** Any request of MoySklad's API. Reference of the project §2.2–2.10; MoySklad docs, General information. */
import type { IDataObject } from 'n8n-workflow';

import { apiRequestOperation, type ApiRequestRules } from '../../shared/apiRequest';
import type { ApiAnswer, ApiRequest, Operation } from '../../shared/catalogue';
import { offsetStyle, type PageStyle } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { typeOf } from '../entityTypes';

/** MoySklad's figures: rows a page, less with whole references, least for notes and the audit. */
const PAGE = 1000;
const PAGE_WITH_EXPAND = 100;
const SMALL_LISTS = /\/notes$|^\/audit(\/|$)|\/trackingCodes$/;
/** The API's own prefix, whatever stands before it: the last one counts where it is doubled. */
const PREFIX = /^.*\/api\/remap\/1\.2(?=\/|$)/i;

/** `/entity` before a type that lacks it, and types in lower case. */
function mended(path: string): string {
	const [, first = '', second, ...more] = path.split('/');
	if (/^entity$/i.test(first)) {
		const parts = ['entity', (second && typeOf(second)) ?? second, ...more];
		return `/${parts.filter((part) => part !== undefined).join('/')}`;
	}
	const type = typeOf(first);
	return type === undefined
		? path
		: `/entity/${[type, second, ...more].filter((part) => part !== undefined).join('/')}`;
}

/** Numbers of the elements of an answer that MoySklad refused. */
export function refusedElements(body: unknown): number[] {
	if (!Array.isArray(body)) return [];
	return body.flatMap((element, index) => {
		const errors = (element as IDataObject | null)?.errors;
		return Array.isArray(errors) && errors.length > 0 ? [index] : [];
	});
}

/** The largest pages that MoySklad allows whatever `limit` says. An `offset` is where the rows begin. */
function listPlan(
	request: ApiRequest,
	rows: (answer: ApiAnswer) => IDataObject[],
	at: string,
): ReturnType<ApiRequestRules['list']> {
	const { offset, ...query } = request.query ?? {};
	delete query.limit;
	const outer = at.includes('.') ? at.slice(0, at.lastIndexOf('.') + 1) : '';
	const style = offsetStyle({
		rows: at,
		next: `${outer}meta.nextHref`,
		total: `${outer}meta.size`,
	});
	return {
		request: { ...request, query },
		rule: {
			style: { ...startingAt(firstRow(offset), style), rows },
			pageSize,
			...(isCollection(request.path)
				? { parallel: true, rowKey: (row: IDataObject) => row.id as string | undefined }
				: {}),
		},
	};
}

function firstRow(offset: unknown): number {
	const start = Number(offset ?? 0);
	if (Number.isInteger(start) && start >= 0) return start;
	throw new InputProblem(
		'Path',
		`has the offset '${String(offset)}'`,
		"Give a whole number from 0 up, or leave 'offset' out of the query.",
	);
}

/** The style of a list that is read from a later row on. */
function startingAt(start: number, style: PageStyle): PageStyle {
	const at = (offset: number, size: number) => ({ limit: size, offset: start + offset });
	return {
		...style,
		at,
		first: (size) => at(0, size),
		total: (answer) => {
			const total = style.total?.(answer);
			return total === undefined ? undefined : Math.max(0, total - start);
		},
	};
}

/** Objects with IDs of their own, each once; two equal images share one ID. */
function isCollection(path: string): boolean {
	return path.startsWith('/entity/') && !path.endsWith('/images');
}

function pageSize({ path, query = {} }: ApiRequest): number {
	if (query.expand || query.fields || SMALL_LISTS.test(path)) return PAGE_WITH_EXPAND;
	return PAGE;
}

/** MoySklad's table for free requests. */
export const rules: ApiRequestRules = {
	vendor: 'MoySklad',
	docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#/general#2-obshie-svedeniya',
	hosts: '([a-z0-9-]+\\.)*moysklad\\.ru',
	below: (pathname) => (PREFIX.test(pathname) ? pathname.replace(PREFIX, '') : undefined),
	mend: mended,
	app: /moysklad\.ru\/app\b/i,
	examples: '/entity/customerorder or /report/stock/all',
	methods: ['DELETE', 'GET', 'POST', 'PUT'],
	rowsAt: 'rows',
	list: listPlan,
	// Bare arrays, whole in one answer (MoySklad docs, Reports: current stock).
	unpaged: /^\/report\/stock\/(all|bystore)\/current$/,
	storage: /^\/download\/|^\/async\/[^/]+\/result$|\/export$/,
	refused: refusedElements,
	// What MoySklad may work on a request (MoySklad docs: Restrictions).
	longestS: 300,
	words: {
		path: '/entity/customerorder',
		pathHelp:
			"Path below the API Base URL, or a link from MoySklad's docs or answers; a query in it is taken over",
		allRows:
			"Whether to read all pages of a list, each as large as possible, from 'offset' on. Off: one request; the rows of a list are items, too, as many as 'limit' in the query says.",
		methods: 'GET reads, POST creates, PUT changes, DELETE deletes',
		body: '{ "name": "Tea" }',
		query: ['filter', 'moment>2026-11-01 00:00:00'],
		queryJson: '{ "expand": "agent", "limit": 100 }',
		header: ['X-Lognex-WebHook-DisableByPrefix', 'https://example.com/moysklad'],
		safeToRepeat:
			'Whether the node may send this POST again when nobody knows whether it was carried out (a report, a write with syncId). Off: it says so and stops.',
		timeout: 'How long to wait for the answer; MoySklad works at most 300 seconds on a request',
		storage:
			'Whether to follow a redirect to another host, without credentials. Downloads, printed forms and results of asynchronous tasks always do.',
	},
	notes:
		"Returns an item for an object, one per element for an array, one per row for a list; a file becomes binary data; an empty answer gives success. Pages hold 1000 rows (100 with expand or fields, and of notes and audits). GET, PUT and DELETE are tried again after a fault of the connection, POST only when it is 'Safe to Repeat'. When MoySklad refuses some elements of an array, the item fails, names them (from 0) and carries the whole answer in the error's data.",
};

export const apiRequests: Operation[] = [apiRequestOperation(rules)];
