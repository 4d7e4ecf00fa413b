/** The clicking suite's own judge: what of a request nobody put in, and what it must let pass. */
import type { Field, Operation, Vendor } from '../../nodes/shared/catalogue';
import type { RequestLogEntry } from '../../sandbox';
import { untouchedIn } from '../e2e/forms/sent';
import { everyOperation, operationOf, vendors } from './samples';

const about = { resource: 'thing', name: 'Thing', action: 'A', description: 'A', docs: '' };
const style = { first: () => ({ page: 1 }) } as unknown as NonNullable<Operation['list']>['style'];

const choice = (name: string, to: Field['to'], more: object = {}): Field => ({
	...{ name, to, label: name, kind: 'choice', default: 'new' },
	choices: ['new', 'old'].map((value) => ({ name: value, value })),
	...more,
});

const list: Operation = {
	...about,
	operation: 'getAll',
	route: 'GET /things/{shop}',
	answer: { kind: 'list' },
	list: { style, pageSize: () => 10 },
	output: {},
	fields: [
		{ name: 'shop', label: 'Shop', kind: 'text', to: 'path:shop' },
		{ name: 'agent', label: 'Agent', kind: 'text', to: 'query:agent_name', section: 'filters' },
		{ name: 'owner', label: 'Owner', kind: 'text', to: 'filter:owner', section: 'filters' },
		choice('kind', 'query:type'),
		choice('order', 'query:sorted', { section: 'options' }),
		choice('which', 'control'),
		choice('manner', 'control', { section: 'options' }),
	],
	shape: (request, { control: { which, manner } }) => {
		request.query = { ...request.query, fixed: 1, is_new: which !== 'old' };
		if (manner === 'old') request.query.manner = 'old';
	},
};

const write: Operation = {
	...about,
	operation: 'create',
	route: 'POST /things',
	answer: { kind: 'object' },
	output: {},
	fields: [
		{
			...{ name: 'fields', label: 'Fields', kind: 'mapper', to: 'control' },
			mapper: { mode: 'create', fields: [] },
		},
		{ name: 'note', label: 'Note', kind: 'text', to: 'body:more.note', section: 'options' },
	],
};

const asked = (method: string, path: string, parts: object = {}) =>
	({ method, path, query: {}, ...parts }) as RequestLogEntry;
const read = (query: object, path = '/api/things/7') => asked('GET', path, { query });
const told = (...names: string[]) =>
	names.map((name) => expect.stringContaining(`'${name}' is sent`) as string);

describe('a list', () => {
	test.each<[string, object, string[], string[]]>([
		['its pages', { limit: '10', offset: '10', page: '1' }, [], []],
		['what nobody put in', { agent_name: 'A', x: '' }, [], ['agent_name', 'x']],
		['an option by its place in the catalogue', { agent_name: 'A' }, ['filters.agent'], []],
		['an option of the name elsewhere', { agent_name: 'A' }, ['options.agent'], ['agent_name']],
		['another one of the section', { agent_name: 'A' }, ['filters.owner'], ['agent_name']],
		['a choice at the top as it is shown', { type: 'new' }, [], []],
		['a choice at the top as it is not shown', { type: 'old' }, [], ['type']],
		['a choice at the top that was changed', { type: 'old' }, ['kind'], []],
		['a choice of a section, with its default', { sorted: 'new' }, [], ['sorted']],
		['what a choice that our code reads decides', { is_new: 'true' }, [], []],
		['the other than that choice shows', { is_new: 'false' }, [], ['is_new']],
		['what no choice decides', { fixed: '1' }, [], ['fixed']],
		['what a choice of a section decides', { manner: 'old' }, [], ['manner']],
		['a condition that was put in', { filter: 'owner=1' }, ['filters.owner'], []],
		['a condition beside it', { filter: 'owner=1;a.b>2' }, ['filters.owner'], ['filter']],
		['a condition that begins alike', { filter: 'ownerId=1' }, ['filters.owner'], ['filter']],
	])('%s', (_, query, touched, names) => {
		expect(untouchedIn([read(query)], list, touched)).toEqual(told(...names));
	});

	test('requests for names beside its pages are its own', () => {
		const others = read({ x: '1' }, '/api/shops');
		expect(untouchedIn([others, read({})], list, [])).toEqual([]);
		expect(untouchedIn([others], list, [])).toEqual(told('x'));
	});
});

