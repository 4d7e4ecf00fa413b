/** Redis and PostgreSQL as child processes with data folders of their own, on loopback only. */
import { execFile, spawn } from 'child_process';
import type { ChildProcess } from 'child_process';
import {
	chmodSync,
	chownSync,
	closeSync,
	mkdirSync,
	openSync,
	readFileSync,
	writeFileSync,
} from 'fs';
import path from 'path';
import { promisify } from 'util';
import { freePort, waitFor } from '../n8n';
import type { SystemAccount, Servers } from './packages';
import { postgresAccount } from './packages';

const run = promisify(execFile);
const keeper = path.join(__dirname, 'keeper.cjs');

/** A server process that can be stopped as an administrator does, or killed as a crash does. */
export abstract class Server {
	/** From start to the first answer, in ms, of the last start. */
	readyAfterMs = 0;

	private child: ChildProcess | undefined;

	private pid = 0;

	constructor(
		readonly name: string,
		readonly port: number,
		/** Data and configuration. */
		readonly folder: string,
		/** File that takes what it prints. Appended to. */
		readonly log: string,
	) {}

	protected abstract command(): {
		program: string;
		args: string[];
		stopSignal: NodeJS.Signals;
		account?: SystemAccount;
	};

	/** Rejects while the server is not ready to serve. */
	protected abstract ping(): Promise<void>;

	/** Starts it on its data folder and waits until it answers. */
	async start(): Promise<void> {
		if (this.child) throw new Error(`${this.name} runs already`);
		const started = Date.now();
		const { program, args, stopSignal, account } = this.command();
		const who = account ? [String(account.uid), String(account.gid)] : ['-', '-'];
		const output = openSync(this.log, 'a');
		const child = spawn(process.execPath, [keeper, stopSignal, ...who, program, ...args], {
			cwd: this.folder,
			stdio: ['ignore', output, output, 'ipc'],
			// Ctrl-C in a terminal must not end it before those who still use it.
			detached: true,
		});
		closeSync(output);
		this.child = child;
		let failure = '';
		child.on('message', (message) => (this.pid = (message as { pid: number }).pid));
		child.once('error', (error) => (failure = error.message));
		child.once('exit', (code, signal) => {
			failure ||= `it ended by itself (${signal ?? code})`;
			if (this.child === child) this.child = undefined;
		});
		// The channel tells the keeper that we are gone; it must not keep us alive.
		child.channel?.unref();
		child.unref();
		try {
			await waitFor(`${this.name} on port ${this.port}`, async () => {
				if (failure) return true;
				await this.ping();
				return true;
			});
		} catch (error) {
			failure ||= (error as Error).message;
		}
		if (failure) {
			await this.kill();
			const printed = readFileSync(this.log, 'utf8').slice(-4000);
			throw new Error(`${this.name} did not start: ${failure}. It printed:\n${printed}`);
		}
		this.readyAfterMs = Date.now() - started;
	}

	/** Asks it to end as an administrator would (Redis writes its file, PostgreSQL a checkpoint). */
	async stop(): Promise<void> {
		await this.end(() => this.child?.kill('SIGTERM'));
	}

	/** Ends it at once, as a crash would. */
	async kill(): Promise<void> {
		await this.end(() => {
			if (this.pid > 0) process.kill(this.pid, 'SIGKILL');
			else this.child?.kill('SIGKILL');
		});
	}

	/** Stops (or kills) it, waits `downMs`, and starts it again on the same port and data. */
	async restart(options: { kill?: boolean; downMs?: number } = {}): Promise<void> {
		if (options.kill) await this.kill();
		else await this.stop();
		if (options.downMs) await new Promise((resolve) => setTimeout(resolve, options.downMs));
		await this.start();
	}

	private async end(ask: () => void): Promise<void> {
		const { child } = this;
		if (!child) return;
		child.ref();
		const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		ask();
		await gone;
		this.pid = 0;
	}
}

/** How much of Redis's data a crash may take: see redis.io, "Redis persistence". */
export interface RedisPersistence {
	/** Append-only file; without it a crash takes the whole queue along. Default true. */
	appendOnly?: boolean;
	/** When the file is flushed to disk. Default `everysec`. */
	appendFsync?: 'always' | 'everysec' | 'no';
}

