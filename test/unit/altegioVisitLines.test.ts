/** Rows of a visit that fit several of its lines, or one of them by its appointment. */
import type { IDataObject } from 'n8n-workflow';

import { visits } from '../../nodes/Altegio/catalogue/visit';
import { withRows } from '../../nodes/Altegio/catalogue/visitLines';
import type { Call, WireContext } from '../../nodes/shared/catalogue';

const update = visits.find(({ operation }) => operation === 'update');

/** A visit with one service in two appointments. */
const kept = {
	attendance: 1,
	services: [
		{ id: 7, record_id: 1, cost: 100 },
		{ id: 7, record_id: 2, cost: 200 },
		{ id: 8, record_id: 2, cost: 300 },
	],
};

/** The services of the visit after these rows, as the form hands them over. */
function joined(...rows: IDataObject[]): unknown {
	const field = update?.fields.find(({ name }) => name === 'services');
	const services = field?.wire?.(rows, {} as WireContext);
	return withRows(kept, { body: { services }, path: { recordId: '1' } } as unknown as Call)
		.services;
}

it('a row with the appointment changes the line of this one', () => {
	expect(joined({ id: 7, record_id: 2, cost: 150 })).toEqual([
		kept.services[0],
		{ id: 7, record_id: 2, cost: 150 },
		kept.services[2],
	]);
});

it('a row that fits several is refused by the name of what is missing', () => {
	expect(() => joined({ id: 7, cost: 150 })).toThrow("'Appointment ID' is empty");
});

it('two rows for one line: both are put over it, one after the other', () => {
	expect(joined({ id: 8, cost: 250 }, { id: 8, title: 'Colour' })).toEqual([
		kept.services[0],
		kept.services[1],
		{ id: 8, record_id: 2, cost: 250, title: 'Colour' },
	]);
});

it('a list that was not made row by row is the whole list', () => {
	const services = [{ id: 7, record_id: 1, cost: 1 }];
	expect(withRows(kept, { body: { services }, path: {} } as unknown as Call)).toEqual({
		...kept,
		services,
	});
});
