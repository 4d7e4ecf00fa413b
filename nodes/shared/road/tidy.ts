/** Answers as they should have come: an API's ways to say nothing, made into one. */
import type { ApiRequest, Tidy } from '../catalogue';

/** The answer in its envelope, also of the requests that the vendor answers without it. */
export function inEnvelope(
	body: unknown,
	{ envelope }: Tidy,
	request: Pick<ApiRequest, 'method' | 'path'>,
): unknown {
	if (!envelope) return body;
	// Some pages show the whole answer as the only element of a list.
	const [only, ...others] = Array.isArray(body) ? (body as unknown[]) : [];
	const isListed = typeof only === 'object' && only !== null && others.length === 0;
	if (isListed && envelope.marks.every((name) => name in only)) return only;
	if (!envelope.isMissing(request)) return body;
	if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return body;
	const isIn = !Array.isArray(body) && envelope.marks.some((name) => name in body);
	return isIn ? body : { [envelope.at]: body };
}

/** A copy of a JSON value in which `[]` of the named objects is `{}` and the texts that mean nothing are null. */
export function tidied(value: unknown, tidy: Tidy): unknown {
	const objects = new Set(tidy.objects);
	const nothing = new Set<unknown>(tidy.nothing);
	const clean = (one: unknown, name?: string): unknown => {
		if (nothing.has(one)) return null;
		if (Buffer.isBuffer(one) || typeof one !== 'object' || one === null) return one;
		if (!Array.isArray(one)) {
			return Object.fromEntries(Object.entries(one).map(([key, held]) => [key, clean(held, key)]));
		}
		if (one.length === 0 && name !== undefined && objects.has(name)) return {};
		return one.map((held) => clean(held));
	};
	return clean(value);
}
