/** SKUs that exist: the Market says OK for others as well, and nothing comes of it. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Work } from '../../shared/catalogue';
import { valueAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';

export const CHECK_SKUS: Field = {
	name: 'checkSkus',
	label: 'Check SKUs First',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	help: 'Whether to look up the products first, so that unknown SKUs are an error instead of nothing. Takes a request for each 100.',
};

/** SKUs of one look. */
const MOST = 100;

/** Refuses the calls whose SKU the catalogue does not have. `id`: property of the body that holds it. */
export function checkSkus(id: string): NonNullable<Operation['prepare']> {
	return async (calls, work) => {
		const wanted = calls.filter(({ control }) => control.checkSkus === true);
		const places = new Map<string, Call[]>();
		for (const call of wanted) {
			const { campaignId, businessId } = call.path;
			const place = businessId
				? `/v2/businesses/${businessId}/offer-mappings`
				: `/v2/campaigns/${campaignId}/offers`;
			places.set(place, [...(places.get(place) ?? []), call]);
		}
		for (const [path, those] of places) {
			const skus = [...new Set(those.map(({ body }) => String(body[id])))];
			const known = new Set<string>();
			for (let at = 0; at < skus.length; at += MOST) {
				for (const sku of await look(path, skus.slice(at, at + MOST), work)) known.add(sku);
			}
			for (const call of those) {
				const sku = String(call.body[id]);
				if (!known.has(sku)) call.problem = unknown(sku);
			}
		}
	};
}

async function look(path: string, offerIds: string[], work: Work): Promise<string[]> {
	const { body } = await work.send({ method: 'POST', path, body: { offerIds }, idempotent: true });
	const rows = (valueAt(body, 'result.offers') ??
		valueAt(body, 'result.offerMappings') ??
		[]) as IDataObject[];
	return rows.map((row) => String(row.offerId ?? (row.offer as IDataObject | undefined)?.offerId));
}

function unknown(sku: string): InputProblem {
	return new InputProblem(
		'SKU',
		`is '${sku}', which the catalogue does not have`,
		"Capitals and leading zeros count. Create the product first, leave this item out, or switch off 'Check SKUs First'.",
	);
}
