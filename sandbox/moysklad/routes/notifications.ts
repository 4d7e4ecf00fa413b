/** Notifications of the employee and what they are told of (MoySklad docs: Notifications). */
import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { readObject } from '../body';
import { MoySkladError } from '../errors';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { empty, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { MEDIA_TYPE } from '../world';
import { checkId } from '../writing';

const KINDS = [
	'NotificationGoodCountTooLow',
	'NotificationImportCompleted',
	'NotificationTaskChanged',
];
const GROUPS = [
	'customerOrder',
	'dataExchange',
	'invoice',
	'retail',
	'scripts',
	'stock',
	'task',
	'mentions',
	'onlineStores',
	'followedEvents',
];
/** Groups that cannot be switched off. */
const ALWAYS = ['scripts', 'onlineStores'];

function begin(state: MoySkladState): Entity[] {
	return KINDS.map((type, index) => {
		const id = state.world.id('notification', index);
		const href = `${state.world.base}/notification/${id}`;
		return {
			meta: { href, type, mediaType: MEDIA_TYPE },
			id,
			accountId: state.world.accountId,
			created: moscowMillis(DATA_EPOCH - index * 3_600_000),
			read: false,
			title: `Notification ${index + 1}`,
			description: `What notification ${index + 1} tells`,
		};
	});
}

/** `/notification` and its settings. */
export function notificationRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	let all = begin(state);
	const channels = { email: true, push: true, interface: true };
	const settings = new Map<string, Entity>(
		GROUPS.map((name) => [name, { enabled: true, channelsEnabled: { ...channels } }]),
	);
	const path = `${base}/notification`;
	const found = ({ params: { id } }: MoySkladExchange): Entity => {
		checkId(id);
		const one = all.find((row) => row.id === id);
		if (!one) throw new MoySkladError(1021, ['notification', id]);
		return one;
	};
	const list = (exchange: MoySkladExchange): VendorReply => {
		const query = parseListQuery(exchange);
		const rows = all.slice(query.offset, query.offset + query.limit);
		return listPage(state, exchange, query, { type: 'notification', total: all.length, rows });
	};
	const show = () => json(Object.fromEntries(settings));
	return [
		{ method: 'GET', path, handler: list },
		{ method: 'GET', path: `${path}/settings`, handler: show },
		{
			method: 'PUT',
			path: `${path}/settings`,
			handler: (exchange) => {
				for (const [name, given] of Object.entries(readObject(exchange))) {
					const known = settings.get(name);
					if (!known) throw new MoySkladError(1007, [name]);
					const { enabled = known.enabled, channelsEnabled } = given as Entity;
					settings.set(name, {
						enabled: ALWAYS.includes(name) ? true : enabled,
						channelsEnabled: {
							...(known.channelsEnabled as Entity),
							...(channelsEnabled as Entity | undefined),
						},
					});
				}
				return show();
			},
		},
		{
			method: 'PUT',
			path: `${path}/markasreadall`,
			handler: () => {
				for (const one of all) one.read = true;
				return empty();
			},
		},
		{ method: 'GET', path: `${path}/:id`, handler: (exchange) => json(found(exchange)) },
		{
			method: 'PUT',
			path: `${path}/:id/markasread`,
			handler: (exchange) => {
				found(exchange).read = true;
				return empty();
			},
		},
		{
			method: 'DELETE',
			path: `${path}/:id`,
			handler: (exchange) => {
				const one = found(exchange);
				all = all.filter((row) => row !== one);
				return empty();
			},
		},
	];
}
