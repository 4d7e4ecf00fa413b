/** Create, Create or Update, Update and Delete of a dictionary, made from its table. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Bulk,
	Call,
	Field,
	Mapper,
	MapperField,
	Operation,
	Work,
} from '../../shared/catalogue';
import { missingFields, missingProblem } from '../../shared/form/mapper';
import { checkEach } from '../../shared/run/checks';
import { InputProblem } from '../../shared/errors/problems';
import { parsedJson } from '../../shared/form/values';
import {
	attributeField,
	attributesOnce,
	checkRequired,
	clearsAttribute,
	hasAttributes,
	needsDefinitions,
	PREFIX,
	writeAttributes,
	type Attribute,
} from '../attributes';
import { facts, hiddenConditionsOf } from '../facts';
import { MONEY_FIELD, takeAmounts } from '../money';
import { mainPriceType, needPriceType, writePrices } from '../prices';
import { metaRef } from '../references';
import { resolveReferences } from '../resolve';
import { pick } from '../simplify';
import { syncIdOf } from '../syncId';
import { headerCheck } from '../units';
import { UnknownNames } from '../unknownNames';
import { findExisting, matchKey } from '../upsert';
import { completeAccounts, type WriteField } from '../writeFields';
import { ADD_FIELD, addGiven, adds, readAndAdd, WHOLE_LISTS } from './addToLists';
import type { Dictionary } from './dictionary';
import { locatorField } from './dictionaryFields';
import { guard, returning } from './dictionaryReads';

function mapperOf(dictionary: Dictionary, mode: Mapper['mode']): Mapper {
	const { attributes, references = {} } = dictionary;
	const all: WriteField[] = [...dictionary.fields, ...(attributes ? [ATTRIBUTES] : [])];
	const own = all.map(({ replaceLooks, ...field }) => ({
		...field,
		...(mode !== 'create' && replaceLooks ? { looks: replaceLooks } : {}),
		...(references[field.name] && !field.anyType ? { also: [references[field.name]] } : {}),
		// n8n would not start the node without it, though rows may fill it: `checkNew` looks at both.
		...(rowsFor(dictionary, field) ? { required: false } : {}),
	}));
	const written =
		mode === 'update'
			? own.filter(({ createOnly }) => !createOnly).map((field) => ({ ...field, required: false }))
			: own;
	const hasKey = written.some(({ match }) => match === 'default');
	const id: MapperField = {
		name: 'id',
		label: 'ID',
		kind: 'text',
		match: hasKey || 'default',
		matchOnly: true,
	};
	const fields = mode === 'upsert' ? [id, ...written] : written;
	return {
		mode,
		fields,
		readOnly: ['meta', ...Object.keys(facts[dictionary.keyword].fields)],
		header: headerCheck(facts[dictionary.keyword].fields),
		...(dictionary.choices ? { choices: dictionary.choices } : {}),
		...(attributes
			? {
					more: {
						prefix: PREFIX,
						also: ATTRIBUTES.name,
						load: async (send, baseUrl) => {
							const loaded = await attributesOnce(send, baseUrl, attributes);
							return loaded
								.map(attributeField)
								.map((field) => (mode === 'update' ? { ...field, required: false } : field));
						},
					},
				}
			: {}),
	};
}

/** Changes of many objects in one request. */
export const updateTogether = (keyword: string): Bulk => ({
	kind: 'write',
	route: `POST /entity/${keyword}`,
	element: (call) => ({ ...metaRef(call.baseUrl, keyword, call.path.id), ...call.body }),
	repeatable: () => true,
	// Two changes of one object in one request meet each other (code 1065).
	key: (call) => call.path.id.toLowerCase(),
});

/** True for goods, whose barcodes and packages a write replaces whole. */
const hasWholeLists = ({ fields }: Dictionary) =>
	fields.some(({ name }) => WHOLE_LISTS.includes(name));

/** A later item that changes the same object adds to what the earlier one has left. */
function addAgain(call: Call, before: IDataObject): void {
	if (adds(call)) addGiven(call, before);
}

/** The rows of the form that fill the same field of the body. */
function rowsFor({ rows = [] }: Dictionary, { name }: MapperField): Field | undefined {
	return rows.find(({ to }) => to === `body:${name}`);
}

