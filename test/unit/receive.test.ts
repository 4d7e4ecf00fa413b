import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { receive } from '../../nodes/MoySklad/trigger/receive';
import { UUID_A } from './samples';

const SECRET = 'a-key-of-this-node-0123456789abc';
const HREF = `https://api.moysklad.ru/api/remap/1.2/entity/customerorder/${UUID_A}`;

const event = (changes: IDataObject = {}): IDataObject => ({
	meta: { type: 'customerorder', href: HREF },
	action: 'CREATE',
	accountId: 'account',
	...changes,
});

interface Delivery {
	query?: IDataObject;
	body?: unknown;
	secret?: string | undefined;
	parameters?: IDataObject;
}

/** Delivers a call; `status` and `reply` are what was answered by hand. */
async function deliver({ query = { key: SECRET }, parameters = {}, ...rest }: Delivery) {
	const secret = 'secret' in rest ? rest.secret : SECRET;
	const body = 'body' in rest ? rest.body : { events: [event()] };
	const answered: { status?: number; reply?: unknown } = {};
	const response = {
		status(code: number) {
			answered.status = code;
			return response;
		},
		json(reply: unknown) {
			answered.reply = reply;
		},
	};
	const form: IDataObject = {
		entityTypes: ['customerorder'],
		actions: ['CREATE', 'UPDATE'],
		options: {},
		...parameters,
	};
	const context = {
		getQueryData: () => query,
		getBodyData: () => body,
		getWorkflowStaticData: () => (secret === undefined ? {} : { secret }),
		getNodeParameter: (name: string, fallback: unknown) => form[name] ?? fallback,
		getResponseObject: () => response,
	} as unknown as IWebhookFunctions;
	const result: IWebhookResponseData = await receive.call(context);
	return { result, items: result.workflowData?.[0].map(({ json }) => json), ...answered };
}

describe('the key in the URL', () => {
	it('that is right starts the workflow', async () => {
		expect((await deliver({})).items).toHaveLength(1);
	});

	it.each([
		['is wrong', { key: SECRET.replace('0', '1') }],
		['is shorter', { key: SECRET.slice(1) }],
		['is longer', { key: `${SECRET}x` }],
		['is missing', {}],
		['is empty', { key: '' }],
		['is a list', { key: [SECRET, SECRET] }],
		['is an object', { key: { [SECRET]: SECRET } }],
	])('that %s is answered with 404, and starts nothing', async (_, query) => {
		const { status, result, items } = await deliver({ query: query as IDataObject });
		expect(status).toBe(404);
		expect(result).toEqual({ noWebhookResponse: true });
		expect(items).toBeUndefined();
	});

	it('may be followed by a second question mark, as MoySklad may write it', async () => {
		const { items } = await deliver({ query: { key: `${SECRET}?requestId=r-1` } });
		expect(items?.[0].requestId).toBe('r-1');
	});

	it('cannot be asked for before n8n has stored it: the event would be lost for good', async () => {
		expect((await deliver({ secret: undefined, query: {} })).items).toHaveLength(1);
	});

	it('never comes back in an answer or an item', async () => {
		const good = await deliver({});
		const bad = await deliver({ query: { key: 'x' } });
		expect(JSON.stringify([good, bad])).not.toContain(SECRET);
	});
});

describe('an event', () => {
	it('becomes a flat item', async () => {
		const { items } = await deliver({
			query: { key: SECRET, requestId: 'r-2' },
			body: {
				auditContext: { moment: '2026-11-21 15:51:16', uid: 'admin@shop' },
				events: [event({ action: 'UPDATE', updatedFields: ['name'] })],
			},
		});
		expect(items).toEqual([
			{
				action: 'UPDATE',
				entityType: 'customerorder',
				id: UUID_A,
				href: HREF,
				updatedFields: ['name'],
				accountId: 'account',
				uid: 'admin@shop',
				moment: '2026-11-21T15:51:16+03:00',
				requestId: 'r-2',
			},
		]);
	});

	it('without audit and request ID has null there', async () => {
		const { items } = await deliver({
			body: { events: [{ meta: { type: 'customerorder', href: HREF }, action: 'CREATE' }] },
		});
		expect(items?.[0]).toMatchObject({ accountId: null, uid: null, moment: null, requestId: null });
		expect(items?.[0]).not.toHaveProperty('updatedFields');
	});

	it('gives its ID also when the link has a query', async () => {
		const { items } = await deliver({
			body: { events: [event({ meta: { type: 'customerorder', href: `${HREF}?expand=agent` } })] },
		});
		expect(items?.[0].id).toBe(UUID_A);
	});

	it('is one of several: one item each, in order', async () => {
		const events = Array.from({ length: 3 }, (_, n) => event({ accountId: `a${n}` }));
		const { items } = await deliver({ body: { events } });
		expect(items?.map(({ accountId }) => accountId)).toEqual(['a0', 'a1', 'a2']);
	});

	it('that the node does not watch is answered well and starts nothing', async () => {
		for (const other of [{ action: 'DELETE' }, { meta: { type: 'product', href: HREF } }]) {
			expect((await deliver({ body: { events: [event(other)] } })).result).toEqual({});
		}
	});

	it('that is watched is taken out of those that are not', async () => {
		const { items } = await deliver({ body: { events: [event({ action: 'DELETE' }), event()] } });
		expect(items).toHaveLength(1);
	});

	it('of a type that the user named by hand is taken, in whatever case', async () => {
		const { items } = await deliver({
			parameters: { options: { otherEntityTypes: ' Thing, customentity' } },
			body: { events: [event({ meta: { type: 'thing', href: HREF } })] },
		});
		expect(items).toHaveLength(1);
	});

	it('list that is empty starts nothing', async () => {
		expect((await deliver({ body: { events: [] } })).result).toEqual({});
	});
});

describe('a body that is not of MoySklad', () => {
	it.each([
		['nothing', undefined],
		['null', null],
		['text', 'hello'],
		['a list', [event()]],
		['an empty object', {}],
		['events that are no list', { events: event() }],
		['an event that is null', { events: [null] }],
		['an event without meta', { events: [{ action: 'CREATE' }] }],
		['an event without an action', { events: [{ meta: { type: 'x', href: HREF } }] }],
		['a link that is no text', { events: [event({ meta: { type: 'customerorder', href: 5 } })] }],
		['changed fields that are no list', { events: [event({ updatedFields: 'name' })] }],
		['a good event and a bad one', { events: [event(), { action: 'CREATE' }] }],
	])('%s is answered with 400, and starts nothing', async (_, body) => {
		const { status, reply, result } = await deliver({ body });
		expect(status).toBe(400);
		expect(reply).toMatchObject({ code: 400 });
		expect(result).toEqual({ noWebhookResponse: true });
	});

	it.each([{ moment: 5, uid: {} }, 'text', null])(
		'an audit of %j is left out',
		async (auditContext) => {
			const { items } = await deliver({ body: { auditContext, events: [event()] } });
			expect(items?.[0]).toMatchObject({ uid: null, moment: null });
		},
	);

	it('is not looked at when the key is wrong', async () => {
		expect((await deliver({ query: {}, body: null })).status).toBe(404);
	});
});
