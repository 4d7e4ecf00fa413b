/**
 * `npm run demo`: the example workflows in n8n's own engine, against services that behave like the vendors'.
 * Prints a table per workflow, then follows one MoySklad webhook from a change to the workflow's item.
 * Ends with status 0 only if all of it worked.
 */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import Table from 'cli-table3';
import type { INode } from 'n8n-workflow';

import { MOYSKLAD_TOKENS, startSandbox, type Sandbox } from '../sandbox';
import { credentialReferences, type CredentialType } from '../sandbox/n8n/fixtures';
import { ensureBuild } from '../sandbox/setup.mjs';
import { createEngine, type Engine, type RunResult } from '../test/engine/harness';
import { dataTables, registerStandIns } from './standIns';

interface Workflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: Record<string, never>;
}

const say = (text = '') => process.stdout.write(`${text}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Where the sandbox of `npm start` keeps its photos; here it has another port. */
const STORAGE = 'http://127.0.0.1:4702';

function exampleWorkflows(storage: string): Workflow[] {
	return readdirSync(__dirname)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => readFileSync(join(__dirname, file), 'utf8').replaceAll(STORAGE, storage))
		.map((text) => JSON.parse(text) as Workflow);
}

/** The workflow that shows what it does in its second and third run. */
const SYNC = 'exampleSync00000001';

/** What a workflow must have brought about, beyond having ended well. */
const CHECKS: Record<string, (result: RunResult) => boolean> = {
	exampleExport000001: (result) => {
		const [file] = result.items('Spreadsheet');
		return (
			result.items('Assortment with stock').length === 25_000 &&
			file?.binary?.data.fileExtension === 'xlsx'
		);
	},
	examplePhotos000001: (result) =>
		result.items('Uploaded').length === 3 &&
		[0, 1]
			.flatMap((run) => result.data('Not uploaded', run).flat())
			.map(({ json }) => json.reason)
			.join()
			.includes('No product has this article'),
};

function triggerOf(workflow: Workflow): INode | undefined {
	return workflow.nodes.find(
		({ type }) => type.endsWith('Trigger') && type.startsWith('n8n-nodes-retail-ops'),
	);
}

/** What was asked of the vendors since the last look: number of requests, and how many were refused. */
function takeLog(sandbox: Sandbox): { requests: number; refused: number } {
	const calls = sandbox.log;
	const requests = calls.length;
	const refused = calls.filter(({ status }) => status === 429 || status === 420).length;
	sandbox.clearLog();
	return { requests, refused };
}

/** A value in one short line. */
function short(value: unknown): string {
	const text = JSON.stringify(value) ?? '';
	return text.length > 150 ? `${text.slice(0, 147)}…` : text;
}

/** Runs one workflow and prints what happened; true when it worked. */
async function show(engine: Engine, sandbox: Sandbox, workflow: Workflow): Promise<boolean> {
	say(`▶ ${workflow.name}`);
	takeLog(sandbox);
	const started = Date.now();
	const result = await engine.run(workflow as never);
	const ms = Date.now() - started;
	const { requests, refused } = takeLog(sandbox);
	const table = new Table({
		head: ['node', 'items in', 'items out', 'time', 'result'],
		style: { head: [], border: [], compact: true },
	});
	for (const node of result.nodes) {
		const out = node.itemsOut.reduce((sum, count) => sum + count, 0);
		table.push([node.name, node.itemsIn, out, seconds(node.timeMs), node.error ?? node.status]);
	}
	say(table.toString());
	const last = result.lastNodeExecuted;
	const [first] = last ? result.json(last) : [];
	if (first) say(`  first item: ${short(first)}`);
	const file = last ? result.items(last)[0]?.binary?.data : undefined;
	if (file) say(`  its file: ${file.fileName ?? ''}, ${file.fileSize ?? ''}`);
	if (result.error) say(`  ✖ ${result.error.message}`);
	say(`  ${requests} requests sent, ${refused} refused by a rate limit, ${seconds(ms)}`);
	say();
	const check = CHECKS[workflow.id];
	return result.status === 'success' && result.nodes.length > 1 && (!check || check(result));
}

/** Changes on both sides between runs of the sync: each change goes the right way, once, and none comes back. */
async function showSync(engine: Engine, sandbox: Sandbox, workflow: Workflow): Promise<boolean> {
	say(`▶ ${workflow.name} (three runs)`);
	const run = async (what: string): Promise<[number, number]> => {
		takeLog(sandbox);
		const started = Date.now();
		const result = await engine.run(workflow as never);
		if (result.error) throw new Error(result.error.message);
		const ways = result.json('What differs').map(({ toMoySklad }) => toMoySklad === true);
		const written = ways.filter(Boolean).length;
		const { requests, refused } = takeLog(sandbox);
		say(
			`  ${what}: ${ways.length - written} folders written to the shop, ${written} to MoySklad; ${requests} requests, ${refused} refused, ${seconds(Date.now() - started)}`,
		);
		return [ways.length - written, written];
	};
	const first = await run('1. the shop is empty');
	const rows = dataTables.get('shop_folders') ?? [];
	const [own, theirs] = rows;
	const [{ id }] = await folders(sandbox, `externalCode=${String(theirs.externalCode)}`);
	await ask(sandbox, 'PUT', `/entity/productfolder/${id}`, { name: 'Renamed in MoySklad' });
	const changedAt = new Date().toISOString();
	Object.assign(own, { name: 'Renamed in the shop', changedAt });
	rows.push({ externalCode: 'shop-1', name: 'New in the shop', description: '', changedAt });
	say('  2. somebody renames a folder in MoySklad; the shop renames one, and adds one');
	const second = await run('3. the next run');
	const third = await run('4. the run after it');
	const [renamed] = await folders(sandbox, `externalCode=${String(own.externalCode)}`);
	const added = await folders(sandbox, 'externalCode=shop-1');
	say();
	return (
		first[0] > 0 &&
		[first[1], ...second, ...third].join() === '0,1,2,0,0' &&
		theirs.name === 'Renamed in MoySklad' &&
		renamed.name === 'Renamed in the shop' &&
		added.length === 1
	);
}

/** Product folders of the sandbox's MoySklad that a filter finds. */
async function folders(
	sandbox: Sandbox,
	filter: string,
): Promise<Array<{ id: string; name: string }>> {
	const path = `/entity/productfolder?filter=${encodeURIComponent(filter)}`;
	return (await ask<{ rows: Array<{ id: string; name: string }> }>(sandbox, 'GET', path)).rows;
}

/** A request of another user, whose limit is another's, too. */
async function ask<T>(sandbox: Sandbox, method: string, path: string, body?: object): Promise<T> {
	const answer = await fetch(sandbox.urls.moysklad + path, {
		method,
		headers: {
			authorization: `Bearer ${MOYSKLAD_TOKENS.secondUser}`,
			'accept-encoding': 'gzip',
			'content-type': 'application/json',
		},
		...(body ? { body: JSON.stringify(body) } : {}),
	});
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
	return (await answer.json()) as T;
}

/** A change in MoySklad → webhook → trigger → next node. */
async function showTrigger(
	engine: Engine,
	sandbox: Sandbox,
	workflow: Workflow,
	trigger: INode,
): Promise<boolean> {
	say(`▶ ${workflow.name} (a webhook on its way)`);
	const listener = await engine.listen(workflow as never, trigger.name);
	try {
		await listener.activate();
		const registered = sandbox.moysklad.webhooks.list('webhook');
		say(
			`  1. published: ${registered.length} webhook at MoySklad (${registered.map((one) => `${one.entityType} ${one.action}`).join(', ')})`,
		);
		const change = await sandbox.moysklad.change('product', 'UPDATE', undefined, [
			'name',
			'salePrices',
		]);
		say('  2. somebody changes a product in MoySklad: name, sale prices');
		const run = await listener.nextRun(10_000);
		const [delivery] = listener.deliveries;
		say(
			`  3. MoySklad calls the workflow, which answers ${delivery.status} after ${Math.round(delivery.answeredAfterMs ?? 0)} ms (MoySklad waits 1500 ms)`,
		);
		const [event] = run.json(trigger.name);
		say(`  4. the trigger's item: ${short(event)}`);
		const [product] = run.lastNodeExecuted ? run.json(run.lastNodeExecuted) : [];
		say(`  5. the next node reads it: ${short(product)}`);
		await listener.deactivate();
		say(
			`  6. unpublished: ${sandbox.moysklad.webhooks.list('webhook').length} webhooks left at MoySklad`,
		);
		say();
		return (
			run.status === 'success' &&
			event?.entityType === 'product' &&
			product?.id === event?.id &&
			change !== undefined &&
			sandbox.moysklad.webhooks.list('webhook').length === 0
		);
	} finally {
		await listener.close();
	}
}

