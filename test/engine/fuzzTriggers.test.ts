/**
 * Forms and calls as chance makes them, for every trigger: publishing, calls with their executions, polls. Nothing hangs or
 * dies of a fault of ours, every refusal has words for people, no call is answered with a failure of the server, and no
 * request is sent that the vendor's docs do not know. The seed is fixed, as in fuzz.test.ts.
 */
import fc from 'fast-check';
import type { IDataObject, INodeProperties, INodePropertyCollection } from 'n8n-workflow';

import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { KNOWN, MISTAKE, REFUSAL, SEED, anything, saidBy, unknownIn } from './chance';
import { speedUp } from './clock';
import type { Engine, WorkflowInput } from './harness';
import { createEngine } from './harness';
import type { EngineParts } from './harness/execution';
import { Poller, pollingParts } from './harness/poller';
import { listen } from './harness/webhooks';
import { completeWorkflow } from './harness/workflow';
import { TRIGGER_ROWS } from './triggerRows';

const RUNS = Number(process.env.FUZZ_RUNS ?? 25);
const KEY = 'k'.repeat(32);

let engine: Engine;
let sandbox: Sandbox;
let parts: EngineParts;
let slowDown: () => void;
let workflows = 0;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ assortmentRows: 30, limits: 'off' });
	sandbox.altegio.records.clock = () => Date.now();
	const known = Object.entries(sandbox.credentials).map(([type, data]) => [type, { type, data }]);
	parts = await pollingParts(engine, Object.fromEntries(known) as never);
	slowDown = speedUp(2000, 10_000);
});
afterAll(async () => {
	slowDown?.();
	await engine?.close();
	await sandbox?.close();
});

/** A value of a parameter: mostly what its form offers, sometimes whatever an expression may give. */
function valueOf(gen: fc.GeneratorValue, property: INodeProperties): unknown {
	if (gen(fc.nat, { max: 9 }) < 1) return gen(anything);
	const { type, options = [] } = property;
	const values = options.flatMap((one) => ('value' in one ? [one.value] : []));
	switch (type) {
		case 'options':
			return values.length > 0 ? gen(fc.constantFrom, ...values) : property.default;
		case 'multiOptions':
			return values.length > 0
				? gen(fc.subarray, values as unknown[])
				: gen(fc.constantFrom, [], ['4564'], ['nothing of the kind']);
		case 'boolean':
			return gen(fc.boolean);
		case 'number':
			return gen(fc.integer, { min: -5, max: 400 });
		case 'dateTime':
			return gen(fc.constantFrom, '', '2026-11-28', '2026-11-28T10:00:00.000Z', 'yesterday');
		case 'resourceLocator':
			return { __rl: true, mode: 'id', value: gen(fc.constantFrom, '', '4564', '9100001', 'x') };
		case 'collection':
			return formOf(gen, options as INodeProperties[]);
		default:
			return gen(fc.constantFrom, '', 'a,b', '1, 2', ' ', 'name');
	}
}

function formOf(
	gen: fc.GeneratorValue,
	properties: Array<INodeProperties | INodePropertyCollection>,
): IDataObject {
	const form: IDataObject = {};
	for (const property of properties) {
		if (!('type' in property) || property.type === 'notice' || gen(fc.nat, { max: 2 }) > 1)
			continue;
		form[property.name] = valueOf(gen, property) as never;
	}
	return form;
}

/** A call of the vendor in which one place holds something else, or that is something else altogether. */
function bodyFor(gen: fc.GeneratorValue, body: object): string {
	const dice = gen(fc.nat, { max: 9 });
	if (dice === 0) return gen(fc.string, { maxLength: 30 });
	if (dice < 3) return JSON.stringify(gen(fc.jsonValue, { maxDepth: 3 }));
	const copy = JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
	if (dice === 3) return JSON.stringify([copy, copy]);
	let place: Record<string, unknown> = copy;
	for (;;) {
		const names = Object.keys(place);
		if (names.length === 0) break;
		const name = gen(fc.constantFrom, ...names);
		const inside = place[name];
		if (typeof inside === 'object' && inside !== null && gen(fc.boolean)) {
			place = inside as Record<string, unknown>;
			continue;
		}
		if (dice === 4) delete place[name];
		else if (dice < 9) place[name] = gen(anything) ?? null;
		break;
	}
	return JSON.stringify(copy);
}

