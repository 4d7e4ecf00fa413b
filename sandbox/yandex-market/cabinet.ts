/**
 * The cabinet's own rules beyond one request: warehouses and their stocks, what refuses prices, product documents.
 * What a test has not set up is answered from the facts. Reference of the project: yandex-market-jobs.md §0, §5, §6.
 */
import { YandexError } from './errors';
import { CURRENCY, type YandexGoods } from './goods';
import { momentProblem } from './stocks';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

export interface YandexWarehouse {
	id: number;
	name: string;
	/** The shop that it belongs to. */
	campaignId: number;
}

const bad = (code: string, message: string) => new YandexError(400, code, message);
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Operations that may answer 423 while a shop is being moved (specification). */
const LOCKED_BY_MOVE = new Set([
	...['deleteOffers', 'updateOfferMappings', 'addOffersToArchive', 'deleteOffersFromArchive'],
	...['generateOfferBarcodes', 'updateBusinessPrices', 'updatePrices', 'confirmBusinessPrices'],
	...['confirmCampaignPrices', 'addHiddenOffers', 'deleteHiddenOffers', 'updateCampaignOffers'],
	...['deleteCampaignOffers', 'updateOfferContent'],
]);

/** Refuses a list in which an element comes twice, as a whole. */
function checkUnique(keys: string[], what: string): void {
	const twice = keys.find((key, at) => keys.indexOf(key) !== at);
	if (twice !== undefined) throw bad('DUPLICATE_OFFER', `The ${what} is there twice: ${twice}`);
}

export class YandexCabinet {
	/** Warehouses without groups (v3); none: the cabinet has groups, and tells its stocks by shop. */
	warehouses: YandexWarehouse[] = [];
	/** Shops have no prices of their own: 423. */
	onlyDefaultPrice = false;
	/** A shop is being moved: what changes products or prices answers 423. */
	migrating = false;
	/** Returns whose 48 hours are over. */
	readonly decided = new Set<string>();
	/** By warehouse and SKU. */
	readonly stocks = new Map<string, Json>();
	/** By number; while there are none, every document is accepted. */
	readonly documents = new Map<string, Json>();

	constructor(private readonly goods: YandexGoods) {}

	/** The answer to a documented operation; undefined: that of the facts. Throws `YandexError`. */
	answer(
		id: string,
		params: Record<string, string>,
		body: Json,
		query: Map<string, string>,
	): Json | undefined {
		if (this.migrating && LOCKED_BY_MOVE.has(id)) {
			throw new YandexError(423, 'LOCKED', 'Business is in migration');
		}
		switch (id) {
			case 'getPagedWarehouses':
			case 'getPartnerWarehouses':
				return this.listWarehouses(id, body);
			case 'updateStocksByWarehouse':
				return this.updateStocks(listOf(body.skuItems));
			case 'getStocksByWarehouse':
				return this.listStocks(body, query);
			case 'updatePrices':
				if (this.onlyDefaultPrice) {
					throw new YandexError(423, 'LOCKED', 'Partner use only default price');
				}
				this.checkPrices(listOf(body.offers));
				return undefined;
			case 'updateBusinessPrices':
				this.checkPrices(listOf(body.offers));
				return undefined;
			case 'getBusinessSettings':
				return this.settings(params);
			case 'createOfferDocuments':
				return this.createDocuments(listOf(body.documents));
			case 'submitReturnDecision':
				if (this.decided.has(params.returnId)) {
					throw bad('BAD_REQUEST', `Return ${params.returnId} already has status DECISION_MADE`);
				}
				return undefined;
			default:
				return undefined;
		}
	}

	private settings({ businessId }: Record<string, string>): Json {
		return {
			status: 'OK',
			result: {
				info: { id: Number(businessId), name: 'Sandbox cabinet' },
				settings: { onlyDefaultPrice: this.onlyDefaultPrice, currency: CURRENCY },
				subscriptionLevel: 'NONE',
			},
		};
	}

