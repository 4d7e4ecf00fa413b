/** What memory n8n's processes hold when their garbage has been collected. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';

import { waitFor } from '../../sandbox/n8n/n8n';
import type { Host } from './types';

const TIMEOUT_MS = 30_000;

/** Where the processes write it; below the run's own temporary folder. */
const folderOf = () => path.join(tmpdir(), 'soak-memory');

/** Environment of n8n processes that {@link heldMemory} can ask. */
export function memorySettings(): Record<string, string> {
	mkdirSync(folderOf(), { recursive: true });
	return {
		NODE_OPTIONS: `--require ${JSON.stringify(path.join(__dirname, 'collect.cjs'))}`,
		SOAK_MEMORY_FOLDER: folderOf(),
	};
}

/** Memory of all processes together, MB. */
export interface Held {
	/** Objects and buffers that are in use. */
	held: number;
	/** What the system counts for the processes: garbage not given back is part of it. */
	resident: number;
}

/** Has every process collect its garbage and tells what is left. Throws when one does not answer in 30 s. */
export async function heldMemory(host: Host): Promise<Held> {
	const sum = { held: 0, resident: 0 };
	for (const pid of host.pids()) {
		const file = path.join(folderOf(), `${pid}.json`);
		rmSync(file, { force: true });
		process.kill(pid, 'SIGUSR2');
		await waitFor(`process ${pid} to collect its garbage`, () => existsSync(file), TIMEOUT_MS);
		const usage = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.MemoryUsage;
		sum.held += usage.heapUsed + usage.external;
		sum.resident += usage.rss;
	}
	const mb = (bytes: number) => Math.round(bytes / 2 ** 20);
	return { held: mb(sum.held), resident: mb(sum.resident) };
}
