import type { Attributes } from './attributes';
import { attributeOfField, attributeRule } from './attributes';
import type { Assortment, RowType } from './data/assortment';
import { ROW_TYPES } from './data/assortment';
import { FOLDER_COUNT, STORE_COUNT, parentFolder } from './data/dictionaries';
import { goodsRules } from './data/fromFacts';
import type { Stock } from './data/stock';
import { stockNumber } from './data/stock';
import { MoySkladError } from './errors';
import type { Condition, FieldRule, Filter, LikePolicy } from './filter';
import { EQUAL, EQUALITY, ORDERED, TEXT, parseFilter } from './filter';
import { text, to, uuid } from './data/dictionary';
import type { SortKey } from './query';
import type { World } from './world';

const flag: FieldRule = { kind: 'boolean', operators: EQUAL };
const updated: FieldRule = {
	kind: 'date',
	operators: ['=', '<', '<=', '>', '>='],
	looseOrder: true,
};
const stockModes: FieldRule = {
	kind: 'enum',
	operators: EQUAL,
	values: ['all', 'positiveOnly', 'negativeOnly', 'empty', 'nonEmpty', 'underMinimum'],
};

const COMMON_FIELDS: Record<string, FieldRule> = {
	archived: flag,
	code: text,
	description: text,
	externalCode: text,
	group: to('group'),
	id: uuid,
	name: text,
	productFolder: to('productfolder'),
	supplier: to('counterparty', 'organization'),
	updated,
	withSubFolders: flag,
};

/** A list over goods: which fields it filters and sorts by, and what it expands. */
export interface GoodsList {
	fields: Record<string, FieldRule>;
	sort: ReadonlySet<string>;
	expand: ReadonlySet<string>;
	like: LikePolicy;
	/** Folder filters include subfolders unless `withSubFolders=false`. */
	subFolders: boolean;
	/** The list has stock fields and the filters on them. */
	stock: boolean;
	/** Refuse to expand anything else (1089); otherwise unknown fields are ignored. */
	strictExpand: boolean;
	/** The parameter `search` is not known and has no effect. */
	noSearch?: boolean;
	/** Only rows of this type. */
	type?: RowType;
}

/** `GET /entity/assortment` as it always was (MoySklad docs: Assortment; "legacy"). */
export const LEGACY_ASSORTMENT: GoodsList = {
	fields: {
		...COMMON_FIELDS,
		'alcoholic.type': { kind: 'number', operators: EQUALITY },
		article: text,
		barcode: { kind: 'string', operators: EQUAL },
		isSerialTrackable: flag,
		minimumBalance: { kind: 'number', operators: ORDERED },
		owner: to('employee'),
		pathname: text,
		quantityMode: stockModes,
		salePrice: { kind: 'number', operators: ORDERED },
		search: { kind: 'string', operators: EQUAL },
		shared: flag,
		stockMode: stockModes,
		stockMoment: { kind: 'date', operators: EQUAL },
		stockStore: to('store'),
		// The older docs allow these operators and the value `kit`.
		type: { kind: 'string', operators: TEXT },
		updatedBy: { kind: 'string', operators: EQUALITY },
		weighed: flag,
	},
	sort: new Set([
		'id',
		'name',
		'code',
		'externalCode',
		'article',
		'description',
		'pathName',
		'pathname',
		'updated',
		'archived',
		'type',
		'stock',
		'reserve',
		'inTransit',
		'quantity',
		'minimumBalance',
		'salePrice',
	]),
	expand: new Set([
		'product',
		'productFolder',
		'supplier',
		'uom',
		'owner',
		'group',
		'images',
		'components',
		'assortment',
	]),
	like: 'many',
	subFolders: false,
	stock: true,
	strictExpand: false,
};

/** The endpoint behind `X-Lognex-Remap-Beta-Feature: assortmentWithoutStock` (since 2026-04-07). */
export const NEW_ASSORTMENT: GoodsList = {
	fields: {
		...COMMON_FIELDS,
		barcode: { kind: 'string', operators: ['=', '~', '~=', '=~'] },
		pathName: text,
		type: { kind: 'enum', operators: EQUAL, values: ROW_TYPES },
	},
	sort: new Set(['name', 'code', 'pathName', 'article']),
	expand: new Set(['product', 'images', 'components']),
	like: 'pair',
	subFolders: true,
	stock: false,
	strictExpand: true,
};

