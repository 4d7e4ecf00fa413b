/** A new sandbox for each test of a file and one engine for all of them; long waits pass quickly. */
import { startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { speedUp } from '../clock';
import { createEngine } from '../harness';
import type { Engine, RunResult } from '../harness';
import { walk } from './walk';

export interface FreshShop {
	readonly engine: Engine;
	/** That of the test that runs. */
	readonly sandbox: Sandbox;
	/** Runs `resource.operation`; with `goesOn`, what fails leaves by the error output. */
	run(name: string, form: object, items?: object[], goesOn?: boolean): Promise<RunResult>;
}

/** Call it at the top of a file: it registers its set-up. */
export function freshShop(): FreshShop {
	let engine: Engine;
	let sandbox: Sandbox;
	let slowDown: () => void;

	beforeAll(async () => {
		engine = await createEngine();
	});

	beforeEach(async () => {
		await sandbox?.close();
		sandbox = await startSandbox({ vendors: ['yandexMarket'], assortmentRows: 1, limits: 'off' });
		const data = sandbox.credentials.yandexMarketApi;
		engine.setCredential('key', { type: 'yandexMarketApi', data });
		slowDown = speedUp(2000, 10_000);
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
				credentials: { yandexMarketApi: 'key' },
				...(goesOn ? { onError: 'continueErrorOutput' } : {}),
			} as Parameters<Engine['runNode']>[2]);
		},
	};
}
