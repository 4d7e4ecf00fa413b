/** What MoySklad's trigger does with its events in an execution; the course of it is `handle` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isNotFound } from '../../shared/errors/errors';
import type { Road } from '../../shared/road/road';
import * as shared from '../../shared/trigger/handle';
import type { Change } from '../../shared/trigger/pair';
import { isUuid } from '../references';
import { idOf, pick } from '../simplify';
import { hasStates } from '../states';
import { moySklad } from '../vendor';
import { fetchChanges, type Changes } from './audit';
import { isRegisteredKey, ownLogin } from './caller';
import { lastPart, mayGetStatus } from './notification';
import { fetchObjects, placeName, placeOf } from './objects';
import type { Delivery } from './receive';
import { handlingOf, type HandlingSettings } from './settings';
import { statusIds } from './statuses';
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
	choose: async (items, work) => await becoming(await foreign(items, work), work),
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

/** Drops what has not got one of the wanted statuses. An object that is gone has none. */
async function becoming(items: Handled[], work: Work): Promise<Handled[]> {
	const { onlyStatuses, statusTypes, fetch } = work.settings;
	const typeOf = ({ json }: Handled) => String(json.entityType).toLowerCase();
	const stated = items.filter((one) => onlyStatuses.length > 0 && hasStates(typeOf(one)));
	if (stated.length === 0) return items;
	const { send } = await work.road();
	const ids = await statusIds(onlyStatuses, [...new Set(stated.map(typeOf))], send, {
		label: 'Only When Status Becomes',
		others: statusTypes,
	});
	const looked = stated.filter((one) => ids.has(typeOf(one)));
	const possible = looked.filter(({ json }) => mayGetStatus(json));
	const objects = await new Completing(work).objectsOf(possible, fetch.objects);
	const wanted = new Set(
		possible.filter((one) => {
			const state = idOf(objects.get(one)?.state)?.toLowerCase();
			return state !== undefined && ids.get(typeOf(one))?.has(state);
		}),
	);
	return items.filter((one) => wanted.has(one) || !looked.includes(one));
}

/** Objects that were read to choose, so that they are not read again. */
const read = new WeakMap<Handled, IDataObject>();

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

	/** The objects of events as they are now, each read once; those that are gone are missing. */
	async objectsOf(items: Handled[], whole: boolean): Promise<Map<Handled, IDataObject>> {
		const places = new Map<Handled, NonNullable<ReturnType<typeof placeOf>>>();
		for (const one of items) {
			const { action, entityType, href } = one.json;
			const there = action !== 'DELETE' && !read.has(one);
			const place = there ? placeOf(String(entityType), String(href)) : undefined;
			if (place) places.set(one, place);
		}
		const expand = whole ? this.settings.expand : '';
		const found =
			places.size > 0
				? await fetchObjects(await this.road(), [...places.values()], { expand })
				: new Map<string, IDataObject>();
		const objects = new Map<Handled, IDataObject>();
		for (const one of items) {
			const place = places.get(one);
			const row = read.get(one) ?? (place && found.get(placeName(place)));
			if (!row) continue;
			objects.set(one, row);
			if (whole) read.set(one, row);
		}
		return objects;
	}

	private async addObjects(items: Handled[]): Promise<void> {
		const { objectFields } = this.settings;
		const objects = items.filter(({ json }) => json.entityType !== 'async');
		const found = await this.objectsOf(objects, true);
		for (const one of objects) {
			const row = found.get(one);
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
			const task = isUuid(id) ? await this.taskOf(id) : undefined;
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
