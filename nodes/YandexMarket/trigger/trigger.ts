/**
 * The trigger's `webhook()` and `execute()`; the course of both is the shared trigger's. The Market waits ten seconds for
 * its answer (one for a PING), so nothing is asked before it: what a notification names is fetched in the execution.
 * Reference of the project: yandex-market-jobs.md §8.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { toNodeError } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { listOf, shown, wholeNumbersOf, yesNo } from '../../shared/form/readers';
import {
	handle as sharedHandle,
	type Handled,
	type HandlingBasics,
	type HandlingWork,
} from '../../shared/trigger/handle';
import { receive as sharedReceive, type Reception } from '../../shared/trigger/receive';
import { yandexMarket } from '../vendor';
import {
	answer,
	deliveryKey,
	MAX_BYTES,
	eventMoment,
	readNotification,
	refusalBody,
} from './notification';
import { objectOf } from './objects';
import { KEEP_MS, nameOfNotification } from './pair';

const reception: Reception<{ told: IDataObject }> = {
	// The Market's webhooks are set up in the cabinet, with n8n's own address.
	secretInPath: true,
	maxBytes: MAX_BYTES,
	read: readNotification,
	wanted({ told }, context) {
		if (!isWanted(told, context)) return undefined;
		return { delivery: { told: JSON.stringify(told), key: deliveryKey(told) } };
	},
	reply: answer,
	refusal: refusalBody,
	// After any other status the Market tries again for 14 days.
	refusalStatus: 400,
};

/** `webhook()`: the answer that the Market demands, and an execution for what is wanted. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await Promise.resolve(sharedReceive(this, reception));
}

/** What the form asks for. A PING is answered and nothing else. */
function isWanted(notification: IDataObject, context: IWebhookFunctions): boolean {
	const { notificationType: type, campaignId, status, substatus } = notification;
	if (type === 'PING') return false;
	const { types, shops, statuses } = wantedOf((name, fallback) =>
		context.getNodeParameter(name, fallback as never),
	);
	if (!types.includes(String(type))) return false;
	if (shops.length > 0 && campaignId !== undefined && !shops.includes(Number(campaignId)))
		return false;
	const has = [status, substatus].some((one) => statuses.includes(String(one)));
	return type !== 'ORDER_STATUS_UPDATED' || statuses.length === 0 || has;
}

type Read = (name: string, fallback: unknown) => unknown;

/** Which notifications go on. Throws `InputProblem`. */
function wantedOf(read: Read): { types: string[]; shops: number[]; statuses: string[] } {
	const options = (read('options', {}) ?? {}) as IDataObject;
	return {
		types: [read('events', []), options.otherTypes].flatMap((some) =>
			(listOf(some) ?? []).map(shown),
		),
		shops: wholeNumbersOf('Shops', options.shops) ?? [],
		statuses: (listOf(options.statuses) ?? []).map((one) => shown(one).toUpperCase()),
	};
}

/** When the workflow is published: a form that cannot be read is refused then, and not when the Market calls. */
export async function check(this: IHookFunctions): Promise<boolean> {
	const read: Read = (name, fallback) => this.getNodeParameter(name, fallback as never);
	try {
		wantedOf(read);
		settingsOf(read);
	} catch (error) {
		throw toNodeError(this.getNode(), yandexMarket.name, error);
	}
	return await Promise.resolve(true);
}

interface Settings extends HandlingBasics {
	fetches: boolean;
	ignoresOwn: boolean;
}

function settingsOf(read: Read): Settings {
	const options = (read('options', {}) ?? {}) as IDataObject;
	return {
		deduplicate: yesNo('Drop Repeats', options.dropRepeats) !== false,
		withPolling: yesNo('Share With Polling Trigger', options.withPolling) === true,
		fetches: yesNo('Fetch Object', read('fetch', false)) === true,
		ignoresOwn: yesNo('Ignore Own Messages', options.ignoreOwn) === true,
	};
}

/** `execute()`: drops repetitions and fetches what the notification is about. */
export async function handle(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await sharedHandle<Settings>(this, {
		vendor: yandexMarket,
		settings: settingsOf,
		unpack: (told) => [JSON.parse(told) as IDataObject],
		repeatedMs: KEEP_MS,
		naming: {
			keepMs: KEEP_MS,
			namesOf: (json) => [nameOfNotification(json)].filter((name) => name !== undefined),
		},
		complete,
	});
}

async function complete(
	items: Handled[],
	{ settings, road }: HandlingWork<Settings>,
): Promise<INodeExecutionData[]> {
	const { fetches, ignoresOwn } = settings;
	if (ignoresOwn && !fetches) {
		throw new InputProblem(
			'Ignore Own Messages',
			'is on without Fetch Object',
			'Switch on Fetch Object: only the message itself tells who wrote it.',
		);
	}
	const outputs: INodeExecutionData[] = [];
	for (const { json, index } of items) {
		// A run by hand without a notification has nothing to show.
		if (json.notificationType === undefined) continue;
		const row: IDataObject = { ...json, eventTime: eventMoment(json) ?? null };
		if (fetches) row.object = await objectOf(json, await road());
		const sender = (row.object as IDataObject | null | undefined)?.sender;
		const isOwn = json.notificationType === 'CHAT_MESSAGE_SENT' && sender === 'PARTNER';
		if (!ignoresOwn || !isOwn) outputs.push({ json: row, pairedItem: { item: index } });
	}
	return outputs;
}
