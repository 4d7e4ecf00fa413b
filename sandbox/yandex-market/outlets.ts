/**
 * Points of sale of DBS shops: those that the sandbox begins with, and what was made, changed and deleted since. Reference
 * of the project: yandex-market.md §3.2.
 */
import type { Campaign } from './data';
import { inRegion, outletBody, outletCode, outletIds, outletRegion, regionBody } from './data';
import { YandexError } from './errors';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** IDs of outlets that were made. */
const FIRST_MADE = 4_900_001;
/** Specification of OutletAddressDTO and of RegionType, which calls a town VILLAGE. */
const TOWNS: readonly unknown[] = ['CITY', 'TOWN', 'VILLAGE', 'REPUBLIC_AREA'];
const NEEDS_RULES = ['DEPOT', 'MIXED'];

const bad = (code: string, message: string) => new YandexError(400, code, message);

/** What the specification says in words only. Throws `YandexError`. */
function check({ type, address, deliveryRules }: Json): void {
	const { regionId } = (address ?? {}) as Json;
	const region = regionBody(Number(regionId));
	if (!region) throw bad('UNKNOWN_REGION', `Region ${String(regionId)}`);
	if (!TOWNS.includes(region.type)) throw bad('WRONG_REGION', `Region ${String(regionId)}`);
	if (!NEEDS_RULES.includes(String(type))) return;
	const rules = Array.isArray(deliveryRules) ? (deliveryRules as Json[]) : [];
	const isTold = ({ minDeliveryDays, maxDeliveryDays, unspecifiedDeliveryInterval }: Json) =>
		unspecifiedDeliveryInterval === true ||
		(minDeliveryDays !== undefined && maxDeliveryDays !== undefined);
	if (rules.length > 0 && rules.every(isTold)) return;
	throw bad('INVALID_OUTLET_INFO', 'minDeliveryDays and maxDeliveryDays are required');
}

export class YandexOutlets {
	/** What was written, by shop and outlet; undefined: deleted. */
	private readonly written = new Map<number, Map<number, Json | undefined>>();
	private nextId = FIRST_MADE;

	constructor(private readonly seed: number) {}

	/** IDs of a shop's outlets, in the region and with the code where these are given. */
	ids(campaign: Campaign, of: { regionId?: number; code?: string } = {}): number[] {
		const written = this.of(campaign);
		const made = [...written.keys()].filter((id) => id >= FIRST_MADE);
		return [...outletIds(campaign), ...made].filter((id) => {
			if (written.has(id) && written.get(id) === undefined) return false;
			const { regionId, code } = this.keysOf(campaign, id);
			return (
				(of.regionId === undefined || inRegion(regionId, of.regionId)) &&
				(of.code === undefined || code === of.code)
			);
		});
	}

	/** An outlet as it is read; undefined where the shop has none of this ID. */
	find(campaign: Campaign, id: number): Json | undefined {
		if (!this.ids(campaign).includes(id)) return undefined;
		const written = this.of(campaign).get(id);
		if (!written) return outletBody(this.seed, id);
		const { address, deliveryRules, ...rest } = written;
		const region = regionBody(this.keysOf(campaign, id).regionId);
		return {
			...rest,
			deliveryRules: deliveryRules ?? null,
			address,
			id,
			status: 'AT_MODERATION',
			region,
		};
	}

	/**
	 * The answer of an operation that writes, to a body that fits the specification; undefined for any other. A write
	 * replaces the whole outlet. Throws `YandexError`.
	 */
	answer(operation: string, campaign: Campaign, outletId: string, body: Json): Json | undefined {
		const id = Number(outletId);
		if (['updateOutlet', 'deleteOutlet'].includes(operation) && !this.find(campaign, id)) {
			throw new YandexError(404, 'NOT_FOUND', `Outlet ${outletId} not found`);
		}
		switch (operation) {
			case 'createOutlet': {
				check(body);
				const made = this.nextId++;
				this.of(campaign).set(made, body);
				return { status: 'OK', result: { id: made } };
			}
			case 'updateOutlet':
				check(body);
				this.of(campaign).set(id, body);
				return { status: 'OK' };
			case 'deleteOutlet':
				this.of(campaign).set(id, undefined);
				return { status: 'OK' };
			default:
				return undefined;
		}
	}

	private of({ id }: Campaign): Map<number, Json | undefined> {
		const written = this.written.get(id) ?? new Map<number, Json | undefined>();
		this.written.set(id, written);
		return written;
	}

	/** Where an outlet is, and the shop's own code of it. */
	private keysOf(campaign: Campaign, id: number): { regionId: number; code?: string } {
		const written = this.of(campaign).get(id);
		if (!written) return { regionId: outletRegion(id), code: outletCode(id) };
		const { regionId } = (written.address ?? {}) as Json;
		return { regionId: Number(regionId), code: written.shopOutletCode as string | undefined };
	}
}
