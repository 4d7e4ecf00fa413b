/**
 * The trigger's `execute()`: n8n calls it with the delivery of `webhook()`, in a full execution (in the worker when
 * n8n scales out). It makes one item per event, drops repetitions and completes the items. Returning none ends the
 * execution.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { Cancelled } from '../../shared/road/clock';
import { isNotFound, toNodeError } from '../../shared/errors/errors';
import { openRoad, type Road } from '../../shared/road/road';
import { pick } from '../simplify';
import { moySklad } from '../vendor';
import { fetchChanges, type Changes } from './audit';
import { isRegisteredKey, ownLogin } from './caller';
import { isId, lastPart } from './notification';
import { fetchObjects, nameOf, placeOf } from './objects';
import { eventsOf, type Arrived } from './receive';
import { passByWebhook, type Change } from './pair';
import { claim, release } from '../../shared/trigger/seen';
import { handlingOf, type HandlingSettings } from './settings';
import { fetchGoods, fetchReport } from './stock';

/** An event on its way to an item, and where it comes from. */
interface Handled {
	item: Arrived;
	index: number;
	event: IDataObject;
	json: IDataObject;
}

/** `execute()` of the trigger. */
export async function handle(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return [await new Handling(this).all()];
}

class Handling {
	private readonly settings: HandlingSettings;
	private readonly items: Handled[];
	/** What this execution took of the workflow's memory. */
	private readonly keys: string[] = [];
	private opened: Promise<Road> | undefined;

	constructor(private readonly context: IExecuteFunctions) {
		this.settings = handlingOf((name, fallback) => context.getNodeParameter(name, 0, fallback));
		this.items = (context.getInputData() as Arrived[]).flatMap((item, index) =>
			eventsOf(item).map((event) => ({ item, index, event, json: { ...event } })),
		);
	}

	async all(): Promise<INodeExecutionData[]> {
		let wanted = this.items;
		try {
			wanted = await this.proven(wanted);
			wanted = await this.first(wanted);
			wanted = await this.foreign(wanted);
			return await this.complete(wanted);
		} catch (error) {
			return await this.failed(wanted, error);
		}
	}

	/** Deliveries whose key could not be compared, as n8n had not stored it yet: MoySklad knows its webhooks. */
	private async proven(items: Handled[]): Promise<Handled[]> {
		const webhookId = this.context.getNode().webhookId ?? '';
		const kept: Handled[] = [];
		const proofs = new Map<string, boolean>();
		for (const one of items) {
			const key = one.item.delivery?.unproven;
			if (key !== undefined && !proofs.has(key)) {
				proofs.set(key, await isRegisteredKey(await this.road(), webhookId, key));
			}
			if (key === undefined || proofs.get(key)) kept.push(one);
		}
		if (kept.length < items.length) {
			this.hint('A call came with a key that MoySklad does not have: it was not from MoySklad.');
		}
		return kept;
	}

	/** Drops what another execution has passed on already. */
	private async first(items: Handled[]): Promise<Handled[]> {
		const { deduplicate, withPolling } = this.settings;
		const mode = this.context.getMode();
		// n8n's memory is one for test runs and published workflow: a test must not use up an event.
		if (mode === 'manual' || mode === 'evaluation') return items;
		let kept = items;
		if (deduplicate) kept = await this.unrepeated(kept);
		if (withPolling) kept = await this.unpolled(kept);
		// The user asks n8n for another run of an execution that failed.
		return mode === 'retry' ? items : kept;
	}

	private async unrepeated(items: Handled[]): Promise<Handled[]> {
		const node = this.context.getNode().id;
		const keyOf = ({ item }: Handled) => item.delivery?.key && `${node} ${item.delivery.key}`;
		const take = [...new Set(items.map(keyOf).filter((key) => key !== undefined))];
		const { repeats, trouble } = await claim(this.context, { take });
		this.keys.push(...take.filter((key) => !repeats.has(key)));
		this.tell(trouble);
		return items.filter((one) => !repeats.has(keyOf(one) ?? ''));
	}

