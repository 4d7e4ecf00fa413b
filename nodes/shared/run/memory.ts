/**
 * What a node has already written in this turn, kept for n8n's Retry On Fail: the next try starts the node from
 * its first item, and would write once more what the try before has written. Kept in memory of the process, which
 * is where the tries of one turn happen; forgotten when the turn ends well, or after a while.
 */
import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Call } from '../catalogue';
import { turnOf } from './turn';

/** n8n waits at most 5 s between tries, and tries five times. */
const KEPT_MS = 600_000;
const TURNS = 50;

type Known = { items: INodeExecutionData[] } | { error: Error };

interface Turn {
	at: number;
	calls: Map<number, { print: string; known: Known }>;
}

const turns = new Map<string, Turn>();

/** The memory of one turn. */
export interface RunMemory {
	/** What became of this very call in an earlier try; undefined when it was not written. */
	recall: (call: Call) => Known | undefined;
	written: (call: Call, items: INodeExecutionData[]) => void;
	/** The vendor has carried the call out, or may have: another try must not send it again. */
	unsure: (call: Call, error: Error) => void;
	forget: () => void;
}

const NOTHING: RunMemory = {
	recall: () => undefined,
	written: () => undefined,
	unsure: () => undefined,
	forget: () => undefined,
};

/** The memory of the context's turn; of nodes that n8n does not try again, nothing is kept. */
export function memoryOf(context: IExecuteFunctions): RunMemory {
	const key = context.getNode().retryOnFail === true ? turnOf(context) : undefined;
	if (key === undefined) return NOTHING;
	// A try that ends early must not lose what the tries before it have done.
	const turn: Turn = turns.get(key) ?? { at: Date.now(), calls: new Map() };
	const inputs = context.getInputData();
	const prints = new Map<number, string>();
	const print = ({ operation, itemIndex }: Call): string => {
		const made = prints.get(itemIndex) ?? printOf(operation.route, inputs[itemIndex].json);
		prints.set(itemIndex, made);
		return made;
	};
	const keep = (call: Call, known: Known) => {
		turn.calls.set(call.itemIndex, { print: print(call), known });
		turn.at = Date.now();
		// The turns stand in the order of their latest use.
		turns.delete(key);
		turns.set(key, turn);
		clean();
	};
	return {
		recall: (call) => {
			const found = turn.calls.get(call.itemIndex);
			return found?.print === print(call) ? found.known : undefined;
		},
		written: (call, items) => keep(call, { items }),
		unsure: (call, error) => keep(call, { error }),
		forget: () => turns.delete(key),
	};
}

/**
 * The item as it came in. What the form makes of it may differ from try to try (the time, a random number) and is
 * the same work all the same.
 */
function printOf(route: string, json: IDataObject): string {
	return createHash('sha256')
		.update(`${route} ${JSON.stringify(json)}`)
		.digest('base64');
}

function clean(): void {
	const oldest = Date.now() - KEPT_MS;
	for (const [key, turn] of turns) {
		if (turn.at < oldest || turns.size > TURNS) turns.delete(key);
		else break;
	}
}
