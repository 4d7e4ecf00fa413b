/**
 * Sale prices of goods. Each has a price type, which MoySklad demands (specification: salePrice; code 3000). Prices
 * of types that are not given stay (MoySklad docs: Bundle, update).
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, SendRequest } from '../shared/catalogue';
import { once } from '../shared/road/once';
import { InputProblem } from '../shared/errors/problems';
import { metaAt } from './references';
import { idOf } from './simplify';

const PATH = '/context/companysettings/pricetype';

/** True when prices of the call have no price type yet. */
export function needPriceType({ body }: Call): boolean {
	return body.salePrice !== undefined || pricesOf(body).some(({ priceType }) => !priceType);
}

function pricesOf({ salePrices }: IDataObject): IDataObject[] {
	return Array.isArray(salePrices) ? (salePrices as IDataObject[]) : [];
}

/** ID of the account's main price type, the first of the list (MoySklad docs: Price types), asked for once. */
export async function mainPriceType(send: SendRequest): Promise<string> {
	return await once(send, PATH, async () => {
		const { body } = await send({ method: 'GET', path: `${PATH}/default` });
		return String((body as IDataObject).id);
	});
}

/**
 * Writes `body.salePrice` into `body.salePrices` as the price of the main type (a cleared one is 0); prices without
 * a type are of that one, too. Throws `InputProblem`.
 */
export function writePrices({ body, baseUrl }: Call, mainType: string): void {
	const priceType = metaAt(baseUrl, `${PATH}/${mainType}`, 'pricetype');
	const prices = pricesOf(body).map((price): IDataObject => ({ priceType, ...price }));
	if (body.salePrice !== undefined) {
		const value = body.salePrice ?? 0;
		const same = prices.find((price) => idOf(price.priceType) === mainType);
		if (!same) prices.push({ priceType, value });
		else if (same.value !== value) {
			throw new InputProblem(
				'Sale Price',
				`is ${String(value)}, and ${String(same.value)} in 'Sale Prices'`,
				'Leave out one of the two.',
			);
		}
	}
	delete body.salePrice;
	body.salePrices = prices;
}
