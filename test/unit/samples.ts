import { inspect } from 'util';
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type { Operation, Vendor } from '../../nodes/shared/catalogue';
import { formOf } from '../../nodes/shared/form/form';

export { answerOf, callOf, node, UUID_A, UUID_B } from './calls';

export const vendors: Vendor[] = [
	altegio,
	inspectorCloud,
	moySklad,
	moySkladDocuments,
	yandexMarket,
];

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

const shares = new WeakMap<Vendor, Map<string, INodeProperties[]>>();

/**
 * The properties of a node that an operation can show. n8n looks at each one that it is given, and most of a node's
 * belong to other operations.
 */
export function formOfOperation(
	vendor: Vendor,
	{ resource, operation }: Pick<Operation, 'resource' | 'operation'>,
): INodeProperties[] {
	const known = shares.get(vendor) ?? new Map<string, INodeProperties[]>();
	shares.set(vendor, known);
	const key = `${resource}.${operation}`;
	let share = known.get(key);
	if (!share) {
		share = formOf(vendor).filter(({ displayOptions: { show } = {} }) => {
			const allows = (values: unknown[] | undefined, value: string) =>
				!values || values.includes(value);
			return allows(show?.resource, resource) && allows(show?.operation, operation);
		});
		known.set(key, share);
	}
	// n8n adds properties of its own to some lists.
	return [...share];
}
