/** The polling trigger's `execute()`: see `deliver` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import * as shared from '../../shared/trigger/deliver';
import { inspectorCloud } from '../vendor';
import { acknowledge } from './acknowledge';
import { preview } from './polling';
import { DAY_MS, pollingSettings, type PollingSettings } from './settings';

/**
 * `execute()` of the trigger. Visits are acknowledged here, when n8n has stored the execution that has them: one that is
 * killed before finds them in the list of new visits again.
 */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await shared.deliver(this, {
		vendor: inspectorCloud,
		settings: pollingSettings,
		preview,
		nothing,
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

/** Where a run by hand has looked, so that people know what to change. */
function nothing({ lookBackMs, rules: { onlyClosed } }: PollingSettings): string {
	const open = onlyClosed ? ", open ones only with the filter 'Include Open Visits'" : '';
	return `None of the five visits that changed last fits, so there is nothing to show. Looked at are those begun in the last ${lookBackMs / DAY_MS} days (option 'Look Back (Days)')${open}.`;
}

function visitIdOf(json: IDataObject, { cut, isRaw }: PollingSettings): unknown {
	if (cut.split === 'visit') return json.id;
	return isRaw ? (json.visit as IDataObject).id : json.visit_id;
}
