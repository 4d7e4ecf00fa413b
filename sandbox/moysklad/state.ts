import { DATA_EPOCH } from '../shared/clock';
import type { Latency, LimitsMode } from '../shared/types';
import { MOYSKLAD_LOGIN } from '../credentials';
import { GoodsLists } from './assortmentList';
import type { Caller } from './auth';
import { Assortment } from './data/assortment';
import type { RowType } from './data/assortment';
import { DICTIONARIES, Dictionary, STORE_COUNT } from './data/dictionaries';
import type { Stock } from './data/stock';
import { DELIVERY_DEADLINE_MS, Deliveries } from './deliveries';
import type { Delivery, EntityEvent } from './deliveries';
import { WEBHOOK_ENTITY_TYPES } from './entityTypes';
import type { ExpandSource } from './expand';
import { Limits } from './limits';
import { PageCache } from './pageCache';
import { Webhooks } from './webhooks';
import { World } from './world';
import type { Entity } from './world';

/** What the sandbox can be told about its MoySklad account. */
export interface MoySkladOptions {
	seed: number;
	/** Rows of the default assortment list. */
	rows: number;
	limits: LimitsMode;
	/** Day (YYYY-MM-DD) whose request weights apply; the newest without it. */
	weightDate?: string;
	/** Deadline of webhook deliveries, milliseconds (1500 unless a test is in a hurry). */
	webhookDeadlineMs?: number;
	/** Status of bulk answers that contain errors. */
	bulkErrorStatus?: BulkErrorStatus;
}

/** MoySklad answers bulk requests with errors inside by any of these (seen in clients; the docs name none). */
export type BulkErrorStatus = 200 | 400 | 412;

/** What `change` did. */
export interface Change {
	entityType: string;
	action: string;
	id: string;
	href: string;
	updatedFields: string[];
	/** Notifications that the change caused; they are on their way. */
	deliveries: Delivery[];
}

const GOODS_TYPES: ReadonlySet<string> = new Set(['product', 'variant', 'service', 'bundle']);

/** A value that differs from the given one, of the same type. */
function altered(value: unknown, now: number): unknown {
	if (typeof value === 'number') return value + 1;
	if (typeof value === 'boolean') return !value;
	if (Array.isArray(value)) {
		// Prices and barcodes are lists of objects; prices are the ones with a number inside.
		return value.map((one: Entity) =>
			typeof one.value === 'number' ? { ...one, value: one.value + 100 } : one,
		);
	}
	if (value !== undefined && typeof value !== 'string') return value;
	return `${(value ?? '').replace(/ \(changed.*\)$/, '')} (changed ${now})`.trim();
}

/** The MoySklad account of a sandbox: data, webhooks, budgets and switches. */
export class MoySkladState {
	readonly world: World;
	readonly rows: Assortment;
	readonly lists: GoodsLists;
	readonly dictionaries: ReadonlyMap<string, Dictionary>;
	readonly webhooks: Webhooks;
	readonly limits: Limits;
	readonly sender: Deliveries;
	readonly pages = new PageCache();
	readonly weightDate: string | undefined;
	/** `free` forbids to make and change webhooks (30006) and stops deliveries. */
	tariff: 'paid' | 'free' = 'paid';
	/** True once somebody called `POST /security/token`, which revokes the user's other tokens. */
	tokenRevoked = false;
	bulkErrorStatus: BulkErrorStatus;
	/** Requests that carried an Authorization header to the storage host. */
	storageAuthorizationLeaks = 0;
	private foreignIds = 0;

	constructor(options: MoySkladOptions) {
		this.world = new World(options.seed);
		this.rows = new Assortment(this.world, options.rows);
		this.lists = new GoodsLists(this.world, this.rows);
		this.dictionaries = new Map(
			DICTIONARIES.map((definition) => [
				definition.keyword,
				new Dictionary(definition, this.world),
			]),
		);
		this.webhooks = new Webhooks(this.world);
		this.limits = new Limits(options.limits === 'documented');
		this.sender = new Deliveries(this.world, options.webhookDeadlineMs ?? DELIVERY_DEADLINE_MS);
		this.weightDate = options.weightDate;
		this.bulkErrorStatus = options.bulkErrorStatus ?? 200;
	}

	/** Log of webhook deliveries, oldest first. */
	get deliveries(): Delivery[] {
		return this.sender.log;
	}

	/** Waits until every webhook delivery has ended. */
	async deliveriesIdle(): Promise<void> {
		await this.sender.idle();
	}

	/** How references are resolved when lists expand them. */
	readonly expandSource: ExpandSource = {
		entity: (type, id) => {
			const dictionary = this.dictionaries.get(type);
			if (dictionary) return dictionary.find(id);
			const row = this.rows.find(type, id);
			return row === undefined ? undefined : this.rows.entity(row);
		},
		rows: (owner, field) => {
			const meta = owner.meta as { type: string } | undefined;
			const row = meta && this.rows.find(meta.type, String(owner.id));
			if (row === undefined) return undefined;
			if (field === 'images') return this.rows.images(row);
			if (field === 'components') return this.rows.components(row);
			return field === 'files' ? [] : undefined;
		},
	};

