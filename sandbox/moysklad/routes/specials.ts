/** Settings, price types, characteristics, custom lists and the access of employees (MoySklad docs: Entities). */
import { moscowMillis } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { readObject } from '../body';
import { priceTypes } from '../data/assortment';
import { MoySkladError } from '../errors';
import { missing, wrongType } from '../fields';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, empty, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { MEDIA_TYPE } from '../world';
import { checkId } from '../writing';

const ROLES = ['admin', 'owner', 'individual', 'cashier', 'worker'];

function checkAdmin(exchange: MoySkladExchange): void {
	if (!callerOf(exchange).admin) throw new MoySkladError(1017);
}

/** A page of a short list that nothing can be asked of. */
function shortList(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: string,
	all: Entity[],
): VendorReply {
	const query = parseListQuery(exchange);
	const rows = all.slice(query.offset, query.offset + query.limit);
	return listPage(state, exchange, query, { type, total: all.length, rows });
}

function nameOf(fields: Entity): string {
	if (fields.name === undefined || fields.name === null || fields.name === '')
		throw missing('name');
	if (typeof fields.name !== 'string') throw wrongType('name', 'String');
	return fields.name;
}

function settingsRoutes(base: string, state: MoySkladState): Array<VendorRoute<MoySkladSession>> {
	const { world } = state;
	const begin: Array<[string, boolean, () => Entity]> = [
		[
			'/context/companysettings',
			true,
			() => ({
				meta: {
					href: `${world.base}/context/companysettings`,
					type: 'companysettings',
					mediaType: MEDIA_TYPE,
				},
				currency: world.ref('currency', 0),
				checkShippingStock: false,
				checkMinPrice: false,
				useRecycleBin: true,
				discountStrategy: 'bySum',
				globalOperationNumbering: false,
				useCompanyAddress: false,
			}),
		],
		[
			'/context/usersettings',
			false,
			() => ({ defaultCompany: world.ref('organization', 0), locale: 'ru_RU', printFormat: 'pdf' }),
		],
		[
			'/entity/counterparty/settings',
			true,
			() => ({
				createShared: true,
				uniqueCodeRules: { checkUniqueCode: false, fillUniqueCode: true },
			}),
		],
	];
	return begin.flatMap(([path, forAdmins, make]): Array<VendorRoute<MoySkladSession>> => {
		let given: Entity = {};
		const show = (): VendorReply => json({ ...make(), ...given });
		return [
			{ method: 'GET', path: base + path, handler: show },
			{
				method: 'PUT',
				path: base + path,
				handler: (exchange) => {
					if (forAdmins) checkAdmin(exchange);
					given = { ...given, ...readObject(exchange) };
					return show();
				},
			},
		];
	});
}