/** `GET /entity/product`. */
export const PRODUCT_LIST: GoodsList = {
	fields: {
		...goodsRules('product').fields,
		...COMMON_FIELDS,
		archived: { kind: 'boolean', operators: EQUALITY },
		accountId: uuid,
		article: text,
		barcode: text,
		isSerialTrackable: { kind: 'boolean', operators: EQUALITY },
		minimumBalance: { kind: 'number', operators: ORDERED },
		owner: to('employee'),
		pathName: text,
		shared: { kind: 'boolean', operators: EQUALITY },
		updated: { kind: 'date', operators: ORDERED },
		updatedBy: { kind: 'string', operators: EQUALITY },
		volume: { kind: 'number', operators: ORDERED },
		weight: { kind: 'number', operators: ORDERED },
	},
	sort: new Set([
		...goodsRules('product').sort,
		'id',
		'updated',
		'updatedBy',
		'name',
		'code',
		'externalCode',
		'archived',
		'pathName',
		'article',
		'isSerialTrackable',
		'weighed',
		'weight',
		'volume',
	]),
	expand: new Set(['productFolder', 'supplier', 'uom', 'owner', 'group', 'images']),
	like: 'first',
	subFolders: false,
	stock: false,
	strictExpand: false,
	type: 'product',
};

/** `GET /entity/service` (MoySklad docs: Service). */
export const SERVICE_LIST: GoodsList = {
	fields: {
		...goodsRules('service').fields,
		...COMMON_FIELDS,
		archived: { kind: 'boolean', operators: EQUALITY },
		accountId: uuid,
		barcode: text,
		owner: to('employee'),
		pathName: text,
		shared: { kind: 'boolean', operators: EQUALITY },
		syncId: uuid,
		updated: { kind: 'date', operators: ORDERED },
	},
	sort: new Set([
		...goodsRules('service').sort,
		'id',
		'updated',
		'name',
		'code',
		'externalCode',
		'archived',
		'pathName',
	]),
	expand: new Set(['productFolder', 'uom', 'owner', 'group']),
	like: 'first',
	subFolders: false,
	stock: false,
	strictExpand: false,
	type: 'service',
};

/** `GET /entity/variant` (MoySklad docs: Variant); `article` since 2026-06-26. */
export const VARIANT_LIST: GoodsList = {
	fields: {
		...goodsRules('variant').fields,
		accountId: uuid,
		archived: { kind: 'boolean', operators: EQUALITY },
		article: text,
		barcode: text,
		code: text,
		externalCode: text,
		id: uuid,
		name: text,
		updated: { kind: 'date', operators: ORDERED },
	},
	sort: new Set([
		...goodsRules('variant').sort,
		'id',
		'updated',
		'name',
		'code',
		'externalCode',
		'archived',
	]),
	expand: new Set(['product', 'images']),
	like: 'first',
	subFolders: false,
	stock: false,
	strictExpand: false,
	type: 'variant',
};

/** `GET /entity/consignment` (MoySklad docs: Batch). */
export const CONSIGNMENT_LIST: GoodsList = {
	fields: goodsRules('consignment').fields,
	sort: new Set(goodsRules('consignment').sort),
	expand: new Set(['assortment']),
	like: 'first',
	subFolders: false,
	stock: false,
	strictExpand: false,
	type: 'consignment',
};

/** `GET /entity/bundle` (MoySklad docs: Bundle); it has no `search`. */
export const BUNDLE_LIST: GoodsList = {
	fields: {
		accountId: uuid,
		archived: { kind: 'boolean', operators: EQUALITY },
		article: text,
		barcode: text,
		code: text,
		description: text,
		externalCode: text,
		group: to('group'),
		id: uuid,
		name: text,
		owner: to('employee'),
		pathName: text,
		shared: { kind: 'boolean', operators: EQUALITY },
		syncId: uuid,
		updated: { kind: 'date', operators: ORDERED },
		updatedBy: { kind: 'string', operators: EQUALITY },
		volume: { kind: 'number', operators: ORDERED },
		weight: { kind: 'number', operators: ORDERED },
	},
	sort: new Set([
		'id',
		'version',
		'updated',
		'updatedBy',
		'name',
		'description',
		'code',
		'externalCode',
		'archived',
		'pathName',
		'article',
		'weight',
		'volume',
		'syncId',
	]),
	expand: new Set([
		'components',
		'country',
		'files',
		'group',
		'images',
		'owner',
		'productFolder',
		'uom',
	]),
	like: 'first',
	subFolders: false,
	stock: false,
	strictExpand: false,
	noSearch: true,
	type: 'bundle',
};

