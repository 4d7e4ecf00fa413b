/** What MoySklad's trigger does with its events in an execution; the course of it is `handle` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isNotFound } from '../../shared/errors/errors';
import type { Road } from '../../shared/road/road';
import * as shared from '../../shared/trigger/handle';
import type { Change } from '../../shared/trigger/pair';
import { pick } from '../simplify';
import { moySklad } from '../vendor';
import { fetchChanges, type Changes } from './audit';
import { isRegisteredKey, ownLogin } from './caller';
import { isId, lastPart } from './notification';
import { fetchObjects, nameOf, placeOf } from './objects';
import type { Delivery } from './receive';
import { handlingOf, type HandlingSettings } from './settings';
import { fetchGoods, fetchReport } from './stock';
import { itemsOf } from './told';

type Handled = shared.Handled<Delivery>;
type Work = shared.HandlingWork<HandlingSettings>;

const rules: shared.HandlingRules<HandlingSettings, Delivery> = {
	vendor: moySklad,
	settings: (read) => handlingOf(read),
	unpack: itemsOf,
	isRegisteredKey,
	changeOf,
	choose: foreign,
	complete: async (items, work) => await new Completing(work).complete(items),
};

/** `execute()` of the trigger. */
export async function handle(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await shared.handle(this, rules);
}

/** Drops what the credential's own employee has changed. */
async function foreign(items: Handled[], { settings, road }: Work): Promise<Handled[]> {
	if (!settings.ignoreOwn || !items.some(({ json }) => json.uid)) return items;
	const uid = await ownLogin(await road());
	return items.filter(({ json }) => !uid || String(json.uid ?? '').toLowerCase() !== uid);
}

class Completing {
	private readonly settings: HandlingSettings;
	private readonly road: () => Promise<Road>;

	constructor({ settings, road }: Work) {
		this.settings = settings;
		this.road = road;
	}

	async complete(items: Handled[]): Promise<INodeExecutionData[]> {
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
}

function changeOf({ entityType, id, action, moment }: IDataObject): Change | undefined {
	if (typeof moment !== 'string' || typeof id !== 'string') return undefined;
	return { entityType: String(entityType), id, action: String(action), moment };
}