async function main(): Promise<void> {
	const started = Date.now();
	await ensureBuild();
	say(
		'Starting the sandbox: MoySklad with 25,000 items, Yandex Market, Altegio and Inspector Cloud on loopback …',
	);
	const sandbox = await startSandbox();
	const credentials = Object.fromEntries(
		(Object.keys(credentialReferences) as CredentialType[]).map((type) => [
			credentialReferences[type].id,
			{ name: credentialReferences[type].name, type, data: sandbox.credentials[type] },
		]),
	);
	say("Loading the built package into n8n's engine …");
	registerStandIns();
	const engine = await createEngine({ credentials: credentials as never });
	say(`  ${engine.nodeTypes.length} nodes, ${engine.credentialTypes.length} credentials`);
	say();
	const outcomes: Array<[string, boolean]> = [];
	try {
		for (const workflow of exampleWorkflows(sandbox.urls.storage)) {
			const trigger = triggerOf(workflow);
			const worked = trigger
				? await showTrigger(engine, sandbox, workflow, trigger)
				: workflow.id === SYNC
					? await showSync(engine, sandbox, workflow)
					: await show(engine, sandbox, workflow);
			outcomes.push([workflow.name, worked]);
		}
	} finally {
		await engine.close();
		await sandbox.close();
	}
	for (const [name, worked] of outcomes) say(`${worked ? '✔' : '✖'} ${name}`);
	const broken = outcomes.filter(([, worked]) => !worked).length;
	const total = `${outcomes.length - broken} of ${outcomes.length} workflows worked, ${seconds(Date.now() - started)}`;
	say(broken === 0 ? `\n✔ The demo worked: ${total}.` : `\n✖ The demo did not work: ${total}.`);
	process.exitCode = broken === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
	process.stderr.write(
		`\n✖ The demo did not work: ${error instanceof Error ? error.stack : String(error)}\n`,
	);
	process.exitCode = 1;
});