/** What a request asks of a list of goods. */
export interface GoodsRequest {
	filter: string;
	search: string;
	order: SortKey[];
	groupBy: 'product' | 'variant' | 'consignment';
}

/** The rows of a list, and how stock is to be computed for them. */
export interface GoodsSelection {
	total: number;
	/** Row index at a position of the list. */
	at(position: number): number;
	/** Stores that count; all when absent. */
	stores?: number[];
	/** Moment of the stock, epoch ms; now when absent. */
	moment?: number;
}

function words(value: string): string[] {
	return value
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== '');
}

/** Word-prefix search: every word asked for must begin a word of the texts (MoySklad docs: search). */
export function prefixSearch(search: string, texts: readonly unknown[]): boolean {
	const wanted = words(search);
	const present = texts.flatMap((one) => (typeof one === 'string' ? words(one) : []));
	return wanted.every((word) => present.some((one) => one.startsWith(word)));
}

/** Sorts indexes by the values of several keys; empty values come first. */
export function sortIndexes(
	indexes: number[],
	order: readonly SortKey[],
	valueOf: (index: number, field: string) => unknown,
): number[] {
	const keys = order.map(({ field, descending }) => {
		const values = new Map<number, string | number>();
		for (const index of indexes) {
			const value = valueOf(index, field);
			if (typeof value === 'number') values.set(index, value);
			else
				values.set(index, value === undefined || value === null ? '' : String(value).toLowerCase());
		}
		return { values, sign: descending ? -1 : 1 };
	});
	return indexes.sort((a, b) => {
		for (const { values, sign } of keys) {
			const left = values.get(a) ?? '';
			const right = values.get(b) ?? '';
			if (left !== right) return (left < right ? -1 : 1) * sign;
		}
		return a - b;
	});
}

function folderSet(indexes: number[], withSubFolders: boolean): Set<number> {
	const folders = new Set(indexes);
	if (!withSubFolders) return folders;
	for (let folder = 0; folder < FOLDER_COUNT; folder++) {
		let parent = parentFolder(folder);
		while (parent !== undefined) {
			if (folders.has(parent)) folders.add(folder);
			parent = parentFolder(parent);
		}
	}
	return folders;
}

function modeHolds(mode: string, amount: number, minimum: unknown): boolean {
	switch (mode) {
		case 'positiveOnly':
			return amount > 0;
		case 'negativeOnly':
			return amount < 0;
		case 'empty':
			return amount === 0;
		case 'nonEmpty':
			return amount !== 0;
		case 'underMinimum':
			return typeof minimum === 'number' && amount < minimum;
		default:
			return true;
	}
}

const CACHE_SIZE = 24;

/** Selects rows of goods. Results are kept until the goods change, so that paging costs nothing. */
export class GoodsLists {
	private readonly cache = new Map<string, { version: number; selection: GoodsSelection }>();
	private readonly listIds = new Map<GoodsList, number>();

	constructor(
		readonly world: World,
		private readonly goods: Assortment,
		readonly attributes: Attributes,
	) {}

	/** The rows that a request selects. Throws the filter and sort errors (1034, 1035, 1063 …). */
	select(list: GoodsList, request: GoodsRequest): GoodsSelection {
		const listId = this.listIds.get(list) ?? this.listIds.size;
		this.listIds.set(list, listId);
		const key = JSON.stringify([listId, request]);
		const cached = this.cache.get(key);
		if (cached?.version === this.goods.version) return cached.selection;
		const selection = this.compute(list, request);
		this.cache.delete(key);
		this.cache.set(key, { version: this.goods.version, selection });
		if (this.cache.size > CACHE_SIZE) {
			const oldest = this.cache.keys().next();
			if (oldest.done !== true) this.cache.delete(oldest.value);
		}
		return selection;
	}

