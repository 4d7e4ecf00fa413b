import fc from 'fast-check';

import {
	escapeValue,
	conditionLink,
	moscowTime,
	writeFilter,
	writeOrder,
} from '../../nodes/MoySklad/filter';
import { entityLocator, rowsList, writeList } from '../../nodes/MoySklad/lists';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { ApiRequest, Call, FilterOperator, FilterTerm } from '../../nodes/shared/catalogue';
import { locatorId } from '../../nodes/shared/form/parameters';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { callOf, operationOf, UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const assortment = operationOf(moySklad, 'assortment', 'getAll');

const term = (field: string, operator: FilterOperator, ...values: unknown[]): FilterTerm => ({
	field,
	operator,
	values,
	of: assortment.filter?.find(({ name }) => name === field),
});
const written = (filter: FilterTerm[], changes: Partial<Call> = {}, raw?: string) =>
	writeFilter(callOf(assortment, { filter, ...changes }), raw);

describe('operators', () => {
	it.each([
		['equals', 'name=tea'],
		['notEquals', 'name!=tea'],
		['contains', 'name~tea'],
		['startsWith', 'name~=tea'],
		['endsWith', 'name=~tea'],
		['greater', 'name>tea'],
		['greaterOrEqual', 'name>=tea'],
		['less', 'name<tea'],
		['lessOrEqual', 'name<=tea'],
	] as Array<[FilterOperator, string]>)('%s is written %s', (operator, text) => {
		expect(written([term('name', operator, 'tea')])).toBe(text);
	});

	it('that compare with nothing have no value', () => {
		expect(written([term('code', 'isEmpty')])).toBe('code=');
		expect(written([term('code', 'isNotEmpty')])).toBe('code!=');
	});

	it('repeat for each value', () => {
		expect(written([term('code', 'equals', 'a', 'b')])).toBe('code=a;code=b');
		expect(written([term('code', 'notEquals', 'a', 'b')])).toBe('code!=a;code!=b');
	});

	it('of several fields are joined', () => {
		expect(written([term('code', 'equals', 'a'), term('name', 'contains', 'b')])).toBe(
			'code=a;name~b',
		);
	});

	it('there is no filter without conditions', () => {
		expect(written([])).toBeUndefined();
		expect(written([], {}, '  ')).toBeUndefined();
	});

	it('a raw filter is added as it is', () => {
		expect(written([term('code', 'equals', 'a')], {}, ' minimumBalance>0 ')).toBe(
			'code=a;minimumBalance>0',
		);
		expect(written([], {}, 'name~=T\\;x')).toBe('name~=T\\;x');
	});
});

/** MoySklad's reading of a filter: conditions end at a `;` without a backslash, the longest operator counts. */
function parsed(text: string): Array<[string, string, string]> {
	const parts: string[] = [];
	let current = '';
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '\\' && text[at + 1] === ';') {
			current += ';';
			at++;
		} else if (text[at] === ';') {
			parts.push(current);
			current = '';
		} else current += text[at];
	}
	parts.push(current);
	return parts.map((part) => {
		const match = /^([^=!<>~]*)(=~|~=|!=|>=|<=|=|>|<|~)([\s\S]*)$/.exec(part);
		return match ? [match[1], match[2], match[3]] : ['', '', part];
	});
}

describe('values', () => {
	it('a semicolon is escaped, and ends no condition', () => {
		expect(escapeValue('a;b;c')).toBe('a\\;b\\;c');
		expect(written([term('name', 'equals', 'a;code=x')])).toBe('name=a\\;code=x');
	});

	it.each(['"quoted"', "it's", 'a"b;c\'d', 'a=b', 'x & y', '100%', 'Чай №1', 'tab\there'])(
		'%s arrives as it is',
		(value) => {
			expect(parsed(String(written([term('name', 'equals', value)])))).toEqual([
				['name', '=', value],
			]);
		},
	);

	it.each([
		['equals', '=', '~tea'],
		['contains', '~', '=tea'],
		['notEquals', '!=', '~tea'],
		['contains', '~', '~tea'],
	] as Array<[FilterOperator, string, string]>)(
		'%s (%s) with the value %s, which begins with a sign, does not turn into another question',
		(operator, sign, value) => {
			let text: string | undefined;
			try {
				text = written([term('name', operator, value)]);
			} catch (error) {
				expect(error).toBeInstanceOf(InputProblem);
				return;
			}
			expect(parsed(String(text))).toEqual([['name', sign, value]]);
		},
	);

	it('a backslash at the end does not swallow the next condition', () => {
		let text: string | undefined;
		try {
			text = written([term('name', 'equals', 'C:\\'), term('code', 'equals', 'x')]);
		} catch (error) {
			expect(error).toBeInstanceOf(InputProblem);
			return;
		}
		expect(parsed(String(text))).toHaveLength(2);
	});

	it('any texts are read by MoySklad as they were given, or refused before they are sent', () => {
		const signs: Record<string, string> = {
			equals: '=',
			notEquals: '!=',
			contains: '~',
			startsWith: '~=',
			endsWith: '=~',
		};
		const texts = fc.string({
			unit: fc.constantFrom('a', 'é', ' ', ';', '"', '=', '~', '!', '<', '\\'),
			minLength: 1,
		});
		fc.assert(
			fc.property(
				fc.constantFrom<FilterOperator>(
					'equals',
					'notEquals',
					'contains',
					'startsWith',
					'endsWith',
				),
				fc.array(texts, { minLength: 1, maxLength: 3 }),
				(operator, values) => {
					let text: string | undefined;
					try {
						text = written([term('name', operator, ...values)]);
					} catch (error) {
						expect(error).toBeInstanceOf(InputProblem);
						return;
					}
					const sort = (list: string[][]) => [...list].map((part) => part.join('|')).sort();
					expect(sort(parsed(String(text)))).toEqual(
						sort(values.map((value) => ['name', signs[operator], value])),
					);
				},
			),
		);
	});
});

