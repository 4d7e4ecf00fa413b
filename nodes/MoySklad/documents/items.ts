/**
 * Items of documents: one resource for all types that have them. Reference of the project: moysklad-documents.md §3;
 * MoySklad docs, positions of each document.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	Mapper,
	Operation,
	OutputField,
	Work,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { isNothing } from '../../shared/form/readers';
import { guard, inChosenUnit } from '../catalogue/dictionaryReads';
import { partFields } from '../catalogue/fromFacts';
import { deletePart, expandField, ownerIdOf, partLocator, rowId } from '../catalogue/nested';
import { facts, typesThat, type TypeField } from '../facts';
import { rowsList } from '../lists';
import { MONEY_FIELD, takeAmounts } from '../money';
import { UUID } from '../references';
import { resolveReferences } from '../resolve';
import { rowTypeOf } from '../rowTypes';
import { idOf, pick } from '../simplify';
import { headerCheck } from '../units';
import { UnknownNames } from '../unknownNames';
import { isKey, namedRow } from './itemColumns';
import { fieldOf, listMeant, LISTS, listsOf, tableOf, USUAL_LIST } from './itemLists';
import { addRest, splitItems } from './manyItems';
import { resolveBins } from './bins';
import { anyDocument, DOCUMENT_HELP, typeChoices } from './places';
import { asMember, checkItem, checkItems, tellParts, writtenItem } from './positions';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-dokumenty';

/** Documents that have items. */
export const owners = typesThat(
	({ kind }, keyword) => kind === 'document' && listsOf(keyword).length > 0,
).sort((one, other) => facts[one].one.localeCompare(facts[other].one, 'en'));

/** Those of which the form asks for the list. */
const severalLists = owners.filter((keyword) => listsOf(keyword).length > 1);

/** Items of prepayments can be read only. */
const READ_ONLY = ['prepayment', 'prepaymentreturn'];

/** What the API cannot do with the rows of a list (lists of addresses in MoySklad's docs, pages of the documents). */
const MISSING: Record<string, Record<string, string[]>> = {
	emissionorder: { positions: ['delete'] },
	prepayment: { positions: ['delete'] },
	prepaymentreturn: { positions: ['delete'] },
	productionstage: { materials: ['get'] },
	productionstagecompletion: {
		materials: ['delete', 'get'],
		products: ['create', 'delete', 'get'],
	},
	productiontask: { productionrows: ['create'] },
};

/** Throws `InputProblem` for what the API cannot do. */
function checkPossible({ path: { documentType, itemList }, operation }: Call): void {
	if (!MISSING[documentType]?.[itemList]?.includes(operation.operation)) return;
	throw new InputProblem(
		'Document Type',
		`is '${facts[documentType].one}', and MoySklad has no '${operation.name}' for its list '${LISTS[itemList]}'`,
		operation.operation === 'get'
			? "Use 'Get Many', which reads all rows."
			: READ_ONLY.includes(documentType)
				? 'The API can only read its items.'
				: 'Its rows are written with the document.',
	);
}

/** Operations on items that can do nothing for a type; the form of theirs does not offer it. */
function impossible(keyword: string): string[] {
	const lists = listsOf(keyword).map((list) => MISSING[keyword]?.[list] ?? []);
	const [first = [], ...others] = lists;
	return [
		...first.filter((operation) => others.every((list) => list.includes(operation))),
		...(READ_ONLY.includes(keyword) ? ['create', 'replaceAll', 'update'] : []),
	];
}

const ON_ITEMS = ['create', 'delete', 'get', 'getAll', 'replaceAll', 'update'];

/** The types of documents, each for the operations that can do something for it. */
const ownerChoices: Choice[] = typeChoices(owners).map((choice) => {
	const without = impossible(choice.value);
	if (without.length === 0) return choice;
	return { ...choice, when: { operation: ON_ITEMS.filter((one) => !without.includes(one)) } };
});