	private rule(list: GoodsList, field: string): FieldRule | undefined {
		if (field.includes('/')) return attributeRule(this, 'product', field);
		return Object.hasOwn(list.fields, field) ? list.fields[field] : undefined;
	}

	private compute(list: GoodsList, request: GoodsRequest): GoodsSelection {
		const { goods } = this;
		const filter = parseFilter(request.filter, {
			rule: (field) => this.rule(list, field),
			like: list.like,
			base: this.world.base,
		});
		for (const { field } of request.order) {
			if (!list.sort.has(field)) throw new MoySkladError(1063, [field]);
		}
		const plain =
			filter.empty &&
			request.search === '' &&
			request.order.length === 0 &&
			request.groupBy === 'variant' &&
			list.type === undefined &&
			goods.pristine;
		// The default list is the beginning of the generated rows: nothing to compute or keep.
		if (plain) return { total: goods.live, at: (position) => position };
		const stores = this.stores(filter.take('stockStore'));
		const moment = (filter.take('stockMoment')[0]?.values[0] as { from: number } | undefined)?.from;
		const tests = [
			this.archivedTest(filter),
			this.typeTest(list, filter, request.groupBy),
			this.folderTest(list, filter),
			this.searchTest(filter.take('search'), list.noSearch === true ? '' : request.search),
			this.stockTest(filter, stores, moment),
		].filter((test) => test !== undefined);
		if (filter.has('alcoholic.type') || filter.has('weighed')) {
			tests.push((row) => goods.hasStock(row));
		}
		let rows: number[] = [];
		for (const row of this.candidates(filter)) {
			if (!goods.exists(row)) continue;
			if (!tests.every((test) => test(row))) continue;
			if (filter.empty || filter.matches((field) => this.value(row, field))) rows.push(row);
		}
		if (request.order.length > 0) {
			rows = sortIndexes(rows, request.order, (row, field) =>
				this.sortValue(row, field, stores, moment),
			);
		}
		const packed = Uint32Array.from(rows);
		return { total: packed.length, at: (position) => packed[position], stores, moment };
	}

	/**
	 * The rows that the conditions on `id` leave, in their order. They are looked up rather than
	 * searched for: a batch of 150 ids must not cost 150 times 100,000 comparisons.
	 */
	private *candidates(filter: Filter): Generator<number> {
		const { goods } = this;
		const conditions = filter.take('id');
		const wanted = conditions.find(({ operator }) => operator === '=');
		if (wanted) {
			const found = wanted.values.map((id) =>
				typeof id === 'string' ? goods.findAny(id) : undefined,
			);
			yield* [...new Set(found.filter((row) => row !== undefined))].sort((a, b) => a - b);
			return;
		}
		const unwanted = new Set<unknown>(conditions.flatMap(({ values }) => values));
		for (let row = 0; row < goods.size; row++) {
			if (unwanted.size === 0 || !unwanted.has(goods.id(row))) yield row;
		}
	}

	private value(row: number, field: string): unknown {
		if (field === 'pathname') return this.goods.value(row, 'pathName');
		if (field.includes('/')) {
			const definition = attributeOfField(this, 'product', field);
			return definition && this.goods.attributeValue(row, definition);
		}
		return this.goods.value(row, field);
	}

	private sortValue(row: number, field: string, stores?: number[], moment?: number): unknown {
		if (field === 'stock' || field === 'reserve' || field === 'inTransit' || field === 'quantity') {
			if (!this.goods.hasStock(row)) return undefined;
			return stockNumber(this.goods.stock.total(row, stores, moment), field);
		}
		return this.value(row, field);
	}

	private stores(conditions: Condition[]): number[] | undefined {
		if (conditions.length === 0) return undefined;
		let stores = Array.from({ length: STORE_COUNT }, (_unused, index) => index);
		for (const { operator, values } of conditions) {
			const named = values.map((value) => this.world.space('store').index(String(value)));
			stores = stores.filter((store) => named.includes(store) === (operator === '='));
		}
		return stores;
	}

	private archivedTest(filter: Filter): ((row: number) => boolean) | undefined {
		if (filter.has('archived')) return undefined;
		return (row) => this.goods.value(row, 'archived') !== true;
	}

