import type { IDataObject } from 'n8n-workflow';

import { conditionLink, momentOf } from '../../nodes/MoySklad/filter';
import { savedFilterField } from '../../nodes/MoySklad/catalogue/dictionaryFields';
import { entityLocator, savedFilterLocator } from '../../nodes/MoySklad/lists';
import type { Field } from '../../nodes/shared/catalogue';
import {
	featuresOf,
	metaRef,
	readLink,
	referenceWire,
	targetOf,
} from '../../nodes/MoySklad/references';
import { resolveReferences } from '../../nodes/MoySklad/resolve';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { ApiRequest, Call, Work } from '../../nodes/shared/catalogue';
import { CallFailed } from '../../nodes/shared/errors/errors';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { callOf, operationOf, UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const context = { baseUrl: ROOT };
const ref = (type: string, id = UUID_A) => metaRef(ROOT, type, id);

describe('a reference is made of', () => {
	const agent = referenceWire({
		label: 'Counterparty',
		entities: ['counterparty', 'organization'],
	});

	it.each<[string, unknown, IDataObject]>([
		['an API href', `${ROOT}/entity/organization/${UUID_A}`, ref('organization')],
		[
			'an API href of the old host, with a query',
			`https://online.moysklad.ru/api/remap/1.2/entity/counterparty/${UUID_A}?expand=owner`,
			ref('counterparty'),
		],
		[
			'a link of the web app',
			`https://online.moysklad.ru/app/#company/edit?id=${UUID_A}`,
			ref('counterparty'),
		],
		[
			'a link of the web app with more in it',
			`https://online.moysklad.ru/app/#mycompany/edit?tab=1&id=${UUID_A}&x=1`,
			ref('organization'),
		],
		['an object with meta', { name: 'x', ...ref('organization') }, ref('organization')],
		['a meta alone', ref('organization').meta, ref('organization')],
	])('%s', (_what, value, expected) => {
		expect(agent(value, context)).toEqual(expected);
	});

	it.each<[string, unknown]>([
		['an ID', UUID_A],
		['an ID with spaces', ` ${UUID_A} `],
		['an object with an ID', { id: UUID_A, name: 'x' }],
		["a resource locator's value", { __rl: true, mode: 'id', value: UUID_A }],
	])(
		'%s, which is looked for among all types, but taken at its word where there is one',
		(_what, value) => {
			const among = ['counterparty', 'organization'].map(targetOf);
			expect(agent(value, context)).toEqual({
				meta: { unsure: UUID_A, among, label: 'Counterparty' },
			});
			const store = referenceWire({ label: 'Warehouse', entity: 'store' });
			expect(store(value, context)).toEqual(ref('store'));
			const item = referenceWire({ label: 'Item', entities: ['product', 'service'] });
			expect(item(value, context)).toEqual(ref('product'));
		},
	);

	it('null, which clears', () => {
		expect(agent(null, context)).toBeNull();
	});

	it.each<[string, unknown, string]>([
		['another type', `${ROOT}/entity/product/${UUID_A}`, 'not the link of an object'],
		['an empty text', ' ', "is ''"],
		['yes or no', true, "is 'true'"],
		['an object without meta', { name: 'x' }, 'is \'{"name":"x"}\''],
		['a link to a list', `${ROOT}/entity/counterparty`, 'is '],
	])('but not of %s', (_what, value, message) => {
		expect(() => agent(value, context)).toThrow(InputProblem);
		expect(() => agent(value, context)).toThrow(message);
	});

	it('a name or code, which stays pending until it is looked up', () => {
		for (const [value, wanted] of [
			['OOO Romashka ', 'OOO Romashka'],
			[1005, '1005'],
			[{ __rl: true, mode: 'id', value: 'C-1' }, 'C-1'],
		]) {
			expect(agent(value, context)).toEqual({
				meta: {
					wanted,
					label: 'Counterparty',
					among: ['counterparty', 'organization'].map(targetOf),
				},
			});
		}
		const document = referenceWire({ label: 'Document' });
		expect(() => document('00001', context)).toThrow("is '00001'");
	});

	it('any type by its link, but not by a bare ID, where the field takes all types', () => {
		const document = referenceWire({ label: 'Document' });
		const link = `https://online.moysklad.ru/app/#customerorder/edit?id=${UUID_A}`;
		expect(document(link, context)).toEqual(ref('customerorder'));
		expect(() => document(UUID_A, context)).toThrow('does not tell the type');
	});

	it('states, accounts, attributes and entries of custom dictionaries know their types', () => {
		const types = [
			[`/entity/contract/metadata/states/${UUID_A}`, 'state'],
			[`/entity/organization/${UUID_B}/accounts/${UUID_A}`, 'account'],
			[`/entity/product/metadata/attributes/${UUID_A}`, 'attributemetadata'],
			[`/entity/customentity/${UUID_B}/${UUID_A}`, 'customentity'],
			[`/context/companysettings/pricetype/${UUID_A}`, 'pricetype'],
		];
		for (const [path, type] of types) {
			expect(readLink(ROOT + path)).toEqual({ types: [type], path, id: UUID_A });
		}
		expect(targetOf('contract/metadata/states')).toEqual({
			type: 'state',
			path: '/entity/contract/metadata/states',
		});
	});
});

describe('links to goods in the web app', () => {
	const component = referenceWire({ label: 'Component', entities: ['product', 'service'] });
	const link = `https://online.moysklad.ru/app/#good/edit?id=${UUID_A}`;
	const operation = operationOf(moySklad, 'bundle', 'create');

	function workWith(objects: Record<string, IDataObject>, asked: string[]): Work {
		const send = async ({ path }: ApiRequest) => {
			asked.push(path);
			const meta = objects[path];
			if (!meta) {
				throw new CallFailed({ say: 'not found', hint: '', status: 404 });
			}
			return await Promise.resolve({ status: 200, headers: {}, body: { meta } });
		};
		return { send } as unknown as Work;
	}

	function callWith(value: unknown): Call {
		return callOf(operation, {
			body: { components: [{ assortment: component(value, context) }] } as IDataObject,
		});
	}

	it('are resolved by asking for each type, once per link', async () => {
		const calls = [callWith(link), callWith(link), callWith(ref('product', UUID_B))];
		const asked: string[] = [];
		const { meta } = ref('service', UUID_B);
		const work = workWith({ [`/entity/service/${UUID_A}`]: { ...meta, size: 1 } }, asked);
		await resolveReferences(calls, work);
		expect(asked).toEqual([`/entity/product/${UUID_A}`, `/entity/service/${UUID_A}`]);
		expect(calls[0].body).toEqual({ components: [{ assortment: { meta } }] });
		expect(calls[1].body).toEqual(calls[0].body);
		expect(calls[2].body).toEqual({ components: [{ assortment: ref('product', UUID_B) }] });
	});

	it('that lead nowhere are the problem of their item', async () => {
		const calls = [callWith(link), callWith(ref('product', UUID_B))];
		await resolveReferences(calls, workWith({}, []));
		expect(calls[0].problem?.message).toContain('leads to no object');
		expect(calls[1].problem).toBeUndefined();
	});

	it('and names cannot be compared with in a filter', () => {
		expect(() => conditionLink(ROOT, 'product', link, 'Product')).toThrow('only the web app');
		expect(() => conditionLink(ROOT, 'store', 'Main', 'Warehouse')).toThrow("is 'Main'");
	});
});

describe('filters by reference', () => {
	it('take several types, and any', () => {
		const organization = `${ROOT}/entity/organization/${UUID_A}`;
		expect(conditionLink(ROOT, 'counterparty,organization', organization, 'x')).toBe(organization);
		expect(() => conditionLink(ROOT, 'counterparty,organization', UUID_A, 'x')).toThrow(
			`is '${UUID_A}'`,
		);
		expect(conditionLink(ROOT, '*', `${ROOT}/entity/demand/${UUID_A}`, 'x')).toBe(
			`${ROOT}/entity/demand/${UUID_A}`,
		);
		expect(conditionLink(ROOT, 'contract/metadata/states', UUID_A, 'x')).toBe(
			`${ROOT}/entity/contract/metadata/states/${UUID_A}`,
		);
	});
});

describe('locators', () => {
	/** n8n puts the anchors itself and wants one group. */
	const idIn = (pattern: string, text: string) => {
		const match = new RegExp(`^${pattern}$`).exec(text);
		if (match) expect(match).toHaveLength(2);
		return match?.[1];
	};

	it.each([
		['contract', 'contract'],
		['counterparty', 'company'],
		['organization', 'mycompany'],
		['store', 'warehouse'],
		['employee', 'employee'],
		['bonusprogram', 'discount'],
		['bundle', 'good'],
		['product', 'good'],
		['variant', 'feature'],
	])('%s: takes its links of the API and of the web app', (entity, feature) => {
		const { url, id } = entityLocator(entity, 'search');
		const pattern = url?.pattern ?? '';
		expect(idIn(pattern, `${ROOT}/entity/${entity}/${UUID_A}`)).toBe(UUID_A);
		expect(idIn(pattern, `${ROOT}/entity/${entity}/${UUID_A}?expand=x`)).toBe(UUID_A);
		const web = `https://online.moysklad.ru/app/#${feature}/edit?id=${UUID_A}`;
		expect(idIn(pattern, web)).toBe(UUID_A);
		expect(idIn(pattern, ` ${web}&tab=2 `)).toBe(UUID_A);
		expect(idIn(pattern, `${ROOT}/entity/webhook/${UUID_A}`)).toBeUndefined();
		expect(idIn(pattern, UUID_A)).toBeUndefined();
		expect(new RegExp(id.pattern).test(UUID_A.toUpperCase())).toBe(true);
		expect(new RegExp(id.pattern).test(web)).toBe(false);
	});

	it('know the links whose ID only works in a path', () => {
		const { alias } = entityLocator('bundle', 'search');
		const link = `https://online.moysklad.ru/app/#good/edit?id=${UUID_A}`;
		expect(new RegExp(alias ?? '').exec(link)?.[1]).toBe(UUID_A);
		expect(new RegExp(alias ?? '').test(`${ROOT}/entity/bundle/${UUID_A}`)).toBe(false);
		expect(entityLocator('contract', 'search').alias).toBeUndefined();
		expect(featuresOf('bundle')).toEqual({ plain: ['bundle'], aliases: ['good'] });
	});

	it('of saved filters take their links', () => {
		const { url } = savedFilterLocator();
		const link = `${ROOT}/entity/contract/namedfilter/${UUID_A}`;
		expect(idIn(url?.pattern ?? '', link)).toBe(UUID_A);
		// One pattern for all lists: that the link is of another one is noticed when it is read.
		expect(idIn(url?.pattern ?? '', `${ROOT}/entity/task/namedfilter/${UUID_A}`)).toBe(UUID_A);
		expect(idIn(url?.pattern ?? '', `${ROOT}/entity/task/${UUID_A}`)).toBeUndefined();
		const wire = savedFilterField('contract').wire as NonNullable<Field['wire']>;
		const read = (value: string) =>
			wire(UUID_A, {
				baseUrl: ROOT,
				timezone: 'UTC',
				parameter: () => ({ savedFilter: { mode: 'url', value } }),
			});
		expect(read(link)).toBe(link);
		expect(() => read(`${ROOT}/entity/task/namedfilter/${UUID_A}`)).toThrow(
			"'Saved Filter' is the link of a filter of another list (task)",
		);
	});
});

describe('moments', () => {
	it("keep MoySklad's own form, which is Moscow time already", () => {
		const own = '2026-05-01 10:00:00.000';
		expect(momentOf(own, 'America/New_York', 'Date')).toBe(own);
	});

	it("are read in the workflow's zone without an offset, and by it with one", () => {
		expect(momentOf('2026-05-01T10:00:00', 'Europe/Berlin', 'x')).toBe('2026-05-01 11:00:00.000');
		expect(momentOf('2026-05-01 10:00:00', 'Europe/Berlin', 'x')).toBe('2026-05-01 11:00:00.000');
		expect(momentOf('2026-05-01T10:00:00Z', 'Europe/Berlin', 'x')).toBe('2026-05-01 13:00:00.000');
	});
});
