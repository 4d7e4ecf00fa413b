/**
 * Runs one server (Redis, PostgreSQL) for the process that started this one, and ends it when that
 * process is gone, however that went: those servers know nothing of `parentWatch.cjs`.
 *
 * node keeper.cjs <stop signal> <uid or -> <gid or -> <command> [arguments]; needs an IPC channel, on which it sends
 * `{pid}` of the server. The server's output goes where this process's output goes.
 */
const { spawn } = require('child_process');

/** After so long (ms) a server that was asked to end is ended by force. */
const PATIENCE_MS = 10_000;

const [stopSignal, uid, gid, command, ...args] = process.argv.slice(2);
const who = uid === '-' ? {} : { uid: Number(uid), gid: Number(gid) };
const server = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...who });

function end() {
	server.kill(stopSignal);
	setTimeout(() => server.kill('SIGKILL'), PATIENCE_MS).unref();
}

server.on('spawn', () => process.send?.({ pid: server.pid }));
server.on('error', (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
server.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
process.on('disconnect', end);
// Ctrl-C reaches the whole terminal group; the starter decides what ends when.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
process.on('SIGTERM', end);
