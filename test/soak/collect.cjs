/**
 * Loaded into each n8n process before n8n: on SIGUSR2 it collects all garbage and writes what memory is held then to
 * `<folder>/<pid>.json`, `{rss, heapUsed, external, …}` in bytes. Resident memory alone tells what the process has not
 * given back yet, not what it keeps.
 */
const { renameSync, writeFileSync } = require('fs');
const { join } = require('path');
const v8 = require('v8');
const vm = require('vm');

const folder = process.env.SOAK_MEMORY_FOLDER;
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

process.on('SIGUSR2', () => {
	collect();
	// What is freed by finalizers goes with the second turn.
	setTimeout(() => {
		collect();
		const file = join(folder, `${process.pid}.json`);
		writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
		renameSync(`${file}.new`, file);
	}, 500);
});
