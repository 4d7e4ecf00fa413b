import type { VendorRoute } from '../../shared/server';
import { priceTypes } from '../data/assortment';
import { MoySkladError } from '../errors';
import { callerOf, json } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import { MEDIA_TYPE } from '../world';

const PERMITTED = { view: 'ALL', create: 'ALL', update: 'ALL', delete: 'ALL' };

/** `/context/employee`, `/context/application`, `/context/companysettings/metadata`, price types, `/security/token`. */
export function contextRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [
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
			handler: () => json(priceTypes(state.world)),
		},
		{
			method: 'GET',
			path: `${base}/context/companysettings/pricetype/default`,
			handler: () => json(priceTypes(state.world)[0]),
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
