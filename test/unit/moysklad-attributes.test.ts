import type { IDataObject } from 'n8n-workflow';

import {
	attributeElement,
	attributeField,
	attributeOperators,
	attributesOnce,
	attributeTerm,
	findAttribute,
	hasAttributes,
	needsDefinitions,
	writeAttributes,
	type Attribute,
} from '../../nodes/MoySklad/attributes';
import { resolveConditions } from '../../nodes/MoySklad/catalogue/dictionaryReads';
import { writeFilter } from '../../nodes/MoySklad/filter';
import { metaRef } from '../../nodes/MoySklad/references';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { SendRequest, Work } from '../../nodes/shared/catalogue';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { callOf, operationOf, UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const OWNER = `${ROOT}/entity/contract/metadata/attributes`;
const context = { baseUrl: ROOT, timezone: 'Europe/Berlin' };

const idOf = (index: number) => UUID_A.replace(/^.{8}/, String(10000000 + index));

const TYPES = [
	'string',
	'text',
	'link',
	'long',
	'double',
	'boolean',
	'time',
	'file',
	'counterparty',
	'customentity',
];

const attributes: Attribute[] = TYPES.map((type, index) => ({
	id: idOf(index),
	name: `My ${type}`,
	type,
	required: index === 0,
	href: `${OWNER}/${idOf(index)}`,
	...(type === 'customentity' ? { dictionary: UUID_B } : {}),
}));

const typed = (type: string) => attributes[TYPES.indexOf(type)];
const meta = (type: string) => ({
	href: typed(type).href,
	type: 'attributemetadata',
	mediaType: 'application/json',
});

describe('values of custom attributes', () => {
	const custom = {
		meta: {
			href: `${ROOT}/entity/customentity/${UUID_B}/${UUID_A}`,
			type: 'customentity',
			mediaType: 'application/json',
		},
	};

	it.each<[string, unknown, unknown]>([
		['string', 5, '5'],
		['text', 'a\nb', 'a\nb'],
		['link', 'https://example.com', 'https://example.com'],
		['long', '14', 14],
		['double', '1,5', 1.5],
		['boolean', 'false', false],
		['boolean', 1, true],
		['time', '2026-05-01T10:00:00', '2026-05-01 11:00:00.000'],
		['counterparty', UUID_A, metaRef(ROOT, 'counterparty', UUID_A)],
		['customentity', UUID_A, custom],
		['customentity', custom, custom],
		['customentity', 'Summer', { name: 'Summer' }],
		['string', null, null],
		['counterparty', null, null],
	])('%s takes %j', (type, value, expected) => {
		expect(attributeElement(typed(type), value, context)).toEqual({
			meta: meta(type),
			value: expected,
		});
	});

	it('a file goes as file, and null removes it', () => {
		const file = { filename: 'a.pdf', content: 'AAAA' };
		expect(attributeElement(typed('file'), file, context)).toEqual({ meta: meta('file'), file });
		expect(attributeElement(typed('file'), null, context)).toEqual({
			meta: meta('file'),
			file: null,
		});
		expect(() => attributeElement(typed('file'), { filename: 'a' }, context)).toThrow(InputProblem);
	});

	it.each<[string, unknown]>([
		['long', 1.5],
		['long', 'many'],
		['double', ''],
		['boolean', 'perhaps'],
		['time', 'soon'],
		['counterparty', ' '],
		['counterparty', `${ROOT}/entity/product/${UUID_A}`],
	])('%s refuses %j', (type, value) => {
		expect(() => attributeElement(typed(type), value, context)).toThrow(InputProblem);
	});
});

describe('an attribute is found', () => {
	it('by ID, by name, by href and by its field of the mapper', () => {
		const wanted = typed('long');
		const keys = [wanted.id, wanted.id.toUpperCase(), wanted.name, wanted.href];
		for (const key of keys) expect(findAttribute(attributes, key)).toBe(wanted);
		expect(findAttribute(attributes, `attribute:${wanted.id}`)).toBe(wanted);
		expect(findAttribute(attributes, `attribute:${wanted.name}`)).toBe(wanted);
	});

	it('but not by a name that nothing or several have', () => {
		expect(() => findAttribute(attributes, 'Colour')).toThrow("'Colour' does not exist");
		const twice = [...attributes, { ...typed('long'), id: UUID_B }];
		expect(() => findAttribute(twice, 'My long')).toThrow('exists 2 times');
	});

	it('as a field of the mapper', () => {
		expect(attributeField(typed('string'))).toEqual({
			name: `attribute:${idOf(0)}`,
			label: 'My string (Line)',
			kind: 'text',
			required: true,
			match: true,
			rare: false,
		});
		const kinds = attributes.map((one) => attributeField(one).kind);
		expect(kinds).toEqual([
			'text',
			'text',
			'text',
			'number',
			'number',
			'toggle',
			'time',
			'object',
			'text',
			'text',
		]);
		expect(attributeField(typed('time')).match).toBe(false);
	});
});

describe('attributes of a body', () => {
	const create = operationOf(moySklad, 'contract', 'create');
	const write = (body: IDataObject, extra: IDataObject = {}) => {
		const call = callOf(create, { body, extra, timezone: 'Europe/Berlin' });
		writeAttributes(call, attributes);
		return call.body.attributes;
	};

	it('come from the mapper and from JSON, the mapper winning', () => {
		const given = [
			{ id: idOf(3), value: '1' },
			{ name: 'My boolean', value: true },
			{ meta: { href: typed('text').href.replace('api.', 'online.') }, value: 'raw', name: 'x' },
		];
		expect(
			write({ attributes: given }, { 'attribute:My long': 2, 'attribute:My link': null }),
		).toEqual([
			{ meta: meta('long'), value: 2 },
			{ meta: meta('boolean'), value: true },
			{ meta: meta('text'), value: 'raw' },
			{ meta: meta('link'), value: null },
		]);
	});

	it('may be given as names and values', () => {
		expect(write({ attributes: { 'My long': 7 } })).toEqual([{ meta: meta('long'), value: 7 }]);
	});

	it('leave out files that were only read', () => {
		const read = { meta: meta('file'), id: idOf(7), type: 'file', value: 'scan.pdf' };
		expect(write({ attributes: [read] })).toBeUndefined();
	});

	it('need the definitions only where metas are missing', () => {
		const call = (body: IDataObject, extra: IDataObject = {}) => callOf(create, { body, extra });
		expect(hasAttributes(call({}))).toBe(false);
		expect(needsDefinitions(call({ attributes: [{ meta: meta('long'), value: 1 }] }))).toBe(false);
		expect(needsDefinitions(call({ attributes: [{ id: idOf(3), value: 1 }] }))).toBe(true);
		expect(needsDefinitions(call({}, { 'attribute:x': 1 }))).toBe(true);
	});
});

describe('conditions on attributes', () => {
	it.each<[string, string, unknown, string]>([
		['string', 'contains', 'a;b', '~a\\;b'],
		['long', 'greaterOrEqual', '10', '>=10'],
		['double', 'less', '1,5', '<1.5'],
		['boolean', 'notEquals', 'true', '!=true'],
		['time', 'greater', '2026-05-01T10:00:00', '>2026-05-01 11:00:00.000'],
		['counterparty', 'equals', UUID_A, `=${ROOT}/entity/counterparty/${UUID_A}`],
		['customentity', 'equals', UUID_A, `=${ROOT}/entity/customentity/${UUID_B}/${UUID_A}`],
		['link', 'isEmpty', undefined, '='],
	])('%s %s %j', (type, operator, value, expected) => {
		const row = { attribute: typed(type).name, operator, value } as IDataObject;
		const term = attributeTerm(attributes, row, context);
		const call = callOf(operationOf(moySklad, 'contract', 'getAll'), {
			filter: [term],
		});
		expect(writeFilter(call)).toBe(`${typed(type).href}${expected}`);
	});

	it.each<[string, string, unknown]>([
		['file', 'equals', 'x'],
		['boolean', 'isEmpty', undefined],
		['long', 'contains', '1'],
		['counterparty', 'startsWith', 'x'],
		['string', 'equals', ''],
		['long', 'equals', 'many'],
		['boolean', 'equals', 'perhaps'],
	])('%s %s %j is refused', (type, operator, value) => {
		const row = { attribute: typed(type).id, operator, value } as IDataObject;
		expect(() => attributeTerm(attributes, row, context)).toThrow(InputProblem);
	});

	it('every type but file can be compared', () => {
		const without = attributes.filter((one) => attributeOperators(one).length === 0);
		expect(without).toEqual([typed('file')]);
	});
});

describe('definitions', () => {
	const rows = attributes.map(({ id, name, type, required, dictionary }) => ({
		id,
		name,
		type,
		required,
		...(dictionary
			? {
					customEntityMeta: {
						href: `${ROOT}/context/companysettings/metadata/customEntities/${dictionary}`,
					},
				}
			: {}),
	}));

	function sender(): { send: SendRequest; asked: string[] } {
		const asked: string[] = [];
		return {
			asked,
			send: async ({ path }) => {
				asked.push(path);
				if (asked.length === 1 && path.includes('broken')) throw new Error('once');
				return await Promise.resolve({ status: 200, headers: {}, body: { rows } });
			},
		};
	}

	it('are asked for once per execution and owner', async () => {
		const { send, asked } = sender();
		const both = await Promise.all([
			attributesOnce(send, ROOT, 'contract'),
			attributesOnce(send, ROOT, 'contract'),
		]);
		expect(both[0]).toEqual(attributes);
		expect(both[1]).toBe(both[0]);
		expect(asked).toEqual(['/entity/contract/metadata/attributes']);
	});

	it('are asked for again after a failure', async () => {
		const { send, asked } = sender();
		await expect(attributesOnce(send, ROOT, 'broken')).rejects.toThrow('once');
		await attributesOnce(send, ROOT, 'broken');
		expect(asked).toHaveLength(2);
	});

	it('turn the form’s conditions into filter terms, each problem to its item', async () => {
		const getAll = operationOf(moySklad, 'contract', 'getAll');
		const condition = (attribute: string) => ({
			attributeConditions: [{ attribute, operator: 'equals', value: 'x' }],
		});
		const calls = [
			callOf(getAll, { control: condition('My string') }),
			callOf(getAll, { control: condition('Nothing') }),
			callOf(getAll),
		];
		const { send, asked } = sender();
		await resolveConditions(calls, { send } as unknown as Work, 'contract');
		expect(asked).toHaveLength(1);
		expect(writeFilter(calls[0])).toBe(`${typed('string').href}=x`);
		expect(calls[1].problem).toBeInstanceOf(InputProblem);
		expect(calls[2].problem).toBeUndefined();
	});
});
