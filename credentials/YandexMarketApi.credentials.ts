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

export class YandexMarketApi implements ICredentialType {
	name = 'yandexMarketApi';

	displayName = 'Yandex Market API';

	icon: Icon = {
		light: 'file:../nodes/YandexMarket/yandexMarket.svg',
		dark: 'file:../nodes/YandexMarket/yandexMarket.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-retail-ops/n8n-nodes-retail-ops/blob/main/docs/nodes.md#yandex-market-api';

	properties: INodeProperties[] = [
		notice(
			'whereKey',
			'In the cabinet of <a href="https://partner.market.yandex.ru" target="_blank">Yandex Market</a>, its owner or a manager opens <b>Settings → APIs and modules</b> (Настройки → API и модули) and makes a key. Choose its permissions there: outlets need those for store settings, orders those for orders, or full access for everything. A change takes up to 10 minutes.',
		),
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		{
			displayName: 'Default Shop',
			name: 'defaultShop',
			type: 'string',
			default: '',
			placeholder: 'e.g. 21621656',
			description:
				'Campaign ID of the shop that counts where a node leaves Shop empty; it is not the number shown in the web app',
		},
		{
			displayName: 'Default Cabinet',
			name: 'defaultCabinet',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1234567',
			description: 'ID of the cabinet that counts where a node leaves Cabinet empty',
		},
		...placeChoice(
			{
				displayName: 'Host',
				name: 'host',
				type: 'options',
				options: [
					{ name: 'Market Yandex Go (.net)', value: 'net' },
					{ name: 'Yandex Market (.ru)', value: 'ru' },
				],
				default: 'ru',
				description: 'Sellers of Market Yandex Go (Uzbekistan) must use .net',
			},
			{ name: 'Custom', value: 'custom' },
		),
		{
			displayName: 'Custom URL',
			name: 'customUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://proxy.example.com/market',
			displayOptions: { show: { host: ['custom'] } },
		},
		...advanced({
			displayName: 'API Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://proxy.example.com/market',
			description: 'Give it only if you reach the Market through an address of your own',
		}),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'Api-Key': `=${tokenIn('apiKey')}` } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{$credentials.host === "custom" ? ${addressIn('customUrl')} : ${hasAddressIn('baseUrl')} ? ${addressIn('baseUrl')} : "https://api.partner.market.yandex." + ($credentials.host || "ru")}}`,
			url: '/v2/auth/token',
			method: 'POST',
			headers: { Accept: 'application/json' },
			timeout: 20_000,
		},
		rules: testRules(
			{
				401: 'Yandex Market did not accept the API key. Paste it once more, or make a new one under Settings, APIs and modules.',
				403: 'Yandex Market knows the key, but denies access: the shop is inactive, or the API is switched off for this cabinet.',
				404: 'There is no Yandex Market API at this address. Check Host, and the address of your own if you gave one.',
				420: 'The limit of requests is used up just now. Test again later.',
			},
			{
				key: 'result.apiKey',
				message:
					'The address answers, but not as the Yandex Market API. Check Host, and the address of your own if you gave one.',
			},
		),
	};
}
