/**
 * A polling trigger's `execute()`. n8n prefers it to `poll()` when it runs the node (n8n 2.41, workflow-execute
 * `runNode`): with the items of `poll()` in a published workflow, with one empty item in a run by hand. Unlike
 * `poll()` it has n8n's memory of what was seen, which it shares with the webhook trigger of the workflow.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Vendor } from '../catalogue';
import { toNodeError } from '../errors/errors';
import { openRoad, type Road } from '../road/road';
import { passByName, passByPolling, type Change } from './pair';
import { DOUBT_MS, type PolledItem } from './polling';
import { claim } from './seen';

/** What a vendor says of the items of its polling trigger. */
export interface DeliveringRules<S> {
	vendor: Vendor;
	settings: (read: (name: string, fallback: unknown) => unknown, timezone: string) => S;
	/** What a run by hand shows. Nothing is kept of it. */
	preview: (road: Road, settings: S) => Promise<IDataObject[]>;
	/** Said when there is nothing to show: the same always, or by what was looked at. */
	nothing: string | ((settings: S) => string);
	/** What is to be done about the items of a poll, now that n8n has stored the execution that has them. */
	arrived?: (
		items: INodeExecutionData[],
		work: { context: IExecuteFunctions; settings: S; road: () => Promise<Road> },
	) => Promise<void>;
	/** For a vendor that has a webhook trigger, too. */
	pair?: {
		/** Whether the two pass each change on once. */
		isWanted: (settings: S) => boolean;
	} & Known;
}

/** By what the webhook trigger knows a change: by its moment, or by names that `poll()` has given it. */
type Known =
	| { changeOf: (json: IDataObject) => Change }
	| {
			/** So long (ms) a name is known. */
			keepMs: number;
			/** A change of which the webhook trigger has told a part. */
			rest: (json: IDataObject) => IDataObject;
	  };

/** `execute()` of a polling trigger. */
export async function deliver<S>(
	context: IExecuteFunctions,
	rules: DeliveringRules<S>,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData() as PolledItem[];
	try {
		const settings = rules.settings(
			(name, fallback) => context.getNodeParameter(name, 0, fallback),
			context.getTimezone(),
		);
		const road = async () => await openRoad(context, rules.vendor);
		if (items.some(({ polled }) => polled)) {
			const { pair, arrived } = rules;
			const passed = await pass(context, items, pair?.isWanted(settings) ? pair : undefined);
			if (passed.length > 0) await arrived?.(passed, { context, settings, road });
			return [passed];
		}
		const shown = await rules.preview(await road(), settings);
		if (shown.length === 0) {
			const { nothing } = rules;
			const message = typeof nothing === 'string' ? nothing : nothing(settings);
			context.addExecutionHints({ message, location: 'outputPane', type: 'info' });
		}
		return [shown.map((json) => ({ json, pairedItem: { item: 0 } }))];
	} catch (error) {
		throw toNodeError(context.getNode(), rules.vendor.name, error);
	}
}

/** `known`: by what a webhook trigger knows a change, where it shares them. */
async function pass(
	context: IExecuteFunctions,
	items: PolledItem[],
	known?: Known,
): Promise<INodeExecutionData[]> {
	const node = context.getNode().id;
	const keyOf = (batch: string | undefined) =>
		batch === undefined ? undefined : `${node} poll ${batch}`;
	const batches = items.flatMap(({ polled }) => [keyOf(polled?.batch), keyOf(polled?.after)]);
	const take = [...new Set(batches.filter((key) => key !== undefined))];
	const { repeats, trouble } = await claim(context, { take, keepMs: DOUBT_MS });
	let wanted = [...items.entries()].filter(([, item]) => {
		const before = keyOf(item.polled?.after);
		return before === undefined || !repeats.has(before);
	});
	let worst = trouble;
	// The user asks n8n for another run of an execution that failed.
	if (known && context.getMode() !== 'retry') {
		const answer = await unshared(context, wanted, known);
		worst ??= answer.trouble;
		wanted = answer.pass;
	}
	if (worst !== undefined) {
		context.addExecutionHints({
			message: `n8n's memory of what has been seen could not be used (${worst}). No change is lost, but one that ${known ? 'the other trigger' : 'an earlier poll'} passes on may come twice.`,
			location: 'outputPane',
			type: 'warning',
		});
	}
	return wanted.map(([index, { json }]) => ({ json, pairedItem: { item: index } }));
}

/** What the webhook trigger of the workflow has not passed on. */
async function unshared(
	context: IExecuteFunctions,
	items: Array<[number, PolledItem]>,
	known: Known,
): Promise<{ pass: Array<[number, PolledItem]>; trouble?: string }> {
	if ('changeOf' in known) {
		const changes = items.map(([index, item]) => ({ index, item, ...known.changeOf(item.json) }));
		const { pass, trouble } = await passByPolling(context, changes);
		return { pass: pass.map(({ index, item }) => [index, item]), trouble };
	}
	const namesOf = ([, { polled }]: [number, PolledItem]) => polled?.names ?? [];
	const { pass, partly, trouble } = await passByName(context, items, {
		namesOf,
		keepMs: known.keepMs,
	});
	const rest = ({ json, ...others }: PolledItem) => ({ ...others, json: known.rest(json) });
	return {
		pass: pass.map((one) => (partly.has(one) ? [one[0], rest(one[1])] : one)),
		trouble,
	};
}
