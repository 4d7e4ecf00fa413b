/** The tools that write facts and compare them, on small tables; and the views of MoySklad's types. */
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

import { operations as Altegio } from '../../nodes/Altegio/facts.generated';
import { operations as InspectorCloud } from '../../nodes/InspectorCloud/facts.generated';
import { entityTypesWithMetadata } from '../../nodes/MoySklad/catalogue/metadataTypes';
import { facts, hasBin, hiddenConditionsOf, typesThat } from '../../nodes/MoySklad/facts';
import { polledType, polledTypes } from '../../nodes/MoySklad/polling/types';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { operations as YandexMarket } from '../../nodes/YandexMarket/facts.generated';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { operationDrift, routeDrift, typeDrift } from '../../tools/drift/compare';
import { driftOf } from '../../tools/drift/drift';
import { factFiles, readAll } from '../../tools/facts/all';
import { inline } from '../../tools/facts/source';

const words = (text: string) => text.split(' ');

const RESOURCE = {
	keyword: 'thing',
	kind: 'document',
	titleRu: 'Вещь',
	path: '/entity/thing',
	operations: [
		{ method: 'GET', path: '/entity/thing', sources: ['docs'] },
		{ method: 'POST', path: '/entity/thing', sources: ['docs'] },
		{ method: 'PUT', path: '/entity/thing/{thing_id}', sources: ['spec'] },
	],
	hasMetadata: true,
	hasAttributes: false,
	hasStates: true,
	hasSyncId: false,
	hasTemplate: false,
	hasBulkDelete: true,
	canTrash: true,
	positions: ['positions'],
	subresources: ['positions', 'files'],
	searchable: true,
	searchFields: ['name'],
	requiredOnCreate: ['agent'],
	readOnlyFields: ['id'],
	expandable: ['agent'],
	filterable: { agent: ['=', '!='], attributes: ['by attribute href'], updatedBy: ['='] },
	sortable: ['name'],
};

const REPORT = {
	...RESOURCE,
	keyword: 'report',
	kind: 'report',
	path: '/report/profit',
	operations: [],
	filterable: {},
	sortable: null,
	requiredOnCreate: [],
	expandable: [],
};

