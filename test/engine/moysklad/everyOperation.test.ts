/**
 * Every operation of both MoySklad nodes, once through the engine: with the least that its form needs, its objects picked
 * from the lists of the form as people pick them. Each request stands in MoySklad's docs or OpenAPI, the one that does the
 * work among them and with what was given; what comes out is what the operation's kind of answer promises. The operations
 * are those of the forms: a new one is run, or fails here.
 */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { moySkladDocuments } from '../../../nodes/MoySklad/documents/vendor';
import { facts } from '../../../nodes/MoySklad/facts';
import { moySklad } from '../../../nodes/MoySklad/vendor';
import type {
	Field,
	Mapper,
	MapperField,
	Operation,
	Vendor,
} from '../../../nodes/shared/catalogue';
import { operationName } from '../../../nodes/shared/run/request';
import type { RequestLogEntry } from '../../../sandbox';
import { KNOWN, unknownIn } from '../chance';
import { ACTION, DOCUMENTS, House, locator, NOBODY } from './setup';
import { plainProducts } from './samples';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 20);
});
afterAll(async () => await house.close());

const NODES: Array<[string, string, Vendor]> = [
	['MoySklad', ACTION, moySklad],
	['MoySklad Documents', DOCUMENTS, moySkladDocuments],
];
const [, known] = KNOWN.find(([node]) => node === 'moySklad') as (typeof KNOWN)[number];

const MOMENT = '2026-11-28T10:00:00+03:00';
const HOOK = 'https://example.com/hook';
const PNG =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const GOODS = ['product', 'variant', 'service', 'bundle', 'consignment'];

const idAt = (keyword: string, index = 0) =>
	String(house.state.dictionary(keyword).all().at(index)?.id);
const product = () => plainProducts(house, 1)[0];
const anItem = () => ({ assortment: product(), quantity: 1, price: 100 });

const base = () => house.state.world.base;
const linkOf = (type: string, id: string) => `${base()}/entity/${type}/${id}`;
const metaOf = (type: string, id: string): IDataObject => ({
	meta: { href: linkOf(type, id), type, mediaType: 'application/json' },
});

/** A new object, made by the node itself; its ID. */
async function made(parameters: object, type = DOCUMENTS): Promise<string> {
	const { json } = await house.good(parameters, { type });
	return String(json[0].id);
}

/** A new object, as the walk fills it in. */
async function newOne(resource: string, more: IDataObject = {}, type = DOCUMENTS): Promise<string> {
	const vendor = type === DOCUMENTS ? moySkladDocuments : moySklad;
	const create = vendor.operations.find(
		(one) => one.resource === resource && one.operation === 'create',
	) as Operation;
	const form = and(() => more)(await formOf(type, create));
	return await made({ resource, operation: 'create', ...form }, type);
}

/** An item of a new document. */
async function newItem(documentType: string): Promise<IDataObject> {
	const positions = JSON.stringify([anItem()]);
	const documentId = await newOne(documentType, { positions });
	const { json } = await house.good(
		{ resource: 'item', operation: 'getAll', documentType, documentId: locator(documentId) },
		{ type: DOCUMENTS },
	);
	return { documentType, documentId: locator(documentId), itemId: locator(json[0].id) };
}

/** A marking code of an item of a new document. */
async function newCode(): Promise<IDataObject> {
	const at = await newItem('demand');
	const cis = '0104600000000012ABC';
	const id = await made({ resource: 'markingCode', operation: 'add', ...at, cis });
	return { ...at, markingCodeId: locator(id) };
}

/** A payment of which nothing is linked, and an order that it may pay. */
const payment = (resource: string, order: string) => async (): Promise<IDataObject> => {
	const positions = JSON.stringify([anItem()]);
	return {
		[`${resource}Id`]: locator(await newOne(resource, { sum: 100 })),
		basisType: order,
		basisId: locator(await newOne(order, { positions })),
		linkedSum: 1,
	};
};

/** An asynchronous task that is under way. */
function newTask(): IDataObject {
	const tasks = house.state.asyncTasks;
	const { ms } = tasks;
	tasks.ms = 600_000;
	const address = 'https://api.moysklad.ru/api/remap/1.2/entity/assortment?async=true';
	const { id } = tasks.start(
		address,
		{},
		() => 'waiting',
		() => ['{}'],
	);
	tasks.ms = ms;
	return { entryId: locator(id) };
}

