import type { IDataObject } from 'n8n-workflow';

import { allDictionaries, plainDictionaries } from '../../nodes/MoySklad/catalogue/dictionaries';
import { metaRef } from '../../nodes/MoySklad/references';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { completeAccounts } from '../../nodes/MoySklad/writeFields';
import type { MapperField, WireContext } from '../../nodes/shared/catalogue';
import { shownLabel, writtenValue } from '../../nodes/shared/form/mapper';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const context: WireContext = {
	baseUrl: ROOT,
	timezone: 'Europe/Berlin',
	parameter: () => undefined,
};

function fieldOf(resource: string, name: string): MapperField {
	const dictionary = allDictionaries.find((entry) => entry.resource === resource);
	const field = dictionary?.fields.find((entry) => entry.name === name);
	if (!field) throw new Error(`${resource} has no field ${name}`);
	return field;
}

const wired = (resource: string, name: string, value: unknown) =>
	writtenValue(fieldOf(resource, name), value, context);

const product = metaRef(ROOT, 'product', UUID_A);
const currency = metaRef(ROOT, 'currency', UUID_B);
const priceTypeHref = `${ROOT}/context/companysettings/pricetype/${UUID_B}`;
const priceType = {
	meta: { href: priceTypeHref, type: 'pricetype', mediaType: 'application/json' },
};

describe('values on the wire', () => {
	it.each<[string, string, unknown, unknown]>([
		['contract', 'moment', '2026-05-01T10:00:00', '2026-05-01 11:00:00.000'],
		['contract', 'contractType', 'Commission', 'Commission'],
		['contract', 'contractType', 'SomethingNew', 'SomethingNew'],
		['contract', 'rewardType', 'Percent of Sales', 'PercentOfSales'],
		['contract', 'rewardPercent', 100, 100],
		['contract', 'rate', UUID_B, { currency }],
		['contract', 'rate', { currency: UUID_B, value: '1.5' }, { currency, value: 1.5 }],
		['contract', 'rate', `{"currency":"${UUID_B}"}`, { currency }],
		['contract', 'rate', currency, { currency }],
		[
			'contract',
			'state',
			UUID_A,
			{
				meta: {
					href: `${ROOT}/entity/contract/metadata/states/${UUID_A}`,
					type: 'state',
					mediaType: 'application/json',
				},
			},
		],
		['currency', 'rate', 1.5, 1.5],
		// As an item holds it that a Code node has made: it came with quotes around it.
		['contract', 'description', new Date('2026-05-01T10:00:00Z'), '2026-05-01T10:00:00.000Z'],
		['currency', 'majorUnit', '{"s1":"a","gender":"masculine"}', { s1: 'a', gender: 'masculine' }],
		['bonusTransaction', 'transactionType', 'Earning', 'EARNING'],
		['bonusTransaction', 'transactionType', 'TRANSFER', 'TRANSFER'],
		['bonusProgram', 'agentTags', 'VIP, gold', ['vip', 'gold']],
		['bonusProgram', 'agentTags', ['VIP'], ['vip']],
		['bundle', 'minPrice', 12.5, { value: 12.5 }],
		['bundle', 'minPrice', { value: '12,5', currency: UUID_B }, { value: 12.5, currency }],
		[
			'bundle',
			'salePrices',
			[{ value: 100, priceType: UUID_B, currency: UUID_B }],
			[{ value: 100, priceType, currency }],
		],
		[
			'bundle',
			'salePrices',
			JSON.stringify([{ value: 1, priceType: { name: 'Retail', ...priceType } }]),
			[{ value: 1, priceType }],
		],
		[
			'bundle',
			'components',
			[{ assortment: UUID_A, quantity: '2' }],
			[{ assortment: product, quantity: 2 }],
		],
		[
			'bundle',
			'components',
			[{ assortment: UUID_A, type: 'variant', quantity: 1 }],
			[{ assortment: metaRef(ROOT, 'variant', UUID_A), quantity: 1 }],
		],
		[
			'bundle',
			'components',
			{ meta: {}, rows: [{ id: UUID_B, meta: {}, assortment: product, quantity: 1 }] },
			[{ id: UUID_B, assortment: product, quantity: 1 }],
		],
		['bundle', 'components', { meta: { href: 'x', size: 2 } }, undefined],
		[
			'bundle',
			'barcodes',
			'ean13:4600000000008, code128: A:b\n12345678',
			[{ ean13: '4600000000008' }, { code128: 'A:b' }, { ean8: '12345678' }],
		],
		[
			'bundle',
			'barcodes',
			[{ gtin: '1' }, '4600000000008'],
			[{ gtin: '1' }, { ean13: '4600000000008' }],
		],
		['bundle', 'barcodes', ['AB-1:2'], [{ code128: 'AB-1:2' }]],
		[
			'bundle',
			'images',
			[
				{ filename: 'a.png', content: 'data:image/png;base64,AAAA', size: 3 },
				{ meta: { href: 'x' }, size: 1 },
			],
			[{ filename: 'a.png', content: 'AAAA' }, { meta: { href: 'x' } }],
		],
		['bundle', 'syncId', ` ${UUID_A}`, UUID_A],
	])('%s.%s takes %j', (resource, name, value, expected) => {
		expect(wired(resource, name, value)).toEqual(expected);
	});

	it.each<[string, string, unknown, string]>([
		['contract', 'rewardPercent', 101, 'a whole number from 0 to 100'],
		['contract', 'rewardPercent', -1, 'a whole number from 0 to 100'],
		['contract', 'rewardPercent', 1.5, 'a whole number from 0 to 100'],
		['contract', 'name', 'x'.repeat(256), 'MoySklad allows 255.'],
		['contract', 'name', { a: 1 }, 'Give a text'],
		['task', 'description', 'x'.repeat(4097), 'MoySklad allows 4096.'],
		['task', 'dueToDate', 'soon', 'Give a date'],
		['currency', 'rate', 0, 'cannot be 0'],
		['currency', 'majorUnit', { s3: 'x' }, 's1'],
		['bundle', 'components', [], '1 to 50'],
		[
			'bundle',
			'components',
			Array.from({ length: 51 }, (_, index) => ({
				assortment: UUID_A.replace(/^.{8}/, String(10000000 + index)),
				quantity: 1,
			})),
			'1 to 50',
		],
		['bundle', 'components', [{ assortment: UUID_A, quantity: 0 }], 'above 0'],
		['bundle', 'components', [{ quantity: 1 }], 'Give each component'],
		['bundle', 'components', [{ assortment: UUID_A }], "Fill in 'Components: quantity'"],
		[
			'bundle',
			'components',
			[
				{ assortment: UUID_A, quantity: 1 },
				{ assortment: product, quantity: 2 },
			],
			'each product once',
		],
		['bundle', 'salePrices', [5], 'curly brackets'],
		['bundle', 'components', 'T-01, 2', 'Give a list in square brackets'],
		['accumulationdiscount', 'levels', '10000, 5', 'Give a list of {amount, discount} in square'],
		['bundle', 'salePrices', '990', 'Give a list in square brackets'],
		['bundle', 'salePrices', [{ value: 'cheap' }], 'Give a number'],
		['bundle', 'images', [{ filename: 'a.png' }], 'base64'],
		['bundle', 'syncId', 'abc', 'Give a UUID'],
	])('%s.%s refuses %j', (resource, name, value, hint) => {
		const write = () => wired(resource, name, value);
		expect(write).toThrow(InputProblem);
		try {
			write();
		} catch (error) {
			expect((error as InputProblem).hint).toContain(hint);
		}
	});
});

