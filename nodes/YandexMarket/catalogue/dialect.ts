/** What all operations of Yandex Market have in common. Reference of the project: yandex-market.md §1–2. */
import type { Field, Operation } from '../../shared/catalogue';
import { maker, type OperationDecisions, type Dialect } from '../../shared/facts/fromFacts';
import type { OperationFacts } from '../../shared/facts/facts';
import { tokenStyle, valueAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { choiceOf, sheetKeyOf, longIdOf, shown } from '../../shared/form/readers';
import { operations } from '../facts.generated';
import { newer } from './newer';
import { idLocator } from './outlet';

/** Everything that is documented: the specification, and the calls that are newer than it. */
export const allFacts: OperationFacts[] = [...operations, ...newer];

const DOCS = 'https://yandex.ru/dev/market/partner-api/doc/en/reference';

/** Permissions of a key as the cabinet names them, by their scope. */
const PERMISSIONS: Record<string, string> = {
	'inventory-and-order-processing': 'orders',
	'settings-management': 'store settings',
	pricing: 'prices',
	'offers-and-cards-management': 'products and cards',
	promotion: 'promotion',
	'finance-and-accounting': 'finance',
	communication: 'communication with buyers',
	'supplies-management': 'supplies',
};

/** `the permission for orders, for finance, or full access`; undefined where any key will do. */
export function permissionOf({ scopes = [] }: OperationFacts): string | undefined {
	const names = [
		...new Set(
			scopes
				.map((scope) => scope.replace(/:read-only$/, ''))
				.filter((scope) => scope !== 'all-methods'),
		),
	].map((scope) => `for ${PERMISSIONS[scope] ?? scope}`);
	if (names.length >= Object.keys(PERMISSIONS).length - 1) return undefined;
	if (names.length === 0) return scopes.length > 0 ? 'full access' : undefined;
	return `the permission ${names.join(', ')}${names.length > 1 ? ',' : ''} or full access`;
}

/** `10,000 products a minute`: limits without a subscription; answers tell the cabinet's own. */
function limitOf({ limit }: OperationFacts): string | undefined {
	if (!limit) return undefined;
	const counted = /\./.test(limit.per ?? '')
		? 'elements'
		: limit.amount === 1
			? 'request'
			: 'requests';
	const span =
		limit.seconds === 60
			? 'a minute'
			: limit.seconds === 3600
				? 'an hour'
				: `in ${limit.seconds / 60} minutes`;
	return `${limit.amount.toLocaleString('en')} ${counted} ${span}.`;
}

function notesOf(facts: OperationFacts): string {
	const permission = permissionOf(facts);
	return [permission ? `The key needs ${permission}.` : undefined, limitOf(facts)]
		.filter(Boolean)
		.join(' ');
}

const CURRENCIES = [
	{ name: 'Belarusian Ruble', value: 'BYN' },
	{ name: 'Chinese Yuan', value: 'CNY' },
	{ name: 'Kazakhstani Tenge', value: 'KZT' },
	{ name: 'Russian Ruble', value: 'RUR' },
	{ name: 'US Dollar', value: 'USD' },
	{ name: 'Uzbekistani Som', value: 'UZS' },
];
const CODES = new Set(
	operations
		.flatMap(({ body = [] }) => body)
		.flatMap(({ fields = [] }) => fields)
		.flatMap(({ fields = [] }) => fields)
		.filter(({ name }) => name === 'currencyId')
		.flatMap(({ values = [] }) => values),
);

/** What people and sheets write for the ruble, whose code is RUR on the Market. */
const RUBLES = ['RUB', '₽', 'РУБ', 'РУБ.', 'Р', 'Р.'];

function currencyOf(value: unknown): string | undefined {
	const code = choiceOf('Currency', CURRENCIES, value, true)?.toUpperCase();
	if (code === undefined) return undefined;
	if (RUBLES.includes(code)) return 'RUR';
	if (CODES.has(code)) return code;
	throw new InputProblem(
		'Currency',
		`is '${String(value)}'`,
		'Give a code such as RUR, KZT or UZS.',
	);
}

/** Currencies of cabinets, and how people write them. */
export const currencies = { choices: CURRENCIES, wire: currencyOf };

const shop: Omit<Field & { kind: 'locator' }, 'to'> = {
	name: 'campaignId',
	label: 'Shop',
	kind: 'locator',
	required: true,
	locator: idLocator('searchAllShops', 'A campaign ID'),
	help: "The shop's campaign ID, which is not the number shown in the web app",
	fallback: 'campaignId',
};

const cabinet: Omit<Field & { kind: 'locator' }, 'to'> = {
	name: 'businessId',
	label: 'Cabinet',
	kind: 'locator',
	required: true,
	locator: idLocator('searchCabinets', 'A cabinet ID'),
	help: 'The cabinet of the seller, to which the shops belong',
	fallback: 'businessId',
};

/** An object that is picked from the list which `search` reads. */
const picked = (name: string, label: string, search: string, help: string): Omit<Field, 'to'> =>
	({ name, label, kind: 'locator', locator: idLocator(search, `${label}: the ID`), help }) as Omit<
		Field,
		'to'
	>;

/** A whole number from 1 up in the path, of any length. */
function idText(name: string, label: string, example: string, help: string): Omit<Field, 'to'> {
	return {
		name,
		label,
		kind: 'text',
		required: true,
		placeholder: `e.g. ${example}`,
		help,
		wire: (value) => longIdOf(label, value, `It is a whole number such as ${example}.`),
	};
}

/** A barcode; of digits that went through a table of decimal numbers, the digits. */
function barcodeOf(label: string, value: unknown): string | undefined {
	const code = sheetKeyOf(label, value)?.replace(/^(\d{8}|\d{12,14})[.,]0$/, '$1');
	if (code === undefined || !/[\s;]/.test(code)) return code;
	throw new InputProblem(label, `holds '${shown(code)}'`, 'Separate several barcodes by commas.');
}

/** A phone as the Market takes it, `+79991234567`, however people write it. */
function phoneOf(label: string, value: unknown): string | undefined {
	return sheetKeyOf(label, value)
		?.replace(/[\s()-]/g, '')
		.replace(/^(?:8|7)(?=\d{10}$)/, '+7');
}

export const VAT_RATES =
	'Code of the VAT rate: 2 (10 %), 5 (0 %), 6 (none), 7 (20 %), 10 (5 %), 11 (7 %), 14 (22 %)';

const dialect: Dialect = {
	facts: allFacts,
	docs: ({ id, group }) => `${DOCS}/${group ?? ''}/${id}`,
	own: ['pageToken', 'limit', 'page', 'pageSize'],
	common: {
		campaignId: shop,
		businessId: cabinet,
		orderId: idText('orderId', 'Order ID', '51234567890', 'The number of the order on the Market'),
		returnId: idText('returnId', 'Return ID', '12345678', 'The number of the return on the Market'),
		shipmentId: idText('shipmentId', 'Shipment ID', '51234567', 'The number of the shipment'),
		outletId: {
			name: 'outletId',
			label: 'Outlet',
			kind: 'locator',
			locator: idLocator('searchOutlets', 'An outlet ID'),
			help: 'The point of sale',
		} as Omit<Field, 'to'>,
		regionId: {
			name: 'regionId',
			label: 'Region',
			kind: 'locator',
			locator: idLocator('searchRegions', 'A region ID'),
			help: 'Type the beginning of its Russian name, with a capital letter, to search the list',
		} as Omit<Field, 'to'>,
		partnerWarehouseId: picked(
			'partnerWarehouseId',
			'Warehouse',
			'searchWarehouses',
			'The warehouse that the stock lies in',
		),
		stocksWarehouseId: picked(
			'stocksWarehouseId',
			'Warehouse',
			'searchStockWarehouses',
			'Only what lies in this warehouse',
		),
		categoryId: picked(
			'categoryId',
			'Category',
			'searchCategories',
			"The Market's category at the end of its branch: type a part of its Russian name",
		),
		promoId: {
			name: 'promoId',
			label: 'Promotion',
			kind: 'locator',
			locator: {
				search: 'searchPromos',
				id: {
					pattern: '^\\s*\\S.*$',
					message: 'An ID of a promotion',
					placeholder: 'e.g. cf_12345',
				},
			},
			help: 'The promotion that the products take part in',
		} as Omit<Field, 'to'>,
	},
	list: (facts, rows) => {
		const most = facts.query?.find(({ name }) => name === 'limit')?.max ?? 50;
		const token = Object.keys(facts.answer ?? {}).find((path) => path.endsWith('.nextPageToken'));
		if (!token || !facts.query?.some(({ name }) => name === 'pageToken')) return undefined;
		return {
			style: tokenStyle({ rows, token, parameter: 'pageToken' }),
			pageSize: () => most,
		};
	},
	// Only reads are open to keys that cannot write.
	reads: ({ scopes = [] }) => scopes.some((scope) => scope.endsWith(':read-only')),
	notes: notesOf,
	enums: { currencyId: { ...currencies, open: true } },
	texts: {
		barcodes: barcodeOf,
		// Keys of digital goods.
		codes: sheetKeyOf,
		externalOrderId: sheetKeyOf,
		externalReturnId: sheetKeyOf,
		phone: phoneOf,
		trackCode: sheetKeyOf,
	},
	words: {
		cis: 'CIS',
		dbs: 'DBS',
		express: 'Express',
		fbs: 'FBS',
		fby: 'FBY',
		laas: 'LaaS',
		inns: 'INNs',
		gtd: 'GTD',
		ikpu: 'IKPU',
		en: 'English',
		ru: 'Russian',
		uz: 'Uzbek',
		till: 'Until',
		offer: 'Product',
		offers: 'Products',
		xdoc: 'X-Doc',
	},
	labels: {
		campaignIds: 'Shop IDs',
		currencyId: 'Currency',
		detalizationLevel: 'Detail Level',
		discountBase: 'Price Before Discount',
		marketCategoryId: 'Category ID',
		marketSku: 'Market SKU',
		offerId: 'SKU',
		offerIds: 'SKUs',
		orders: 'Order IDs',
		placementPrograms: 'Ways of Working',
		region_id: 'Region ID',
		sellingProgram: 'Way of Working',
		shopSku: 'SKU',
		shopSkus: 'SKUs',
		sku: 'SKU',
		skus: 'SKUs',
		sourceType: 'Key Of',
		vendor: 'Brand',
		vendorCode: 'Article',
		vendorNames: 'Brands',
	},
	help: {
		attributionType: 'What a sale is counted by',
		barcodeFormat: 'Size of the labels and how they lie on a sheet',
		boxId: 'The number of the box: see Get Data',
		categoryId: "The Market's category at the end of its branch: see Category, Get Tree",
		chatId: 'The number of the chat: see Chat, Get Many',
		code: 'The code to check',
		contractType: 'Which contract the documents belong to',
		count: 'Number of units, without those that are reserved',
		dateFrom: 'The first day of the period',
		dateOfExpiry: 'The last day of the licence',
		dateOfIssue: 'The day of issue of the licence',
		dateTo: 'The last day of the period',
		decisionType: 'What becomes of the item',
		detalizationLevel: 'Whether a row is a week or a month',
		externalOrderId: 'Your own number of the order',
		externalReturnId: 'Your own number of the return',
		feedbackId: 'The number of the review: see Review, Get Many',
		firstName: "The customer's first name",
		grouping: 'What the rows are about',
		itemId:
			'The number of the item in the return: <code>items[].decisions[].returnItemId</code> of Get',
		lastName: "The customer's last name",
		licenseType: 'What the licence is for',
		logisticPointId: 'The number of the point: see Outlet, Get Logistic Points',
		message: 'The text of the message; 4,096 characters at most',
		messageId: 'The number of the message: see Get Messages',
		month: 'The month as a number, from 1 to 12',
		number: 'The number on the document',
		operationType: 'What kind of change it was',
		paymentType: 'How the customer pays',
		phone: "The customer's phone, such as +79991234567",
		placesCount: 'The number of pallets; 0 where there are none',
		promoPrice: 'The price during the promotion',
		reason: 'Why this is done',
		reportId: 'The ID that a report got when it was started',
		requestId: 'The number of the request: see Get Many',
		returnItemId:
			'The number of the item in the return: <code>items[].decisions[].returnItemId</code> of Get',
		text: 'The text that buyers read',
		trackCode: 'The number of the parcel at the delivery service',
		year: 'The year with four digits',
		adult: 'Whether the product is for adults only',
		archived: 'Whether to return archived products only; without it, both are returned',
		cancelledOrders: 'Whether to return cancelled orders as well',
		currencyId: "The currency of the cabinet. The API's code for the ruble is RUR.",
		downloadable: 'Whether the product is a file or a code',
		draft: 'Whether to create a draft, which must be confirmed within an hour',
		fake: 'Whether it is a test order',
		hasCis: 'Whether to return only orders with marked goods',
		hasStocks: 'Whether to return only products that are in stock',
		isMain: 'Whether it is the main outlet of the shop',
		language: 'Language of texts in the answer',
		needAnswer: 'Whether to return only questions without an answer',
		offerId:
			'Your own number of the product, as in the cabinet, leading zeros and capitals included',
		offerIds: 'Your own numbers of the products, separated by commas',
		onlyEstimatedDelivery: 'Whether to return only orders whose day of delivery is not fixed yet',
		onlyPartnerMediaContent:
			"Whether to show only your own pictures and videos on the product's page",
		onlyWaitingForCancellationApprove:
			'Whether to return only orders whose buyers want to cancel them',
		paid: 'Whether to return only reviews that earn points',
		shopSkus: 'Your own numbers of the products, separated by commas',
		sku: 'Your own number of the product, as in the cabinet, leading zeros and capitals included',
		skus: 'Your own numbers of the products, separated by commas',
		skipIfExists: 'Whether to leave products alone that have a barcode',
		sourceType: 'Whose reports these are: of a seller or of an advertiser',
		unspecifiedDeliveryInterval: 'Whether no term of delivery is promised',
		withRecommendations: 'Whether to return advice on filling in the card as well',
		withTurnover: 'Whether to return the turnover as well (FBY)',
		workInHoliday: 'Whether it works on holidays',
		allowRemove:
			'Whether units that are in no box are removed from the order. This cannot be undone, and the buyer is told at once.',
		vat: VAT_RATES,
	},
};

interface Period {
	from: Field;
	to: Field;
}

/** Days and moments between which something lies, by their names: `dateFrom` and `dateTo`, `fromDate` and `toDate`. */
function periodsOf({ fields }: Operation): Period[] {
	const dates = new Map(fields.filter(({ kind }) => kind === 'time').map((one) => [one.name, one]));
	return [...dates.values()].flatMap((from) => {
		const to = dates.get(from.name.replace(/^from(?=[A-Z])/, 'to').replace(/From(?![a-z])/, 'To'));
		return to && to !== from ? [{ from, to }] : [];
	});
}

/** Refuses a period that ends before it begins: nothing lies in it. Throws `InputProblem`. */
export function checkOrder(
	from: number | undefined,
	to: number | undefined,
	labels: { from: string; to: string },
): void {
	if (from === undefined || to === undefined || !(from > to)) return;
	throw new InputProblem(labels.to, `is before '${labels.from}'`, 'Exchange the two.');
}

function inOrder(operation: Operation): Operation {
	const periods = periodsOf(operation);
	if (periods.length === 0) return operation;
	const { shape } = operation;
	return {
		...operation,
		shape: (request, call) => {
			const at = ({ to }: Field): number | undefined => {
				const [where, path] = to.split(':');
				const given = valueAt(where === 'body' ? call.body : call.query, path);
				if (given === undefined) return undefined;
				// The former API's days go out as 21-11-2026, all else as ISO 8601.
				return Date.parse(String(given).replace(/^(\d\d)-(\d\d)-(\d{4})/, '$3-$2-$1'));
			};
			for (const { from, to } of periods) {
				checkOrder(at(from), at(to), { from: from.label, to: to.label });
			}
			shape?.(request, call);
		},
	};
}

const made = maker(dialect);

/** Makes an operation of Yandex Market. */
export const market = (decisions: OperationDecisions): Operation => inOrder(made(decisions));

type More = Omit<
	Partial<OperationDecisions>,
	'facts' | 'resource' | 'operation' | 'name' | 'action' | 'description'
>;

/** `[operation, facts, name, action, description]`, and whatever else is decided. */
export type OperationRow = [
	operation: string,
	facts: string,
	name: string,
	action: string,
	description: string,
	more?: More,
];

/** The operations of a resource from a table. */
export function table(resource: string, rows: OperationRow[]): Operation[] {
	return rows.map(([operation, facts, name, action, description, more]) =>
		market({ resource, operation, facts, name, action, description, ...more }),
	);
}
