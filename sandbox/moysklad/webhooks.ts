import { MoySkladError } from './errors';
import { WEBHOOK_ENTITY_TYPES } from './entityTypes';
import type { Entity, World } from './world';

/** Webhooks of a kind per pair, for users and for a solution (MoySklad docs: Webhooks). */
const SLOTS_OF_USERS = 5;
const SLOTS_OF_SOLUTION = 1;
const MAX_URL = 255;
const ACTIONS = ['CREATE', 'UPDATE', 'DELETE', 'PROCESSED'];

/** A webhook of either family. */
export interface Webhook {
	id: string;
	family: 'webhook' | 'webhookstock';
	/** Key of the solution that owns it; `undefined` for the users of the account. */
	solution?: string;
	url: string;
	enabled: boolean;
	/** Family `webhook`. */
	entityType: string;
	action: string;
	diffType: 'NONE' | 'FIELDS';
	/** Family `webhookstock`. */
	stockType: string;
	reportType: string;
}

function requireText(fields: Entity, name: string): string {
	const value = fields[name];
	if (value === undefined || value === null || value === '') {
		throw new MoySkladError(3000, [name], { parameter: name });
	}
	if (typeof value !== 'string')
		throw new MoySkladError(2016, [name, 'String'], { parameter: name });
	return value;
}

function checkUrl(url: string): void {
	if (url.length > MAX_URL) throw new MoySkladError(30010, [], { parameter: 'url' });
	let parsed: URL | undefined;
	try {
		parsed = new URL(url);
	} catch {
		parsed = undefined;
	}
	const valid =
		parsed !== undefined &&
		/^https?:$/.test(parsed.protocol) &&
		parsed.hostname !== '' &&
		/^https?:\/\//i.test(url) &&
		!/\s/.test(url);
	if (!valid) throw new MoySkladError(30005, [], { parameter: 'url' });
}

function checkAction(entityType: string, action: string): void {
	if (!ACTIONS.includes(action)) throw new MoySkladError(30002, [action], { parameter: 'action' });
	if (entityType === 'async') {
		if (action !== 'PROCESSED') throw new MoySkladError(30008, ['async', action, 'PROCESSED']);
		return;
	}
	if (!WEBHOOK_ENTITY_TYPES.has(entityType)) {
		throw new MoySkladError(30000, [entityType], { parameter: 'entityType' });
	}
	if (action === 'PROCESSED') {
		throw new MoySkladError(30008, [entityType, action, 'CREATE, UPDATE, DELETE']);
	}
}

/** The webhooks of the account and the rules for them. */
export class Webhooks {
	private readonly webhooks = new Map<string, Webhook>();
	private made = 0;

	constructor(private readonly world: World) {}

	/** All webhooks of a family, oldest first; a solution sees its own only. */
	list(family: Webhook['family'], solution?: string): Webhook[] {
		return [...this.webhooks.values()].filter(
			(webhook) =>
				webhook.family === family && (solution === undefined || webhook.solution === solution),
		);
	}

	find(family: Webhook['family'], id: string, solution?: string): Webhook {
		const webhook = this.webhooks.get(id.toLowerCase());
		if (
			!webhook ||
			webhook.family !== family ||
			(solution !== undefined && webhook.solution !== solution)
		) {
			throw new MoySkladError(1021, [family, id]);
		}
		return webhook;
	}

	/** Creates a webhook. Throws 3000, 30000–30003, 30005, 30007–30010. */
	create(family: Webhook['family'], fields: Entity, solution?: string): Webhook {
		const webhook = this.merged(
			{
				id: this.world.id(family, this.made),
				family,
				solution,
				url: '',
				enabled: true,
				entityType: '',
				action: '',
				diffType: 'NONE',
				stockType: '',
				reportType: '',
			},
			fields,
		);
		this.checkUnique(webhook, true);
		this.made++;
		this.webhooks.set(webhook.id, webhook);
		return webhook;
	}

	/** Changes the fields that are passed, by the same rules. */
	update(webhook: Webhook, fields: Entity): Webhook {
		const next = this.merged(webhook, fields);
		const samePair = this.pair(next) === this.pair(webhook) && next.solution === webhook.solution;
		this.checkUnique(next, !samePair);
		return Object.assign(webhook, next);
	}

