/** The stand-in for documented operations: what it refuses, answers and remembers. */
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import { kindOf, sampleOf, valueProblems } from '../../sandbox/shared/kinds';
import type { Exchange } from '../../sandbox/shared/server';
import { judge, PAGED_ROWS, StandIn, Table } from '../../sandbox/shared/standIn';

const FACTS: OperationFacts[] = [
	{
		id: 'thing.getMany',
		method: 'GET',
		path: '/things',
		query: [
			{ name: 'page', kind: 'integer' },
			{ name: 'count', kind: 'integer', max: 5 },
			{ name: 'ids[]', kind: 'array<number>' },
			{ name: 'kind', kind: 'string', values: ['big', 'small'] },
		],
		answer: {
			data: 'array',
			'data[].id': 'integer',
			'data[].title': 'string',
			'meta.total_count': 'integer',
		},
	},
	{
		id: 'thing.create',
		method: 'POST',
		path: '/things',
		body: [
			{ name: 'title', kind: 'string', required: true, maxLength: 9 },
			{
				name: 'parts',
				kind: 'array',
				fields: [
					{ name: 'id', kind: 'integer', required: true },
					{ name: 'amount', kind: 'number|null[ 0 .. 60 ]' },
				],
			},
		],
		answer: { data: 'object', 'data.id': 'integer', 'data.title': 'string' },
		status: 201,
	},
	{
		id: 'thing.get',
		method: 'GET',
		path: '/things/{thing_id}',
		pathFields: [{ name: 'thing_id', kind: 'integer', required: true }],
		answer: { data: 'object', 'data.id': 'integer', 'data.title': 'string' },
	},
	{
		id: 'thing.delete',
		method: 'DELETE',
		path: '/things/{thing_id}',
		pathFields: [{ name: 'thing_id', kind: 'integer', required: true }],
	},
	{
		id: 'thing.label',
		method: 'GET',
		path: '/things/{thing_id}/label',
		answer: { '': 'application/pdf' },
	},
	{ id: 'thing.lately', method: 'GET', path: '/things/lately', answer: { '[].id': 'string' } },
];
const paths = ({ path }: OperationFacts) => [`/api${path}`];
const table = new Table(FACTS, paths);

const standIn = () =>
	new StandIn<undefined>({
		facts: FACTS,
		paths,
		status: ({ status }) => status,
		refuse: (problems) => ({ status: 400, body: JSON.stringify(problems) }),
		missing: () => ({ status: 404 }),
	});

function exchange(method: string, address: string, body?: unknown): Exchange<undefined> {
	const { pathname, searchParams } = new URL(address, 'http://sandbox');
	return {
		method,
		path: pathname,
		query: [...searchParams],
		body: body === undefined ? '' : JSON.stringify(body),
		header: () => 'application/json',
	} as unknown as Exchange<undefined>;
}

type Answer = { status: number; body?: { data: Array<Record<string, unknown>> } };
const asking =
	(service: StandIn<undefined>) =>
	(method: string, address: string, body?: unknown): Answer => {
		const reply = service.serve(exchange(method, address, body));
		const text = reply?.body === undefined ? undefined : String(reply.body);
		return {
			status: reply?.status ?? 0,
			...(text?.startsWith('{') || text?.startsWith('[')
				? { body: JSON.parse(text) as never }
				: {}),
		};
	};

