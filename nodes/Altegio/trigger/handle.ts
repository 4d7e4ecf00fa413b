/** What the trigger does with an event in an execution; the course of it is `handle` of the shared trigger. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isNotFound } from '../../shared/errors/errors';
import * as shared from '../../shared/trigger/handle';
import { altegio } from '../vendor';
import {
	changedSince,
	fulfilled,
	rulesOf,
	statesOf,
	statusOf,
	teaches,
	type Changed,
} from './appointment';
import { PATHS } from './events';
import type { Notification } from './notification';
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
		// No other trigger of the workflow watches the same.
		changeOf: () => undefined,
		choose,
		complete,
	});
}

const toldOf = ({ resource, action, object }: IDataObject) => ({
	resource: String(resource),
	status: action as Notification['status'],
	data: (object ?? {}) as IDataObject,
});

/** What the process remembers once an event has been passed on. */
const unremembered = new WeakMap<Handled, () => void>();

/** Names the events, and drops what is none of those that are wanted. */
async function choose(items: Handled[], work: Work): Promise<Handled[]> {
	const { context, settings } = work;
	const mode = context.getMode();
	const isTest = mode === 'manual' || mode === 'evaluation';
	const kept: Handled[] = [];
	for (const one of items) {
		const told = toldOf(one.json);
		const rules = rulesOf(told, settings.events);
		const changed = isTest ? undefined : await changedOf(one.json, work);
		const events = fulfilled(rules, changed).map(({ value }) => value);
		if (events.length === 0) {
			changed?.remember();
			continue;
		}
		if (changed) unremembered.set(one, changed.remember);
		// The most telling one comes first; that anything was updated says least.
		events.sort((a, b) => Number(a === 'appointmentUpdated') - Number(b === 'appointmentUpdated'));
		Object.assign(one.json, { event: events[0], events, action: statusOf(told) });
		kept.push(one);
	}
	return kept;
}

/** What the memory tells of an appointment; it learns from each notification, wanted or not. */
async function changedOf(json: IDataObject, work: Work): Promise<Changed | undefined> {
	const told = toldOf(json);
	if (!teaches(told, work.settings.events)) return undefined;
	const name = [work.context.getNode().id, 'record', json.locationId, json.id].join(' ');
	const changed = await changedSince(work.context, name, statesOf(told.data));
	work.took(changed.keys);
	if (changed.trouble !== undefined) {
		work.hint(
			`n8n's memory of what has been seen could not be used (${changed.trouble}). Whether an appointment was moved may be told wrong.`,
		);
	}
	return changed;
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
