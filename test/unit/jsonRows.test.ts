/** Rows of a JSON file that comes in pieces, against `JSON.parse` of the whole. */
import { JsonRows } from '../../nodes/shared/files/jsonRows';

function rowsOf(text: string, size: number, first = {}): unknown {
	const rows = new JsonRows(first);
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += size) {
		const piece = Buffer.from(bytes.subarray(at, at + size));
		rows.write(piece);
		// The next piece takes its place.
		piece.fill(0);
	}
	return rows.end();
}

const ROWS = [
	{ id: 1, name: 'Чай "Беседа", [100 г] {в пакетах} \\ ₽', price: 12.5, none: null },
	{ id: 2, name: 'Чай "Беседа", [100 г] {в пакетах} \\ ₽', parts: [{ a: [1, { b: ']' }] }, []] },
	{},
	{ id: 51_000_000_004, flag: true, nested: { list: [1, 2, [3]] } },
];

describe.each([1, 2, 7, 64, 100_000])('in pieces of %i bytes', (size) => {
	test.each([
		['a list', JSON.stringify(ROWS)],
		['a list with spaces', `\n ${JSON.stringify(ROWS, undefined, '\t')} \r\n`],
		['the first list of an object', JSON.stringify({ total: 4, at: { x: [1] }, ROWS, more: [5] })],
	])('%s', (_what, text) => {
		expect(rowsOf(text, size)).toEqual(ROWS);
		expect(rowsOf(text, size, { sheet: 'orders' })).toEqual(
			ROWS.map((row) => ({ sheet: 'orders', ...row })),
		);
	});

	test.each(['[]', '{"rows":[]}', '{"rows": [ ], "total": 0}'])('no rows in %s', (text) => {
		expect(rowsOf(text, size)).toEqual([]);
	});

	test.each([
		'',
		'12',
		'"[{}]"',
		'{"a":1}',
		'{"a":{"b":[{}]}}',
		'[1]',
		'[null]',
		'["a"]',
		'[{"a":1},]',
		'[,{"a":1}]',
		'[{"a":1} {"a":2}]',
		'[{"a":1},,{"a":2}]',
		'[{"a":1}',
		'[{"a":}]',
		'[{"a":1}] more',
		'{"rows":[{"a":1}],"total":many}',
		'{"rows":[{"a":1}]',
	])('%s is no table', (text) => {
		expect(rowsOf(text, size)).toBeUndefined();
	});
});

test("a row's own value counts, and stands where the others have theirs", () => {
	const [row] = rowsOf('[{"id":1,"sheet":"own"}]', 100, { sheet: 'orders' }) as object[];
	expect(Object.entries(row)).toEqual([
		['sheet', 'own'],
		['id', 1],
	]);
});

test('a number beyond 2^53 comes as a text with all its digits', () => {
	const [row] = rowsOf('[{"id":9007199254740993,"count":5}]', 7) as object[];
	expect(row).toEqual({ id: '9007199254740993', count: 5 });
});

test('a column in which nearly each row has another text is read to its end', () => {
	const many = Array.from({ length: 6000 }, (_, at) => ({ name: `Name ${at}`, kind: 'the same' }));
	expect(rowsOf(JSON.stringify(many), 1000)).toEqual(many);
});
