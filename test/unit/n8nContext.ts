/**
 * n8n's own execution context around a node of the test's making: parameters get their defaults, expressions are
 * resolved and values are checked by n8n-core, nothing of it is imitated here.
 */
import { removeUserFolder } from '../engine/harness/environment';

import { ExecuteContext } from 'n8n-core';
import { createRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteData,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

afterAll(() => removeUserFolder());

const TYPE = 'n8n-nodes-retail-ops.underTest';

/** The context in which n8n would execute a node with these properties, parameters and items. */
export function n8nContext(
	properties: INodeProperties[],
	parameters: IDataObject,
	json: IDataObject[] = [{}],
): ExecuteContext {
	const nodeType = {
		description: {
			displayName: 'Under Test',
			name: 'underTest',
			group: ['transform'],
			version: 1,
			description: 'Node of a test',
			defaults: { name: 'Under Test' },
			inputs: ['main'],
			outputs: ['main'],
			properties,
		},
	} as INodeType;
	const nodeTypes: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		id: 'workflow-1',
		name: 'Workflow',
		nodes: [
			{
				id: 'node-1',
				name: 'Under Test',
				type: TYPE,
				typeVersion: 1,
				position: [0, 0],
				parameters: structuredClone(parameters) as INodeParameters,
			},
		],
		connections: {},
		active: false,
		nodeTypes,
		settings: { timezone: 'Europe/Moscow' },
	});
	const node = workflow.nodes['Under Test'];
	const items: INodeExecutionData[] = json.map((row, item) => ({
		json: row,
		pairedItem: { item },
	}));
	const inputData = { main: [items] };
	const executeData: IExecuteData = { node, data: inputData, source: null };
	return new ExecuteContext(
		workflow,
		node,
		{
			executionId: 'execution-1',
			variables: {},
			webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
			formWaitingBaseUrl: 'http://localhost/form-waiting',
		} as unknown as IWorkflowExecuteAdditionalData,
		'trigger',
		createRunExecutionData(),
		0,
		items,
		inputData,
		executeData,
		[],
	);
}
