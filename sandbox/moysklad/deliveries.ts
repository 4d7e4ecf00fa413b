import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';

import { moscowSeconds } from '../shared/clock';
import type { AuditContext } from './auditLog';
import type { EntityEvent } from './events';
import type { Webhook } from './webhooks';
import type { Entity, World } from './world';

/** MoySklad waits this long for 200 or 204, milliseconds (MoySklad docs: Webhooks, 2022-03-09). */
export const DELIVERY_DEADLINE_MS = 1500;
/** Attempts per notification: one, and three more after bad answers. */
const DELIVERY_ATTEMPTS = 4;
const USER_AGENT = 'MoySklad webhook touch agent 2.0 (/https://www.moysklad.ru)';
const CAPACITY = 50_000;
/** Calls at a time. Waiting for a turn does not count against the receiver's deadline. */
const CONCURRENCY = 64;

/** One HTTP call of a delivery. */
export interface DeliveryAttempt {
	/** Start, epoch milliseconds. */
	at: number;
	/** How long it took, milliseconds. */
	ms: number;
	/** HTTP status; absent when there was no answer. */
	status?: number;
	outcome: 'accepted' | 'badStatus' | 'connectionError' | 'timeout';
	/** The fault's text for connection errors. */
	error?: string;
}

/** One notification on its way to a webhook's address. */
export interface Delivery {
	requestId: string;
	webhookId: string;
	family: Webhook['family'];
	/** Address with `requestId`. */
	url: string;
	body: Entity;
	/** Queued, epoch milliseconds. */
	at: number;
	attempts: DeliveryAttempt[];
	/** `failed`: four bad answers; `dropped`: no answer in time, never tried again. */
	outcome: 'pending' | 'delivered' | 'failed' | 'dropped';
}

/** Sends webhook notifications by MoySklad's rules and keeps a log of them. */
export class Deliveries {
	/** The newest 50,000 deliveries, oldest first. */
	readonly log: Delivery[] = [];
	private readonly agent = new Agent({ keepAliveTimeout: 4000 });
	private readonly pending = new Set<Promise<Delivery>>();
	private readonly waiting: Array<() => void> = [];
	private active = 0;
	private closed = false;

	constructor(
		private readonly world: World,
		private readonly deadlineMs: number,
	) {}

	/**
	 * Notifies the webhooks that match the events of one change, which the audit knows as `context`.
	 * `prefixes` are the values of `X-Lognex-WebHook-DisableByPrefix`. One notification per webhook
	 * carries all its events.
	 */
	notify(
		webhooks: Webhook[],
		events: EntityEvent[],
		context: AuditContext,
		prefixes: string[] = [],
	): Delivery[] {
		const { id: auditId, uid } = context;
		const moment = moscowSeconds(context.at);
		const deliveries: Delivery[] = [];
		for (const webhook of webhooks) {
			if (!webhook.enabled || prefixes.some((prefix) => webhook.url.startsWith(prefix))) continue;
			const matching = events.filter(
				({ type, action }) => type === webhook.entityType && action === webhook.action,
			);
			if (matching.length === 0) continue;
			const body = {
				auditContext: {
					meta: {
						type: 'audit',
						href: `${this.world.base}/audit/${auditId}`,
						mediaType: 'application/json',
					},
					uid,
					moment,
				},
				events: matching.map(({ type, id, action, updatedFields }) => ({
					meta: { type, href: this.world.href(type, id) },
					action,
					accountId: this.world.accountId,
					...(webhook.diffType === 'FIELDS' && action === 'UPDATE'
						? { updatedFields: updatedFields ?? [] }
						: {}),
				})),
			};
			deliveries.push(this.send(webhook, body));
		}
		return deliveries;
	}

	/** Notifies the stock webhooks; `moment` (epoch ms) is where the report must begin. */
	notifyStock(webhooks: Webhook[], moment: number): Delivery[] {
		return webhooks
			.filter(({ enabled }) => enabled)
			.map((webhook) => {
				const { reportType, stockType } = webhook;
				const report = `${this.world.base}/report/stock/${reportType}/current`;
				return this.send(webhook, {
					accountId: this.world.accountId,
					stockType,
					reportType,
					reportUrl: `${report}?changedSince=${moscowSeconds(moment)}`,
				});
			});
	}

	/** Waits until no delivery is on its way. */
	async idle(): Promise<void> {
		while (this.pending.size > 0) await Promise.all(this.pending);
	}

	clear(): void {
		this.log.length = 0;
	}

	async close(): Promise<void> {
		this.closed = true;
		for (const resume of this.waiting.splice(0)) resume();
		await this.agent.destroy();
	}

	private send(webhook: Webhook, body: Entity): Delivery {
		const requestId = randomUUID();
		const mark = webhook.url.includes('?') ? '&' : '?';
		const delivery: Delivery = {
			requestId,
			webhookId: webhook.id,
			family: webhook.family,
			url: `${webhook.url}${mark}requestId=${requestId}`,
			body,
			at: Date.now(),
			attempts: [],
			outcome: 'pending',
		};
		this.log.push(delivery);
		if (this.log.length > CAPACITY) this.log.splice(0, this.log.length - CAPACITY);
		const work = this.deliver(delivery);
		this.pending.add(work);
		void work.then(() => this.pending.delete(work));
		return delivery;
	}

	private async deliver(delivery: Delivery): Promise<Delivery> {
		const payload = JSON.stringify(delivery.body);
		while (delivery.attempts.length < DELIVERY_ATTEMPTS && !this.closed) {
			await this.turn();
			const attempt = await this.attempt(delivery.url, payload);
			this.active--;
			this.waiting.shift()?.();
			delivery.attempts.push(attempt);
			if (attempt.outcome === 'accepted') {
				delivery.outcome = 'delivered';
				return delivery;
			}
			if (attempt.outcome === 'timeout') {
				delivery.outcome = 'dropped';
				return delivery;
			}
		}
		delivery.outcome = 'failed';
		return delivery;
	}

	private async turn(): Promise<void> {
		while (this.active >= CONCURRENCY) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		this.active++;
	}

	private async attempt(url: string, payload: string): Promise<DeliveryAttempt> {
		const at = Date.now();
		const deadline = AbortSignal.timeout(this.deadlineMs);
		try {
			const { statusCode, body } = await request(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json;charset=utf-8', 'user-agent': USER_AGENT },
				body: payload,
				dispatcher: this.agent,
				signal: deadline,
			});
			await body.dump();
			const outcome = statusCode === 200 || statusCode === 204 ? 'accepted' : 'badStatus';
			return { at, ms: Date.now() - at, status: statusCode, outcome };
		} catch (error) {
			const ms = Date.now() - at;
			if (deadline.aborted) return { at, ms, outcome: 'timeout' };
			const text = error instanceof Error ? error.message : String(error);
			return { at, ms, outcome: 'connectionError', error: text };
		}
	}
}
