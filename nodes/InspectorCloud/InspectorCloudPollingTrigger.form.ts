/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
export { NOT_OUT_OF_STOCK } from './catalogue/visit';
export { WHOLE_OUTPUTS as OUTPUTS } from '../shared/trigger/pollingForm';
export { ACKNOWLEDGEMENTS, FIRST_RUNS } from './polling/settings';
export { SPLITS } from './visitParts';
