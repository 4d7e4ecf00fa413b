/**
 * Walks all operations of a vendor that are documented in its facts, in n8n's engine against the sandbox: the least form
 * and the full one are filled from the catalogue, every request is held against the facts, and so is what comes out.
 */
import { NOT_CHOSEN } from '../../nodes/shared/facts/factFields';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Call, Field, MapperField, Operation, Vendor } from '../../nodes/shared/catalogue';
import type { FieldFacts, OperationFacts } from '../../nodes/shared/facts/facts';
import { rowNames } from '../../nodes/shared/facts/givenOut';
import { camel } from '../../nodes/shared/facts/factKinds';
import { labelFrom } from '../../nodes/shared/form/labels';
import { setAt } from '../../nodes/shared/road/paging';
import { routeMethod, operationName } from '../../nodes/shared/run/request';
import type { RequestLogEntry, Sandbox, SandboxCredentials, VendorName } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Strictness } from '../../sandbox/shared/kinds';
import { sampleOf } from '../../sandbox/shared/kinds';
import { judge, Table } from '../../sandbox/shared/standIn';
import { speedUp } from './clock';
import type { Engine, RunNodeOptions, RunResult } from './harness';
import { createEngine } from './harness';

/** Timers of requests are at least so long (ms); waits go in shorter slices. */
export const REQUEST_MS = 10_000;

/** A vendor's part of the walk. */
export interface FactsWalk extends Strictness {
	vendor: Vendor;
	facts: OperationFacts[];
	/** Paths of an operation, or of a route of the catalogue, on the vendor's host. */
	paths: (facts: Pick<OperationFacts, 'path'>) => string[];
	/** n8n's name of the node's type. */
	node: string;
	listener: VendorName;
	/** An error as the vendor documents it, and the words of it that the user must see. */
	error: { status: number; body: unknown; says: string };
	/** The vendor's budget allows so many times as many requests as a test has the patience for. */
	speed: number;
	/** Values of fields of which the facts do not tell enough, by their name or by `resource.operation.name`. */
	values?: Record<string, unknown>;
	/** Operations with a test of their own that the walk cannot fill, by name. */
	leaveOut?: string[];
	/** Operations whose answer the facts do not describe down to the columns: what the stand-in makes of it has none. */
	hollow?: string[];
	/** Credential data besides the sandbox's. */
	credential?: object;
	/** Operations with code of their own are walked as well. */
	performs?: boolean;
}

/** One run of the node, and what it sent. */
interface Outcome {
	run: RunResult;
	items: INodeExecutionData[];
	requests: RequestLogEntry[];
}

const MOMENT = '2026-11-28T10:00:00';

/** An item with a file, as the node before may give it. */
const BROUGHT = {
	json: { sku: 'A-1' },
	binary: { photo: { data: 'aGk=', mimeType: 'text/plain', fileName: 'note.txt' } },
};