/** All custom attributes at once: as the API has them, `[{id | name, value}]`, or `{"<name>": value}`. */
const ATTRIBUTES: WriteField = {
	name: 'attributes',
	label: 'Custom Attributes (JSON)',
	kind: 'array',
	rare: true,
	wire: (value) => parsedJson('Custom Attributes (JSON)', value),
};

/** The ways of giving what is written, and the unit of its amounts. */
function writeFields(dictionary: Dictionary, mapper: Mapper): Field[] {
	const { rows = [], money, replaces = {} } = dictionary;
	const isNew = mapper.mode === 'create';
	const field: Field = { name: 'fields', label: 'Fields', kind: 'mapper', to: 'control', mapper };
	return [
		field,
		...rows.map((each) => (isNew ? each : { ...each, notice: replaces[each.name] })),
		...(money ? [MONEY_FIELD] : []),
		...(dictionary.gather ? [gatherField(dictionary)] : []),
	];
}

/** Names the object that an input item is a part of. */
function gatherField({ gather = '', fields }: Dictionary): Field {
	const part = fields.find(({ name }) => name === gather)?.label ?? gather;
	return {
		name: 'objectKey',
		label: 'One Document per Key',
		kind: 'text',
		section: 'options',
		to: 'control',
		placeholder: 'e.g. {{ $json.orderNumber }}',
		help: `Input items with the same key become one document: each gives its rows of '${part}', and the same for all other fields`,
	};
}

/** What an operation with such a field says of it. */
function gathering({ gather }: Dictionary): Pick<Operation, 'gather'> {
	if (!gather) return {};
	return { gather: { by: 'objectKey', join: (calls) => joinParts(calls, gather) } };
}

/** The parts of one object, put together in the first call. Throws `InputProblem` where the calls differ. */
function joinParts([first, ...others]: Call[], list: string): void {
	const rest = (call: Call): IDataObject => ({ ...call.body, ...call.extra, [list]: null });
	const place = ({ path, match, control }: Call) =>
		JSON.stringify([path, match?.value, control.money]);
	const known: IDataObject = rest(first);
	// Blanks at the ends are no difference: MoySklad cuts them off.
	const said = (value: unknown) => JSON.stringify(typeof value === 'string' ? value.trim() : value);
	for (const call of others) {
		for (const [name, value] of Object.entries(rest(call))) {
			if (!(name in known)) {
				known[name] = value;
				if (name in call.extra) first.extra[name] = value;
				else first.body[name] = value;
			} else if (said(known[name]) !== said(value)) {
				throw new InputProblem(
					'One Document per Key',
					`is the same for the items ${first.itemIndex} and ${call.itemIndex}, and their '${name}' differs`,
					'Give all input items of one document the same fields, or other keys.',
				);
			}
		}
		if (place(call) !== place(first)) {
			throw new InputProblem(
				'One Document per Key',
				`is the same for the items ${first.itemIndex} and ${call.itemIndex}, which are about different documents, or count money in different units`,
				'Give the items of one document the same key, and others another one.',
			);
		}
		if (Array.isArray(call.body[list])) {
			const before = Array.isArray(first.body[list]) ? (first.body[list] as IDataObject[]) : [];
			first.body[list] = [...before, ...(call.body[list] as IDataObject[])];
		}
	}
}

/** Create. */
export function createOperation(dictionary: Dictionary): Operation {
	const { keyword, one } = dictionary;
	return {
		...returning(dictionary),
		...gathering(dictionary),
		operation: 'create',
		name: 'Create',
		action: `Create ${one}`,
		description: `Create ${withArticle(one)}`,
		route: `POST /entity/${keyword}`,
		answer: { kind: 'object' },
		fields: writeFields(dictionary, mapperOf(dictionary, 'create')),
		notes: writeNotes(dictionary),
		...(dictionary.single
			? {}
			: {
					bulk: {
						kind: 'write',
						route: `POST /entity/${keyword}`,
						element: (call) => call.body,
						repeatable: isRepeatable,
						lookFor: dictionary.lookFor,
					} satisfies Bulk,
				}),
		prepare: async (calls, work) => {
			await finishBodies(dictionary, calls, work);
			await dictionary.finish?.(calls, work);
			for (const call of calls) guard(call, () => checkNew(dictionary, call));
			await checkAttributes(dictionary, calls, work, () => true);
			addSyncIds(dictionary, calls, work);
			split(dictionary, calls);
		},
	};
}

