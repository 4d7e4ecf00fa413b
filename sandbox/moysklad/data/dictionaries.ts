import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { mix, pick } from '../../shared/random';
import { MoySkladError } from '../errors';
import { SHORT } from '../fields';
import type { FieldTable } from '../fields';
import { EQUALITY } from '../filter';
import type { Entity } from '../world';
import { refId } from '../world';
import {
	COMPANY_TYPES,
	CONTRACT,
	COUNTRY,
	ORGANIZATION,
	REQUISITES,
	RETAIL_STORE,
	checkEmail,
} from './agreements';
import { BONUS_PROGRAM, BONUS_TRANSACTION } from './bonuses';
import { CURRENCY } from './currencies';
import type { Dictionary, DictionaryDefinition, WriteContext } from './dictionary';
import {
	date,
	flag,
	newExternalCode,
	owned,
	ownedTable,
	readState,
	text,
	to,
	updatedAt,
	uuid,
} from './dictionary';
import { CUSTOMER_ORDER } from './orders';
import { TASK } from './tasks';
import { CITIES, COMPANY_WORDS, FOLDERS, SUBFOLDERS } from './words';

export { Dictionary } from './dictionary';
export type { DictionaryDefinition } from './dictionary';

const FOLDER_TOP = 10;
const FOLDER_CHILDREN = 5;

/** How many product folders there are: ten at the top, five below each. */
export const FOLDER_COUNT = FOLDER_TOP * (1 + FOLDER_CHILDREN);
/** How many stores there are. */
export const STORE_COUNT = 4;
/** How many counterparties there are. */
export const COUNTERPARTY_COUNT = 1200;

const STORES = ['Main store', 'Склад на Тверской', 'Returns', 'Transit'];
const UNITS = [
	{ name: 'шт', description: 'Штука', code: '796' },
	{ name: 'кг', description: 'Килограмм', code: '166' },
	{ name: 'л', description: 'Литр', code: '112' },
	{ name: 'упак', description: 'Упаковка', code: '778' },
];
const EMPLOYEES = ['admin', 'second', 'cashier'];

/** Parent of a folder, or `undefined` at the top level. */
export function parentFolder(index: number): number | undefined {
	return index < FOLDER_TOP ? undefined : Math.floor((index - FOLDER_TOP) / FOLDER_CHILDREN);
}

/** Name of a folder, without its parents. */
function folderName(index: number): string {
	return index < FOLDER_TOP ? FOLDERS[index] : SUBFOLDERS[(index - FOLDER_TOP) % FOLDER_CHILDREN];
}

/** Names from the root to a folder, joined with `/`. */
export function folderPath(index: number): string {
	const parent = parentFolder(index);
	return parent === undefined ? folderName(index) : `${folderName(parent)}/${folderName(index)}`;
}

const FOLDER_FIELDS: FieldTable = ownedTable({
	productFolder: { kind: 'reference', types: ['productfolder'] },
	useParentVat: { kind: 'boolean', fallback: true },
	vat: { kind: 'int', min: 0 },
	vatEnabled: { kind: 'boolean' },
	taxSystem: {
		kind: 'enum',
		fallback: 'TAX_SYSTEM_SAME_AS_GROUP',
		values: [
			'GENERAL_TAX_SYSTEM',
			'PATENT_BASED',
			'PRESUMPTIVE_TAX_SYSTEM',
			'SIMPLIFIED_TAX_SYSTEM_INCOME',
			'SIMPLIFIED_TAX_SYSTEM_INCOME_OUTCOME',
			'TAX_SYSTEM_SAME_AS_GROUP',
			'UNIFIED_AGRICULTURAL_TAX',
		],
	},
});

function fullPath(entity: Entity): string {
	return entity.pathName === '' ? String(entity.name) : `${entity.pathName}/${entity.name}`;
}

/** Field that points to an object's parent in a tree. */
type ParentField = 'productFolder' | 'parent';

function treeOf(field: ParentField, { state }: WriteContext): Dictionary {
	return state.dictionary(field === 'parent' ? 'store' : 'productfolder');
}

/** Everything below an object of a tree with its path as it will be, parents first. */
function descendants(
	tree: Dictionary,
	root: Entity,
	path: string,
): Array<{ entity: Entity; pathName: string }> {
	return tree
		.holdersOf(String(root.id))
		.flatMap((entity) => [
			{ entity, pathName: path },
			...descendants(tree, entity, `${path}/${entity.name}`),
		]);
}

