import type { VendorRoute } from '../../shared/server';
import { readObject } from '../body';
import { MoySkladError } from '../errors';
import { callerOf, json } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';

/** `/entity/assortment/settings`: read and partly changed; changing is for administrators. */
export function assortmentSettingsRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/assortment/settings`;
	return [
		{ method: 'GET', path, handler: () => json(state.assortmentSettings.show()) },
		{
			method: 'PUT',
			path,
			handler: (exchange) => {
				if (!callerOf(exchange).admin) throw new MoySkladError(1017);
				state.assortmentSettings.update(readObject(exchange));
				return json(state.assortmentSettings.show());
			},
		},
	];
}
