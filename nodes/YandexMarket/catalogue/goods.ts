/** Products, cards, stocks, prices. Reference of the project: yandex-market-jobs.md §1, §6. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, VendorProblem, Work } from '../../shared/catalogue';
import { valueAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { numberOf } from '../../shared/form/readers';
import { table, VAT_RATES } from './dialect';
import { CHECK_SKUS, checkSkus } from './knownSkus';
import { placePrices, priceShop } from './shopCabinet';

/** A verdict of an upsert: what has errors was refused; warnings are told by the product itself. */
function upsertRefusal({ errors }: IDataObject): VendorProblem | undefined {
	const list = (Array.isArray(errors) ? errors : []) as IDataObject[];
	if (list.length === 0) return undefined;
	return {
		code: list[0].type as string | undefined,
		text: list
			.map(({ type, message, parameterId }) =>
				[
					type,
					message,
					parameterId === undefined ? undefined : `(parameter ${String(parameterId)})`,
				]
					.filter(Boolean)
					.join(' '),
			)
			.join(' | '),
	};
}

/** A refusal that names no reason but its own word. */
const because =
	(key: string, otherwise: string) =>
	(verdict: IDataObject): VendorProblem => ({
		code: verdict[key] as string | undefined,
		text: (verdict[key] as string | undefined) ?? otherwise,
	});

/**
 * Refuses a struck-out price that is none: the Market refuses it with all others of its request.
 *
 * @param price where the two prices stand in a body
 */
const discounts =
	(price: string): NonNullable<Operation['prepare']> =>
	(calls) => {
		for (const call of calls) {
			const { value, discountBase } = (valueAt(call.body, price) ?? {}) as IDataObject;
			if (call.problem || value === undefined || discountBase === undefined) continue;
			if (Number(discountBase) >= Number(value)) continue;
			call.problem = new InputProblem(
				'Price Before Discount',
				`is ${String(discountBase)}, which is below 'Price' (${String(value)})`,
				'Leave it empty where there is no discount.',
			);
		}
		return Promise.resolve();
	};

const KEPT =
	'NOT_DELETED: the Market gives no reason; products with stock in its warehouses are kept';

const OFFER = [
	'offerId=offer.offerId',
	'name=offer.name',
	'brand=offer.vendor',
	'categoryId=offer.marketCategoryId:number',
	'category=mapping.marketCategoryName',
	'marketSku=mapping.marketSku:number',
	'price=offer.basicPrice.value:number',
	'barcodes=offer.barcodes',
	'cardStatus=offer.cardStatus',
	'archived=offer.archived:boolean',
];

/** Labels of a span of time. */
const spanOf = (name: string, label: string) => ({
	[`offer.${name}.timePeriod`]: { name, label },
	[`offer.${name}.timeUnit`]: { name: `${name}Unit`, label: `${label} Unit` },
	[`offer.${name}.comment`]: { name: `${name}Comment`, label: `${label} Comment` },
});

