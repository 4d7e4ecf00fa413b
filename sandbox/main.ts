import { parseArgs } from 'node:util';

import { startSandbox } from './index';
import type { Sandbox, SandboxOptions } from './index';
import { LISTENERS } from './shared/types';

const HELP = `Usage: tsx sandbox/main.ts [options]

  --ports <n>     first of six consecutive ports (control, moysklad, storage, yandexMarket,
                  altegio, inspectorCloud); any free ports without it
  --rows <n>      rows of the assortment (25000)
  --seed <n>      seed of the generated data (1)
  --latency <ms>  delay of every answer (0)
  --limits off    let every request through
  --json          print one line of JSON instead of text
  --help
`;

function integer(text: string | undefined, name: string, max: number): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (!Number.isInteger(value) || value < 0 || value > max) {
		throw new RangeError(`--${name} must be an integer between 0 and ${max}`);
	}
	return value;
}

function readOptions(): { options: SandboxOptions; json: boolean; help: boolean } {
	const { values } = parseArgs({
		options: {
			ports: { type: 'string' },
			rows: { type: 'string' },
			seed: { type: 'string' },
			latency: { type: 'string' },
			limits: { type: 'string' },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const first = integer(values.ports, 'ports', 65_530);
	const ports: SandboxOptions['ports'] = {};
	if (first !== undefined && first > 0) {
		for (const [index, name] of LISTENERS.entries()) ports[name] = first + index;
	}
	return {
		options: {
			ports,
			assortmentRows: integer(values.rows, 'rows', 10_000_000),
			seed: integer(values.seed, 'seed', 0xffffffff),
			latency: { baseMs: integer(values.latency, 'latency', 600_000) ?? 0 },
			limits: values.limits === 'off' ? 'off' : 'documented',
		},
		json: values.json,
		help: values.help,
	};
}

function describe(sandbox: Sandbox): string {
	const lines = ['Sandbox is up. Stop it with Ctrl-C.', ''];
	for (const [name, url] of Object.entries(sandbox.urls)) lines.push(`  ${name.padEnd(15)} ${url}`);
	for (const [name, data] of Object.entries(sandbox.credentials)) {
		lines.push('', name);
		for (const [field, value] of Object.entries(data)) {
			lines.push(`  ${field.padEnd(15)} ${String(value)}`);
		}
	}
	return `${lines.join('\n')}\n`;
}

async function main(): Promise<void> {
	const { options, json, help } = readOptions();
	if (help) {
		process.stdout.write(HELP);
		return;
	}
	const sandbox = await startSandbox(options);
	const { urls, credentials } = sandbox;
	process.stdout.write(json ? `${JSON.stringify({ urls, credentials })}\n` : describe(sandbox));
	let closing = false;
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.on(signal, () => {
			if (closing) return;
			closing = true;
			void sandbox.close().then(() => process.exit(0));
		});
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
