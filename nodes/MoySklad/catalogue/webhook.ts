/** Webhooks of the account. Reference of the project §1.5 and §3; MoySklad docs, Webhooks. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, Operation, OutputField } from '../../shared/catalogue';
import { InputProblem } from '../../shared/problems';
import { actions, entityTypes } from '../entityTypes';
import { entityLocator, rowsList } from '../lists';
import { pick } from '../simplify';

/** MoySklad refuses a longer URL (code 30010). */
export const MAX_URL = 255;

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-suschnosti-vebhuki';

const webhook: Field = {
	name: 'webhookId',
	label: 'Webhook',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: entityLocator('webhook', 'searchWebhooks'),
};

const otherType: Field = {
	name: 'otherEntityType',
	label: 'Other Entity Type',
	kind: 'text',
	to: 'body:entityType',
	required: true,
	when: { entityType: ['other'] },
	placeholder: 'e.g. customentity',
	help: "The type's keyword in MoySklad's API",
};

const processed = {
	name: 'Processed',
	value: 'PROCESSED',
	description: "A task of the asynchronous exchange is done; only for the type 'async'",
};

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

const enabled = (section: 'additionalFields' | 'updateFields'): Field => ({
	name: 'enabled',
	label: 'Enabled',
	kind: 'toggle',
	section,
	to: 'body:enabled',
	default: true,
	help: 'Whether MoySklad sends notifications for this webhook',
});

function checkUrl(value: unknown): string {
	const url = String(value).trim();
	if (url.length > MAX_URL) {
		throw new InputProblem('URL', `has ${url.length} characters`, `MoySklad allows ${MAX_URL}.`);
	}
	if (!/^https?:\/\/[^\s/]+/i.test(url)) {
		throw new InputProblem(
			'URL',
			`is '${url}'`,
			'Give a public address that starts with https:// or http://.',
		);
	}
	return url;
}

function simplifyWebhook(row: IDataObject): IDataObject {
	return pick(row, [
		'id',
		'entityType',
		'action',
		'url',
		'enabled',
		'diffType',
		'method',
		'accountId',
	]);
}

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	entityType: { type: 'string' },
	action: { type: 'string' },
	url: { type: 'string' },
	enabled: { type: 'boolean' },
	diffType: { type: 'string' },
	method: { type: 'string' },
	accountId: { type: 'string' },
};

const shared = { resource: 'webhook', docs: DOCS, output, simplify: simplifyWebhook } as const;

export const webhooks: Operation[] = [
	{
		...shared,
		operation: 'create',
		name: 'Create',
		action: 'Create webhook',
		description: 'Have MoySklad call a URL when objects change',
		route: 'POST /entity/webhook',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'entityType',
				label: 'Entity Type',
				kind: 'choice',
				to: 'body:entityType',
				required: true,
				default: 'customerorder',
				choices: [...entityTypes, { name: 'Other…', value: 'other' }],
				help: 'What to watch',
				wire: (value) => (value === 'other' ? undefined : value),
			},
			otherType,
			{
				name: 'action',
				label: 'Event',
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
			diffType('additionalFields'),
			enabled('additionalFields'),
		],
		shape: (_request, call) => {
			// MoySklad refuses the field itself for other events, even when it says none.
			if (call.body.diffType === 'NONE' && call.body.action !== 'UPDATE') delete call.body.diffType;
			if (call.body.diffType === 'FIELDS' && call.body.action !== 'UPDATE') {
				throw new InputProblem(
					'Changed Fields',
					"lists names, which MoySklad does for the event 'Updated' only",
					"Set 'Event' to Updated, or 'Changed Fields' to None.",
				);
			}
		},
		notes:
			'Administrators only. At most 5 webhooks per type and event for an account, 1 for a solution; not on the free tariff.',
	},
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get webhook',
		description: 'Retrieve one webhook',
		route: 'GET /entity/webhook/{id}',
		answer: { kind: 'object' },
		fields: [webhook],
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many webhooks',
		description: 'List the webhooks of the account',
		route: 'GET /entity/webhook',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [],
		notes: 'Only webhooks made through API version 1.2 are listed.',
	},
	{
		...shared,
		operation: 'update',
		name: 'Update',
		action: 'Update webhook',
		description: 'Change a webhook; fields that are not given stay as they are',
		route: 'PUT /entity/webhook/{id}',
		answer: { kind: 'object' },
		fields: [
			webhook,
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
			enabled('updateFields'),
			{
				name: 'entityType',
				label: 'Entity Type',
				kind: 'choice',
				section: 'updateFields',
				to: 'body:entityType',
				default: 'customerorder',
				choices: entityTypes,
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
		shape: (request, call) => {
			if (Object.keys(call.body).length === 0) {
				throw new InputProblem(
					'Update Fields',
					'is empty, so there is nothing to change',
					'Add at least one field.',
				);
			}
		},
		notes: 'Administrators only.',
	},
	{
		...shared,
		operation: 'enable',
		name: 'Enable',
		action: 'Enable webhook',
		description: 'Switch a webhook on, also after MoySklad has switched it off',
		route: 'PUT /entity/webhook/{id}',
		answer: { kind: 'object' },
		constants: { enabled: true },
		fields: [webhook],
		notes:
			'MoySklad switches a webhook off after a week and more of unsuccessful calls. Administrators only.',
	},
	{
		...shared,
		operation: 'disable',
		name: 'Disable',
		action: 'Disable webhook',
		description: 'Switch a webhook off without deleting it',
		route: 'PUT /entity/webhook/{id}',
		answer: { kind: 'object' },
		constants: { enabled: false },
		fields: [webhook],
		notes: 'Administrators only.',
	},
	{
		resource: 'webhook',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete webhook',
		description: 'Delete a webhook for good',
		route: 'DELETE /entity/webhook/{id}',
		answer: { kind: 'deleted' },
		fields: [webhook],
		output: { deleted: { type: 'boolean' }, id: { type: 'string' } },
		notes: 'Administrators only.',
	},
];
