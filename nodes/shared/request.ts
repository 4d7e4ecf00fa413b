/** One catalogue entry and one item's call → the request. */
import type { ApiRequest, Call, HttpMethod, Vendor } from './catalogue';
import { InputProblem } from './problems';

/** The request of a call, without paging. Throws `InputProblem` when a path field is empty. */
export function requestOf(vendor: Vendor, call: Call): ApiRequest {
	const { operation } = call;
	const space = operation.route.indexOf(' ');
	const method = operation.route.slice(0, space) as HttpMethod;
	const path = operation.route.slice(space + 1).replace(/\{(\w+)\}/g, (_, key: string) => {
		const value = call.path[key];
		if (value === undefined) {
			throw new InputProblem(
				key,
				'is empty',
				'Fill in this field, or check the expression that fills it.',
			);
		}
		return encodeURIComponent(value);
	});
	const request: ApiRequest = { method, path, query: { ...call.query } };
	if (method !== 'GET' && Object.keys(call.body).length > 0) request.body = call.body;
	if (operation.idempotent !== undefined) request.idempotent = operation.idempotent;
	if (operation.answer.kind === 'deleted') request.expects = 'nothing';
	operation.shape?.(request, call);
	vendor.writeList?.(request, call);
	return request;
}
