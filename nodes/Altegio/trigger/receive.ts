/** What Altegio's calls look like to `receive` of the shared trigger. Altegio waits 10 s for the answer, or less. */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import * as shared from '../../shared/trigger/receive';
import { rulesOf, teaches } from './appointment';
import {
	deliveryKeys,
	notificationItem,
	MAX_BYTES,
	readNotification,
	type Notification,
} from './notification';
import { settingsOf } from './settings';

const reception: shared.Reception<Notification> = {
	maxBytes: MAX_BYTES,
	read: readNotification,
	wanted(notification, context) {
		const settings = settingsOf((name, fallback) => context.getNodeParameter(name, fallback));
		if (notification.locationId !== settings.locationId) return undefined;
		const { events } = settings;
		if (rulesOf(notification, events).length === 0 && !teaches(notification, events)) {
			return undefined;
		}
		const keys = deliveryKeys(notification, Date.now());
		return { delivery: { told: JSON.stringify(notification), ...keys } };
	},
};

/** `webhook()` of the trigger. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await Promise.resolve(shared.receive(this, reception));
}

/** The one event of a delivery. */
export function unpack(told: string): IDataObject[] {
	return [notificationItem(JSON.parse(told) as Notification)];
}
