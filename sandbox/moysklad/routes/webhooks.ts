import type { VendorRoute } from '../../shared/server';
import { UUID_PATTERN } from '../../shared/random';
import { metaId, readArray, readObject, readObjects } from '../body';
import { MoySkladError } from '../errors';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { bulkReply, callerOf, empty, json, language, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Webhook } from '../webhooks';
import type { Entity } from '../world';

/** Key of the solution that asks; `undefined` for users, who see all webhooks. */
function solutionOf(exchange: MoySkladExchange): string | undefined {
	const { kind, key } = callerOf(exchange);
	return kind === 'user' ? undefined : key;
}

function checkAdmin(exchange: MoySkladExchange): void {
	if (!callerOf(exchange).admin) throw new MoySkladError(30004);
}

function familyRoutes(
	base: string,
	state: MoySkladState,
	family: Webhook['family'],
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/${family}`;
	const { webhooks } = state;
	const find = (exchange: MoySkladExchange, id: string): Webhook => {
		if (!UUID_PATTERN.test(id)) throw new MoySkladError(1000, [id]);
		return webhooks.find(family, id, solutionOf(exchange));
	};
	const checkTariff = (): void => {
		if (state.tariff === 'free') throw new MoySkladError(30006);
	};
	const save = (exchange: MoySkladExchange, fields: Entity): Entity => {
		if (fields.meta === undefined) {
			return webhooks.entity(webhooks.create(family, fields, solutionOf(exchange)));
		}
		const webhook = find(exchange, metaId(fields, family, state.world.base));
		return webhooks.entity(webhooks.update(webhook, fields));
	};
	return [
		{
			method: 'GET',
			path,
			handler: (exchange) => {
				checkAdmin(exchange);
				const query = parseListQuery(exchange);
				const all = webhooks.list(family, solutionOf(exchange));
				const rows = all
					.slice(query.offset, query.offset + query.limit)
					.map((webhook) => webhooks.entity(webhook));
				return listPage(state, exchange, query, { type: family, total: all.length, rows });
			},
		},
		{
			method: 'POST',
			path,
			handler: (exchange) => {
				checkAdmin(exchange);
				checkTariff();
				const body = readObjects(exchange);
				if (!Array.isArray(body)) return json(save(exchange, body));
				return bulkReply(state, exchange, body, (fields) => save(exchange, fields));
			},
		},
		{
			method: 'POST',
			path: `${path}/delete`,
			handler: (exchange) => {
				checkAdmin(exchange);
				return bulkReply(state, exchange, readArray(exchange), (element) => {
					const webhook = find(exchange, metaId(element, family, state.world.base));
					webhooks.delete(webhook);
					const info =
						language(exchange) === 'en'
							? `Entity '${family}' with UUID: ${webhook.id} was deleted`
							: `Сущность '${family}' с UUID: ${webhook.id} успешно удалена`;
					return { info };
				});
			},
		},
		{
			method: 'GET',
			path: `${path}/:id`,
			handler: (exchange) => {
				checkAdmin(exchange);
				return json(webhooks.entity(find(exchange, exchange.params.id)));
			},
		},
		{
			method: 'PUT',
			path: `${path}/:id`,
			handler: (exchange) => {
				checkAdmin(exchange);
				checkTariff();
				const webhook = find(exchange, exchange.params.id);
				return json(webhooks.entity(webhooks.update(webhook, readObject(exchange))));
			},
		},
		{
			method: 'DELETE',
			path: `${path}/:id`,
			handler: (exchange) => {
				checkAdmin(exchange);
				webhooks.delete(find(exchange, exchange.params.id));
				return empty();
			},
		},
	];
}

/** `/entity/webhook` and `/entity/webhookstock`. */
export function webhookRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [...familyRoutes(base, state, 'webhook'), ...familyRoutes(base, state, 'webhookstock')];
}
