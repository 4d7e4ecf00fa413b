/** A process of its own for the sandbox: what it computes must not count for the work that is measured. */
import { startSandbox } from '../sandbox';
import { LATENCY } from './floor';
import { reportRow } from './marketReport';
import type { SandboxAnswer, SandboxOrder, SandboxReady, SandboxSetup } from './messages';

async function main(): Promise<void> {
	const setup = JSON.parse(process.argv[2]) as SandboxSetup;
	const { market, ...options } = setup;
	const sandbox = await startSandbox(options);
	const { moysklad, latency, yandexMarket } = sandbox;
	if (market?.orders) {
		yandexMarket.orders.fill(market.orders, market.days ?? 30);
		yandexMarket.orders.keepsFound = true;
	}
	let reportBytes: number | undefined;
	if (market?.reportRows) {
		const rows = Array.from({ length: market.reportRows }, (_, at) => reportRow(at));
		reportBytes = yandexMarket.reports.prepare(rows);
	}

	const obey = ({ order }: SandboxOrder): SandboxAnswer => {
		if (order === 'requests') {
			const entries = sandbox.log;
			const start = entries[0]?.at ?? 0;
			return {
				requests: entries.map(({ vendor, method, url, status, note, at, durationMs }) => ({
					vendor,
					method,
					url,
					status,
					note,
					at: at - start,
					durationMs,
				})),
			};
		}
		const measuring = order === 'measure';
		moysklad.limits.enabled = measuring;
		moysklad.limits.reset();
		Object.assign(latency, measuring ? LATENCY : { baseMs: 0, perRowMs: 0 });
		sandbox.clearLog();
		return {};
	};
	process.on('message', (message: SandboxOrder) => process.send?.(obey(message)));
	const { urls, credentials } = sandbox;
	const ready: SandboxReady = { urls, credentials, reportBytes };
	process.send?.(ready);
}

// The runner is gone: so is the reason to be.
process.on('disconnect', () => process.exit(0));
main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	process.exit(1);
});
