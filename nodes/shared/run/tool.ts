/** A node that an AI agent runs as its tool. */
import type { INode } from 'n8n-workflow';

/**
 * True for a node that hangs on an agent. n8n gives it a type of its own, by the name of the node's with this end
 * (n8n: tool-generation); its `isToolExecution()` is true for older agents alone.
 */
export function isTool({ type }: Pick<INode, 'type'>): boolean {
	return type.endsWith('Tool');
}
