/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { formOf } from '../shared/form/form';
import { loadOptions, listSearch } from './documents/methods';
import { moySkladDocuments } from './documents/vendor';

export const properties = formOf(moySkladDocuments);

export const searchNames = Object.keys(listSearch);

export const choiceNames = Object.keys(loadOptions);
