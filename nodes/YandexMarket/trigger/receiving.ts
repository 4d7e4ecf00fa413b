/**
 * The trigger's `webhook()`; its course is the shared trigger's. The Market waits ten seconds for its answer, one for a
 * PING: nothing is asked before it, and the catalogue is not loaded for it. Reference of the project:
 * yandex-market-jobs.md §8.
 */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { longIdsOf, listOf, shown } from '../../shared/form/readers';
import { receive as sharedReceive, type Reception } from '../../shared/trigger/receive';
import { answer, deliveryKey, MAX_BYTES, readNotification, refusalBody } from './notification';

const deliveryOf = (told: IDataObject) => ({ told: JSON.stringify(told), key: deliveryKey(told) });

const reception: Reception<{ told: IDataObject }> = {
	// The Market's webhooks are set up in the cabinet, with n8n's own address.
	secretInPath: true,
	maxBytes: MAX_BYTES,
	longIds: true,
	read: readNotification,
	wanted({ told }, context) {
		if (!isWanted(told, context)) return undefined;
		return { delivery: deliveryOf(told) };
	},
	// The Market tries again, with pauses, for 14 days: time to mend the node.
	unsettled: ({ told }, message) => ({
		delivery: deliveryOf(told),
		status: 500,
		body: { error: { type: 'UNKNOWN', message } },
	}),
	reply: answer,
	refusal: refusalBody,
	// After any other status the Market tries again for 14 days.
	refusalStatus: 400,
};

/** `webhook()`: the answer that the Market demands, and an execution for what is wanted. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await Promise.resolve(sharedReceive(this, reception));
}

export type Read = (name: string, fallback: unknown) => unknown;

/** Which notifications go on. Throws `InputProblem`. */
export function wantedOf(read: Read): { types: string[]; shops: string[]; statuses: string[] } {
	const options = (read('options', {}) ?? {}) as IDataObject;
	return {
		types: [read('events', []), options.otherTypes].flatMap((some) =>
			(listOf(some) ?? []).map(shown),
		),
		shops: longIdsOf('Shops', options.shops) ?? [],
		statuses: (listOf(options.statuses) ?? []).map((one) => shown(one).toUpperCase()),
	};
}

/** A PING is answered before anything else is looked at, and starts nothing. */
function isWanted(notification: IDataObject, context: IWebhookFunctions): boolean {
	const { notificationType: type, campaignId, status, substatus } = notification;
	if (type === 'PING') return false;
	const { types, shops, statuses } = wantedOf((name, fallback) =>
		context.getNodeParameter(name, fallback as never),
	);
	if (!types.includes(String(type))) return false;
	if (shops.length > 0 && campaignId !== undefined && !shops.includes(String(campaignId)))
		return false;
	const has = [status, substatus].some((one) => statuses.includes(String(one)));
	return type !== 'ORDER_STATUS_UPDATED' || statuses.length === 0 || has;
}