export const products: Operation[] = table('product', [
	[
		'getAll',
		'getOfferMappings',
		'Get Many',
		'Get many products',
		'List the products of a cabinet',
		{ columns: OFFER },
	],
	[
		'upsert',
		'updateOfferMappings',
		'Create or Update',
		'Create or update product',
		'Create products, or change those with the same SKU',
		{
			each: {
				at: 'offerMappings',
				id: 'offerId',
				idAt: 'offer.offerId',
				results: 'results',
				failed: upsertRefusal,
				allOrNothing: true,
				inTurn: true,
				lookFor: 'these products',
				// The specification's 500 is to fall: it asks for no more than this already.
				most: 100,
			},
			prepare: discounts('offer.basicPrice'),
			tune: {
				'offer.marketCategoryId': { also: ['categoryId'] },
				'offer.vendor': { also: ['brand'] },
				'offer.basicPrice.value': { name: 'price', label: 'Price' },
				'offer.basicPrice.currencyId': { name: 'currencyId', label: 'Currency' },
				'offer.basicPrice.discountBase': { name: 'discountBase', label: 'Price Before Discount' },
				'offer.purchasePrice.value': { name: 'purchasePrice', label: 'Purchase Price' },
				'offer.purchasePrice.currencyId': {
					name: 'purchaseCurrencyId',
					label: 'Purchase Currency',
				},
				'offer.additionalExpenses.value': {
					name: 'additionalExpenses',
					label: 'Additional Expenses',
				},
				'offer.additionalExpenses.currencyId': {
					name: 'expensesCurrencyId',
					label: 'Expenses Currency',
				},
				...spanOf('shelfLife', 'Shelf Life'),
				...spanOf('lifeTime', 'Life Time'),
				...spanOf('guaranteePeriod', 'Guarantee'),
				'offer.condition.type': { name: 'conditionType', label: 'Condition' },
				'offer.condition.quality': { name: 'conditionQuality', label: 'Condition Quality' },
				'offer.condition.reason': { name: 'conditionReason', label: 'Condition Reason' },
				'offer.type': { name: 'type', label: 'Type' },
				'offer.age.value': { name: 'age', label: 'Age' },
				'offer.age.ageUnit': { name: 'ageUnit', label: 'Age Unit' },
				'offer.deleteParameters': { name: 'deleteParameters', label: 'Fields to Clear' },
			},
			mapper: {
				mode: 'create',
				readOnly: [
					'archived',
					'cardStatus',
					'category',
					'categoryName',
					'shopSku',
					'tariffs',
					'warehouses',
				],
				front: [
					'offer.offerId',
					'offer.name',
					'offer.marketCategoryId',
					'offer.vendor',
					'offer.description',
					'offer.pictures',
					'offer.barcodes',
					'offer.basicPrice.value',
					'offer.basicPrice.currencyId',
				],
			},
			notes:
				'Up to 100 items share a request. One bad product spoils its request: the option Leave Out Refused Items sends the others again.',
		},
	],
	[
		'delete',
		'deleteOffers',
		'Delete',
		'Delete product',
		'Delete products from the catalogue',
		{
			each: {
				at: 'offerIds',
				results: 'result.notDeletedOfferIds',
				failed: () => ({ code: 'NOT_DELETED', text: KEPT }),
			},
			notes: 'Up to 500 items share a request, each with its own verdict. This cannot be undone.',
		},
	],
	[
		'archive',
		'addOffersToArchive',
		'Archive',
		'Archive product',
		'Move products to the archive',
		{
			each: {
				at: 'offerIds',
				id: 'offerId',
				results: 'result.notArchivedOffers',
				failed: because('error', 'not archived'),
			},
			notes: 'Up to 200 items share a request, each with its own verdict.',
		},
	],
	[
		'unarchive',
		'deleteOffersFromArchive',
		'Unarchive',
		'Unarchive product',
		'Take products out of the archive',
		{
			each: {
				at: 'offerIds',
				results: 'result.notUnarchivedOfferIds',
				failed: () => ({
					code: 'NOT_UNARCHIVED',
					text: 'NOT_UNARCHIVED: the Market gives no reason',
				}),
			},
			notes: 'Up to 200 items share a request, each with its own verdict.',
		},
	],
	[
		'generateBarcodes',
		'generateOfferBarcodes',
		'Generate Barcodes',
		'Generate barcode of product',
		'Give products barcodes of the Market',
		{
			each: {
				at: 'offerIds',
				results: 'result.unprocessedOfferIds',
				repeatable: false,
				failed: () => ({
					code: 'NOT_PROCESSED',
					text: 'NOT_PROCESSED: the product got no barcode',
				}),
			},
			notes: 'Up to 100 items share a request, each with its own verdict.',
		},
	],
	[
		'getStatistics',
		'getGoodsStats',
		'Get Statistics',
		'Get statistics of products',
		'Retrieve prices, tariffs and stocks of products by SKU',
		{
			columns: [
				'shopSku',
				'marketSku',
				'name',
				'price',
				'categoryId',
				'categoryName',
				'warehouses',
				'tariffs',
			],
		},
	],
]);

