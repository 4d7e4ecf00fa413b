/** The polling trigger's `execute()`: see `deliver` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { openRoad } from '../../shared/road/road';
import * as shared from '../../shared/trigger/deliver';
import type { PolledItem } from '../../shared/trigger/polling';
import { inspectorCloud } from '../vendor';
import { acknowledge } from './acknowledge';
import { preview } from './polling';
import { pollingSettings, type PollingSettings } from './settings';

/**
 * `execute()` of the trigger. Visits are acknowledged here, when n8n has stored the execution that has them: one that is
 * killed before finds them in the list of new visits again.
 */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const settings = pollingSettings(
		(name, fallback) => this.getNodeParameter(name, 0, fallback),
		this.getTimezone(),
	);
	const isPolled = (this.getInputData() as PolledItem[]).some(({ polled }) => polled);
	const [items] = await shared.deliver(this, {
		vendor: inspectorCloud,
		settings: () => settings,
		preview,
		nothing: 'There is no visit that fits, so there is nothing to show.',
	});
	if (isPolled && settings.acknowledges && items.length > 0) {
		const ids = new Set(items.map(({ json }) => visitIdOf(json, settings)));
		const refused = await acknowledge(await openRoad(this, inspectorCloud), [...ids], this.logger);
		if (refused > 0) {
			this.addExecutionHints({
				message: `${refused} of ${ids.size} visits could not be acknowledged: they stay in the list of new visits.`,
				location: 'outputPane',
				type: 'warning',
			});
		}
	}
	return [items];
}

function visitIdOf(json: IDataObject, { cut, isRaw }: PollingSettings): unknown {
	if (cut.split === 'visit') return json.id;
	return isRaw ? (json.visit as IDataObject).id : json.visit_id;
}
