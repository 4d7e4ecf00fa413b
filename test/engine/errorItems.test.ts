/**
 * What stands on an item that failed, for the action node of each vendor in n8n's engine: its file and its fields, and
 * an error that says the vendor's name, the item, the vendor's text and its link once. Facts: the forms of the vendors'
 * errors, as each `connection.ts` reads them.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import {
	ALTEGIO_LOCATIONS,
	JPEG,
	startSandbox,
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
} from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { createEngine, type Engine, type RunNodeOptions } from './harness';

jest.setTimeout(60_000);

const LINK = 'https://docs.example/errors#1';
const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

/** An error with the vendor's name in its text and, where the form has a place for it, a link that is told twice. */
interface Refusal {
	vendor: 'moysklad' | 'yandexMarket' | 'altegio' | 'inspectorCloud';
	/** The name that people know. */
	name: string;
	credential: 'moySkladApi' | 'yandexMarketApi' | 'altegioApi' | 'inspectorCloudApi';
	body: object;
	/** The line that shows the vendor's text. */
	says: string;
	link?: string;
}

const MOYSKLAD: Refusal = {
	vendor: 'moysklad',
	name: 'MoySklad',
	credential: 'moySkladApi',
	body: { errors: [{ error: `MoySklad: no, see ${LINK}`, code: 1002, moreInfo: LINK }] },
	says: 'The vendor says: MoySklad: no, see',
	link: `More: ${LINK}`,
};
const YANDEX: Refusal = {
	vendor: 'yandexMarket',
	name: 'Yandex Market',
	credential: 'yandexMarketApi',
	body: { status: 'ERROR', errors: [{ code: 'BAD_REQUEST', message: 'Yandex Market: no' }] },
	says: 'The vendor says: BAD_REQUEST: Yandex Market: no',
};
const ALTEGIO: Refusal = {
	vendor: 'altegio',
	name: 'Altegio',
	credential: 'altegioApi',
	body: { success: false, data: null, meta: { message: 'Altegio: no' } },
	says: 'The vendor says: Altegio: no',
};
const INSPECTOR: Refusal = {
	vendor: 'inspectorCloud',
	name: 'Inspector Cloud',
	credential: 'inspectorCloudApi',
	body: { detail: 'Inspector Cloud: no' },
	says: 'The vendor says: Inspector Cloud: no',
};

/** Node, resource and operation, the rest of the form, and a value of `$json.id` that is refused before it is sent. */
type Case = [node: string, what: string, form: object, bad: string, refusal: Refusal];

const ID = '={{ $json.id }}';
const SHOP = { campaignId: byId(YANDEX_CAMPAIGNS.fbs) };
const READY = { status: 'PROCESSING', substatus: 'READY_TO_SHIP' };
const PATH = { path: '={{ $json.path }}' };

const CASES: Case[] = [
	['moySklad', 'product.get', { productId: byId(ID) }, 'a/b', MOYSKLAD],
	['moySklad', 'apiRequest.send', PATH, '', MOYSKLAD],
	['moySkladDocuments', 'customerorder.get', { customerorderId: byId(ID) }, 'a/b', MOYSKLAD],
	['moySkladDocuments', 'customerorder.delete', { customerorderId: byId(ID) }, 'a/b', MOYSKLAD],
	['yandexMarket', 'outlet.get', { ...SHOP, outletId: byId(ID) }, 'abc', YANDEX],
	['yandexMarket', 'order.updateStatus', { ...SHOP, orderId: ID, ...READY }, 'abc', YANDEX],
	[
		'yandexMarket',
		'chat.sendFile',
		{ businessId: byId(YANDEX_BUSINESS_ID), chatId: ID, inputBinaryField: 'data' },
		'abc',
		YANDEX,
	],
	['yandexMarket', 'apiRequest.send', PATH, '', YANDEX],
	['altegio', 'visit.get', { visitId: ID }, 'abc', ALTEGIO],
	[
		'altegio',
		'client.delete',
		{ locationId: byId(ALTEGIO_LOCATIONS.first), clientId: byId(ID) },
		'abc',
		ALTEGIO,
	],
	['altegio', 'apiRequest.send', PATH, '', ALTEGIO],
	['inspectorCloud', 'visit.get', { visitId: byId(ID) }, 'abc', INSPECTOR],
	['inspectorCloud', 'photo.upload', { binaryPropertyName: '={{ $json.field }}' }, '', INSPECTOR],
	['inspectorCloud', 'apiRequest.send', PATH, '', INSPECTOR],
];

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ assortmentRows: 1, limits: 'off' });
	for (const { credential } of [MOYSKLAD, YANDEX, ALTEGIO, INSPECTOR]) {
		engine.setCredential(credential, { type: credential, data: sandbox.credentials[credential] });
	}
});
afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const UUID = '7944ef04-f831-11e5-7a69-971500188b19';
const idFor = ({ vendor }: Refusal) => (vendor === 'moysklad' ? UUID : '4240005');
const pathFor = ({ vendor }: Refusal) =>
	({
		moysklad: '/entity/product',
		yandexMarket: '/v2/campaigns',
		altegio: '/companies',
		inspectorCloud: '/visits',
	})[vendor];

