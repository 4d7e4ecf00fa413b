import type { IDataObject } from 'n8n-workflow';

import { settingsOf } from '../../nodes/MoySklad/trigger/settings';
import { InputProblem } from '../../nodes/shared/errors/problems';

const settings = (form: IDataObject, options: IDataObject = {}) =>
	settingsOf((name, fallback) =>
		name === 'options'
			? options
			: ({ entityTypes: ['product'], actions: ['UPDATE'], ...form }[name] ?? fallback),
	);

describe("the trigger's form by expression", () => {
	it.each([
		[{ ignoreOwn: 'TRUE' }, { ignoreOwn: true }],
		[{ withPolling: 1 }, { withPolling: true }],
		[{ changedFields: 'да' }, { changedFields: true }],
		[{ deduplicate: 'False' }, { deduplicate: false }],
		[{}, { ignoreOwn: false, withPolling: false, changedFields: false, deduplicate: true }],
		[{ answer: 'ATONCE' }, { answer: 'atOnce' }],
	])('options %j', (options, expected) => {
		expect(settings({}, options)).toMatchObject(expected);
	});

	it('has lists as texts, too', () => {
		expect(settings({ entityTypes: 'product, task', actions: '["CREATE"]' }).pairs).toEqual([
			{ entityType: 'product', action: 'CREATE' },
			{ entityType: 'task', action: 'CREATE' },
		]);
		expect(settings({ fetch: 'objects,values' }).fetch).toMatchObject({
			objects: true,
			values: true,
			goods: false,
		});
		expect(settings({ alsoWatch: 'stock', stockReport: 'ByStore' }).stockReport).toBe('bystore');
	});

	it('statuses are chosen from the list or named; they need the names of changed fields', () => {
		const id = '7944ef04-f831-11e5-7a69-971500188b19';
		expect(
			settings({}, { statuses: [`customerorder/${id}`, 'Paid'], changedFields: false }),
		).toMatchObject({
			onlyStatuses: [{ type: 'customerorder', text: id }, { text: 'Paid' }],
			changedFields: true,
		});
		expect(settings({}, { statuses: 'Paid, Shipped' }).onlyStatuses).toEqual([
			{ text: 'Paid' },
			{ text: 'Shipped' },
		]);
		expect(settings({}, {})).toMatchObject({ onlyStatuses: [] });
	});

	it.each<[IDataObject, IDataObject, string]>([
		[{}, { ignoreOwn: 'maybe' }, "'Ignore My Own Changes' is 'maybe'"],
		[{}, { deduplicate: 2 }, "'Drop Repeats' is '2'"],
		[{}, { answer: 'later' }, "'Answer' is 'later'"],
		[{ alsoWatch: ['stock'], stockReport: 'x' }, {}, "'Stock Report' is 'x'"],
	])('%j %j is refused', (form, options, message) => {
		expect(() => settings(form, options)).toThrow(InputProblem);
		expect(() => settings(form, options)).toThrow(message);
	});
});
