/**
 * What a cabinet sells: prices with their quarantine, and the products of a shop with its stock. Only products that were
 * put here by {@link YandexGoods.sell}; while there are none, answers are made of the specification.
 */
import type { StockUpdate } from './stocks';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/**
 * A price that differs from the last one by more than this share waits for confirmation. The Market's own threshold is set
 * in the cabinet (specification: PriceQuarantineVerdictType).
 */
const QUARANTINE_SHARE = 0.5;
/** Of the cabinet. */
export const CURRENCY = 'RUR';
const WAREHOUSE = 90_001;
/** Operations that know these products. */
const KNOWN = new Set([
	...['getCampaignOffers', 'getOfferMappings', 'getStocks', 'updateBusinessPrices', 'updatePrices'],
	...['getBusinessQuarantineOffers', 'confirmBusinessPrices'],
]);

export class YandexGoods {
	/** Price of a cabinet by SKU, in roubles. */
	readonly prices = new Map<string, number>();
	/** Prices that shops have of their own, by campaign ID and SKU. */
	readonly ofShops = new Map<number, Map<string, number>>();
	/** Prices that wait for confirmation, by SKU. */
	readonly waiting = new Map<string, number>();

	constructor(private readonly stocks: Map<number, Map<string, StockUpdate>>) {}

	/** The cabinet sells a product. */
	sell(sku: string, price: number): void {
		this.prices.set(sku, price);
	}

	/** Whether the catalogue has a SKU: any one while nothing is sold. */
	knows(sku: string): boolean {
		return this.prices.size === 0 || this.prices.has(sku);
	}

	/** The answer of an operation that is about these products, to a body that fits the specification; undefined for any other. */
	answer(operation: string, params: Record<string, string>, text: string): unknown {
		if (this.prices.size === 0 || !KNOWN.has(operation)) return undefined;
		const body = JSON.parse(text || '{}') as Json;
		switch (operation) {
			case 'getCampaignOffers':
				return { status: 'OK', result: { paging: {}, offers: this.products(body) } };
			case 'getOfferMappings':
				return {
					status: 'OK',
					result: { paging: {}, offerMappings: this.products(body).map((offer) => ({ offer })) },
				};
			case 'updatePrices':
				this.writeShop(Number(params.campaignId), body);
				return { status: 'OK' };
			case 'getStocks':
				return {
					status: 'OK',
					result: { paging: {}, warehouses: this.warehouses(Number(params.campaignId), body) },
				};
			case 'updateBusinessPrices':
				this.write(body);
				return { status: 'OK' };
			case 'getBusinessQuarantineOffers':
				return { status: 'OK', result: { paging: {}, offers: this.quarantine(body) } };
			default:
				this.confirm(body);
				return { status: 'OK' };
		}
	}

	private products(body: Json): Json[] {
		return [...this.prices]
			.filter(([sku]) => isAsked(body, sku))
			.map(([offerId, value]) => ({
				offerId,
				status: 'PUBLISHED',
				basicPrice: { value, currencyId: CURRENCY, updatedAt: '2026-11-28T10:00:00+03:00' },
			}));
	}

	/** What a shop was told of; the Market lists no stock of which it knows nothing. */
	private warehouses(campaign: number, body: Json): Json[] {
		const offers = [...(this.stocks.get(campaign)?.values() ?? [])]
			.filter(({ sku }) => this.prices.has(sku) && isAsked(body, sku))
			.map(({ sku, count, updatedAt }) => ({
				offerId: sku,
				updatedAt,
				stocks: ['FIT', 'AVAILABLE'].map((type) => ({ type, count })),
			}));
		return offers.length > 0 ? [{ warehouseId: WAREHOUSE, offers }] : [];
	}

	private write(body: Json): void {
		for (const { offerId, price } of (body.offers ?? []) as Array<{
			offerId: string;
			price: { value: number };
		}>) {
			const before = this.prices.get(offerId);
			// Of unknown SKUs the Market says nothing.
			if (before === undefined) continue;
			this.waiting.delete(offerId);
			const isFar = Math.abs(price.value - before) > before * QUARANTINE_SHARE;
			if (isFar) this.waiting.set(offerId, price.value);
			else this.prices.set(offerId, price.value);
		}
	}

	private writeShop(campaign: number, body: Json): void {
		const shop = this.ofShops.get(campaign) ?? new Map<string, number>();
		this.ofShops.set(campaign, shop);
		for (const { offerId, price } of (body.offers ?? []) as Array<{
			offerId: string;
			price: { value: number };
		}>) {
			if (this.prices.has(offerId)) shop.set(offerId, price.value);
		}
	}

	private quarantine(body: Json): Json[] {
		return [...this.waiting]
			.filter(([sku]) => isAsked(body, sku))
			.map(([offerId, value]) => ({
				offerId,
				verdicts: [
					{
						type: 'PRICE_CHANGE',
						params: [
							{ name: 'CURRENT_PRICE', value: String(value) },
							{ name: 'LAST_VALID_PRICE', value: String(this.prices.get(offerId)) },
							{ name: 'CURRENCY', value: CURRENCY },
						],
					},
				],
			}));
	}

	private confirm(body: Json): void {
		for (const offerId of (body.offerIds ?? []) as string[]) {
			const price = this.waiting.get(offerId);
			if (price === undefined) continue;
			this.waiting.delete(offerId);
			this.prices.set(offerId, price);
		}
	}
}

/** Whether a list is asked for a SKU: all of them without `offerIds`. */
function isAsked({ offerIds }: Json, sku: string): boolean {
	return !Array.isArray(offerIds) || offerIds.length === 0 || offerIds.includes(sku);
}
