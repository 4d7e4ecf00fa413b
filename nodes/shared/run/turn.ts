/** One turn of a node: the same when n8n tries it again (Retry On Fail), another each time it runs anew. */
import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Text that names the turn: installation, workflow, execution, node and run. Node IDs are copied along with
 * workflows and execution numbers start anew in another installation, so none of them is enough alone.
 * Undefined when n8n does not tell the execution.
 */
export function turnOf(
	context: Pick<
		IExecuteFunctions,
		'getExecutionId' | 'getInstanceId' | 'getNode' | 'getWorkflow' | 'getWorkflowDataProxy'
	>,
): string | undefined {
	const execution = context.getExecutionId() as string | undefined;
	if (!execution) return undefined;
	const node = context.getNode();
	// A loop runs the node several times in one execution, with the same item indexes.
	const run = context.getWorkflowDataProxy(0).$runIndex as number;
	return JSON.stringify([
		context.getInstanceId(),
		context.getWorkflow().id,
		execution,
		node.id,
		node.name,
		run,
	]);
}
