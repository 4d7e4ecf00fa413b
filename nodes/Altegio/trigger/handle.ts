/** What the trigger does with an event in an execution; the course of it is `handle` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isNotFound } from '../../shared/errors/errors';
import * as shared from '../../shared/trigger/handle';
import { altegio } from '../vendor';
import { PATHS } from './events';
import { nameEvents } from './naming';
import { REPEATS_END_MS } from './notification';
import { changeOf } from './pair';
import { unpack } from './receive';
import { isRegisteredKey } from './registration';
import { settingsOf, type Settings } from './settings';

type Handled = shared.Handled;
type Work = shared.HandlingWork<Settings>;

/** `execute()` of the trigger. */
export async function handle(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await shared.handle(this, {
		vendor: altegio,
		settings: settingsOf,
		unpack,
		isRegisteredKey,
		changeOf,
		repeatedMs: REPEATS_END_MS,
		choose,
		complete,
	});
}

/** What the process remembers once an event has been passed on. */
const unremembered = new WeakMap<Handled, () => void>();

/** Names the events, and drops what is none of those that are wanted. */
async function choose(items: Handled[], work: Work): Promise<Handled[]> {
	const { context, settings } = work;
	const mode = context.getMode();
	const naming = {
		events: settings.events,
		isShared: settings.withPolling,
		isTest: mode === 'manual' || mode === 'evaluation',
	};
	const kept: Handled[] = [];
	for (const one of items) {
		const { isWanted, changed, hint } = await nameEvents(context, one.json, naming);
		if (changed) work.took(changed.keys);
		if (hint) work.hint(hint);
		if (!isWanted) {
			changed?.remember();
			continue;
		}
		if (changed) unremembered.set(one, changed.remember);
		kept.push(one);
	}
	return kept;
}

async function complete(items: Handled[], work: Work): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	for (const { json } of items) {
		if (work.settings.fetchObject) await fetchObject(json, work);
	}
	for (const one of items) {
		const { json, index } = one;
		unremembered.get(one)?.();
		outputs.push({ json, pairedItem: { item: index } });
	}
	return outputs;
}

/** What a webhook tells may be partial or old: the object as it is now takes its place. */
async function fetchObject(json: IDataObject, { road }: Work): Promise<void> {
	const path = PATHS[String(json.resource)];
	json.gone = json.action === 'delete';
	if (json.gone || !path) return;
	try {
		const answer = await (
			await road()
		).send({ method: 'GET', path: path(String(json.locationId), String(json.id)) });
		const { data } = answer.body as IDataObject;
		// Some objects come as a list of one.
		json.object = (Array.isArray(data) ? data[0] : data) as IDataObject;
	} catch (error) {
		if (!isNotFound(error)) throw error as Error;
		json.gone = true;
	}
}
