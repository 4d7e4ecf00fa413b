import fc from 'fast-check';

import { InputProblem } from '../../nodes/shared/errors/problems';
import {
	choiceOf,
	keptWhole,
	sheetKeyOf,
	listOf,
	longIdOf,
	longIdsOf,
	lostInSheet,
	numberOf,
	shown,
	textOf,
	yesNo,
} from '../../nodes/shared/form/readers';

const NBSP = '\u00a0';
const NARROW = '\u202f';

/** Message and hint of what a reader refuses. */
function refusal(read: () => unknown): { message: string; hint: string } {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(InputProblem);
		const { message, hint } = error as InputProblem;
		return { message, hint };
	}
	throw new Error('was not refused');
}

const NOON = '2026-07-02T12:00:00.000+03:00';
/** What `$now` and `toDateTime()` give: a DateTime of Luxon; one that is no date has no ISO text. */
const luxon = (iso: string | null) => ({
	isLuxonDateTime: true,
	toISO: () => iso,
	toJSON: () => iso,
});

const NOTHING = [undefined, null, '', '  ', '\n'];

describe('yes or no', () => {
	it.each([true, 'true', 'TRUE', ' True ', 1, '1', 'yes', 'Y', 'on', 'да', 'Да', 'ИСТИНА', 'вкл'])(
		'%j is yes',
		(raw) => expect(yesNo('Done', raw)).toBe(true),
	);
	it.each([false, 'false', 'FALSE', ' False', 0, '0', 'no', 'N', 'off', 'нет', 'ЛОЖЬ', 'выкл'])(
		'%j is no',
		(raw) => expect(yesNo('Done', raw)).toBe(false),
	);
	it.each(NOTHING)('%j is nothing', (raw) => expect(yesNo('Done', raw)).toBeUndefined());
	it.each([
		['maybe'],
		[2],
		[-1],
		['01'],
		['truee'],
		[{}],
		[[]],
		[['true']],
		[{ value: true }],
		[NaN],
	])('%j is refused by name', (raw) => {
		const { message, hint } = refusal(() => yesNo('Done', raw));
		expect(message).toBe(`'Done' is '${shown(raw)}'`);
		expect(hint).toContain('true or false');
	});
});

describe('a number', () => {
	it.each([
		[0, 0],
		[-2.5, -2.5],
		['12', 12],
		[' 12 ', 12],
		['1250,50', 1250.5],
		['1250.50', 1250.5],
		['1 250,50', 1250.5],
		[`1${NBSP}250,50`, 1250.5],
		[`1${NARROW}234${NARROW}567.8`, 1_234_567.8],
		['-1 250', -1250],
		['\u22125', -5],
		['+5', 5],
		['0,250', 0.25],
		['-0,125', -0.125],
		['1250,500', 1250.5],
		['1,25', 1.25],
		['1,2500', 1.25],
		['1.250', 1.25],
		[',5', 0.5],
		['.5', 0.5],
		['1e3', 1000],
		['1.5E-2', 0.015],
		['9007199254740991', Number.MAX_SAFE_INTEGER],
	])('%j is %d', (raw, value) => expect(numberOf('Sum', raw)).toBe(value));

	it.each(NOTHING)('%j is nothing', (raw) => expect(numberOf('Sum', raw)).toBeUndefined());

	it.each([
		['12%', 12],
		['12,5 %', 12.5],
		['-5% ', -5],
		[0.12, 0.12],
	])('of percents, %j is %d', (raw, value) => {
		expect(numberOf('Rate', raw, { percent: true })).toBe(value);
	});
	it.each(['%', '12%%', '%12', '12% off'])('of percents, %j is none', (raw) => {
		expect(refusal(() => numberOf('Rate', raw, { percent: true })).message).toBe(
			`'Rate' is '${raw}'`,
		);
	});

	it.each([
		['abc'],
		['12 34'],
		['1 2500'],
		['1250 ₽'],
		['1250 руб.'],
		['$5'],
		['10%'],
		['0x10'],
		['1_000'],
		['--5'],
		['-'],
		['.'],
		['e5'],
		['Infinity'],
		['NaN'],
		[NaN],
		[Infinity],
		[true],
		[{}],
		[[1]],
		[new Date(0)],
	])('%j is refused: no number', (raw) => {
		const { message, hint } = refusal(() => numberOf('Sum', raw));
		expect(message).toBe(`'Sum' is '${shown(raw)}'`);
		expect(hint).toBe('Give a number, without a unit or currency.');
	});

	it.each([
		['1,250', '1250 or 1.25', '1.250'],
		['-12,500', '-12500 or -12.5', '-12.500'],
		['100,000', '100000 or 100', '100.000'],
	])('%s is refused: Russian and English sheets mean different numbers', (raw, both, pointed) => {
		const { message, hint } = refusal(() => numberOf('Sum', raw));
		expect(message).toBe(`'Sum' is '${raw}', which may mean ${both}`);
		expect(hint).toContain(pointed);
	});

	it.each(['1,250.50', '1.250,50', '1,250,000', '1.250.000', '1 250,50,1'])(
		'%s is refused: points and commas together',
		(raw) => {
			expect(refusal(() => numberOf('Sum', raw)).message).toContain('in more than one way');
		},
	);

	it.each(['9007199254740993', '-12345678901234567890', '12 345 678 901 234 567 890'])(
		'%s is refused: digits would be lost',
		(raw) => {
			expect(refusal(() => numberOf('Sum', raw)).message).toContain('more digits');
		},
	);

	it.each([
		[0, { min: 1 }, 'Give a number from 1 up'],
		[11, { max: 10 }, 'Give a number up to 10'],
		['2,5', { whole: true }, 'Give a whole number,'],
		['301', { min: 1, max: 300, whole: true }, 'Give a whole number from 1 to 300'],
	])('%j against %j is refused', (raw, rule, words) => {
		const { message, hint } = refusal(() => numberOf('Sum', raw, rule));
		expect(message).toBe(`'Sum' is '${String(raw)}'`);
		expect(hint).toContain(words);
	});

	it('within its range is taken, the ends too', () => {
		expect(numberOf('Sum', '1', { min: 1, max: 3, whole: true })).toBe(1);
		expect(numberOf('Sum', '3,0', { min: 1, max: 3, whole: true })).toBe(3);
	});

	it('survives being written by a Russian sheet: decimal comma, blanks between thousands', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
				fc.integer({ min: 0, max: 99 }),
				fc.constantFrom(' ', NBSP, NARROW, ''),
				(whole, hundredths, blank) => {
					const thousands = String(whole).replace(/\B(?=(\d{3})+$)/g, blank);
					const part = String(hundredths).padStart(2, '0');
					expect(numberOf('Sum', `${thousands},${part}`)).toBe(Number(`${whole}.${part}`));
				},
			),
		);
	});

	it('is read back from its own text, or refused, never another number', () => {
		fc.assert(
			fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
				const text = String(value);
				if (Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e')) {
					expect(() => numberOf('Sum', text)).toThrow(InputProblem);
				} else expect(numberOf('Sum', text)).toBe(Number(text));
			}),
		);
	});
});

