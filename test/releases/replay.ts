/** Runs the fixtures of a release in n8n's engine, and tells what was sent and what came. */
import type { IDataObject, INode, INodeTypeDescription, ResourceMapperField } from 'n8n-workflow';

import type { RequestLogEntry, Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Engine } from '../engine/harness';
import { createEngine } from '../engine/harness';
import { Poller, pollingParts } from '../engine/harness/poller';
import { versionOf } from './shapes';

/** A request as a release has sent it, without what differs from run to run. */
export interface Sent {
	to: string;
	query?: object;
	body?: unknown;
	/** MoySklad's own headers. */
	headers?: object;
}

/** What came of a node: its items and the names of all their fields, or that it failed. */
export interface Came {
	items: number;
	fields: string[];
	failed?: boolean;
}

/** A node as a release has saved it, and what it did there. */
export interface Fixture {
	/** Name of the node type, without the package's. */
	type: string;
	typeVersion: number;
	/** The kind of parameter that it shows; for a file of examples its name. */
	shows: string;
	parameters: IDataObject;
	/** A call to a webhook trigger. */
	call?: object;
	/** Undefined where nothing was run, since another node's data are needed. */
	sent?: Sent[];
	came?: Came;
}

/** All fixtures of a release, in the order in which they run, for what one has made others may see. */
export interface Release {
	version: string;
	fixtures: Fixture[];
}

/** What the items of every run are: columns that forms map automatically. */
const ITEMS = [{ json: { name: 'Fixture of a release' } }];
const WEBHOOK_ID = '7b0c5c1e-33c6-4c0a-9f2b-4dbb1b6a1b11';

/** Asked as often as the clock wants. */
const WAITING = /\/(async|reports\/info)\//;

/** The sandbox has another port in each run and links that end, and the order of a filter's terms means nothing. */
function plain(text: string): string {
	return text
		.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')
		.replace(/"expires":"\d+"/g, '"expires":"*"')
		.replace(
			/("filter":")([^"]*)"/g,
			(_all, name: string, terms: string) => `${name}${terms.split(';').sort().join(';')}"`,
		);
}

/** Secrets, times and days of a run are none of the next; how far days lie apart is. */
function steady(text: string): string {
	let first: number | undefined;
	return text
		.replace(/([?&]key=)[\w%-]+/g, '$1*')
		.replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/g, '<time>')
		.replace(/"(\d{4}-\d\d-\d\d)"/g, (_all, date: string) => {
			const day = Date.parse(date) / 86_400_000;
			first ??= day;
			return day === first ? '"<day>"' : `"<day +${day - first}>"`;
		})
		.replace(/-{4,}[\w-]+/g, '<boundary>');
}

function sentBy(log: RequestLogEntry[], isTimed: boolean): Sent[] {
	const requests = log.map(({ vendor, method, path, query, body, headers }): Sent => {
		const own = Object.entries(headers).filter(([name]) => name.startsWith('x-lognex'));
		return {
			to: `${vendor} ${method} ${path}`,
			...(Object.keys(query).length > 0 ? { query } : {}),
			...(body === undefined ? {} : { body }),
			...(own.length > 0 ? { headers: Object.fromEntries(own) } : {}),
		};
	});
	const texts = requests.map((one) => plain(JSON.stringify(one))).sort();
	const once = texts.filter((text, at) => text !== texts[at - 1] || !WAITING.test(text));
	return once.map((text) => JSON.parse(isTimed ? steady(text) : text) as Sent);
}

function cameOf(items: IDataObject[], failed: boolean): Came {
	const fields = [...new Set(items.flatMap((item) => Object.keys(item)))].sort();
	return { items: items.length, fields: failed ? [] : fields, ...(failed ? { failed } : {}) };
}

let stages = 0;

/** An engine and a fresh sandbox for one release after the other. */
export class Stage {
	/** What one stage has seen is no repetition for the next. */
	private readonly workflowId = `release-${++stages}`;

	private constructor(
		readonly engine: Engine,
		readonly sandbox: Sandbox,
	) {}

