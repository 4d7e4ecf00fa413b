/**
 * Every reference that a document can be given, for every type of documents: by each key that its target has, by a
 * text that means two objects, and by one that means none.
 */
import type { IDataObject } from 'n8n-workflow';

import { documents } from '../../../nodes/MoySklad/documents/decisions';
import type { Dictionary } from '../../../nodes/MoySklad/catalogue/dictionary';
import { ENTITIES, type KeyName } from '../../../nodes/MoySklad/entities';
import { facts } from '../../../nodes/MoySklad/facts';
import type { Entity } from '../../../sandbox/moysklad/world';
import { metaOf } from './samples';
import { DOCUMENTS, House, speedUp, type RunSetup } from './setup';

jest.setTimeout(60_000);

let house: House;
let slowDown: () => void;
beforeAll(async () => {
	house = await House.open({}, 10);
	// So many look-ups wait for the budget of three seconds.
	slowDown = speedUp(20, 10_000);
});
afterAll(async () => {
	slowDown();
	await house.close();
});

const node: RunSetup = { type: DOCUMENTS };

/** A field that refers to objects which people know by a key. */
interface Reference {
	name: string;
	label: string;
	types: string[];
}

function referencesOf({ keyword, fields }: Dictionary): Reference[] {
	return fields.flatMap(({ name, label }) => {
		const { kind, ref = [] } = facts[keyword].fields[name] ?? {};
		const types = ref.filter((type) => (ENTITIES.get(type)?.keys.length ?? 0) > 0);
		return kind === 'ref' && types.length > 0 ? [{ name, label, types }] : [];
	});
}

const keysOf = (type: string): KeyName[] => ENTITIES.get(type)?.keys ?? [];
const objectsOf = (type: string): IDataObject[] =>
	(house.state.dictionaries.get(type)?.all() ?? []) as IDataObject[];
const isThere = ({ archived, deleted }: IDataObject) => archived !== true && deleted === undefined;

/** What an object is called by a key; the path of what lies in no folder is its name. */
function called(object: IDataObject, key: KeyName): string | undefined {
	if (key === 'path')
		return object.pathName ? `${object.pathName as string}/${object.name as string}` : undefined;
	const value = object[key === 'login' ? 'uid' : key] as string | undefined;
	return value === undefined || value === '' ? undefined : String(value);
}

/** An object of a type that a text by this key means, and no other of the types that the field takes. */
function sampleOf(
	types: string[],
	type: string,
	key: KeyName,
): { text: string; id: string } | undefined {
	const all = types.flatMap(objectsOf);
	for (const object of objectsOf(type).filter(isThere)) {
		const text = called(object, key);
		const others = all.filter((other) =>
			types.flatMap(keysOf).some((one) => text !== undefined && called(other, one) === text),
		);
		if (text !== undefined && others.length === 1) return { text, id: String(object.id) };
	}
	return undefined;
}

const writable = documents.filter(({ does = '' }) => does.includes('u') || does.includes('c'));
const cases = writable
	.map((document): [string, Dictionary, Reference[]] => [
		document.resource,
		document,
		referencesOf(document),
	])
	.filter(([, , references]) => references.length > 0);

/** Writes one document per item, in which `$json.fields` are given; tells what was sent and what failed. */
async function write({ resource, keyword, does = '' }: Dictionary, items: IDataObject[]) {
	const updates = does.includes('u');
	const objects = objectsOf(keyword);
	const { result, requests } = await house.run(
		{
			resource,
			operation: updates ? 'update' : 'create',
			...(updates
				? { [`${resource}Id`]: { __rl: true, mode: 'id', value: '={{ $json.id }}' } }
				: {}),
			inputMode: 'json',
			json: '={{ $json.fields }}',
		},
		{
			...node,
			onError: 'continueErrorOutput',
			items: items.map((fields, index) => ({
				json: { id: String(objects[index % objects.length]?.id), fields },
			})),
		},
	);
	const writes = requests.filter(({ method }) => method !== 'GET');
	return {
		bodies: writes.flatMap(({ body }) => body as IDataObject | IDataObject[]),
		reads: requests.length - writes.length,
		problems: result.items('MoySklad', 1).map(({ json }) => json),
	};
}

/**
 * The sandbox's legal entities have no phone or e-mail, its employees share one; goods are no references but items, of
 * which `documentItems.test.ts` has every key.
 */
const NONE_HAS = [
	'employee.phone',
	'organization.email',
	'organization.phone',
	'service.code',
	'service.externalCode',
	'service.name',
];

/** Keys that no object of the sandbox can be told by, so that nothing could be tried. */
const untried = new Set<string>();
let tried = 0;

describe.each(cases)('%s', (_resource, document, references) => {
	test('by each key that the target has', async () => {
		const items: IDataObject[] = [];
		const expected: IDataObject[] = [];
		for (const { name, types } of references) {
			for (const type of types) {
				for (const key of keysOf(type)) {
					const sample = sampleOf(types, type, key);
					if (!sample) {
						untried.add(`${type}.${key}`);
						continue;
					}
					const index = items.findIndex((item) => !(name in item));
					const at = index < 0 ? items.push({}) - 1 : index;
					items[at][name] = sample.text;
					(expected[at] ??= {})[name] = metaOf(house, type, sample.id, ENTITIES.get(type)?.path);
					tried += 1;
				}
			}
		}
		const { bodies, problems } = await write(document, items);
		// The sandbox may refuse what does not go together; what was understood has been sent all the same.
		const unread = problems.filter(({ error }) => /^'/.test(String(error)));
		expect(unread).toEqual([]);
		expect(bodies).toHaveLength(items.length);
		for (const [index, wanted] of expected.entries()) expect(bodies[index]).toMatchObject(wanted);
	});

	test('by what means two objects, or none: each is told, and nothing is written', async () => {
		const items: IDataObject[] = [];
		const told: string[][] = [];
		const renamed: Array<[type: string, id: unknown, name: unknown]> = [];
		for (const { name, label, types } of references) {
			const type = types.find(
				(one) => keysOf(one).includes('name') && objectsOf(one).filter(isThere).length > 1,
			);
			if (type) {
				const twins = objectsOf(type).filter(isThere).slice(-2);
				for (const twin of twins) {
					renamed.push([type, twin.id, twin.name]);
					house.state.dictionary(type).change(twin as Entity, { name: `Twin ${type}` });
				}
				items.push({ [name]: `Twin ${type}` });
				told.push([
					`'${label}' is 'Twin ${type}', which fits 2 objects`,
					...twins.map(({ id }) => String(id)),
				]);
			}
			items.push({ [name]: 'Nobody & Sons' });
			told.push([`'${label}' is 'Nobody & Sons'`, 'there is no ']);
		}
		const { bodies, problems } = await write(document, items);
		for (const [type, id, name] of renamed.reverse()) {
			const dictionary = house.state.dictionary(type);
			const object = dictionary.find(String(id));
			if (object) dictionary.change(object, { name: name as string });
		}
		expect(bodies).toEqual([]);
		expect(problems).toHaveLength(items.length);
		for (const [index, parts] of told.entries()) {
			for (const part of parts) expect(String(problems[index].error)).toContain(part);
			expect(String(problems[index].message)).toMatch(/Give the ID|or give the ID/);
		}
	});
});

test('all keys were tried that objects of the sandbox have', () => {
	expect([...untried].sort()).toEqual(NONE_HAS);
	expect(tried).toBeGreaterThan(400);
});