	private listWarehouses(id: string, { campaignIds }: Json): Json | undefined {
		if (this.warehouses.length === 0) return undefined;
		const isNew = id === 'getPartnerWarehouses';
		const shops = isNew ? undefined : (campaignIds as number[] | undefined);
		const rows = this.warehouses.filter(({ campaignId }) => !shops || shops.includes(campaignId));
		const models = [{ placementType: 'FBS', apiAvailability: 'AVAILABLE' }];
		const warehouses = rows.map((row) =>
			isNew ? { id: row.id, name: row.name, models } : { ...row, express: false },
		);
		return { status: 'OK', result: { warehouses, paging: {} } };
	}

	private updateStocks(items: Json[]): Json | undefined {
		if (this.warehouses.length === 0) return undefined;
		checkUnique(
			items.map(({ partnerWarehouseId, sku }) => `${String(partnerWarehouseId)} ${String(sku)}`),
			'pair of warehouse and sku',
		);
		for (const { updatedAt } of items) {
			const problem = updatedAt ? momentProblem(String(updatedAt), Date.now()) : undefined;
			if (problem) throw bad('BAD_REQUEST', problem);
		}
		for (const { partnerWarehouseId, sku, count, updatedAt } of items) {
			// Says OK for what it does not know, as v2 does.
			const isKnown = this.warehouses.some(({ id }) => id === partnerWarehouseId);
			if (!isKnown || !this.goods.knows(String(sku))) continue;
			this.stocks.set(`${String(partnerWarehouseId)} ${String(sku)}`, {
				offerId: sku,
				stocks: [{ type: 'FIT', count }],
				updatedAt: updatedAt ?? new Date().toISOString(),
			});
		}
		return { status: 'OK' };
	}

	private listStocks(
		{ partnerWarehouseId, offerIds }: Json,
		query: Map<string, string>,
	): Json | undefined {
		if (this.warehouses.length === 0) return undefined;
		const prefix = `${String(partnerWarehouseId)} `;
		const rows = [...this.stocks]
			.filter(([key]) => key.startsWith(prefix))
			.map(([, row]) => row)
			.filter(({ offerId }) => !offerIds || (offerIds as unknown[]).includes(offerId));
		const from = Number(query.get('pageToken') ?? 0);
		const end = from + Number(query.get('limit') ?? 100);
		return {
			status: 'OK',
			result: {
				partnerWarehouseId,
				offers: rows.slice(from, end),
				paging: end < rows.length ? { nextPageToken: String(end) } : {},
			},
		};
	}

	/** What refuses a list of prices as a whole. */
	private checkPrices(offers: Json[]): void {
		checkUnique(
			offers.map(({ offerId }) => String(offerId)),
			'offerId',
		);
		for (const { offerId, price } of offers) {
			const { currencyId } = (price ?? {}) as Json;
			if (currencyId === undefined || currencyId === CURRENCY) continue;
			throw bad(
				'INVALID_CURRENCY',
				`offerId = '${String(offerId)}': currency is not that of the business`,
			);
		}
	}

	/** Says ERROR with a good status when one was refused; the others are made. */
	private createDocuments(given: Json[]): Json | undefined {
		if (this.documents.size === 0) return undefined;
		const numbers = given.map(({ number }) => String(number));
		checkUnique(numbers, 'number');
		const errors = numbers
			.filter((number) => this.documents.has(number))
			.map((number) => ({
				number,
				code: 'DOCUMENT_ALREADY_EXISTS',
				message: 'The document was registered before',
			}));
		const made = given.filter(({ number }) => !this.documents.has(String(number)));
		for (const one of made) this.documents.set(String(one.number), one);
		const documents = made.map(({ number }) => ({
			id: numbers.length,
			number,
			status: 'VALIDATING',
		}));
		if (errors.length === 0) return { status: 'OK', result: { documents } };
		return { status: 'ERROR', result: { documents, errors } };
	}
}