/** Before a request about one row that needs no more than its place. */
const possible: Operation['prepare'] = async (calls) => {
	for (const call of calls) guard(call, () => checkPossible(call));
	await Promise.resolve();
};

/** Every field that items of any document have, as a type has it where it can be written. */
const table: Record<string, TypeField> = {};
for (const keyword of owners) {
	for (const list of listsOf(keyword)) {
		for (const [name, field] of Object.entries(tableOf(keyword, list) ?? {})) {
			if (!table[name] || !field.readOnly) table[name] = field;
		}
	}
}

const FRONT = ['assortment', 'quantity', 'price', 'discount', 'vat', 'vatEnabled', 'reserve'];
const AMOUNTS = [
	...Object.keys(table).filter((name) => table[name].unit === 'kopecks'),
	// Prices of an item in a price list.
	'cells.sum',
];
const OWNER_PATH = `(?:${owners.join('|')})`;
const LIST_PATH = `(?:${Object.keys(LISTS).join('|')})`;

/**
 * Which list of the document: its items; of production documents, which have none, what was produced. The first field
 * that is shown gives the form its default, so that none begins with a list that the document does not have.
 */
function listFields(): Field[] {
	const hasItems = (keyword: string) => listsOf(keyword).includes(USUAL_LIST);
	const list: Field = {
		name: 'itemList',
		label: 'Item List',
		kind: 'choice',
		to: 'path:itemList',
		required: true,
		default: USUAL_LIST,
		choices: Object.entries(LISTS).map(([value, name]) => ({
			name,
			value,
			when: { documentType: severalLists.filter((keyword) => listsOf(keyword).includes(value)) },
		})),
		help: "Which of the document's lists",
		wire: (value, { parameter }) => {
			const type = String(parameter('documentType'));
			const known = facts[type] ? listsOf(type) : [];
			const list = value === USUAL_LIST ? listMeant(type, value) : String(value);
			if (known.includes(list) || known.length === 0) return list;
			throw new InputProblem(
				'Item List',
				`is '${LISTS[String(value)] ?? String(value)}', which a ${facts[type].one} does not have`,
				`Choose ${known.map((list) => `'${LISTS[list]}'`).join(' or ')}.`,
			);
		},
	};
	return [
		{
			...list,
			default: 'products',
			when: { documentType: severalLists.filter((one) => !hasItems(one)) },
		},
		// The last, for a type that an expression gives: n8n then shows both, and the last default counts.
		{ ...list, when: { documentType: severalLists.filter(hasItems) }, stands: true },
	];
}

/** The document's type, the document, and which of its lists. */
const place: Field[] = [
	{
		name: 'documentType',
		label: 'Document Type',
		kind: 'choice',
		to: 'path:documentType',
		required: true,
		default: 'customerorder',
		choices: ownerChoices,
		help: 'Type of the document that the items belong to',
	},
	{
		name: 'documentId',
		label: 'Document',
		kind: 'locator',
		to: 'path:documentId',
		required: true,
		locator: anyDocument,
		help: DOCUMENT_HELP,
	},
	...listFields(),
];

const item: Field = {
	name: 'itemId',
	label: 'Item',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`${OWNER_PATH}/${UUID}/${LIST_PATH}`,
		'customerorder/7944ef04-f831-11e5-7a69-971500188b19/positions',
		'searchItems',
	),
	help: 'One row of the document',
};

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	documentId: { type: 'string' },
	assortmentId: { type: 'string' },
	assortmentType: { type: 'string' },
	assortmentName: { type: 'string' },
	quantity: { type: 'number' },
	price: { type: 'number' },
	discount: { type: 'number' },
	vat: { type: 'number' },
	reserve: { type: 'number' },
};

const replaced: Record<string, OutputField> = {
	id: { type: 'string' },
	name: { type: 'string' },
	moment: { type: 'string' },
	sum: { type: 'number' },
	vatSum: { type: 'number' },
	applicable: { type: 'boolean' },
	externalCode: { type: 'string' },
	updated: { type: 'string' },
};

