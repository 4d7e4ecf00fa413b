/**
 * Parts of dictionaries that have addresses of their own below their owner: contact persons, bank accounts, zones,
 * bins … One entry each; names and kinds of their fields are facts. Reference of the project: moysklad-documents.md §7.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	Locator,
	Mapper,
	Operation,
	OutputField,
	Work,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { searchOf } from '../entities';
import { facts, typeName, type TypeField } from '../facts';
import { entityLocator, linkedList, rowsList } from '../lists';
import { MONEY_FIELD, takeAmounts } from '../money';
import { UUID } from '../references';
import { resolveReferences } from '../resolve';
import { rowTypeOf } from '../rowTypes';
import { idOf } from '../simplify';
import { DOCS } from './dictionaries/shared';
import { guard, inChosenUnit } from './dictionaryReads';
import { partFields } from './fromFacts';
import { deletePart, ownerIdOf, partLocator, rowId } from './nested';

/** One kind of parts. */
export interface PartRule {
	/** Of the form's list of resources. */
	resource: Choice;
	one: string;
	many: string;
	/** Keywords of what has such parts; with several, the form asks for the type. */
	owners: string[];
	/** Segments of the address below the owner → as people call the lists; with several, the form asks for one. */
	lists: Record<string, string>;
	/** `meta.type` of a row, for deleting many in one request, or the list's own; one by one without. */
	type?: string | ((call: Call) => string);
	/** What the API can do, as `TypeFacts.does`; per list where lists differ. */
	does: string;
	/** Lists whose rows can only be read and changed. */
	fixed?: string[];
	/** An array of rows can be written in one request. */
	arrays?: boolean;
	/** No paging is documented for the list. */
	unpaged?: boolean;
	/** Fields of a row where the facts have no table for them. */
	fields?: Record<string, TypeField>;
	front: string[];
	/** Fields that the tables call read-only although they are written. */
	writable?: string[];
	/** Columns of a flat row; a reference becomes its ID. */
	simple: string[];
	notes?: string;
}

const rules: PartRule[] = [
	{
		resource: {
			name: 'Bank Account',
			value: 'bankAccount',
			local: 'Расчётный счёт',
			description: 'Bank accounts of a counterparty or legal entity',
		},
		one: 'bank account',
		many: 'bank accounts',
		owners: ['counterparty', 'organization'],
		lists: { accounts: 'Bank Accounts' },
		type: 'account',
		does: 'lcrudD',
		front: ['accountNumber', 'bankName', 'bic', 'correspondentAccount', 'isDefault'],
		simple: ['accountNumber', 'bankName', 'bic', 'correspondentAccount', 'isDefault', 'updated'],
		notes: 'To add one account leaves the others as they are.',
	},
	{
		resource: {
			name: 'BOM Item',
			value: 'bomItem',
			local: 'Состав техкарты',
			description: 'Raw materials, finished goods and operations of a bill of materials',
		},
		one: 'item of bill of materials',
		many: 'items of bill of materials',
		owners: ['processingplan'],
		lists: {
			materials: 'Raw Materials',
			parametricmaterials: 'Parametric Raw Materials',
			products: 'Finished Goods',
			stages: 'Operations',
		},
		type: ({ path: { partList } }) => rowTypeOf('processingplan', partList) ?? '',
		does: 'lcrudD',
		fixed: ['stages'],
		front: ['assortment', 'quantity', 'processingProcessPosition', 'cost', 'standardHour'],
		simple: [
			'assortment',
			'product',
			'quantity',
			'processingProcessPosition',
			'cost',
			'labourCost',
			'standardHour',
		],
		notes: 'Operations come with the routing: they can be read and changed.',
	},
	{
		resource: {
			name: 'Contact Person',
			value: 'contactPerson',
			local: 'Контактное лицо',
			description: 'People at a counterparty',
		},
		one: 'contact person',
		many: 'contact persons',
		owners: ['counterparty'],
		lists: { contactpersons: 'Contact Persons' },
		does: 'lcrud',
		front: ['name', 'phone', 'email', 'position', 'description', 'externalCode'],
		simple: ['name', 'phone', 'email', 'position', 'description', 'externalCode', 'updated'],
		notes: 'To add one person leaves the others as they are.',
	},
	{
		resource: {
			name: 'Counterparty Event',
			value: 'counterpartyEvent',
			local: 'Событие контрагента',
			description: 'Comments in the event feed of a counterparty',
		},
		one: 'counterparty event',
		many: 'counterparty events',
		owners: ['counterparty'],
		lists: { notes: 'Events' },
		does: 'lcrud',
		front: ['description'],
		simple: ['description', 'created', 'author'],
	},
	{
		resource: {
			name: 'Minimum Stock',
			value: 'minimumStock',
			local: 'Неснижаемый остаток',
			description: 'Minimum stock of a product by warehouse',
		},
		one: 'minimum stock of warehouse',
		many: 'minimum stocks of warehouses',
		owners: ['product'],
		lists: { storebalances: 'Minimum Stock by Warehouse' },
		type: rowTypeOf('product', 'storebalances'),
		does: 'lcrudD',
		fields: {
			store: { label: 'Warehouse', kind: 'ref', ref: ['store'], required: true },
			quantity: { label: 'Quantity', kind: 'number' },
		},
		front: ['store', 'quantity'],
		simple: ['store', 'quantity'],
		notes: "Only for products whose 'Minimum Stock' has the type WAREHOUSE_VARIED.",
	},
	{
		resource: {
			name: 'Routing Item',
			value: 'routingItem',
			local: 'Этап техпроцесса',
			description: 'The operations that a routing is made of',
		},
		one: 'item of routing',
		many: 'items of routing',
		owners: ['processingprocess'],
		lists: { positions: 'Items' },
		type: 'processingprocessposition',
		does: 'lcrudD',
		arrays: true,
		front: ['processingstage', 'nextPositions'],
		simple: ['processingstage'],
	},
	{
		resource: {
			name: 'Storage Bin',
			value: 'storageBin',
			local: 'Ячейка склада',
			description: 'Bins of a warehouse',
		},
		one: 'storage bin',
		many: 'storage bins',
		owners: ['store'],
		lists: { slots: 'Storage Bins' },
		type: 'slot',
		does: 'lcrudD',
		arrays: true,
		unpaged: true,
		front: ['name', 'barcode', 'zone', 'externalCode'],
		// The docs' table calls it read-only, their example sends it.
		writable: ['zone'],
		simple: ['name', 'barcode', 'zone', 'externalCode', 'updated'],
		notes: 'Names and barcodes of bins are unique in the warehouse.',
	},
	{
		resource: {
			name: 'Warehouse Zone',
			value: 'warehouseZone',
			local: 'Зона склада',
			description: 'Zones of a warehouse',
		},
		one: 'warehouse zone',
		many: 'warehouse zones',
		owners: ['store'],
		lists: { zones: 'Zones' },
		type: 'zone',
		does: 'lcrudD',
		arrays: true,
		unpaged: true,
		front: ['name', 'externalCode'],
		simple: ['name', 'externalCode', 'updated'],
		notes: 'To delete a zone leaves its bins without one.',
	},
];

