/** Rows of a report, with about as many columns and signs as the Market's report on orders has. */

const GOODS = ['Чай чёрный листовой, 100 г', 'Кофе в зёрнах, 1 кг', 'Печенье овсяное, 320 г'];
const CITIES = ['Москва', 'Санкт-Петербург', 'Новосибирск', 'Екатеринбург', 'Казань'];

export function reportRow(at: number): Record<string, unknown> {
	const price = 100 + (at % 9000);
	const day = `2026-11-${String(1 + (at % 28)).padStart(2, '0')}`;
	return {
		BUSINESS_ID: 9_100_001,
		PARTNER_ID: 21_000_201,
		ORDER_ID: 51_000_000_001 + at,
		SHOP_ORDER_ID: at % 4 === 0 ? `MS-${at}` : null,
		ORDER_CREATION_DATE: `${day}T09:15:49+03:00`,
		ORDER_STATUS: at % 9 === 0 ? 'CANCELLED_IN_PROCESSING' : 'DELIVERED',
		ORDER_STATUS_CHANGE_DATE: `${day}T18:40:12+03:00`,
		PAYMENT_METHOD: 'Картой онлайн',
		SHOP_SKU: `SKU-${String(at % 5000).padStart(6, '0')}`,
		OFFER_NAME: `${GOODS[at % GOODS.length]}, партия ${at}`,
		MARKET_SKU: 101_000_000_000 + (at % 5000),
		COUNT_IN_DELIVERY: 1 + (at % 3),
		INITIAL_COUNT: 1 + (at % 3),
		BUYER_PRICE: price,
		PRICE_WITHOUT_DISCOUNT: price * 1.25,
		MARKET_DISCOUNT: price * 0.05,
		PLUS_POINTS: at % 300,
		REGION_OF_DELIVERY: CITIES[at % CITIES.length],
		WAREHOUSE_NAME: 'Основной склад',
		SHIPMENT_DATE: day,
		DELIVERY_SERVICE: 'Яндекс Маркет',
		COMMISSION: price * 0.08,
		VAT: 'VAT_20',
	};
}