/** What an object is made from: a template of MoySklad's, over which the given fields are put. */
export interface FromTemplate {
	fields: Field[];
	/** Throws `InputProblem`, and what the road throws. */
	template: (call: Call, work: Work) => Promise<IDataObject>;
	merge: (template: IDataObject, given: IDataObject) => IDataObject;
	notes: string;
	/** As in {@link Dictionary}, of what the template has filled in. */
	replaces: Dictionary['replaces'];
}

/** Create From Document: like Create, but for what a template has filled in. */
export function createFromOperation(
	dictionary: Dictionary,
	{ fields, template, merge, notes, replaces }: FromTemplate,
): Operation {
	const { one } = dictionary;
	const mapper: Mapper = { ...mapperOf(dictionary, 'update'), mode: 'update' };
	const { gather, ...create } = createOperation(dictionary);
	void gather;
	return {
		...create,
		operation: 'createFrom',
		name: 'Create From Document',
		action: `Create ${one} from document`,
		description: 'Create it on the basis of another document',
		fields: [...fields, ...writeFields({ ...dictionary, gather: undefined, replaces }, mapper)],
		notes: [notes, writeNotes(dictionary)].filter(Boolean).join(' '),
		prepare: async (calls, work) => {
			await finishBodies(dictionary, calls, work);
			await checkEach(calls, async (call) => {
				call.body = merge(await template(call, work), call.body);
			});
			await dictionary.finish?.(calls, work);
			for (const call of calls) guard(call, () => checkNew(dictionary, call));
			await checkAttributes(dictionary, calls, work, () => true);
			addSyncIds(dictionary, calls, work);
			split(dictionary, calls);
		},
	};
}

/** Update. */
export function updateOperation(dictionary: Dictionary): Operation {
	const { keyword, one } = dictionary;
	return {
		...returning(dictionary),
		...gathering(dictionary),
		operation: 'update',
		name: 'Update',
		action: `Update ${one}`,
		description: `Change ${withArticle(one)}; fields that are not given stay as they are`,
		route: `PUT /entity/${keyword}/{id}`,
		answer: { kind: 'object' },
		fields: [
			locatorField(dictionary),
			...writeFields(dictionary, mapperOf(dictionary, 'update')),
			...(hasWholeLists(dictionary) ? [ADD_FIELD] : []),
		],
		notes: changeNotes(dictionary),
		...(dictionary.single
			? {}
			: {
					bulk: {
						...updateTogether(keyword),
						...(hasWholeLists(dictionary) ? { follow: addAgain } : {}),
					} as Bulk,
				}),
		prepare: async (calls, work) => {
			await finishBodies(dictionary, calls, work);
			await dictionary.finish?.(calls, work);
			await checkAttributes(dictionary, calls, work, () => false);
			await readAndAdd(keyword, calls, work, ({ path }) => path.id);
			for (const call of calls) {
				guard(call, () => {
					dictionary.check?.(call.body, false);
					if (Object.keys(call.body).length > 0) return;
					throw new InputProblem(
						'Fields',
						'hold nothing to change',
						'Give at least one field a value, or check the expressions that fill them.',
					);
				});
			}
			split(dictionary, calls);
		},
	};
}