	private typeTest(
		list: GoodsList,
		filter: Filter,
		groupBy: GoodsRequest['groupBy'],
	): (row: number) => boolean {
		const types = filter.take('type');
		for (const { texts } of types) {
			for (const [index, value] of texts.entries()) {
				if (value === 'kit' && list === LEGACY_ASSORTMENT) texts[index] = 'bundle';
			}
		}
		const exact = types.filter(({ operator }) => operator === '=' || operator === '!=');
		for (const { texts } of exact) {
			for (const value of texts) {
				if (value !== '' && !ROW_TYPES.includes(value as RowType)) {
					throw new MoySkladError(1041, [value, 'type', ROW_TYPES.join(', ')]);
				}
				if (value === 'consignment' && groupBy !== 'consignment') {
					throw new MoySkladError(1034, ['type=consignment needs groupBy=consignment']);
				}
			}
		}
		return (row) => {
			const type = this.goods.type(row);
			if (list.type !== undefined && type !== list.type) return false;
			if (type === 'consignment' && groupBy !== 'consignment') return false;
			if (type === 'variant' && groupBy === 'product') return false;
			return types.every(({ operator, texts }) => {
				if (operator === '=') return texts.includes(type);
				if (operator === '!=') return !texts.includes(type);
				return texts.some((value) => {
					if (operator === '~') return type.includes(value);
					return operator === '~=' ? type.startsWith(value) : type.endsWith(value);
				});
			});
		};
	}

	private folderTest(list: GoodsList, filter: Filter): ((row: number) => boolean) | undefined {
		const conditions = filter.take('productFolder');
		const wanted = filter.take('withSubFolders')[0]?.values[0];
		if (conditions.length === 0) {
			if (wanted !== undefined) {
				throw new MoySkladError(1034, ['withSubFolders needs productFolder'], {
					parameter: 'withSubFolders',
				});
			}
			return undefined;
		}
		const withSubFolders = wanted === undefined ? list.subFolders : wanted === true;
		const space = this.world.space('productfolder');
		const checks = conditions.map(({ operator, values }) => {
			const indexes = values
				.map((value) => (value === null ? undefined : space.index(String(value))))
				.filter((index) => index !== undefined);
			const folders = folderSet(indexes, withSubFolders);
			return { positive: operator === '=', folders, none: values.includes(null) };
		});
		return (row) => {
			const id = this.goods.value(row, 'productFolder');
			const folder = typeof id === 'string' ? space.index(id) : undefined;
			return checks.every(({ positive, folders, none }) => {
				const inside = folder === undefined ? none : folders.has(folder);
				return inside === positive;
			});
		};
	}

	private searchTest(
		conditions: Condition[],
		parameter: string,
	): ((row: number) => boolean) | undefined {
		const inFilter = conditions[0]?.texts ?? [];
		if (inFilter.length > 1) throw new MoySkladError(1034, ['search can be given only once']);
		const search = [...inFilter, parameter].filter((one) => one !== '');
		if (search.length === 0) return undefined;
		const fields = ['name', 'code', 'article', 'externalCode', 'description'];
		return (row) =>
			search.every((one) => {
				const barcodes = this.goods.value(row, 'barcode');
				if (Array.isArray(barcodes) && barcodes.includes(one)) return true;
				return prefixSearch(
					one,
					fields.map((field) => this.goods.value(row, field)),
				);
			});
	}

	private stockTest(
		filter: Filter,
		stores: number[] | undefined,
		moment: number | undefined,
	): ((row: number) => boolean) | undefined {
		const stockMode = filter.take('stockMode')[0]?.texts[0] ?? 'all';
		const quantityMode = filter.take('quantityMode')[0]?.texts[0] ?? 'all';
		if (stockMode === 'all' && quantityMode === 'all') return undefined;
		return (row) => {
			if (!this.goods.hasStock(row)) return false;
			const stock: Stock = this.goods.stock.total(row, stores, moment);
			const minimum = this.goods.value(row, 'minimumBalance');
			return (
				modeHolds(stockMode, stock.stock, minimum) &&
				modeHolds(quantityMode, stockNumber(stock, 'quantity'), minimum)
			);
		};
	}
}