const TABLES: Record<string, unknown> = {
	'moysklad-resources.json': [RESOURCE, REPORT],
	'moysklad-fields.json': {
		thing: [{ section: 'own', rows: [{ name: 'name', type: 'String(255)' }] }],
		report: [
			{
				section: 'Отчет / Прибыльность по товарам / Структура',
				rows: [{ name: 'sum', type: 'Float', filter: [], desc: '' }],
			},
			{
				section: 'Отчет / Прибыльность по товарам / Фильтры',
				rows: [
					{
						name: 'product',
						type: 'Object',
						filter: ['=', '!='],
						desc: 'Можно передать несколько значений.',
					},
					{
						name: 'documentType',
						type: 'String(255)',
						filter: ['='],
						desc: '`demand` - отгрузка, `retaildemand` - продажа.',
					},
					{
						name: 'supplier',
						type: 'Object',
						filter: ['='],
						desc: 'Можно передать пустое значение',
					},
					{ name: 'search', type: 'String(255)', filter: ['=', '!~'], desc: '' },
				],
			},
		],
	},
	'moysklad-labels.json': [
		{
			keyword: 'thing',
			englishOne: 'Thing',
			englishMany: 'Things',
			fields: {
				meta: { label: 'Metadata', kind: 'meta' },
				id: { label: 'ID', kind: 'uuid' },
				name: { label: 'Name', kind: 'string' },
				agent: { label: 'Counterparty', kind: 'ref', ref: 'counterparty|organization' },
				taxSystem: { label: "The Seller's Tax System", kind: 'enum' },
			},
			nested: { positions: { quantity: { label: 'Quantity', kind: 'number' } } },
		},
	],
	'moysklad-openapi.json': {
		paths: { '/entity/thing/{id}': { get: {}, parameters: [] } },
		components: {
			schemas: {
				taxSystem: { enum: ['GENERAL', 'PATENT'] },
				thing: { properties: { taxSystem: { $ref: '#/components/schemas/taxSystem' } } },
			},
		},
	},
	'yandex-market-openapi.json': {
		paths: {
			'/v2/campaigns/{campaignId}/orders': {
				post: {
					operationId: 'updateThings',
					tags: ['orders'],
					'x-auth-scopes': ['all-methods'],
					'x-resource-limit-config': {
						path: 'resp.result.orders',
						none: { amount: 10, period: 'minutes', 'period-duration': 5 },
					},
					parameters: [
						{ name: 'campaignId', in: 'path', required: true, schema: { type: 'integer' } },
						{ $ref: '#/components/parameters/limit' },
					],
					requestBody: {
						content: { 'application/json': { schema: { $ref: '#/components/schemas/Request' } } },
					},
					responses: {
						200: {
							content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
						},
					},
				},
			},
		},
		components: {
			parameters: {
				limit: { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
			},
			schemas: {
				Request: {
					required: ['orders'],
					properties: {
						orders: { type: 'array', maxItems: 30, items: { $ref: '#/components/schemas/Order' } },
					},
				},
				Order: {
					allOf: [{ $ref: '#/components/schemas/Id' }],
					properties: {
						status: { type: 'string', enum: ['A', 'B'] },
						parent: { $ref: '#/components/schemas/Order' },
					},
				},
				Id: { required: ['id'], properties: { id: { type: 'integer', format: 'int64' } } },
				Answer: {
					properties: {
						result: { type: 'object', properties: { orders: { type: 'array', items: {} } } },
					},
				},
			},
		},
	},
	'altegio-operations.json': [
		{
			resource: 'client',
			name: 'search',
			method: 'POST',
			path: '/company/{location_id}/clients/search',
			version: 'v2',
			pathParams: [{ name: 'location_id', type: 'number', required: true }],
			query: [],
			body: [
				{ name: 'filters[].type', type: 'string', required: true, enum: ['id'] },
				{ name: 'filters[].state.value', type: 'string' },
			],
			response: { fields: [{ path: 'data[].id', type: 'integer' }] },
			paging: { style: 'page' },
			certainty: 'documented',
		},
	],
	'inspector-cloud-operations.json': [],
};

describe('the facts that a folder of tables gives', () => {
	let folder: string;

	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'retail-ops-facts-'));
		for (const [file, table] of Object.entries(TABLES)) {
			writeFileSync(join(folder, file), JSON.stringify(table));
		}
	});

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test('a type: what it does and has, its fields with filter, order, length and values', () => {
		const { types, routes } = readAll(folder).moySklad;
		expect(types.thing).toEqual({
			kind: 'document',
			one: 'Thing',
			many: 'Things',
			local: 'Вещь',
			path: '/entity/thing',
			does: 'lcuDt',
			search: ['name'],
			has: ['metadata', 'states', 'positions', 'files'],
			fields: {
				id: { label: 'ID', kind: 'uuid', readOnly: true },
				name: { label: 'Name', kind: 'string', max: 255, sort: true },
				agent: {
					label: 'Counterparty',
					kind: 'ref',
					ref: ['counterparty', 'organization'],
					required: true,
					filter: '= !=',
					expand: true,
				},
				taxSystem: {
					label: "The Seller's Tax System",
					kind: 'enum',
					values: ['GENERAL', 'PATENT'],
				},
				attributes: { label: 'Attributes', kind: 'unknown', listOnly: true },
				updatedBy: { label: 'Updated By', kind: 'unknown', filter: '=', listOnly: true },
			},
			parts: { positions: { quantity: { label: 'Quantity', kind: 'number' } } },
		});
		// Both sources, whatever they call the placeholder.
		expect(routes).toEqual([
			'GET /entity/thing',
			'GET /entity/thing/{id}',
			'POST /entity/thing',
			'PUT /entity/thing/{id}',
		]);
	});

	test('a report: what each of its kinds can be filtered by, with how many values', () => {
		const { report } = readAll(folder).moySklad.types;
		expect(report.filters).toEqual({
			byproduct: {
				product: { label: 'Product', kind: 'ref', filter: '= !=', several: true },
				documentType: {
					label: 'Document Type',
					kind: 'enum',
					values: ['demand', 'retaildemand'],
					filter: '=',
				},
				supplier: { label: 'Supplier', kind: 'ref', filter: '=', orEmpty: true },
				search: { label: 'Search', kind: 'string', filter: '= !~' },
			},
		});
	});

	test('an operation of an OpenAPI document: parts and references put together, circles ended', () => {
		const [operation] = readAll(folder).operations.YandexMarket;
		expect(operation).toEqual({
			id: 'updateThings',
			method: 'POST',
			path: '/v2/campaigns/{campaignId}/orders',
			group: 'orders',
			scopes: ['all-methods'],
			limit: { amount: 10, seconds: 300, per: 'resp.result.orders' },
			pathFields: [{ name: 'campaignId', kind: 'integer', required: true }],
			query: [{ name: 'limit', kind: 'integer', max: 100 }],
			body: [
				{
					name: 'orders',
					kind: 'array',
					required: true,
					maxItems: 30,
					fields: [
						{ name: 'status', kind: 'string', values: ['A', 'B'] },
						{ name: 'parent', kind: 'object' },
						{ name: 'id', kind: 'integer', required: true, format: 'int64' },
					],
				},
			],
			answer: { result: 'object', 'result.orders[]': 'object' },
		});
	});

	test('an operation of a table: dotted names become fields of fields', () => {
		const [operation] = readAll(folder).operations.Altegio;
		expect(operation).toMatchObject({
			id: 'client.search',
			path: '/v2/company/{location_id}/clients/search',
			paging: 'page',
			body: [
				{
					name: 'filters',
					kind: 'array',
					fields: [
						{ name: 'type', kind: 'string', required: true, values: ['id'] },
						{ name: 'state', kind: 'object', fields: [{ name: 'value', kind: 'string' }] },
					],
				},
			],
		});
		expect(operation).not.toHaveProperty('certainty');
	});

	test('files hold TypeScript that gives the same values back', () => {
		const files = factFiles(readAll(folder));
		expect([...files.keys()]).toEqual([
			'nodes/MoySklad/facts.generated.ts',
			'tools/known/moysklad-routes.json',
			'nodes/YandexMarket/facts.generated.ts',
			'nodes/Altegio/facts.generated.ts',
			'nodes/InspectorCloud/facts.generated.ts',
		]);
		const text = files.get('nodes/MoySklad/facts.generated.ts') as string;
		const literal = text.slice(text.indexOf('= {') + 2, text.lastIndexOf(';'));
		expect(Function(`return ${literal}`)()).toEqual(readAll(folder).moySklad.types);
	});

	test.each([
		["it's", `"it's"`],
		[`it's "so"`, `'it\\'s "so"'`],
		['a\\b', `'a\\\\b'`],
		[{ 'a-b': 1, c: undefined, d: [true, null] }, "{ 'a-b': 1, d: [true, null] }"],
	])('%j as TypeScript', (value, text) => expect(inline(value)).toBe(text));

	test('a table that is missing or broken is named', () => {
		expect(() => readAll(join(folder, 'nowhere'))).toThrow(/moysklad-resources\.json is missing/);
		writeFileSync(join(folder, 'altegio-operations.json'), '[');
		expect(() => readAll(folder)).toThrow(/altegio-operations\.json is no JSON/);
	});
});

