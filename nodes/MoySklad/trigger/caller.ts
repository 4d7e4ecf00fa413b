/** Who the credential is, and which addresses MoySklad calls: asked rarely, kept in memory of the process. */
import type { IDataObject } from 'n8n-workflow';

import { pages } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { rowsList } from '../lists';

const KEPT_MS = 600_000;
const MOST = 200;

const logins = new Map<string, { uid: string; until: number }>();
const proven = new Map<string, { until: number }>();

function keep<T extends { until: number }>(memory: Map<string, T>, key: string, value: T): void {
	memory.delete(key);
	memory.set(key, value);
	for (const oldest of memory.keys()) {
		if (memory.size <= MOST) return;
		memory.delete(oldest);
	}
}

/**
 * Login of the credential's employee, in lower case, as MoySklad names it in `auditContext.uid`. Throws what the
 * road throws (55006: a solution has no employee).
 */
export async function ownLogin(road: Road): Promise<string> {
	const key = road.connection.budgetKey;
	const known = logins.get(key);
	if (known && known.until > Date.now()) return known.uid;
	const answer = await road.send({ method: 'GET', path: '/context/employee' });
	const uid = String((answer.body as IDataObject).uid ?? '').toLowerCase();
	keep(logins, key, { uid, until: Date.now() + KEPT_MS });
	return uid;
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
	const known = proven.get(name);
	if (known && known.until > Date.now()) return true;
	for (const path of ['/entity/webhook', '/entity/webhookstock']) {
		const request = { method: 'GET' as const, path };
		for await (const rows of pages({ request, rule: rowsList, send: road.send, limit: Infinity })) {
			if (!rows.some(({ url }) => isAddress(String(url), webhookId, key))) continue;
			keep(proven, name, { until: Date.now() + KEPT_MS });
			return true;
		}
	}
	return false;
}

function isAddress(text: string, webhookId: string, key: string): boolean {
	if (!URL.canParse(text)) return false;
	const url = new URL(text);
	const isOurs = url.pathname.split('/').includes(webhookId);
	return isOurs && url.searchParams.get('key') === key;
}
