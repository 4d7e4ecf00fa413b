import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import {
	addressIn,
	advanced,
	hasAddressIn,
	notice,
	placeChoice,
	testRules,
	tokenIn,
} from '../nodes/shared/road/credentials';

export class AltegioApi implements ICredentialType {
	name = 'altegioApi';

	displayName = 'Altegio / YCLIENTS API';

	icon: Icon = {
		light: 'file:../nodes/Altegio/altegio.svg',
		dark: 'file:../nodes/Altegio/altegio.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops/blob/main/docs/nodes.md#altegio-api';

	properties: INodeProperties[] = [
		...placeChoice(
			{
				displayName: 'Platform',
				name: 'platform',
				type: 'options',
				options: [
					{ name: 'Altegio', value: 'altegio' },
					{ name: 'YCLIENTS', value: 'yclients' },
				],
				default: 'altegio',
				description: 'The two have separate accounts and tokens',
			},
			{ name: 'Custom URL', value: 'custom' },
		),
		{
			displayName: 'Custom URL',
			name: 'customUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://api.alteg.io/api/v1',
			displayOptions: { show: { platform: ['custom'] } },
			description: 'Root of the API with its version',
		},
		notice(
			'wherePartner',
			'<b>Partner token:</b> open the <a href="https://app.alteg.io/appstore/developers/1" target="_blank">marketplace for developers</a>, then <b>Account settings</b>. It is that of your application, to which the location must be connected.',
			{ hide: { platform: ['yclients'] } },
		),
		notice(
			'wherePartnerYclients',
			'<b>Partner token:</b> open the <a href="https://yclients.com/appstore/developers" target="_blank">marketplace for developers</a> of YCLIENTS, then <b>Account settings</b>. It is that of your application, to which the location must be connected.',
			{ show: { platform: ['yclients'] } },
		),
		{
			displayName: 'Partner Token',
			name: 'partnerToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		notice(
			'whereUser',
			'<b>User token:</b> the node has the rights of this user. A location that installs your application gives it one, the application token. That of a person is the answer to <b>POST /auth</b> with login and password, and changes with the password.',
		),
		{
			displayName: 'User Token',
			name: 'userToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		...advanced(
			{
				displayName: 'API Base URL',
				name: 'baseUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://proxy.example.com/api/v1',
				description:
					'Give it only if you reach the API through an address of your own: its root with the version',
			},
			{
				displayName: 'Partner ID',
				name: 'partnerId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1743',
				description:
					'Number of your application, sent as X-Partner-Id. Give it only if Altegio says that there are no rights to manage the company, though the location is connected.',
			},
		),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: `=Bearer ${tokenIn('partnerToken')}, User ${tokenIn('userToken')}`,
			},
		},
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{$credentials.platform === "custom" ? ${addressIn('customUrl')} : ${hasAddressIn('baseUrl')} ? ${addressIn('baseUrl')} : $credentials.platform === "yclients" ? "https://api.yclients.com/api/v1" : "https://api.alteg.io/api/v1"}}`,
			url: '/companies',
			qs: { my: 1, count: 1 },
			headers: {
				Accept:
					'={{$credentials.platform === "yclients" ? "application/vnd.yclients.v2+json" : "application/vnd.api.v2+json"}}',
				'Content-Type': 'application/json',
			},
			timeout: 20_000,
		},
		rules: testRules(
			{
				401: "The partner token or the user token was not accepted. The user token changes with the user's password; Altegio and YCLIENTS have separate tokens.",
				403: 'The tokens are known, but access is denied: connect the location to your application in the marketplace, or give the user the rights.',
				404: 'There is no such API at this address. Check Platform, and the address of your own if you gave one (it ends in /api/v1).',
				429: 'Too many requests came from this address just now. Test again in a minute.',
			},
			{
				key: 'success',
				message:
					'The address answers, but not as this API. Check Platform, and the address of your own if you gave one.',
			},
		),
	};
}