describe('a code that a sheet has shortened', () => {
	it.each(['4.6E+12', '4,60E+12', '7E+09', ' 1.23457e+11 '])('%j is refused', (text) => {
		const { message, hint } = refusal(() => keptWhole('Code', text));
		expect(message).toBe(`'Code' is '${text.trim()}', as sheets shorten long numbers`);
		expect(hint).toContain('plain text');
	});
	it.each(['12E5', 'E+12', '4.6E-12', '46E+12', '4.6E+1', 'A 4.6E+12', '4600000000008', ''])(
		'%j is none',
		(text) => expect(keptWhole('Code', text)).toBe(text),
	);
	it.each([
		['7', 'Sheets drop zeros'],
		['4.6E+12', 'Sheets shorten'],
	])('%s that nothing has: %s', (text, words) => expect(lostInSheet(text)).toContain(words));
	it.each(['007', 'A-7', '', '—', '7.5'])('of %j, nothing is said', (text) => {
		expect(lostInSheet(text)).toBe('');
	});
});

describe('a text', () => {
	it.each([
		['a ', 'a '],
		[5, '5'],
		[true, 'true'],
		[new Date('2026-07-02T06:30:00Z'), '2026-07-02T06:30:00.000Z'],
		// As n8n makes of $now what it is in, one level further down.
		[luxon(NOON), NOON],
	])('%j is %j', (raw, text) => expect(textOf('Name', raw)).toBe(text));
	it.each(NOTHING)('%j is nothing', (raw) => expect(textOf('Name', raw)).toBeUndefined());

	it.each([
		[luxon(null)],
		// What n8n makes of it inside of an object.
		['Invalid DateTime'],
		[new Date(NaN)],
	])('of a date that is none is refused', (raw) => {
		expect(refusal(() => textOf('Name', raw))).toEqual({
			message: "'Name' is a date that could not be read",
			hint: 'Check the expression that makes the date, and what it is given.',
		});
	});

	it('of an object or list is refused', () => {
		expect(refusal(() => textOf('Name', { id: 1 }))).toEqual({
			message: '\'Name\' is an object ({"id":1}), not a text',
			hint: 'Give a text, or one field of the object.',
		});
		expect(refusal(() => textOf('Name', ['a'])).message).toContain('is a list (["a"])');
		const long = refusal(() => textOf('Name', { text: 'x'.repeat(5000) })).message;
		expect(long.length).toBeLessThan(200);
	});
});

