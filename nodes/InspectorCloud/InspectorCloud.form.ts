/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { formOf } from '../shared/form/form';
import { searches } from './searches';
import { inspectorCloud } from './vendor';

export { WAKING } from '../shared/run/sleep';

export const properties = formOf(inspectorCloud);

export const searchNames = Object.keys(searches);