const expand = expandField([{ name: 'Item', value: 'assortment' }]);

const shared = {
	resource: 'item',
	docs: DOCS,
	output,
	enrich: async (rows: IDataObject[], call: Call) =>
		await Promise.resolve(inChosenUnit(rows, call, AMOUNTS)),
	simplify: (row: IDataObject, call: Call) => {
		const assortment = row.assortment as IDataObject | undefined;
		return {
			id: rowId(row) ?? null,
			documentId: ownerIdOf(row, call.path.documentType, call.path.documentId),
			assortmentId: idOf(assortment) ?? null,
			assortmentType: (assortment?.meta as IDataObject | undefined)?.type ?? null,
			assortmentName: assortment?.name ?? null,
			quantity: row.quantity ?? null,
			price: row.price ?? null,
			discount: row.discount ?? null,
			vat: row.vat ?? null,
			reserve: row.reserve ?? null,
		};
	},
};

/** All fields that items of any document can be given. */
const memberFields = partFields(table, FRONT).map((field) => asMember(field, table[field.name]));
const memberNames = new Set(memberFields.map(({ name }) => name));

/**
 * Takes out what the items of a document cannot be given: empty fields, and in a row that exists what MoySklad
 * computes. Throws `InputProblem` for other such fields: MoySklad would pass over them without a word.
 */
function onlyOwn(
	at: string,
	row: IDataObject,
	{ keyword, list, isNew }: { keyword: string; list: string; isNew: boolean },
): void {
	const own = tableOf(keyword, list);
	if (!own) return;
	for (const [name, value] of Object.entries(row)) {
		if (!memberNames.has(name) || (own[name] && !own[name].readOnly)) continue;
		if (!isNothing(value) && (isNew || !own[name])) {
			throw new InputProblem(
				`${at}: ${own[name]?.label ?? table[name].label}`,
				own[name]
					? `is given, which MoySklad sets itself for items of the type '${facts[keyword].one}'`
					: `is given, which items of the type '${facts[keyword].one}' do not have`,
				`Leave it out (${name}), or check 'Document Type' and 'Item List'.`,
			);
		}
		delete row[name];
	}
}

function mapperOf(mode: 'create' | 'update'): Field {
	const mapper: Mapper = {
		mode,
		fields: memberFields,
		dependsOn: ['documentType', 'itemList'],
		offers: ({ name }, parameter) => {
			const type = String(parameter('documentType'));
			const own = tableOf(type, listMeant(type, parameter('itemList')));
			return own === undefined || (own[name] !== undefined && !own[name].readOnly);
		},
		readOnly: ['id', 'documentId', 'assortmentType', 'assortmentName'],
		header: headerCheck(table),
	};
	return { name: 'fields', label: 'Fields', kind: 'mapper', to: 'control', mapper };
}

/** A new item has nothing that an empty cell could clear. */
function leaveOutEmpty(body: IDataObject): void {
	for (const [name, value] of Object.entries(body)) {
		if (value === null) delete body[name];
	}
}