export const documents: Operation[] = table('productDocument', [
	[
		'create',
		'createOfferDocuments',
		'Create',
		'Create product document',
		'Register certificates and declarations of products',
		{
			each: {
				at: 'documents',
				id: 'number',
				results: 'result.errors',
				failed: ({ code, message }) => ({
					code: code as string,
					text: [code, message].filter(Boolean).join(': '),
				}),
				repeatable: false,
				lookFor: 'these documents',
			},
			tune: {
				type: {
					placeholder: 'e.g. CONFORMITY_DECLARATION',
					help: "The kind of document in the API's words",
				},
			},
			docs: 'https://yandex.ru/dev/market/partner-api/doc/en/reference/business-offer-mappings/',
			notes:
				'Since 9 September 2026. Up to 100 items share a request, each with its own verdict. Products name it in their certificates.',
		},
	],
]);

export const cards: Operation[] = table('productCard', [
	[
		'getAll',
		'getOfferCardsContentStatus',
		'Get Many',
		'Get many product cards',
		'List how well the cards of products are filled in',
		{
			columns: [
				'offerId',
				'cardStatus',
				'contentRating',
				'averageContentRating',
				'contentRatingStatus',
				'marketSku=mapping.marketSku:number',
				'groupId=groupId',
				'recommendations',
				'errors',
				'warnings',
			],
		},
	],
	[
		'updateContent',
		'updateOfferContent',
		'Update',
		'Update product card',
		'Change the parameters on the cards of products',
		{
			each: {
				at: 'offersContent',
				id: 'offerId',
				results: 'results',
				failed: upsertRefusal,
				allOrNothing: true,
				inTurn: true,
				lookFor: 'the cards of these products',
			},
			tune: {
				parameterValues: {
					label: 'Parameters',
					help: 'Parameters of the category and their values: see Get Category Parameters',
				},
			},
			notes:
				'Up to 100 items share a request. One bad card spoils its request: the option Leave Out Refused Items sends the others again.',
		},
	],
	[
		'getCategoryParameters',
		'getCategoryContentParameters',
		'Get Category Parameters',
		'Get parameters of category',
		'List the parameters that cards of a category have',
		{ at: 'result.parameters', tune: { businessId: { section: 'filters' } } },
	],
]);

export const shopProducts: Operation[] = table('shopProduct', [
	[
		'getAll',
		'getCampaignOffers',
		'Get Many',
		'Get many products of shop',
		'List the products of a shop with their prices and status',
		{
			columns: [
				'offerId',
				'status',
				'price=campaignPrice.value:number',
				'priceBeforeDiscount=campaignPrice.discountBase:number',
				'basicPrice=basicPrice.value:number',
				'updatedAt=campaignPrice.updatedAt',
				'errors',
				'warnings',
			],
		},
	],
	[
		'update',
		'updateCampaignOffers',
		'Update',
		'Update product of shop',
		'Change how products are sold in a shop',
		{
			each: { at: 'offers', id: 'offerId' },
			top: ['vat'],
			notes: 'Up to 500 items share a request.',
		},
	],
	[
		'delete',
		'deleteCampaignOffers',
		'Delete',
		'Delete product from shop',
		'Take products out of a shop',
		{
			each: {
				at: 'offerIds',
				results: 'result.notDeletedOfferIds',
				failed: () => ({ code: 'NOT_DELETED', text: KEPT }),
			},
			notes: 'Up to 500 items share a request, each with its own verdict. This cannot be undone.',
		},
	],
	[
		'getHidden',
		'getHiddenOffers',
		'Get Hidden',
		'Get hidden products of shop',
		'List products that were hidden in a shop',
		{ columns: ['offerId'], tune: { offer_id: { label: 'SKUs', name: 'offerIds' } } },
	],
	[
		'hide',
		'addHiddenOffers',
		'Hide',
		'Hide product in shop',
		'Hide products from buyers',
		{
			each: { at: 'hiddenOffers', id: 'offerId' },
			notes:
				'Up to 500 items share a request. It takes some minutes. The Market tells nothing about unknown SKUs.',
		},
	],
	[
		'show',
		'deleteHiddenOffers',
		'Show',
		'Show product in shop',
		'Show hidden products again',
		{
			each: { at: 'hiddenOffers', id: 'offerId' },
			notes:
				'Up to 500 items share a request. It takes some minutes. The Market tells nothing about unknown SKUs.',
		},
	],
]);

