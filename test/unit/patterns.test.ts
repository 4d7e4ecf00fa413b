/**
 * The patterns of all locators in time that grows with the text: n8n stops one after 250 ms ("Regular expression
 * execution timed out"), and an expression may hand over any text.
 */
import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { allFields } from '../../nodes/shared/form/form';

const patterns = new Set(
	[altegio, inspectorCloud, moySklad, yandexMarket]
		.flatMap(({ operations }) => operations.flatMap((operation) => allFields(operation)))
		.flatMap((field) => (field.kind === 'locator' ? [field.locator] : []))
		.flatMap(({ id, url }) => [id.pattern, ...(url ? [url.pattern] : [])]),
);

/** Texts that begin well and end wrongly, of so many characters. */
const hostile = (size: number): string[] => [
	...[' ', '1', 'a-', '\n', '/', 'https://', 'https://a/', '?id=1', '&id=1', '#a/'].flatMap(
		(part) => [
			`${part.repeat(size / part.length)}\u0000`,
			`https://a.b/${part.repeat(size / part.length)}\u0000\n`,
		],
	),
	`${' '.repeat(size / 2)}1${' '.repeat(size / 2)}x`,
	`https://a.b/timetable/${'1'.repeat(size)}x`,
];

/** Processor time: other work of the machine is none of it. */
function msOf(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** What a pattern that grows with the square takes on this machine for 20,000 characters. */
const SQUARE_MS = msOf(() => / *x/.test(' '.repeat(20_000)));

test('locators have patterns', () => {
	expect(patterns.size).toBeGreaterThan(4);
});

test.each([...patterns])('%s', (pattern) => {
	// As n8n has them: from the first character to the last.
	const whole = new RegExp(`^${pattern}$`);
	// A pattern that grows with the square takes 2.5² times as long for a single text of these.
	expect(msOf(() => hostile(50_000).forEach((text) => whole.test(text)))).toBeLessThan(SQUARE_MS);
});