/** Create or Update. */
export function upsertOperation(dictionary: Dictionary): Operation {
	const { keyword, one, attributes, hides } = dictionary;
	const mapper = mapperOf(dictionary, 'upsert');
	const createOnly = dictionary.fields.filter((field) => field.createOnly).map(({ name }) => name);
	return {
		...returning(dictionary),
		...gathering(dictionary),
		operation: 'upsert',
		name: 'Create or Update',
		action: `Create or update ${one}`,
		description: `Create ${withArticle(one)}, or change the one that has the same key`,
		route: `POST /entity/${keyword}`,
		answer: { kind: 'object' },
		fields: [...writeFields(dictionary, mapper), ...(hasWholeLists(dictionary) ? [ADD_FIELD] : [])],
		notes: [
			'The key is looked up first, many items in one request; two objects with one key are an error.',
			hides ? `Also finds ${hides} ones.` : undefined,
			changeNotes(dictionary),
		]
			.filter(Boolean)
			.join(' '),
		bulk: {
			kind: 'write',
			route: `POST /entity/${keyword}`,
			always: true,
			element: (call) => {
				const { foundId } = call.control;
				if (foundId === undefined) return call.body;
				const meta = metaRef(call.baseUrl, keyword, String(foundId));
				return { ...meta, ...withoutFixed(call, createOnly) };
			},
			repeatable: (call) => call.control.foundId !== undefined || isRepeatable(call),
			key: matchKey,
			follow: (call, before) => {
				call.control.foundId = String(before.id);
				call.control.found = pick(before, createOnly);
				addAgain(call, before);
			},
			lookFor: dictionary.lookFor,
		},
		prepare: async (calls, work) => {
			await finishBodies(dictionary, calls, work);
			await findExisting(calls, work, {
				keyword,
				hidden: hiddenConditionsOf(keyword),
				attributes,
				labels: Object.fromEntries(mapper.fields.map(({ name, label }) => [name, label])),
				keep: hasWholeLists(dictionary) ? [...createOnly, ...WHOLE_LISTS] : createOnly,
			});
			await dictionary.finish?.(calls, work);
			await readAndAdd(
				keyword,
				calls,
				work,
				({ control }) => control.foundId as string | undefined,
			);
			// What an earlier item creates, a later one with the same key only changes.
			const created = new Set<string>();
			const creators = new Set<Call>();
			for (const call of calls) {
				const key = matchKey(call);
				const creates =
					call.control.foundId === undefined && !(key !== undefined && created.has(key));
				guard(call, () => {
					if (creates) checkNew(dictionary, call);
					else dictionary.check?.(call.body, false);
				});
				if (creates && !call.problem) creators.add(call);
				if (creates && key !== undefined && !call.problem) created.add(key);
			}
			await checkAttributes(dictionary, calls, work, (call) => creators.has(call));
			addSyncIds(dictionary, calls, work);
			split(dictionary, calls);
		},
	};
}

/** Fields that are fixed at creation leave the body of a change, unless they differ: then MoySklad says so. */
function withoutFixed({ body, control }: Call, createOnly: string[]): IDataObject {
	const found = (control.found ?? {}) as IDataObject;
	const rest = { ...body };
	for (const name of createOnly) {
		if (name === 'syncId' || rest[name] === found[name]) delete rest[name];
	}
	return rest;
}

/** Delete. */
export function deleteOperation(dictionary: Dictionary): Operation {
	const { resource, keyword, one, docs } = dictionary;
	return {
		resource,
		docs,
		operation: 'delete',
		name: 'Delete',
		action: `Delete ${one}`,
		description: `Delete ${withArticle(one)} for good`,
		route: `DELETE /entity/${keyword}/{id}`,
		answer: { kind: 'deleted' },
		fields: [locatorField(dictionary)],
		output: { deleted: { type: 'boolean' }, id: { type: 'string' } },
		notes: writeNotes(dictionary),
		...((dictionary.does ?? 'D').includes('D')
			? {
					bulk: {
						kind: 'delete',
						route: `POST /entity/${keyword}/delete`,
						element: (call) => metaRef(call.baseUrl, keyword, call.path.id),
						repeatable: () => true,
						gone: ({ code }) => Number(code) === 1021,
					} satisfies Bulk,
				}
			: {}),
	};
}

function isRepeatable(call: Call): boolean {
	return call.body.syncId !== undefined;
}

function writeNotes({ writeNotes: own, notes }: Dictionary): string | undefined {
	return [own, notes].filter(Boolean).join(' ') || undefined;
}

function changeNotes(dictionary: Dictionary): string | undefined {
	return [dictionary.changeNotes, writeNotes(dictionary)].filter(Boolean).join(' ') || undefined;
}

