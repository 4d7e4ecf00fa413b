/** The table of test/README.md: every test that it names exists, and it leaves out no fault and no case. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(__dirname, '..');
const map = readFileSync(path.join(folder, 'README.md'), 'utf8');
const rows = map.split('\n').filter((line) => /^\| \d/.test(line));

/** What a row has behind it: `file` › title, several by <br>. */
function testsOf(row: string): Array<[file: string, title: string]> {
	const cell = row.split(' | ')[2].replace(/ \|$/, '');
	return cell.split('<br>').map((entry) => {
		const [, file, title] = /^`(\S+\.test\.ts)` › (.+)$/.exec(entry) ?? [];
		expect([entry, file]).toEqual([entry, expect.any(String)]);
		return [file, title];
	});
}

it('has every fault of the form, every case of values, the clicking tests and bad input', () => {
	const numbers = (chapter: number, most: number) =>
		Array.from({ length: most }, (_, index) => `${chapter}.${index + 1}`);
	expect(rows.map((row) => row.split(' | ')[0].slice(2))).toEqual([
		...numbers(1, 15),
		...numbers(2, 17),
		...numbers(3, 4),
		...numbers(4, 5),
	]);
});

it.each(rows.map((row) => [row.split(' | ').slice(0, 2).join(' ').slice(2), row]))(
	'%s: its tests exist',
	(_, row) => {
		for (const [file, title] of testsOf(row)) {
			const whole = path.join(folder, file);
			expect([file, existsSync(whole)]).toEqual([file, true]);
			if (title === '(whole file)') continue;
			// Titles stand in the source with their quotes escaped or not.
			const source = readFileSync(whole, 'utf8').replace(/\\'/g, "'");
			expect([file, title, source.includes(title)]).toEqual([file, title, true]);
		}
	},
);

it('CONTRIBUTING.md leads to it', () => {
	const contributing = readFileSync(path.resolve(folder, '..', 'CONTRIBUTING.md'), 'utf8');
	expect(contributing).toContain('(test/README.md)');
});
