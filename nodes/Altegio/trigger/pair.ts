/** By what the webhook trigger and the polling trigger of one workflow know a change. */
import type { IDataObject } from 'n8n-workflow';

import type { Change } from '../../shared/trigger/pair';
import { sourceOf } from '../polling/sources';

/** The change that an item tells of; undefined for what no list shows, or of which nobody knows when it happened. */
export function changeOf({
	resource,
	id,
	locationId,
	action,
	moment,
}: IDataObject): Change | undefined {
	const source = sourceOf(String(resource));
	if (source === undefined || typeof moment !== 'string') return undefined;
	return {
		entityType: `${source} ${String(locationId)}`,
		id: String(id),
		action: action === 'delete' ? 'DELETE' : 'UPDATE',
		moment,
	};
}