/** Bodies as MoySklad wants them, before they are sent. */
async function finish(calls: Call[], work: Work): Promise<void> {
	for (const call of calls) {
		guard(call, () => checkPossible(call));
		guard(call, () => {
			const { documentType: keyword, itemList: list } = call.path;
			const isNew = call.operation.operation === 'create';
			if (isNew) leaveOutEmpty(call.body);
			onlyOwn('Item', call.body, { keyword, list, isNew });
		});
		if (call.problem) continue;
		if (READ_ONLY.includes(call.path.documentType)) {
			call.problem = new InputProblem(
				'Document Type',
				`is '${facts[call.path.documentType].one}', whose items the API can only read`,
				'Choose another type of document.',
			);
		} else if (Object.keys(call.body).length === 0) {
			call.problem = new InputProblem(
				'Fields',
				'hold nothing to write',
				'Give at least one field a value, or check the expressions that fill them.',
			);
		} else {
			takeAmounts(call, work, AMOUNTS);
		}
		guard(call, () => {
			const { documentType, itemList } = call.path;
			const inner = tableOf(documentType, itemList);
			const isNew = call.operation.operation === 'create';
			if (inner) checkItem('Item', call.body, documentType, inner, isNew);
		});
	}
	const sound = calls.filter(({ problem }) => !problem);
	tellParts(
		sound.map(({ body }) => body),
		work,
	);
	const unknown = new UnknownNames();
	for (const { body, path } of sound) {
		const { documentType, itemList } = path;
		unknown.addList('Fields', [body], tableOf(documentType, itemList) ?? {}, documentType);
	}
	unknown.tell(work);
	await resolveReferences(calls, work);
	await resolveBins(calls, work, ({ body, path }) => [
		{ list: path.itemList, rows: [body], document: documentAt(path) },
	]);
	for (const call of calls) {
		guard(call, () => checkItems(call.path.documentType, { positions: [call.body] }));
	}
}

const documentAt = ({ documentType, documentId }: Call['path']) =>
	`/entity/${documentType}/${documentId}`;

/** All rows of a document in one body, before they are sent. */
async function finishAll(calls: Call[], work: Work): Promise<void> {
	const unknown = new UnknownNames();
	for (const call of calls) {
		guard(call, () => {
			const { documentType } = call.path;
			const name = fieldOf(documentType, String(call.control.itemList));
			if (name === undefined || READ_ONLY.includes(documentType)) {
				throw new InputProblem(
					'Document Type',
					`is '${facts[documentType]?.one ?? documentType}', whose items cannot be written`,
					'Choose another type of document.',
				);
			}
			call.body = { [name]: newRows(call) };
			const amounts = AMOUNTS.map((amount) => `${name}.${amount}`);
			const { fields } = facts[documentType];
			takeAmounts(call, work, amounts, {}, (each) => fields[each]?.label);
			tellParts(call.body[name] as IDataObject[], work);
			const inner = tableOf(documentType, String(call.control.itemList)) ?? {};
			unknown.addList(newItems.label, call.body[name], inner, documentType);
		});
	}
	unknown.tell(work);
	await resolveReferences(calls, work);
	await resolveBins(calls, work, ({ body, path }) =>
		Object.entries(body).map(([list, rows]) => ({
			list,
			rows: rows as IDataObject[],
			document: documentAt(path),
		})),
	);
	for (const call of calls) {
		guard(call, () => checkItems(call.path.documentType, call.body));
		guard(call, () => splitItems(call));
	}
}

/** The new rows of a document: a list of the input, or JSON. */
const newItems: Field = {
	name: 'newItems',
	label: 'New Items',
	kind: 'json',
	to: 'control',
	required: true,
	placeholder: 'e.g. [{ "article": "TEA-100", "quantity": 2, "price": 129900 }]',
	help: 'A list, by an expression or as JSON: each entry names its goods (article, code, barcode, externalCode, name, or assortment for all of these, ID and link) and has the fields of an item. An empty list takes all items out.',
};

/** Reads the new rows. Throws `InputProblem`. */
function newRows({ control, path, baseUrl, timezone }: Call): IDataObject[] {
	const given = control.newItems as IDataObject | unknown[];
	const rows = Array.isArray(given) ? given : given.rows;
	if (!Array.isArray(rows)) {
		throw new InputProblem(
			newItems.label,
			'are no list',
			'Give a list in square brackets, or an expression that yields one.',
		);
	}
	const { documentType } = path;
	const list = String(control.itemList);
	const inner = tableOf(documentType, list) ?? {};
	const parameters: IDataObject = { operation: 'replaceAll', options: { money: control.money } };
	const context = { baseUrl, timezone, parameter: (name: string) => parameters[name] };
	return rows.map((row, index) => {
		const at = `${newItems.label} ${index + 1}`;
		const given = namedRow(at, row, inner, context);
		// What names the goods is no field of the row.
		const others = Object.fromEntries(Object.entries(given).filter(([name]) => !isKey(name)));
		onlyOwn(at, others, { keyword: documentType, list, isNew: false });
		const keys = Object.fromEntries(Object.entries(given).filter(([name]) => isKey(name)));
		return writtenItem(at, { ...keys, ...others }, documentType, inner, context);
	});
}

