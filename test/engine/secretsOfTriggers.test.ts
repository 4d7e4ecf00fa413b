/**
 * Secrets, over every trigger: publishing, looking, removing, a call and its execution, polls. Whatever the vendor or
 * something in between answers, the credential's tokens show nowhere (errors, items, static data, the console), and no
 * other host gets them.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Vendor } from '../../nodes/shared/catalogue';
import { everythingIn } from '../unit/samples';
import { LISTENERS, NODES, Watch } from './disturbed';
import type { WorkflowInput } from './harness';
import type { EngineParts } from './harness/execution';
import { Poller, pollingParts } from './harness/poller';
import { TRIGGER_ROWS } from './triggerRows';

const KEY = 'k'.repeat(32);
const ID = '7944ef04-f831-11e5-7a69-971500188b19';

let watch: Watch;
let parts: EngineParts;
let workflows = 0;

beforeAll(async () => {
	// Seconds of real time stay for what publishing may take; its pauses pass quickly.
	watch = await Watch.open(50, 3000);
	// What changes is told by the sandbox where changes have a time.
	watch.sandbox.altegio.records.clock = () => Date.now();
	const known = Object.entries(watch.sandbox.credentials).map(([type, data]) => [
		type,
		{ type, data },
	]);
	parts = await pollingParts(watch.engine, Object.fromEntries(known) as never);
});
afterAll(async () => await watch?.close());

/** What a step comes to, be it an error. */
const outcomeOf = async (step: Promise<unknown>): Promise<unknown> =>
	await step.catch((error: unknown) => error);

function workflowOf(type: string, vendor: Vendor, parameters: IDataObject): WorkflowInput {
	const { credentialType: id } = vendor;
	const node = {
		name: type,
		type: `${watch.engine.packageName}.${type}`,
		webhookId: '7b0c5c1e-33c6-4c0a-9f2b-4dbb1b6a1b11',
		parameters,
		credentials: { [id]: { id, name: id } },
	};
	return { id: `secrets-${++workflows}`, nodes: [node] };
}

/** Polls under a disturbance from the first on, and after a poll that went well. */
async function polled(type: string, workflow: WorkflowInput, disturb: () => void) {
	const file = 'not restarted';
	const made = () =>
		new Poller(parts, workflow, { type: `${watch.engine.packageName}.${type}`, name: type, file });
	const [fresh, going] = [made(), made()];
	// The clock is fast here.
	fresh.budgetMs = going.budgetMs = 3_600_000;
	watch.calm();
	const items = await going.publish();
	disturb();
	return [
		await outcomeOf(fresh.poll()),
		await outcomeOf(going.poll()),
		await outcomeOf(going.execute(items ?? [])),
		await outcomeOf(going.execute([{ json: {} }], 'manual')),
		fresh.staticData,
		going.staticData,
	];
}

/** A webhook's whole life under a disturbance. */
async function called(type: string, workflow: WorkflowInput, body: object, disturb: () => void) {
	const { engine } = watch;
	const unpublished = engine.hooks(workflow, type);
	const url = `${unpublished.url}?key=${KEY}`;
	const staticData = { [`node:${type}`]: { secret: KEY, url, ids: [ID] } };
	const published = engine.hooks(workflow, type, { staticData });
	disturb();
	const hooks = [
		await outcomeOf(unpublished.activate()),
		await outcomeOf(published.checkExists()),
		await outcomeOf(published.create()),
		await outcomeOf(published.delete()),
	];
	const asked = watch.asked;
	const listener = await engine.listen(workflow, type, { staticData });
	try {
		const answer = await fetch(`${listener.url}?key=${KEY}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		expect(answer.status).toBe(200);
		const { run } = await listener.nextRun();
		expect(watch.asked).toBeGreaterThan(asked);
		return [
			hooks,
			await answer.text(),
			run,
			unpublished.staticData,
			published.staticData,
			listener.staticData,
		];
	} finally {
		await listener.close();
	}
}

test('every trigger has its row', () => {
	const { nodeTypes, packageName } = watch.engine;
	const all = nodeTypes.filter((name) => name.endsWith('Trigger'));
	expect(TRIGGER_ROWS.map(([type]) => `${packageName}.${type}`).sort()).toEqual(all.sort());
});

describe.each(TRIGGER_ROWS)('%s', (type, node, parameters, body) => {
	const [, vendor] = NODES.find(([name]) => name === node) as [string, Vendor];

	test('shows no token, whatever goes wrong', async () => {
		for (const disturbance of watch.disturbances) {
			const { what } = disturbance;
			const before = watch.met;
			const disturb = () => watch.disturb(LISTENERS[node], disturbance);
			const workflow = workflowOf(type, vendor, parameters);
			const outcome = body
				? await called(type, workflow, body, disturb)
				: await polled(type, workflow, disturb);
			watch.expectNothingIn(outcome, vendor, what);
			expect([what, watch.met]).toEqual([what, before + 1]);
			// What went wrong is told, so that something was there to look through.
			expect([what, /Error/.test(everythingIn(outcome))]).toEqual([what, true]);
		}
	}, 60_000);
});