describe('a list', () => {
	it.each([
		[
			['a', 2, ''],
			['a', 2],
		],
		['a, b\nc,,', ['a', 'b', 'c']],
		['["a, b", 2]', ['a, b', 2]],
		['[a', ['[a']],
		[5, [5]],
		[[{ id: 1 }], [{ id: 1 }]],
		[[], undefined],
		[' , ', undefined],
		[null, undefined],
	])('%j is %j', (raw, entries) => expect(listOf(raw)).toEqual(entries));

	it('has the separators that its field says', () => {
		expect(listOf('Tea, green\nCoffee', /\n/)).toEqual(['Tea, green', 'Coffee']);
	});
});

describe('a choice', () => {
	const choices = [
		{ name: 'Final, Positive', value: 'Successful' },
		{ name: 'Ordinary', value: 'Regular' },
		{ name: 'Regular', value: 'other' },
	];

	it.each([
		['Successful', 'Successful'],
		[' successful ', 'Successful'],
		['final, positive', 'Successful'],
		['ordinary', 'Regular'],
		['Regular', 'Regular'],
		['', undefined],
		[null, undefined],
	])('%j is %j: values come before names', (raw, value) => {
		expect(choiceOf('State', choices, raw)).toBe(value);
	});

	it('that is unknown is refused with the names, or passes where the vendor may have added some', () => {
		expect(refusal(() => choiceOf('State', choices, 'gone'))).toEqual({
			message: "'State' is 'gone'",
			hint: 'Give one of: Final, Positive, Ordinary, Regular.',
		});
		expect(choiceOf('State', choices, ' NEW ', true)).toBe('NEW');
		expect(() => choiceOf('State', choices, { a: 1 }, true)).toThrow("'State' is an object");
	});

	it('names ten of many', () => {
		const many = Array.from({ length: 12 }, (_, n) => ({ name: `N${n}`, value: `v${n}` }));
		const { hint } = refusal(() => choiceOf('State', many, 'x'));
		expect(hint).toMatch(/N9 ….$/);
		expect(hint).not.toContain('N10');
	});
});

describe('a key', () => {
	it.each<[unknown, string | undefined]>([
		[' A-1 ', 'A-1'],
		[`${NBSP}A 1${NARROW}\n`, 'A 1'],
		['\ufeffA-1', 'A-1'],
		['#ABC', '#ABC'],
		['-A-', '-A-'],
		[7, '7'],
		['007', '007'],
		['', undefined],
		[null, undefined],
	])('%j is %j', (given, key) => expect(sheetKeyOf('SKU', given)).toBe(key));
	it.each(['—', '-', ' – ', '\u2212', '#N/A', '#Н/Д', '#REF!', '#ССЫЛКА!', '#NAME?', '#DIV/0!'])(
		'%j is nobody',
		(given) => {
			const { message, hint } = refusal(() => sheetKeyOf('SKU', given));
			expect(message).toBe(`'SKU' is '${given.trim()}', as sheets write for nothing`);
			expect(hint).toContain('leave this item out');
		},
	);
	it('that was shortened, or is no text, is refused', () => {
		expect(refusal(() => sheetKeyOf('SKU', ' 4.6E+12')).message).toContain('as sheets shorten');
		expect(refusal(() => sheetKeyOf('SKU', ['A'])).message).toContain('is a list');
	});
});

describe('a long ID', () => {
	it.each<[unknown, string]>([
		[51234567890, '51234567890'],
		[` 9007199254740993${NBSP}`, '9007199254740993'],
		['№ 51234567890', '51234567890'],
		['#512', '512'],
		[`51 234${NBSP}567${NARROW}890`, '51234567890'],
		['51234567890.0', '51234567890'],
		['51234567890,0', '51234567890'],
	])('%j is %s', (given, id) => {
		expect(longIdOf('Order ID', given, 'A number.')).toBe(id);
		if (!String(given).includes(',')) expect(longIdsOf('Order IDs', [given])).toEqual([id]);
	});
	it.each([0, -5, '', '051', '1.5', '5 1', '512-1', '512,513', 'no. 5', '5.0.0'])(
		'%j is none',
		(given) =>
			expect(refusal(() => longIdOf('Order ID', given, 'A number.')).hint).toBe('A number.'),
	);
	it('that was shortened, or has lost digits, is refused', () => {
		expect(refusal(() => longIdOf('ID', '5.1E+10', '')).message).toContain('as sheets shorten');
		expect(refusal(() => longIdOf('ID', 2 ** 53, '')).message).toContain('more digits');
	});
});

it('a number above a limit is not the limit itself', () => {
	expect(numberOf('Price', 0.01, { min: 0, above: true })).toBe(0.01);
	const { message, hint } = refusal(() => numberOf('Price', '0,0', { min: 0, above: true }));
	expect(message).toBe("'Price' is '0,0'");
	expect(hint).toBe('Give a number above 0, without a unit or currency.');
	expect(refusal(() => numberOf('Price', 9, { min: 0, above: true, max: 8 })).hint).toContain(
		'above 0 and up to 8,',
	);
});
