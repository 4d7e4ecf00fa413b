/** What a run by hand shows: the newest objects. Nothing is kept of it, so the published workflow misses nothing. */
import type { IDataObject } from 'n8n-workflow';

import { pages, rowsAt } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { rowsStyle } from '../lists';
import { hrefOf, idOf } from '../simplify';
import { forbidden } from './contexts';
import { itemOf, type ObjectChange } from './items';
import { instantOfMoscow, sendList } from './reader';
import type { PollingSettings } from './settings';
import type { PolledType } from './types';

/** Objects that are shown of each type. */
const SHOWN = 5;
const SAME_MS = 2000;

/** The newest changes, newest first. Throws what the road throws. */
export async function preview(road: Road, settings: PollingSettings): Promise<IDataObject[]> {
	const { actions, types } = settings;
	const changes: ObjectChange[] = [];
	if (actions.has('CREATE') || actions.has('UPDATE')) {
		for (const type of types) changes.push(...(await newest(road, settings, type)));
	}
	if (actions.has('DELETE')) changes.push(...(await deletions(road, settings)));
	changes.sort((a, b) => b.moment - a.moment);
	return changes.map((change) => itemOf(change, settings.output));
}

async function newest(
	road: Road,
	settings: PollingSettings,
	type: PolledType,
): Promise<ObjectChange[]> {
	const { actions } = settings;
	const order = type.sorted ? { order: 'updated,desc' } : {};
	const answer = await sendList(road, type, settings, { updated: [], limit: SHOWN, ...order });
	return rowsAt('rows')(answer).map((json) => {
		const moment = instantOfMoscow(json.updated);
		const created = instantOfMoscow(json.created);
		const isNew = moment - created <= SAME_MS;
		const isCreation = actions.has('CREATE') && (isNew || !actions.has('UPDATE'));
		return {
			action: isCreation ? 'CREATE' : 'UPDATE',
			type: type.name,
			id: String(json.id).toLowerCase(),
			href: hrefOf(json) ?? '',
			moment,
			object: json,
			repeat: false,
			stream: type.name,
		};
	});
}

async function deletions(road: Road, settings: PollingSettings): Promise<ObjectChange[]> {
	const types = settings.types.map(({ name }) => name);
	const filter = [...types.map((name) => `entityType=${name}`), 'eventType=delete'].join(';');
	const request = { method: 'GET' as const, path: '/audit', query: { filter, limit: SHOWN } };
	let contexts: IDataObject[];
	try {
		contexts = rowsAt('rows')(await road.send(request));
	} catch (error) {
		throw forbidden(error, 'deletions') as Error;
	}
	const changes: ObjectChange[] = [];
	for (const context of contexts) {
		const list = pages({
			request: { method: 'GET', path: `/audit/${String(context.id)}/events` },
			rule: { style: rowsStyle, pageSize: () => 100 },
			send: road.send,
			limit: SHOWN - changes.length,
		});
		for await (const rows of list) {
			for (const { entityType, eventType, entity, uid, moment } of rows) {
				const id = idOf(entity);
				if (eventType !== 'delete' || !types.includes(String(entityType)) || !id) continue;
				changes.push({
					action: 'DELETE',
					type: String(entityType),
					id,
					href: (entity as { meta: { href: string } }).meta.href,
					moment: instantOfMoscow(moment),
					...(typeof uid === 'string' ? { uid } : {}),
					repeat: false,
					stream: 'audit deleted',
				});
			}
		}
	}
	return changes;
}
