import { inspect } from 'util';
import type { IDataObject, INode } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type { ApiAnswer, Call, Operation, Vendor } from '../../nodes/shared/catalogue';

export const vendors: Vendor[] = [altegio, inspectorCloud, moySklad, yandexMarket];

/** Credential data that every vendor's `connect` accepts. */
export const credentialsOf: Record<string, IDataObject> = {
	altegioApi: { platform: 'altegio', partnerToken: 'partner-secret', userToken: 'user-secret' },
	inspectorCloudApi: { host: 'demo.inspector-cloud.com', token: 'inspector-secret' },
	moySkladApi: { authentication: 'accessToken', accessToken: 'moysklad-secret' },
	yandexMarketApi: { host: 'ru', apiKey: 'ACMA:market-secret' },
};

/** `[name, vendor, operation]` of every operation, for `it.each`. */
export const everyOperation: Array<[string, Vendor, Operation]> = vendors.flatMap((vendor) =>
	vendor.operations.map((operation): [string, Vendor, Operation] => [
		`${vendor.name} ${operation.resource}.${operation.operation}`,
		vendor,
		operation,
	]),
);

export function operationOf(vendor: Vendor, resource: string, name: string): Operation {
	const found = vendor.operations.find(
		(entry) => entry.resource === resource && entry.operation === name,
	);
	if (!found) throw new Error(`${vendor.name} has no ${resource}.${name}`);
	return found;
}

export const node: INode = {
	id: 'a1',
	name: 'Node under test',
	type: 'n8n-nodes-retail-ops.moySklad',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export const UUID_A = '7944ef04-f831-11e5-7a69-971500188b19';
export const UUID_B = '0a6f6ac8-9d1a-11ef-0a80-0d9b002ab8f1';

/** A call as `readCall` makes it, for parts that are tested without a form. */
export function callOf(operation: Operation, changes: Partial<Call> = {}): Call {
	return {
		operation,
		itemIndex: 0,
		baseUrl: 'https://api.moysklad.ru/api/remap/1.2',
		timezone: 'Europe/Moscow',
		path: {},
		query: {},
		body: {},
		filter: [],
		sort: [],
		control: {},
		returnAll: false,
		limit: 50,
		simplify: false,
		...changes,
	};
}

export function answerOf(
	status: number,
	body?: unknown,
	headers: Record<string, string> = {},
): ApiAnswer {
	return { status, headers, body };
}

/**
 * Everything that can be read from a value: own properties of any kind, symbols, getters, causes, prototypes'
 * getters, and what the console and JSON show.
 */
export function everythingIn(value: unknown): string {
	const seen = new Set<unknown>();
	const parts: string[] = [];
	const walk = (part: unknown): void => {
		if (typeof part === 'string') parts.push(part);
		if ((typeof part !== 'object' && typeof part !== 'function') || part === null || seen.has(part))
			return;
		seen.add(part);
		if (part instanceof Map || part instanceof Set) for (const entry of part) walk(entry);
		for (const key of Reflect.ownKeys(part)) {
			parts.push(String(key));
			try {
				walk((part as Record<string | symbol, unknown>)[key]);
			} catch (error) {
				parts.push(String(error));
			}
		}
	};
	walk(value);
	parts.push(inspect(value, { depth: Infinity, showHidden: true, getters: true }));
	parts.push(JSON.stringify(value) ?? '');
	return parts.join('\n');
}
