import type { VendorRoute } from '../../shared/server';
import { priceTypes } from '../data/assortment';
import { readArray } from '../body';
import { MoySkladError } from '../errors';
import { missing } from '../fields';
import { callerOf, json } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import { MEDIA_TYPE, refId } from '../world';
import { checkId } from '../writing';

const PERMITTED = { view: 'ALL', create: 'ALL', update: 'ALL', delete: 'ALL' };

/** `/context/employee`, `/context/application`, `/context/companysettings/metadata`, price types, `/security/token`. */
export function contextRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	let types = priceTypes(state.world);
	let made = 100;
	return [
		{
			method: 'GET',
			path: `${base}/entity/application/:id`,
			handler: ({ params: { id } }) => {
				checkId(id);
				return json({
					meta: state.world.meta('application', id),
					id,
					appUid: 'test.sandbox@account',
				});
			},
		},
		{
			method: 'GET',
			path: `${base}/context/employee`,
			handler: (exchange) => {
				const caller = callerOf(exchange);
				if (caller.kind !== 'user') throw new MoySkladError(55006);
				const employee = state.dictionaries.get('employee')?.all()[caller.index];
				return json({
					...employee,
					permissions: {
						admin: { view: caller.admin ? 'ALL' : 'NO' },
						product: PERMITTED,
						counterparty: PERMITTED,
						webhook: caller.admin ? PERMITTED : { view: 'NO', create: 'NO' },
					},
				});
			},
		},
		{
			method: 'GET',
			path: `${base}/context/application`,
			handler: (exchange) => {
				const caller = callerOf(exchange);
				if (caller.kind === 'user') throw new MoySkladError(55005);
				const id = state.world.id('application', caller.index);
				return json({
					meta: state.world.meta('application', id),
					id,
					name: caller.kind === 'solution' ? 'Published solution' : 'Draft solution',
					accountId: state.world.accountId,
				});
			},
		},
		{
			method: 'GET',
			path: `${base}/context/companysettings/metadata`,
			handler: () =>
				json({
					meta: {
						href: `${state.world.base}/context/companysettings`,
						mediaType: MEDIA_TYPE,
					},
					customEntities: [
						state.customDictionaries.ofCompany(),
						...state.customDictionaries.made.values(),
					],
				}),
		},
		{
			// A bare array (MoySklad docs: Price types).
			method: 'GET',
			path: `${base}/context/companysettings/pricetype`,
			handler: () => json(types),
		},
		{
			// The whole list: what is left out is deleted (MoySklad docs: Price types).
			method: 'POST',
			path: `${base}/context/companysettings/pricetype`,
			handler: (exchange) => {
				if (!callerOf(exchange).admin) throw new MoySkladError(1017);
				const given = readArray(exchange);
				if (given.length === 0) throw new MoySkladError(2008);
				types = given.map((entry) => {
					const id = entry.meta === undefined ? undefined : refId(entry);
					const known = types.find((type) => type.id === id);
					if (id !== undefined && !known) throw new MoySkladError(1021, ['pricetype', id]);
					const { name, externalCode } = { ...known, ...entry };
					if (typeof name !== 'string' || name === '') throw missing('name');
					if (known) return { ...known, name, externalCode };
					const fresh = state.world.id('pricetype', made++);
					const href = `${state.world.base}/context/companysettings/pricetype/${fresh}`;
					const meta = { href, type: 'pricetype', mediaType: MEDIA_TYPE };
					return { meta, id: fresh, name, externalCode: externalCode ?? fresh };
				});
				return json(types);
			},
		},
		{
			method: 'GET',
			path: `${base}/context/companysettings/pricetype/default`,
			handler: () => json(types[0]),
		},
		{
			method: 'POST',
			path: `${base}/security/token`,
			handler: (exchange) => {
				if (exchange.header('authorization')?.startsWith('Basic ') !== true) {
					throw new MoySkladError(1056, ['login and password are needed']);
				}
				// On the real service this call revokes every other token of the user.
				state.tokenRevoked = true;
				return json({ access_token: `sandbox0fresh0token${Date.now()}` });
			},
		},
	];
}
