/** Calls that wake an execution in which Recognise and Wait sleeps, where they cannot do so. */
import type { IWebhookFunctions } from 'n8n-workflow';

import { wake } from '../../nodes/InspectorCloud/wake';

function context(items: unknown, answer: { status?: number; body: unknown }) {
	const told: unknown[] = [];
	const response = {
		status: (code: number) => ({ json: (body: unknown) => told.push([code, body]) }),
	};
	const self = {
		evaluateExpression: () => items,
		getCredentials: async () =>
			await Promise.resolve({
				authentication: 'token',
				host: 'https://a.example',
				token: 'secret-token',
				dataApiVersion: 'v1.3',
			}),
		getNode: () => ({ name: 'Node', type: 'inspectorCloud', parameters: {} }),
		getResponseObject: () => response,
		logger: { warn: (text: string) => told.push(text) },
		helpers: {
			httpRequestWithAuthentication: async () =>
				await Promise.resolve({
					statusCode: answer.status ?? 200,
					headers: { 'content-type': 'application/json' },
					body: answer.body,
				}),
		},
	};
	return { self: self as unknown as IWebhookFunctions, told };
}

const pending = {
	json: { report_id: 7, report_type: 'FACING_COUNT', status: 'NOT_READY', scene: 'a' },
	pairedItem: { item: 3 },
	pending: { return: 'rows' },
};
const done = { json: { id: 1 }, pairedItem: { item: 0 } };

test('a report that is on the way lets the execution sleep on', async () => {
	const { self } = context([pending], { body: { id: 7, status: 'NOT_READY' } });
	const { workflowData, webhookResponse } = await wake.call(self);
	expect(workflowData).toBeUndefined();
	expect(webhookResponse).toEqual({ message: '1 reports are still on the way' });
});

test('reports that cannot be read let it sleep on, and the call is told to come again', async () => {
	const { self, told } = context([pending], { status: 403, body: { detail: 'No permission.' } });
	expect(await wake.call(self)).toEqual({ noWebhookResponse: true });
	expect(told).toEqual([
		expect.stringMatching(/could not be read/),
		[503, { message: 'Come again' }],
	]);
	expect(JSON.stringify(told)).not.toContain('secret-token');
});

test('a report that failed, or is gone, is an item that says so; others stay as they are', async () => {
	const failed = { id: 7, status: 'ERROR', error: 'needs a display' };
	const { self } = context([done, pending], { body: failed });
	expect((await wake.call(self)).workflowData).toEqual([
		[
			done,
			{
				json: expect.objectContaining({ report_id: 7, status: 'ERROR', error: 'needs a display' }),
				pairedItem: { item: 3 },
			},
		],
	]);
	const gone = context([pending], { status: 404, body: { detail: 'Not found.' } });
	expect((await wake.call(gone.self)).workflowData).toEqual([
		[
			{
				json: expect.objectContaining({
					report_id: 7,
					status: 'ERROR',
					error: expect.stringMatching(/any more/),
				}),
				pairedItem: { item: 3 },
			},
		],
	]);
});
