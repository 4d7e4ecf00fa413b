import { moscowSeconds } from '../shared/clock';
import type { Diff, EntityEvent } from './events';
import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

const CAPACITY = 50_000;

/** How the audit names the events of webhooks. */
const EVENT_TYPES: Record<string, string> = {
	CREATE: 'create',
	UPDATE: 'update',
	DELETE: 'delete',
};

/** One change of one object. */
interface AuditEvent {
	event: EntityEvent;
	name: string;
	diff?: Diff;
}

/** Changes that belong together, as MoySklad's audit keeps them. */
export interface AuditContext {
	id: string;
	/** Epoch milliseconds; the API shows seconds of Moscow. */
	at: number;
	uid: string;
	/** `app` for MoySklad's pages, `remap-1.2` for the API. */
	source: string;
	events: AuditEvent[];
}

/** What has happened in the account, oldest first: the newest 50,000 contexts. */
export class AuditLog {
	private readonly contexts = new Map<string, AuditContext>();
	private made = 0;

	/** `current` gives the object as it is now, for its name and for new values that nobody told. */
	constructor(
		private readonly world: World,
		private readonly current: (type: string, id: string) => Entity | undefined,
	) {}

	/** Writes down the events of one change. */
	record(events: EntityEvent[], uid: string, source: string): AuditContext {
		const context: AuditContext = {
			id: this.world.id('audit', this.made++),
			at: Date.now(),
			uid,
			source,
			events: events.map((event) => {
				const entity = this.current(event.type, event.id);
				const old = event.diff?.name?.oldValue;
				return {
					event,
					name: String(entity?.name ?? old ?? ''),
					diff: event.diff ?? knownDiff(event, entity),
				};
			}),
		};
		this.contexts.set(context.id, context);
		if (this.contexts.size > CAPACITY) {
			const [oldest] = this.contexts.keys();
			this.contexts.delete(oldest);
		}
		return context;
	}

	/** Contexts, newest first. */
	list(): AuditContext[] {
		return [...this.contexts.values()].reverse();
	}

	find(id: string): AuditContext | undefined {
		return this.contexts.get(id.toLowerCase());
	}

	/** Events of one object, newest first, each with its context. */
	of(type: string, id: string): Array<{ context: AuditContext; event: AuditEvent }> {
		return this.list().flatMap((context) =>
			context.events
				.filter(({ event }) => event.type === type && event.id === id.toLowerCase())
				.map((event) => ({ context, event })),
		);
	}

	/** A context as the API shows it: what differs among its events is left out. */
	show(context: AuditContext): Entity {
		const { id, uid, source, events } = context;
		const types = new Set(events.map(({ event }) => event.type));
		const actions = new Set(events.map(({ event }) => event.action));
		const href = `${this.world.base}/audit/${id}`;
		return {
			meta: { href, type: 'audit', mediaType: MEDIA_TYPE },
			id,
			uid,
			source,
			moment: moscowSeconds(context.at),
			objectCount: events.length,
			...(actions.size === 1 ? { eventType: EVENT_TYPES[[...actions][0]] } : {}),
			...(types.size === 1 ? { entityType: [...types][0] } : {}),
			events: this.world.collection(`${href}/events`, 'auditevent', events.length),
		};
	}

	/** An event as the API shows it. Creations have no `diff` (MoySklad docs: Audit, format of diff). */
	showEvent(context: AuditContext, { event, name, diff }: AuditEvent): Entity {
		const { id, uid, source } = context;
		return {
			source,
			eventType: EVENT_TYPES[event.action],
			entityType: event.type,
			uid,
			moment: moscowSeconds(context.at),
			...(event.action !== 'CREATE' && diff ? { diff } : {}),
			name,
			audit: {
				meta: { href: `${this.world.base}/audit/${id}`, type: 'audit', mediaType: MEDIA_TYPE },
			},
			entity: { meta: this.world.meta(event.type, event.id) },
		};
	}
}

/** Changes through the API tell names of fields only: their values are those of now. */
function knownDiff(event: EntityEvent, entity: Entity | undefined): Diff | undefined {
	if (event.action !== 'UPDATE' || !event.updatedFields || !entity) return undefined;
	return Object.fromEntries(
		event.updatedFields.map((field) => [field, { newValue: entity[field] ?? null }]),
	);
}