	/** Drops what the polling trigger of the workflow has passed on, and tells it of the rest. */
	private async unpolled(items: Handled[]): Promise<Handled[]> {
		const changes = items.flatMap((handled) => {
			const change = changeOf(handled);
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
			`n8n's memory of what has been seen could not be used (${trouble}). No event is lost, but one that MoySklad repeats may run twice.`,
		);
	}

	/** Drops what the credential's own employee has changed. */
	private async foreign(items: Handled[]): Promise<Handled[]> {
		if (!this.settings.ignoreOwn || !items.some(({ json }) => json.uid)) return items;
		const uid = await ownLogin(await this.road());
		return items.filter(({ json }) => !uid || String(json.uid ?? '').toLowerCase() !== uid);
	}

	private async complete(items: Handled[]): Promise<INodeExecutionData[]> {
		const { fetch } = this.settings;
		const events = items.filter(({ json }) => typeof json.action === 'string');
		if (fetch.objects) await this.addObjects(events);
		if (fetch.values) await this.addValues(events);
		if (fetch.results) await this.addResults(events);
		const outputs: INodeExecutionData[] = [];
		for (const one of items) {
			const { json } = one;
			const rows = typeof json.reportUrl === 'string' ? await this.stockRows(json) : [json];
			for (const row of rows) outputs.push({ json: row, pairedItem: { item: one.index } });
		}
		return outputs;
	}

	private async addObjects(items: Handled[]): Promise<void> {
		const { expand, objectFields } = this.settings;
		const places = new Map<Handled, ReturnType<typeof placeOf>>();
		const objects = items.filter(({ json }) => json.entityType !== 'async');
		for (const one of objects) {
			const { action, entityType, href } = one.json;
			const there = action !== 'DELETE';
			places.set(one, there ? placeOf(String(entityType), String(href)) : undefined);
		}
		const wanted = [...places.values()].filter((place) => place !== undefined);
		const found =
			wanted.length > 0
				? await fetchObjects(await this.road(), wanted, { expand })
				: new Map<string, IDataObject>();
		for (const one of objects) {
			const place = places.get(one);
			const row = place && found.get(nameOf(place));
			one.json.gone = row === undefined;
			one.json.object = row && objectFields.length > 0 ? pick(row, objectFields) : (row ?? null);
		}
	}

	private async addValues(items: Handled[]): Promise<void> {
		const contexts = new Map<string, Map<string, Changes> | undefined>();
		for (const { item, json } of items) {
			if (json.entityType === 'async') continue;
			const id = item.delivery?.auditId;
			if (id !== undefined && !contexts.has(id)) {
				contexts.set(id, await fetchChanges(await this.road(), id));
			}
			const context = id === undefined ? undefined : contexts.get(id);
			const changes = context && (context.get(String(json.id).toLowerCase()) ?? {});
			json.changes = (changes ?? null) as IDataObject | null;
		}
	}

	/** Tasks of the asynchronous exchange. Source: MoySklad docs, Asynchronous exchange. */
	private async addResults(items: Handled[]): Promise<void> {
		for (const { json } of items) {
			if (json.entityType !== 'async') continue;
			const id = lastPart(String(json.href));
			const task = isId(id) ? await this.taskOf(id) : undefined;
			json.task = task ?? null;
			json.result = null;
			if (task?.state !== 'DONE') continue;
			const path = `/async/${id}/result`;
			const answer = await (await this.road()).send({ method: 'GET', path, followToStorage: true });
			json.result = answer.body as IDataObject;
		}
	}

	private async taskOf(id: string): Promise<IDataObject | undefined> {
		try {
			const answer = await (await this.road()).send({ method: 'GET', path: `/async/${id}` });
			return answer.body as IDataObject;
		} catch (error) {
			if (isNotFound(error)) return undefined;
			throw error as Error;
		}
	}

	private async stockRows(notice: IDataObject): Promise<IDataObject[]> {
		const road = await this.road();
		const rows = await fetchReport(road, String(notice.reportUrl));
		const { accountId, stockType, reportType, requestId } = notice;
		const shared = { accountId, stockType, reportType, requestId };
		if (!this.settings.fetch.goods) return rows.map((row) => ({ ...row, ...shared }));
		const goods = await fetchGoods(road, rows, this.settings.expand);
		return rows.map((row) => {
			const assortment = goods.get(String(row.assortmentId).toLowerCase());
			return { ...row, ...shared, gone: assortment === undefined, assortment: assortment ?? null };
		});
	}

	/** Nothing is lost by a failure: the events can be had again, or go on as they are. */
	private async failed(items: Handled[], error: unknown): Promise<INodeExecutionData[]> {
		const node = this.context.getNode();
		const shown = toNodeError(node, moySklad.name, error);
		if (!this.context.continueOnFail() || error instanceof Cancelled) {
			await release(this.context, this.keys);
			throw shown;
		}
		const toErrorOutput = node.onError === 'continueErrorOutput';
		const { message } = shown;
		return items.map(({ event, index }) => ({
			// n8n takes an item for an error by these properties, and leaves nothing else of one with `error`.
			json: toErrorOutput ? { error: message, details: event } : { ...event, error: message },
			pairedItem: { item: index },
		}));
	}

	private async road(): Promise<Road> {
		this.opened ??= openRoad(this.context, moySklad);
		return await this.opened;
	}

	private hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane', type: 'warning' });
	}
}

function changeOf({ json }: Handled): Change | undefined {
	const { entityType, id, action, moment } = json;
	if (typeof moment !== 'string' || typeof id !== 'string') return undefined;
	return { entityType: String(entityType), id, action: String(action), moment };
}