const SILENT = 'The Market says OK for unknown SKUs as well.';

/** Of the price of a shop alone. */
const VAT: Field = {
	name: 'vat',
	label: 'VAT',
	kind: 'number',
	section: 'additionalFields',
	to: 'body:price.vat',
	whole: true,
	help: `${VAT_RATES}. Of the price of a shop alone.`,
};

/** Prices of shops go by their own call. */
async function inPlace(calls: Call[], work: Work): Promise<void> {
	await placePrices(
		calls,
		work,
		() => prices.find(({ operation }) => operation === 'updateShop') as Operation,
	);
}

export const prices: Operation[] = table('price', [
	[
		'getAll',
		'getDefaultPrices',
		'Get Many',
		'Get many prices',
		'List the prices of a cabinet, which all its shops have',
		{
			columns: [
				'offerId',
				'price=price.value:number',
				'currency=price.currencyId',
				'priceBeforeDiscount=price.discountBase:number',
				'minimumForBestseller=price.minimumForBestseller:number',
				'excludedFromBestsellers=price.excludedFromBestsellers:boolean',
				'updatedAt=price.updatedAt',
			],
		},
	],
	[
		'update',
		'updateBusinessPrices',
		'Update',
		'Update price',
		'Set the prices of a cabinet, or of one of its shops',
		{
			each: { at: 'offers', id: 'offerId', lookFor: 'the prices of these products' },
			own: [priceShop, VAT, CHECK_SKUS],
			prepare: async (calls, work) => {
				await discounts('price')(calls, work);
				await inPlace(
					calls.filter(({ problem }) => !problem),
					work,
				);
				await checkSkus('offerId')(
					calls.filter(({ problem }) => !problem),
					work,
				);
			},
			tune: {
				'price.value': { label: 'Price', help: 'Whole numbers are recommended' },
				'price.currencyId': { default: 'RUR' },
				'price.discountBase': { help: 'Shown struck out. The discount must be 5 to 99 %.' },
				'price.minimumForBestseller': { label: 'Minimum for Bestsellers' },
			},
			notes: `Up to 500 items share a request, 2,000 for prices of a shop. With Shop, the price is that of the shop where the cabinet lets shops have their own, and else that of the cabinet: the node finds it out, at most once in 15 minutes. ${SILENT} A price that changes much waits in quarantine: see Price Quarantine.`,
		},
	],
	[
		'updateShop',
		'updatePrices',
		'Update of Shop',
		'Update price of shop',
		'Set the prices of one shop',
		{
			each: { at: 'offers', id: 'offerId', lookFor: 'the prices of these products' },
			own: [CHECK_SKUS],
			prepare: async (calls, work) => {
				await discounts('price')(calls, work);
				await checkSkus('offerId')(
					calls.filter(({ problem }) => !problem),
					work,
				);
			},
			tune: {
				offerId: { required: true },
				'price.value': {
					label: 'Price',
					required: true,
					help: 'Whole numbers are recommended',
				},
				'price.currencyId': { default: 'RUR', required: true },
				'price.discountBase': { help: 'Shown struck out. The discount must be 5 to 99 %.' },
			},
			notes: `Up to 2,000 items share a request. ${SILENT} Only where the cabinet lets shops have prices of their own; Update with Shop works in every cabinet.`,
		},
	],
	[
		'getShop',
		'getPricesByOfferIds',
		'Get Many of Shop',
		'Get many prices of shop',
		'List the prices that were set for a shop',
		{
			columns: [
				'offerId',
				'price=price.value:number',
				'currency=price.currencyId',
				'priceBeforeDiscount=price.discountBase:number',
				'vat=price.vat:number',
				'updatedAt',
			],
		},
	],
	[
		'getRecommendations',
		'getOfferRecommendations',
		'Get Recommendations',
		'Get recommendations for prices',
		'List prices that the Market recommends',
		{
			columns: [
				'offerId=offer.offerId',
				'price=offer.price:number',
				'competitiveness=offer.competitiveness',
				'shows=offer.shows:number',
				'recommendedPrice=recommendation.recommendedCofinancePrice.value:number',
			],
		},
	],
	[
		'getShopLegacy',
		'getPrices',
		'Get Many by Shop',
		'Get many prices by shop',
		'List prices of a shop in the form of the former API',
		{
			deprecated: { instead: 'Get Many of Shop' },
			at: 'result.offers',
			columns: [
				'id',
				'price=price.value:number',
				'currency=price.currencyId',
				'marketSku',
				'updatedAt',
			],
		},
	],
]);