/** Declares the tests of all operations that the facts know. */
export function walkFacts(walk: FactsWalk): void {
	const table = new Table(walk.facts, walk.paths);
	const factsOf = (operation: Operation) => factsIn(table, walk, operation);
	const walked = walkedOf(walk);
	const house = useHouse(walk);
	const run = async (
		operation: Operation,
		form: IDataObject,
		items: Array<IDataObject | INodeExecutionData> = [{}],
		onError?: RunNodeOptions['onError'],
	): Promise<Outcome> => {
		const { engine, sandbox } = house();
		const before = sandbox.log.length;
		const { credentialType } = walk.vendor;
		const result = await engine.runNode(
			walk.node,
			{ resource: operation.resource, operation: operation.operation, ...form },
			{ items, credentials: { [credentialType]: 'sandbox' }, ...(onError ? { onError } : {}) },
		);
		const requests = sandbox.log.slice(before).filter(({ vendor }) => vendor === walk.listener);
		return { run: result, items: result.items('Node'), requests };
	};
	/** What is wrong with the requests by the facts. */
	const faults = (requests: RequestLogEntry[]): string[] =>
		requests.flatMap(({ method, path, url, body }) => {
			const match = table.find(method, path);
			if (!match) return [`${method} ${path} is not documented`];
			const query = [...new URL(url, 'http://sandbox').searchParams];
			const sent = typeof body === 'string' ? {} : body;
			if (typeof body === 'string' && match.facts.content) return [];
			return judge(match, query, sent, walk).map(
				({ at, what }) => `${method} ${path} ${at}: ${what}`,
			);
		});
	const mainOf = (
		operation: Operation,
		requests: RequestLogEntry[],
	): RequestLogEntry | undefined => {
		const facts = factsOf(operation);
		return requests.find(({ method, path }) => table.find(method, path)?.facts === facts);
	};

	const given = walked.flatMap((operation): Array<[string, Operation, Operation]> => {
		const reader = isChange(operation) ? readerOf(walk.vendor, operation) : undefined;
		return reader && factsOf(reader) ? [[operationName(operation), operation, reader]] : [];
	});
	// First, before the walk deletes what is read.
	if (given.length > 0)
		describe.each(given)('rows given back to %s', (_name, writer, reader) => {
			const least = (operation: Operation) =>
				formOf(walk, operation, factsOf(operation) as OperationFacts, false).form;
			// The sandbox gives out what it was given as well; these the vendor tells.
			const documented = rowNames(factsOf(reader) as OperationFacts, rowsAt(reader));
			const { mapper } = writer.fields.find(({ kind }) => kind === 'mapper') as Field & {
				kind: 'mapper';
			};

			test.each(reader.simplify ? ['raw', 'simplified'] : ['raw'])(
				'%s ones are understood and change nothing',
				async (output) => {
					const read = async (what: string): Promise<IDataObject> => {
						const got = await run(reader, { ...least(reader), output: what });
						expect(got.run.error?.message).toBeUndefined();
						return got.items[0].json;
					};
					const before = await read('raw');
					const told = only(
						await read(output),
						(name) => output !== 'raw' || documented.includes(name),
					);
					const asked = mapper.whole
						? mapped(walk, writer, mapper, factsOf(writer) as OperationFacts, false)
						: {};
					// What the sandbox made up and only knows under another name.
					const named = only(told, (name) => isNamed(walk, writer, name));
					for (const name of Object.keys(named)) {
						named[name] = givenFor(walk, writer, name) as IDataObject[string];
					}
					const row = { ...only(asked, (name) => !(name in told)), ...told, ...named };
					const form = only(least(writer), (name) =>
						writer.fields.some((field) => field.name === name && field.required),
					);
					const automatic = { mappingMode: 'autoMapInputData', value: null };
					const done = await run(writer, { ...form, fields: automatic as unknown as IDataObject }, [
						row,
					]);
					expect([done.run.error?.message, done.run.error?.description]).toEqual([
						undefined,
						undefined,
					]);
					const hints = done.run.runData.Node.at(-1)?.hints ?? [];
					expect(hints.filter(({ type }) => type === 'warning')).toEqual([]);
					expect(faults(done.requests)).toEqual([]);
					const { body } = mainOf(writer, done.requests) as RequestLogEntry;
					const sent = (Array.isArray(body) ? body[0] : body) as IDataObject;
					const untold = placed(
						mapper,
						only(asked, (name) => !(name in told)),
					);
					// A moment without a date is put on the clock of its location, which is asked for: that has tests of its own.
					const onClock =
						documented.includes('date') || !('date' in sent) ? {} : { date: sent.date };
					const given = { ...untold, ...onClock };
					const kept = { ...keptOf(writer, before, given), ...given };
					const same = { ...before, ...row, ...kept };
					expect(alike(sent)).toMatchObject(alike(kept));
					expect(alike({ ...same, ...writer.constants })).toMatchObject(alike(sent));
				},
			);
		});

	const byResource = [...new Set(walked.map(({ resource }) => resource))].map(
		(resource): [string, Operation[]] => [
			resource,
			walked.filter((operation) => operation.resource === resource),
		],
	);
	describe.each(byResource)('%s', (_resource, operations) => {
		test.each(operations.map((operation): [string, Operation] => [operation.operation, operation]))(
			'%s',
			async (_name, operation) => {
				const facts = factsOf(operation) as OperationFacts;
				const fill = (full: boolean, last = false) => formOf(walk, operation, facts, full, last);

				const least = fill(false);
				const one = await run(operation, least.form);
				expect([one.run.error?.message, one.run.error?.description]).toEqual([
					undefined,
					undefined,
				]);
				expect(faults(one.requests)).toEqual([]);
				const request = mainOf(operation, one.requests);
				expect(request).toBeDefined();
				if (isPlain(operation)) {
					const extra = namesIn(request as RequestLogEntry).filter(
						(name) => !least.sends.has(name),
					);
					expect(extra).toEqual([]);
				}
				expectItems(walk, operation, one.items, 1);
				expect(untoldIn(operation, facts, one.items)).toEqual([]);
				if (operation.simplify) {
					const raw = await run(operation, { ...least.form, output: 'raw' });
					expect(raw.run.error?.message).toBeUndefined();
					expect(untoldIn(operation, facts, raw.items, 'raw')).toEqual([]);
				}

				const full = fill(true);
				const two = await run(operation, full.form, [{}, {}]);
				expect([two.run.error?.message, two.run.error?.description]).toEqual([
					undefined,
					undefined,
				]);
				expect(faults(two.requests)).toEqual([]);
				if (isPlain(operation)) {
					const sent = new Set(namesIn(mainOf(operation, two.requests) as RequestLogEntry));
					expect([...full.sends].filter((name) => !sent.has(name) && !isPaging(name))).toEqual([]);
				}
				expectItems(walk, operation, two.items, 2);
				expect(untoldIn(operation, facts, two.items)).toEqual([]);

				// The same with the last value of each list of choices.
				const other = fill(true, true);
				if (JSON.stringify(other.form) !== JSON.stringify(full.form)) {
					const three = await run(operation, other.form);
					expect([three.run.error?.message, three.run.error?.description]).toEqual([
						undefined,
						undefined,
					]);
					expect(faults(three.requests)).toEqual([]);
				}

				const { says, ...error } = walk.error;
				house().sandbox.faults.add({ vendor: walk.listener, times: 10, ...error });
				const failed = await run(operation, least.form);
				house().sandbox.faults.clear();
				expect(failed.run.status).toBe('error');
				expect(failed.run.error?.message).toMatch(/\S/);
				expect(failed.run.error?.description).toContain(says);

				// On the error output an item keeps its file and its fields.
				house().sandbox.faults.add({ vendor: walk.listener, times: 20, ...error });
				const kept = await run(operation, least.form, [BROUGHT], 'continueErrorOutput');
				house().sandbox.faults.clear();
				expect(kept.items).toEqual([]);
				const [{ json, binary, pairedItem }] = kept.run.items('Node', 1);
				expect(json).toMatchObject({ ...BROUGHT.json, message: expect.stringContaining(says) });
				expect(binary?.photo).toMatchObject(BROUGHT.binary.photo);
				expect(pairedItem).toMatchObject({ item: 0 });
			},
		);
	});

	test('every operation of the node is documented', () => {
		const unknown = walk.vendor.operations.filter(
			(operation) => isWalked(walk, operation) && !factsOf(operation),
		);
		expect(unknown.map(({ route }) => route)).toEqual([]);
	});
}

