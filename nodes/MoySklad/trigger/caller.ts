/** Who the credential is, and which addresses MoySklad calls: asked rarely, kept in memory of the process. */
import type { IDataObject } from 'n8n-workflow';

import { kept } from '../../shared/road/kept';
import { Latest } from '../../shared/road/latest';
import { pages } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { isAddressOf } from '../../shared/trigger/registration';
import { rowsList } from '../lists';

const KEPT_MS = 600_000;

/** Keys that MoySklad has, and until when that is believed. */
const proven = new Latest<number>(200);

/**
 * Login of the credential's employee, in lower case, as MoySklad names it in `auditContext.uid`. Throws what the
 * road throws (55006: a solution has no employee).
 */
export async function ownLogin(road: Road): Promise<string> {
	return await kept(`${road.connection.budgetKey} login`, KEPT_MS, async () => {
		const { body } = await road.send({ method: 'GET', path: '/context/employee' });
		return String((body as IDataObject).uid ?? '').toLowerCase();
	});
}

/**
 * True when MoySklad has a webhook whose address holds this webhook ID of n8n and this key. For calls that come
 * before n8n has stored the node's key: MoySklad itself knows best whom it calls.
 */
export async function isRegisteredKey(
	road: Road,
	webhookId: string,
	key: string,
): Promise<boolean> {
	const name = JSON.stringify([road.connection.budgetKey, webhookId, key]);
	if ((proven.get(name) ?? 0) > Date.now()) return true;
	for (const path of ['/entity/webhook', '/entity/webhookstock']) {
		const request = { method: 'GET' as const, path };
		for await (const rows of pages({ request, rule: rowsList, send: road.send, limit: Infinity })) {
			if (!rows.some(({ url }) => isAddressOf(String(url), webhookId, key))) continue;
			proven.set(name, Date.now() + KEPT_MS);
			return true;
		}
	}
	return false;
}
