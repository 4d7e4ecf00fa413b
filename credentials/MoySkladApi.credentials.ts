import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { advanced, notice, testRules, tokenOf } from '../nodes/shared/road/credentials';

export class MoySkladApi implements ICredentialType {
	name = 'moySkladApi';

	displayName = 'MoySklad API';

	icon: Icon = {
		light: 'file:../nodes/MoySklad/moysklad.svg',
		dark: 'file:../nodes/MoySklad/moysklad.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops/blob/main/docs/nodes.md#moysklad-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Access Token', value: 'accessToken' },
				{ name: 'Login and Password', value: 'login' },
			],
			default: 'accessToken',
		},
		notice(
			'whereToken',
			'In the web app of <a href="https://online.moysklad.ru" target="_blank">MoySklad</a>, open <b>Settings → Users</b>, choose your user, make a new one under <b>Tokens</b>, and paste it here. Webhooks need the token of an administrator.',
			{ show: { authentication: ['accessToken'] } },
		),
		notice(
			'whereLogin',
			"Those with which the employee signs in to the web app of MoySklad; they stop working when the password changes. The employee's access to the API is allowed under <b>Settings → Users</b>.",
			{ show: { authentication: ['login'] } },
		),
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['accessToken'] } },
			hint: "A new token made through the API revokes the user's other tokens; one made in the web app does not",
		},
		{
			displayName: 'Login',
			name: 'login',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. admin@company',
			displayOptions: { show: { authentication: ['login'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['login'] } },
		},
		{
			displayName: 'Token Belongs To',
			name: 'accessKind',
			type: 'options',
			options: [
				{
					name: 'A User',
					value: 'user',
					description: '11 requests per 3 seconds from December 2026',
				},
				{
					name: 'A Solution (Published or Private)',
					value: 'solution',
					description: '45 requests per 3 seconds',
				},
				{
					name: 'A Solution in Draft or On Moderation',
					value: 'draftSolution',
					description: '11 requests per 3 seconds',
				},
			],
			default: 'user',
			displayOptions: { show: { authentication: ['accessToken'] } },
			description: 'MoySklad allows a different number of requests for each kind',
		},
		...advanced(
			{
				displayName: 'Rate Limit',
				name: 'rateLimit',
				type: 'options',
				options: [
					{
						name: 'Strict',
						value: 'strict',
						description:
							'11 requests per 3 seconds for users, as MoySklad demands from 1 December 2026',
					},
					{
						name: "MoySklad's Calendar",
						value: 'calendar',
						description:
							'15 requests per 3 seconds for users until 30 November 2026, 11 afterwards',
					},
				],
				default: 'strict',
			},
			{
				displayName: 'Workers That Share the Limit',
				name: 'processes',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 11 },
				default: 1,
				description:
					'How many n8n processes run executions with this token: 1, or in queue mode the number of workers. Each then takes its share of the requests.',
			},
			{
				displayName: 'API Base URL',
				name: 'baseUrl',
				type: 'string',
				default: 'https://api.moysklad.ru/api/remap/1.2',
				description: 'Change it only if you reach MoySklad through an address of your own',
			},
		),
	];

	/** Bearer token, or Basic with login and password. Never asks for a token: that would revoke the others. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const isLogin = credentials.authentication === 'login';
		const basic = Buffer.from(`${credentials.login}:${credentials.password}`).toString('base64');
		requestOptions.headers = {
			...requestOptions.headers,
			Authorization: isLogin ? `Basic ${basic}` : `Bearer ${tokenOf(credentials.accessToken)}`,
		};
		return requestOptions;
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{(($credentials.baseUrl || "https:").trim().match(/^https?:/i) ? "" : "https://") + ($credentials.baseUrl || "https://api.moysklad.ru/api/remap/1.2").trim().replace(/\\/+$/, "")}}',
			url: '={{$credentials.authentication !== "login" && $credentials.accessKind !== "user" ? "/context/application" : "/context/employee"}}',
			headers: {
				Accept: 'application/json;charset=utf-8',
				'Accept-Encoding': 'gzip',
				'Accept-Language': 'en',
			},
			timeout: 20_000,
		},
		rules: testRules(
			{
				401: 'MoySklad did not accept the token or the login and password (or the employee may not use the API). Make a new token under Settings, Users, your user, Tokens.',
				403: "MoySklad knows this token or login, but refuses it here. Check 'Token Belongs To' (user, or solution); if that is right, an administrator can allow access to the API under Settings, Users.",
				404: 'There is no MoySklad API at this address. Check the API Base URL.',
				400: "MoySklad knows the token, but it is of another kind. Check 'Token Belongs To': user, or solution.",
				415: 'Something between n8n and MoySklad removes the header that asks for gzip. Check the proxy.',
				429: 'The limit of requests is used up just now. Test again in a minute.',
			},
			{
				key: 'meta',
				message: "The address answers, but not as MoySklad's API. Check the API Base URL.",
			},
		),
	};
}
