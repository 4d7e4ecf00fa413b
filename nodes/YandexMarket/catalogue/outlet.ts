/** Points of sale. Reference of the project: yandex-market.md §3.2. */
import type { IDataObject } from 'n8n-workflow';

import type { Locator, Operation } from '../../shared/catalogue';

export const idLocator = (search: string, what: string): Locator => ({
	search,
	id: {
		pattern: '^\\s*[1-9]\\d*\\s*$',
		message: `${what} is a whole number from 1 up`,
		placeholder: 'e.g. 21621656',
	},
});

const ADDRESS_PARTS = ['city', 'street', 'number', 'building', 'estate', 'block', 'additional'];

/** One line of address; regions come from the outlet's region. */
function addressLine(outlet: IDataObject): string {
	const address = (outlet.address ?? {}) as IDataObject;
	const region = (outlet.region as IDataObject | undefined)?.name;
	// The region of a town is the town itself, which the deprecated `city` repeats.
	const names = ADDRESS_PARTS.filter((part) => part !== 'city' || address.city !== region);
	const parts = [region, ...names.map((part) => address[part])];
	const line = parts.filter((part) => part !== undefined && part !== null && part !== '');
	if (address.km) line.push(`km ${String(address.km)}`);
	return line.join(', ');
}

export const outlets: Operation[] = [
	{
		resource: 'outlet',
		operation: 'get',
		name: 'Get',
		action: 'Get outlet of shop',
		description: 'Retrieve one point of sale of a shop',
		route: 'GET /v2/campaigns/{campaignId}/outlets/{outletId}',
		docs: 'https://yandex.ru/dev/market/partner-api/doc/en/reference/outlets/getOutlet',
		answer: { kind: 'object', at: 'outlet' },
		fields: [
			{
				name: 'campaignId',
				label: 'Shop',
				kind: 'locator',
				to: 'path:campaignId',
				required: true,
				locator: idLocator('searchShops', 'A campaign ID'),
				help: "The shop's campaign ID, which is not the number shown in the web app. Outlets exist for DBS shops only.",
				fallback: 'campaignId',
			},
			{
				name: 'outletId',
				label: 'Outlet',
				kind: 'locator',
				to: 'path:outletId',
				required: true,
				locator: idLocator('searchOutlets', 'An outlet ID'),
				help: 'The point of sale',
			},
		],
		simplify: (outlet) => ({
			id: outlet.id,
			name: outlet.name,
			type: outlet.type,
			status: outlet.status,
			visibility: outlet.visibility,
			shopOutletCode: outlet.shopOutletCode ?? outlet.shopOutletId,
			address: addressLine(outlet),
			coords: outlet.coords,
			phones: ((outlet.phones ?? []) as string[]).join(', '),
			isMain: outlet.isMain,
		}),
		output: {
			id: { type: 'number' },
			name: { type: 'string' },
			type: { type: 'string' },
			status: { type: 'string' },
			visibility: { type: 'string' },
			shopOutletCode: { type: 'string' },
			address: { type: 'string' },
			coords: { type: 'string' },
			phones: { type: 'string' },
			isMain: { type: 'boolean' },
		},
		notes:
			'DBS shops only. The key needs the permission for store settings or full access. 10,000 requests an hour.',
	},
];