/** Why a price waits, and what it is compared with: values of its verdicts (PriceQuarantineVerdictType). */
function waitingPrice({ offerId, verdicts }: IDataObject): IDataObject {
	const list = (Array.isArray(verdicts) ? verdicts : []) as IDataObject[];
	const told = list.flatMap(({ params }) => (Array.isArray(params) ? params : []) as IDataObject[]);
	const value = (of: string) => told.find(({ name }) => name === of)?.value;
	const price = (of: string) => (value(of) === undefined ? null : Number(value(of)));
	return {
		offerId,
		reasons: list.map(({ type }) => String(type)).join(', '),
		newPrice: price('CURRENT_PRICE'),
		lastPrice: price('LAST_VALID_PRICE'),
		lowestPrice: price('MIN_PRICE'),
		currency: value('CURRENCY') ?? null,
	};
}

const QUARANTINE = {
	columns: [
		'offerId',
		'reasons=reasons:string',
		'newPrice=newPrice:number',
		'lastPrice=lastPrice:number',
		'lowestPrice=lowestPrice:number',
		'currency=currency:string',
	],
	simplify: waitingPrice,
};

export const quarantine: Operation[] = table('priceQuarantine', [
	[
		'getAll',
		'getBusinessQuarantineOffers',
		'Get Many',
		'Get many prices in quarantine',
		'List prices of a cabinet that wait for confirmation',
		QUARANTINE,
	],
	[
		'confirm',
		'confirmBusinessPrices',
		'Confirm',
		'Confirm price',
		'Confirm prices of a cabinet that wait in quarantine',
		{ each: { at: 'offerIds' }, notes: 'Up to 200 items share a request.' },
	],
	[
		'getShop',
		'getCampaignQuarantineOffers',
		'Get Many of Shop',
		'Get many prices of shop in quarantine',
		'List prices of a shop that wait for confirmation',
		QUARANTINE,
	],
	[
		'confirmShop',
		'confirmCampaignPrices',
		'Confirm of Shop',
		'Confirm price of shop',
		'Confirm prices of a shop that wait in quarantine',
		{ each: { at: 'offerIds' }, notes: 'Up to 200 items share a request.' },
	],
]);

