/**
 * Notifications that come after a later one of the same object: the Market sends them side by side, and again for days. The
 * process remembers the latest moment of each object; after a restart, and in another worker, the first one to come counts.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Latest } from '../../shared/road/latest';
import { eventMoment } from './notification';

/** Workflow, node and object → ms since 1970. */
const latest = new Latest<number>(10_000);

/** IDs that name what a notification is about, the more particular first. */
const IDS = [
	'returnId',
	'orderId',
	'chatId',
	'commentId',
	'answerId',
	'feedbackId',
	'questionId',
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
	latest.set(key, Math.max(before, moment));
	return moment < before;
}