function withArticle(one: string): string {
	return /^[aeio]/.test(one) ? `an ${one}` : `a ${one}`;
}

/** Turns what the form has read into bodies as MoySklad wants them. */
async function finishBodies(dictionary: Dictionary, calls: Call[], work: Work): Promise<void> {
	const { attributes, accounts, money, prices, fields } = dictionary;
	const labelOf = (name: string) => fields.find((field) => field.name === name)?.label;
	for (const call of calls) {
		// Left over from a row that was read: they would turn a creation into a change, or name another object.
		for (const name of ['meta', 'id', 'accountId']) delete call.body[name];
		if (attributes && !call.problem && hasAttributes(call)) {
			const defined = needsDefinitions(call)
				? await attributesOnce(work.send, call.baseUrl, attributes)
				: [];
			guard(call, () => writeAttributes(call, defined));
		}
		guard(call, () => {
			if (money) takeAmounts(call, work, money.paths, money.whole, labelOf);
		});
	}
	tellUnknown(dictionary, calls, work);
	await resolveReferences(calls, work);
	for (const call of calls) {
		if (accounts) guard(call, () => completeAccounts(call.body, accounts));
		if (!prices || call.problem || !needPriceType(call)) continue;
		const type = await mainPriceType(work.send);
		guard(call, () => writePrices(call, type));
	}
}

/** Says which names of the input no field and no row has: JSON and lists pass them as they are. */
function tellUnknown({ keyword, fields }: Dictionary, calls: Call[], work: Work): void {
	const { fields: known, parts = {} } = facts[keyword];
	const own = new Set(fields.map(({ name }) => name));
	const labelOf = (name: string) =>
		fields.find((field) => field.name === name)?.label ?? known[name]?.label ?? name;
	const unknown = new UnknownNames();
	for (const { body, problem } of calls) {
		if (problem) continue;
		unknown.add('Fields', body, known, own);
		for (const [name, table] of Object.entries(parts)) {
			unknown.addList(labelOf(name), body[name], table, keyword);
		}
	}
	unknown.tell(work);
}

/** Checks what a creation needs. Throws `InputProblem`. */
function checkNew(dictionary: Dictionary, call: Call): void {
	for (const [name, value] of Object.entries(dictionary.defaults ?? {})) {
		call.body[name] ??= value as IDataObject[string];
	}
	dictionary.fresh?.(call.body);
	const [missing] = missingFields({ mode: 'create', fields: dictionary.fields }, call.body);
	if (missing && rowsFor(dictionary, missing)) {
		throw new InputProblem(
			missing.label,
			'is empty, but needed to create the object',
			`Add rows to '${missing.label}', or fill in '${missing.label}' (${missing.name}) among the fields or in JSON.`,
		);
	}
	if (missing) throw missingProblem(call, missing);
	dictionary.check?.(call.body, true);
}

function split(dictionary: Dictionary, calls: Call[]): void {
	for (const call of calls) guard(call, () => dictionary.split?.(call));
}

/** Elements of `attributes` are known by their links here, `finishBodies` has seen to it. */
async function checkAttributes(
	{ attributes }: Dictionary,
	calls: Call[],
	work: Work,
	creates: (call: Call) => boolean,
): Promise<void> {
	const concerned = calls.filter(
		(call) => !call.problem && (creates(call) || clearsAttribute(call)),
	);
	// Where nobody gives an attribute, nobody pays a request for them: MoySklad refuses each object that lacks one.
	if (!attributes || !concerned.some(hasAttributes)) return;
	let defined: Attribute[];
	try {
		defined = await attributesOnce(work.send, concerned[0].baseUrl, attributes);
	} catch {
		// Who may write objects may perhaps not read this: then MoySklad checks, as it does anyway.
		return;
	}
	for (const call of concerned) guard(call, () => checkRequired(call, defined, creates(call)));
}

/** Ids that let a creation be repeated, unless the user gives one. */
function addSyncIds(dictionary: Dictionary, calls: Call[], work: Work): void {
	if (!dictionary.syncId) return;
	for (const call of calls) {
		if (!call.problem) call.body.syncId ??= syncIdOf(work.turn(call));
	}
}
