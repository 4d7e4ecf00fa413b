/**
 * Preloaded into n8n: ends it when the process that started it is gone, however that went, so that
 * a killed test run or a closed terminal leaves no n8n behind. Parents are compared by id: an
 * orphan is handed to another parent.
 */
const parent = process.ppid;
setInterval(() => {
	if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 1000).unref();
