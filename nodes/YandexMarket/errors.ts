/** Yandex Market's errors in the user's words. Reference of the project: yandex-market.md §2, Appendix C. */
import type { ErrorRow } from '../shared/catalogue';

/** The same refusal has two meanings (yandex-market-jobs.md §3, no. 14): this one passes by itself. */
const CODES_UNCHECKED = {
	say: 'the marking codes of the order are not checked yet',
	hint: "Try again in a minute, or let 'Order, Set Boxes' wait for it (Wait Until Checked). A marked unit without a code, or with a bad one, is refused for good: see 'Get Marking Status'.",
};

export const errors: ErrorRow[] = [
	{
		of: ['outlet'],
		codes: ['CAMPAIGN_TYPE_NOT_SUPPORTED'],
		say: 'shops of this type do not have this',
		hint: 'Outlets exist for DBS shops only (delivery by the seller). Choose another shop.',
	},
	{
		codes: ['CAMPAIGN_TYPE_NOT_SUPPORTED'],
		say: 'shops of this type do not have this',
		hint: 'Choose a shop with another way of working (FBS, DBS, FBY): the notes of the operation say which.',
	},
	{
		codes: ['CAMPAIGN_NOT_FOUND', 'PARTNER_NOT_FOUND', 'BUSINESS_NOT_FOUND'],
		say: 'the shop or cabinet was not found',
		hint: "The campaign ID is not the shop's number in the web app: pick the shop from the list, or look it up under Settings, APIs and modules.",
	},
	{
		codes: ['API_DISABLED'],
		say: 'access to the API is switched off for this shop',
		hint: 'Open the shop in the cabinet: it may be inactive, without contract, or unused for 90 days.',
		cause: 'configuration-invalid',
	},
	{
		codes: ['SUBSCRIPTION_REQUIRED'],
		say: 'the subscription of the cabinet does not include this',
		hint: 'Change the subscription in the cabinet, or leave this operation out.',
		cause: 'configuration-invalid',
	},
	{
		of: ['outlet'],
		codes: ['NOT_FOUND'],
		statuses: [404],
		say: 'the shop or outlet was not found',
		hint: "Check both IDs. The campaign ID is not the shop's number in the web app; pick both from the lists.",
	},
	{
		of: ['outlet'],
		textIncludes: 'campaign type is not allowed',
		say: 'shops of this type do not have this',
		hint: 'Outlets exist for DBS shops only (delivery by the seller). Choose another shop.',
	},
	{
		of: ['order'],
		codes: ['NOT_FOUND', 'ORDER_NOT_FOUND'],
		statuses: [404],
		say: 'the order was not found',
		hint: 'Check the order ID (the number on the Market, not your own one), and that the order is of this cabinet and shop.',
	},
	{
		of: ['order.updateStatus'],
		codes: ['STATUS_NOT_ALLOWED'],
		textIncludes: 'requires valid',
		...CODES_UNCHECKED,
	},
	{
		of: ['order.updateStatus'],
		statuses: [200],
		textIncludes: 'requires valid',
		...CODES_UNCHECKED,
	},
	{
		of: ['order.updateStatus'],
		codes: ['STATUS_NOT_ALLOWED'],
		say: 'the order cannot get this status now',
		hint: 'Orders go from step to step: look at the status that the order has.',
	},
	{
		of: ['order.updateStatus'],
		statuses: [200],
		say: 'the order did not get the status',
		hint: 'Orders go from step to step: look at the status that the order has, and at the text below.',
	},
	{
		textIncludes: 'campaign type is not allowed',
		say: 'shops of this type do not have this',
		hint: 'Choose a shop with another way of working (FBS, DBS, FBY): the notes of the operation say which.',
	},
	{
		textIncludes: 'occasionally forbidden',
		statuses: [403],
		say: 'this call is being switched off and is refused now and then',
		hint: 'Run it again, and change to the operation that the notice in the form names: it will stop working altogether.',
		retry: 'postponed',
	},
	{
		textIncludes: 'only default price',
		statuses: [423],
		say: 'the cabinet keeps one price for all its shops',
		hint: "Use Price, Update, which sets the price of the cabinet, or let shops have prices of their own in the cabinet's settings.",
		cause: 'configuration-invalid',
	},
	{
		textIncludes: 'migration',
		statuses: [423],
		say: 'the cabinet is being moved and takes no changes',
		hint: 'This may take hours. Run the workflow again later.',
		cause: 'temporarily-unavailable',
	},
	{
		codes: ['GROUPED_WAREHOUSE'],
		say: 'the warehouse is one of a group',
		hint: 'Send the stock to the main shop of the group alone: all of the group have it then.',
	},
	{
		codes: ['INVALID_CURRENCY'],
		say: 'the currency is not that of the cabinet',
		hint: "The Market's code of the ruble is RUR.",
	},
	{
		textIncludes: 'active reports limit',
		statuses: [420],
		say: 'too many reports are being generated',
		hint: 'Wait until those that were started are ready.',
		cause: 'rate-limited',
	},
	{
		of: ['order'],
		textIncludes: 'scope',
		statuses: [403],
		say: 'the API key lacks the permission for this',
		hint: 'Give the key the permission for orders or full access (Settings, APIs and modules). The change takes up to 10 minutes.',
		cause: 'configuration-invalid',
	},
	{
		textIncludes: 'scope',
		statuses: [403],
		say: 'the API key lacks the permission for this',
		hint: 'Give the key the permission for store settings or full access (Settings, APIs and modules). The change takes up to 10 minutes.',
		cause: 'configuration-invalid',
	},
	{
		textIncludes: 'token is invalid',
		statuses: [401, 403],
		say: 'the API key was not accepted',
		hint: 'Paste a current key into the credential, without Bearer before it (Settings, APIs and modules). A key that was made or changed just now takes up to 10 minutes, now and then half an hour.',
		cause: 'credential-invalid',
	},
	{
		of: ['return.submitDecision'],
		statuses: [400],
		say: 'the decision was not accepted',
		hint: "A return can be decided on once, within 48 hours of its creation; after that it is for the buyer. 'Return, Get' shows its status, 'Get Decisions' what is still possible.",
	},
	{
		of: ['order.answerCancellation'],
		statuses: [400],
		say: 'the answer to the cancellation was not accepted',
		hint: "It can be answered within 48 hours; after that the order is cancelled. 'Order, Get' shows its status.",
	},
	{
		of: ['order.sendDigitalCodes'],
		statuses: [400],
		say: 'the codes were not accepted',
		hint: "They can be sent within 30 minutes after the order went into processing, all codes of an order at once. 'Order, Get' shows its status.",
	},
	{
		statuses: [400],
		say: 'the request was not accepted',
		hint: 'Check the parameters of this operation against the text below.',
	},
	{
		statuses: [401],
		say: 'the API key was not accepted',
		hint: 'Paste a current key into the credential, without Bearer before it (Settings, APIs and modules).',
		cause: 'credential-invalid',
	},
	{
		statuses: [403],
		say: 'access was denied',
		hint: "The key belongs to another cabinet, the shop is inactive, or the campaign ID is the shop's number from the web app instead of its API identifier. Pick the shop from the list.",
		cause: 'configuration-invalid',
	},
	{
		statuses: [404],
		say: 'nothing was found at this address',
		hint: 'Check the IDs, and the host in the credential.',
	},
	{
		statuses: [420],
		say: 'the limit of requests is reached',
		hint: 'Yandex Market counts requests per method and hour. Run the workflow again later, or ask for less.',
		cause: 'rate-limited',
	},
	{
		statuses: [423],
		say: 'the cabinet is locked for changes now',
		hint: 'It is being moved, or prices are kept for the whole cabinet. Try again later.',
		cause: 'temporarily-unavailable',
	},
	{
		statuses: [500, 502, 503, 504],
		say: 'the service could not answer now',
		hint: 'Try again in a few minutes.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
	},
];