const COLLECTION = '/entity/{documentType}/{documentId}/{itemList}' as const;

export const items: Operation[] = [
	{
		...shared,
		operation: 'create',
		name: 'Add',
		action: 'Add item to document',
		description: 'Add a row to a document',
		route: `POST ${COLLECTION}`,
		answer: { kind: 'object', at: '0' },
		fields: [...place, mapperOf('create'), MONEY_FIELD],
		prepare: finish,
		bulk: {
			kind: 'write',
			route: `POST ${COLLECTION}`,
			// The answer is an array even for one row, so one is sent as an array, too.
			always: true,
			element: (call) => call.body,
			repeatable: () => false,
			lookFor: 'rows of the document with the same item and quantity',
		},
		notes: 'Rows for one document share a request, up to 1000.',
	},
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get item of document',
		description: 'Retrieve one row of a document',
		route: `GET ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [...place, item, expand, MONEY_FIELD],
		prepare: possible,
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many items of document',
		description: 'List the rows of a document, beyond 1000 too',
		route: `GET ${COLLECTION}`,
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [...place, expand, MONEY_FIELD],
	},
	{
		...shared,
		operation: 'update',
		name: 'Update',
		action: 'Update item of document',
		description: 'Change one row of a document; fields that are not given stay as they are',
		route: `PUT ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [...place, item, mapperOf('update'), MONEY_FIELD],
		prepare: finish,
		notes:
			'One request per row. To replace all rows at once, give the list to Update of the document.',
	},
	{
		resource: 'item',
		docs: DOCS,
		operation: 'replaceAll',
		name: 'Replace All',
		action: 'Replace all items of document',
		description: 'Make the given rows the only ones of a document',
		route: 'PUT /entity/{documentType}/{documentId}',
		answer: { kind: 'object' },
		fields: [
			...place.map((field): Field =>
				field.name === 'itemList' ? { ...field, to: 'control' } : field,
			),
			newItems,
			MONEY_FIELD,
		],
		prepare: finishAll,
		enrich: async (rows, call, send) => {
			const whole = await addRest(rows, call, send);
			return inChosenUnit(whole, call, ['sum', 'vatSum']);
		},
		simplify: (row) => pick(row, Object.keys(replaced)),
		output: replaced,
		notes:
			'One request per document, further ones beyond 1000 rows. Rows with the ID of an existing one (with `assortment`) keep it.',
	},
	{
		...deletePart({
			resource: 'item',
			docs: DOCS,
			action: 'Delete item of document',
			description: 'Take a row out of a document',
			collection: COLLECTION,
			type: ({ path: { documentType, itemList } }) => rowTypeOf(documentType, itemList) ?? '',
			fields: [...place, item],
			output: {
				deleted: { type: 'boolean' },
				documentType: { type: 'string' },
				documentId: { type: 'string' },
				itemList: { type: 'string' },
				id: { type: 'string' },
			},
			notes:
				'Rows of one document share a request, up to 1000; production rows of a task and raw materials of an operation go one by one.',
		}),
		prepare: async (calls) => {
			for (const call of calls) {
				guard(call, () => checkPossible(call));
				const { documentType, itemList } = call.path;
				// No bulk request is documented for production rows and for materials of stages.
				if (rowTypeOf(documentType, itemList) === undefined) call.alone = true;
			}
			await Promise.resolve();
		},
	},
];
