/** The MoySklad Polling Trigger for the poller of the harness. */
import type { WorkflowInput } from '../harness';
import * as shared from '../harness/poller';
import type { EngineParts } from '../harness/execution';
import { MOYSKLAD_TOKENS } from '../../../sandbox';
import type { House } from './setup';

const POLLED: shared.PolledNode = {
	type: 'n8n-nodes-retail-ops.moySkladPollingTrigger',
	name: 'MoySklad Polling Trigger',
	file: 'dist/nodes/MoySklad/polling/polling.js',
};
export const POLLING = POLLED.type;
export const POLLER = POLLED.name;

/** What polls share that belong to one test file. */
export async function pollingParts(house: House): Promise<EngineParts> {
	const data = { ...house.credential({ accessKind: 'solution' }) };
	const { nonAdmin: accessToken } = MOYSKLAD_TOKENS;
	return await shared.pollingParts(house.engine, {
		fast: { type: 'moySkladApi', data },
		nonAdmin: { type: 'moySkladApi', data: { ...data, accessToken } },
	});
}

/** The polling trigger alone in a workflow. */
export function pollingWorkflow(
	parameters: object,
	credential = 'fast',
	id?: string,
): WorkflowInput {
	return {
		...(id ? { id } : {}),
		nodes: [
			{
				name: POLLER,
				type: POLLING,
				parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
				credentials: { moySkladApi: { id: credential, name: credential } },
			},
		],
	};
}

/** A published workflow with a polling trigger. */
export class Poller extends shared.Poller {
	constructor(parts: EngineParts, workflow: WorkflowInput) {
		super(parts, workflow, POLLED);
	}

	/** The answers' `Date` is put forward by so many seconds, for changes that must have settled. */
	settleBySkew(seconds: number): void {
		this.skewMs = seconds * 1000;
	}
}