function isWalked({ leaveOut, performs }: FactsWalk, operation: Operation): boolean {
	return (!operation.perform || performs === true) && !leaveOut?.includes(operationName(operation));
}

const only = (row: IDataObject, isWanted: (name: string) => boolean): IDataObject =>
	Object.fromEntries(Object.entries(row).filter(([name]) => isWanted(name)));

/** Values of a mapper where they stand in the body. */
function placed({ fields }: { fields: MapperField[] }, values: IDataObject): IDataObject {
	const body: IDataObject = {};
	for (const [name, value] of Object.entries(values)) {
		setAt(body, fields.find((field) => field.name === name)?.at ?? name, value);
	}
	return body;
}

/** The body that leaves the object as it is, as far as the catalogue says it. */
function keptOf({ replaces }: Operation, row: IDataObject, body: IDataObject): IDataObject {
	return replaces?.keep(row, { body, control: {} } as unknown as Call) ?? {};
}

/** What means the same, written the same: digits as numbers, midnight as the day, a phone without its plus. */
function alike<T>(value: T): T {
	const scalar = (one: unknown): unknown => {
		if (typeof one === 'boolean') return Number(one);
		if (typeof one !== 'string') return one;
		const text = one
			.replace(/[T ]00:00(:00)?$/, '')
			.replace(/\.000Z$/, 'Z')
			.replace(/^\+(\d+)$/, '$1');
		if (/^[[{]/.test(text)) return JSON.parse(text);
		return /^\d{1,15}$/.test(text) ? Number(text) : text;
	};
	return JSON.parse(JSON.stringify(value), (_, one: unknown) => scalar(one)) as T;
}

/** Where an operation's rows stand in the answer. */
function rowsAt({ answer }: Operation): string | undefined {
	return 'at' in answer ? answer.at : undefined;
}

/** Changes an object with the fields of a mapper. */
function isChange({ fields }: Operation): boolean {
	return fields.some((field) => field.kind === 'mapper' && field.mapper.mode !== 'create');
}

/** The operation whose rows people give back to a write: it reads one object, else the list. */
function readerOf(
	{ operations }: Vendor,
	{ resource, replaces, route }: Operation,
): Operation | undefined {
	const own = operations.filter((one) => one.resource === resource && one.answer.kind !== 'file');
	const path = replaces?.read ?? `GET ${route.slice(route.indexOf(' ') + 1)}`;
	return (
		own.find((one) => one.route === path) ??
		own.find(({ operation }) => operation === 'get') ??
		own.find(({ operation }) => operation === 'getAll')
	);
}

function factsIn(table: Table, walk: FactsWalk, { route }: Operation): OperationFacts | undefined {
	const [real] = walk.paths({ path: route.slice(route.indexOf(' ') + 1) });
	return table.find(routeMethod(route), real.replace(/\{\w+\}/g, '1'))?.facts;
}

/** The operations that a walk runs. */
export function walkedOf(walk: FactsWalk): Operation[] {
	const table = new Table(walk.facts, walk.paths);
	return walk.vendor.operations.filter(
		(operation) => isWalked(walk, operation) && factsIn(table, walk, operation),
	);
}

/** One engine and one sandbox for a file, with the clock sped up. */
function useHouse(walk: FactsWalk): () => { engine: Engine; sandbox: Sandbox } {
	let engine: Engine;
	let sandbox: Sandbox;
	let slowDown: () => void;
	beforeAll(async () => {
		engine = await createEngine();
		sandbox = await startSandbox({ assortmentRows: 1, limits: 'off' });
		const { credentialType } = walk.vendor;
		const data = sandbox.credentials[credentialType as keyof SandboxCredentials];
		engine.setCredential('sandbox', {
			type: credentialType,
			data: { ...data, ...walk.credential },
		});
		slowDown = speedUp(walk.speed, REQUEST_MS);
	});
	afterAll(async () => {
		slowDown();
		await engine.close();
		await sandbox.close();
	});
	return () => ({ engine, sandbox });
}

/** Nothing but the form and the facts says what it sends. */
function isPlain({ shape, prepare, replaces, bulk, perform }: Operation): boolean {
	return !shape && !prepare && !replaces && !bulk && !perform;
}

const bare = (name: string) => name.replace(/\[\d*\]$/, '');

/** Names at the top of query and body. */
function namesIn({ url, body }: RequestLogEntry): string[] {
	const query = [...new URL(url, 'http://sandbox').searchParams.keys()].map(bare);
	const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
	return [...new Set([...query, ...(isObject ? Object.keys(body) : [])])];
}

const PAGING = /^(page|count|page_size|pageSize|editable_length|limit|offset|page_?token)$/i;
const isPaging = (name: string) => PAGING.test(name);

/** A form, and the names of query and body that it fills. */
interface Filled {
	form: IDataObject;
	sends: Set<string>;
}

/** The least form holds what is required; the full one everything that goes together. */
function formOf(
	walk: FactsWalk,
	operation: Operation,
	facts: OperationFacts,
	full: boolean,
	last = false,
): Filled {
	const form: IDataObject = {};
	const sends = new Set(Object.keys(operation.constants ?? {}));
	if (operation.list) {
		for (const name of ['page', 'count', 'page_size', 'editable_length', 'limit', 'offset']) {
			sends.add(name);
		}
		for (const name of Object.keys(operation.list.style.first(2))) sends.add(name);
		if (full) form.returnAll = true;
		else form.limit = 2;
	}
	const hasMapper = operation.fields.some(({ kind }) => kind === 'mapper');
	const wholes = operation.fields.filter(({ stead }) => stead);
	for (const field of operation.fields) {
		// Either the parts, or what stands for all of them.
		const isPart = wholes.some(({ to }) => field.to === to || field.to.startsWith(`${to}.`));
		// Of JSON within JSON, the outer one stands for both.
		const isInner = wholes.some(({ to }) => field.to.startsWith(`${to}.`));
		if (field.stead ? !last || isInner : last && isPart) continue;
		const given = givenFor(walk, operation, field.name);
		if (field.kind === 'mapper') {
			const value = mapped(walk, operation, field.mapper, facts, full, last);
			form.fields = { mappingMode: 'defineBelow', value } as unknown as IDataObject;
			for (const name of Object.keys(value)) {
				const fact = factOf({ to: `body:${name}` } as Field, facts);
				sends.add(fact?.name ?? name.split('.')[0]);
			}
			continue;
		}
		const isDefault = 'default' in field && field.default !== undefined && field.default !== '';
		const name = sentName(field);
		if (isDefault && !field.section && isShown(field, form, operation) && name) sends.add(name);
		const usual = full ? !(field.kind === 'rows' && hasMapper) : field.required && !field.section;
		const wanted = usual || isNamed(walk, operation, field.name);
		if (!wanted || given === null || !isShown(field, form, operation)) continue;
		const value = (given ??
			valueFor(
				field,
				factOf(field, facts),
				last && field.section !== undefined,
			)) as IDataObject[string];
		if (value === undefined) continue;
		if (name) sends.add(name);
		if (field.section) {
			form[field.section] = { ...(form[field.section] as IDataObject), [field.name]: value };
		} else form[field.name] = value;
	}
	return { form, sends };
}

/** The walk's own value of a field; null leaves the field out. */
function givenFor({ values = {} }: FactsWalk, operation: Operation, name: string): unknown {
	const particular = `${operationName(operation)}.${name}`;
	return particular in values ? values[particular] : values[name];
}

/** The walk names the field in this operation: it is filled in the least form as well. */
function isNamed({ values = {} }: FactsWalk, operation: Operation, name: string): boolean {
	return (values[`${operationName(operation)}.${name}`] ?? null) !== null;
}

/** Name at the top of query or body under which a field is sent. */
function sentName({ to }: Field): string | undefined {
	const [where, path = ''] = [to.slice(0, to.indexOf(':')), to.slice(to.indexOf(':') + 1)];
	if (where === 'query') return bare(path);
	return where === 'body' ? path.split('.')[0] : undefined;
}

function isShown(field: Field, form: IDataObject, operation: Operation): boolean {
	return Object.entries(field.when ?? {}).every(([name, values]) => {
		const other = operation.fields.find((one) => one.name === name);
		const held = form[name] ?? (other && 'default' in other ? other.default : undefined);
		return (values as unknown[]).includes(held);
	});
}

/** The facts of a field, found by where it goes. */
function factOf({ to }: Field, facts: OperationFacts): FieldFacts | undefined {
	const [where, ...rest] = to.split(':');
	const path = rest.join(':');
	const lists = { path: facts.pathFields, query: facts.query, body: facts.body };
	let level = lists[where as keyof typeof lists];
	let found: FieldFacts | undefined;
	for (const name of where === 'body' ? path.split('.') : [path]) {
		found = level?.find((one) => camel(bare(one.name)) === camel(bare(name)));
		level = found?.fields;
	}
	return found;
}

function mapped(
	walk: FactsWalk,
	operation: Operation,
	{ fields, mode }: { fields: MapperField[]; mode: string },
	facts: OperationFacts,
	full: boolean,
	last = false,
): IDataObject {
	const required = fields.filter((field) => field.required);
	const some = required.length > 0 || mode === 'create' ? required : fields.slice(0, 1);
	const chosen = (full ? fields : some).filter(({ matchOnly }) => !matchOnly);
	const values: IDataObject = {};
	for (const field of chosen) {
		const given = givenFor(walk, operation, field.name);
		if (given === null) continue;
		const fact = factOf({ to: `body:${field.name}` } as Field, facts);
		values[field.name] = (given ?? mapperValue(field, fact, last)) as IDataObject[string];
	}
	return values;
}

/** The least whole number that goes. */
const leastOf = ({ min = 1, above }: { min?: number; above?: boolean }) => (above ? min + 1 : min);

function mapperValue(field: MapperField, fact: FieldFacts | undefined, last: boolean): unknown {
	const sample = fact && sampleOf(fact);
	switch (field.kind) {
		case 'choice':
			return field.choices?.at(last ? -1 : 0)?.value;
		case 'time':
			return MOMENT;
		case 'toggle':
			return true;
		case 'number':
			return typeof sample === 'number' ? sample : leastOf(field);
		case 'object':
			return JSON.stringify(sample ?? {});
		case 'array':
			return JSON.stringify(Array.isArray(sample) ? sample : []);
		default:
			return typeof sample === 'object' ? JSON.stringify(sample) : String(sample ?? 'Sample');
	}
}

/** A value of the form that the facts allow. */
function valueFor(field: Field, fact: FieldFacts | undefined, last = false): unknown {
	const sample = fact && sampleOf(fact);
	switch (field.kind) {
		case 'locator':
			return {
				__rl: true,
				mode: 'id',
				value: ['12', '8260852', '00000000-0000-4000-8000-000000000001'].find((id) =>
					new RegExp(`^(?:${field.locator.id.pattern})$`).test(id),
				),
			};
		case 'choice':
			if (last) return field.choices.at(-1)?.value;
			// At the top, a list of choices may begin with that of none.
			if (field.default && field.default !== NOT_CHOSEN.value) return field.default;
			return field.choices.find(({ value }) => value !== '' && value !== NOT_CHOSEN.value)?.value;
		case 'choices':
			return [field.choices.at(last ? -1 : 0)?.value];
		case 'number':
			return typeof sample === 'number' ? sample : leastOf(field);
		case 'toggle':
			return true;
		case 'time':
			return MOMENT;
		case 'json':
			return JSON.stringify(sample ?? {});
		case 'loaded':
			return field.multiple ? ['1'] : '1';
		case 'rows': {
			const row = field.columns.map((column): [string, unknown] => [
				column.name,
				valueFor(
					column,
					fact?.fields?.find(({ name }) => name === column.name),
					last,
				),
			]);
			return { row: [Object.fromEntries(row)] };
		}
		case 'mapper':
			return undefined;
		default:
			if (Array.isArray(sample)) return sample.map(String).join(',');
			if (sample === undefined && /e-?mail$/i.test(field.name)) return 'kate@example.com';
			return typeof sample === 'object' ? JSON.stringify(sample) : String(sample ?? '12');
	}
}

/** What comes out, by the kind of the answer; `inputs` items went in. */
/**
 * Names in the items that the operation does not tell: its schema has those of the rows that come out unless the user
 * asks otherwise, and the fields that can be picked are those of the vendor's own object besides. Of the vendor's own
 * objects the facts say what they hold: the sandbox gives out what it was given as well.
 */
function untoldIn(
	{ simplify, output, rawFields = [], answer }: Operation,
	facts: OperationFacts,
	items: INodeExecutionData[],
	asked?: 'raw',
): string[] {
	const isOwn = asked === 'raw' || (!simplify && ['object', 'list'].includes(answer.kind));
	const at = 'at' in answer ? answer.at : undefined;
	const documented = [...rowNames(facts, at), ...rowNames(facts)];
	const names = Object.keys(output);
	if (asked) names.push(...rawFields.map(({ value }) => value));
	const labels = new Set(names.map((name) => labelFrom(name)));
	const isTold = (name: string) =>
		names.includes(name) || (asked !== undefined && labels.has(labelFrom(name)));
	const found = new Set(items.flatMap(({ json }) => Object.keys(json)));
	return [...found].filter((name) => !isTold(name) && (!isOwn || documented.includes(name)));
}

function expectItems(
	{ hollow }: FactsWalk,
	operation: Operation,
	items: INodeExecutionData[],
	inputs: number,
): void {
	const pairs = new Set(items.map(({ pairedItem }) => (pairedItem as { item: number }).item));
	expect([...pairs].sort()).toEqual(Array.from({ length: inputs }, (_, index) => index));
	const { answer } = operation;
	const { kind } = answer;
	if (kind === 'object' || kind === 'list') {
		// Columns that are all empty were read from the wrong place of the answer.
		const isEmpty = (json: IDataObject) => Object.values(json).every((value) => value === null);
		const isHollow = hollow?.includes(`${operation.resource}.${operation.operation}`) ?? false;
		expect(items.some(({ json }) => isEmpty(json))).toBe(isHollow);
	}
	if (kind === 'list' || ('many' in answer && answer.many)) {
		const each = items.length / inputs;
		expect(each).toBeGreaterThan(0);
		return;
	}
	expect(items).toHaveLength(inputs);
	for (const { json, binary } of items) {
		if (kind === 'file') expect(Object.values(binary ?? {})[0]?.mimeType).toMatch(/\w+\/\w+/);
		else if (kind === 'done') expect(json.success).toBe(true);
		else if (kind === 'deleted') expect(json.deleted).toBe(true);
		// Also that of a copy, whose realm is another one.
		else expect(json).toEqual(expect.objectContaining({}));
	}
}