function accessRoutes(base: string, state: MoySkladState): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/employee/:id`;
	const securities = new Map<string, Entity>();
	const employee = (exchange: MoySkladExchange): Entity => {
		checkAdmin(exchange);
		const { id } = exchange.params;
		checkId(id);
		const found = state.dictionary('employee').find(id);
		if (!found) throw new MoySkladError(1021, ['employee', id]);
		return found;
	};
	const security = (one: Entity): Entity => ({
		login: one.uid,
		email: one.email,
		isActive: true,
		group: one.group,
		role: {
			meta: {
				href: `${state.world.base}/entity/role/admin`,
				type: 'systemrole',
				mediaType: MEDIA_TYPE,
			},
		},
		...securities.get(String(one.id)),
	});
	const change = (exchange: MoySkladExchange, patch: Entity): Entity => {
		const one = employee(exchange);
		securities.set(String(one.id), { ...securities.get(String(one.id)), ...patch });
		return security(one);
	};
	return [
		{
			method: 'GET',
			path: `${path}/security`,
			handler: (exchange) => json(security(employee(exchange))),
		},
		{
			method: 'PUT',
			path: `${path}/security`,
			handler: (exchange) => json(change(exchange, readObject(exchange))),
		},
		{
			method: 'PUT',
			path: `${path}/access/activate`,
			handler: (exchange) => {
				const body = readObject(exchange);
				if (typeof body.login !== 'string' || !body.login.includes('@')) throw missing('login');
				change(exchange, { ...body, isActive: true });
				return json({ mailActivationRequired: true });
			},
		},
		{
			method: 'PUT',
			path: `${path}/access/deactivate`,
			handler: (exchange) => {
				change(exchange, { isActive: false });
				return { status: 204 };
			},
		},
		{
			method: 'PUT',
			path: `${path}/access/resetpassword`,
			handler: (exchange) => {
				employee(exchange);
				return { status: 204 };
			},
		},
		...ROLES.map((role, index): VendorRoute<MoySkladSession> => ({
			method: 'GET',
			path: `${base}/entity/role/${role}`,
			handler: (exchange) => {
				checkAdmin(exchange);
				const href = `${state.world.base}/entity/role/${role}`;
				return json({
					meta: { href, type: 'systemrole', mediaType: MEDIA_TYPE },
					id: state.world.id('systemrole', index),
					name: role,
					permissions: { product: { view: 'ALL' } },
				});
			},
		})),
	];
}

/** Lists that the account made by itself; the one that it began with has routes of its own. */
function customListRoutes(base: string, state: MoySkladState): Array<VendorRoute<MoySkladSession>> {
	const { customDictionaries: lists, world } = state;
	const path = `${base}/entity/customentity`;
	const list = (exchange: MoySkladExchange): Entity => {
		const { dictionaryId } = exchange.params;
		checkId(dictionaryId);
		const found = lists.made.get(dictionaryId.toLowerCase());
		if (!found) throw new MoySkladError(1021, ['customentitymetadata', dictionaryId]);
		return found;
	};
	const show = (one: Entity): Entity => ({ meta: one.meta, id: one.id, name: one.name });
	const element = (exchange: MoySkladExchange): Entity => {
		const { dictionaryId, id } = exchange.params;
		checkId(dictionaryId);
		checkId(id);
		const found = lists
			.elements(dictionaryId.toLowerCase())
			.find((one) => one.id === id.toLowerCase());
		if (!found) throw new MoySkladError(1021, ['customentity', id]);
		return found;
	};
	return [
		{
			method: 'POST',
			path,
			handler: (exchange) => {
				checkAdmin(exchange);
				return json(show(lists.add(nameOf(readObject(exchange)))));
			},
		},
		{
			method: 'PUT',
			path: `${path}/:dictionaryId`,
			handler: (exchange) => {
				checkAdmin(exchange);
				const one = list(exchange);
				one.name = nameOf(readObject(exchange));
				return json(show(one));
			},
		},
		{
			method: 'DELETE',
			path: `${path}/:dictionaryId`,
			handler: (exchange) => {
				checkAdmin(exchange);
				lists.made.delete(String(list(exchange).id));
				return empty();
			},
		},
		{
			method: 'POST',
			path: `${path}/:dictionaryId`,
			handler: (exchange) => {
				const { dictionaryId } = exchange.params;
				checkId(dictionaryId);
				const fields = readObject(exchange);
				nameOf(fields);
				return json(lists.addElement(dictionaryId.toLowerCase(), fields, moscowMillis(Date.now())));
			},
		},
		{
			method: 'PUT',
			path: `${path}/:dictionaryId/:id`,
			handler: (exchange) => {
				const one = element(exchange);
				const fields = readObject(exchange);
				if ('name' in fields) nameOf(fields);
				lists.change(one, fields, moscowMillis(Date.now()));
				return json(element(exchange));
			},
		},
		{
			method: 'DELETE',
			path: `${path}/:dictionaryId/:id`,
			handler: (exchange) => {
				lists.remove(element(exchange));
				return empty();
			},
		},
		{
			method: 'GET',
			path: `${base}/accountSettings/subscription`,
			handler: () =>
				json({
					tariff: state.tariff === 'free' ? 'FREE' : 'PROFESSIONAL',
					role: 'admin',
					isSubscriptionChangeAvailable: true,
					subscriptionEndDate: world.seed + 1_800_000_000_000,
				}),
		},
	];
}

/** Whatever has an address of its own beside the lists of objects. */
export function specialRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const made: Entity[] = [];
	const collection = `${base}/entity/variant/metadata/characteristics`;
	const characteristic = (id: string, name: string): Entity => ({
		meta: {
			href: `${state.world.base}/entity/variant/metadata/characteristics/${id}`,
			type: 'attributemetadata',
			mediaType: MEDIA_TYPE,
		},
		id,
		name,
		type: 'string',
		required: false,
	});
	const all = (): Entity[] => [
		...['Colour', 'Size'].map((name, index) =>
			characteristic(state.world.id('characteristic', index), name),
		),
		...made,
	];
	return [
		...settingsRoutes(base, state),
		...accessRoutes(base, state),
		...customListRoutes(base, state),
		{
			method: 'GET',
			path: `${base}/context/companysettings/pricetype/:id`,
			handler: (exchange) => {
				const { id } = exchange.params;
				checkId(id);
				const found = priceTypes(state.world).find((one) => one.id === id.toLowerCase());
				if (!found) throw new MoySkladError(1021, ['pricetype', id]);
				return json(found);
			},
		},
		{
			method: 'GET',
			path: collection,
			handler: (exchange) => shortList(state, exchange, 'attributemetadata', all()),
		},
		{
			method: 'POST',
			path: collection,
			handler: (exchange) => {
				const name = nameOf(readObject(exchange));
				const one = characteristic(state.world.id('characteristic', 2 + made.length), name);
				made.push(one);
				return json(one);
			},
		},
		{
			method: 'GET',
			path: `${collection}/:id`,
			handler: (exchange) => {
				const { id } = exchange.params;
				checkId(id);
				const found = all().find((one) => one.id === id.toLowerCase());
				if (!found) throw new MoySkladError(1021, ['attributemetadata', id]);
				return json(found);
			},
		},
	];
}