/** An employee without access. */
async function barred(): Promise<IDataObject> {
	const employeeId = locator(idAt('employee', 1));
	await house.good({ resource: 'employeeAccess', operation: 'deactivate', employeeId });
	return { employeeId, login: 'second@sandbox' };
}

type Case = (form: IDataObject) => IDataObject | Promise<IDataObject>;

/** Fields of the mapper besides those that the walk fills in. */
const and =
	(more: () => IDataObject) =>
	(form: IDataObject): IDataObject => {
		const fields = form.fields as { value: IDataObject } & IDataObject;
		return { ...form, fields: { ...fields, value: { ...fields.value, ...more() } } };
	};

/** Fields of the mapper in the place of those. */
const only =
	(value: () => IDataObject) =>
	(form: IDataObject): IDataObject => ({
		fields: { ...(form.fields as IDataObject), value: value() },
	});

/** Values of fields at the top, by name, where their kind does not tell one that is taken. */
const VALUES: Record<string, unknown> = {
	url: HOOK,
	expectedUrl: HOOK,
	imageSource: 'base64',
	imageContent: `data:image/png;base64,${PNG}`,
	fileSource: 'base64',
	fileContent: PNG,
	filteredType: 'contract',
};

const priced = { row: [{ priceType: { ...locator('Wholesale'), mode: 'words' }, value: 10 }] };
const renamed = () => ({ updateFields: { name: 'Renamed' } });
const moved = () => ({ updateFields: { url: `${HOOK}/2` } });
const codeOfGoods = () => ({ findBy: 'code', item: String(house.state.rows.entity(0).code) });
const components = and(() => ({ components: JSON.stringify([anItem()]) }));
const currency = and(() => ({ name: 'test', code: '999', isoCode: 'XTS' }));
const batch = and(() => ({ label: 'B-1' }));
const shop = and(() => ({ priceType: 'Цена продажи' }));
const routing = and(() => ({ positions: [{ processingstage: idAt('processingstage') }] }));
const planned = and(() => ({ positions: [{ assortment: product(), quantity: 1 }] }));
const goods = () => ({ assortment: linkOf('product', product()), quantity: 2 });
const fromShift = and(() => ({ agent: linkOf('employee', idAt('employee')) }));
const spent = and(() => ({ expenseItem: linkOf('expenseitem', idAt('expenseitem')) }));
const counterparty = () => ({ agent: linkOf('counterparty', idAt('counterparty')) });
const store = () => ({ store: linkOf('store', idAt('store')) });
const stores = () => ({
	sourceStore: linkOf('store', idAt('store')),
	targetStore: linkOf('store', idAt('store', 1)),
});
const organization = () => ({ organization: linkOf('organization', idAt('organization')) });
const anInvoice = () => ({
	documentType: 'invoiceout',
	documentId: locator(idAt('invoiceout')),
});
const anOrder = () => ({
	documentType: 'customerorder',
	documentId: locator(idAt('customerorder')),
});

