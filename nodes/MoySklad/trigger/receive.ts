/** What MoySklad's calls look like to `receive` of the shared trigger. MoySklad waits 1500 ms for the answer. */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import * as shared from '../../shared/trigger/receive';
import {
	deliveryKey,
	isFromAccount,
	MAX_BYTES,
	passes,
	readNotification,
	type Notification,
} from './notification';
import { settingsOf, type Settings } from './settings';
import { itemsOf, pack, type Told } from './told';

export interface Delivery extends shared.Delivery {
	/** Context of MoySklad's audit. */
	auditId?: string;
}

/** An item on its way from `webhook()` to `execute()`. */
export type Arrived = shared.Arrived<Delivery>;

const REQUEST_ID = /^[\w-]{1,100}$/;

/** The events of a delivery, one item each. */
export function eventsOfDelivery(arrived: Arrived): IDataObject[] {
	return shared.eventsOf(arrived, itemsOf);
}

const reception: shared.Reception<Notification, Delivery> = {
	maxBytes: MAX_BYTES,
	read: readNotification,
	wanted(notification, context) {
		const settings = settingsOf((name, fallback) => context.getNodeParameter(name, fallback));
		const requestId = requestIdOf(context.getQueryData() as IDataObject);
		const told = wantedOf(notification, settings, requestId);
		if (!told) return undefined;
		const delivery = {
			told: pack(told),
			key: deliveryKey(notification, requestId),
			auditId: notification.kind === 'events' ? notification.audit.id : undefined,
		};
		return { delivery, atOnce: settings.answer === 'atOnce' };
	},
};

/** `webhook()` of the trigger. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await Promise.resolve(shared.receive(this, reception));
}

/** What the node passes on of a notification; undefined when that is nothing. */
function wantedOf(
	notification: Notification,
	settings: Settings,
	requestId: string | undefined,
): Told | undefined {
	if (notification.kind === 'stock') {
		const { stock } = notification;
		const wanted = stock.reportType === settings.stockReport && isFromAccount(stock, settings);
		return wanted ? { stock, requestId } : undefined;
	}
	const { audit } = notification;
	const pairs = new Set(settings.pairs.map(({ entityType, action }) => `${entityType} ${action}`));
	const events = notification.events
		.filter(({ type, action }) => pairs.has(`${type.toLowerCase()} ${action}`))
		.filter((event) => passes(event, audit, settings));
	return events.length > 0 ? { events, audit, requestId } : undefined;
}

/** Undocumented how MoySklad adds requestId to a URL with a query: a second question mark is coped with. */
function requestIdOf({ requestId, key }: IDataObject): string | undefined {
	const id = requestId ?? /\?requestId=([\w-]+)/.exec(String(key ?? ''))?.[1];
	return typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined;
}
