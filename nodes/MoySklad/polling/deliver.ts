/** The polling trigger's `execute()`: see `deliver` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import * as shared from '../../shared/trigger/deliver';
import type { Change } from '../../shared/trigger/pair';
import { moySklad } from '../vendor';
import { preview } from './preview';
import { pollingSettings } from './settings';

/** `execute()` of the trigger. */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await shared.deliver(this, {
		vendor: moySklad,
		settings: pollingSettings,
		preview,
		nothing: 'There is no object of these types yet, so there is nothing to show.',
		pair: { isWanted: ({ withWebhook }) => withWebhook, changeOf },
	});
}

function changeOf({ entityType, id, action, moment }: IDataObject): Change {
	return {
		entityType: String(entityType),
		id: String(id),
		action: String(action),
		moment: String(moment),
	};
}
