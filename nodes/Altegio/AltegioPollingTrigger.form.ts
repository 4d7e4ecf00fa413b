/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { labelled } from '../shared/form/form';
import { FIRST_RUNS as RUNS } from './polling/settings';
import { POLLED_EVENTS } from './polling/sources';

export const events = labelled(
	POLLED_EVENTS.map(({ name, value, description }) => ({ name, value, description })),
);

export const firstRuns = RUNS;
