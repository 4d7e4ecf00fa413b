/** The polling trigger's `execute()`: see `deliver` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import * as shared from '../../shared/trigger/deliver';
import { inspectorCloud } from '../vendor';
import { acknowledge } from './acknowledge';
import { preview } from './polling';
import { pollingSettings, type PollingSettings } from './settings';

/**
 * `execute()` of the trigger. Visits are acknowledged here, when n8n has stored the execution that has them: one that is
 * killed before finds them in the list of new visits again.
 */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await shared.deliver(this, {
		vendor: inspectorCloud,
		settings: pollingSettings,
		preview,
		nothing: 'There is no visit that fits, so there is nothing to show.',
		async arrived(items, { context, settings, road }) {
			if (!settings.acknowledges) return;
			const ids = new Set(items.map(({ json }) => visitIdOf(json, settings)));
			const refused = await acknowledge(await road(), [...ids], context.logger);
			if (refused === 0) return;
			context.addExecutionHints({
				message: `${refused} of ${ids.size} visits could not be acknowledged: they stay in the list of new visits.`,
				location: 'outputPane',
				type: 'warning',
			});
		},
	});
}

function visitIdOf(json: IDataObject, { cut, isRaw }: PollingSettings): unknown {
	if (cut.split === 'visit') return json.id;
	return isRaw ? (json.visit as IDataObject).id : json.visit_id;
}