describe('references', () => {
	const link = `${ROOT}/entity/store/${UUID_A}`;

	it.each([
		['an ID', UUID_A],
		['an ID with blanks', `  ${UUID_A} `],
		['the API link', link],
		['the API link with a query', `${link}?expand=owner`],
		['the link of an old host', `https://online.moysklad.ru/api/remap/1.2/entity/store/${UUID_A}`],
		['the link of another version', `https://api.moysklad.ru/api/remap/1.1/entity/store/${UUID_A}`],
		['a link of the web app', `https://online.moysklad.ru/app/#warehouse/edit?id=${UUID_A}`],
	])("%s becomes a reference at the credential's address", (_, value) => {
		expect(conditionLink(ROOT, 'store', value, 'Warehouse')).toBe(link);
	});

	it.each([
		[
			'a link of the web app to another type',
			`https://online.moysklad.ru/app/#company/edit?id=${UUID_A}`,
		],
		['a link to another type', `${ROOT}/entity/product/${UUID_A}`],
		['a link to a part of it', `${link}/zones/${UUID_B}`],
		['a name', 'Main warehouse'],
		['a malformed ID', UUID_A.slice(1)],
		['nothing', ''],
	])('%s is refused, by the name of the field', (_, value) => {
		expect(() => conditionLink(ROOT, 'store', value, 'Warehouse')).toThrow(InputProblem);
		expect(() => conditionLink(ROOT, 'store', value, 'Warehouse')).toThrow("'Warehouse' is");
	});

	it('in conditions are written as links, each value on its own', () => {
		expect(
			written([term('supplier', 'equals', UUID_A, `${ROOT}/entity/counterparty/${UUID_B}`)]),
		).toBe(
			`supplier=${ROOT}/entity/counterparty/${UUID_A};supplier=${ROOT}/entity/counterparty/${UUID_B}`,
		);
		expect(() => written([term('supplier', 'equals', 'Tea Ltd')])).toThrow("'Supplier' is");
	});

	it('an ID is compared plain', () => {
		expect(written([term('id', 'equals', ` ${UUID_A} `)])).toBe(`id=${UUID_A}`);
		expect(() => written([term('id', 'equals', 'abc')])).toThrow("'ID' is 'abc'");
	});
});

describe('locators of MoySklad', () => {
	const locator = entityLocator('store', 'searchStore');
	const idOf = (raw: unknown) => locatorId('Warehouse', locator, raw);

	it.each([
		['picked from the list', { __rl: true, mode: 'list', value: UUID_A }],
		['typed', { __rl: true, mode: 'id', value: ` ${UUID_A} ` }],
		['typed in capitals', { __rl: true, mode: 'id', value: UUID_A.toUpperCase() }],
		['given as a link', { __rl: true, mode: 'url', value: `${ROOT}/entity/store/${UUID_A}` }],
		[
			'given as a link of the web app',
			{ mode: 'url', value: `https://online.moysklad.ru/app/#warehouse/edit?id=${UUID_A}` },
		],
		['from an expression without a mode', UUID_A],
	])('take an ID %s', (_, raw) => {
		expect(idOf(raw)?.toLowerCase()).toBe(UUID_A);
	});

	it.each([`https://online.moysklad.ru/app/#company/edit?id=${UUID_A}`, 'store', `${UUID_A}0`])(
		'refuse %s',
		(value) => {
			expect(() => idOf({ mode: 'id', value })).toThrow(InputProblem);
		},
	);

	it.each([{ mode: 'list', value: '' }, '', undefined, null, { mode: 'id', value: null }])(
		'take %j as not given',
		(raw) => {
			expect(idOf(raw)).toBeUndefined();
		},
	);
});

