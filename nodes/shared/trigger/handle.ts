/**
 * A trigger's `execute()`: n8n calls it with the delivery of `webhook()`, in a full execution (in the worker when
 * n8n scales out). It makes one item per event, drops repetitions and completes the items. Returning none ends the
 * execution.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Vendor } from '../catalogue';
import { toNodeError } from '../errors/errors';
import { Cancelled } from '../road/clock';
import { openRoad, type Road } from '../road/road';
import { passByName, passByWebhook, type Change, type ChangeNames } from './pair';
import { eventsOf, type Arrived, type Delivery } from './receive';
import { claim, release } from './seen';

/** An event on its way to an item, and where it comes from. */
export interface Handled<D extends Delivery = Delivery> {
	item: Arrived<D>;
	/** Of the item among the input. */
	index: number;
	/** As it was told; stays as it is. */
	event: IDataObject;
	/** What becomes of it. */
	json: IDataObject;
}

/** Settings that decide about repetitions. */
export interface HandlingBasics {
	/** A delivery with the key of another one is dropped. */
	deduplicate: boolean;
	/** A polling trigger of the workflow and this one pass each change on once only. */
	withPolling: boolean;
}

/** What a step has at hand. */
export interface HandlingWork<S> {
	context: IExecuteFunctions;
	settings: S;
	/** Opened once, when it is first asked for. */
	road: () => Promise<Road>;
	/** Writes down what this execution took of the workflow's memory: it is given back when the execution fails. */
	took: (keys: string[]) => void;
	/** Shows a warning beside the output. */
	hint: (message: string) => void;
}

/** What a vendor says of its events. */
export interface HandlingRules<S extends HandlingBasics, D extends Delivery = Delivery> {
	vendor: Vendor;
	/** Reads the form. Throws `InputProblem`. */
	settings: (read: (name: string, fallback: unknown) => unknown) => S;
	/** The events of a delivery, one item each. */
	unpack: (told: string) => IDataObject[];
	/**
	 * True when the vendor has a webhook with this webhook ID of n8n and this key in its address. Absent where
	 * addresses have no key.
	 */
	isRegisteredKey?: (road: Road, webhookId: string, key: string, settings: S) => Promise<boolean>;
	/** By what the polling trigger knows a change; undefined for an event that it cannot see. */
	changeOf?: (json: IDataObject) => Change | undefined;
	/** In its place, for a vendor whose changes have names. */
	naming?: ChangeNames<IDataObject>;
	/** So long (ms) the vendor may repeat a delivery; when absent, as long as the memory keeps things anyway. */
	repeatedMs?: number;
	/** Drops what the user does not want and only a request or the memory can tell. */
	choose?: (items: Array<Handled<D>>, work: HandlingWork<S>) => Promise<Array<Handled<D>>>;
	/** The items of the output. */
	complete: (items: Array<Handled<D>>, work: HandlingWork<S>) => Promise<INodeExecutionData[]>;
}

/** `execute()` of a webhook trigger. */
export async function handle<S extends HandlingBasics, D extends Delivery = Delivery>(
	context: IExecuteFunctions,
	rules: HandlingRules<S, D>,
): Promise<INodeExecutionData[][]> {
	return [await new Handling(context, rules).all()];
}

