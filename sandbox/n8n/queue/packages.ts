/**
 * Redis and PostgreSQL of this machine: found, or on Debian as root installed. Nothing is started here; the services
 * that the packages bring along are not used either.
 */
import { execFile, execFileSync } from 'child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'fs';
import path from 'path';
import { promisify } from 'util';

const run = promisify(execFile);

/** Debian's packages that hold the servers. */
export const serverPackages = { redis: 'redis-server', postgres: 'postgresql' } as const;

/** Where the programs are. */
export interface Servers {
	redisServer: string;
	redisCli: string;
	/** Folder with initdb, postgres, pg_isready. */
	postgresFolder: string;
}

/** Redis or PostgreSQL is missing and cannot be installed from here. */
export class ServersMissing extends Error {
	constructor(
		missing: string[],
		readonly advice: string,
	) {
		super(`Not on this machine: ${missing.join(', ')}.`);
		this.name = 'ServersMissing';
	}
}

function isProgram(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function onPath(name: string, more: string[] = []): string | undefined {
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...more];
	return folders
		.filter(Boolean)
		.map((folder) => path.join(folder, name))
		.find(isProgram);
}

/** Debian keeps PostgreSQL's programs off the PATH, one folder per version; Homebrew does likewise. */
function postgresFolders(): string[] {
	const versions = (folder: string, pattern: RegExp, below: string): string[] => {
		if (!existsSync(folder)) return [];
		return readdirSync(folder)
			.filter((name) => pattern.test(name))
			.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
			.map((name) => path.join(folder, name, below));
	};
	return [
		...versions('/usr/lib/postgresql', /^\d/, 'bin'),
		...versions('/opt/homebrew/opt', /^postgresql/, 'bin'),
		...versions('/usr/local/opt', /^postgresql/, 'bin'),
		...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean),
	];
}

/** What is there; a program that is not is undefined. */
function findServers(): Partial<Servers> {
	const sbin = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
	return {
		redisServer: onPath('redis-server', sbin),
		redisCli: onPath('redis-cli', sbin),
		postgresFolder: postgresFolders().find((folder) =>
			['initdb', 'postgres', 'pg_isready'].every((name) => isProgram(path.join(folder, name))),
		),
	};
}

function mayInstall(): boolean {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
	if (!onPath('apt-get') || !existsSync('/etc/os-release')) return false;
	return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * The two servers' programs; as root on Debian the missing packages are installed with apt-get, which takes about
 * half a minute. `say` hears of it.
 *
 * @throws ServersMissing with the command that a person can run instead
 */
export async function ensureServers(
	say: (line: string) => void = () => undefined,
): Promise<Servers> {
	const missing = (found: Partial<Servers>): string[] => [
		...(found.redisServer && found.redisCli ? [] : [serverPackages.redis]),
		...(found.postgresFolder ? [] : [serverPackages.postgres]),
	];
	const wanted = missing(findServers());
	if (wanted.length > 0) {
		const advice =
			`Install them (Debian, Ubuntu: apt-get install ${wanted.join(' ')}; macOS: brew install ` +
			'redis postgresql), then run this again. Their services need not run.';
		if (!mayInstall()) throw new ServersMissing(wanted, advice);
		say(`Installing ${wanted.join(', ')} (apt-get)`);
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		try {
			await run('apt-get', ['update'], { env });
			await run('apt-get', ['install', '--yes', '--no-install-recommends', ...wanted], {
				env,
				maxBuffer: 64 * 1024 * 1024,
			});
		} catch (error) {
			const { stderr = '', message } = error as Error & { stderr?: string };
			throw new ServersMissing(wanted, `${advice} apt-get said: ${stderr || message}`);
		}
	}
	const found = findServers();
	const still = missing(found);
	if (still.length > 0)
		throw new ServersMissing(still, 'apt-get installed them, but not where expected.');
	return found as Servers;
}

/** A user of this machine, for processes that are started under another name. */
export interface SystemAccount {
	uid: number;
	gid: number;
}

/**
 * Under which account PostgreSQL has to run: it refuses root. Undefined means: as ourselves.
 *
 * @throws ServersMissing when we are root and there is no user `postgres`
 */
export function postgresAccount(): SystemAccount | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
	try {
		return { uid: id('-u'), gid: id('-g') };
	} catch {
		throw new ServersMissing(
			['the user "postgres"'],
			'PostgreSQL does not run as root. Run this as another user, or add the user: ' +
				'adduser --system --group postgres',
		);
	}
}