/** The error of a step that failed. */
const errorOf = async (step: Promise<unknown>): Promise<unknown> =>
	await step.then(
		() => undefined,
		(error: unknown) => error,
	);

function expectWords(errors: unknown[]): void {
	for (const error of errors) {
		const said = saidBy(error);
		expect(said).toMatch(REFUSAL);
		expect(said).not.toMatch(MISTAKE);
	}
}

/** A webhook's whole life with a form: published, called, unpublished. */
async function called(type: string, workflow: WorkflowInput, bodies: string[]): Promise<void> {
	const data = completeWorkflow(workflow, parts.types);
	const published = await listen(parts, data, type);
	const refused = await errorOf(published.activate());
	const errors = [refused, await errorOf(published.deactivate())];
	await published.close();
	expectWords(errors);
	// n8n does not publish what is refused, so nobody can call it.
	if (refused !== undefined) return;
	const staticData = { [`node:${type}`]: { secret: KEY } };
	const listener = await listen(parts, data, type, { staticData });
	try {
		for (const body of bodies) {
			const answer = await fetch(`${listener.url}?key=${KEY}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body,
			});
			// Form and body are shown with a failure, so that it can be repeated.
			const told = answer.status < 500 ? '' : JSON.stringify(workflow.nodes[0].parameters) + body;
			expect(told).toBe('');
		}
		while (parts.running.size > 0) await new Promise(setImmediate);
		errors.push(...listener.runs.map(({ run }) => run.data.resultData.error));
	} finally {
		await listener.close();
	}
	expectWords(errors);
}

/** Two polls with a form, and what they start. */
async function polled(type: string, workflow: WorkflowInput): Promise<void> {
	const node = { type: `${engine.packageName}.${type}`, name: type, file: 'not restarted' };
	const poller = new Poller(parts, workflow, node);
	poller.budgetMs = 3_600_000;
	const errors: unknown[] = [];
	for (const poll of [() => poller.publish(), () => poller.poll()]) {
		const items = await poll().catch((error: unknown) => void errors.push(error));
		if (!items) continue;
		const { run } = await poller.execute(items);
		errors.push(run.data.resultData.error);
	}
	expectWords(errors);
}

test('every trigger has its row', () => {
	const all = engine.nodeTypes.filter((name) => name.endsWith('Trigger'));
	expect(TRIGGER_ROWS.map(([type]) => `${engine.packageName}.${type}`).sort()).toEqual(all.sort());
});

describe.each(TRIGGER_ROWS)('%s', (type, node, _parameters, body) => {
	const [, known] = KNOWN.find(([name]) => name === node) as (typeof KNOWN)[number];

	test('what chance fills in, and whatever calls, is done or refused in words', async () => {
		const { description } = parts.types.getByNameAndVersion(`${engine.packageName}.${type}`);
		const [credential] = description.credentials ?? [];
		const id = credential.name;
		const property = fc.asyncProperty(fc.gen(), async (gen) => {
			sandbox.clearLog();
			const parameters = formOf(gen, description.properties);
			const workflow = {
				id: `chance-${++workflows}`,
				nodes: [
					{
						name: type,
						type: `${engine.packageName}.${type}`,
						webhookId: '7b0c5c1e-33c6-4c0a-9f2b-4dbb1b6a1b11',
						parameters,
						credentials: { [id]: { id, name: id } },
					},
				],
			} as WorkflowInput;
			const bodies = body ? Array.from({ length: 5 }, () => bodyFor(gen, body)) : [];
			if (body) await called(type, workflow, bodies);
			else await polled(type, workflow);
			expect(unknownIn(sandbox, known)).toEqual([]);
		});
		await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: false });
	}, 120_000);
});
