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
import { forms, plan } from './plan';
import type { Task } from './shapes';
import { Walk } from './walk';

if (!executablePath) process.stderr.write(`SKIPPED: forms in the browser, since ${reason}\n`);
const whereThereIsABrowser = executablePath ? test : test.skip;

let desk: Desk;
let walk: Walk;

/** Forms that were gone through, with the seconds that each took. */
const opened = new Map<Task, number>();

beforeAll(async () => {
	if (!executablePath) return;
	desk = await startDesk({ pauses: 0.2 });
	desk.page.setDefaultTimeout(10_000);
	await giveItem();
	walk = new Walk(desk);
	print(
		`${forms.length} forms, ${shapesOf(plan).length} distinct shapes in ${plan.length} of them`,
	);
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
	if (desk) tellWhatWasOpened();
	await desk?.close();
});

function tellWhatWasOpened(): void {
	const total = [...opened.values()].reduce((sum, seconds) => sum + seconds, 0);
	const slowest = [...opened].sort(([, a], [, b]) => b - a).slice(0, 3);
	print(
		`${shapesOf([...opened.keys()]).length} of ${shapesOf(plan).length} shapes in ${opened.size} forms, ` +
			`${total.toFixed(0)} s; the slowest: ` +
			slowest.map(([{ form }, seconds]) => `${form.title} ${seconds.toFixed(0)} s`).join(', '),
	);
	for (const task of plan.filter((one) => !opened.has(one))) {
		const names = task.controls.map(({ property }) => property.displayName);
		print(`  not opened: ${task.form.title}: ${[...new Set(names)].join(', ')}`);
	}
}

function shapesOf(tasks: Task[]): string[] {
	return tasks.flatMap(({ controls }) => controls.map(({ shape }) => shape));
}

function print(line: string): void {
	process.stderr.write(`${line}\n`);
}

test('each distinct shape of all forms is used in one of those that are opened', () => {
	expect(shapesOf(plan).sort()).toEqual([...new Set(shapesOf(forms))].sort());
});

whereThereIsABrowser.each(plan.map((task) => [task.form.title, task] as const))(
	'%s',
	async (title, task) => {
		try {
			const started = Date.now();
			const { used, faults } = await walk.work(task);
			const seconds = (Date.now() - started) / 1000;
			print(`  ${title}: ${used} controls used in ${seconds.toFixed(1)} s`);
			opened.set(task, seconds);
			expect(faults).toEqual([]);
		} catch (error) {
			const name = `form-${title.replace(/\W+/g, '-')}.png`;
			await desk.page.screenshot({ path: path.join(projectFolder, '.run', name) });
			throw error;
		}
	},
	// On a machine that has much else to do.
	3 * 60_000,
);