/** An item with a file; what it names is there, or is the `bad` value. */
function inputOf(refusal: Refusal, file: string, bad?: string): INodeExecutionData {
	const fine = bad === undefined;
	return {
		json: {
			id: bad ?? idFor(refusal),
			path: fine ? pathFor(refusal) : 'https://elsewhere.example/',
			field: fine ? 'data' : 'nowhere',
			sku: file,
		},
		binary: {
			data: { data: JPEG.toString('base64'), mimeType: 'image/jpeg', fileName: file },
		},
	};
}

async function run([node, what, form, , refusal]: Case, options: RunNodeOptions) {
	const [resource, operation] = what.split('.');
	const { vendor, body, credential } = refusal;
	const before = sandbox.log.length;
	sandbox.faults.clear();
	sandbox.faults.add({ vendor, status: 400, body, times: 9 });
	const result = await engine.runNode(
		`n8n-nodes-retail-ops.${node}`,
		{ resource, operation, ...form },
		{ credentials: { [credential]: credential }, ...options },
	);
	return { result, requests: sandbox.log.slice(before) };
}

/** Says who refused, once, and the item only where there are others. */
function expectMessage(message: unknown, { name }: Refusal, item?: number): void {
	const text = String(message);
	expect([text, text.split(name).length - 1]).toEqual([text, 1]);
	expect(text.slice(0, name.length + 2)).toBe(`${name}: `);
	if (item === undefined) expect(text).not.toContain('[item');
	else expect(text.split(/(?= \[item \d+\]$)/).slice(1)).toEqual([` [item ${item}]`]);
}

/** One line for the vendor's text, one for the link where there is one. */
function expectLines(description: unknown, { says, link }: Refusal, newLine: string): void {
	const lines = String(description).split(newLine);
	expect(lines.filter((line) => line.includes('The vendor says'))).toEqual([says]);
	expect(lines.filter((line) => line.includes('http'))).toEqual(link ? [link] : []);
	expect(lines[0]).toMatch(/\w\.$/);
}

describe.each(CASES.map((one): [string, Case] => [`${one[0]} ${one[1]}`, one]))('%s', (_, one) => {
	const [, , , bad, refusal] = one;
	const inputs = () => [
		inputOf(refusal, 'first.jpg'),
		inputOf(refusal, 'second.jpg', bad),
		inputOf(refusal, 'third.jpg'),
	];

	test.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
		'%s: failed items keep their file and their place',
		async (onError) => {
			const split = onError === 'continueErrorOutput';
			const items = inputs();
			const { result, requests } = await run(one, { items, onError });
			expect(result.status).toBe('success');
			const failed = result.items('Node', split ? 1 : 0);
			expect(failed.map(({ binary }) => binary)).toEqual(
				items.map(({ binary }) => ({
					data: expect.objectContaining(binary?.data ?? {}) as IDataObject,
				})),
			);
			expect(failed.map(({ pairedItem }) => pairedItem)).toEqual(
				items.map((__, item) => expect.objectContaining({ item }) as IDataObject),
			);
			// n8n adds the input's fields on the error output; on the regular one an item holds the error alone.
			for (const [index, { json }] of failed.entries()) {
				if (split) expect(json).toMatchObject(items[index].json);
				expect(Object.keys(json).sort()).toEqual(
					(split ? ['error', 'message', ...Object.keys(items[index].json)] : ['error']).sort(),
				);
			}
			for (const index of [0, 2]) {
				expectMessage(failed[index].json.error, refusal, index);
				if (split) expectLines(failed[index].json.message, refusal, '\n');
			}
			// The second was refused by the node itself: it names the field, and nothing of it was sent.
			expect(failed[1].json.error).toMatch(/^'.+' .*\[item 1\]$/);
			expect(requests.length).toBeGreaterThan(0);
			expect(requests.every(({ url }) => !/abc|elsewhere/.test(url))).toBe(true);
		},
	);

	test('alone, the item is not numbered', async () => {
		const alone = await run(one, { items: inputs().slice(0, 1) });
		expect(alone.result.status).toBe('error');
		expectMessage(alone.result.error?.message, refusal);
		expectLines(alone.result.error?.description, refusal, '<br>\n');
		const bare = await run(one, { items: inputs().slice(1, 2) });
		expect(bare.result.error?.message).toMatch(/^'.+'/);
		expect(bare.result.error?.message).not.toContain('[item');
		expect(bare.requests).toEqual([]);
	});
});
