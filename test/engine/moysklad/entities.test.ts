/** The lists in which people look for what a reference points to. */
import { ENTITIES, searchOf } from '../../../nodes/MoySklad/entities';
import { House } from './setup';

let house: House;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	await house.close();
});

describe.each([...ENTITIES])('the list of %s', (keyword, { path, finds }) => {
	test('shows objects by ID and name, in one request', async () => {
		const { results, requests } = await house.search(searchOf(keyword));
		expect(requests.map((request) => request.path)).toEqual([`/api/remap/1.2${path}`]);
		expect(results.length).toBeGreaterThan(0);
		for (const { name, value } of results) {
			expect(name).toMatch(/\S/);
			expect(name).not.toContain('undefined');
			expect(value).toMatch(/^[0-9a-f-]{36}$/);
		}
	});

	test('finds one of them by a word of its name', async () => {
		const all = await house.search(searchOf(keyword));
		const wanted = all.results[all.results.length - 1];
		const [word] = (wanted.name.split('/').pop() ?? '').trim().split(/[ –]/);
		const { results, requests } = await house.search(searchOf(keyword), { filter: word });
		expect(results).toContainEqual(wanted);
		expect(requests[0].query.search).toBe(finds === 'search' ? word : undefined);
		expect(requests[0].query.filter).toBe(finds === 'name' ? `name~${word}` : undefined);
		const none = await house.search(searchOf(keyword), { filter: 'no such word' });
		expect(none.results).toEqual([]);
	});
});