describe('what is refused', () => {
	const wrongs = (method: string, address: string, body?: unknown) => {
		const { path, query } = exchange(method, address);
		const match = table.find(method, path);
		return match && judge(match, query, body).map(({ at, what }) => `${at} ${what}`);
	};

	test.each<[string, string, unknown, string[]]>([
		['GET', '/api/things?page=1&count=5&ids[]=1&ids[]=2&kind=big', undefined, []],
		['GET', '/api/things?phone=1', undefined, ['query.phone unknown']],
		['GET', '/api/things?count=6', undefined, ['query.count range']],
		['GET', '/api/things?count=many', undefined, ['query.count type']],
		['GET', '/api/things?kind=tiny', undefined, ['query.kind value']],
		['GET', '/api/things?ids[]=a', undefined, ['query.ids[] type']],
		['GET', '/api/things', { title: 'x' }, ['body unknown']],
		['GET', '/api/things/abc', undefined, ['path.thing_id type']],
		['POST', '/api/things', undefined, ['body.title missing']],
		['POST', '/api/things', { title: 'x', color: 1 }, ['body.color unknown']],
		['POST', '/api/things', { title: 5 }, ['body.title type']],
		['POST', '/api/things', { title: null }, ['body.title type']],
		['POST', '/api/things', { title: 'ten letters' }, ['body.title length']],
		['POST', '/api/things', { title: 'x', parts: [{ amount: null }] }, ['body.parts[].id missing']],
		[
			'POST',
			'/api/things',
			{ title: 'x', parts: [{ id: 1, amount: 61 }] },
			['body.parts[].amount range'],
		],
		['POST', '/api/things', { title: 'x', parts: { id: 1 } }, ['body.parts type']],
		['POST', '/api/things', [], ['body type']],
	])('%s %s %j', (method, address, body, expected) => {
		expect(wrongs(method, address, body)).toEqual(expected);
	});

	test('a path that nobody documented is nobody’s', () => {
		expect(standIn().serve(exchange('GET', '/api/other'))).toBeUndefined();
		expect(standIn().serve(exchange('PUT', '/api/things/1'))).toBeUndefined();
	});

	test('the most particular path wins', () => {
		expect(table.find('GET', '/api/things/lately')?.facts.id).toBe('thing.lately');
		expect(table.find('GET', '/api/things/7/')).toMatchObject({ params: { thing_id: '7' } });
	});
});

describe('what is answered', () => {
	test('lists have pages and a total', () => {
		const ask = asking(standIn());
		const page = (number: number) => ask('GET', `/api/things?count=5&page=${number}`).body;
		expect(page(1)).toMatchObject({ meta: { total_count: PAGED_ROWS } });
		const ids = [1, 2, 3].flatMap((number) => page(number)?.data.map(({ id }) => id));
		expect(new Set(ids).size).toBe(PAGED_ROWS);
		expect(ids).toHaveLength(PAGED_ROWS);
		expect(asking(standIn())('GET', '/api/things/lately').body).toHaveLength(3);
	});

	test('what was made is found again, by its ID and in the list, until it is deleted', () => {
		const ask = asking(standIn());
		const made = ask('POST', '/api/things', { title: 'Mine' });
		expect(made).toMatchObject({ status: 201, body: { data: { title: 'Mine' } } });
		const { id } = made.body?.data as unknown as { id: number };
		const address = `/api/things/${id}`;
		expect(ask('GET', address).body?.data).toEqual({ id, title: 'Mine' });
		expect(ask('GET', '/api/things').body?.data[0]).toMatchObject({ id, title: 'Mine' });
		expect(ask('DELETE', address)).toEqual({ status: 204 });
		expect(ask('GET', address)).toEqual({ status: 404 });
	});

	test('a file is a file', () => {
		const reply = standIn().serve(exchange('GET', '/api/things/1/label'));
		expect(reply?.headers).toEqual({ 'content-type': 'application/pdf' });
		expect(String(reply?.body)).toMatch(/^%PDF/);
	});
});

test('the words of all vendors for types are understood', () => {
	expect(kindOf('number|null[ 0 .. 3600 ]')).toEqual({
		types: ['number'],
		nullable: true,
		min: 0,
		max: 3600,
	});
	expect(kindOf('string in doc, integer in sample').types).toEqual(['string', 'integer']);
	expect(kindOf('array<object>[ 1 .. 7 ] items').types).toEqual(['array']);
	expect(kindOf('iso 8601')).toMatchObject({ types: ['string'], format: 'date-time' });
	const day = { name: 'day', kind: 'integer', min: 5, max: 7 };
	expect(sampleOf(day)).toBe(5);
	expect(valueProblems('5', day, 'day', { loose: true })).toEqual([]);
	expect(valueProblems('5', day, 'day', {})).toEqual([{ at: 'day', what: 'type' }]);
});
