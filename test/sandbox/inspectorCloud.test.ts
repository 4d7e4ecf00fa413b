import { INSPECTOR_TOKENS, INSPECTOR_VISITS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { call } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 10 });
});
afterAll(async () => await sandbox.close());

async function get(
	path: string,
	authorization: string | null = `Token ${INSPECTOR_TOKENS.default}`,
	method: 'GET' | 'POST' = 'GET',
): Promise<Answer> {
	const headers: Record<string, string> = authorization === null ? {} : { authorization };
	return await call(sandbox.urls.inspectorCloud + path, { headers, method });
}

const visits = '/api/data/v1.3/visits/';
const sample = `${visits}${INSPECTOR_VISITS.sample}/`;

test('the documented visit has every field of the documentation, in mixed zones', async () => {
	const visit = (await get(sample)).json();
	expect(Object.keys(visit).sort()).toEqual(
		(
			'id cid portal_url agent_id current_agent_name current_agent_route current_agent_role store_id ' +
			'customer_id is_closed is_deleted is_new latitude longitude closed_latitude closed_longitude ' +
			'closed_at created_at updated_at app_created_at app_closed_at scenes kpi_values prices ' +
			'oos_reasons dqi'
		)
			.split(' ')
			.sort(),
	);
	expect(visit).toMatchObject({
		id: 324096,
		customer_id: '{9E90FAC2-4073-E911-811D-00505601}',
		current_agent_role: null,
		created_at: expect.stringMatching(/^2020-07-29T.*\.\d{6}\+03:00$/),
		updated_at: expect.stringMatching(/\.\d{6}Z$/),
	});
	const scenes = visit.scenes as Json[];
	expect(scenes.map(({ id }) => id)).toEqual([7969, 8022, 8029]);
	const [group] = scenes[2].question_groups as Array<{ questions: Json[] }>;
	expect(group.questions.map(({ answer }) => answer)).toEqual([
		{ '66942': 'Промо выполняется' },
		null,
	]);
	expect((visit.prices as Json[]).map(({ price }) => price)).toEqual([19, 45, 109]);
	expect((visit.oos_reasons as Json[])[0]).toMatchObject({ diagnosis: '', fixed: false });
	expect((visit.dqi as Json[])[0]).toMatchObject({ related_to: 'IMAGE', threshold: 0.3 });
});

test('a visit with every array filled', async () => {
	const visit = (await get(`${visits}${INSPECTOR_VISITS.rich}/`)).json();
	const [scene] = visit.scenes as Json[];
	const [image] = scene.images as Array<{ annotations: Json[] }>;
	expect(image.annotations).toHaveLength(200);
	for (const field of ['image_quality', 'assortment', 'facing_counts']) {
		expect(scene[field]).not.toEqual([]);
	}
	expect((visit.kpi_values as Json[])[0]).toMatchObject({
		kpi_cid: 'SOS',
		details: expect.any(Object),
	});
});

test('dqi exists from v1.1 on, other versions do not', async () => {
	const path = (version: string): string =>
		`/api/data/${version}/visits/${INSPECTOR_VISITS.sample}/`;
	expect((await get(path('v1.0'))).json()).not.toHaveProperty('dqi');
	expect((await get(path('v1.1'))).json()).toHaveProperty('dqi');
	const unknown = await get(path('v2.0'));
	expect([unknown.status, unknown.headers['content-type']]).toEqual([
		404,
		'text/html; charset=utf-8',
	]);
});

