/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
export { NOT_OUT_OF_STOCK } from './catalogue/visit';
export { ACKNOWLEDGEMENTS, FIRST_RUNS, OUTPUTS } from './polling/settings';
export { SPLITS } from './visitParts';
