import * as fc from 'fast-check';
import type { JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type { ApiAnswer, ApiRequest, ErrorRow } from '../../nodes/shared/catalogue';
import { Cancelled } from '../../nodes/shared/road/clock';
import {
	answerFailure,
	CallFailed,
	connectionFailure,
	findRow,
	notTheApi,
	plainText,
	redirectFailure,
	toNodeError,
} from '../../nodes/shared/errors/errors';
import { WaitTooLong } from '../../nodes/shared/road/planner';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { answerOf, everythingIn, node, vendors } from './samples';

const request: ApiRequest = {
	method: 'GET',
	path: '/entity/assortment',
	query: { filter: 'name=secret tea' },
};
const toError = (error: unknown, itemIndex?: number, items = 6) =>
	toNodeError(node, 'MoySklad', error, itemIndex, items);

/** What MoySklad answers to an unknown ID. */
const notFound = answerOf(
	404,
	{
		errors: [
			{
				error: 'The object was not found',
				code: 1021,
				parameter: 'id',
				moreInfo: 'https://dev.moysklad.ru/doc/api/remap/1.2/#error_1021',
			},
		],
	},
	{ 'x-lognex-request-id': 'trace-77' },
);

describe("a vendor's answer", () => {
	const error = toError(answerFailure(moySklad, request, notFound), 3) as NodeApiError;

	it('becomes a NodeApiError that says what happened, with code and item', () => {
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('MoySklad: the object was not found (code 1021) [item 3]');
		expect(error.httpCode).toBe('404');
		expect(error.context.itemIndex).toBe(3);
	});

	it("carries the hint, the vendor's text, its link, parameter and trace in the description", () => {
		expect(error.description).toContain('Check the ID');
		expect(error.description).toContain('The vendor says: The object was not found');
		expect(error.description).toContain(
			'More: https://dev.moysklad.ru/doc/api/remap/1.2/#error_1021',
		);
		expect(error.description).toContain('Parameter: id');
		expect(error.description).toContain("Trace ID for the vendor's support: trace-77");
	});

	it("keeps the vendor's data as plain data, without query and host", () => {
		expect(error.context.data).toEqual({
			status: 404,
			code: 1021,
			text: 'The object was not found',
			link: 'https://dev.moysklad.ru/doc/api/remap/1.2/#error_1021',
			parameter: 'id',
			trace: 'trace-77',
			request: 'GET /entity/assortment',
		});
		expect(everythingIn(error)).not.toContain('secret tea');
	});

	it('says nothing about an item when there is none', () => {
		const without = toError(answerFailure(moySklad, request, notFound));
		expect(without.message).toBe('MoySklad: the object was not found (code 1021)');
		expect(without.context.itemIndex).toBeUndefined();
	});

	it('shows item 0, too, but only where there are others', () => {
		const failed = answerFailure(moySklad, request, notFound);
		expect(toError(failed, 0, 2).message).toMatch(/\[item 0\]$/);
		const alone = toError(failed, 0, 1);
		expect(alone.message).toBe('MoySklad: the object was not found (code 1021)');
		expect(alone.context.itemIndex).toBe(0);
		expect(toError(new InputProblem('Limit', "is '0'", 'x'), 0, 1).message).toBe("'Limit' is '0'");
		expect(toError(new Error('odd'), 0, 1).message).toBe('odd');
	});

	it('says one thing a line, for the editor (HTML) and for readers of plain text', () => {
		const lines = [
			expect.stringContaining('Check the ID'),
			'The vendor says: The object was not found',
			'Parameter: id',
			'More: https://dev.moysklad.ru/doc/api/remap/1.2/#error_1021',
			"Trace ID for the vendor's support: trace-77",
		];
		expect(error.description?.split('<br>\n')).toEqual(lines);
		expect(plainText(error.description).split('\n')).toEqual(lines);
	});

	it('shows its link once, however often the vendor repeats it', () => {
		const link = 'https://dev.moysklad.ru/doc/api/remap/1.2/#error_1021';
		const body = {
			errors: [{ error: `Not found, see ${link} for more`, code: 1021, moreInfo: link }],
		};
		const { description } = toError(answerFailure(moySklad, request, answerOf(404, body)));
		expect(description?.split(link)).toHaveLength(2);
		expect(description).toContain('The vendor says: Not found, see for more<br>');
	});

	it.each([
		[401, 1056, 'credential-invalid'],
		[429, 1049, 'rate-limited'],
		[503, undefined, 'temporarily-unavailable'],
		[500, undefined, 'temporarily-unavailable'],
		[403, 30004, 'configuration-invalid'],
		[404, 1021, undefined],
	])('HTTP %i with code %s has the cause %s', (status, code, cause) => {
		const body = code === undefined ? {} : { errors: [{ error: 'x', code }] };
		const failed = toError(answerFailure(moySklad, request, answerOf(status, body)));
		expect(failed.failure?.cause).toBe(cause);
	});

	it('tells how long to wait when the vendor does', () => {
		const refused = answerFailure(moySklad, request, answerOf(429, {}), 1500);
		expect(toError(refused).failure).toEqual({ cause: 'rate-limited', retryAfterMs: 1500 });
	});

	it("that no table knows still tells its status and the vendor's text", () => {
		const strange = answerOf(418, { errors: [{ error: 'I am a teapot', code: 999_999 }] });
		const failed = toError(answerFailure(moySklad, request, strange));
		expect(failed.message).toBe('MoySklad: the request was not accepted (HTTP 418) (code 999999)');
		expect(failed.description).toContain('I am a teapot');
	});
});

describe("n8n's rewriting of messages", () => {
	it.each([
		'approvePermissions',
		'The preexisting object',
		'ECONNRESET',
		'ENOENT: no such file',
		'read ETIMEDOUT',
		'getaddrinfo',
	])('does not get hold of what we say when it contains %s', (trap) => {
		const said = `Vendor: ${trap} was not accepted`;
		const failed = toError(
			new CallFailed({
				say: said,
				hint: `Look at ${trap}`,
				status: 400,
				problem: { text: trap, code: trap },
			}),
			1,
		);
		expect(failed.message).toBe(`${said} (code ${trap}) [item 1]`);
		expect(failed.description).toBe(`Look at ${trap}<br>\nThe vendor says: ${trap}`);

		const input = toError(new InputProblem('Name', `is '${trap}'`, `Not ${trap}`), 1);
		expect(input.message).toBe(`'Name' is '${trap}' [item 1]`);
		expect(input.description).toBe(`Not ${trap}`);
	});

	it('does not put a common sentence about the status in place of ours', () => {
		for (const status of [400, 401, 402, 403, 404, 429, 500, 502, 503, 504]) {
			const failed = toError(new CallFailed({ say: 'Vendor: our words', hint: 'h', status }));
			expect(failed.message).toBe('Vendor: our words');
		}
	});
});

describe('other things that are thrown', () => {
	it('input that cannot work becomes a NodeOperationError with the hint', () => {
		const error = toError(new InputProblem('Limit', "is '0'", 'Give a whole number.'), 2);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe("'Limit' is '0' [item 2]");
		expect(error.description).toBe('Give a whole number.');
		expect(error.context.itemIndex).toBe(2);
	});

	it('a wait that is too long tells the minutes, and the time to n8n', () => {
		const error = toError(new WaitTooLong(1_799_000), 0);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe(
			'MoySklad: the limit of requests is used up for about 30 min [item 0]',
		);
		expect(error.failure).toEqual({ cause: 'rate-limited', retryAfterMs: 1_799_000 });
	});

	it('a cancelled execution is told as such', () => {
		const error = toError(new Cancelled(), 0);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('The execution was cancelled');
	});

	it("n8n's own NodeApiError stays the same object and gets the item", () => {
		const own = new NodeApiError(node, { message: 'No credentials' } as JsonObject);
		const { message } = own;
		expect(toError(own, 4)).toBe(own);
		expect(own.message).toBe(message);
		expect(own.context.itemIndex).toBe(4);
	});

	it('an item that is known already is not overwritten', () => {
		const own = new NodeOperationError(node, 'x', { itemIndex: 1 });
		expect(toError(own, 4)).toBe(own);
		expect(own.context.itemIndex).toBe(1);
	});

	it.each([new TypeError('x is not iterable'), 'just text', undefined])(
		'%s becomes a NodeOperationError with the item',
		(thrown) => {
			const error = toError(thrown, 5);
			expect(error).toBeInstanceOf(NodeOperationError);
			expect(error.context.itemIndex).toBe(5);
		},
	);
});

describe('a request without an answer', () => {
	it.each([
		['ENOTFOUND', 'the host a.example was not found', 'configuration-invalid'],
		['EAI_AGAIN', 'the host name a.example could not be looked up', 'temporarily-unavailable'],
		['ECONNREFUSED', 'the host a.example refused the connection', 'temporarily-unavailable'],
		['ECONNABORTED', 'no answer came within the time', 'temporarily-unavailable'],
		['ETIMEDOUT', 'no answer came within the time', 'temporarily-unavailable'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate of the host a.example', 'configuration-invalid'],
		['CERT_HAS_EXPIRED', 'certificate', 'configuration-invalid'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', 'configuration-invalid'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', 'configuration-invalid'],
		['ECONNRESET', 'the connection broke', 'temporarily-unavailable'],
		['HPE_INVALID_CONSTANT', 'the connection broke', 'temporarily-unavailable'],
	])('%s says "%s"', (code, text, cause) => {
		const error = toError(connectionFailure(moySklad, request, { code, host: 'a.example' }, false));
		expect(error.message).toContain(text);
		expect(error.failure?.cause).toBe(cause);
	});

	it('warns that a write may have been carried out, and only then', () => {
		const reset = { code: 'ECONNRESET', host: 'a.example' };
		const sure = connectionFailure(moySklad, request, reset, false);
		const unsure = connectionFailure(moySklad, request, reset, true);
		expect(unsure.details.hint).toContain('may have carried out');
		expect(sure.details.hint).not.toContain('may have carried out');
	});

	it('a token with characters that no header may hold is not called a broken connection', () => {
		const failed = connectionFailure(
			moySklad,
			request,
			{ code: 'ERR_INVALID_CHAR', host: 'a.example' },
			false,
		);
		expect(failed.details.say).not.toContain('the connection broke');
	});
});

describe('answers that are none', () => {
	it('a web page in place of JSON is told as one', () => {
		const failed = notTheApi(moySklad, request, answerOf(200, '<html>'), 'a web page');
		expect(failed.details.say).toBe("MoySklad: the answer is a web page, not the API's JSON");
	});

	it('a redirect to a stranger names the host and says that nothing was sent there', () => {
		const failed = redirectFailure(moySklad, request, 302, 'evil.example', false);
		expect(failed.details.say).toContain('evil.example');
		expect(failed.details.hint).toContain('No credentials were sent there');
		expect(failed.details.cause).toBe('configuration-invalid');
	});
});

describe('an error that is not in the form of the API', () => {
	const storage = { from: { host: 'storage.example', storage: true } };
	const proxy = { from: { host: 'api.example:8080', storage: false } };
	const XML =
		'<?xml version="1.0"?><Error><Code>InvalidArgument</Code><Message>Unsupported Authorization Type</Message></Error>';
	const PAGE =
		'<html><head><style>p{color:red}</style><title>403 Forbidden</title></head><body><!-- x --><h1>Blocked by&nbsp;policy</h1><script>alert(1)</script></body></html>';

	describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'of %s',
		(name, vendor) => {
			const failed = (answer: Partial<ApiAnswer> & { status: number; body: unknown }) =>
				toError(answerFailure(vendor, request, { headers: {}, ...answer }));

			it.each([400, 401, 403, 404, 500, 503])(
				'HTTP %i of a storage names the storage and its text',
				(status) => {
					const shown = failed({ status, body: XML, ...storage });
					expect(shown.message).toBe(
						`MoySklad: the file storage (storage.example) did not give the file (HTTP ${status})`.replace(
							'MoySklad',
							name,
						),
					);
					expect(shown.description).toContain(
						'storage.example says: InvalidArgument Unsupported Authorization Type',
					);
					expect(shown.description).not.toMatch(/check the parameters|credential|token/i);
				},
			);

			it.each([400, 401, 403, 404, 407, 409, 451])(
				'HTTP %i of a proxy names it, its text, and the base URL',
				(status) => {
					const shown = failed({ status, body: PAGE, ...proxy });
					expect(shown.message).toContain(`api.example:8080 is not the API's (HTTP ${status})`);
					expect(shown.description).toMatch(
						/proxy.*\napi\.example:8080 says: 403 Forbidden Blocked by policy$/s,
					);
					expect(shown.failure).toEqual({ cause: 'configuration-invalid' });
				},
			);

			it.each([500, 502, 503, 504])(
				"HTTP %i keeps the table's words and shows the text",
				(status) => {
					const shown = failed({ status, body: 'upstream  connect\nerror', ...proxy });
					expect(shown.failure?.cause).toBe('temporarily-unavailable');
					expect(shown.description).toContain('api.example:8080 says: upstream connect error');
				},
			);

			it("another service's JSON is shown", () => {
				const shown = failed({ status: 400, body: { fault: { name: 'No route' } }, ...proxy });
				expect(shown.description).toContain('api.example:8080 says: {"fault":{"name":"No route"}}');
			});

			it.each([{}, '', undefined, '<html></html>'])('%j has no text to show', (body) => {
				expect(failed({ status: 502, body, ...proxy }).description).not.toContain('says');
			});
		},
	);

	it("the vendor's own JSON is not taken for another's", () => {
		const { details } = answerFailure(moySklad, request, { ...notFound, ...proxy });
		expect(details.foreign).toBeUndefined();
	});

	it('a long text is cut, and no secret or tag is left in it', () => {
		const text = (body: string) =>
			answerFailure(moySklad, request, { status: 400, headers: {}, body, ...storage }).details
				.foreign?.text ?? '';
		expect(text('word '.repeat(1000)).length).toBeLessThanOrEqual(301);
		const echoed = text(
			'Bad header Authorization: Bearer 0123abc.def, X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe AKIAIOSFODNN7EXAMPLE1234 {"apiKey":"ACMA:x:y"} &lt;script src="x"',
		);
		expect(echoed).not.toMatch(/0123abc|fe5f80|AKIA|ACMA|[<>]/);
		expect(echoed).toContain('Bad header Authorization: Bearer …');
		fc.assert(
			fc.property(fc.string(), (body) => {
				expect(text(body)).not.toMatch(/[<>]/);
			}),
		);
	});
});

describe('the row of a table', () => {
	const rows: ErrorRow[] = [
		{ statuses: [400], say: 'by status', hint: '' },
		{ textIncludes: 'scope', statuses: [403], say: 'by text and status', hint: '' },
		{ textIncludes: 'shelf', say: 'by text', hint: '' },
		{ codes: [1], statuses: [404], say: 'by code and status', hint: '' },
		{ codes: [1], say: 'by code', hint: '' },
		{ codes: ['2'], textIncludes: 'special', say: 'by code and text', hint: '' },
		{ codes: [2], say: 'by the second code', hint: '' },
	];
	it.each([
		['a code before a status', 400, { code: 1 }, 'by code'],
		['a code with its status before the code alone', 404, { code: 1 }, 'by code and status'],
		['a code given as text', 200, { code: '1' }, 'by code'],
		['a code with its text', 200, { code: 2, text: 'SPECIAL case' }, 'by code and text'],
		['a code without that text', 200, { code: 2, text: 'plain' }, 'by the second code'],
		['a text before a status', 400, { text: 'the Shelf is full' }, 'by text'],
		['a text with another status', 400, { text: 'scope' }, 'by status'],
		['a text with its status', 403, { text: 'Scope' }, 'by text and status'],
		['an unknown code falls back to the status', 400, { code: 99 }, 'by status'],
		['nothing for what is unknown', 418, { code: 99, text: 'x' }, undefined],
		['nothing without a problem', 403, undefined, undefined],
	])('%s', (_, status, problem, say) => {
		expect(findRow(rows, status, problem)?.say).toBe(say);
	});
});

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
	'the table of %s',
	(_, vendor) => {
		const rows = vendor.errors.map((row): [string, ErrorRow] => [row.say, row]);

		it.each(rows)('"%s": says what happened and how to get unstuck, without blame', (__, row) => {
			for (const text of [row.say, row.hint]) {
				expect(text.trim().length).toBeGreaterThan(5);
				expect(text).not.toMatch(/\b(error|problem|failure|mistake)s?\b/i);
			}
			expect(row.say).not.toMatch(/\.$/);
			expect(row.hint).toMatch(/\.$/);
		});

		it.each(rows)('"%s": does not begin with the name that stands before it', (__, row) => {
			const [first] = row.say.split(' ');
			expect(vendor.name.split(' ')[0].toLowerCase()).not.toBe(first.toLowerCase());
		});

		it.each(rows)('"%s": is told with one name, one text, one link, one item', (__, row) => {
			const link = 'https://docs.example/errors#1';
			const problem = { code: row.codes?.[0], text: `${vendor.name} says no, see ${link}`, link };
			const scoped = { ...request, of: row.of?.[0] };
			const failed = answerFailure(
				{ ...vendor, errors: [row] },
				scoped,
				answerOf(row.statuses?.[0] ?? 400, {}),
				undefined,
				row.textIncludes === undefined
					? problem
					: { ...problem, text: `${row.textIncludes} ${problem.text}` },
			);
			for (const [item, items] of [
				[0, 1],
				[0, 2],
				[7, 9],
			]) {
				const shown = toNodeError(node, vendor.name, failed, item, items);
				const code = problem.code === undefined ? '' : ` (code ${problem.code})`;
				const place = items > 1 ? ` [item ${item}]` : '';
				expect(shown.message).toBe(`${vendor.name}: ${row.say}${code}${place}`);
				expect(shown.message).not.toMatch(new RegExp(`${vendor.name}\\W+${vendor.name}`, 'i'));
				const lines = plainText(shown.description).split('\n');
				expect(lines[0]).toBe(row.hint);
				expect(lines.filter((line) => line.startsWith('The vendor says: '))).toHaveLength(1);
				expect(lines.filter((line) => line.includes(link))).toEqual([`More: ${link}`]);
			}
		});

		it.each(rows)('"%s": can be reached', (__, row) => {
			const statuses = row.statuses ?? [400];
			const codes = row.codes ?? [undefined];
			for (const status of statuses) {
				for (const code of codes) {
					expect(
						findRow(vendor.errors, status, { code, text: row.textIncludes }, row.of?.[0])?.say,
					).toBe(row.say);
				}
			}
		});

		it.each([401, 403, 404, 429, 500, 503])('knows what HTTP %i means there', (status) => {
			const limit = vendor === yandexMarket && status === 429 ? 420 : status;
			const row = findRow(vendor.errors, limit, undefined);
			const failed = answerFailure(vendor, request, answerOf(limit, {}));
			expect(row !== undefined || failed.details.cause === 'temporarily-unavailable').toBe(true);
		});
	},
);

describe('codes of MoySklad', () => {
	/** What can be answered to the calls that exist: lists, one object, creating, changing, deleting. */
	const possible = [
		1000, 1001, 1002, 1005, 1014, 1016, 1017, 1018, 1021, 1034, 1035, 1041, 1042, 1045, 1048, 1049,
		1056, 1058, 1059, 1061, 1062, 1063, 1065, 1069, 1070, 1073, 1074, 1075, 1084, 1088, 1089, 1091,
		1095, 1096, 3005, 30000, 30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30009, 30010,
		38000, 51007, 55005, 55006,
	];
	it.each(possible)('%i has a sentence of its own', (code) => {
		expect(moySklad.errors.find((row) => row.codes?.map(Number).includes(code))?.say).toBeDefined();
	});
});