/** The rule of a resource. */
export const partRule = (resource: string): PartRule | undefined =>
	rules.find((rule) => rule.resource.value === resource);

const single = ({ owners }: PartRule): string | undefined =>
	owners.length === 1 ? owners[0] : undefined;

/** Objects of the types that have the parts. */
function ownerLocator({ owners }: PartRule): Locator {
	const [only] = owners;
	if (owners.length === 1) return entityLocator(only, searchOf(only));
	const types = `(?:${owners.join('|')})`;
	return partLocator(types, only, 'searchPartOwners');
}

/** The owner, and where several lists are, the list. */
export function placeFields(rule: PartRule): Field[] {
	const only = single(rule);
	const lists = Object.entries(rule.lists);
	const type: Field = {
		name: 'ownerType',
		label: 'Owner Type',
		kind: 'choice',
		to: 'path:ownerType',
		required: true,
		default: rule.owners[0],
		choices: rule.owners.map((value) => ({ name: typeName(value), value })),
		help: 'What the part belongs to',
	};
	const list: Field = {
		name: 'partList',
		label: 'List',
		kind: 'choice',
		to: 'path:partList',
		required: true,
		default: lists[0][0],
		choices: lists
			.map(([value, name]) => ({
				name,
				value,
				// Its rows come and go by themselves: nothing can be added or taken away.
				...(rule.fixed?.includes(value)
					? { when: { operation: ['get', 'getAll', 'update'] } }
					: {}),
			}))
			.sort((one, other) => one.name.localeCompare(other.name, 'en')),
		help: 'Which of its lists',
	};
	return [
		...(only ? [] : [type]),
		{
			name: only ? `${only}Id` : 'ownerId',
			label: only ? typeName(only) : 'Owner',
			kind: 'locator',
			to: 'path:ownerId',
			required: true,
			locator: ownerLocator(rule),
		},
		...(lists.length > 1 ? [list] : []),
	];
}

