/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { labelled } from '../shared/form/form';
import { entityTypes } from './entityTypes';

export { actions } from './entityTypes';
export { onlyChangedFields } from './trigger/changedFields';

export const types = labelled(entityTypes);
