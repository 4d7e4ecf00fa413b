/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { labelled } from '../shared/form/form';
import { POLLED_EVENTS } from './polling/sources';

export { FIRST_RUNS as firstRuns } from '../shared/trigger/pollingForm';

export const events = labelled(
	POLLED_EVENTS.map(({ name, value, description }) => ({ name, value, description })),
);
