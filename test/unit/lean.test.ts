import { leanJson } from '../../nodes/shared/road/lean';

const PLACES = new Set(['scenes[].images[].boxes', 'extra', 'lists[][].deep']);

/** What is read of a value, with null for what stands at the places. */
const lean = (value: unknown, space?: string) =>
	JSON.parse(
		leanJson(Buffer.from(JSON.stringify(value, null, space)), PLACES).toString(),
	) as unknown;

/** The same by hand. */
function byHand(value: unknown, place = ''): unknown {
	if (Array.isArray(value)) return value.map((one) => byHand(one, `${place}[]`));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => {
			const at = place === '' ? name : `${place}.${name}`;
			return [name, PLACES.has(at) ? null : byHand(one, at)];
		}),
	);
}

const VALUES: Record<string, unknown> = {
	'nothing to leave out': { id: 1, name: 'x', scenes: [] },
	'objects, lists, texts, numbers and nothing': {
		scenes: [
			{
				id: 1,
				images: [{ id: 2, boxes: [{ x: 1, y: [2, { z: ']' }] }], url: 'u' }, { boxes: null }],
			},
			{ images: [{ boxes: 'a "quoted" ] } text' }, { boxes: 12.5 }, { boxes: {} }, { boxes: [] }] },
		],
		extra: false,
		last: 1,
	},
	'the same names elsewhere': {
		boxes: [1],
		images: [{ boxes: [2] }],
		scenes: { images: [{ boxes: [3] }] },
		other: { extra: [4], scenes: [{ images: [{ boxes: [5] }] }] },
	},
	'texts that look like JSON': {
		note: '{"extra": [1, 2], "scenes": [',
		escaped: 'back\\slash \\" "extra": 1',
		'extra ': 1,
		'with "quotes"': { extra: 1 },
		extra: '\\',
		кириллица: 'Промо «выполняется»',
	},
	'lists in lists': { lists: [[{ deep: [1] }, { deep: 2, other: 3 }], []], extra: [[[]]] },
	'lists whose end a text seems to hold': {
		scenes: [
			{
				images: [
					{ boxes: [{ name: 'shelf' }], after: [1] },
					{ boxes: [{ name: 'a]' }, { name: 'b' }], after: ['c]'] },
					{ boxes: [{ note: ':1}]', name: 'b' }], after: ']' },
					{ boxes: ['x"]', 'y\\', ']', 'z\\"]'], after: 'a]' },
					{ boxes: [{ name: '[' }], after: '[' },
					{ boxes: [{ name: 'кириллица' }], after: [] },
					{ boxes: ['', 1, '"', 'a'], after: [[1]] },
					{ boxes: [], after: 'a' },
				],
			},
		],
	},
	'a list as the whole': [{ extra: 1 }, 'extra'],
	'a text as the whole': 'extra',
};

describe('JSON that is cut down before it is parsed', () => {
	for (const [what, value] of Object.entries(VALUES)) {
		test.each([
			['as it is sent', undefined],
			['with spaces and lines', '\t'],
		])(`${what}, %s`, (_how, space) => {
			expect(lean(value, space)).toEqual(byHand(value));
		});
	}

	test('big values are left out, everything else stays to the byte', () => {
		const boxes = Array.from({ length: 5000 }, (_, x) => ({ x, name: `"${x}]` }));
		const whole = { scenes: [{ images: [{ id: '9007199254740993', boxes, n: 1e400 }] }] };
		const text = JSON.stringify(whole).replace('null', '12345678901234567890');
		const cut = leanJson(Buffer.from(text), PLACES).toString();
		expect(cut).toBe(
			'{"scenes":[{"images":[{"id":"9007199254740993","boxes":null,"n":12345678901234567890}]}]}',
		);
	});

	test.each([
		'',
		'<html lang="en">',
		'{"extra":',
		'{"extra": [1, {"a": "',
		'{"a": "x',
		'}}]]',
		'{"extra": "\\',
	])('what is no JSON does not become any: %j', (text) => {
		const cut = leanJson(Buffer.from(text), PLACES).toString();
		expect(() => JSON.parse(cut) as unknown).toThrow();
	});
});
