import type { IDataObject } from 'n8n-workflow';

import { PNG } from './samples';
import { byHand, expectShown, House, inJson, locator, paths } from './setup';

const HEADER = 'x-lognex-webhook-disablebyprefix';
/** Nobody listens there: whether it would have been called stands in the sandbox's log of deliveries. */
const HOOK = 'http://127.0.0.1:9/hook';

let house: House;

beforeAll(async () => {
	house = await House.open({ webhookDeadlineMs: 100 });
});
afterAll(async () => {
	await house.close();
});
beforeEach(() => {
	house.state.webhooks.clear();
	house.state.sender.clear();
});

function watch(entityType: string, action: string, url = HOOK): void {
	house.state.webhooks.create('webhook', { url, entityType, action });
}

/** Runs a node and tells how many webhooks it woke. */
async function woken(parameters: IDataObject, items: IDataObject[] = [{}]) {
	const before = house.state.deliveries.length;
	const { requests } = await house.good(parameters, { items });
	await house.state.deliveriesIdle();
	return {
		calls: house.state.deliveries.length - before,
		writes: requests.filter(({ method }) => method !== 'GET'),
		reads: requests.filter(({ method }) => method === 'GET'),
	};
}

const silent = (value: unknown): IDataObject => ({
	options: { silentWebhooks: value as string },
});
const unit = (more: IDataObject = {}): IDataObject => ({
	resource: 'unitOfMeasure',
	operation: 'create',
	...byHand({ name: '={{ $json.name ?? "box" }}' }),
	...more,
});
const product = () => house.state.world.id('product', 3);

describe('Do Not Call Webhooks Of', () => {
	test.each<[string, string, string, () => IDataObject, number]>([
		['a create', 'uom', 'CREATE', () => unit(), 1],
		['creates in one request', 'uom', 'CREATE', () => unit(), 3],
		[
			'an API request',
			'product',
			'UPDATE',
			() => ({
				resource: 'apiRequest',
				operation: 'send',
				method: 'PUT',
				path: `/entity/product/${product()}`,
				body: '={{ { "description": String(Math.random()) } }}',
			}),
			1,
		],
		[
			'an image',
			'product',
			'UPDATE',
			() => ({
				resource: 'image',
				operation: 'add',
				ownerType: 'product',
				ownerId: locator(product()),
				imageSource: 'base64',
				imageContent: PNG,
			}),
			1,
		],
		[
			'all images of an owner',
			'product',
			'UPDATE',
			() => ({
				resource: 'image',
				operation: 'replaceAll',
				ownerType: 'product',
				ownerId: locator(product()),
				imageSource: 'base64',
				imageContent: PNG,
			}),
			2,
		],
	])('%s', async (_what, type, action, parameters, count) => {
		watch(type, action);
		const items = Array.from({ length: count }, (_, n) => ({ name: `${_what} ${n}` }));
		const loud = await woken(parameters(), items);
		expect(loud.calls).toBe(1);
		expect(loud.writes.map(({ headers }) => headers[HEADER])).toEqual(
			loud.writes.map(() => undefined),
		);
		const again = items.map(({ name }) => ({ name: `${name} once more` }));
		const quiet = await woken({ ...parameters(), ...silent('http://127.0.0.1:9/') }, again);
		expect(quiet.calls).toBe(0);
		expect(quiet.writes).toHaveLength(loud.writes.length);
		for (const { headers } of quiet.writes) expect(headers[HEADER]).toBe('http://127.0.0.1:9/');
		for (const { headers } of quiet.reads) expect(headers[HEADER]).toBeUndefined();
		const other = await woken(
			{ ...parameters(), ...silent('https://example.com') },
			items.map(({ name }) => ({ name: `${name} a third time` })),
		);
		expect(other.calls).toBe(1);
	});

	test('deletes alone and together', async () => {
		watch('uom', 'DELETE');
		const remove = {
			resource: 'unitOfMeasure',
			operation: 'delete',
			unitOfMeasureId: locator('={{ $json.id }}'),
		};
		for (const count of [1, 2]) {
			const names = Array.from({ length: count * 2 }, (_, n) => ({ name: `gone ${count} ${n}` }));
			const { json } = await house.good(unit(), { items: names });
			const ids = json.map(({ id }) => ({ id }));
			const quiet = await woken({ ...remove, ...silent(HOOK) }, ids.slice(0, count));
			expect(quiet.writes.map(({ headers }) => headers[HEADER])).toEqual([HOOK]);
			expect(quiet.calls).toBe(0);
			expect((await woken(remove, ids.slice(count))).calls).toBe(1);
		}
	});

	test('several addresses are several headers, from a text or a list', async () => {
		watch('uom', 'CREATE');
		watch('uom', 'CREATE', 'http://localhost:9/other');
		for (const given of [
			'http://127.0.0.1:9, http://localhost:9/',
			'={{ ["http://localhost:9/", "http://127.0.0.1:9"] }}',
		]) {
			const { calls, writes } = await woken(unit(silent(given)), [{ name: given }]);
			expect(calls).toBe(0);
			// Node joins the lines of one name in its log; MoySklad refuses a list in one line (3030).
			expect(writes[0].headers[HEADER]).toBe('http://127.0.0.1:9, http://localhost:9/');
		}
	});

	test('items with other addresses do not share a request', async () => {
		const parameters = unit(silent('={{ $json.hook }}'));
		const hooks = ['https://a.example', '', 'https://a.example', 'https://b.example'];
		const { writes } = await woken(
			parameters,
			hooks.map((hook, n) => ({ hook, name: `apart ${n}` })),
		);
		expect(paths(writes)).toEqual(Array(3).fill('POST /entity/uom'));
		expect(writes.map(({ headers }) => headers[HEADER])).toEqual([
			'https://a.example',
			undefined,
			'https://b.example',
		]);
		expect(writes.map(({ body }) => (Array.isArray(body) ? body.length : 1))).toEqual([2, 1, 1]);
	});

	test.each(['n8n.example.com', 'https://', 'https://a.example, b.example', 'https://пример.рф'])(
		'%s is refused before anything is sent',
		async (value) => {
			const error = await house.refused({
				...unit(silent(value)),
				...inJson({ name: 'x' }),
			});
			expect(error.message).toContain("'Do Not Call Webhooks Of' holds '");
			expectShown(error, { message: error.message, hint: 'protocol and whole domain' });
		},
	);
});