describe('accounts by ID', () => {
	it('take the address of the owner in the same body', () => {
		const accountId = String(UUID_B);
		const body: IDataObject = {
			agent: metaRef(ROOT, 'counterparty', UUID_A),
			agentAccount: wired('contract', 'agentAccount', accountId) as IDataObject,
		};
		completeAccounts(body, { agentAccount: 'agent', organizationAccount: 'ownAgent' });
		expect(body.agentAccount).toEqual({
			meta: {
				href: `${ROOT}/entity/counterparty/${UUID_A}/accounts/${UUID_B}`,
				type: 'account',
				mediaType: 'application/json',
			},
		});
	});

	it('need the owner', () => {
		const body = { agentAccount: wired('contract', 'agentAccount', UUID_B) as IDataObject };
		expect(() => completeAccounts(body, { agentAccount: 'agent' })).toThrow("'agent' is not given");
	});
});

describe('rules between fields', () => {
	const check = (resource: string, body: IDataObject, creates = true) => {
		const dictionary = plainDictionaries.find((entry) => entry.resource === resource);
		return () => dictionary?.check?.(body, creates);
	};

	it.each<[string, IDataObject, string]>([
		['task', { agent: product, operation: product }, "'Document' is given together"],
		['currency', { name: 'x', code: '1' }, "'ISO Code' is empty"],
		['currency', { system: true }, "'ISO Code' is empty"],
		['bonusTransaction', { transactionType: 'SPENDING', executionDate: 'x' }, "'Execution Date'"],
		['bonusProgram', { allProducts: false }, "'For All Products' is off"],
		['bonusProgram', { welcomeBonusesEnabled: true }, "'Welcome Points: When' is empty"],
	])('%s: %j', (resource, body, message) => {
		expect(check(resource, body)).toThrow(InputProblem);
		expect(check(resource, body)).toThrow(message);
	});

	it('pass what is fine', () => {
		expect(check('task', { agent: product, operation: null })).not.toThrow();
		expect(check('currency', { system: true, code: '978' })).not.toThrow();
		expect(check('currency', { name: 'x' }, false)).not.toThrow();
		expect(check('bonusProgram', { welcomeBonusesEnabled: true }, false)).not.toThrow();
	});
});

describe('barcodes that a change would replace', () => {
	const labels = (operation: string) =>
		moySklad.operations
			.filter((entry) => entry.operation === operation)
			.flatMap(({ resource, fields }) =>
				fields
					.flatMap((field) => (field.kind === 'mapper' ? field.mapper.fields : []))
					.map((field) => [resource, field] as const),
			)
			.filter(([, { name }]) => name === 'barcodes')
			.map(([resource, field]) => `${resource}: ${shownLabel(field)}`);
	const kinds = ['bundle', 'consignment', 'product', 'service', 'variant'];

	it.each([
		['create', 'Barcodes (separated by commas)'],
		['update', 'Barcodes (by commas, replace all)'],
		['upsert', 'Barcodes (by commas, replace all)'],
	])('%s: the label beside them says it', (operation, label) => {
		expect(labels(operation).sort()).toEqual(kinds.map((kind) => `${kind}: ${label}`));
	});
});
