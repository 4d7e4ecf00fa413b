/** Writes that wake no webhooks: the option that all of them have. */
import type { Field, Operation } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import { isRead } from '../shared/run/request';

/**
 * The header goes once for each address; a list in one of them is refused, as is an address without protocol and
 * domain (3030; MoySklad docs: Webhooks, switching off by prefix).
 */
const SILENCE: Field = {
	name: 'silentWebhooks',
	label: 'Do Not Call Webhooks Of',
	kind: 'text',
	also: 'list',
	section: 'options',
	to: 'header:X-Lognex-WebHook-DisableByPrefix',
	placeholder: 'e.g. https://n8n.example.com/',
	help: 'Beginning of the URLs of webhooks that this write must not call, with https:// and domain. Several go with commas between them, or as a list by an expression.',
	wire: (value) => prefixesOf(value),
};

/** Addresses from a list or a text. Throws `InputProblem` for one that MoySklad would refuse. */
function prefixesOf(value: unknown): string[] | undefined {
	const given = (Array.isArray(value) ? value : [value])
		.flatMap((one) => String(one ?? '').split(/[\s,;]+/))
		.filter((one) => one !== '');
	for (const one of given) {
		if (/^https?:\/\/[^/]/i.test(one) && URL.canParse(one) && /^[\x21-\x7e]+$/.test(one)) continue;
		throw new InputProblem(
			SILENCE.label,
			`holds '${one}', which is no beginning of a URL`,
			'Give protocol and whole domain, such as https://n8n.example.com/, with Latin letters.',
		);
	}
	return given.length > 0 ? [...new Set(given)].sort() : undefined;
}

/** An operation with the option, when it writes. */
export function withSilence(operation: Operation): Operation {
	if (isRead(operation)) return operation;
	const byMethod = operation.fields.some(({ name }) => name === 'method');
	const field = byMethod ? { ...SILENCE, when: { method: ['DELETE', 'POST', 'PUT'] } } : SILENCE;
	return { ...operation, fields: [...operation.fields, field] };
}