/** What particular operations are given besides what the walk fills in, or in its place. */
const CASES: Record<string, Case> = {
	'assortment.updateSettings': () => ({ updateFields: { createdShared: true } }),
	'bundle.create': components,
	'bundle.upsert': components,
	'currency.create': currency,
	'currency.upsert': currency,
	'consignment.create': batch,
	'consignment.upsert': batch,
	'contentcard.create': and(() => ({ salesChannels: idAt('saleschannel') })),
	'variant.create': and(() => ({ characteristics: '{"Colour": "red"}' })),
	'variant.upsert': and(() => ({ characteristics: '{"Colour": "blue"}' })),
	'retailstore.create': shop,
	'retailstore.upsert': shop,
	'processingprocess.create': routing,
	'processingprocess.upsert': routing,
	'bundleComponent.create': () => ({ assortmentId: locator(plainProducts(house, 2)[1]) }),
	'bundleComponent.update': () => ({ updateFields: { quantity: 3 } }),
	'bomItem.create': only(goods),
	'bomItem.update': only(() => ({ quantity: 3 })),
	'minimumStock.update': only(() => ({ quantity: 5 })),
	'routingItem.update': only(() => ({
		processingstage: linkOf('processingstage', idAt('processingstage')),
	})),
	'userSettings.update': only(() => ({ mailFooter: 'Yours, Ivan' })),
	'employee.update': only(() => ({ lastName: 'Ivanov' })),
	'employeeAccess.activate': async (form) => ({
		...only(() => ({ role: 'admin' }))(form),
		...(await barred()),
	}),
	'price.update': () => ({
		findBy: 'code',
		key: String(house.state.rows.entity(0).code),
		salePrices: priced,
	}),
	'pricetype.replaceAll': () => ({
		priceTypes: JSON.stringify(
			[0, 1].map((index) => ({ id: house.state.world.id('pricetype', index) })),
		),
	}),
	'asyncTask.get': newTask,
	'asyncTask.getAll': () => {
		newTask();
		return {};
	},
	'asyncTask.cancel': newTask,
	'solution.get': () => ({ solutionId: 'b58a6312-f958-11e9-ac12-000a00000020' }),
	'metadata.updateAttribute': renamed,
	'metadata.updateState': renamed,
	'webhook.update': moved,
	'stockWebhook.update': moved,
	'webhook.checkHealth': () => ({
		expectedUrl: 'https://other.example/hook',
		match: 'whole',
		repair: true,
	}),
	'stockReport.currentByBin': () => ({
		conditions: {
			condition: [{ field: 'storeId', operator: 'equals', value: idAt('store') }],
		},
	}),
	'stockReport.ofItems': codeOfGoods,
	'stockReport.ofItemsByStore': codeOfGoods,
	'apiRequest.send': () => ({ method: 'POST', path: '/entity/project', body: '{"name": "Walk"}' }),
	'counterparty.delete': async () => ({
		counterpartyId: locator(await newOne('counterparty', { name: 'To delete' }, ACTION)),
	}),
	'processingorder.create': planned,
	'processingorder.upsert': planned,
	'retaildrawercashin.createFrom': fromShift,
	'retaildrawercashout.createFrom': fromShift,
	'processing.createFrom': and(() => ({
		...organization(),
		productsStore: linkOf('store', idAt('store')),
		materialsStore: linkOf('store', idAt('store')),
	})),
	'processingorder.createFrom': and(organization),
	'cashout.createFrom': spent,
	'paymentout.createFrom': spent,
	'purchaseorder.createFrom': and(counterparty),
	'retailsalesreturn.createFrom': and(() => ({
		...counterparty(),
		...store(),
		retailStore: linkOf('retailstore', idAt('retailstore')),
	})),
	'supply.createFrom': and(store),
	'demand.createFrom': and(store),
	'move.createFrom': and(stores),
	'cashin.linkDocument': payment('cashin', 'customerorder'),
	'paymentin.linkDocument': payment('paymentin', 'customerorder'),
	'cashout.linkDocument': payment('cashout', 'purchaseorder'),
	'paymentout.linkDocument': payment('paymentout', 'purchaseorder'),
	'item.create': async (form) => ({ ...only(goods)(form), ...anOrder() }),
	'item.get': async () => await newItem('customerorder'),
	'item.getAll': async () => await newItem('customerorder'),
	'item.update': async (form) => ({
		...only(() => ({ quantity: 3 }))(form),
		...(await newItem('customerorder')),
	}),
	'item.delete': async () => await newItem('customerorder'),
	'item.replaceAll': () => ({ ...anOrder(), newItems: JSON.stringify([anItem()]) }),
	'item.calculate': () => ({
		fillIn: ['evaluate_price'],
		document: JSON.stringify({
			organization: metaOf('organization', idAt('organization')),
			agent: metaOf('counterparty', idAt('counterparty')),
			positions: [{ assortment: metaOf('product', product()), quantity: 1 }],
		}),
	}),
	'markingCode.add': async () => ({ ...(await newItem('demand')), cis: '0104600000000012ABC' }),
	'markingCode.getAll': newCode,
	'markingCode.delete': newCode,
	'file.add': () => ({ ...anInvoice(), options: { fileName: 'dot.png' } }),
	'file.get': anInvoice,
	'file.getAll': anInvoice,
	'file.download': anInvoice,
	'file.delete': anInvoice,
	'publication.create': anInvoice,
	'publication.get': anInvoice,
	'publication.getAll': anInvoice,
	'publication.delete': anInvoice,
	'comment.create': anOrder,
	'comment.get': anOrder,
	'comment.getAll': anOrder,
	'comment.update': anOrder,
	'comment.delete': anOrder,
};

/** The credential of an operation that wants a certain one. */
const CREDENTIALS: Record<string, string> = { 'solution.getCurrent': 'solution' };

const isShown = ({ when }: Field, form: IDataObject, { fields }: Operation) =>
	Object.entries(when ?? {}).every(([name, values]) => {
		const other = fields.find((one) => one.name === name);
		const held = form[name] ?? (other && 'default' in other ? other.default : undefined);
		return (values as unknown[]).includes(held);
	});

