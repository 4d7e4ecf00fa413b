/**
 * Notifications that come after a later one of the same object: the Market sends them side by side, and again for days. The
 * process remembers the latest moment of each object; after a restart, and in another worker, the first one to come counts.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { eventMoment } from './notification';

/** Objects whose latest moment is remembered, the one that was told longest ago is forgotten first. */
const MOST = 10_000;

/** Workflow, node and object → ms since 1970. */
const latest = new Map<string, number>();

/** IDs that name what a notification is about, the more particular first. */
const IDS = [
	'returnId',
	'orderId',
	'chatId',
	'feedbackId',
	'questionId',
	'answerId',
	'commentId',
] as const;

/** True when a later notification of the object has been here before. Remembers this one. */
export function isOvertaken(
	context: Pick<IExecuteFunctions, 'getNode' | 'getWorkflow' | 'getMode'>,
	notification: IDataObject,
): boolean {
	const mode = context.getMode();
	if (mode === 'manual' || mode === 'evaluation') return false;
	const moment = Date.parse(eventMoment(notification) ?? '');
	const id = IDS.find((name) => notification[name] !== undefined);
	if (id === undefined || Number.isNaN(moment)) return false;
	const object = `${id} ${String(notification[id])}`;
	const key = `${String(context.getWorkflow().id)} ${context.getNode().id} ${object}`;
	const before = latest.get(key) ?? -Infinity;
	latest.delete(key);
	latest.set(key, Math.max(before, moment));
	for (const oldest of latest.keys()) {
		if (latest.size <= MOST) break;
		latest.delete(oldest);
	}
	return moment < before;
}