/** A Redis with a password and an append-only file. */
export class Redis extends Server {
	constructor(
		private readonly servers: Servers,
		readonly password: string,
		private readonly persistence: RedisPersistence,
		where: { port: number; folder: string; log: string },
	) {
		super('Redis', where.port, where.folder, where.log);
	}

	static async make(
		servers: Servers,
		password: string,
		persistence: RedisPersistence,
		where: { folder: string; log: string },
	): Promise<Redis> {
		mkdirSync(where.folder, { recursive: true });
		return new Redis(servers, password, persistence, { ...where, port: await freePort() });
	}

	protected command() {
		const { appendOnly = true, appendFsync = 'everysec' } = this.persistence;
		// In a file: arguments are seen by everybody on the machine.
		const file = path.join(this.folder, 'redis.conf');
		const lines = [
			`port ${this.port}`,
			'bind 127.0.0.1',
			'daemonize no',
			`dir ${this.folder}`,
			`requirepass ${this.password}`,
			`appendonly ${appendOnly ? 'yes' : 'no'}`,
			`appendfsync ${appendFsync}`,
			...(appendOnly ? [] : ['save ""']),
		];
		writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
		return { program: this.servers.redisServer, args: [file], stopSignal: 'SIGTERM' as const };
	}

	/** Runs one command of redis-cli and returns what it prints. */
	async cli(...args: string[]): Promise<string> {
		const { stdout } = await run(this.servers.redisCli, ['-p', String(this.port), ...args], {
			env: { ...process.env, REDISCLI_AUTH: this.password },
		});
		return stdout.trim();
	}

	protected async ping(): Promise<void> {
		const answer = await this.cli('ping');
		if (answer !== 'PONG') throw new Error(answer);
	}
}

/** A PostgreSQL cluster with one database, `n8n`, owned by the role `n8n`. */
export class Postgres extends Server {
	readonly database = 'n8n';

	readonly user = 'n8n';

	constructor(
		private readonly servers: Servers,
		readonly password: string,
		private readonly account: SystemAccount | undefined,
		where: { port: number; folder: string; log: string },
	) {
		super('PostgreSQL', where.port, where.folder, where.log);
	}

	/** Makes the cluster (initdb, about 2 s) in `where.folder`, which must not exist yet. */
	static async make(
		servers: Servers,
		password: string,
		where: { folder: string; log: string },
	): Promise<Postgres> {
		const account = postgresAccount();
		mkdirSync(where.folder, { recursive: true, mode: 0o700 });
		const secret = path.join(where.folder, '..', 'postgres.password');
		writeFileSync(secret, `${password}\n`, { mode: 0o600 });
		if (account) {
			chownSync(where.folder, account.uid, account.gid);
			chownSync(secret, account.uid, account.gid);
			// The way to its folder; what else lies there stays closed.
			chmodSync(path.dirname(where.folder), 0o711);
		}
		const postgres = new Postgres(servers, password, account, { ...where, port: await freePort() });
		await postgres.tool('initdb', [
			...['--pgdata', where.folder, '--username', postgres.user, '--pwfile', secret],
			...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-sync'],
		]);
		return postgres;
	}

	/** Creates the database; once, on the running server. */
	async createDatabase(): Promise<void> {
		const folder = this.servers.postgresFolder;
		await run(path.join(folder, 'createdb'), [...this.where(), this.database], {
			cwd: this.folder,
			env: { ...process.env, PGPASSWORD: this.password },
		});
	}

	protected command() {
		return {
			program: path.join(this.servers.postgresFolder, 'postgres'),
			args: [
				...['-D', this.folder, '-p', String(this.port)],
				...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
			],
			// "Fast": sessions are ended, data are written.
			stopSignal: 'SIGINT' as const,
			account: this.account,
		};
	}

	protected async ping(): Promise<void> {
		await run(path.join(this.servers.postgresFolder, 'pg_isready'), this.where());
	}

	private where(): string[] {
		return ['-h', '127.0.0.1', '-p', String(this.port), '-U', this.user];
	}

	private async tool(name: string, args: string[]): Promise<void> {
		try {
			const options = { cwd: this.folder, ...this.account };
			await run(path.join(this.servers.postgresFolder, name), args, options);
		} catch (error) {
			const { stderr = '', message } = error as Error & { stderr?: string };
			throw new Error(`${name} did not make ${this.folder}: ${stderr || message}`);
		}
	}
}