	delete(webhook: Webhook): void {
		this.webhooks.delete(webhook.id);
	}

	/** How many webhooks of both families there are. */
	get size(): number {
		return this.webhooks.size;
	}

	/** Webhooks of both families, oldest first. */
	values(): IterableIterator<Webhook> {
		return this.webhooks.values();
	}

	/** Removes every webhook. */
	clear(): void {
		this.webhooks.clear();
	}

	private pair(webhook: Webhook): string {
		return webhook.family === 'webhook'
			? `${webhook.entityType} ${webhook.action}`
			: `${webhook.reportType} ${webhook.stockType}`;
	}

	private merged(webhook: Webhook, fields: Entity): Webhook {
		const next = { ...webhook };
		const names =
			webhook.family === 'webhook'
				? (['url', 'action', 'entityType'] as const)
				: (['url', 'stockType', 'reportType'] as const);
		for (const name of names) {
			next[name] = requireText({ [name]: name in fields ? fields[name] : webhook[name] }, name);
		}
		if (fields.enabled !== undefined) {
			if (typeof fields.enabled !== 'boolean') {
				throw new MoySkladError(2016, ['enabled', 'Boolean'], { parameter: 'enabled' });
			}
			next.enabled = fields.enabled;
		}
		checkUrl(next.url);
		if (webhook.family === 'webhook') this.mergeEvents(next, fields);
		else this.checkStock(next);
		return next;
	}

	private mergeEvents(next: Webhook, fields: Entity): void {
		if (fields.method !== undefined && fields.method !== 'POST') {
			throw new MoySkladError(30001, [String(fields.method)], { parameter: 'method' });
		}
		checkAction(next.entityType, next.action);
		const { diffType } = fields;
		if (diffType !== undefined && diffType !== null) {
			if (next.action !== 'UPDATE') {
				throw new MoySkladError(30009, [next.action], { parameter: 'diffType' });
			}
			if (diffType !== 'NONE' && diffType !== 'FIELDS') {
				throw new MoySkladError(3005, [String(diffType), 'diffType', 'NONE, FIELDS'], {
					parameter: 'diffType',
				});
			}
			next.diffType = diffType;
		}
		if (next.action !== 'UPDATE') next.diffType = 'NONE';
	}

	private checkStock(next: Webhook): void {
		if (next.stockType !== 'stock') {
			throw new MoySkladError(3005, [next.stockType, 'stockType', 'stock'], {
				parameter: 'stockType',
			});
		}
		if (next.reportType !== 'all' && next.reportType !== 'bystore') {
			throw new MoySkladError(3005, [next.reportType, 'reportType', 'all, bystore'], {
				parameter: 'reportType',
			});
		}
	}

	private checkUnique(webhook: Webhook, takesSlot: boolean): void {
		const owners = [...this.webhooks.values()].filter(
			(other) =>
				other.id !== webhook.id &&
				other.family === webhook.family &&
				other.solution === webhook.solution &&
				this.pair(other) === this.pair(webhook),
		);
		if (owners.some((other) => other.url === webhook.url)) throw new MoySkladError(30003);
		const slots = webhook.solution === undefined ? SLOTS_OF_USERS : SLOTS_OF_SOLUTION;
		if (takesSlot && owners.length >= slots) throw new MoySkladError(30007, [String(slots)]);
	}

	/** The webhook as the API shows it. */
	entity(webhook: Webhook): Entity {
		const { id, family, url, enabled } = webhook;
		const meta = this.world.meta(family, id);
		const author =
			webhook.solution === undefined
				? {}
				: {
						authorApplication: {
							meta: this.world.meta('application', this.world.id('application', 0)),
						},
					};
		const common = { meta, id, accountId: this.world.accountId, ...author };
		if (family === 'webhookstock') {
			const { stockType, reportType } = webhook;
			return { ...common, enabled, stockType, reportType, url };
		}
		const { entityType, action, diffType } = webhook;
		return {
			...common,
			entityType,
			url,
			method: 'POST',
			enabled,
			action,
			...(action === 'UPDATE' ? { diffType } : {}),
		};
	}
}
