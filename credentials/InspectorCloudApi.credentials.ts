import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { keepSession, tokenFor } from '../nodes/InspectorCloud/session';
import { advanced, notice, testRules } from '../nodes/shared/road/credentials';

export class InspectorCloudApi implements ICredentialType {
	name = 'inspectorCloudApi';

	displayName = 'Inspector Cloud API';

	icon: Icon = {
		light: 'file:../nodes/InspectorCloud/inspectorCloud.svg',
		dark: 'file:../nodes/InspectorCloud/inspectorCloud.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops/blob/main/docs/nodes.md#inspector-cloud-api';

	properties: INodeProperties[] = [
		notice(
			'whereToken',
			'The web app of Inspector Cloud makes no tokens: your account manager gives you the address of your portal together with a token, or with a permanent master key, from which tokens of 90 days are made.',
		),
		{
			displayName: 'Instance Host',
			name: 'host',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. yourcompany.inspector-cloud.com',
			description: 'Address at which you open the portal; with or without https://',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'Master Key',
					value: 'masterKey',
					description: 'A token is made from it once, kept, and renewed before it ends',
				},
				{ name: 'Token', value: 'token', description: 'Sent as it is; you renew it yourself' },
			],
			default: 'token',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['token'] } },
		},
		{
			displayName: 'Master Key',
			name: 'masterApiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['masterKey'] } },
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{ displayName: 'Session Expires At', name: 'sessionExpiresAt', type: 'hidden', default: '' },
		{ displayName: 'Session For', name: 'sessionFor', type: 'hidden', default: '' },
		...advanced({
			displayName: 'Data API Version',
			name: 'dataApiVersion',
			type: 'string',
			default: 'v1.3',
			description: 'Quality indicators (DQI) exist from v1.1 on',
		}),
	];

	/** Makes the token of a master key, which n8n keeps in the credential. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return { ...(await keepSession(this, credentials)) };
	}

	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const { baseURL, url } = requestOptions;
		const whole = URL.canParse(url) ? url : `${baseURL ?? ''}${url}`;
		requestOptions.headers = {
			...requestOptions.headers,
			Authorization: `Token ${tokenFor(credentials, whole)}`,
		};
		return requestOptions;
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{($credentials.host.trim().match(/^https?:\\/\\//i) ? "" : "https://") + $credentials.host.trim().replace(/\\/+$/, "")}}',
			url: '=/api/data/{{($credentials.dataApiVersion || "v1.3").trim()}}/visits/',
			qs: { limit: 1, is_new: true },
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			timeout: 20_000,
		},
		rules: testRules(
			{
				401: 'Inspector Cloud did not accept the token. Ask your account manager for a current one.',
				403: 'Inspector Cloud knows the token, but it has no access to visits. Ask your account manager.',
				404: 'There is no Data API at this address. Check Instance Host and Data API Version.',
			},
			{
				key: 'results',
				message:
					'The host answers, but not as the Data API of Inspector Cloud. Check Instance Host.',
			},
		),
	};
}