	/** @param packageDir a built package; default: this one */
	static async open(packageDir?: string): Promise<Stage> {
		const engine = await createEngine({ packageDir });
		const sandbox = await startSandbox({ assortmentRows: 30, limits: 'off' });
		// Changes are told where they have a time.
		sandbox.altegio.records.clock = () => Date.now();
		for (const [type, data] of Object.entries(sandbox.credentials)) {
			engine.setCredential(type, { type, data });
		}
		return new Stage(engine, sandbox);
	}

	describe(type: string, version?: number): INodeTypeDescription {
		return this.engine.nodeType(`${this.engine.packageName}.${type}`, version).description;
	}

	async run(fixture: Fixture): Promise<{ sent: Sent[]; came: Came }> {
		this.sandbox.clearLog();
		const isTrigger = fixture.type.endsWith('Trigger');
		const came = await (!isTrigger
			? this.acted(fixture)
			: fixture.call
				? this.called(fixture)
				: this.polled(fixture));
		return { sent: sentBy(this.sandbox.log, isTrigger), came };
	}

	/** The columns of a mapper, as the node tells them to the editor. */
	async mapperFields(
		type: string,
		method: string,
		parameters: IDataObject,
	): Promise<ResourceMapperField[]> {
		const id = this.credential(type, versionOf(this.describe(type)));
		return await this.engine.mapperFields(`${this.engine.packageName}.${type}`, method, {
			parameters: parameters as INode['parameters'],
			credentials: { [id]: id },
		});
	}

	private credential(type: string, version: number): string {
		return (this.describe(type, version).credentials ?? [])[0].name;
	}

	private async acted({ type, typeVersion, parameters }: Fixture): Promise<Came> {
		const id = this.credential(type, typeVersion);
		const result = await this.engine.runNode(`${this.engine.packageName}.${type}`, parameters, {
			typeVersion,
			items: structuredClone(ITEMS),
			credentials: { [id]: id },
		});
		const failed = result.run.data.resultData.error !== undefined;
		return cameOf(failed ? [] : result.json('Node'), failed);
	}

	private workflowOf({ type, typeVersion, parameters }: Fixture) {
		const id = this.credential(type, typeVersion);
		const node = {
			name: type,
			type: `${this.engine.packageName}.${type}`,
			typeVersion,
			webhookId: WEBHOOK_ID,
			parameters,
			credentials: { [id]: { id, name: id } },
		};
		return { id: this.workflowId, nodes: [node] };
	}

	private async called(fixture: Fixture): Promise<Came> {
		const workflow = this.workflowOf(fixture);
		const hooks = this.engine.hooks(workflow, fixture.type);
		await hooks.activate();
		const { staticData } = hooks;
		const listener = await this.engine.listen(workflow, fixture.type, { staticData });
		try {
			const [own] = Object.values(staticData) as Array<{ secret?: string } | undefined>;
			const key = own?.secret === undefined ? '' : `?key=${own.secret}`;
			await fetch(`${listener.url}${key}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(fixture.call),
			});
			const run = await listener.nextRun();
			return cameOf(run.json(fixture.type), run.run.data.resultData.error !== undefined);
		} finally {
			await listener.close();
			await hooks.delete();
		}
	}

	private async polled(fixture: Fixture): Promise<Came> {
		const known = Object.entries(this.sandbox.credentials).map(([type, data]) => [
			type,
			{ type, data },
		]);
		const parts = await pollingParts(this.engine, Object.fromEntries(known) as never);
		const { type } = fixture;
		const polled = { type: `${this.engine.packageName}.${type}`, name: type, file: '' };
		const poller = new Poller(parts, this.workflowOf(fixture), polled);
		const items = (await poller.publish()) ?? [];
		return cameOf(
			items.map(({ json }) => json),
			false,
		);
	}

	async close(): Promise<void> {
		await this.engine.close();
		await this.sandbox.close();
	}
}

/** The node of a fixture as n8n has it when a workflow is opened. */
export function nodeOf({ type, typeVersion, parameters }: Fixture, packageName: string): INode {
	return {
		id: 'fixture',
		name: type,
		type: `${packageName}.${type}`,
		typeVersion,
		position: [0, 0],
		parameters: parameters as INode['parameters'],
	};
}
