import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import * as fc from 'fast-check';

import type { Call } from '../../nodes/shared/catalogue';
import { memoryOf } from '../../nodes/shared/run/memory';
import { turnOf } from '../../nodes/shared/run/turn';
import { callOf } from './calls';
import { thingOperation } from './shop';

interface Place {
	instance: string;
	workflow: string;
	execution: string | undefined;
	nodeId: string;
	nodeName: string;
	run: number;
	retryOnFail: boolean;
	/** JSON of the item with this index. */
	json: (index: number) => IDataObject;
}

const HERE: Place = {
	instance: 'i',
	workflow: 'w',
	execution: 'e',
	nodeId: 'n',
	nodeName: 'Node',
	run: 0,
	retryOnFail: true,
	json: (index) => ({ n: index }),
};
let executions = 0;
/** A turn that no other test has. */
const somewhere = (): Partial<Place> => ({ execution: `execution ${++executions}` });

function contextAt(changes: Partial<Place>): IExecuteFunctions {
	const place = { ...HERE, ...changes };
	return {
		getInstanceId: () => place.instance,
		getWorkflow: () => ({ id: place.workflow }),
		getExecutionId: () => place.execution,
		getNode: () => ({ id: place.nodeId, name: place.nodeName, retryOnFail: place.retryOnFail }),
		getWorkflowDataProxy: () => ({ $runIndex: place.run }),
		getInputData: () => [0, 1, 2].map((index) => ({ json: place.json(index) })),
	} as unknown as IExecuteFunctions;
}

const callAt = (itemIndex: number, changes: Partial<Call> = {}) =>
	callOf(thingOperation, { itemIndex, body: { n: itemIndex }, ...changes });
const items = (text: string) => [{ json: { text }, pairedItem: { item: 0 } }];

/** What a new try in this place knows of the call. */
const recall = (place: Partial<Place>, call: Call) => memoryOf(contextAt(place)).recall(call);

describe('the name of a turn', () => {
	it('is the same for every try', () => {
		expect(turnOf(contextAt({}))).toBe(turnOf(contextAt({})));
	});

	it('is another for whatever else runs', () => {
		const text = fc.constantFrom('a', 'b', 'a"', 'a,b', '","', '');
		const place = fc.record({
			instance: text,
			workflow: text,
			execution: fc.constantFrom('1', '2', '12'),
			nodeId: text,
			nodeName: text,
			run: fc.integer({ min: 0, max: 12 }),
		});
		fc.assert(
			fc.property(place, place, (one, other) => {
				const same = JSON.stringify(one) === JSON.stringify(other);
				expect(turnOf(contextAt(one)) === turnOf(contextAt(other))).toBe(same);
			}),
			{ numRuns: 300 },
		);
	});

	it('is not known without an execution', () => {
		expect(turnOf(contextAt({ execution: undefined }))).toBeUndefined();
		expect(turnOf(contextAt({ execution: '' }))).toBeUndefined();
	});
});

describe('the memory of a turn', () => {
	it('tells the next try what was written, and what may have been', () => {
		const place = somewhere();
		const memory = memoryOf(contextAt(place));
		const error = new Error('nobody knows');
		memory.written(callAt(0), items('zero'));
		memory.unsure(callAt(1), error);
		expect(recall(place, callAt(0))).toEqual({ items: items('zero') });
		expect(recall(place, callAt(1))).toEqual({ error });
		expect(recall(place, callAt(2))).toBeUndefined();
	});

	it('the later of two counts', () => {
		const place = somewhere();
		const memory = memoryOf(contextAt(place));
		memory.unsure(callAt(0), new Error('nobody knows'));
		memory.written(callAt(0), items('zero'));
		expect(recall(place, callAt(0))).toEqual({ items: items('zero') });
	});

	it('is of one item of one turn', () => {
		const place = somewhere();
		memoryOf(contextAt(place)).written(callAt(0), items('zero'));
		expect(recall(place, callAt(1, { body: { n: 0 } }))).toBeUndefined();
		for (const other of [{ run: 1 }, { workflow: 'x' }, { nodeId: 'x' }, { instance: 'x' }]) {
			expect(recall({ ...place, ...other }, callAt(0))).toBeUndefined();
		}
		expect(recall(somewhere(), callAt(0))).toBeUndefined();
	});

	it('is of the item as it came in, whatever an expression makes of it each time', () => {
		const place = somewhere();
		memoryOf(contextAt(place)).written(callAt(0), items('zero'));
		expect(recall(place, callAt(0, { body: { moment: 'a second later' } }))).toBeDefined();
		expect(recall({ ...place, json: () => ({ n: 'another item' }) }, callAt(0))).toBeUndefined();
		const other = { ...thingOperation, route: 'PUT /thing' as const };
		expect(recall(place, callAt(0, { operation: other }))).toBeUndefined();
	});

	it('a try that gets less far loses nothing', () => {
		const place = somewhere();
		const first = memoryOf(contextAt(place));
		for (const n of [0, 1, 2]) first.written(callAt(n), items(String(n)));
		memoryOf(contextAt(place)).written(callAt(0), items('0'));
		for (const n of [0, 1, 2])
			expect(recall(place, callAt(n))).toEqual({ items: items(String(n)) });
	});

	it('is empty after it was told to forget', () => {
		const place = somewhere();
		const memory = memoryOf(contextAt(place));
		memory.written(callAt(0), items('zero'));
		memory.forget();
		expect(recall(place, callAt(0))).toBeUndefined();
	});

	it.each([
		['nodes that are not tried again', { retryOnFail: false }],
		['executions without a name', { execution: undefined }],
	])('is not kept for %s', (_, place) => {
		const memory = memoryOf(contextAt(place));
		memory.written(callAt(0), items('zero'));
		expect(memory.recall(callAt(0))).toBeUndefined();
		expect(recall(place, callAt(0))).toBeUndefined();
	});

	it('is of a bounded number of turns: those used last stay', () => {
		const places = Array.from({ length: 200 }, somewhere);
		const oldest = memoryOf(contextAt(places[0]));
		oldest.written(callAt(0), items('0'));
		for (const [at, place] of places.entries()) {
			if (at > 0) memoryOf(contextAt(place)).written(callAt(0), items(String(at)));
			oldest.written(callAt(1), items('still at work'));
		}
		const kept = places.filter((place) => recall(place, callAt(0)) !== undefined);
		expect(kept.length).toBeLessThanOrEqual(50);
		expect(kept).toEqual([places[0], ...places.slice(201 - kept.length)]);
	});

	it('is forgotten after a while', () => {
		// After all that the other tests have left, which stands before it.
		const start = Date.now() + 86_400_000;
		const now = jest.spyOn(Date, 'now');
		try {
			now.mockReturnValue(start);
			const [old, used, fresh] = [somewhere(), somewhere(), somewhere()];
			memoryOf(contextAt(used)).written(callAt(0), items('used'));
			memoryOf(contextAt(old)).written(callAt(0), items('old'));
			now.mockReturnValue(start + 400_000);
			memoryOf(contextAt(used)).written(callAt(1), items('used'));
			now.mockReturnValue(start + 700_000);
			memoryOf(contextAt(fresh)).written(callAt(0), items('fresh'));
			expect(recall(old, callAt(0))).toBeUndefined();
			expect(recall(used, callAt(0))).toBeDefined();
			expect(recall(fresh, callAt(0))).toBeDefined();
		} finally {
			now.mockRestore();
		}
	});
});