	/** Notifies the webhooks of the account about events, unless the tariff is free. */
	publish(events: EntityEvent[], uid: string, prefixes: string[] = []): Delivery[] {
		if (this.tariff === 'free' || events.length === 0) return [];
		return this.sender.notify(this.webhooks.list('webhook'), events, uid, prefixes);
	}

	/**
	 * Makes a change as a colleague would in MoySklad's pages, and fires the webhooks. Goods and
	 * dictionary objects really change; for other types (documents) only the event is made up. `id`
	 * defaults to the first object of the type, for CREATE to a new one. Throws RangeError for
	 * unknown types, actions and ids.
	 */
	change(
		entityType: string,
		action: string,
		id?: string,
		updatedFields: string[] = ['name'],
	): Change {
		if (!WEBHOOK_ENTITY_TYPES.has(entityType)) {
			throw new RangeError(`Unknown entity type ${entityType}`);
		}
		if (action !== 'CREATE' && action !== 'UPDATE' && action !== 'DELETE') {
			throw new RangeError(`Unknown action ${action}`);
		}
		const target = GOODS_TYPES.has(entityType)
			? this.changeGoods(entityType as Exclude<RowType, 'consignment'>, action, id, updatedFields)
			: this.changeOther(entityType, action, id);
		const fields = action === 'UPDATE' ? updatedFields : [];
		const event: EntityEvent = { type: entityType, id: target, action, updatedFields: fields };
		return {
			entityType,
			action,
			id: target,
			href: this.world.href(entityType, target),
			updatedFields: fields,
			deliveries: this.publish([event], MOYSKLAD_LOGIN.login),
		};
	}

	/** Changes stock (units) of a row in a store and fires the stock webhooks. */
	changeStock(assortmentId: string, storeId: string, change: Partial<Stock>): Delivery[] {
		const row = this.rows.findAny(assortmentId);
		const store = this.world.space('store').index(storeId);
		if (row === undefined || !this.rows.hasStock(row))
			throw new RangeError('Unknown assortment id');
		if (store === undefined || store >= STORE_COUNT) throw new RangeError('Unknown store id');
		const now = Date.now();
		this.rows.stock.set(row, store, change, now);
		if (this.tariff === 'free') return [];
		return this.sender.notifyStock(this.webhooks.list('webhookstock'), now - 1000);
	}

	private firstOfType(type: RowType): number {
		for (let row = 0; row < this.rows.size; row++) {
			if (this.rows.exists(row) && this.rows.type(row) === type) return row;
		}
		throw new RangeError(`No ${type} is left`);
	}

	private changeGoods(
		type: Exclude<RowType, 'consignment'>,
		action: string,
		id: string | undefined,
		updatedFields: string[],
	): string {
		const now = Date.now();
		if (action === 'CREATE') {
			const row = this.rows.create(type, { name: `New ${type} ${this.rows.size + 1}` }, now);
			return this.rows.id(row);
		}
		const row = id === undefined ? this.firstOfType(type) : this.rows.find(type, id);
		if (row === undefined) throw new RangeError(`Unknown ${type} ${id}`);
		const target = this.rows.id(row);
		if (action === 'DELETE') this.rows.remove(row);
		else {
			const entity = this.rows.entity(row);
			const patch: Entity = {};
			for (const field of updatedFields) patch[field] = altered(entity[field], now);
			this.rows.patch(row, patch, now);
		}
		return target;
	}

	private changeOther(type: string, action: string, id: string | undefined): string {
		const dictionary = this.dictionaries.get(type);
		if (id !== undefined) {
			if (dictionary && !dictionary.find(id)) throw new RangeError(`Unknown ${type} ${id}`);
			return id;
		}
		if (dictionary && action !== 'CREATE') return String(dictionary.all()[0].id);
		return this.world.id(type, 3_000_000_000 + this.foreignIds++);
	}

	/** Numbers for `GET /state`. */
	summary(latency: Latency): Entity {
		return {
			rows: this.rows.size,
			tariff: this.tariff,
			tokenRevoked: this.tokenRevoked,
			bulkErrorStatus: this.bulkErrorStatus,
			storageAuthorizationLeaks: this.storageAuthorizationLeaks,
			latency,
			limits: this.limits.enabled ? 'documented' : 'off',
			callers: this.limits.usage(),
			webhooks: this.webhooks.list('webhook').map((webhook) => this.webhooks.entity(webhook)),
			stockWebhooks: this.webhooks
				.list('webhookstock')
				.map((webhook) => this.webhooks.entity(webhook)),
			deliveries: this.deliveries.length,
			dataEpoch: new Date(DATA_EPOCH).toISOString(),
		};
	}
}

/** What the sandbox knows about a MoySklad request once it is let in. */
export interface MoySkladSession {
	caller: Caller;
}