/** The type that an operation writes to, as addresses name it. */
const keywordOf = ({ route }: Operation) => /\/entity\/(\w+)/.exec(route)?.[1] ?? '';

/** Operations that change or end what they are about take the last object: what the account began with may be fixed. */
const isEnd = ({ answer, route }: Operation) =>
	/^(?:PUT|DELETE) /.test(route) || ['deleted', 'done'].includes(answer.kind);

/** The ID of an object that the field's list shows; the sandbox's own where there is no list of all. */
async function picked(
	type: string,
	operation: Operation,
	field: Extract<Field, { kind: 'locator' }>,
	form: IDataObject,
): Promise<unknown> {
	const parameters = { resource: operation.resource, operation: operation.operation, ...form };
	const { results } = await house.search(field.locator.search, { parameters, type });
	const last = operation.fields.filter(({ kind }) => kind === 'locator').at(-1) === field;
	const ends = last && isEnd(operation);
	const all = house.state.dictionaries.get(keywordOf(operation))?.all() ?? [];
	// The first object is the one that the cases work on: others end, whatever the order of the list.
	const listed = results.map(({ value }) => value).filter((id) => !ends || id !== all[0]?.id);
	if (listed.length > 0) return listed.at(ends ? -1 : 0);
	return all.at(ends ? -1 : 0)?.id;
}

/** The link of an object that a reference may point to. */
function referenced([type]: string[]): string {
	const id = GOODS.includes(type)
		? product()
		: (house.state.dictionaries.get(type)?.all()[0]?.id ?? NOBODY);
	return `${house.state.world.base}/entity/${type}/${String(id)}`;
}

/** A value for what a mapper needs, as people give it. */
function mapped(operation: Operation, field: MapperField): unknown {
	const fact = facts[keywordOf(operation)]?.fields[field.name];
	if (fact?.ref && fact.kind === 'ref') return referenced(fact.ref);
	if (fact?.kind === 'positions') return [anItem()];
	switch (field.kind) {
		case 'choice':
			return field.choices?.[0].value;
		case 'number':
			return field.min ?? 1;
		case 'toggle':
			return true;
		case 'time':
			return MOMENT;
		case 'object':
			return '{}';
		case 'array':
			return '[{"name":"Retail"}]';
		default:
			return field.name in VALUES ? VALUES[field.name] : 'Sample';
	}
}

/** What a mapper is filled with: what is required; to change an object, one text. */
function mapperOf(operation: Operation, { fields, mode }: Mapper): IDataObject {
	const texts = ['description', 'comment', 'externalCode', 'code', 'name'];
	const required = fields.filter((field) => field.required && mode !== 'update');
	const [text] = texts.flatMap((name) => fields.filter((field) => field.name === name));
	const chosen = required.length > 0 ? required : [text ?? fields[0]];
	const value = Object.fromEntries(chosen.map((field) => [field.name, mapped(operation, field)]));
	const match = fields.find((field) => field.match === 'default');
	if (mode === 'upsert' && match && !match.matchOnly) {
		value[match.name] ??= mapped(operation, match);
	}
	return {
		inputMode: 'fields',
		fields: {
			mappingMode: 'defineBelow',
			value,
			matchingColumns: mode === 'upsert' && match ? [match.name] : [],
			schema: [],
		},
		...(mode === 'upsert' && match ? { matchOn: match.name } : {}),
	} as unknown as IDataObject;
}

/** The value of a field that is no locator and no mapper. */
function valueFor(field: Field): unknown {
	if (field.name in VALUES) return VALUES[field.name];
	switch (field.kind) {
		case 'choice':
			return field.default || field.choices[0].value;
		case 'choices':
			return [field.choices[0].value];
		case 'number':
			return field.default ?? field.min ?? 1;
		case 'toggle':
			return true;
		case 'time':
			return MOMENT;
		case 'json':
			return '{}';
		default:
			return ('default' in field && field.default) || 'Sample';
	}
}

/** The least form: the mapper, what the operation's case gives, and what is required besides. */
async function formOf(type: string, operation: Operation): Promise<IDataObject> {
	const mapper = mapperIn(operation);
	let form = mapper ? mapperOf(operation, mapper) : {};
	form = { ...form, ...(await CASES[operationName(operation)]?.(form)) };
	for (const field of operation.fields) {
		const wanted = field.required || field.name in VALUES;
		if (!wanted || field.section || field.kind === 'mapper' || field.name in form) continue;
		if (!isShown(field, form, operation)) continue;
		form[field.name] = (
			field.kind === 'locator'
				? locator(await picked(type, operation, field, form))
				: valueFor(field)
		) as IDataObject;
	}
	if (operation.list) form.limit = 2;
	return form;
}