describe('authorization', () => {
	test.each([
		[null, 401, 'Authentication credentials were not provided.'],
		['Bearer abc', 401, 'Authentication credentials were not provided.'],
		['Token', 401, 'Invalid token header.'],
		['Token wrong', 401, 'Invalid token.'],
		[
			`Token ${INSPECTOR_TOKENS.noDataApi}`,
			403,
			'You do not have permission to perform this action.',
		],
	])('%s gives %i', async (authorization, status, detail) => {
		const answer = await get(sample, authorization);
		expect([answer.status, answer.json()]).toEqual([status, { detail }]);
		if (status === 401) expect(answer.headers['www-authenticate']).toBe('Token');
	});

	test('a token for recognition reads categories', async () => {
		const token = `Token ${INSPECTOR_TOKENS.noDataApi}`;
		const answer = await get('/api/v1.5/categories/?limit=1', token);
		expect(answer.json()).toMatchObject({ count: 3, results: [{ id: 1 }] });
	});
});

describe('the trailing slash', () => {
	test('a read without it is redirected, query included', async () => {
		const answer = await get(`${visits.slice(0, -1)}?limit=1`);
		expect([answer.status, answer.headers.location]).toEqual([301, `${visits}?limit=1`]);
	});

	test('a write without it fails', async () => {
		expect((await get(visits.slice(0, -1), undefined, 'POST')).status).toBe(500);
	});

	test('an unknown address is not redirected', async () => {
		expect((await get('/api/data/v1.3/nothing')).status).toBe(404);
	});

	test('a method that does not exist', async () => {
		const answer = await get(visits, undefined, 'POST');
		expect([answer.status, answer.json()]).toEqual([405, { detail: 'Method "POST" not allowed.' }]);
	});
});

test('404 for an unknown visit, an HTML page for what is no number', async () => {
	const missing = await get(`${visits}${INSPECTOR_VISITS.missing}/`);
	expect([missing.status, missing.json()]).toEqual([404, { detail: 'Not found.' }]);
	const text = await get(`${visits}abc/`);
	expect([text.status, text.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
});

describe('the list', () => {
	interface Page {
		count: number;
		next: string | null;
		previous: string | null;
		results: Array<{ id: number; cid: string; updated_at: string }>;
	}
	const page = async (query = ''): Promise<Page> => (await get(visits + query)).json<Page>();

	test('has pages of 30, with links to both sides', async () => {
		const seen: number[] = [];
		let query: string | undefined = '';
		while (query !== undefined) {
			const one: Page = await page(query);
			seen.push(...one.results.map(({ id }) => id));
			query = one.next === null ? undefined : new URL(one.next).search;
		}
		const first = await page();
		expect(first.results).toHaveLength(30);
		expect(first.previous).toBeNull();
		expect([seen.length, new Set(seen).size]).toEqual([first.count, first.count]);
		const middle = await page('?limit=10&offset=15&agent=Alex');
		expect(new URL(middle.previous ?? '').searchParams.get('offset')).toBe('5');
		expect(new URL(middle.previous ?? '').searchParams.get('agent')).toBe('Alex');
	});

	test('a limit that is none means the default', async () => {
		expect((await page('?limit=0')).results).toHaveLength(30);
		expect((await page('?limit=x')).results).toHaveLength(30);
	});

	test('shows new visits unless told otherwise', async () => {
		const [fresh, old] = [await page(), await page('?is_new=false')];
		expect(fresh.count + old.count).toBe(120);
		expect((await page('?is_new=true')).count).toBe(fresh.count);
		expect((await get(`${visits}?is_new=maybe`)).status).toBe(400);
	});

	test('filters', async () => {
		expect((await page('?cid=ERP-324009')).results.map(({ id }) => id)).toEqual([324009]);
		const byAgent = await page('?agent=Jane');
		expect(byAgent.count).toBeGreaterThan(0);
		const visit = (await get(`${visits}${byAgent.results[0].id}/`)).json();
		expect(visit.current_agent_name).toBe('Jane');
		expect((await page('?route=164781')).count).toBeGreaterThan(0);
		const since = await page('?datetime_gte=2026-10-01T00:00:00Z');
		expect(since.count).toBeGreaterThan(0);
		expect(since.count).toBeLessThan((await page()).count);
		expect((await get(`${visits}?datetime_gte=later`)).status).toBe(400);
	});
});
