/** Runs an operation of the Yandex Market node without n8n, as `runShop` does, with the Market's own budget and errors. */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type { Operation } from '../../nodes/shared/catalogue';
import { operationName } from '../../nodes/shared/run/request';
import type { Reply, Sent } from './shop';
import { runShop, type RunOutcome } from './shopRun';

let keys = 0;

/** Throws for a name that no operation has. */
export function operationOf(name: string): Operation {
	const operation = yandexMarket.operations.find((one) => operationName(one) === name);
	if (!operation) throw new Error(`There is no ${name}`);
	return operation;
}

/**
 * Runs one operation for items, each a form; `credential`: what it has besides the key, or the key, where several runs
 * share one; `type`: that of the node.
 */
export async function run(
	name: string,
	items: IDataObject[],
	server: (sent: Sent) => Reply,
	goesOn = false,
	credential: IDataObject = {},
	type?: string,
): Promise<RunOutcome> {
	const operation = operationOf(name);
	const apiKey = `ACMA:key-${++keys}`;
	return await runShop({
		operations: [operation],
		items: items.map((item) => ({
			resource: operation.resource,
			campaignId: '21',
			businessId: '7',
			...item,
		})),
		server,
		goesOn,
		type,
		vendor: {
			...yandexMarket,
			connect: () =>
				yandexMarket.connect({
					apiKey,
					host: 'ru',
					...credential,
				} as ICredentialDataDecryptedObject),
		},
	});
}

export const OK = { body: { status: 'OK' } };
