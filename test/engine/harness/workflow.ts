import './environment';

import { createHash } from 'node:crypto';
import { Workflow } from 'n8n-workflow';
import type {
	IConnections,
	IDataObject,
	INode,
	INodeTypes,
	IPinData,
	IWorkflowBase,
	IWorkflowSettings,
} from 'n8n-workflow';

/** A node as tests and exported workflow files write it; what is left out gets n8n's default. */
export interface NodeInput {
	name: string;
	type: string;
	id?: string;
	typeVersion?: number;
	position?: readonly number[];
	parameters?: object;
	credentials?: object;
	webhookId?: string;
	disabled?: boolean;
	onError?: string;
	continueOnFail?: boolean;
	retryOnFail?: boolean;
	/** 2 to 5, default 3. */
	maxTries?: number;
	/** Milliseconds, at most 5000, default 1000. */
	waitBetweenTries?: number;
	alwaysOutputData?: boolean;
	executeOnce?: boolean;
	notes?: string;
}

/** A workflow as tests and exported workflow files write it. */
export interface WorkflowInput {
	id?: string;
	name?: string;
	nodes: readonly NodeInput[];
	connections?: object;
	settings?: object;
	staticData?: object | null;
	pinData?: object;
	active?: boolean;
}

/** The ID of workflows that bring none; n8n allows at most 21 characters. */
export const DEFAULT_WORKFLOW_ID = 'harness-workflow';

function stableUuid(...parts: string[]): string {
	const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20, 32),
	].join('-');
}

/**
 * Completes a workflow the way n8n's editor does when it saves one. IDs that are left out are
 * derived from the names, so that a second run of the same workflow meets the same IDs.
 */
export function completeWorkflow(
	input: WorkflowInput,
	types: INodeTypes & { latestVersion(nodeType: string): number },
): IWorkflowBase {
	const id = input.id ?? DEFAULT_WORKFLOW_ID;
	const names = new Set<string>();
	const nodes = input.nodes.map((node, index) => {
		if (names.has(node.name)) throw new Error(`The workflow has two nodes named "${node.name}"`);
		names.add(node.name);
		const typeVersion = node.typeVersion ?? types.latestVersion(node.type);
		const { description } = types.getByNameAndVersion(node.type, typeVersion);
		const complete = {
			...structuredClone(node),
			id: node.id ?? stableUuid(id, node.name),
			typeVersion,
			position: node.position ?? [index * 220, 0],
			parameters: structuredClone(node.parameters ?? {}),
		};
		if (description.webhooks !== undefined && complete.webhookId === undefined) {
			complete.webhookId = stableUuid(id, node.name, 'webhook');
		}
		return complete as INode;
	});
	const now = new Date();
	return {
		id,
		name: input.name ?? 'Harness workflow',
		active: input.active ?? true,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		activeVersionId: null,
		nodes,
		connections: structuredClone(input.connections ?? {}) as IConnections,
		settings: { executionOrder: 'v1', ...input.settings } as IWorkflowSettings,
		staticData: structuredClone(input.staticData ?? {}) as IDataObject,
		pinData: structuredClone(input.pinData ?? {}) as IPinData,
	};
}

/** Static data as n8n's database would hold it: plain JSON, without the engine's observers. */
export function plainStaticData(staticData: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(staticData)) as IDataObject;
}

/** Whether static data of `workflow` was changed since it was instantiated. */
export function staticDataChanged(workflow: Workflow): boolean {
	return workflow.staticData.__dataChanged === true;
}

/**
 * Instantiates a workflow for one use. Nodes and static data are copied: the engine fills in
 * parameter defaults in place and wraps static data.
 */
export function instantiate(
	data: IWorkflowBase,
	nodeTypes: INodeTypes,
	overrides: { active?: boolean; staticData?: IDataObject } = {},
): Workflow {
	return new Workflow({
		id: data.id,
		name: data.name,
		nodes: structuredClone(data.nodes),
		connections: structuredClone(data.connections),
		active: overrides.active ?? data.active,
		nodeTypes,
		staticData: plainStaticData(overrides.staticData ?? data.staticData ?? {}),
		settings: data.settings,
		pinData: data.pinData,
	});
}

/** @throws Error if the workflow has no node of that name */
export function requireNode(workflow: Workflow, nodeName: string): INode {
	const node = workflow.getNode(nodeName);
	if (node === null) {
		const known = Object.keys(workflow.nodes).join(', ');
		throw new Error(`The workflow has no node "${nodeName}" (it has: ${known})`);
	}
	return node;
}