function mapperIn({ fields }: Operation): Mapper | undefined {
	const field = fields.find(({ kind }) => kind === 'mapper');
	return field?.kind === 'mapper' ? field.mapper : undefined;
}

/** Requests that do the operation's work: those of its own route, or of many items together. */
function working({ route, bulk }: Operation, requests: RequestLogEntry[]): RequestLogEntry[] {
	const patterns = [route, ...(bulk ? [bulk.route] : [])].map((one) => {
		const [method, path] = one.split('?')[0].split(' ');
		const source = path.replace('{path}', '.+').replace(/\{\w+\}/g, '[^/]+');
		return new RegExp(`^${method} /api/remap/1\\.2${source}$`);
	});
	return requests.filter(({ method, path }) =>
		patterns.some((one) => one.test(`${method} ${path}`)),
	);
}

/** First what makes objects, last what ends them. */
const RANKS = [
	/^(?:create|add)$/,
	/^(?:upsert|createFrom|createAttribute|createState|activate)$/,
	/./,
];
const rank = (operation: Operation) =>
	operation.answer.kind === 'deleted' || operation.operation === 'trash'
		? RANKS.length
		: RANKS.findIndex((one) => one.test(operation.operation));

test('no case is of an operation that is gone', () => {
	const all = NODES.flatMap(([, , vendor]) => vendor.operations.map(operationName));
	expect(
		[...Object.keys(CASES), ...Object.keys(CREDENTIALS)].filter((name) => !all.includes(name)),
	).toEqual([]);
});

describe.each(NODES)('%s', (_name, type, vendor) => {
	test('the operations of the form are those of the catalogue', () => {
		const { properties } = house.engine.nodeType(type).description;
		const offered = properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options }) =>
				((displayOptions?.show?.resource ?? []) as string[]).flatMap((resource) =>
					(options as INodePropertyOptions[]).map(({ value }) => `${resource}.${String(value)}`),
				),
			);
		expect(vendor.operations.map(operationName).sort()).toEqual(offered.sort());
	});

	const ordered = [...vendor.operations].sort((one, other) => rank(one) - rank(other));
	test.each(ordered.map((operation): [string, Operation] => [operationName(operation), operation]))(
		'%s',
		async (name, operation) => {
			const form = await formOf(type, operation);
			const { resource } = operation;
			house.sandbox.clearLog();
			const { items, requests, result } = await house.run(
				{ resource, operation: operation.operation, ...form },
				{ type, credential: CREDENTIALS[name] },
			);
			expect([result.error?.message, result.error?.description]).toEqual([undefined, undefined]);
			expect(unknownIn(house.sandbox, known)).toEqual([]);
			const work = working(operation, requests);
			const sent = requests.map(({ method, path }) => `${method} ${path}`);
			expect({ sent, work: work.length }).not.toEqual({ sent, work: 0 });
			// What was given stands in what was written.
			const given = (form.fields as unknown as { value: IDataObject } | undefined)?.value ?? {};
			if (work.some(({ method }) => /POST|PUT/.test(method))) {
				const written = work.flatMap(({ body }) => body as IDataObject | IDataObject[]);
				const names = new Set(written.flatMap((one) => Object.keys(one ?? {})));
				const fields = mapperIn(operation)?.fields ?? [];
				const tops = Object.keys(given).map((one) => {
					const field = fields.find((other) => other.name === one);
					return (field?.at ?? one).split('.')[0];
				});
				expect(tops.filter((one) => !names.has(one))).toEqual([]);
			}
			const { kind } = operation.answer;
			if (kind !== 'list' && !operation.perform) expect(items).toHaveLength(1);
			expect(items.length).toBeGreaterThan(0);
			for (const { json, binary } of items) {
				if (kind === 'file') expect(Object.values(binary ?? {})[0]?.mimeType).toMatch(/\w+\/\w+/);
				else if (kind === 'done') expect(json.success).toBe(true);
				else if (kind === 'deleted') expect(json.deleted).toBe(true);
				else expect(Object.keys(json).length).toBeGreaterThan(0);
			}
		},
	);
});
