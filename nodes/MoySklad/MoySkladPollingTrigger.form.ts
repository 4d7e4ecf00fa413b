/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { labelled } from '../shared/form/form';
import { polledTypes } from './polling/types';

export { OUTPUTS } from '../shared/form/output';
export { FIRST_RUNS } from './polling/settings';
export { actions } from './entityTypes';

export const types = labelled(polledTypes);
