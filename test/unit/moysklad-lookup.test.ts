/** References by names, codes and other keys: what is asked for, and what is made of the answers. */
import type { IDataObject } from 'n8n-workflow';

import { metaAt, metaRef, referenceWire, targetOf } from '../../nodes/MoySklad/references';
import { resolveReferences } from '../../nodes/MoySklad/resolve';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { ApiRequest, Call } from '../../nodes/shared/catalogue';
import { CallFailed } from '../../nodes/shared/errors/errors';
import { fakeWork } from './moysklad-special-work';
import { answerOf, callOf, operationOf, UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const context = { baseUrl: ROOT };
const operation = operationOf(moySklad, 'bonusTransaction', 'create');

type Lists = Record<string, IDataObject[]>;

/** Rows of the lists that fulfil the `=` conditions of a filter, compared without regard to case. */
function filtered(rows: IDataObject[], { query }: ApiRequest): IDataObject[] {
	const conditions = String(query?.filter ?? '')
		.split(';')
		.filter((part) => part.includes('='))
		.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
	return rows.filter((row) =>
		[...new Set(conditions.map(([field]) => field))].every((field) =>
			conditions.some(
				([name, value]) =>
					name === field &&
					String(
						field === 'type' ? (row.meta as IDataObject).type : (row[field] ?? ''),
					).toLowerCase() === value.toLowerCase(),
			),
		),
	);
}

function serve(lists: Lists) {
	return fakeWork((request) => {
		const rows = lists[request.path] ?? [];
		if (request.path.endsWith('/pricetype')) return answerOf(200, rows);
		if (request.path.endsWith('/metadata')) return answerOf(200, { meta: {}, states: rows });
		const found = filtered(rows, request);
		return answerOf(200, { meta: { size: found.length }, rows: found });
	});
}

const row = (type: string, id: string, fields: IDataObject): IDataObject => ({
	...metaRef(ROOT, type, id),
	id,
	...fields,
});

/** Calls with one reference each, or with more of them. */
function callsOf(entities: string[], ...values: unknown[]): Call[] {
	const wire = referenceWire({ label: 'Counterparty', entities });
	return values.map((value, itemIndex) =>
		callOf(operation, { itemIndex, body: { agent: wire(value, context) } }),
	);
}

const asked = (sent: ApiRequest[]) =>
	sent.map(({ path, query }) => `${path} ${String(query?.filter ?? '')}`.trim());

describe('a reference is found by', () => {
	const lists: Lists = {
		'/entity/counterparty': [
			row('counterparty', UUID_A, {
				name: 'Иванов',
				code: 'C-1',
				externalCode: 'crm-1',
				phone: '+7 (999) 123-45-67',
				email: 'Ivanov@Example.com',
				inn: '7701234567',
			}),
			row('counterparty', UUID_B, { name: 'Петров; и Ко', code: 'C-2' }),
		],
	};

	it.each([
		['its name', 'Иванов'],
		['its code', 'C-1'],
		['its external code', 'crm-1'],
		['its INN, also as a number', 7701234567],
		['its phone in another spelling', '8 999 123-45-67'],
		['its phone as bare digits', '9991234567'],
		['its phone with the code of the country', '+79991234567'],
		['its e-mail in another case', 'IVANOV@example.com'],
	])('%s', async (_what, value) => {
		const calls = callsOf(['counterparty'], value);
		await resolveReferences(calls, serve(lists).work);
		expect(calls[0].problem).toBeUndefined();
		expect(calls[0].body.agent).toEqual(metaRef(ROOT, 'counterparty', UUID_A));
	});

	it('a name with a semicolon', async () => {
		const { work, sent } = serve({});
		await resolveReferences(callsOf(['counterparty'], 'Петров; и Ко'), work);
		expect(asked(sent)[0]).toBe('/entity/counterparty name=Петров\\; и Ко');
	});
});

describe('requests', () => {
	it('are none for IDs, links and objects', async () => {
		const { work, sent } = serve({});
		const calls = callsOf(['counterparty'], UUID_A, `${ROOT}/entity/counterparty/${UUID_B}`, {
			id: UUID_A,
		});
		await resolveReferences(calls, work);
		expect(sent).toEqual([]);
	});

	it('hold many texts, one request per field', async () => {
		const { work, sent } = serve({});
		await resolveReferences(callsOf(['store'], 'One', 'Two', 'One', 'Три'), work);
		expect(asked(sent)).toEqual(
			['name', 'code', 'externalCode'].map(
				(field) => `/entity/store ${field}=One;${field}=Two;${field}=Три`,
			),
		);
	});

	it('fit into an address however many texts there are', async () => {
		const { work, sent } = serve({});
		const names = Array.from({ length: 300 }, (_, index) => `Контрагент номер ${index}`);
		await resolveReferences(callsOf(['project'], ...names), work);
		const sizes = sent.map(({ query }) => encodeURIComponent(String(query?.filter)).length);
		expect(Math.max(...sizes)).toBeLessThan(6500);
		expect(sent.length).toBeLessThanOrEqual(
			3 * Math.ceil(sizes.reduce((a, b) => a + b) / 3 / 5800),
		);
		const texts = sent.flatMap(({ query }) => String(query?.filter).split(';'));
		expect(texts.filter((text) => text.startsWith('name='))).toHaveLength(300);
	});

	it('ask for phones, e-mails and INNs only where the text may be one', async () => {
		const { work, sent } = serve({});
		await resolveReferences(callsOf(['counterparty'], 'Иванов', '12345'), work);
		expect(sent).toHaveLength(3);
	});

	it('read short lists once, whatever is looked for in them', async () => {
		const { work, sent } = serve({
			'/entity/organization': [row('organization', UUID_A, { name: 'Ромашка', inn: '7701' })],
		});
		const calls = callsOf(['organization'], 'Ромашка', '7701', 'Ромашка');
		await resolveReferences(calls, work);
		// An INN has ten or twelve digits.
		expect(calls.map(({ problem }) => problem !== undefined)).toEqual([false, true, false]);
		expect(asked(sent)).toEqual(['/entity/organization']);
	});

	it('find goods of several types in one list, and by article in each', async () => {
		const tea = row('variant', UUID_A, { name: 'Tea (green)', code: 'T-1' });
		const cup = row('product', UUID_B, { name: 'Cup', article: 'A-1' });
		const { work, sent } = serve({
			'/entity/assortment': [tea, cup],
			'/entity/product': [cup],
		});
		const calls = callsOf(['product', 'variant', 'service'], 'T-1', 'A-1');
		await resolveReferences(calls, work);
		expect(calls.map(({ body }) => body.agent)).toEqual([
			metaRef(ROOT, 'variant', UUID_A),
			metaRef(ROOT, 'product', UUID_B),
		]);
		expect(asked(sent).sort()).toEqual(
			[
				'/entity/assortment name=T-1;name=A-1',
				'/entity/assortment code=T-1;code=A-1',
				'/entity/assortment externalCode=T-1;externalCode=A-1',
			]
				.map((text) => `${text};type=product;type=variant;type=service`)
				.concat(
					'/entity/product article=T-1;article=A-1',
					'/entity/variant article=T-1;article=A-1',
				)
				.sort(),
		);
	});
});

describe('what lists without a filter hold', () => {
	const priceType = (id: string, name: string) => ({
		...metaAt(ROOT, `/context/companysettings/pricetype/${id}`, 'pricetype'),
		id,
		name,
	});

	it('price types, currencies and statuses are found by name, wherever they stand in a body', async () => {
		const { work, sent } = serve({
			'/context/companysettings/pricetype': [priceType(UUID_A, 'Retail'), priceType(UUID_B, 'Opt')],
			'/entity/currency': [row('currency', UUID_B, { name: 'руб', isoCode: 'RUB', code: '643' })],
			'/entity/contract/metadata': [
				{
					...metaAt(ROOT, `/entity/contract/metadata/states/${UUID_A}`, 'state'),
					id: UUID_A,
					name: 'New',
				},
			],
		});
		const wire = (entity: string, value: unknown) =>
			referenceWire({ label: entity, entity })(value, context);
		const call = callOf(operation, {
			body: {
				salePrices: [
					{ value: 1, priceType: wire('pricetype', 'Opt'), currency: wire('currency', 'RUB') },
				],
				state: wire('contract/metadata/states', 'New'),
				attributes: [{ value: wire('currency', '643') }],
			} as IDataObject,
		});
		await resolveReferences([call], work);
		expect(call.problem).toBeUndefined();
		const currency = metaRef(ROOT, 'currency', UUID_B);
		expect(call.body).toEqual({
			salePrices: [
				{
					value: 1,
					priceType: metaAt(ROOT, `/context/companysettings/pricetype/${UUID_B}`, 'pricetype'),
					currency,
				},
			],
			state: metaAt(ROOT, `/entity/contract/metadata/states/${UUID_A}`, 'state'),
			attributes: [{ value: currency }],
		});
		expect(sent).toHaveLength(3);
	});

	it('folders are found by their path, too', async () => {
		const { work } = serve({
			'/entity/productfolder': [
				row('productfolder', UUID_A, { name: 'Green', pathName: 'Tea' }),
				row('productfolder', UUID_B, { name: 'Green', pathName: 'Paint' }),
			],
		});
		const calls = callsOf(['productfolder'], 'Paint / Green', 'Green');
		await resolveReferences(calls, work);
		expect(calls[0].body.agent).toEqual(metaRef(ROOT, 'productfolder', UUID_B));
		expect(calls[1].problem?.message).toContain('fits 2 objects');
	});
});

describe('a text that means no certain object is the problem of its item', () => {
	const one = row('counterparty', UUID_A, { name: 'Иванов', code: 'C-1' });
	const other = row('counterparty', UUID_B, { name: 'C-1', code: 'C-2' });

	it.each<[string, string, string, string]>([
		[
			'unknown',
			'Сидоров',
			"is 'Сидоров', and there is no counterparty or legal entity with this name, code, external code",
			'ID or the link',
		],
		[
			'the code of one and the name of another',
			'C-1',
			`fits 2 objects: 'C-1', code C-2 (counterparty ${UUID_B}); 'Иванов', code C-1 (counterparty ${UUID_A})`,
			'Give the ID',
		],
		['other letters', 'иванов', "MoySklad has 'Иванов', which differs in upper and lower", 'as it'],
		['what the filter cannot express', '~Иванов', 'part of the operator', 'first character'],
	])('%s', async (_what, text, message, hint) => {
		const calls = callsOf(['counterparty', 'organization'], text, 'C-2');
		await resolveReferences(calls, serve({ '/entity/counterparty': [other, one] }).work);
		expect(calls[0].problem?.message).toContain(message);
		expect(JSON.stringify(calls[0].problem)).toContain(hint);
		expect(calls[1].problem).toBeUndefined();
		expect(calls[1].body.agent).toEqual(metaRef(ROOT, 'counterparty', UUID_B));
	});

	it('a list that cannot be read', async () => {
		const refused = new CallFailed({ say: 'no right to see it', hint: '', status: 403 });
		const { work } = fakeWork(() => refused);
		const calls = callsOf(['store'], 'Main', UUID_A);
		await resolveReferences(calls, work);
		expect(calls[0].problem).toBe(refused);
		expect(calls[1].problem).toBeUndefined();
	});

	it('an attribute and a bare type are not looked up; a document is, by its number', () => {
		for (const entity of ['product/metadata/attributes', 'task']) {
			expect(() => referenceWire({ label: 'x', entity })('Name', context)).toThrow("is 'Name'");
		}
		expect(referenceWire({ label: 'x', entity: 'demand' })('00042', context)).toMatchObject({
			meta: { wanted: '00042' },
		});
		expect(targetOf('pricetype').path).toBe('/context/companysettings/pricetype');
	});
});
