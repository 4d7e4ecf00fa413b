/** The runner's side of its child processes: sandboxes, measured processes, and plain `node -e`. */
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { projectFolder } from '../sandbox/setup.mjs';
import type {
	AltegioReady,
	AltegioSetup,
	Job,
	Measured,
	SandboxAnswer,
	SandboxOrder,
	SandboxReady,
	SandboxSetup,
	SeenRequest,
	VisitsReady,
	VisitsSetup,
} from './messages';
import { PAGE_ROWS } from './floor';

const TSX = pathToFileURL(require.resolve('tsx')).href;
const LIST = '/entity/assortment';

const children = new Set<ChildProcess>();

/** Ends every process that is still there. */
export function endAll(): void {
	for (const child of children) child.kill('SIGTERM');
}
process.on('exit', endAll);

function start(script: string, argument: string, flags: string[] = []): ChildProcess {
	const child = fork(path.join(__dirname, script), [argument], {
		cwd: projectFolder,
		execArgv: ['--import', TSX, ...flags],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	children.add(child);
	child.once('exit', () => children.delete(child));
	return child;
}

/** The next message of a process. Rejects when the process ends instead. */
async function nextMessage<T>(child: ChildProcess, what: string): Promise<T> {
	return await new Promise<T>((resolve, reject) => {
		const ended = (code: number | null, signal: string | null) => {
			child.off('message', came);
			reject(new Error(`The process of ${what} ended with ${signal ?? `status ${code}`}`));
		};
		const came = (message: unknown) => {
			child.off('exit', ended);
			resolve(message as T);
		};
		child.once('message', came);
		child.once('exit', ended);
	});
}

/** A sandbox in a process of its own. */
export class SandboxHandle {
	private constructor(
		private readonly child: ChildProcess,
		readonly ready: SandboxReady,
	) {}

	static async open(setup: SandboxSetup = {}): Promise<SandboxHandle> {
		const child = start('sandboxProcess.ts', JSON.stringify(setup));
		const ready = await nextMessage<SandboxReady>(child, 'the sandbox');
		const handle = new SandboxHandle(child, ready);
		await handle.quiet();
		return handle;
	}

	/** Address of the API without a trailing slash. */
	get api(): string {
		return this.ready.urls.moysklad;
	}

	private async tell(order: SandboxOrder): Promise<SandboxAnswer> {
		this.child.send(order);
		return await nextMessage<SandboxAnswer>(this.child, 'the sandbox');
	}

	/** From now on neither limits nor latency apply: for preparations. */
	async quiet(): Promise<void> {
		await this.tell({ order: 'quiet' });
	}

	/** From now on the documented limits and the latency apply; the budget is whole, the log empty. */
	async beginMeasuring(): Promise<void> {
		await this.tell({ order: 'measure' });
	}

	/** Requests to MoySklad and its storage since the measuring began. */
	async requests(): Promise<SeenRequest[]> {
		return (await this.tell({ order: 'requests' })).requests ?? [];
	}

	/**
	 * A request of the preparations.
	 * @param route path below the API's address
	 * @throws Error with MoySklad's answer when it is none of 2xx
	 */
	async ask(method: 'GET' | 'POST', route: string, body?: unknown): Promise<unknown> {
		const response = await fetch(this.api + route, {
			method,
			headers: {
				Authorization: `Bearer ${this.ready.credentials.moySkladApi.accessToken}`,
				Accept: 'application/json;charset=utf-8',
				...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(
				`The sandbox does not do ${method} ${route.split('?')[0]} yet: ${response.status} ${text.slice(0, 200)}`,
			);
		}
		return JSON.parse(text) as unknown;
	}

	/**
	 * Lets the sandbox make and pack every page of the assortment once, as MoySklad's own work must not count:
	 * from then on a page costs the latency and nothing else.
	 */
	async warmAssortment(rows: number): Promise<void> {
		for (let offset = 0; offset < rows; offset += PAGE_ROWS) {
			await this.ask('GET', `${LIST}?limit=${PAGE_ROWS}&offset=${offset}`);
		}
	}

	async close(): Promise<void> {
		await end(this.child);
	}
}

/** A process that plays a vendor, and tells what it was asked for. */
class PlayedHandle<Ready> {
	protected constructor(
		private readonly child: ChildProcess,
		private readonly what: string,
		readonly ready: Ready,
	) {}

	private async tell(order: SandboxOrder): Promise<SandboxAnswer> {
		this.child.send(order);
		return await nextMessage<SandboxAnswer>(this.child, this.what);
	}

	/** From here on requests count. */
	async beginMeasuring(): Promise<void> {
		await this.tell({ order: 'measure' });
	}

	async requests(): Promise<SeenRequest[]> {
		return (await this.tell({ order: 'requests' })).requests ?? [];
	}

	async close(): Promise<void> {
		await end(this.child);
	}
}

/** The process with big visits. */
export class VisitsHandle extends PlayedHandle<VisitsReady> {
	static async open(setup: VisitsSetup): Promise<VisitsHandle> {
		const child = start('visitsProcess.ts', JSON.stringify(setup));
		return new VisitsHandle(child, 'the visits', await nextMessage(child, 'the visits'));
	}
}

/** The process with the salons of Altegio. */
export class AltegioHandle extends PlayedHandle<AltegioReady> {
	static async open(setup: AltegioSetup): Promise<AltegioHandle> {
		const child = start('altegioProcess.ts', JSON.stringify(setup));
		return new AltegioHandle(child, 'the salons', await nextMessage(child, 'the salons'));
	}
}

/** Runs a script of this folder to its end, with our output; rejects unless it ends well. */
export async function runScript(script: string): Promise<void> {
	const child = start(script, '');
	const code = await new Promise((resolve) => child.once('exit', resolve));
	if (code !== 0) throw new Error(`${script} ended with status ${String(code)}`);
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	await ended;
}

function profileFolder(name: string): string {
	const folder = path.join(projectFolder, '.run', 'profiles', name);
	mkdirSync(folder, { recursive: true });
	return folder;
}

/** Puts the requests of a measurement beside its CPU profile. */
export function saveRequests(name: string, requests: SeenRequest[]): void {
	const file = path.join(profileFolder(name), 'requests.json');
	writeFileSync(file, `${JSON.stringify(requests, null, '\t')}\n`);
}

/**
 * Runs a job in a fresh process with n8n's engine, on a sandbox that begins to measure right before.
 * @param profileAs name of the folder in `.run/profiles` for a CPU profile of every thread
 */
export async function measureJob(
	sandbox: Pick<SandboxHandle, 'beginMeasuring'>,
	job: Job,
	profileAs?: string,
): Promise<Measured> {
	const profiling =
		profileAs === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder(profileAs)}`];
	const child = start('measuredProcess.ts', '', ['--expose-gc', ...profiling]);
	try {
		await nextMessage(child, 'the work');
		await sandbox.beginMeasuring();
		child.send(job);
		const measured = await nextMessage<Measured>(child, 'the work');
		// A profile is written when the process ends by itself.
		if (profileAs !== undefined) await new Promise((resolve) => child.once('exit', resolve));
		return measured;
	} finally {
		await end(child);
	}
}

/** What a one-line program prints, in a fresh Node. */
export async function nodeEval(program: string, flags: string[]): Promise<string> {
	return await new Promise((resolve, reject) => {
		const child = execFile(
			process.execPath,
			[...flags, '-e', program],
			{ cwd: projectFolder },
			(error, stdout) => {
				if (error) reject(error);
				else resolve(stdout);
			},
		);
		children.add(child);
		child.once('exit', () => children.delete(child));
	});
}
