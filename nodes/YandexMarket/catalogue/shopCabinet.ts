/** The cabinet of a shop, and how it keeps its prices. Reference of the project: yandex-market-jobs.md §1 (job 3). */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Work } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { kept } from '../../shared/road/kept';
import { valueAt } from '../../shared/road/paging';
import { idLocator } from './outlet';

/** A shop stays in its cabinet. */
const CABINET_MS = 60 * 60_000;
/** The setting is changed by hand; settings may be asked for 100 times an hour. */
const KEPT_MS = 15 * 60_000;
/** A key that may not look is given the permission within minutes. */
export const REFUSED_MS = 60_000;

type Sender = Pick<Work, 'send'>;

/** 4xx that say nothing of the cabinet: try later (420), too slow (408, 499), too many (429). */
const PASSING = new Set([408, 420, 429, 499]);

/**
 * The status with which the Market refused to tell how a cabinet is set up: a key without the right, a shop that is not
 * there, a call that this cabinet does not have. What is sent then says it better. Undefined for what passes by itself
 * (limits, outages, a call that is being switched off): a guess would put stock or price in the wrong place without a
 * word. Reference of the project: yandex-market.md §1, yandex-market-jobs.md §0.
 */
export function settingsRefusal(error: unknown): number | undefined {
	const { status = 0, problem } = error instanceof CallFailed ? error.details : {};
	if (status < 400 || status >= 500 || PASSING.has(status)) return undefined;
	return /occasionally forbidden/i.test(problem?.text ?? '') ? undefined : status;
}

/** Names the key that a call is made with, for what is kept. */
export const accountOf = ({ account, baseUrl }: Call): string => account ?? baseUrl;

/**
 * The cabinet of a shop, asked for once an hour; empty where the Market tells none.
 *
 * @param account names the key that asks, as {@link accountOf} does
 */
export async function cabinetOfShop(
	campaignId: string,
	account: string,
	{ send }: Sender,
): Promise<string> {
	const ask = async () => {
		const { body } = await send({ method: 'GET', path: `/v2/campaigns/${campaignId}` });
		return String(valueAt(body, 'campaign.business.id') ?? '');
	};
	return await kept(
		`${account} cabinet ${campaignId}`,
		(cabinet) => (cabinet === '' ? 0 : CABINET_MS),
		ask,
	);
}

const anyShop = idLocator('searchAllShops', 'A campaign ID');

/**
 * Whose price Update sets: that of the cabinet, unless a shop is named that may have one of its own. n8n holds the Shop of
 * every other operation against the pattern of this one, too, and that may be empty.
 */
export const priceShop: Field = {
	name: 'campaignId',
	label: 'Shop',
	kind: 'locator',
	section: 'additionalFields',
	to: 'control',
	locator: { ...anyShop, id: { ...anyShop.id, pattern: `(?:${anyShop.id.pattern})?` } },
	help: 'Whose price it is. Left empty, that of the cabinet, which all its shops have. Where the cabinet keeps one price for all its shops, it is that price as well.',
};

/**
 * Whether all shops of a cabinet have one price (`onlyDefaultPrice`); undefined where the key may not look, or the Market
 * does not tell.
 */
async function hasOnePrice(call: Call, { send }: Sender): Promise<boolean | undefined> {
	const { businessId } = call.path;
	const ask = async () => {
		try {
			const path = `/v2/businesses/${businessId}/settings`;
			const { body } = await send({ method: 'POST', path, idempotent: true });
			const setting = valueAt(body, 'result.settings.onlyDefaultPrice');
			return typeof setting === 'boolean' ? setting : undefined;
		} catch (error) {
			if (settingsRefusal(error) !== undefined) return undefined;
			throw error as Error;
		}
	};
	return await kept(
		`${accountOf(call)} one price ${businessId}`,
		(one) => (one === undefined ? REFUSED_MS : KEPT_MS),
		ask,
	);
}

/** What a call says of its price that another price does not have. Throws `InputProblem`. */
function refuse(price: IDataObject, name: string, label: string, why: string, hint: string): void {
	if (price[name] !== undefined) throw new InputProblem(label, `is given, and ${why}`, hint);
}

/** Of two items: each says which the other one is. */
function twoPrices(
	{ call, shop }: { call: Call; shop?: string },
	other: { call: Call; shop?: string },
) {
	const {
		call: { itemIndex },
		shop: place,
	} = other;
	return new InputProblem(
		'Shop',
		`is ${shop ?? 'empty'}, item ${itemIndex} has another price of '${String(call.body.offerId)}' for ${place === undefined ? 'the cabinet' : `shop ${place}`}, and the cabinet keeps one price for all its shops`,
		"Neither was sent. Give one price for each SKU, or let shops have prices of their own in the cabinet's settings.",
	);
}

/**
 * Hands over to `byShop` what is the price of a shop, where the cabinet lets shops have their own; all else is that of the
 * cabinet. Where nobody tells, a shop's price goes to the shop: the Market refuses it where there are none.
 */
export async function placePrices(
	calls: Call[],
	work: Work,
	byShop: () => Call['operation'],
): Promise<void> {
	const given = new Map<string, { call: Call; shop?: string; price: string }>();
	const shared = new Set<string>();
	for (const call of calls) {
		if (call.control.campaignId === undefined) continue;
		if ((await hasOnePrice(call, work)) === true) shared.add(call.path.businessId);
	}
	for (const call of calls) {
		const { campaignId } = call.control as { campaignId?: string };
		const { businessId } = call.path;
		const price = (call.body.price ?? {}) as IDataObject;
		try {
			if (campaignId === undefined || shared.has(businessId)) {
				refuse(
					price,
					'vat',
					'VAT',
					'the price of a cabinet has none',
					"Leave it empty here, and set it by 'Shop Product, Update'.",
				);
				if (!shared.has(businessId)) continue;
				// One price cannot be two: the later one would win without a word.
				const key = `${businessId} ${String(call.body.offerId)}`;
				const own = { call, shop: campaignId, price: JSON.stringify(price) };
				const before = given.get(key) ?? own;
				if (before.shop !== own.shop && before.price !== own.price) {
					before.call.problem ??= twoPrices(before, own);
					throw twoPrices(own, before);
				}
				given.set(key, own);
				continue;
			}
			refuse(
				price,
				'minimumForBestseller',
				'Minimum for Bestsellers',
				'the price of a shop has none',
				"Leave it empty, or leave 'Shop' empty to set the price of the cabinet.",
			);
			call.operation = byShop();
			call.path = { campaignId: String(campaignId) };
		} catch (error) {
			if (!(error instanceof InputProblem)) throw error as Error;
			call.problem = error;
		}
	}
}
