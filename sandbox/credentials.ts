/**
 * Every token, key and well-known id of the sandbox. They open nothing but the sandbox.
 */

/** MoySklad access tokens (`Authorization: Bearer …`). */
export const MOYSKLAD_TOKENS = {
	/** The account's administrator: user token. */
	user: 'sandbox0user0token000000000000000000a11ce',
	/** A second administrator with a budget of its own. */
	secondUser: 'sandbox0second0user0token0000000000b0b00b',
	/** An employee without administrator rights: webhooks answer 30004. */
	nonAdmin: 'sandbox0cashier0token0000000000000000ca54',
	/** An employee whose API access is switched off: everything answers 1061. */
	noApiAccess: 'sandbox0no0api0access0token00000000000dead',
	/** A published solution: weight 1, one webhook per (entityType, action). */
	solution: 'sandbox0solution0token0000000000000000501',
	/** A solution in Draft or On moderation: weight 4. */
	draftSolution: 'sandbox0draft0solution0token00000000000d4af',
} as const;

/** Login and password of the account's administrator (the same employee as `MOYSKLAD_TOKENS.user`). */
export const MOYSKLAD_LOGIN = { login: 'admin@sandbox', password: 'sandbox-password' } as const;

/** Yandex Market Api-Key tokens; each has one set of scopes. */
export const YANDEX_KEYS = {
	allMethods: 'ACMA:sandboxAllMethodsKey0000000000000000000000000000:a11a11a1',
	allMethodsReadOnly: 'ACMA:sandboxReadOnlyKey00000000000000000000000000000000:0eadeade',
	settings: 'ACMA:sandboxSettingsKey00000000000000000000000000000000:5e775e77',
	/** May process orders; outlets answer 403. */
	ordersOnly: 'ACMA:sandboxOrdersOnlyKey000000000000000000000000000000:04de4504',
} as const;

/** Yandex Market shops (campaign ids) of the sandbox's cabinet, and what each is good for. */
export const YANDEX_CAMPAIGNS = {
	/** DBS with 60 outlets. */
	dbs: 21000101,
	/** DBS with 3 outlets. */
	dbsSmall: 21000102,
	fbs: 21000201,
	fby: 21000202,
	/** DBS whose API was switched off by the seller: 403 API_DISABLED. */
	apiDisabled: 21000301,
	/** A shop of another cabinet: 403. */
	foreign: 99000001,
} as const;

/** The cabinet of all campaigns above; used as a campaignId it answers 403. */
export const YANDEX_BUSINESS_ID = 9100001;

/** Yandex Market outlets with something special. */
export const YANDEX_OUTLETS = {
	/** Every field of the documentation is present. Belongs to `YANDEX_CAMPAIGNS.dbs`. */
	complete: 4000001,
	/** Rejected by moderation, with a reason. */
	failed: 4000002,
	/** RETAIL: no delivery rules (null), few optional fields. */
	sparse: 4000003,
	/** Does not exist. */
	missing: 4999999,
} as const;

/** Yandex Market orders: 130 of the last 90 days, the youngest first; FBS, DBS and FBY by turns. */
export const YANDEX_ORDERS = {
	/** A test order of the shop `fbs`. */
	first: 51_000_000_001,
	missing: 51_999_999_999,
} as const;

/** Altegio tokens. */
export const ALTEGIO_TOKENS = {
	partner: 'sandboxpartner0token00',
	user: 'sandbox0user0token0000000000abcd',
} as const;

/** Altegio visits with something special; every id from 8260000 to 8260999 exists besides. */
export const ALTEGIO_VISITS = {
	/** The visit of the documentation's example. */
	sample: 8260852,
	/** Two appointments, services, goods, PHP-style empty arrays where objects belong. */
	rich: 8260002,
	/** Its location's licence has run out: 402. */
	licenceExpired: 8250402,
	/** Its location is not connected to the partner application: 403. */
	forbidden: 8250403,
	missing: 8259999,
} as const;

/** Altegio locations of the user, and one that is not. */
export const ALTEGIO_LOCATIONS = {
	/** Dallas, where the clock is that of Chicago; 45 clients. */
	first: 4564,
	second: 4565,
	foreign: 9001,
} as const;

/** Altegio appointments with something special; those of all visits exist besides. */
export const ALTEGIO_RECORDS = {
	/** The appointment of the documentation's example. */
	sample: 37_955_315,
	/** Services with prices, a tag, a comment; PHP's empty arrays where objects belong. */
	rich: 30_000_008,
	/** Paid in full: changes are refused. */
	paid: 30_000_009,
	missing: 39_999_999,
} as const;

/** Inspector Cloud tokens. */
export const INSPECTOR_TOKENS = {
	default: 'sandboxinspectortoken000000000000000000e5',
	/** Makes and revokes tokens; works as a token itself. */
	masterKey: 'sandboxinspectormasterkey000000000000000a1',
	/** Is known but has no right to the Data API: 403. */
	noDataApi: 'sandboxrecognitiononlytoken0000000000403',
} as const;

/** Inspector Cloud visits with something special; ids 324001 to 324120 exist besides. */
export const INSPECTOR_VISITS = {
	/** The visit of the documentation's example, as valid JSON. */
	sample: 324096,
	/** Every array filled: annotations, qualities, assortment, facings, KPI, DQI. */
	rich: 324010,
	/** The links of its photos have ended: the storage answers 403. */
	expiredPhotos: 324011,
	missing: 999999,
} as const;

/** Inspector Cloud visits in which a product was missing on one shelf. */
export const INSPECTOR_OUT_OF_STOCK = [324001, 324014] as const;