class Handling<S extends HandlingBasics, D extends Delivery> {
	private readonly items: Array<Handled<D>>;
	/** What this execution took of the workflow's memory. */
	private readonly keys: string[] = [];
	private readonly work: HandlingWork<S>;
	private opened: Promise<Road> | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly rules: HandlingRules<S, D>,
	) {
		let settings: S | undefined;
		this.work = {
			context,
			/** Read when they are first asked for: what cannot work fails as everything else does. */
			get settings() {
				settings ??= rules.settings((name, fallback) =>
					context.getNodeParameter(name, 0, fallback),
				);
				return settings;
			},
			road: async () => await this.road(),
			took: (keys) => {
				this.keys.push(...keys);
			},
			hint: (message) => this.hint(message),
		};
		this.items = (context.getInputData() as Array<Arrived<D>>).flatMap((item, index) =>
			eventsOf(item, rules.unpack).map((event) => ({ item, index, event, json: { ...event } })),
		);
	}

	async all(): Promise<INodeExecutionData[]> {
		let wanted = this.items;
		try {
			wanted = await this.proven(wanted);
			wanted = await this.first(wanted);
			wanted = (await this.rules.choose?.(wanted, this.work)) ?? wanted;
			return await this.rules.complete(wanted, this.work);
		} catch (error) {
			return await this.failed(wanted, error);
		}
	}

	/** Deliveries whose key could not be compared, as n8n had not stored it yet: the vendor knows its webhooks. */
	private async proven(items: Array<Handled<D>>): Promise<Array<Handled<D>>> {
		const { vendor, isRegisteredKey } = this.rules;
		const webhookId = this.context.getNode().webhookId ?? '';
		const kept: Array<Handled<D>> = [];
		const proofs = new Map<string, boolean>();
		for (const one of items) {
			const key = one.item.delivery?.unproven;
			if (key !== undefined && isRegisteredKey && !proofs.has(key)) {
				const { settings } = this.work;
				proofs.set(key, await isRegisteredKey(await this.road(), webhookId, key, settings));
			}
			if (key === undefined || proofs.get(key)) kept.push(one);
		}
		if (kept.length < items.length) {
			const { name } = vendor;
			this.hint(`A call came with a key that ${name} does not have: it was not from ${name}.`);
		}
		return kept;
	}

	/** Drops what another execution has passed on already. */
	private async first(items: Array<Handled<D>>): Promise<Array<Handled<D>>> {
		const { deduplicate, withPolling } = this.work.settings;
		const mode = this.context.getMode();
		// n8n's memory is one for test runs and published workflow: a test must not use up an event.
		if (mode === 'manual' || mode === 'evaluation') return items;
		let kept = items;
		if (deduplicate) kept = await this.unrepeated(kept);
		if (withPolling) kept = await this.unpolled(kept);
		// The user asks n8n for another run of an execution that failed.
		return mode === 'retry' ? items : kept;
	}

	private async unrepeated(items: Array<Handled<D>>): Promise<Array<Handled<D>>> {
		const node = this.context.getNode().id;
		const keysOf = ({ item: { delivery } }: Handled<D>) =>
			[delivery?.key, delivery?.earlier].flatMap((key) => (key ? [`${node} ${key}`] : []));
		const take = [...new Set(items.flatMap(keysOf))];
		const { repeats, trouble } = await claim(this.context, {
			take,
			keepMs: this.rules.repeatedMs,
		});
		this.tell(trouble);
		const isRepeat = (one: Handled<D>) => keysOf(one).some((key) => repeats.has(key));
		const kept = items.filter((one) => !isRepeat(one));
		const used = new Set(kept.flatMap(keysOf));
		const taken = take.filter((key) => !repeats.has(key));
		this.keys.push(...taken.filter((key) => used.has(key)));
		// A repetition is no news: it does not make the next one a repetition for longer.
		await release(
			this.context,
			taken.filter((key) => !used.has(key)),
		);
		return kept;
	}

	/** Drops what the polling trigger of the workflow has passed on, and tells it of the rest. */
	private async unpolled(items: Array<Handled<D>>): Promise<Array<Handled<D>>> {
		const { naming, changeOf } = this.rules;
		if (naming) {
			const { keepMs } = naming;
			const namesOf = ({ json }: Handled<D>) => naming.namesOf(json);
			const named = await passByName(this.context, items, { namesOf, keepMs });
			this.keys.push(...named.keys);
			this.tell(named.trouble);
			return named.pass;
		}
		const changes = items.flatMap((handled) => {
			const change = changeOf?.(handled.json);
			return change ? [{ ...change, handled }] : [];
		});
		const { pass, keys, trouble } = await passByWebhook(this.context, changes);
		this.keys.push(...keys);
		this.tell(trouble);
		const passed = new Set(pass.map(({ handled }) => handled));
		const asked = new Set(changes.map(({ handled }) => handled));
		return items.filter((one) => passed.has(one) || !asked.has(one));
	}

	private tell(trouble: string | undefined): void {
		if (trouble === undefined) return;
		this.hint(
			`n8n's memory of what has been seen could not be used (${trouble}). No event is lost, but one that ${this.rules.vendor.name} repeats may run twice.`,
		);
	}

	/** Nothing is lost by a failure: the events can be had again, or go on as they are. */
	private async failed(items: Array<Handled<D>>, error: unknown): Promise<INodeExecutionData[]> {
		const node = this.context.getNode();
		const shown = toNodeError(node, this.rules.vendor.name, error);
		if (!this.context.continueOnFail() || error instanceof Cancelled) {
			await release(this.context, this.keys);
			throw shown;
		}
		const toErrorOutput = node.onError === 'continueErrorOutput';
		const { message: told } = shown;
		return items.map(({ event, index }) => ({
			// n8n takes an item for an error by these two keys and no other (`details` is known from 2.35 on).
			json: toErrorOutput ? { error: told, message: event } : { ...event, error: told },
			pairedItem: { item: index },
		}));
	}

	private async road(): Promise<Road> {
		this.opened ??= openRoad(this.context, this.rules.vendor);
		return await this.opened;
	}

	private hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane', type: 'warning' });
	}
}
