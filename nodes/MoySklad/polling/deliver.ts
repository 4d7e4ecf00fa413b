/**
 * The trigger's `execute()`. n8n prefers it to `poll()` when it runs the node (n8n 2.41, workflow-execute
 * `runNode`): with the items of `poll()` in a published workflow, with one empty item in a run by hand. Unlike
 * `poll()` it has n8n's memory of what was seen, which it shares with the webhook trigger of the workflow.
 */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toNodeError } from '../../shared/errors/errors';
import { openRoad } from '../../shared/road/road';
import { passByPolling, type Change } from '../trigger/pair';
import { claim } from '../../shared/trigger/seen';
import { moySklad } from '../vendor';
import type { PolledItem } from './items';
import { DOUBT_MS } from './polling';
import { preview } from './preview';
import { pollingSettings, type PollingSettings } from './settings';

/** `execute()` of the trigger. */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData() as PolledItem[];
	const settings = () =>
		pollingSettings(
			(name, fallback) => this.getNodeParameter(name, 0, fallback),
			this.getTimezone(),
		);
	if (items.some(({ polled }) => polled)) {
		return [await pass(this, items, settings())];
	}
	try {
		const shown = await preview(await openRoad(this, moySklad), settings());
		if (shown.length === 0) {
			this.addExecutionHints({
				message: 'There is no object of these types yet, so there is nothing to show.',
				location: 'outputPane',
				type: 'info',
			});
		}
		return [shown.map((json) => ({ json, pairedItem: { item: 0 } }))];
	} catch (error) {
		throw toNodeError(this.getNode(), moySklad.name, error);
	}
}

async function pass(
	context: IExecuteFunctions,
	items: PolledItem[],
	{ withWebhook }: PollingSettings,
): Promise<INodeExecutionData[]> {
	const indexed = items.map((item, index) => ({ item, index, ...changeOf(item) }));
	const node = context.getNode().id;
	const keyOf = (batch: string | undefined) =>
		batch === undefined ? undefined : `${node} poll ${batch}`;
	const batches = items.flatMap(({ polled }) => [keyOf(polled?.batch), keyOf(polled?.after)]);
	const take = [...new Set(batches.filter((key) => key !== undefined))];
	const { repeats, trouble } = await claim(context, { take, keepMs: DOUBT_MS });
	let wanted = indexed.filter(({ item }) => {
		const before = keyOf(item.polled?.after);
		return before === undefined || !repeats.has(before);
	});
	let worst = trouble;
	// The user asks n8n for another run of an execution that failed.
	if (withWebhook && context.getMode() !== 'retry') {
		const answer = await passByPolling(context, wanted);
		worst ??= answer.trouble;
		wanted = answer.pass;
	}
	if (worst !== undefined) {
		context.addExecutionHints({
			message: `n8n's memory of what has been seen could not be used (${worst}). No change is lost, but one that the other trigger passes on may come twice.`,
			location: 'outputPane',
			type: 'warning',
		});
	}
	return wanted.map(({ item, index }) => ({ json: item.json, pairedItem: { item: index } }));
}

function changeOf({ json }: PolledItem): Change {
	const { entityType, id, action, moment } = json;
	return {
		entityType: String(entityType),
		id: String(id),
		action: String(action),
		moment: String(moment),
	};
}
