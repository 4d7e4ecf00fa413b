/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
export { FIRST_RUNS, WHOLE_OUTPUTS as OUTPUTS } from '../shared/trigger/pollingForm';
export { WATCHED } from './trigger/polling';
