/** Sent events against those that workflows passed on. */
import type { Delivery } from '../../sandbox';
import type { StoredNodeRun, StoredRun } from '../../sandbox/n8n/n8n';
import type { PassedOn } from './types';

/** Events that are missing or there too often. */
export interface Count {
	sent: number;
	passedOn: number;
	lost: string[];
	/** Events that came more than once; each counts once here. */
	doubled: string[];
	/** Passed on, but never sent. */
	foreign: string[];
	/** Executions that passed something on. */
	executions: number;
}

const lastPart = (href: string) => href.split('?')[0].split('/').pop() ?? '';

/** The JSON of an item that left a trigger, as far as it is counted. */
interface TriggerItem {
	requestId?: unknown;
	id?: unknown;
	/** n8n's own Webhook node has the call as it came. */
	query?: { requestId?: unknown };
	body?: { events?: Array<{ meta?: { href?: unknown } }> };
}

/** Events that left the node with which an execution began: a trigger of ours, or n8n's Webhook node. */
export function eventsOf(run: StoredRun, executionId: number, status: string): PassedOn[] {
	const runs = Object.values(run.data.resultData.runData) as NodeRuns[];
	const [trigger] = runs.find(([first]) => first && (first.source ?? []).length === 0) ?? [];
	return (trigger?.data?.main?.[0] ?? []).flatMap(({ json }) => {
		const { requestId, id, query, body } = json as TriggerItem;
		const one = (request: unknown, object: string): PassedOn => ({
			requestId: typeof request === 'string' ? request : null,
			id: object,
			executionId,
			status,
		});
		if (typeof id === 'string') return [one(requestId, id)];
		return (body?.events ?? []).map(({ meta }) =>
			one(query?.requestId, lastPart(String(meta?.href))),
		);
	});
}

/** The JSON of the items that left the node with which an execution began. */
export function startedWith(run: StoredRun): Array<Record<string, unknown>> {
	const runs = Object.values(run.data.resultData.runData) as NodeRuns[];
	const [trigger] = runs.find(([first]) => first && (first.source ?? []).length === 0) ?? [];
	return (trigger?.data?.main?.[0] ?? []).map(({ json }) => json as Record<string, unknown>);
}

/** Runs of one node; the first node of an execution has no source. */
type NodeRuns = Array<StoredNodeRun & { source?: unknown[] }>;

/** Names of the events of a delivery: `requestId` and object. */
export function sentIn({ requestId, body }: Delivery): Array<{ requestId: string; id: string }> {
	const events = body.events as Array<{ meta: { href: string } }>;
	return events.map(({ meta }) => ({ requestId, id: lastPart(meta.href) }));
}

/**
 * Counts by name. `nameOf` tells what an event is known by: by default its delivery and its object; by the object alone
 * where each object is changed once and a poll, which knows no delivery, brings some of the events.
 */
export function count(
	deliveries: Delivery[],
	passedOn: PassedOn[],
	nameOf: (event: { requestId: string | null; id: string }) => string = ({ requestId, id }) =>
		`${requestId} ${id}`,
): Count {
	const sent = new Set(deliveries.flatMap(sentIn).map(nameOf));
	const times = new Map<string, number>();
	for (const event of passedOn) {
		const name = nameOf(event);
		times.set(name, (times.get(name) ?? 0) + 1);
	}
	return {
		sent: sent.size,
		passedOn: passedOn.length,
		lost: [...sent].filter((name) => !times.has(name)),
		doubled: [...times].filter(([name, many]) => many > 1 && sent.has(name)).map(([name]) => name),
		foreign: [...times.keys()].filter((name) => !sent.has(name)),
		executions: new Set(passedOn.map(({ executionId }) => executionId)).size,
	};
}