export const promotions: Operation[] = table('promotion', [
	[
		'getAll',
		'getPromos',
		'Get Many',
		'Get many promotions',
		'List promotions in which products can take part',
		{
			columns: [
				'id',
				'name',
				'from=period.dateTimeFrom',
				'to=period.dateTimeTo',
				'participating',
				'mechanics=mechanicsInfo.type',
				'activeOffers=assortmentInfo.activeOffers:number',
				'potentialOffers=assortmentInfo.potentialOffers:number',
			],
		},
	],
	[
		'getProducts',
		'getPromoOffers',
		'Get Products',
		'Get products of promotion',
		'List products that take part in a promotion, or could',
		{
			without: ['statusType'],
			columns: [
				'offerId',
				'status',
				'price=params.discountParams.price:number',
				'promoPrice=params.discountParams.promoPrice:number',
				'maxPromoPrice=params.discountParams.maxPromoPrice:number',
			],
		},
	],
	[
		'addProducts',
		'updatePromoOffers',
		'Add Products',
		'Add product to promotion',
		'Let products take part in a promotion, or change their prices in it',
		{
			each: {
				at: 'offers',
				id: 'offerId',
				results: 'result.rejectedOffers',
				failed: because('reason', 'rejected'),
			},
			tune: { 'params.discountParams.price': { label: 'Price Before Discount' } },
			top: ['params.discountParams.promoPrice'],
			notes: 'Up to 500 items share a request, each with its own verdict. It takes 4 to 6 hours.',
		},
	],
	[
		'removeProducts',
		'deletePromoOffers',
		'Remove Products',
		'Remove product from promotion',
		'Take products out of a promotion',
		{
			each: {
				at: 'offerIds',
				id: 'offerId',
				results: 'result.rejectedOffers',
				failed: because('reason', 'rejected'),
			},
			without: ['deleteAllOffers'],
			notes: 'Up to 500 items share a request, each with its own verdict.',
		},
	],
	[
		'removeAllProducts',
		'deletePromoOffers',
		'Remove All Products',
		'Remove all products from promotion',
		'Take all products out of a promotion',
		{
			without: ['deleteAllOffers', 'offerIds'],
			constants: { deleteAllOffers: true },
			answer: { kind: 'done' },
			idempotent: true,
		},
	],
]);

const LEAST_BID = 50;

/** A bid in hundredths of a percent. Throws `InputProblem` for what looks like a percentage. */
function bidOf(value: unknown): number | undefined {
	const hint = `Give the percentage times 100, from ${LEAST_BID} to 9999: 5 % is 500. 0 stops the boost.`;
	const bid = numberOf('Bid', value, { min: 0, max: 9999, whole: true, hint });
	if (bid === undefined || bid === 0 || bid >= LEAST_BID) return bid;
	throw new InputProblem('Bid', `is ${bid}, which is ${bid / 100} %`, hint);
}

const BID = {
	bid: {
		help: 'Percent of the price times 100: 5 % is 500. From 50 to 9999; 0 stops the boost.',
		wire: bidOf,
	},
};
const STARTS =
	'Starts the campaign and its strategy of prices by itself. Unknown SKUs are ignored without a word.';

const SET_BID = {
	each: { at: 'bids', id: 'sku' },
	tune: BID,
	notes: `Up to 1,500 items share a request. ${STARTS}`,
};

export const bids: Operation[] = table('bid', [
	['getAll', 'getBidsInfoForBusiness', 'Get Many', 'Get many bids', 'List the bids of a cabinet'],
	[
		'set',
		'putBidsForBusiness',
		'Set',
		'Set bid',
		'Set the bids of products in all shops of a cabinet',
		SET_BID,
	],
	[
		'setShop',
		'putBidsForCampaign',
		'Set of Shop',
		'Set bid of shop',
		'Set the bids of products in a shop',
		SET_BID,
	],
	[
		'getRecommendations',
		'getBidsRecommendations',
		'Get Recommendations',
		'Get recommendations for bids',
		'List bids that the Market recommends',
		{
			tune: { skus: { name: 'skuList' } },
			columns: ['sku', 'bid', 'bidRecommendations'],
			at: 'result.recommendations',
		},
	],
]);
