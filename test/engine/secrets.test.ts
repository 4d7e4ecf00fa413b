/**
 * Secrets, over every operation of every node: whatever the vendor or something in between answers, the credential's
 * tokens show nowhere (errors, items, what n8n stores, the console), and no other host gets them.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Operation } from '../../nodes/shared/catalogue';
import { filled } from '../unit/filled';
import { LISTENERS, NODES, Watch } from './disturbed';

let watch: Watch;

beforeAll(async () => {
	watch = await Watch.open(2000, 10_000);
});
afterAll(async () => await watch?.close());

/** The least that the form takes. */
function formOf(operation: Operation): IDataObject {
	const form: IDataObject = { resource: operation.resource, operation: operation.operation };
	for (const field of operation.fields) {
		if (field.kind === 'mapper') {
			const { fields } = field.mapper;
			const needed = fields.filter(({ required }) => required);
			const plain = fields.filter(({ kind }) => kind === 'text').slice(0, 1);
			const match = fields.filter(({ match }) => match).slice(0, 1);
			const value = Object.fromEntries(
				[...needed, ...plain, ...match].map(({ name }) => [name, 'Name']),
			);
			const matchingColumns = match.map(({ name }) => name);
			form[field.name] = { mappingMode: 'defineBelow', matchingColumns, value } as never;
		} else if (field.required && !field.section) form[field.name] = filled(field) as IDataObject;
	}
	return form;
}

describe.each(NODES)('%s', (node, vendor) => {
	const operations = vendor.operations.map((operation, index): [string, Operation, number] => [
		`${operation.resource}.${operation.operation}`,
		operation,
		index,
	]);

	beforeAll(() => {
		watch.met = 0;
	});

	test.each(operations)('%s', async (_name, operation, index) => {
		const { disturbances, engine } = watch;
		// Each operation meets a redirect and, in turn, one of the others.
		const wanted = [disturbances[index % 2], disturbances[2 + (index % (disturbances.length - 2))]];
		for (const disturbance of wanted) {
			watch.disturb(LISTENERS[node], disturbance);
			const result = await engine.runNode(`${engine.packageName}.${node}`, formOf(operation), {
				items: [{}],
				credentials: { [vendor.credentialType]: vendor.credentialType },
			});
			watch.expectNothingIn(result.run, vendor, disturbance.what);
		}
	});

	// Where values must fit together, the least form is refused before anything is sent.
	test('the disturbances were met', () => {
		expect(watch.met).toBeGreaterThan(2 * 0.85 * vendor.operations.length);
	});
});
