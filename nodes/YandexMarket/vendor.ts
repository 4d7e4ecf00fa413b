/** Yandex Market as data. */
import { API_REQUEST } from '../shared/apiRequest';
import type { Operation, Vendor } from '../shared/catalogue';
import { withGivenOut } from '../shared/facts/givenOut';
import { operations as facts } from './facts.generated';
import { withFiltersAtTop } from '../shared/form/atTop';
import {
	accounts,
	categories,
	deliveryServices,
	licences,
	money,
	points,
	quality,
	regions,
	shops,
	tariffs,
} from './catalogue/account';
import {
	bids,
	cards,
	documents,
	prices,
	products,
	promotions,
	quarantine,
	shopProducts,
} from './catalogue/goods';
import { apiRequests } from './catalogue/apiRequest';
import { returns, shipments, supplies, warehouses } from './catalogue/logistics';
import { orders } from './catalogue/order';
import { orderWork } from './catalogue/orderWork';
import { outlets } from './catalogue/outlet';
import { outletWrites } from './catalogue/outletWrite';
import { reports } from './catalogue/report';
import { stocks } from './catalogue/stock';
import { chats, questions, reviews } from './catalogue/talk';
import { connect, isFailure, readProblem } from './connection';
import { errors } from './errors';
import { rightsErrors } from './rights';

/** What lists are narrowed by most: stands above the further filters. */
const COMMON_FILTERS: Record<string, string> = {
	offerIds: 'Only these products, by your own numbers, separated by commas',
	skus: 'Only these products, by your own numbers, separated by commas',
	orderIds: 'Only these orders, by their numbers on the Market, separated by commas',
	statuses: 'Only what has one of these statuses; without any, all are returned',
	requestStatuses: 'Only requests with one of these statuses; without any, all are returned',
	reactionStatus: 'Whether the reviews need an answer; without it, all are returned',
	participation: 'Only promotions that your products take part in now, or took part in',
	categoryIds: "Only products of these of the Market's categories, separated by commas",
	campaignIds: 'Only these shops, by their campaign IDs, separated by commas',
	shopOutletCode: 'Only the outlet with this number of yours',
	regionId: 'Only what lies in this region',
	creationDateFrom: 'The first day on which they were made',
	creationDateTo: 'The day after the last one',
	updateDateFrom: 'Only what changed on this day or later',
	updateDateTo: 'Only what changed before this day',
	stocksWarehouseId: 'Only stock of this warehouse',
	fromDate: 'The first day of the period',
	toDate: 'The last day of the period',
	dateFrom: 'The first day of the period',
	dateTo: 'The last day of the period',
	dateTimeFrom: 'Only what was written since then',
	dateTimeTo: 'Only what was written until then',
	requestDateFrom: 'Only requests of this time and later',
	requestDateTo: 'Only requests of this time and earlier',
};

const operations: Operation[] = withGivenOut(
	withFiltersAtTop(
		[
			...outlets,
			...outletWrites,
			...points,
			...orders,
			...orderWork,
			...returns,
			...shipments,
			...supplies,
			...warehouses,
			...products,
			...documents,
			...cards,
			...shopProducts,
			...stocks,
			...prices,
			...quarantine,
			...promotions,
			...bids,
			...reviews,
			...questions,
			...chats,
			...reports,
			...accounts,
			...shops,
			...licences,
			...regions,
			...deliveryServices,
			...categories,
			...tariffs,
			...quality,
			...money,
			...apiRequests,
		],
		COMMON_FILTERS,
	),
	facts,
);

