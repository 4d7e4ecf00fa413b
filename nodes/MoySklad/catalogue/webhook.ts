/** Webhooks of the account. Reference of the project §1.5 and §3; MoySklad docs, Webhooks. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { actions, entityTypes } from '../entityTypes';
import { checkUrl, enabledField, hookOperations } from './hooks';
import { entityType, otherType } from './metadataFields';

export { MAX_URL } from './hooks';

const processed = {
	name: 'Processed',
	value: 'PROCESSED',
	description: "A task of the asynchronous exchange is done; only for the type 'async'",
};

const types = [...entityTypes, { name: 'Other…', value: 'other' }];

const diffType = (section: 'additionalFields' | 'updateFields'): Field => ({
	name: 'diffType',
	label: 'Changed Fields',
	kind: 'choice',
	section,
	to: 'body:diffType',
	default: 'FIELDS',
	choices: [
		{ name: 'List Their Names', value: 'FIELDS' },
		{ name: 'None', value: 'NONE' },
	],
	help: 'Whether a notification names the fields that changed; for the action Updated only',
});

/** MoySklad refuses changed fields for other events (code 30009), even when they are none. */
function check(body: IDataObject, created: boolean): InputProblem | undefined {
	if (body.action === 'UPDATE' || (!created && body.action === undefined)) return undefined;
	if (body.diffType === 'NONE') delete body.diffType;
	if (body.diffType === undefined) return undefined;
	return new InputProblem(
		'Changed Fields',
		"lists names, which MoySklad does for the event 'Updated' only",
		"Set 'Event' to Updated, or 'Changed Fields' to None.",
	);
}

export const webhooks: Operation[] = hookOperations({
	resource: 'webhook',
	keyword: 'webhook',
	one: 'webhook',
	many: 'webhooks',
	label: 'Webhook',
	search: 'searchWebhooks',
	docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/webhook#2-vebhuki',
	purpose: 'Have MoySklad call a URL when objects change',
	identity: ['entityType', 'action', 'url'],
	needed: [
		{
			name: 'entityType',
			label: 'Entity Type',
			kind: 'choice',
			to: 'body:entityType',
			required: true,
			default: 'customerorder',
			choices: types,
			open: true,
			help: 'What to watch',
			wire: (value, { parameter }) =>
				value === 'other' ? otherType(parameter('otherEntityType')) : entityType(value),
		},
		{
			// Not required in the form: n8n shows it, and asks for it, wherever the type is an expression.
			name: 'otherEntityType',
			label: 'Other Entity Type',
			kind: 'text',
			to: 'control',
			when: { entityType: ['other'] },
			placeholder: 'e.g. customentity',
			help: "The type's keyword in MoySklad's API",
		},
		{
			name: 'action',
			label: 'Event',
			help: 'What must happen to an object',
			kind: 'choice',
			to: 'body:action',
			required: true,
			default: 'CREATE',
			choices: [...actions, processed],
		},
		{
			name: 'url',
			label: 'URL',
			kind: 'text',
			to: 'body:url',
			required: true,
			placeholder: 'e.g. https://example.com/moysklad',
			help: 'Address that MoySklad calls; at most 255 characters',
			wire: checkUrl,
		},
	],
	further: [diffType('additionalFields'), enabledField('additionalFields')],
	changes: [
		{
			name: 'action',
			label: 'Event',
			kind: 'choice',
			section: 'updateFields',
			to: 'body:action',
			default: 'CREATE',
			choices: [...actions, processed],
		},
		diffType('updateFields'),
		enabledField('updateFields'),
		{
			name: 'entityType',
			label: 'Entity Type',
			kind: 'choice',
			section: 'updateFields',
			to: 'body:entityType',
			default: 'customerorder',
			choices: entityTypes,
			open: true,
			help: 'What to watch',
		},
		{
			name: 'url',
			label: 'URL',
			kind: 'text',
			section: 'updateFields',
			to: 'body:url',
			placeholder: 'e.g. https://example.com/moysklad',
			wire: checkUrl,
		},
	],
	output: {
		id: { type: 'string' },
		entityType: { type: 'string' },
		action: { type: 'string' },
		url: { type: 'string' },
		enabled: { type: 'boolean' },
		diffType: { type: 'string' },
		method: { type: 'string' },
		accountId: { type: 'string' },
	},
	check,
	notes:
		'Administrators only. At most 5 webhooks per type and event for an account, 1 for a solution; not on the free tariff.',
});
