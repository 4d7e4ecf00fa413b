/** A new sandbox for each test of a file and one engine for all of them; long waits pass quickly. */
import type { Sandbox, SandboxCredentials } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { speedUp } from './clock';
import type { FactsWalk } from './factsWalk';
import { REQUEST_MS } from './factsWalk';
import type { Engine, RunResult } from './harness';
import { createEngine } from './harness';

/** What a vendor's tests run in. */
export interface FreshHouse {
	readonly engine: Engine;
	/** That of the test that runs. */
	readonly sandbox: Sandbox;
	/** Runs `resource.operation`; with `goesOn`, what fails leaves by the error output. */
	run(name: string, form: object, items?: object[], goesOn?: boolean): Promise<RunResult>;
}

/** Call it at the top of a file: it registers its set-up. `credential`: data besides the sandbox's. */
export function freshHouse(
	walk: Pick<FactsWalk, 'vendor' | 'node' | 'listener' | 'speed'>,
	credential: object = {},
): FreshHouse {
	const { credentialType } = walk.vendor;
	let engine: Engine;
	let sandbox: Sandbox;
	let slowDown: () => void;

	beforeAll(async () => {
		engine = await createEngine();
	});

	beforeEach(async () => {
		await sandbox?.close();
		sandbox = await startSandbox({ vendors: [walk.listener], assortmentRows: 1, limits: 'off' });
		const data = sandbox.credentials[credentialType as keyof SandboxCredentials];
		engine.setCredential('key', { type: credentialType, data: { ...data, ...credential } });
		slowDown = speedUp(walk.speed, REQUEST_MS);
	});

	afterEach(() => slowDown());

	afterAll(async () => {
		await engine.close();
		await sandbox.close();
	});

	return {
		get engine() {
			return engine;
		},
		get sandbox() {
			return sandbox;
		},
		async run(name, form, items = [{}], goesOn = false) {
			const [resource, operation] = name.split('.');
			return await engine.runNode(walk.node, { resource, operation, ...form }, {
				items,
				credentials: { [credentialType]: 'key' },
				...(goesOn ? { onError: 'continueErrorOutput' } : {}),
			} as Parameters<Engine['runNode']>[2]);
		},
	};
}