describe('a write', () => {
	const post = (body: unknown, query = {}) => asked('POST', '/api/things', { body, query });

	test.each<[string, RequestLogEntry[], string[], string[]]>([
		['a column that was filled', [post({ name: 'A' })], ['fields.value["name"]'], []],
		['one that was not', [post({ name: 'A', on: false })], ['fields.value["name"]'], ['on']],
		['one that is false or null', [post({ on: false, off: null })], [], ['on', 'off']],
		['a part of the body that an option fills', [post({ more: {} })], ['options.note'], []],
		['the same, and nobody opened it', [post({ more: {} })], [], ['more']],
		['the first of several', [post([{ on: true }])], [], ['on']],
		['the query', [post({}, { notify: '1' })], [], ['notify']],
		['what is looked up before', [asked('GET', '/api/x', { query: { a: '1' } }), post({})], [], []],
		['what makes a repetition harmless', [post({ syncId: 'a' })], [], []],
		['no body', [post(undefined), post('text')], [], []],
		[
			'what MoySklad proposed for it',
			[asked('PUT', '/api/things/new', { body: { x: 1 } }), post({ y: 2 })],
			[],
			[],
		],
	])('%s', (_, requests, touched, names) => {
		expect(untouchedIn(requests, write, touched)).toEqual(told(...names));
	});
});

describe('a write that replaces the whole object', () => {
	const replaces = { read: 'GET /things/{id}', keep: () => ({}) } as const;
	const update: Operation = { ...write, route: 'PUT /things/{id}', replaces };
	const put = asked('PUT', '/api/things/7', { body: { name: 'A', kept: 1 } });

	test('sends along what was read before', () => {
		expect(untouchedIn([asked('GET', '/api/things/7'), put], update, [])).toEqual([]);
	});

	test('and nothing where it was not read', () => {
		expect(untouchedIn([asked('GET', '/api/shops'), put], update, [])).toEqual(
			told('name', 'kept'),
		);
	});
});

test('a new bonus program is for all products, as MoySklad wants it, and a change says nothing of it', () => {
	const moySklad = vendors.find(({ name }) => name === 'MoySklad') as Vendor;
	const toldOf = (name: string, allProducts: boolean) =>
		untouchedIn(
			[asked('POST', '/entity/bonusprogram', { body: { allProducts } })],
			operationOf(moySklad, 'bonusProgram', name),
			[],
		);
	expect(toldOf('create', true)).toEqual([]);
	expect(toldOf('create', false)).toEqual(told('allProducts'));
	expect(toldOf('update', true)).toEqual(told('allProducts'));
});

test('visits are asked for as new ones, as the choice at the top shows, and not as others', () => {
	const inspector = vendors.find(({ name }) => name === 'Inspector Cloud') as Vendor;
	const visits = operationOf(inspector, 'visit', 'getAll');
	const request = (isNew: string) => [asked('GET', '/visits/', { query: { is_new: isNew } })];
	expect(untouchedIn(request('true'), visits, [])).toEqual([]);
	expect(untouchedIn(request('false'), visits, [])).toEqual(told('is_new'));
});

test.each(everyOperation.filter(([, , operation]) => operation.list))(
	'%s: what nobody put in is told',
	(_, __, operation) => {
		const [method, route] = operation.route.split(' ');
		const path = `/api${route.replace(/\{\w+\}/g, '1')}`;
		const query = { nobody: '1', filter: 'nobody=1' };
		const expected = method === 'GET' ? told('nobody', 'filter') : [];
		expect(untouchedIn([asked(method, path, { query })], operation, [])).toEqual(expected);
	},
);

test('a column that stands deeper in the body is told only when nobody filled it in', () => {
	const altegio = vendors.find(({ name }) => name === 'Altegio') as Vendor;
	const create = operationOf(altegio, 'giftCardType', 'create');
	const post = asked('POST', '/api/v1/chain/1/loyalty/certificate_types', {
		body: { expiration: { type_id: 1 } },
	});
	expect(untouchedIn([post], create, ['fields.value["expirationTypeId"]'])).toEqual([]);
	expect(untouchedIn([post], create, ['fields.value["title"]'])).toEqual([
		expect.stringContaining(`'expiration' is sent as {"type_id":1}`),
	]);
});
