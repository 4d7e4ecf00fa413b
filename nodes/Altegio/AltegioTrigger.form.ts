/** What n8n reads of the node at its start. In the built package the values stand in place of this code (gulpfile.js). */
import { labelled, locatorProperty } from '../shared/form/form';
import { locator } from './catalogue/location';
import { EVENTS } from './trigger/events';

export const locations = locatorProperty(locator);

export const events = labelled(
	EVENTS.map(({ name, value, description }) => ({ name, value, description })),
);
