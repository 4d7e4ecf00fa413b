/** One catalogue entry and one item's call → the request. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, HttpMethod, Operation, Route, Vendor } from '../catalogue';
import { InputProblem } from '../errors/problems';

/** Files are large, and storage is slower than an API. */
const FILE_MS = 300_000;

/** The method of a route. */
export function routeMethod(route: Route): HttpMethod {
	return route.slice(0, route.indexOf(' ')) as HttpMethod;
}

/** True for an operation that changes nothing at the vendor. */
export function isRead({ does, route }: Pick<Operation, 'does' | 'route'>): boolean {
	return does === undefined ? routeMethod(route) === 'GET' : does === 'reads';
}

/** The operation's name in the error table: `order.getAll`. */
export function operationName({ resource, operation }: Operation): string {
	return `${resource}.${operation}`;
}

const operations = new WeakMap<Vendor, Map<string, Operation>>();

/** The operation with these two names; undefined when the vendor has none. */
export function operationOf(
	vendor: Vendor,
	resource: unknown,
	operation: unknown,
): Operation | undefined {
	let named = operations.get(vendor);
	if (!named) {
		named = new Map(vendor.operations.map((entry) => [operationName(entry), entry]));
		operations.set(vendor, named);
	}
	return named.get(`${String(resource)}.${String(operation)}`);
}

/** The path of a route with its placeholders filled in. Throws `InputProblem` when a path field is empty. */
export function routePath(route: string, call: Call): string {
	return route.slice(route.indexOf(' ') + 1).replace(/\{(\w+)\}/g, (_, key: string) => {
		const value = call.path[key];
		// Dots would lead up the path: to the collection, say, instead of one of its objects.
		if (!value || value === '.' || value === '..') {
			throw new InputProblem(
				key,
				value ? `is '${value}'` : 'is empty',
				'Fill in this field, or check the expression that fills it.',
			);
		}
		return encodeURIComponent(value);
	});
}

/** The request of a call, without paging. Throws `InputProblem` when a path field is empty. */
export function requestOf(vendor: Vendor, call: Call): ApiRequest {
	const { operation } = call;
	const method = routeMethod(operation.route);
	const path = routePath(operation.route, call);
	const request: ApiRequest = { method, path, query: { ...call.query } };
	const says = Object.keys(call.body).length > 0 || operation.does === 'reads';
	if (method !== 'GET' && says) request.body = call.body;
	if (call.headers && !isRead(operation)) request.headers = { ...call.headers };
	if (operation.idempotent !== undefined) request.idempotent = operation.idempotent;
	if (operation.bulk?.kind === 'write') request.idempotent ??= operation.bulk.repeatable(call);
	if (operation.does !== undefined) request.idempotent ??= isRead(operation);
	const { kind } = operation.answer;
	if (kind === 'deleted' || kind === 'done') request.expects = 'nothing';
	if (kind === 'file') {
		request.expects = 'bytes';
		request.followToStorage = true;
		request.timeoutMs = FILE_MS;
	}
	operation.shape?.(request, call);
	vendor.writeList?.(request, call);
	return request;
}

/** Bytes of a query on the wire. */
export function encodedSize(query: IDataObject): number {
	// n8n's helper encodes these as well.
	const sizeOf = (text: string) =>
		encodeURIComponent(text).length + 2 * (text.match(/[!'()*]/g)?.length ?? 0);
	let size = 0;
	for (const [name, value] of Object.entries(query)) {
		for (const one of Array.isArray(value) ? value : [value]) {
			size += sizeOf(name) + sizeOf(String(one)) + 2;
		}
	}
	return size;
}