export const yandexMarket: Vendor = {
	name: 'Yandex Market',
	credentialType: 'yandexMarketApi',
	resources: [
		{
			name: 'Outlet',
			value: 'outlet',
			local: 'Точка продаж',
			description: 'Point of sale or pick-up of a DBS shop',
		},
		{
			name: 'Order',
			value: 'order',
			local: 'Заказ',
			description: 'What buyers have ordered in the shops',
		},
		{
			name: 'Account',
			value: 'account',
			local: 'Кабинет',
			description: 'The API key, the cabinet, and operations that go on by themselves',
		},
		{
			name: 'Bid',
			value: 'bid',
			local: 'Ставка',
			description: 'What a product pays for being shown more often',
		},
		{
			name: 'Category',
			value: 'category',
			local: 'Категория',
			description: 'Categories of the Market',
		},
		{
			name: 'Chat',
			value: 'chat',
			local: 'Чат',
			description: 'Chats with buyers',
		},
		{
			name: 'Delivery Service',
			value: 'deliveryService',
			local: 'Служба доставки',
			description: 'Services that deliver orders',
		},
		{
			name: 'Order Buyer',
			value: 'orderBuyer',
			local: 'Покупатель',
			description: 'Who bought an order',
		},
		{
			name: 'Order Delivery',
			value: 'orderDelivery',
			local: 'Доставка заказа',
			description: 'Date, track, storage and courier of an order',
		},
		{
			name: 'Order Finance',
			value: 'orderFinance',
			local: 'Отчёт по заказам',
			description: 'Payments and costs of orders',
		},
		{
			name: 'Order Label',
			value: 'orderLabel',
			local: 'Ярлык',
			description: 'Labels of the boxes of orders',
		},
		{
			name: 'Outlet Licence',
			value: 'outletLicence',
			local: 'Лицензия',
			description: 'Licences of points of sale',
		},
		{
			name: 'Price',
			value: 'price',
			local: 'Цена',
			description: 'Prices of products',
		},
		{
			name: 'Price Quarantine',
			value: 'priceQuarantine',
			local: 'Карантин цен',
			description: 'Prices that wait for confirmation',
		},
		{
			name: 'Product',
			value: 'product',
			local: 'Товар',
			description: 'Products of the catalogue',
		},
		{
			name: 'Product Card',
			value: 'productCard',
			local: 'Карточка товара',
			description: 'Cards of products and their parameters',
		},
		{
			name: 'Product Document',
			value: 'productDocument',
			local: 'Документ на товар',
			description: 'Certificates and declarations of products',
		},
		{
			name: 'Promotion',
			value: 'promotion',
			local: 'Акция',
			description: 'Promotions and the products in them',
		},
		{
			name: 'Question',
			value: 'question',
			local: 'Вопрос',
			description: 'Questions about products',
		},
		{
			name: 'Region',
			value: 'region',
			local: 'Регион',
			description: 'Regions of the Market',
		},
		{
			name: 'Report',
			value: 'report',
			local: 'Отчёт',
			description: 'Reports as files or rows',
		},
		{
			name: 'Return',
			value: 'return',
			local: 'Возврат',
			description: 'Returns and orders that were not picked up',
		},
		{
			name: 'Review',
			value: 'review',
			local: 'Отзыв',
			description: 'Reviews of products',
		},
		{
			name: 'Shipment',
			value: 'shipment',
			local: 'Отгрузка',
			description: 'Shipments to the Market (FBS)',
		},
		{
			name: 'Shop',
			value: 'shop',
			local: 'Магазин',
			description: 'Shops of the seller',
		},
		{
			name: 'Shop Product',
			value: 'shopProduct',
			local: 'Товар магазина',
			description: 'Products as they are sold in a shop',
		},
		{
			name: 'Shop Quality',
			value: 'shopQuality',
			local: 'Индекс качества',
			description: 'How well shops work',
		},
		{
			name: 'Stock',
			value: 'stock',
			local: 'Остаток',
			description: 'Stocks of products',
		},
		{
			name: 'Supply Request',
			value: 'supplyRequest',
			local: 'Заявка на поставку',
			description: "Supplies to the Market's warehouses",
		},
		{
			name: 'Tariff',
			value: 'tariff',
			local: 'Тариф',
			description: 'What the Market takes',
		},
		{
			name: 'Warehouse',
			value: 'warehouse',
			local: 'Склад',
			description: 'Warehouses of the seller and the Market',
		},
		API_REQUEST,
	],
	operations,
	connect,
	readProblem,
	isFailure,
	errors: [...rightsErrors(operations), ...errors],
	zone: 'Europe/Moscow',
	longIds: true,
	// Yandex Market docs: bodies of 512 KB at most. How many elements is said by each operation.
	bulkLimits: { elements: 500, bytes: 512 * 1024, urlBytes: 6500, timeoutMs: 60_000 },
};
