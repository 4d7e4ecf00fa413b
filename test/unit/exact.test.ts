/** Whole numbers beyond 2^53 stay exact on their way into and out of JSON. */
import { exactJson, readExactJson, wholeNumber } from '../../nodes/shared/road/exact';

const LONG = '9007199254740993';

test('a long number is a number on the wire, and a text of digits in what is read', () => {
	expect(exactJson({ id: wholeNumber(LONG), n: 5 })).toBe(`{"id":${LONG},"n":5}`);
	expect(readExactJson(`{"id":${LONG},"n":5,"x":1.5e300}`)).toEqual({ id: LONG, n: 5, x: 1.5e300 });
});

test('digits inside a text stay as they are, with quotes and backslashes around them', () => {
	const text = JSON.stringify({ note: `a "quoted" \\ ${LONG} \\"`, id: 1 });
	expect(readExactJson(text)).toEqual(JSON.parse(text));
});

test('a text of 20 MB is read', () => {
	const body = JSON.stringify({ file: 'A"'.repeat(10_000_000), id: 1 }).replace(/1}$/, `${LONG}}`);
	const { file, id } = readExactJson(body) as { file: string; id: string };
	expect([file.length, id]).toEqual([20_000_000, LONG]);
});
