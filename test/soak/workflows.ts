/** Workflows of the rows, and how they get into n8n. */
import { randomUUID } from 'crypto';
import type { Sandbox } from '../../sandbox';
import { waitFor } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow } from '../../sandbox/n8n/n8n';
import { ourNode } from '../../sandbox/n8n/nodes';
import type { WorkflowNode } from '../../sandbox/n8n/nodes';
import type { Webhook } from '../../sandbox/moysklad/webhooks';
import type { Host } from './types';

/** Long enough for n8n to publish a workflow on a busy machine, ms. */
const PUBLISH_MS = 60_000;

/** Does nothing; takes what a trigger passes on. */
export const noOp: WorkflowNode = {
	id: 'node-after',
	name: 'After',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [220, 0],
	parameters: {},
};

/** n8n's own Webhook node: answers as soon as the execution is stored, like the trigger. */
export function webhookNode(path: string): WorkflowNode {
	return {
		id: 'node-webhook',
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		position: [0, 0],
		webhookId: randomUUID(),
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
	};
}

/** The polling trigger with the sandbox's credential. */
export function pollingNode(parameters: Record<string, unknown>): WorkflowNode {
	return ourNode('moySkladPollingTrigger', 'moySkladApi', parameters, {
		id: 'node-polling',
		name: 'Polling',
		position: [0, 220],
	});
}

/** Adds a workflow to n8n, without publishing it. Returns the ID that n8n gives it. */
export async function addWorkflow(host: Host, workflow: ImportedWorkflow): Promise<string> {
	const { name, nodes, connections, settings } = workflow;
	const { id } = await host.api.request<{ id: string }>('POST', '/rest/workflows', {
		name,
		nodes,
		connections,
		settings,
	});
	return id;
}

/** Webhooks at the sandbox's MoySklad whose address has this in it. */
export function webhooksAt(sandbox: Sandbox, part: string): Webhook[] {
	return sandbox.moysklad.webhooks.list('webhook').filter(({ url }) => url.includes(part));
}

/** Publishes a workflow with a MoySklad Trigger, and waits until MoySklad has as many webhooks of it. */
export async function publishTrigger(
	host: Host,
	workflowId: string,
	webhookId: string,
	webhooks = 1,
): Promise<Webhook[]> {
	await host.publish(workflowId);
	const found = () => webhooksAt(host.sandbox, webhookId);
	await waitFor('the webhooks', () => found().length === webhooks, PUBLISH_MS);
	return found();
}

/**
 * Publishes a workflow with n8n's Webhook node, and has MoySklad call it as it calls a trigger of ours: for updates of
 * products, with the names of the changed fields.
 */
export async function publishWebhook(
	host: Host,
	workflowId: string,
	path: string,
): Promise<Webhook> {
	await host.publish(workflowId);
	const url = `${host.url}/webhook/${path}`;
	await waitFor(
		'the Webhook node',
		async () => {
			// By GET nothing starts: n8n says that it knows the path by another method.
			const answer = await fetch(url);
			return (await answer.text()).includes('POST request');
		},
		PUBLISH_MS,
	);
	return host.sandbox.moysklad.webhooks.create('webhook', {
		url,
		entityType: 'product',
		action: 'UPDATE',
		diffType: 'FIELDS',
	});
}