describe('times', () => {
	it('are written in Moscow time, the whole year three hours ahead', () => {
		expect(moscowTime(Date.parse('2026-11-21T06:30:00.005Z'))).toBe('2026-11-21 09:30:00.005');
		expect(moscowTime(Date.parse('2026-07-01T22:00:00Z'))).toBe('2026-07-02 01:00:00.000');
	});

	it.each([
		['Europe/Moscow', '2026-11-21T09:30:00', '2026-11-21 09:30:00.000'],
		['America/New_York', '2026-11-21T09:30:00', '2026-11-21 17:30:00.000'],
		['America/New_York', '2026-07-01T09:30:00', '2026-07-01 16:30:00.000'],
		['America/New_York', '2026-11-21T09:30:00+03:00', '2026-11-21 09:30:00.000'],
		['Asia/Vladivostok', '2026-11-21', '2026-11-20 17:00:00.000'],
	])('in conditions: %s %s', (timezone, value, text) => {
		expect(written([term('updated', 'greaterOrEqual', value)], { timezone })).toBe(
			`updated>=${text}`,
		);
	});

	it('that are none are refused by the name of the field', () => {
		expect(() => written([term('updated', 'greaterOrEqual', 'yesterday')])).toThrow(
			"'Updated' holds",
		);
	});
});

describe('toggles', () => {
	it.each([
		['true', 'weighed=true'],
		['false', 'weighed=false'],
	])('%s', (value, text) => {
		expect(written([term('weighed', 'equals', value)])).toBe(text);
	});
});

describe('conditions on one field that MoySklad refuses or drops', () => {
	it.each([
		['Is with Contains', [term('name', 'equals', 'a'), term('name', 'contains', 'b')]],
		['Is with Is Not', [term('name', 'equals', 'a'), term('name', 'notEquals', 'b')]],
		['Is Empty with Contains', [term('code', 'isEmpty'), term('code', 'contains', 'b')]],
		['Is Empty with Is Not Empty', [term('code', 'isEmpty'), term('code', 'isNotEmpty')]],
		[
			'a lower bound twice',
			[
				term('updated', 'greaterOrEqual', '2026-01-01'),
				term('updated', 'greaterOrEqual', '2026-02-01'),
			],
		],
		[
			'a lower bound with two values',
			[term('updated', 'greaterOrEqual', '2026-01-01', '2026-02-01')],
		],
	])('%s is refused before it is sent', (_, filter) => {
		expect(() => written(filter)).toThrow(InputProblem);
	});

	it.each([
		[
			'Is twice: alternatives',
			[term('name', 'equals', 'a'), term('name', 'equals', 'b')],
			'name=a;name=b',
		],
		[
			'Is with Is Empty: alternatives',
			[term('code', 'equals', 'a'), term('code', 'isEmpty')],
			'code=a;code=',
		],
		[
			'Is Not twice',
			[term('name', 'notEquals', 'a'), term('name', 'notEquals', 'b')],
			'name!=a;name!=b',
		],
		[
			'Contains twice',
			[term('name', 'contains', 'a'), term('name', 'contains', 'b')],
			'name~a;name~b',
		],
		[
			'a span',
			[
				term('updated', 'greaterOrEqual', '2026-01-01'),
				term('updated', 'lessOrEqual', '2026-02-01'),
			],
			'updated>=2026-01-01 00:00:00.000;updated<=2026-02-01 00:00:00.000',
		],
		[
			'Is on two fields',
			[term('name', 'equals', 'a'), term('code', 'contains', 'b')],
			'name=a;code~b',
		],
	])('%s is fine', (_, filter, text) => {
		expect(written(filter)).toBe(text);
	});
});

describe('order', () => {
	it('is written in the order given', () => {
		const sort: Call['sort'] = [
			['name', 'asc'],
			['updated', 'desc'],
		];
		expect(writeOrder(callOf(assortment, { sort }))).toBe('name,asc;updated,desc');
		expect(writeOrder(callOf(assortment))).toBeUndefined();
	});
});

describe('a list request', () => {
	it('gets filter and order next to its own query', () => {
		const request: ApiRequest = { method: 'GET', path: '/x', query: { search: 'tea' } };
		writeList(
			request,
			callOf(assortment, {
				filter: [term('code', 'equals', 'a')],
				sort: [['name', 'asc']],
				control: { rawFilter: 'minimumBalance>0' },
			}),
		);
		expect(request.query).toEqual({
			search: 'tea',
			filter: 'code=a;minimumBalance>0',
			order: 'name,asc',
		});
	});

	it('has pages of 1000 rows, and of 100 with expand, which MoySklad else ignores', () => {
		expect(rowsList.pageSize({ method: 'GET', path: '/x' })).toBe(1000);
		expect(rowsList.pageSize({ method: 'GET', path: '/x', query: { expand: 'images' } })).toBe(100);
	});
});
