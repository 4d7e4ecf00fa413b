import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { errorCode, moysklad, startReceiver } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 50, limits: 'off' });
});
afterAll(async () => await sandbox.close());

const ref = (type: string, index: number) => sandbox.moysklad.world.ref(type, index);

async function post(body: object): Promise<Answer> {
	return await moysklad(sandbox, '/entity/customerorder', { method: 'POST', body });
}

function product(number: number): Json {
	const { rows, world } = sandbox.moysklad;
	let found = 0;
	for (let row = 0; row < rows.size; row++) {
		if (rows.type(row) !== 'product') continue;
		if (found++ === number) return { meta: world.meta('product', rows.id(row)) };
	}
	throw new Error('There are not so many products');
}

const order = (more: object = {}) => ({
	organization: ref('organization', 0),
	agent: ref('counterparty', 3),
	...more,
});

interface Order extends Json {
	id: string;
	meta: { uuidHref: string };
	positions: { meta: { size: number }; rows?: Json[] };
}

test('an order gets a number, a sum in kopecks and a link to its page', async () => {
	const positions = [
		{ quantity: 3, price: 10_050, assortment: product(0) },
		{ quantity: 1, price: 1000, discount: 10, assortment: product(1) },
	];
	const made = (await post(order({ positions }))).json<Order>();
	expect(made).toMatchObject({ name: expect.stringMatching(/^\d{5}$/), sum: 31_050 });
	expect(made.meta.uuidHref).toContain(`#customerorder/edit?id=${made.id}`);
	expect(made.positions.meta.size).toBe(2);
	const path = `/entity/customerorder/${made.id}?expand=agent,positions.assortment`;
	const whole = (await moysklad(sandbox, path)).json<Order>();
	expect(whole.agent).toMatchObject({ id: sandbox.moysklad.world.id('counterparty', 3) });
	expect(whole.positions.rows).toMatchObject([
		{ quantity: 3, price: 10_050, discount: 0, assortment: { name: expect.any(String) } },
		{ quantity: 1, price: 1000, discount: 10 },
	]);
});

test('new positions take the place of the old ones; without them they stay', async () => {
	const positions = [{ quantity: 2, price: 100, assortment: product(0) }];
	const { id } = (await post(order({ positions }))).json<Order>();
	const put = async (body: object) =>
		(await moysklad(sandbox, `/entity/customerorder/${id}`, { method: 'PUT', body })).json<Order>();
	expect(await put({ description: 'Call first' })).toMatchObject({ sum: 200 });
	const changed = await put({ positions: [{ quantity: 5, price: 100, assortment: product(2) }] });
	expect([changed.sum, changed.positions.meta.size]).toEqual([500, 1]);
});

test.each([
	['no agent', () => ({ agent: undefined }), 3000],
	['a position without goods', () => ({ positions: [{ quantity: 1 }] }), 3000],
	['a position without a quantity', () => ({ positions: [{ assortment: product(0) }] }), 3000],
	[
		'a quantity below zero',
		() => ({ positions: [{ assortment: product(0), quantity: -1 }] }),
		3002,
	],
	['no list', () => ({ positions: 5 }), 2016],
])('%s is refused', async (_what, more, expected) => {
	expect(errorCode(await post(order(more())))).toBe(expected);
});

test('a list can be filtered by id and asks for the recycle bin', async () => {
	const { id } = (await post(order())).json<Order>();
	const filter = encodeURIComponent(`id=${id};isDeleted=true;isDeleted=false`);
	const list = await moysklad(sandbox, `/entity/customerorder?filter=${filter}`);
	expect(list.json<{ rows: Json[] }>().rows.map((row) => row.id)).toEqual([id]);
});

test('a new order fires its webhook', async () => {
	const receiver = await startReceiver((response) => response.writeHead(204).end());
	try {
		await moysklad(sandbox, '/entity/webhook', {
			method: 'POST',
			body: { url: receiver.url, entityType: 'customerorder', action: 'CREATE' },
		});
		const { id } = (await post(order())).json<Order>();
		await sandbox.moysklad.deliveriesIdle();
		expect(receiver.requests.map(({ body }) => body)).toMatchObject([
			{ events: [{ action: 'CREATE', meta: { href: expect.stringContaining(id) } }] },
		]);
	} finally {
		await receiver.close();
	}
});
