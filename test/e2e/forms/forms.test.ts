/**
 * Every distinct shape of a form, used by hand in the real editor: added, switched, filled, picked. Shapes and
 * not operations, so that this stays as long as it is when the catalogue grows; `shapes.ts` says what a shape is.
 *
 * A form fails on an error of the page, on a red mark at something that was just added, on what cannot be filled,
 * on a label that is cut, and on anything that is saved or sent although nobody touched it.
 */
import { mkdirSync } from 'fs';
import path from 'path';

import { projectFolder } from '../../../sandbox/n8n/fixtures';
import { prepareUserFolder, setUpTimeoutMs } from '../harness';
import { executablePath, reason, startDesk } from './editor';
import type { Desk } from './editor';
import { forms, plan } from './plan';
import type { Task } from './shapes';
import { Walk } from './walk';
import type { Done } from './walk';

if (!executablePath) process.stderr.write(`SKIPPED: forms in the browser, since ${reason}\n`);
const whereThereIsABrowser = executablePath ? test : test.skip;

/** People at work side by side, each with an n8n and a browser: one of them waits for these half of the time. */
const HANDS = 2;

/** While a form is being mended: only those whose titles match, e.g. `FORMS='Bundle .*Update|Altegio .*Trigger'`. */
const only = new RegExp(process.env.FORMS ?? '');

const tasks = plan.filter(({ form }) => only.test(form.title));

let desks: Desk[] = [];
let hands: Array<Promise<void>> = [];

/** What became of a form, for the test that waits for it. */
interface Result {
	done: Promise<Done>;
	settle: (outcome: Done | PromiseLike<Done>) => void;
}

const results = new Map(
	tasks.map((task): [Task, Result] => {
		let settle: Result['settle'] = () => undefined;
		const done = new Promise<Done>((resolve) => (settle = resolve));
		// Its test may not wait for it yet.
		done.catch(() => undefined);
		return [task, { done, settle }];
	}),
);

/** Forms that were gone through, with the seconds that each took. */
const opened = new Map<Task, number>();

/** When the hands began, in milliseconds. */
let begun = 0;

beforeAll(async () => {
	if (!executablePath) return;
	const folders = [];
	for (let hand = 0; hand < HANDS; hand++) folders.push(await prepareUserFolder());
	desks = await Promise.all(folders.map((folder) => startDesk({ folder, pauses: 0.2 })));
	print(
		`${forms.length} forms, ${shapesOf(plan).length} distinct shapes in ${plan.length} of them`,
	);
	begun = Date.now();
	// What an account adds to those of the plan is used where it is met first.
	const usedColumns = new Set(shapesOf(plan));
	const left = [...tasks];
	// From both ends, so that each hand stays with a node for as long as it can.
	const turns = [() => left.shift(), () => left.pop()];
	hands = desks.map(async (desk, hand) => {
		// On a busy machine a large form takes long to come, and each test has a limit of its own.
		desk.page.setDefaultTimeout(30_000);
		const walk = new Walk(desk, usedColumns);
		await giveItem(desk);
		for (let task = turns[hand](); task; task = turns[hand]()) {
			results.get(task)?.settle(workOn(task, walk, desk));
			await results.get(task)?.done.catch(() => undefined);
		}
	});
}, setUpTimeoutMs);

/** The newest order gets an item: the sandbox's have none, and lists of items would be empty. */
async function giveItem({ sandbox }: Desk): Promise<void> {
	const { baseUrl, accessToken } = sandbox.credentials.moySkladApi;
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

/** Goes through a form; where it breaks off, a picture tells what is to be seen. */
async function workOn(task: Task, walk: Walk, { page }: Desk): Promise<Done> {
	const { title } = task.form;
	try {
		const started = Date.now();
		const done = await walk.work(task);
		const seconds = (Date.now() - started) / 1000;
		print(`  ${title}: ${done.used} controls used in ${seconds.toFixed(1)} s`);
		opened.set(task, seconds);
		if (done.faults.length > 0) await takePicture(title, page);
		return done;
	} catch (error) {
		await takePicture(title, page);
		throw error;
	}
}

async function takePicture(title: string, page: Desk['page']): Promise<void> {
	const folder = path.join(projectFolder, '.run');
	mkdirSync(folder, { recursive: true });
	await page.screenshot({ path: path.join(folder, `form-${title.replace(/\W+/g, '-')}.png`) });
}

afterAll(async () => {
	await Promise.all(hands);
	if (desks.length > 0) tellWhatWasOpened();
	await Promise.all(desks.map(async (desk) => await desk.close()));
}, 60_000);

function tellWhatWasOpened(): void {
	const slowest = [...opened].sort(([, a], [, b]) => b - a).slice(0, 3);
	print(
		`${shapesOf([...opened.keys()]).length} of ${shapesOf(plan).length} shapes in ${opened.size} forms, ` +
			`${((Date.now() - begun) / 1000).toFixed(0)} s by ${HANDS} hands; the slowest: ` +
			slowest.map(([{ form }, seconds]) => `${form.title} ${seconds.toFixed(0)} s`).join(', '),
	);
	for (const task of plan.filter((one) => !opened.has(one))) {
		const names = task.controls.map(({ property }) => property.displayName);
		print(`  not opened: ${task.form.title}: ${[...new Set(names)].join(', ')}`);
	}
}

function shapesOf(some: Task[]): string[] {
	return some.flatMap(({ controls }) => controls.map(({ shape }) => shape));
}

function print(line: string): void {
	process.stderr.write(`${line}\n`);
}

test('each distinct shape of all forms is used in one of those that are opened', () => {
	expect(shapesOf(plan).sort()).toEqual([...new Set(shapesOf(forms))].sort());
});

whereThereIsABrowser.each(tasks.map((task) => [task.form.title, task] as const))(
	'%s',
	async (_, task) => {
		const done = await results.get(task)?.done;
		expect(done?.faults).toEqual([]);
	},
	// On a machine that has much else to do.
	3 * 60_000,
);
