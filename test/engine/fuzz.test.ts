/**
 * Forms and items as chance makes them, for every node: no run hangs or dies of a fault of ours, every refusal is one of
 * n8n's own errors with words for people, and no request is sent that the vendor's docs do not know.
 *
 * The seed is fixed, so that a run can be repeated; FUZZ_SEED and FUZZ_RUNS look further.
 */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { Field, Operation, Vendor } from '../../nodes/shared/catalogue';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { filled } from '../unit/filled';
import { vendors } from '../unit/samples';
import { KNOWN, MISTAKE, REFUSAL, SEED, anything, saidBy, unknownIn } from './chance';
import { speedUp } from './clock';
import type { Engine } from './harness';
import { createEngine } from './harness';

const RUNS = Number(process.env.FUZZ_RUNS ?? 200);

let engine: Engine;
let sandbox: Sandbox;
let slowDown: () => void;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ assortmentRows: 30, limits: 'off' });
	for (const [type, data] of Object.entries(sandbox.credentials)) {
		engine.setCredential(type, { type, data });
	}
	slowDown = speedUp(2000, 10_000);
});
afterAll(async () => {
	slowDown?.();
	await engine?.close();
	await sandbox?.close();
});

/** Puts a value into a column of the input and gives the expression that reads it: n8n itself checks texts only. */
type Column = (value: unknown) => string;

/** A value of the field: mostly what it takes, sometimes whatever comes. */
function valueFor(gen: fc.GeneratorValue, field: Field, column: Column): unknown {
	const dice = gen(fc.nat, { max: 9 });
	if (dice < 2) return column(gen(anything));
	if (field.kind === 'choice')
		return gen(fc.constantFrom, ...field.choices.map(({ value }) => value));
	if (field.kind === 'toggle') return gen(fc.boolean);
	if (field.kind === 'number') return gen(fc.integer, { min: -5, max: 2000 });
	if (field.kind === 'rows') {
		const rows = gen(fc.nat, { max: 3 });
		return {
			row: Array.from({ length: rows }, () =>
				Object.fromEntries(
					field.columns.map((one) => [one.name, valueFor(gen, one as Field, column)]),
				),
			),
		};
	}
	if (field.kind === 'locator' && dice < 4) {
		return { __rl: true, mode: 'id', value: column(gen(anything)) };
	}
	return filled(field);
}

function formOf(gen: fc.GeneratorValue, operation: Operation, column: Column): IDataObject {
	const form: Record<string, unknown> = {
		resource: operation.resource,
		operation: operation.operation,
	};
	const sections: Record<string, Record<string, unknown>> = {};
	for (const field of operation.fields) {
		if (field.kind === 'mapper') {
			const { fields } = field.mapper;
			const chosen = gen(fc.subarray, fields.slice(0, 30));
			const value = Object.fromEntries(chosen.map(({ name }) => [name, column(gen(anything))]));
			const matchingColumns = fields
				.filter(({ match }) => match)
				.map(({ name }) => name)
				.slice(0, 1);
			form[field.name] = {
				mappingMode: gen(fc.constantFrom, 'defineBelow', 'autoMapInputData'),
				matchingColumns,
				value,
			};
			continue;
		}
		if (!field.required && gen(fc.nat, { max: 3 }) > 0) continue;
		const value = valueFor(gen, field, column);
		if (field.section) (sections[field.section] ??= {})[field.name] = value;
		else form[field.name] = value;
	}
	if (operation.list) {
		if (gen(fc.boolean)) form.returnAll = true;
		else form.limit = gen(fc.constantFrom, 1, 2, 50, 0, -3, 1500, '7', null);
	}
	return { ...form, ...sections } as IDataObject;
}

describe.each(KNOWN)('%s', (node, known) => {
	const vendor = vendors[KNOWN.findIndex(([name]) => name === node)] as Vendor;
	// What is generated in the vendor's own time would be asked for until its patience ends.
	const waits = (operation: Operation) => operation.job !== undefined;
	const operations = vendor.operations.filter(
		(operation) => operation.resource !== 'apiRequest' && !waits(operation),
	);

	test('what chance fills in is done or refused in words', async () => {
		const property = fc.asyncProperty(
			fc.nat({ max: operations.length - 1 }),
			fc.gen(),
			fc.array(
				fc.dictionary(fc.constantFrom('name', 'Name', 'id', 'code', 'price', 'items'), anything(), {
					maxKeys: 4,
				}),
				{ minLength: 1, maxLength: 3 },
			),
			async (index, gen, items) => {
				sandbox.clearLog();
				const operation = operations[index];
				const columns: Record<string, unknown> = {};
				const column = (value: unknown) => {
					const name = `column${Object.keys(columns).length}`;
					columns[name] = value;
					return `={{ $json.${name} }}`;
				};
				const form = formOf(gen, operation, column);
				const input = items.map((item) => ({ ...item, ...columns }));
				const { run } = await engine.runNode(`${engine.packageName}.${node}`, form, {
					items: JSON.parse(JSON.stringify(input)) as IDataObject[],
					credentials: { [vendor.credentialType]: vendor.credentialType },
				});
				const said = saidBy(run.data.resultData.error);
				expect(said).toMatch(REFUSAL);
				expect(said).not.toMatch(MISTAKE);
				expect(unknownIn(sandbox, known)).toEqual([]);
			},
		);
		await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: false });
	}, 300_000);
});