/**
 * `pathName` is the way from the root to the parent. Throws 3051 when a path with the name is longer
 * than 255 characters, here or further below, and 3007 when an object would be its own ancestor.
 */
function completePath(
	patch: Entity,
	before: Entity | undefined,
	field: ParentField,
	context: WriteContext,
): void {
	if (before !== undefined && !(field in patch) && !('name' in patch)) return;
	const after: Entity = { ...before, ...patch };
	const tree = treeOf(field, context);
	const parentId = refId(after[field]);
	const parent = parentId === undefined ? undefined : tree.find(parentId);
	const pathName = parent === undefined ? '' : fullPath(parent);
	const whole = fullPath({ ...after, pathName });
	const below = before === undefined ? [] : descendants(tree, before, whole);
	if (parentId !== undefined && before !== undefined) {
		const inside = below.some(({ entity }) => entity.id === parentId);
		if (inside || parentId === before.id) {
			throw new MoySkladError(3007, [field], { parameter: field });
		}
	}
	const longest = Math.max(
		whole.length,
		...below.map((one) => one.pathName.length + 1 + String(one.entity.name).length),
	);
	if (longest > SHORT) throw new MoySkladError(3051, [], { parameter: 'name' });
	patch.pathName = pathName;
}

/** Gives everything below a renamed or moved object its new path. */
function spreadPath(
	after: Entity,
	before: Entity | undefined,
	field: ParentField,
	context: WriteContext,
): void {
	if (before === undefined || !('name' in before || 'pathName' in before)) return;
	const tree = treeOf(field, context);
	for (const { entity, pathName } of descendants(tree, after, fullPath(after))) {
		tree.change(entity, { pathName });
	}
}

/** The VAT that applies: the parent's unless the folder has its own (MoySklad docs: Product folder). */
function completeVat(patch: Entity, before: Entity | undefined, { state }: WriteContext): void {
	const after: Entity = { ...before, ...patch };
	if (after.useParentVat === true) {
		const parent = state.dictionary('productfolder').find(refId(after.productFolder) ?? '');
		patch.effectiveVat = parent === undefined ? 20 : parent.effectiveVat;
		patch.effectiveVatEnabled = parent === undefined ? true : parent.effectiveVatEnabled;
	} else {
		patch.effectiveVat = after.vat ?? 0;
		patch.effectiveVatEnabled = after.vatEnabled ?? (after.vat !== undefined && after.vat !== 0);
	}
}