describe('drift: what newer tables change, and whom it touches', () => {
	test('types and fields, with the operations that send to the type', () => {
		const { currency, bundle } = facts;
		const newer = {
			...facts,
			bundle: {
				...bundle,
				fields: { ...bundle.fields, colour: { label: 'Colour', kind: 'string' } },
			},
			currency: {
				...currency,
				does: 'lr',
				fields: { ...currency.fields, code: { ...currency.fields.code, required: undefined } },
			},
		};
		const drift = typeDrift(facts, newer, moySklad);
		expect(drift.map(({ at, what, detail }) => `${at} ${what} ${detail}`)).toEqual([
			'bundle appeared field colour',
			`currency changed does "${currency.does}" → "lr"`,
			'currency changed field code: required true → –',
		]);
		expect(drift[1].touches).toContain('currency: create');
		expect(drift[1].touches.every((name) => name.startsWith('currency'))).toBe(true);
		const { currency: gone, ...without } = facts;
		expect(gone).toBeDefined();
		expect(typeDrift(facts, without, moySklad)).toMatchObject([
			{ at: 'currency', what: 'vanished' },
		]);
		expect(typeDrift(facts, facts, moySklad)).toEqual([]);
	});

	test('routes', () => {
		const drift = routeDrift(['GET /entity/uom/{id}'], ['GET /entity/new'], moySklad);
		expect(drift).toMatchObject([
			{ at: 'GET /entity/new', what: 'appeared', touches: [] },
			{ at: 'GET /entity/uom/{id}', what: 'vanished', touches: ['unitOfMeasure: get'] },
		]);
	});

	test('of every vendor: nothing for the tables that we have, and documents are touched as well', () => {
		const known = {
			moySklad: { types: facts, routes: [] },
			operations: { YandexMarket, Altegio, InspectorCloud },
		};
		expect(driftOf(known, [])).toEqual(
			['MoySklad', 'Yandex Market', 'Altegio', 'Inspector Cloud'].map((vendor) => [vendor, []]),
		);
		const types = { ...facts, customerorder: { ...facts.customerorder, does: 'lr' } };
		const [[, drift]] = driftOf({ ...known, moySklad: { types, routes: [] } }, []);
		expect(drift).toHaveLength(1);
		expect(drift[0].touches).toContain('customerorder: create');
	});

	test('operations: fields in fields, limits, the end of life', () => {
		const old = {
			id: 'getOutlet',
			method: 'GET',
			path: '/v2/campaigns/{campaignId}/outlets/{outletId}',
			query: [{ name: 'a', kind: 'object', fields: [{ name: 'b', kind: 'string', max: 5 }] }],
			limit: { amount: 100, seconds: 3600 },
		};
		const now = {
			...old,
			query: [{ name: 'a', kind: 'object', fields: [{ name: 'b', kind: 'string', max: 7 }] }],
			limit: { amount: 50, seconds: 3600 },
			deprecated: { off: '2027-04-12', instead: 'getOutlets' },
		};
		const drift = operationDrift([old], [now], yandexMarket);
		expect(drift.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
			`deprecated GET ${old.path}, ends 2027-04-12, use getOutlets`,
			'changed limit {"amount":100,"seconds":3600} → {"amount":50,"seconds":3600}',
			'changed query field a.b: max 5 → 7',
		]);
		expect(drift[0].touches).toEqual(['outlet: get']);
	});
});

