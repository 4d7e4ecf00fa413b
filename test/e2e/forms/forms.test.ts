/**
 * Every distinct shape of a form, used by hand in the real editor: added, switched, filled, picked. Shapes and
 * not operations, so that this stays as long as it is when the catalogue grows; `shapes.ts` says what a shape is.
 *
 * A form fails on an error of the page, on a red mark at something that was just added, on what cannot be filled,
 * on a label that is cut, and on anything that is saved or sent although nobody touched it.
 */
import path from 'path';

import { projectFolder } from '../../../sandbox/n8n/fixtures';
import { setUpTimeoutMs } from '../harness';
import { executablePath, reason, startDesk } from './editor';
import type { Desk } from './editor';
import { forms, leftOut, plan } from './plan';
import type { Control, Task } from './shapes';
import { Walk } from './walk';

if (!executablePath) process.stderr.write(`SKIPPED: forms in the browser, since ${reason}\n`);
const whereThereIsABrowser = executablePath ? test : test.skip;

let desk: Desk;
let walk: Walk;

beforeAll(async () => {
	if (!executablePath) return;
	desk = await startDesk();
	desk.page.setDefaultTimeout(10_000);
	await giveItem();
	await desk.editor.openNewCanvas();
	walk = new Walk(desk);
	const shapesOf = (tasks: Task[]) => tasks.reduce((sum, { controls }) => sum + controls.length, 0);
	print(
		`${forms.length} forms, ${shapesOf([...plan, ...leftOut])} distinct shapes: ` +
			`${shapesOf(plan)} are used, in ${plan.length} forms`,
	);
	if (leftOut.length > 0) {
		print(`${shapesOf(leftOut)} shapes are left out for want of time, those of:`);
		for (const { form, controls } of leftOut) print(`  ${form.title}: ${namesOf(controls)}`);
	}
}, setUpTimeoutMs);

/** The newest order gets an item: the sandbox's have none, and lists of items would be empty. */
async function giveItem(): Promise<void> {
	const { baseUrl, accessToken } = desk.sandbox.credentials.moySkladApi;
	const ask = async (path: string, body?: object) => {
		const answer = await fetch(`${baseUrl}${path}`, {
			method: body ? 'POST' : 'GET',
			headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
		});
		if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
		return (await answer.json()) as { rows: Array<{ id: string; meta: object }> };
	};
	const orders = await ask('/entity/customerorder?order=moment,desc&limit=1');
	const goods = await ask('/entity/product?limit=1');
	const item = { quantity: 2, assortment: { meta: goods.rows[0].meta } };
	await ask(`/entity/customerorder/${orders.rows[0].id}/positions`, item);
}

afterAll(async () => {
	await desk?.close();
});

function namesOf(controls: Control[]): string {
	return [...new Set(controls.map(({ property }) => property.displayName))].join(', ');
}

function print(line: string): void {
	process.stderr.write(`${line}\n`);
}

whereThereIsABrowser.each(plan.map((task) => [task.form.title, task] as const))(
	'%s',
	async (title, task) => {
		try {
			const { used, faults } = await walk.work(task);
			print(`  ${title}: ${used} controls used`);
			expect(faults).toEqual([]);
		} catch (error) {
			const name = `form-${title.replace(/\W+/g, '-')}.png`;
			await desk.page.screenshot({ path: path.join(projectFolder, '.run', name) });
			throw error;
		}
	},
	// The largest form takes a minute on two quiet cores.
	8 * 60_000,
);
