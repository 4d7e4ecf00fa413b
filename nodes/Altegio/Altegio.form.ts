/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { formOf } from '../shared/form/form';
import { placeChoices, searches } from './searches';
import { altegio } from './vendor';

export const properties = formOf(altegio);

export const searchNames = Object.keys(searches);

export const choiceNames = Object.keys(placeChoices);