describe("MoySklad's types as views of the facts", () => {
	test('what lists hide', () => {
		const hiding = (text: string) =>
			typesThat((_, keyword) => hiddenConditionsOf(keyword)?.startsWith(text) === true).sort();
		expect(hiding('archived')).toEqual(
			words(
				'bundle consignment contract counterparty currency employee organization processingplan processingprocess processingstage product productfolder project saleschannel service store taxrate variant',
			),
		);
		expect(hiding('done')).toEqual(['task']);
		expect(hiding('isDeleted')).toEqual(typesThat(hasBin).sort());
		expect(hiddenConditionsOf('unknown')).toBeUndefined();
	});

	test('documents with a recycle bin', () => {
		expect(typesThat(hasBin).sort()).toEqual(
			words(
				'cashin cashout commissionreportin commissionreportout counterpartyadjustment customerorder demand emissionorder enter facturein factureout internalorder inventory invoicein invoiceout loss move paymentin paymentout payroll prepayment prepaymentreturn pricelist processing processingorder productionstagecompletion productiontask purchaseorder purchasereturn retaildemand retaildrawercashin retaildrawercashout retailsalesreturn retailshift retireorder salesreturn supply',
			),
		);
	});

	test('what polling can ask of a list', () => {
		const not = (name: 'sorted' | 'dated' | 'signed') =>
			polledTypes
				.map(({ value }) => polledType(value))
				.filter((type) => !type[name])
				.map((type) => type.name)
				.sort();
		expect(polledTypes).toHaveLength(47);
		expect(not('sorted')).toEqual(
			words('bonustransaction counterpartyadjustment prepayment prepaymentreturn productiontask'),
		);
		expect(not('dated')).toEqual(
			words(
				'bundle consignment contract product productfolder project retailstore service store uom variant',
			),
		);
		expect(not('signed')).toEqual(
			words('counterpartyadjustment prepayment prepaymentreturn productiontask task uom'),
		);
	});

	test('parts of metadata', () => {
		const having = (part: 'metadata' | 'attributes' | 'states') =>
			entityTypesWithMetadata(part).map(({ value }) => value).length;
		expect([having('metadata'), having('attributes'), having('states')]).toEqual([47, 43, 36]);
		expect(entityTypesWithMetadata('states').map(({ value }) => value)).toContain('task');
	});
});
