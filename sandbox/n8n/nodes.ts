/** Nodes of the workflows that tests import into a real n8n, and workflows of them. */
import { credentialReferences } from './fixtures';
import type { CredentialType } from './fixtures';
import type { ImportedWorkflow } from './n8n';

/** The package's name and the prefix of its node types. */
export const packageName = 'n8n-nodes-retail-ops';

export const nodeTypes = [
	'moySklad',
	'moySkladDocuments',
	'moySkladTrigger',
	'moySkladPollingTrigger',
	'yandexMarket',
	'altegio',
	'altegioTrigger',
	'altegioPollingTrigger',
	'inspectorCloud',
	'inspectorCloudPollingTrigger',
	'inspectorCloudReportReadyTrigger',
	'yandexMarketTrigger',
	'yandexMarketPollingTrigger',
] as const;

export type NodeTypeName = (typeof nodeTypes)[number];

/** One node of a workflow that is to be imported. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

/** A node of ours with the sandbox's credential. */
export function ourNode(
	type: NodeTypeName,
	credential: CredentialType,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return {
		// PostgreSQL keeps 36 characters of it, and n8n never ends a publication whose node has a longer one.
		id: `n-${type}`,
		name: type,
		type: `${packageName}.${type}`,
		typeVersion: type === 'moySkladTrigger' ? 2 : 1,
		position: [220, 0],
		parameters,
		credentials: { [credential]: credentialReferences[credential] },
		...settings,
	};
}

/** A workflow of nodes in a row, each connected to the next. */
export function workflowOf(
	id: string,
	nodes: WorkflowNode[],
	settings: Record<string, unknown> = {},
): ImportedWorkflow {
	const connections: Record<string, unknown> = {};
	nodes.slice(1).forEach((node, index) => {
		connections[nodes[index].name] = { main: [[{ node: node.name, type: 'main', index: 0 }]] };
	});
	return {
		id,
		name: id,
		nodes,
		connections,
		settings: { executionOrder: 'v1', ...settings },
		active: false,
	};
}

/** Value of a resource locator, given by ID. */
export function byId(value: string | number): Record<string, unknown> {
	return { __rl: true, mode: 'id', value: String(value) };
}
