import './environment';

import { jsonParse, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IVersionedNodeType,
} from 'n8n-workflow';

/** Type name of the fixture node that emits the items given in its `items` parameter. */
export const ITEMS_NODE_TYPE = 'test.items';

/** Items as tests write them: full n8n items, or bare objects that become an item's `json`. */
export type ItemInput = INodeExecutionData | IDataObject;

/**
 * Turns bare objects into n8n items. An object counts as a full item if its `json` is an object
 * and each of its keys is one of `json`, `binary`, `pairedItem`, `error`.
 */
export function toItems(input: readonly ItemInput[]): INodeExecutionData[] {
	const itemKeys = new Set(['json', 'binary', 'pairedItem', 'error']);
	return input.map((item) =>
		typeof item.json === 'object' &&
		item.json !== null &&
		Object.keys(item).every((key) => itemKeys.has(key))
			? (item as INodeExecutionData)
			: { json: item as IDataObject },
	);
}

/**
 * The harness's own stand-in for n8n's Manual Trigger (n8n-nodes-base is not part of the test
 * installation). Passes on what it is given: one empty item unless the run says otherwise.
 */
class ManualTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Manual Trigger',
		name: 'n8n-nodes-base.manualTrigger',
		group: ['trigger'],
		version: 1,
		description: 'Starts a workflow by hand',
		defaults: { name: 'When clicking ‘Execute workflow’' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

/** The harness's own stand-in for n8n's No Operation node: passes its input on unchanged. */
class NoOp implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'No Operation, do nothing',
		name: 'n8n-nodes-base.noOp',
		group: ['organization'],
		version: 1,
		description: 'Passes its input on',
		defaults: { name: 'No Operation, do nothing' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

/** The harness's own stand-in for n8n's Sticky Note, so that commented workflows can be run. */
class StickyNote implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sticky Note',
		name: 'n8n-nodes-base.stickyNote',
		group: ['input'],
		version: 1,
		description: 'A note on the canvas',
		defaults: { name: 'Sticky Note' },
		inputs: [],
		outputs: [],
		properties: [{ displayName: 'Content', name: 'content', type: 'string', default: '' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

/**
 * `test.items`, which exists only in the harness: emits the items of its `items` parameter (an
 * array, or JSON text of one). Expressions in them are not resolved.
 */
class Items implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Items',
		name: ITEMS_NODE_TYPE,
		group: ['input'],
		version: 1,
		description: 'Emits the given items',
		defaults: { name: 'Items' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Items', name: 'items', type: 'json', default: '[]' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const value = this.getNodeParameter('items', 0, '[]', { rawExpressions: true });
		const items: unknown = typeof value === 'string' ? jsonParse(value) : value;
		if (!Array.isArray(items)) {
			throw new NodeOperationError(this.getNode(), "'Items' must be an array of items");
		}
		return [toItems(structuredClone(items) as ItemInput[])];
	}
}

const registered = new Map<string, INodeType | IVersionedNodeType>();

/**
 * Adds a node type from elsewhere (n8n's own HTTP Request node, say) to the engines that are created from
 * now on in this process. It may use the credential types of the engine's package.
 * @param type full type name, e.g. `n8n-nodes-base.httpRequest`
 */
export function registerNodeType(type: string, nodeType: INodeType | IVersionedNodeType): void {
	registered.set(type, nodeType);
}

/** The node types that the harness brings itself, and the registered ones, by full type name. */
export function createBuiltinNodeTypes(): Record<string, INodeType | IVersionedNodeType> {
	const types = [new ManualTrigger(), new NoOp(), new StickyNote(), new Items()];
	return {
		...Object.fromEntries(types.map((type) => [type.description.name, type])),
		...Object.fromEntries(registered),
	};
}
