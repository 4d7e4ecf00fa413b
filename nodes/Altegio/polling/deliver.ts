/** The polling trigger's `execute()`: see `deliver` of the shared trigger. It names the events, as the webhook trigger does. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { numberedPages } from '../catalogue/fields';
import { pages } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import * as shared from '../../shared/trigger/deliver';
import type { Change } from '../../shared/trigger/pair';
import type { PolledItem } from '../../shared/trigger/polling';
import { altegio } from '../vendor';
import { nameEvents } from '../trigger/naming';
import { changeOf } from '../trigger/pair';
import { locationsOf } from './locations';
import { pollingSettings, type PollingSettings } from './settings';
import { changedIn, isCancelled, itemFrom, wallOf } from './sources';

/** A run by hand shows what has changed in so many days. */
const SHOWN_MS = 30 * 86_400_000;

/** `execute()` of the trigger. */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const [items] = await shared.deliver(this, {
		vendor: altegio,
		settings: pollingSettings,
		preview,
		nothing: 'Nothing has changed in the last 30 days, so there is nothing to show.',
		pair: { isWanted: ({ withWebhook }) => withWebhook, changeOf: changeOfPolled },
	});
	const settings = pollingSettings(
		(name, fallback) => this.getNodeParameter(name, 0, fallback),
		this.getTimezone(),
	);
	const isPolled = (this.getInputData() as PolledItem[]).some(({ polled }) => polled);
	const kept: INodeExecutionData[] = [];
	for (const item of items) {
		const named = await nameEvents(this, item.json, {
			events: settings.events,
			isShared: settings.withWebhook,
			isTest: !isPolled,
		});
		named.changed?.remember();
		if (named.hint) {
			this.addExecutionHints({ message: named.hint, location: 'outputPane', type: 'warning' });
		}
		if (named.isWanted) kept.push(item);
	}
	return [kept];
}

/** Each item of a poll is of a list, and has its moment. */
function changeOfPolled(json: IDataObject): Change {
	const change = changeOf(json);
	if (!change) throw new Error('An item of a poll tells of no change');
	return change;
}

/** What a run by hand shows: the newest change of each list. Throws what the road throws. */
async function preview(road: Road, settings: PollingSettings): Promise<IDataObject[]> {
	const { zones } = await locationsOf(road, 'preview', settings.locations);
	const [[location, zone] = []] = [...zones];
	if (location === undefined || zone === undefined) return [];
	const now = Date.now();
	const shown: IDataObject[] = [];
	for (const source of settings.sources) {
		const since = now - SHOWN_MS;
		const window =
			source.by === 'day'
				? { start_date: wallOf(since, zone).slice(0, 10), end_date: wallOf(now, zone).slice(0, 10) }
				: { changed_after: wallOf(since, zone) };
		const list = pages({
			request: {
				method: 'GET',
				path: source.path(location),
				query: { ...source.query, ...window },
			},
			rule: { style: numberedPages('data', 'count'), pageSize: () => source.size },
			send: road.send,
			limit: source.size,
		});
		let newest: { json: IDataObject; at: number; iso: string } | undefined;
		for await (const rows of list) {
			for (const json of rows) {
				const { at, iso } = changedIn(json, zone);
				if (!(at <= (newest?.at ?? -Infinity))) newest = { json, at, iso };
			}
		}
		if (!newest) continue;
		const { json, iso } = newest;
		const action = isCancelled(json) ? 'delete' : 'update';
		shown.push(itemFrom(source, location, { json, action, moment: iso || null }));
	}
	return shown;
}
