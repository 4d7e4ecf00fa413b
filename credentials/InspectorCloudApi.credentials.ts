import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { advanced, notice, testRules, tokenIn } from '../nodes/shared/credentials';

export class InspectorCloudApi implements ICredentialType {
	name = 'inspectorCloudApi';

	displayName = 'Inspector Cloud API';

	icon: Icon = {
		light: 'file:../nodes/InspectorCloud/inspectorCloud.svg',
		dark: 'file:../nodes/InspectorCloud/inspectorCloud.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops#inspector-cloud-api';

	properties: INodeProperties[] = [
		notice(
			'whereToken',
			'The web app of Inspector Cloud makes no tokens: your account manager gives you the address of your portal together with a token, or with a master key, which works as a token, too.',
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
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		...advanced({
			displayName: 'Data API Version',
			name: 'dataApiVersion',
			type: 'string',
			default: 'v1.3',
			description: 'Quality indicators (DQI) exist from v1.1 on',
		}),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: `=Token ${tokenIn('token')}` } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{($credentials.host.trim().match(/^https?:\\/\\//i) ? "" : "https://") + $credentials.host.trim().replace(/\\/+$/, "")}}',
			url: '=/api/data/{{($credentials.dataApiVersion || "v1.3").trim()}}/visits/',
			qs: { limit: 1 },
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
