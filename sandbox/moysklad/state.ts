import { MOYSKLAD_LOGIN } from '../credentials';
import { DATA_EPOCH } from '../shared/clock';
import type { Latency, LimitsMode } from '../shared/types';
import { GoodsLists } from './assortmentList';
import { AssortmentSettings } from './assortmentSettings';
import { AsyncTasks } from './asyncTasks';
import { Attributes } from './attributes';
import { AuditLog } from './auditLog';
import type { Caller } from './auth';
import { Cashiers } from './cashiers';
import { Assortment } from './data/assortment';
import type { RowType } from './data/assortment';
import { Blobs } from './data/blobs';
import { CustomDictionaries } from './data/customDictionaries';
import { DICTIONARIES, Dictionary, STORE_COUNT } from './data/dictionaries';
import { ImageShelf } from './data/images';
import { MORE_DICTIONARIES } from './data/moreDictionaries';
import { NamedFilters } from './data/namedFilters';
import { States } from './data/states';
import type { Stock } from './data/stock';
import { DELIVERY_DEADLINE_MS, Deliveries } from './deliveries';
import type { Delivery } from './deliveries';
import { WEBHOOK_ENTITY_TYPES } from './entityTypes';
import type { Diff, EntityEvent } from './events';
import type { ExpandSource } from './expand';
import type { References } from './fields';
import { GoodsUsage } from './goodsUsage';
import { Limits } from './limits';
import { OrderPositions } from './orderPositions';
import { DOCUMENTS, itemListsOf } from './data/documents';
import { DocumentParts } from './documentExtras';
import { completed, restOf } from './data/fromFacts';
import { PageCache } from './pageCache';
import type { NoteField } from './taskNotes';
import { TaskNotes } from './taskNotes';
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
	/** Least time from the start of an asynchronous task to its end, milliseconds (300). */
	asyncMs?: number;
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
	/** Moscow moment up to which documents cannot be written: a period that was closed in the web app. */
	closedUntil = '';
	/** Custom fields of goods and contracts. */
	readonly attributes: Attributes;
	/** Bytes of uploaded images and files. */
	readonly blobs: Blobs;
	/** Images of goods and content cards. */
	readonly images: ImageShelf;
	/** States of contracts and counterparties, types of tasks. */
	readonly states: States;
	readonly customDictionaries: CustomDictionaries;
	readonly namedFilters: NamedFilters;
	/** Settings of the goods dictionary. */
	readonly assortmentSettings: AssortmentSettings;
	/** Asynchronous exports. */
	readonly asyncTasks: AsyncTasks;
	/** What has happened in the account. */
	readonly audit: AuditLog;
	readonly rows: Assortment;
	readonly lists: GoodsLists;
	readonly dictionaries: ReadonlyMap<string, Dictionary>;
	/** Notes of tasks. */
	readonly taskNotes: TaskNotes;
	/** Cashiers of retail stores. */
	readonly cashiers: Cashiers;
	/** Positions of customer orders. */
	readonly orderPositions: OrderPositions;
	/** Files, public links and comments of documents. */
	readonly documentParts: DocumentParts;
	/** Which goods keep an object from being deleted. */
	readonly goodsUsage: GoodsUsage;
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
	/** Name of the field that carries the text of a task's note in answers; bodies may use either. */
	noteField: NoteField = 'text';
	/** Tariff option CRM; without it tasks cannot be written (37000). */
	crm = true;
	/** Tariff option of deferred earning; without it 62000, 62001, and one active program (3020). */
	extendedBonusProgram = true;
	/** True refuses objects that are created without their required custom fields (3000). */
	requireAttributes = false;
	/** `full` refuses new images with 51003, `down` with 51007. */
	imageStorage: 'ok' | 'full' | 'down' = 'ok';
	/** Requests that carried an Authorization header to the storage host. */
	storageAuthorizationLeaks = 0;
	private foreignIds = 0;

	constructor(options: MoySkladOptions) {
		this.world = new World(options.seed);
		this.attributes = new Attributes(this.world);
		this.blobs = new Blobs(this.world);
		this.images = new ImageShelf(this.world, this.blobs);
		this.states = new States(this.world);
		this.customDictionaries = new CustomDictionaries(this.world);
		this.namedFilters = new NamedFilters(this.world);
		this.assortmentSettings = new AssortmentSettings(this.world);
		this.asyncTasks = new AsyncTasks(this.world, options.asyncMs);
		this.rows = new Assortment(this.world, options.rows, {
			attributes: this.attributes,
			images: this.images,
			folderPath: (id) => this.folderPath(id),
		});
		this.lists = new GoodsLists(this.world, this.rows, this.attributes);
		const byHand = [...DICTIONARIES, ...MORE_DICTIONARIES].map(completed);
		const rest = restOf(new Set(byHand.map(({ keyword }) => keyword)));
		this.dictionaries = new Map(
			[...byHand, ...rest, ...DOCUMENTS].map((definition) => [
				definition.keyword,
				new Dictionary(definition, this.world),
			]),
		);
		this.taskNotes = new TaskNotes(this.world);
		this.cashiers = new Cashiers(this.world);
		this.orderPositions = new OrderPositions(this.world);
		this.documentParts = new DocumentParts(this.world);
		this.goodsUsage = new GoodsUsage(this.rows);
		this.audit = new AuditLog(this.world, (type, id) => this.expandSource.entity(type, id));
		this.webhooks = new Webhooks(this.world);
		this.limits = new Limits(options.limits === 'documented');
		this.sender = new Deliveries(this.world, options.webhookDeadlineMs ?? DELIVERY_DEADLINE_MS);
		this.weightDate = options.weightDate;
		this.bulkErrorStatus = options.bulkErrorStatus ?? 200;
	}

	/** A dictionary by its keyword. Throws RangeError for unknown ones. */
	dictionary(keyword: string): Dictionary {
		const dictionary = this.dictionaries.get(keyword);
		if (!dictionary) throw new RangeError(`Unknown dictionary ${keyword}`);
		return dictionary;
	}

	/** Log of webhook deliveries, oldest first. */
	get deliveries(): Delivery[] {
		return this.sender.log;
	}

	/** Waits until every webhook delivery has ended. */
	async deliveriesIdle(): Promise<void> {
		await this.sender.idle();
	}

	/** How the references of a body are checked. */
	get references(): References {
		return {
			base: this.world.base,
			exists: (type, id) => {
				const known = this.dictionaries.has(type) || GOODS_TYPES.has(type);
				return !known || this.expandSource.entity(type, id) !== undefined;
			},
		};
	}

	private folderPath(id: string): string | undefined {
		const folder = this.dictionaries.get('productfolder')?.find(id);
		if (!folder) return undefined;
		return [folder.pathName, folder.name].filter((part) => part !== '').join('/');
	}

	/** How references are resolved when lists expand them. */
	readonly expandSource: ExpandSource = {
		entity: (type, id) => {
			if (type === 'state') return this.states.find(id);
			if (type === 'customentity') return this.customDictionaries.find(id);
			const dictionary = this.dictionaries.get(type);
			if (dictionary) return dictionary.find(id);
			const row = this.rows.find(type, id);
			return row === undefined ? undefined : this.rows.entity(row);
		},
		rows: (owner, field) => {
			const meta = owner.meta as { type: string } | undefined;
			if (meta?.type === 'contentcard' && field === 'images') {
				return this.images.entities('contentcard', String(owner.id));
			}
			if (meta?.type === 'task' && field === 'notes') {
				// MoySklad docs, 2025-12-02: at most 100 notes come along with a task.
				return this.taskNotes
					.list(String(owner.id))
					.slice(0, 100)
					.map((note) => this.taskNotes.entity(note, this.noteField));
			}
			if (meta?.type === 'retailstore' && field === 'cashiers') {
				return this.cashiers.list(String(owner.id)).map((one) => this.cashiers.entity(one));
			}
			if (meta && itemListsOf(meta.type).includes(field.toLowerCase())) {
				return this.orderPositions.list(String(owner.id), field.toLowerCase());
			}
			if (meta?.type === 'task' && field === 'files') return [];
			const row = meta && this.rows.find(meta.type, String(owner.id));
			if (row === undefined) return undefined;
			if (field === 'images') return this.rows.images(row);
			if (field === 'components') return this.rows.components(row);
			return field === 'files' ? [] : undefined;
		},
	};

	/**
	 * Writes events into the audit and notifies the webhooks of the account about them, unless the
	 * tariff is free. `source` is what the audit says of where they come from.
	 */
	publish(
		events: EntityEvent[],
		uid: string,
		prefixes: string[] = [],
		source = 'remap-1.2',
	): Delivery[] {
		if (events.length === 0) return [];
		const context = this.audit.record(events, uid, source);
		if (this.tariff === 'free') return [];
		return this.sender.notify(this.webhooks.list('webhook'), events, context, prefixes);
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
		const { id: target, diff } = GOODS_TYPES.has(entityType)
			? this.changeGoods(entityType as Exclude<RowType, 'consignment'>, action, id, updatedFields)
			: { id: this.changeOther(entityType, action, id), diff: undefined };
		const fields = action === 'UPDATE' ? updatedFields : [];
		const event: EntityEvent = {
			type: entityType,
			id: target,
			action,
			updatedFields: fields,
			...(diff ? { diff } : {}),
		};
		return {
			entityType,
			action,
			id: target,
			href: this.world.href(entityType, target),
			updatedFields: fields,
			deliveries: this.publish([event], MOYSKLAD_LOGIN.login, [], 'app'),
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
	): { id: string; diff?: Diff } {
		const now = Date.now();
		if (action === 'CREATE') {
			const row = this.rows.create(type, { name: `New ${type} ${this.rows.size + 1}` }, now);
			return { id: this.rows.id(row) };
		}
		const row = id === undefined ? this.firstOfType(type) : this.rows.find(type, id);
		if (row === undefined) throw new RangeError(`Unknown ${type} ${id}`);
		const target = this.rows.id(row);
		const entity = this.rows.entity(row);
		if (action === 'DELETE') {
			this.rows.remove(row);
			return { id: target, diff: { name: { oldValue: entity.name } } };
		}
		const patch: Entity = {};
		for (const field of updatedFields) patch[field] = altered(entity[field], now);
		this.rows.patch(row, patch, now);
		const diff: Diff = {};
		for (const [field, newValue] of Object.entries(patch)) {
			diff[field] = { oldValue: entity[field] ?? null, newValue };
		}
		return { id: target, diff };
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
			noteField: this.noteField,
			crm: this.crm,
			extendedBonusProgram: this.extendedBonusProgram,
			requireAttributes: this.requireAttributes,
			imageStorage: this.imageStorage,
			asyncOutcome: this.asyncTasks.outcome,
			asyncMs: this.asyncTasks.ms,
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
