/** What the tests share that let chance fill in forms, items and calls: values, what the docs know, and how a refusal reads. */
import fc from 'fast-check';

import { operations as altegioFacts } from '../../nodes/Altegio/facts.generated';
import { operations as inspectorFacts } from '../../nodes/InspectorCloud/facts.generated';
import { allFacts as yandexFacts } from '../../nodes/YandexMarket/catalogue/dialect';
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import type { Sandbox, VendorName } from '../../sandbox';
import { altegioPaths } from '../../sandbox/altegio';
import { inspectorPaths } from '../../sandbox/inspector-cloud';
import { Table } from '../../sandbox/shared/standIn';
import routes from '../../tools/known/moysklad-routes.json';

/** FUZZ_SEED and FUZZ_RUNS look further than the fixed seed. */
export const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);

const API = '/api/remap/1.2';
// The history of an object is documented once for all types (MoySklad docs: Audit).
const moySkladRoutes = [...routes, 'GET /entity/{type}/{id}/audit'];
const moySkladFacts = moySkladRoutes.map((route) => {
	// What follows the path tells parameters.
	const [method, path] = route.split('?')[0].split(' ');
	return { method, path: `${API}${path}` } as OperationFacts;
});
const asItIs = ({ path }: { path: string }) => [path];
const moySklad: [VendorName, Table] = ['moysklad', new Table(moySkladFacts, asItIs)];
/** By node: where the sandbox logs its requests, and what the docs know. */
export const KNOWN: Array<[string, [VendorName, Table]]> = [
	['altegio', ['altegio', new Table(altegioFacts, altegioPaths)]],
	['inspectorCloud', ['inspectorCloud', new Table(inspectorFacts, inspectorPaths)]],
	['moySklad', moySklad],
	['moySkladDocuments', moySklad],
	['yandexMarket', ['yandexMarket', new Table(yandexFacts, asItIs)]],
];

/** What expressions, sheets and models put into a field. */
export const anything = (): fc.Arbitrary<unknown> =>
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

/** Words that only a programmer's mistake writes. */
export const MISTAKE =
	/Cannot (?:read|set|convert|destructure)|is not (?:a function|iterable|a constructor|defined)|undefined \(|Converting circular|Maximum call stack|Invalid array length|\[object Object\]/;

/** What an execution or a step of publishing that failed says: one of n8n's own errors, or nothing. */
export const REFUSAL = /^$|^(?:Node(?:Operation|Api)Error|WorkflowHasIssuesError): \S/;

/** Name and words of an error; nothing without one. */
export function saidBy(error: unknown): string {
	if (error === undefined) return '';
	const { name, message, description } = error as Error & { description?: unknown };
	return `${name}: ${message} ${String(description ?? '')}`;
}

/** Requests that a vendor was sent and that its docs do not know. */
export const unknownIn = (sandbox: Sandbox, [listener, table]: [VendorName, Table]): string[] =>
	sandbox.log
		.filter(({ vendor, method, path }) => vendor === listener && !table.find(method, path))
		.map(({ method, path }) => `${method} ${path}`);
