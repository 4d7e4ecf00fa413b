/** How long publishing waits for the vendor: n8n gives it so many seconds, whatever anybody's clock says meanwhile. */
import type { IDataObject, IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { register } from '../../nodes/Altegio/trigger/registration';
import { credentialsOf, node } from './samples';

const HOUR_MS = 3_600_000;

test('a clock that is set forward leaves each request its time', async () => {
	const clock = { now: Date.now, ahead: 0 };
	const spy = jest.spyOn(Date, 'now').mockImplementation(() => clock.now() + clock.ahead);
	const form: IDataObject = { locationId: '4564', events: ['productSale'], options: {} };
	const hooks: IDataObject = { active: 0, urls: [] };
	const waits: number[] = [];
	const send = async (_: string, { method, body, timeout = 0 }: IHttpRequestOptions) => {
		waits.push(timeout);
		clock.ahead += HOUR_MS;
		if (method === 'POST') Object.assign(hooks, JSON.parse(String(body)));
		return { statusCode: 200, headers: {}, body: { success: true, data: hooks, meta: {} } };
	};
	try {
		const done = await register.call({
			getNode: () => node,
			getCredentials: async () => ({
				...credentialsOf.altegioApi,
				baseUrl: 'https://hooks.example/api/v1',
			}),
			getNodeParameter: (name: string, fallback: unknown) => form[name] ?? fallback,
			getNodeWebhookUrl: () => 'https://n8n.example/webhook/1',
			getWorkflowStaticData: () => ({}),
			helpers: { httpRequestWithAuthentication: send },
		} as unknown as IHookFunctions);
		expect(done).toBe(true);
	} finally {
		spy.mockRestore();
	}
	expect(hooks.urls).toEqual([expect.stringMatching(/^https:\/\/n8n\.example\/webhook\/1\?key=/)]);
	// The least that a request gets when its time is over is one second.
	expect(waits).toHaveLength(3);
	for (const wait of waits) expect(wait).toBeGreaterThan(1000);
});
