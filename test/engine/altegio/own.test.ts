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

const picture = (mimeType: string, data = 'iVBORw0KGgo=') => ({
	json: {},
	binary: { photo: { data, mimeType, fileName: 'cut.png' } },
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
	'image.upload': {
		form: { entity: 'service', locationId, serviceId: byId(220_000), binaryPropertyName: 'photo' },
		items: [picture('image/png')],
		request: 'POST /api/v1/images/service',
		body: expect.stringMatching(
			new RegExp(
				`name="company_id"\r\n\r\n${LOCATION}\r\n[^]*name="service_id"\r\n\r\n220000\r\n[^]*name="image"; filename="cut.png"\r\nContent-Type: image/png`,
			),
		),
		// The facts have a blank in the name of the group.
		answer: {
			success: true,
			data: {
				image_binded: true,
				image_group: { id: 77, images: { basic: { id: 7, path: 'https://example.com/cut.png' } } },
			},
			meta: [],
		},
		out: [{ imageBinded: true, imageGroupId: 77, path: 'https://example.com/cut.png' }],
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

const house = freshHouse(walk);
testOwnOperations(walk, house, CASES);

test('image.upload: a picture of a team member goes without the location; another file is refused before', async () => {
	const form = {
		entity: 'master',
		locationId,
		teamMemberId: byId(55_436),
		binaryPropertyName: 'photo',
	};
	house.sandbox.clearLog();
	const result = await house.run('image.upload', form, [picture('application/octet-stream')]);
	expect(result.error?.message).toBeUndefined();
	const [{ path, body }] = house.sandbox.log;
	expect(path).toBe('/api/v1/images/master');
	// Its content tells what it is.
	expect(body).toContain('filename="cut.png"\r\nContent-Type: image/png');
	expect(body).toMatch(/name="master_id"\r\n\r\n55436\r\n[^]*name="image"/);
	expect(body).not.toContain('company_id');
	house.sandbox.clearLog();
	const refused = await house.run('image.upload', form, [picture('image/png', 'JVBERi0=')]);
	expect(refused.error?.message).toBe(
		"'Input Binary Field' is 'photo', which holds a file of type application/pdf",
	);
	expect(house.sandbox.log).toEqual([]);
});