function partField(rule: PartRule): Field {
	const { resource, owners, lists, one } = rule;
	const segments = `(?:${Object.keys(lists).join('|')})`;
	const [example] = Object.keys(lists);
	return {
		name: `${resource.value}Id`,
		label: resource.name,
		kind: 'locator',
		to: 'path:id',
		required: true,
		locator: partLocator(
			`(?:${owners.join('|')})/${UUID}/${segments}`,
			`${owners[0]}/7944ef04-f831-11e5-7a69-971500188b19/${example}`,
			'searchParts',
		),
		help: `The ${one} that is meant`,
	};
}

/** All fields of the rows: the tables of the facts for every list together. */
function partTable({ owners, lists, fields, writable = [] }: PartRule): Record<string, TypeField> {
	if (fields) return fields;
	const parts = owners.flatMap((owner) => {
		const tables = facts[owner].parts ?? {};
		return Object.keys(lists).map((list) => {
			const name = Object.keys(tables).find((key) => key.toLowerCase() === list);
			return name === undefined ? {} : tables[name];
		});
	});
	const table: Record<string, TypeField> = Object.assign({}, ...parts) as Record<string, TypeField>;
	return Object.fromEntries(
		Object.entries(table).map(([name, field]): [string, TypeField] => [
			name,
			writable.includes(name) ? { ...field, readOnly: false } : field,
		]),
	);
}

const OUTPUT: Record<string, OutputField['type']> = {
	boolean: 'boolean',
	integer: 'number',
	number: 'number',
};

function operationsFor(rule: PartRule): Operation[] {
	const { resource, one, many, lists, does, type, fixed = [], notes } = rule;
	const table = partTable(rule);
	const only = single(rule);
	const several = Object.keys(lists).length > 1;
	const collection: `/entity/${string}` = `/entity/${only ?? '{ownerType}'}/{ownerId}/${several ? '{partList}' : Object.keys(lists)[0]}`;
	const columns = rule.simple.filter((name) => table[name]);
	const columnOf = (name: string) => (table[name].kind === 'ref' ? `${name}Id` : name);
	const amounts = Object.keys(table).filter((name) => table[name].unit === 'kopecks');
	const money = amounts.length > 0 ? [MONEY_FIELD] : [];
	const shared = {
		resource: resource.value,
		docs: DOCS,
		output: Object.fromEntries([
			['id', { type: 'string' }],
			['ownerId', { type: 'string' }],
			...columns.map((name) => [columnOf(name), { type: OUTPUT[table[name].kind] ?? 'string' }]),
		]) as Record<string, OutputField>,
		simplify: (row: IDataObject, call: Call): IDataObject => ({
			id: rowId(row),
			ownerId: ownerIdOf(row, '[a-z]+', call.path.ownerId),
			...Object.fromEntries(
				columns.map((name) => [
					columnOf(name),
					table[name].kind === 'ref' ? idOf(row[name]) : row[name],
				]),
			),
		}),
		enrich: async (rows: IDataObject[], call: Call) =>
			await Promise.resolve(inChosenUnit(rows, call, amounts)),
		...(notes ? { notes } : {}),
	};
	const place = placeFields(rule);
	const part = partField(rule);
	const fieldsOf = (mode: Mapper['mode']): Field => {
		const required = Object.keys(table).filter((name) => table[name].required);
		const fields = partFields(
			table,
			rule.front.filter((name) => table[name]),
			Object.fromEntries(required.map((name) => [name, { required: mode === 'create' }])),
		).map((field) => ({
			...field,
			...(table[field.name].kind === 'ref' ? { also: [`${field.name}Id`] } : {}),
		}));
		return {
			name: 'fields',
			label: 'Fields',
			kind: 'mapper',
			to: 'control',
			mapper: { mode, fields, readOnly: ['meta', ...Object.keys(table)] },
		};
	};
	const finish = async (calls: Call[], work: Work): Promise<void> => {
		for (const call of calls) {
			guard(call, () => {
				for (const name of ['meta', 'id', 'accountId']) delete call.body[name];
				checkList(rule, call, fixed);
				if (Object.keys(call.body).length === 0) throw nothing();
				takeAmounts(call, work, amounts);
			});
		}
		await resolveReferences(calls, work);
		for (const call of calls) guard(call, () => completeInside(call, table));
	};
	const operations: Array<[string, Operation]> = [
		[
			'c',
			{
				...shared,
				operation: 'create',
				name: 'Create',
				action: `Create ${one}`,
				description: `Add one to its owner: ${one}`,
				route: `POST ${collection}`,
				answer: { kind: 'object' },
				fields: [...place, fieldsOf('create'), ...money],
				prepare: finish,
				...(rule.arrays
					? {
							bulk: {
								kind: 'write' as const,
								route: `POST ${collection}` as const,
								always: true,
								element: (call: Call) => call.body,
								repeatable: () => false,
								lookFor: `${many} of the owner with the same values`,
							},
						}
					: {}),
			},
		],
		[
			'r',
			{
				...shared,
				operation: 'get',
				name: 'Get',
				action: `Get ${one}`,
				description: `Retrieve one ${one}`,
				route: `GET ${collection}/{id}`,
				answer: { kind: 'object' },
				fields: [...place, part, ...money],
			},
		],
		[
			'l',
			{
				...shared,
				operation: 'getAll',
				name: 'Get Many',
				action: `Get many ${many}`,
				description: `List the ${many} of an owner`,
				route: `GET ${collection}`,
				answer: { kind: 'list', at: 'rows' },
				list: rule.unpaged ? linkedList : rowsList,
				fields: [...place, ...money],
			},
		],
		[
			'u',
			{
				...shared,
				operation: 'update',
				name: 'Update',
				action: `Update ${one}`,
				description: `Change one ${one}; fields that are not given stay as they are`,
				route: `PUT ${collection}/{id}`,
				answer: { kind: 'object' },
				fields: [...place, part, fieldsOf('update'), ...money],
				prepare: async (calls, work) => {
					await finish(
						calls.filter(({ problem }) => !problem),
						work,
					);
				},
			},
		],
		['d', deletePartOperation(rule, collection, type, [...place, part])],
	];
	return operations.filter(([letter]) => does.includes(letter)).map(([, operation]) => operation);
}

