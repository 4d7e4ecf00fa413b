/**
 * The trigger's `execute()`; its course is the shared trigger's. Nothing is asked before the Market has its answer: what a
 * notification names is fetched here, in the execution. Reference of the project: yandex-market-jobs.md §8.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { toNodeError } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { yesNo } from '../../shared/form/readers';
import {
	handle as sharedHandle,
	type Handled,
	type HandlingBasics,
	type HandlingWork,
} from '../../shared/trigger/handle';
import { yandexMarket } from '../vendor';
import { eventMoment } from './notification';
import { furtherIds, objectOf } from './objects';
import { isOvertaken } from './order';
import { KEEP_MS, nameOfNotification } from './pair';
import { wantedOf, type Read } from './receiving';

/** When the workflow is published: a form that cannot be read is refused then, and not when the Market calls. */
export async function check(this: IHookFunctions): Promise<boolean> {
	const read: Read = (name, fallback) => this.getNodeParameter(name, fallback as never);
	try {
		settingsOf(read);
	} catch (error) {
		throw toNodeError(this.getNode(), yandexMarket.name, error);
	}
	return await Promise.resolve(true);
}

interface Settings extends HandlingBasics {
	fetches: boolean;
	ignoresOwn: boolean;
}

function settingsOf(read: Read): Settings {
	const options = (read('options', {}) ?? {}) as IDataObject;
	// What a call could not be measured by is said here, where the user sees it.
	wantedOf(read);
	return {
		deduplicate: yesNo('Drop Repeats', options.dropRepeats) !== false,
		withPolling: yesNo('Share With Polling Trigger', options.withPolling) === true,
		fetches: yesNo('Fetch Object', read('fetch', false)) === true,
		ignoresOwn: yesNo('Ignore Own Messages', options.ignoreOwn) === true,
	};
}

/** `execute()`: drops repetitions and fetches what the notification is about. */
export async function handle(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await sharedHandle<Settings>(this, {
		vendor: yandexMarket,
		settings: settingsOf,
		unpack: (told) => [JSON.parse(told) as IDataObject],
		repeatedMs: KEEP_MS,
		naming: {
			keepMs: KEEP_MS,
			namesOf: (json) => [nameOfNotification(json)].filter((name) => name !== undefined),
		},
		complete,
	});
}

async function complete(
	items: Handled[],
	{ context, settings, road }: HandlingWork<Settings>,
): Promise<INodeExecutionData[]> {
	const { fetches, ignoresOwn } = settings;
	if (ignoresOwn && !fetches) {
		throw new InputProblem(
			'Ignore Own Messages',
			'is on without Fetch Object',
			'Switch on Fetch Object: only the message itself tells who wrote it.',
		);
	}
	const outputs: INodeExecutionData[] = [];
	for (const { json, index } of items) {
		// A run by hand without a notification has nothing to show.
		if (json.notificationType === undefined) continue;
		const row: IDataObject = { ...json, eventTime: eventMoment(json) ?? null };
		if (isOvertaken(context, json)) row.outOfOrder = true;
		if (fetches) {
			const object = await objectOf(json, await road());
			if (object) Object.assign(row, await furtherIds(json, object, await road()));
			row.object = object;
		}
		const sender = (row.object as IDataObject | null | undefined)?.sender;
		const isOwn = json.notificationType === 'CHAT_MESSAGE_SENT' && sender === 'PARTNER';
		if (!ignoresOwn || !isOwn) outputs.push({ json: row, pairedItem: { item: index } });
	}
	return outputs;
}
