/** What people tell back about a recognition, and tokens. Reference of the project: inspector-cloud-api.md §2, §1. */
import type { Field, Operation } from '../../shared/catalogue';
import { DOCS } from './lists';
import { imagesField, sceneField } from './recognition';

const sku: Field = {
	name: 'skuGid',
	label: 'SKU Global ID',
	kind: 'text',
	to: 'body:sku_gid',
	required: true,
	placeholder: 'e.g. 155279',
	help: 'The global ID (GID) of the product; IDs of the Data API are others',
	wire: (value) => {
		const text = String(value).trim();
		return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
	},
};

const message: Field = {
	name: 'message',
	label: 'Message',
	kind: 'text',
	rows: 3,
	section: 'additionalFields',
	to: 'body:message',
};

export const feedback: Operation[] = [
	{
		resource: 'recognitionError',
		operation: 'create',
		name: 'Create',
		action: 'Report recognition error',
		description: 'Tell Inspector Cloud that a product was recognised wrongly',
		route: 'POST /api/v1.5/recognition_error/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [sku, sceneField, message, imagesField(false)],
		output: { recognition_error_id: { type: 'number' } },
	},
	{
		resource: 'oosReason',
		operation: 'create',
		name: 'Set',
		action: 'Set out-of-stock reason',
		description: 'Tell why a product of a scene is out of stock',
		route: 'POST /api/v1.5/oos_reason/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [
			sku,
			sceneField,
			{
				name: 'reason',
				label: 'Reason',
				kind: 'text',
				to: 'body:reason',
				help: "In the words of your project's list of reasons",
			},
			message,
			imagesField(false),
		],
		output: { oos_reason_id: { type: 'number' } },
	},
];

export const tokens: Operation[] = [
	{
		resource: 'token',
		operation: 'create',
		name: 'Create',
		action: 'Create access token',
		description: 'Make a token of about 90 days from the master key in the credential',
		route: 'POST /api/auth/v1.0/get_token/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [],
		output: {
			token: { type: 'string' },
			created_at: { type: 'string' },
			expires_at: { type: 'string' },
		},
		notes:
			'Each call makes a further token; the old ones stay valid. A credential with a master key does this by itself. The token stands in the output: keep it out of logs.',
	},
	{
		resource: 'token',
		operation: 'revoke',
		name: 'Revoke',
		action: 'Revoke access token',
		description: 'End a token before its time, with the master key in the credential',
		route: 'POST /api/auth/v1.0/revoke_token/',
		docs: DOCS,
		answer: { kind: 'object' },
		idempotent: true,
		fields: [
			{
				name: 'tokenToRevoke',
				label: 'Token to Revoke',
				kind: 'text',
				secret: true,
				to: 'body:token',
				required: true,
				help: 'The token that shall not work any more',
			},
		],
		output: { SUCCESS: { type: 'boolean' } },
	},
];