/** The plain dictionaries of the account (MoySklad docs: Entities). */
export const DICTIONARIES: readonly DictionaryDefinition[] = [
	{
		keyword: 'productfolder',
		fields: {
			accountId: uuid,
			archived: flag,
			code: text,
			description: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			pathName: text,
			shared: flag,
			updated: date,
		},
		sort: ['id', 'version', 'updated', 'updatedBy', 'name', 'externalCode', 'archived', 'pathName'],
		search: ['name', 'code'],
		expand: ['group', 'owner', 'productFolder'],
		size: FOLDER_COUNT,
		generate: (index, world) => {
			const parent = parentFolder(index);
			return {
				...owned(world),
				updated: updatedAt(world, 11, index),
				name: folderName(index),
				code: `F${String(index).padStart(3, '0')}`,
				externalCode: `folder-${index}`,
				archived: false,
				pathName: parent === undefined ? '' : folderPath(parent),
				useParentVat: true,
				effectiveVat: 20,
				effectiveVatEnabled: true,
				taxSystem: 'TAX_SYSTEM_SAME_AS_GROUP',
				...(parent === undefined ? {} : { productFolder: world.ref('productfolder', parent) }),
			};
		},
		holds: ['productFolder'],
		write: {
			fields: FOLDER_FIELDS,
			defaults: (context, id) => ({
				...context.owned,
				externalCode: newExternalCode(id),
				archived: false,
				pathName: '',
				useParentVat: true,
				effectiveVat: 20,
				effectiveVatEnabled: true,
				taxSystem: 'TAX_SYSTEM_SAME_AS_GROUP',
			}),
			complete: (patch, before, context) => {
				completePath(patch, before, 'productFolder', context);
				completeVat(patch, before, context);
			},
			spread: (after, before, context) => spreadPath(after, before, 'productFolder', context),
		},
	},
	{
		keyword: 'store',
		fields: {
			accountId: uuid,
			address: text,
			archived: flag,
			code: text,
			description: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			parent: to('store'),
			pathName: text,
			shared: flag,
			updated: date,
		},
		sort: [
			'id',
			'version',
			'updated',
			'updatedBy',
			'name',
			'description',
			'code',
			'externalCode',
			'address',
			'archived',
			'pathName',
		],
		search: ['name', 'code'],
		expand: ['group', 'owner', 'parent'],
		size: STORE_COUNT,
		generate: (index, world) => ({
			...owned(world),
			updated: updatedAt(world, 12, index),
			name: STORES[index],
			code: `S${index + 1}`,
			description: index === 2 ? 'Goods that came back' : '',
			externalCode: `store-${index}`,
			archived: false,
			address: `${pick(CITIES, index)}, Sadovaya street, ${index * 7 + 1}`,
			addressFull: { city: pick(CITIES, index), street: 'Sadovaya', house: String(index * 7 + 1) },
			pathName: index === 3 ? STORES[0] : '',
			...(index === 3 ? { parent: world.ref('store', 0) } : {}),
		}),
		holds: ['parent'],
		write: {
			fields: ownedTable({
				address: { kind: 'string', max: SHORT },
				addressFull: { kind: 'object' },
				archived: { kind: 'boolean', fallback: false },
				parent: { kind: 'reference', types: ['store'] },
			}),
			defaults: (context, id) => ({
				...context.owned,
				externalCode: newExternalCode(id),
				archived: false,
				pathName: '',
			}),
			complete: (patch, before, context) => completePath(patch, before, 'parent', context),
			spread: (after, before, context) => spreadPath(after, before, 'parent', context),
			mayDelete: (entity, { state }) => {
				// Every store that the account began with has stock.
				if (state.dictionary('store').isGenerated(String(entity.id))) {
					throw new MoySkladError(1028, [], { dependencies: [] });
				}
			},
		},
	},
	CURRENCY,
	{
		keyword: 'counterparty',
		fields: {
			accountId: uuid,
			actualAddress: text,
			archived: flag,
			code: text,
			companyType: {
				kind: 'enum',
				operators: EQUALITY,
				values: COMPANY_TYPES,
			},
			created: date,
			description: text,
			discountCardNumber: text,
			email: text,
			externalCode: text,
			fax: text,
			group: to('group'),
			id: uuid,
			inn: text,
			kpp: text,
			legalAddress: text,
			legalTitle: text,
			name: text,
			owner: to('employee'),
			phone: text,
			shared: flag,
			state: { kind: 'state', operators: EQUALITY },
			'state.name': text,
			syncId: uuid,
			tags: text,
			updated: date,
		},
		sort: [
			'id',
			'version',
			'updated',
			'updatedBy',
			'name',
			'description',
			'code',
			'externalCode',
			'archived',
			'created',
			'phone',
			'email',
			'fax',
		],
		search: ['name', 'code', 'email', 'phone'],
		expand: ['bonusProgram', 'group', 'owner', 'state'],
		size: COUNTERPARTY_COUNT,
		generate: (index, world) => {
			const h = mix(world.seed, 13, index);
			const companyType = pick(['legal', 'legal', 'entrepreneur', 'individual'], h);
			const updated = updatedAt(world, 13, index);
			const href = world.href('counterparty', world.id('counterparty', index));
			return {
				...owned(world),
				updated,
				created: moscowMillis(DATA_EPOCH - 31_536_000_000 - (h % 31_536_000) * 1000),
				name: `${pick(COMPANY_WORDS, h)} ${pick(CITIES, h >>> 8)} ${index + 1}`,
				code: `C${String(index + 1).padStart(5, '0')}`,
				externalCode: `counterparty-${index}`,
				archived: index % 40 === 39,
				companyType,
				legalTitle: `${pick(COMPANY_WORDS, h)} LLC`,
				inn: String(7_700_000_000 + (h % 99_999_999)),
				email: `office${index + 1}@example.com`,
				phone: `+7 495 ${100 + (h % 900)}-${10 + (index % 90)}-${10 + (h % 90)}`,
				actualAddress: `${pick(CITIES, h >>> 8)}, Lenina street, ${1 + (h % 120)}`,
				tags: index % 3 === 0 ? ['wholesale', 'regular'] : ['retail'],
				salesAmount: (h % 5_000_000) + 0.5,
				accounts: world.collection(`${href}/accounts`, 'account', 0),
				contactpersons: world.collection(`${href}/contactpersons`, 'contactperson', 0),
				notes: world.collection(`${href}/notes`, 'note', 0),
				files: world.collection(`${href}/files`, 'files', 0),
			};
		},
		holds: ['bonusProgram'],
		write: {
			fields: ownedTable({
				...REQUISITES,
				discountCardNumber: { kind: 'string', max: SHORT },
				tags: { kind: 'strings', fallback: [] },
				priceType: { kind: 'object' },
				birthDate: { kind: 'date' },
				sex: { kind: 'enum', values: ['MALE', 'FEMALE'] },
			}),
			defaults: (context, id) => {
				const { world, stamp } = context;
				const href = world.href('counterparty', id);
				return {
					...context.owned,
					externalCode: newExternalCode(id),
					created: stamp,
					archived: false,
					companyType: 'legal',
					tags: [],
					salesAmount: 0,
					accounts: world.collection(`${href}/accounts`, 'account', 0),
					contactpersons: world.collection(`${href}/contactpersons`, 'contactperson', 0),
					notes: world.collection(`${href}/notes`, 'note', 0),
					files: world.collection(`${href}/files`, 'files', 0),
				};
			},
			complete: (patch, _before, context) => {
				checkEmail(patch);
				// MoySklad docs: tags are kept in lower case.
				if (Array.isArray(patch.tags)) {
					patch.tags = patch.tags.map((tag) => String(tag).toLowerCase());
				}
				if (context.fields.state !== undefined) {
					patch.state = readState('counterparty', context);
				}
			},
		},
	},
	{
		keyword: 'uom',
		fields: {
			accountId: uuid,
			code: text,
			description: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			shared: flag,
			updated: date,
		},
		sort: ['id', 'version', 'updated', 'name', 'description', 'code', 'externalCode'],
		search: ['name', 'description'],
		expand: ['group', 'owner'],
		size: UNITS.length,
		generate: (index, world) => ({
			updated: updatedAt(world, 14, index),
			...UNITS[index],
			externalCode: `uom-${index}`,
		}),
		write: {
			fields: ownedTable({}),
			defaults: (context, id) => ({ ...context.owned, externalCode: newExternalCode(id) }),
			mayChange: (before, { state }) => {
				if (state.dictionary('uom').isGenerated(String(before.id))) {
					throw new MoySkladError(1024);
				}
			},
			mayDelete: (entity, { state }) => {
				if (state.dictionary('uom').isGenerated(String(entity.id))) {
					throw new MoySkladError(1025);
				}
			},
		},
	},
	{
		keyword: 'employee',
		fields: {
			accountId: uuid,
			archived: flag,
			email: text,
			externalCode: text,
			firstName: text,
			group: to('group'),
			id: uuid,
			lastName: text,
			middleName: text,
			name: text,
			phone: text,
			uid: text,
			updated: date,
		},
		sort: [
			'id',
			'version',
			'updated',
			'updatedBy',
			'name',
			'externalCode',
			'archived',
			'email',
			'uid',
		],
		search: ['name', 'email', 'phone'],
		expand: ['group'],
		size: EMPLOYEES.length,
		generate: (index, world) => ({
			shared: true,
			group: world.ref('group', 0),
			updated: updatedAt(world, 15, index),
			name: EMPLOYEES[index],
			externalCode: `employee-${index}`,
			archived: false,
			uid: `${EMPLOYEES[index]}@sandbox`,
			email: `${EMPLOYEES[index]}@example.com`,
			lastName: EMPLOYEES[index],
			shortFio: EMPLOYEES[index],
			fullName: EMPLOYEES[index],
		}),
	},
	{
		keyword: 'group',
		// MoySklad docs: Department; its list cannot be filtered by the name.
		fields: { accountId: uuid, id: uuid },
		sort: ['id', 'name'],
		search: ['name'],
		expand: [],
		size: 1,
		generate: () => ({ name: 'Основной', index: 0 }),
	},
	ORGANIZATION,
	COUNTRY,
	CONTRACT,
	RETAIL_STORE,
	BONUS_PROGRAM,
	BONUS_TRANSACTION,
	TASK,
	CUSTOMER_ORDER,
];
