/**
 * Forms and items as chance makes them, for every node: no run hangs or dies of a fault of ours, every refusal is one of
 * n8n's own errors with words for people, and no request is sent that the vendor's docs do not know.
 *
 * The seed is fixed, so that a run can be repeated; FUZZ_SEED and FUZZ_RUNS look further.
 */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { operations as altegioFacts } from '../../nodes/Altegio/facts.generated';
import { operations as inspectorFacts } from '../../nodes/InspectorCloud/facts.generated';
import { allFacts as yandexFacts } from '../../nodes/YandexMarket/catalogue/dialect';
import type { Field, Operation, Vendor } from '../../nodes/shared/catalogue';
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import type { Sandbox, VendorName } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { altegioPaths } from '../../sandbox/altegio';
import { inspectorPaths } from '../../sandbox/inspector-cloud';
import { Table } from '../../sandbox/shared/standIn';
import routes from '../../tools/known/moysklad-routes.json';
import { filled } from '../unit/filled';
import { vendors } from '../unit/samples';
import { speedUp } from './clock';
import type { Engine } from './harness';
import { createEngine } from './harness';

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);
const RUNS = Number(process.env.FUZZ_RUNS ?? 200);

const API = '/api/remap/1.2';
// The history of an object is documented once for all types (MoySklad docs: Audit).
const moySkladRoutes = [...routes, 'GET /entity/{type}/{id}/audit'];
const moySkladFacts = moySkladRoutes.map((route) => {
	const [method, path] = route.split(' ');
	return { method, path: `${API}${path}` } as OperationFacts;
});
const asItIs = ({ path }: { path: string }) => [path];
const moySklad: [VendorName, Table] = ['moysklad', new Table(moySkladFacts, asItIs)];
/** By node: where the sandbox logs its requests, and what the docs know. */
const KNOWN: Array<[string, [VendorName, Table]]> = [
	['altegio', ['altegio', new Table(altegioFacts, altegioPaths)]],
	['inspectorCloud', ['inspectorCloud', new Table(inspectorFacts, inspectorPaths)]],
	['moySklad', moySklad],
	['moySkladDocuments', moySklad],
	['yandexMarket', ['yandexMarket', new Table(yandexFacts, asItIs)]],
];

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

/** What expressions, sheets and models put into a field. */
const anything = (): fc.Arbitrary<unknown> =>
	fc.oneof(
		fc.string({ maxLength: 20 }),
		fc.constantFrom(
			'',
			' ',
			'0',
			'-1',
			'true',
			'null',
			'[]',
			'{}',
			'1,5',
			'../..',
			'%2e%2e',
			'a/b?c=d&e#f',
			'Ёж',
			'2026-11-28',
			'31.12.2026',
			'a;b=c,d~',
		),
		fc.double({ noNaN: false }),
		fc.integer(),
		fc.boolean(),
		fc.constantFrom(null, [], {}, [null], [{}], { id: null }),
		fc.jsonValue({ maxDepth: 2 }),
	);

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

/** Words that only a programmer's mistake writes. */
const MISTAKE =
	/Cannot (?:read|set|convert|destructure)|is not (?:a function|iterable|a constructor|defined)|undefined \(|Converting circular|Maximum call stack|Invalid array length|\[object Object\]/;

describe.each(KNOWN)('%s', (node, [listener, table]) => {
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
				const { error } = run.data.resultData;
				const said =
					error === undefined
						? ''
						: `${error.name}: ${error.message} ${String(error.description ?? '')}`;
				expect(said).toMatch(/^$|^(?:Node(?:Operation|Api)Error|WorkflowHasIssuesError): \S/);
				expect(said).not.toMatch(MISTAKE);
				const unknown = sandbox.log
					.filter(
						({ vendor: host, method, path }) => host === listener && !table.find(method, path),
					)
					.map(({ method, path }) => `${method} ${path}`);
				expect(unknown).toEqual([]);
			},
		);
		await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: false });
	}, 300_000);
});