const nothing = () =>
	new InputProblem(
		'Fields',
		'hold nothing to write',
		'Give at least one field a value, or check the expressions that fill them.',
	);

/** Throws `InputProblem` for a list whose rows come and go by themselves. */
function checkList({ lists }: PartRule, call: Call, fixed: string[]): void {
	const { partList } = call.path;
	const { operation } = call.operation;
	if (operation === 'update' || partList === undefined || !fixed.includes(partList)) return;
	throw new InputProblem(
		'List',
		`is '${lists[partList]}', ${operation === 'delete' ? 'from which nothing can be deleted' : 'to which nothing can be added'}`,
		'These rows come with the routing. Choose another list, or Update.',
	);
}

/**
 * A reference to a part that was given by its ID alone has no owner in its address: the call's own, where it is of
 * that type. Throws `InputProblem` where nobody knows it.
 */
function completeInside(call: Call, table: Record<string, TypeField>): void {
	const rule = partRule(call.operation.resource);
	for (const [name, value] of Object.entries(call.body)) {
		const [owner, list] = table[name]?.ref?.[0]?.split('/') ?? [];
		if (!list) continue;
		for (const one of Array.isArray(value) ? value : [value]) {
			const meta = (one as { meta?: IDataObject } | null)?.meta;
			const id = new RegExp(`/entity/${owner}/${list}/(${UUID})$`).exec(String(meta?.href))?.[1];
			if (!meta || !id) continue;
			if (!rule || owner !== single(rule)) {
				throw new InputProblem(
					table[name].label,
					`is the ID '${id}', which does not tell what it belongs to`,
					"Give the object's link, or its meta with href and type.",
				);
			}
			meta.href = `${call.baseUrl}/entity/${owner}/${call.path.ownerId}/${list}/${id}`;
		}
	}
}

function deletePartOperation(
	rule: PartRule,
	collection: `/entity/${string}`,
	type: PartRule['type'],
	fields: Field[],
): Operation {
	const { resource, one, does, fixed = [] } = rule;
	const operation = {
		resource: resource.value,
		docs: DOCS,
		action: `Delete ${one}`,
		description: `Delete one ${one} for good`,
		fields,
		output: {
			deleted: { type: 'boolean' },
			...(single(rule) ? {} : { ownerType: { type: 'string' } }),
			ownerId: { type: 'string' },
			...(Object.keys(rule.lists).length > 1 ? { partList: { type: 'string' } } : {}),
			id: { type: 'string' },
		} satisfies Record<string, OutputField>,
	};
	const checked: Pick<Operation, 'prepare'> =
		fixed.length > 0
			? {
					prepare: async (calls: Call[]) => {
						for (const call of calls) guard(call, () => checkList(rule, call, fixed));
						await Promise.resolve();
					},
				}
			: {};
	if (type && does.includes('D')) {
		return {
			...deletePart({ ...operation, collection, type }),
			...checked,
			notes: 'Several of one owner share a request.',
		};
	}
	return {
		...operation,
		...checked,
		operation: 'delete',
		name: 'Delete',
		route: `DELETE ${collection}/{id}`,
		answer: { kind: 'deleted' },
		notes: 'One request per item.',
	};
}

export const partResources: Choice[] = rules.map(({ resource }) => resource);
export const partRules: readonly PartRule[] = rules;
export const parts: Operation[] = rules.flatMap(operationsFor);
