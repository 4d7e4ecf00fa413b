import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { entityTypes } from '../../nodes/MoySklad/entityTypes';
import { getChangedFields } from '../../nodes/MoySklad/trigger/changedFields';

const listFor = async (given: unknown) =>
	await getChangedFields.call({
		getCurrentNodeParameter: (name: string) => (name === 'entityTypes' ? given : undefined),
	} as unknown as ILoadOptionsFunctions);

describe("the trigger's list of changed fields", () => {
	it('has the fields of the chosen types by their names, each once, in order', async () => {
		const list = await listFor(['product', 'variant']);
		expect(list).toEqual(
			expect.arrayContaining([
				{ name: 'Sale Prices', value: 'salePrices' },
				{ name: 'Archived', value: 'archived' },
				{ name: 'Characteristics', value: 'characteristics' },
			]),
		);
		const values = list.map(({ value }) => value);
		expect(values).toEqual([...new Set(values)]);
		for (const foreign of ['positions', 'id', 'meta']) expect(values).not.toContain(foreign);
		const names = list.map(({ name }) => name);
		expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en')));
	});

	it('has those of all types where the types are an expression', async () => {
		const values = (await listFor('={{ $json.types }}')).map(({ value }) => value);
		expect(values).toEqual(expect.arrayContaining(['salePrices', 'positions', 'bonusValue']));
	});

	it.each(entityTypes.map(({ name, value }) => [name, value]))(
		'knows fields of %s',
		async (_, type) => {
			expect((await listFor([type])).length).toBeGreaterThan(1);
		},
	);
});
