/**
 * Operations of Altegio with code of their own, in n8n's engine against the sandbox; and the proof that together with
 * the walk through the facts they are all.
 */
import { ALTEGIO_LOCATIONS } from '../../../sandbox';
import { freshHouse } from '../freshHouse';
import type { OwnCase } from '../ownOperations';
import { testOwnOperations } from '../ownOperations';
import { byId, walk } from './walk';

const LOCATION = ALTEGIO_LOCATIONS.first;
const locationId = byId(LOCATION);
const KNOWN = { id: 4_240_005, phone: '13155551005' };

const fields = (value: object, matchingColumns: string[] = []) => ({
	fields: { mappingMode: 'defineBelow', value, matchingColumns },
});

const CASES: Record<string, OwnCase> = {
	'client.upsert': {
		form: {
			locationId,
			...fields({ phone: '+1 (315) 555-10-05', comment: 'Regular', discount: '5' }, ['phone']),
		},
		request: `PUT /api/v1/client/${LOCATION}/${KNOWN.id}`,
		body: expect.objectContaining({ phone: KNOWN.phone, comment: 'Regular', discount: 5 }),
		out: [{ id: KNOWN.id, phone: KNOWN.phone, discount: 5 }],
	},
	'client.createMany': {
		form: { locationId, ...fields({ phone: '={{ $json.phone }}', name: '={{ $json.name }}' }) },
		items: [
			{ phone: '+1 315 555 99 21', name: 'Kate' },
			{ phone: '+1 315 555 99 22', name: 'Ann' },
		],
		request: `POST /api/v1/clients/${LOCATION}/bulk`,
		body: [
			{ phone: '13155559921', name: 'Kate' },
			{ phone: '13155559922', name: 'Ann' },
		],
		out: [{ name: 'Kate' }, { name: 'Ann' }],
	},
	'webhookSettings.checkHealth': {
		form: {
			locationId,
			expectedUrl: 'https://shop.example/webhook/7/altegio',
			match: 'whole',
			expectedEvents: ['appointmentCreated'],
			repair: true,
		},
		request: `POST /api/v1/hooks_settings/${LOCATION}`,
		body: expect.objectContaining({ active: 1 }),
		out: [{ healthy: true, repaired: true, missing: [] }],
	},
	'apiRequest.send': {
		form: { method: 'GET', path: `/company/${LOCATION}` },
		request: `GET /api/v1/company/${LOCATION}`,
		out: [{ success: true, data: expect.objectContaining({ id: LOCATION }) as object }],
	},
};

testOwnOperations(walk, freshHouse(walk), CASES);
