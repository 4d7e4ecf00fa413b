import { ALTEGIO_TOKENS, ALTEGIO_VISITS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { AltegioLimits } from '../../sandbox/altegio/limits';
import type { Answer, Json } from './client';
import { call } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 10, limits: 'off' });
});
afterAll(async () => await sandbox.close());

const AUTHORIZATION = `Bearer ${ALTEGIO_TOKENS.partner}, User ${ALTEGIO_TOKENS.user}`;
const ACCEPT = 'application/vnd.api.v2+json';

async function get(
	path: string,
	authorization: string | null = AUTHORIZATION,
	accept: string | null = ACCEPT,
): Promise<Answer> {
	return await call(sandbox.urls.altegio + path, {
		headers: {
			...(accept === null ? {} : { accept }),
			...(authorization === null ? {} : { authorization }),
		},
	});
}

const sample = `/visits/${ALTEGIO_VISITS.sample}`;

test('the documented visit has every field of the documentation', async () => {
	const answer = await get(sample);
	const body = answer.json<{ success: boolean; data: Json & { records: Json[] }; meta: unknown }>();
	expect([answer.status, body.success, body.meta]).toEqual([200, true, []]);
	expect(body.data).toMatchObject({
		attendance: 1,
		datetime: '2026-09-21T23:00:00.000-05:00',
		comment: 0,
	});
	const [record] = body.data.records;
	expect(Object.keys(record).sort()).toEqual(
		(
			'id company_id staff_id services events goods_transactions staff client date datetime ' +
			'create_date comment online visit_attendance attendance confirmed seance_length length ' +
			'sms_before sms_now sms_now_text email_now notified master_request api_id from_url ' +
			'review_requested visit_id created_user_id deleted paid_full prepaid prepaid_confirmed ' +
			'last_change_date custom_color custom_font_color record_labels activity_id custom_fields documents'
		)
			.split(' ')
			.sort(),
	);
	expect(Object.keys(record.staff as Json).sort()).toEqual(
		[
			'id',
			'name',
			'specialization',
			'position',
			'avatar',
			'avatar_big',
			'rating',
			'votes_count',
		].sort(),
	);
	expect(record.client).toEqual({
		id: 4240788,
		name: 'dev1',
		phone: 13155550175,
		card: 415,
		email: '',
		success_visits_count: 58,
		fail_visits_count: 9,
	});
	expect(Object.keys((record.documents as Json[])[0])).toHaveLength(12);
});

test('other visits exist, one with two appointments and empty arrays for objects', async () => {
	const { data } = (await get(`/visits/${ALTEGIO_VISITS.rich}`)).json<{
		data: { records: Json[] };
	}>();
	expect(data.records).toHaveLength(2);
	expect(data.records[1].client).toEqual([]);
	expect(data.records[0].custom_fields).toEqual([]);
	expect((await get('/visits/8260999')).status).toBe(200);
});

describe('authorization', () => {
	test.each([
		['none', null],
		['partner alone', `Bearer ${ALTEGIO_TOKENS.partner}`],
		['a wrong partner', `Bearer wrong, User ${ALTEGIO_TOKENS.user}`],
		['a wrong user', `Bearer ${ALTEGIO_TOKENS.partner}, User wrong`],
		['no space', `Bearer ${ALTEGIO_TOKENS.partner},User ${ALTEGIO_TOKENS.user}`],
		['no comma', `Bearer ${ALTEGIO_TOKENS.partner} User ${ALTEGIO_TOKENS.user}`],
		['lower case', `Bearer ${ALTEGIO_TOKENS.partner}, user ${ALTEGIO_TOKENS.user}`],
	])('%s gives 401', async (_name, authorization) => {
		const answer = await get(sample, authorization);
		expect(answer.status).toBe(401);
		expect(answer.json()).toEqual({
			success: false,
			data: null,
			meta: { message: 'Authentication needed.' },
		});
	});
});

test('402, 403 and 404', async () => {
	const expired = await get(`/visits/${ALTEGIO_VISITS.licenceExpired}`);
	expect([expired.status, expired.text]).toEqual([
		402,
		expect.stringContaining('renew the license'),
	]);
	const forbidden = await get(`/visits/${ALTEGIO_VISITS.forbidden}`);
	expect(forbidden.status).toBe(403);
	expect(forbidden.json()).toMatchObject({ meta: { message: 'Access denied.' } });
	for (const id of [ALTEGIO_VISITS.missing, 'abc']) {
		const missing = await get(`/visits/${id}`);
		expect(missing.status).toBe(404);
		expect(missing.json()).toEqual({ success: false, data: null, meta: [] });
	}
});

describe('Accept', () => {
	test('the form of YCLIENTS is accepted, too', async () => {
		const answer = await get(sample, AUTHORIZATION, 'application/vnd.yclients.v2+json');
		expect(answer.json()).toHaveProperty('success', true);
	});

	test.each([null, 'application/json', '*/*'])('%s gives no envelope', async (accept) => {
		const answer = await get(sample, AUTHORIZATION, accept);
		expect(answer.json()).toHaveProperty('records');
		expect(answer.json()).not.toHaveProperty('success');
		const refused = await get(sample, null, accept);
		expect(refused.json()).toEqual({ errors: { code: 401, message: 'Authentication needed.' } });
	});
});

test('companies: my=1 needs the user, without it the list is public', async () => {
	const mine = await get('/companies?my=1&count=1');
	expect(mine.json()).toMatchObject({
		success: true,
		data: [{ id: 4564 }],
		meta: { total_count: 2 },
	});
	const wrongUser = `Bearer ${ALTEGIO_TOKENS.partner}, User wrong`;
	expect((await get('/companies?my=1&count=1', wrongUser)).status).toBe(401);
	expect((await get('/companies', wrongUser)).json()).toMatchObject({ meta: { total_count: 3 } });
	const second = await get('/companies?my=1&count=1&page=2');
	expect(second.json()).toMatchObject({ data: [{ id: 4565 }] });
});

describe('limits', () => {
	test('5 per second and 200 per minute', () => {
		let now = 0;
		const limits = new AltegioLimits('documented', () => now);
		for (let i = 0; i < 5; i++) expect(limits.enter('ip')).toBe(true);
		expect(limits.enter('ip')).toBe(false);
		expect(limits.enter('other')).toBe(true);
		now += 1000;
		for (let i = 5; i < 200; i++) {
			now += 250;
			expect(limits.enter('ip')).toBe(true);
		}
		now += 1000;
		expect(limits.enter('ip')).toBe(false);
		now = 60_001;
		expect(limits.enter('ip')).toBe(true);
	});

	test('429 in the envelope, without Retry-After', async () => {
		const strict = await startSandbox({ assortmentRows: 10 });
		const headers = { accept: ACCEPT, authorization: AUTHORIZATION };
		const answers: Answer[] = [];
		for (let i = 0; i < 6; i++) answers.push(await call(strict.urls.altegio + sample, { headers }));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
		expect(answers[5].json()).toMatchObject({ success: false, data: null });
		expect(answers[5].headers).not.toHaveProperty('retry-after');
		await strict.close();
	});
});
