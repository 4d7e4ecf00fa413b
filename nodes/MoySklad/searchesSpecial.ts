/** Lists behind the locators of objects that live inside others, and of goods of several types. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import type { Locator } from '../shared/catalogue';
import { rowsAt, type PageStyle } from '../shared/road/paging';
import { locatorId } from '../shared/form/parameters';
import { InputProblem } from '../shared/errors/problems';
import { listSearch } from '../shared/form/search';
import { COMPONENT_TYPES } from './catalogue/bundleComponent';
import { ownerLocator } from './catalogue/image';
import { metadataType, type MetadataPart } from './catalogue/metadataTypes';
import { rowId } from './catalogue/nested';
import { partRule, placeFields } from './catalogue/parts';
import { customListLocator } from './catalogue/special';
import {
	entityLocator,
	linkedRows,
	oneAnswer,
	rowsStyle,
	statesStyle,
	WITHOUT_STOCK,
} from './lists';
import { idOf } from './simplify';
import { moySklad } from './vendor';

const PAGE = 100;

/** What the form shows now in a locator that this list depends on. Throws `InputProblem`. */
function chosenInLocator(
	context: ILoadOptionsFunctions,
	name: string,
	label: string,
	locator: Locator,
): string {
	const id = locatorId(label, locator, context.getCurrentNodeParameter(name));
	if (id !== undefined) return id;
	throw new InputProblem(
		label,
		'is not chosen yet',
		`Choose '${label}' first: this list shows what belongs to it.`,
	);
}

const owner = (entity: string, name: string, label: string) => (context: ILoadOptionsFunctions) =>
	chosenInLocator(context, name, label, entityLocator(entity, ''));

const task = owner('task', 'taskId', 'Task');
const bundle = owner('bundle', 'bundleId', 'Bundle');
const retailStore = owner('retailstore', 'retailStoreId', 'Retail Store');

/** Path of the images of the owner in the form. */
function imagesOf(context: ILoadOptionsFunctions): string {
	const type = String(context.getCurrentNodeParameter('ownerType') ?? 'product');
	return `/entity/${type}/${chosenInLocator(context, 'ownerId', 'Owner', ownerLocator)}/images`;
}

/** A list without a search of its own, read page by page. */
function parts(
	path: (context: ILoadOptionsFunctions) => string,
	name: (row: IDataObject) => string,
	more: { style?: PageStyle; expand?: string } = {},
) {
	return listSearch(moySklad, {
		style: more.style ?? rowsStyle,
		pageSize: PAGE,
		request: (context) => ({
			method: 'GET',
			path: path(context),
			query: more.expand ? { expand: more.expand } : {},
		}),
		entry: (row) => {
			const value = rowId(row);
			return value === undefined ? undefined : { name: name(row), value };
		},
		searchHere: true,
	});
}

/** Goods of certain types or of all; the value is a link where the type must be told along. */
export function goodsSearch(
	types: (context: ILoadOptionsFunctions) => string[],
	value: 'id' | 'link',
) {
	return listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context, filter) => {
			const conditions = types(context).map((type) => `type=${type}`);
			return {
				method: 'GET',
				path: '/entity/assortment',
				query: {
					...(filter ? { search: filter } : {}),
					...(conditions.length > 0 ? { filter: conditions.join(';') } : {}),
				},
				headers: WITHOUT_STOCK,
			};
		},
		entry: (row) => {
			const { href, type: of } = (row.meta ?? {}) as IDataObject;
			const words = [row.name, row.code ?? row.article].filter(Boolean).join(' – ');
			return {
				name: value === 'link' ? `${words} (${String(of)})` : words,
				value: value === 'link' ? String(href).split('?')[0] : String(row.id),
			};
		},
	});
}

const parameter = (name: string, otherwise: string) => (context: ILoadOptionsFunctions) =>
	String(context.getCurrentNodeParameter(name) ?? otherwise);

/** Path of a part of the metadata of the type in the form. */
const metadataPath =
	(part: MetadataPart, rest: string) =>
	(context: ILoadOptionsFunctions): string => {
		const type = parameter('entityType', '')(context);
		const keyword = type === 'other' ? parameter('otherEntityType', '')(context) : type;
		return `/entity/${metadataType(keyword, part)}/metadata${rest}`;
	};

/** What belongs to the account as a whole, by resource (`catalogue/account.ts`). */
const ACCOUNT_PATHS: Record<string, string> = {
	accountHistory: '/audit',
	asyncTask: '/async',
	notification: '/notification',
};

const rowName = (row: IDataObject | undefined) => row?.name as string | undefined;
const inner = (row: IDataObject, name: string) => row[name] as IDataObject | undefined;

/** Custom dictionaries stand in the metadata of the company's settings (MoySklad docs, Company settings). */
const customEntities = oneAnswer((answer) => {
	const body = answer.body as IDataObject | null;
	// An account without any has no list of them.
	if (body?.meta && body.customEntities === undefined) return [];
	return rowsAt('customEntities')(answer);
});

const ownersAmongGoods = goodsSearch(
	(context) => [parameter('ownerType', 'product')(context)],
	'id',
);
const contentCards = parts(
	() => '/entity/contentcard',
	(row) => String(row.name ?? row.cardContentName ?? row.id),
);

/** Path of the parts of the owner in the form (`catalogue/parts.ts`). */
function partsOf(context: ILoadOptionsFunctions): string {
	const rule = partRule(parameter('resource', '')(context));
	if (!rule) return '/entity';
	const [list] = Object.keys(rule.lists);
	const type = parameter('ownerType', rule.owners[0])(context);
	const owned = placeFields(rule).find(({ kind }) => kind === 'locator');
	if (owned?.kind !== 'locator') return '/entity';
	const id = chosenInLocator(context, owned.name, owned.label, owned.locator);
	const segment = parameter('partList', list)(context);
	return `/entity/${rule.owners.includes(type) ? type : rule.owners[0]}/${id}/${segment}`;
}

/** What tells a part from the others. */
function partName(row: IDataObject): string {
	const inside =
		rowName(inner(row, 'assortment')) ??
		rowName(inner(row, 'store')) ??
		rowName(inner(row, 'processingstage'));
	const words = row.name ?? row.accountNumber ?? row.description ?? row.label ?? inside;
	return String(words ?? rowId(row)).slice(0, 100);
}

const pagedParts = parts(partsOf, partName);
const unpagedParts = parts(partsOf, partName, { style: linkedRows });

export const specialSearches = {
	async searchParts(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const unpaged = partRule(parameter('resource', '')(this))?.unpaged;
		const search = unpaged ? unpagedParts : pagedParts;
		return await search.call(this, filter, paginationToken);
	},
	searchCharacteristics: parts(
		() => '/entity/variant/metadata/characteristics',
		(row) => String(row.name),
	),
	searchCustomListEntries: parts(
		(context) =>
			`/entity/customentity/${chosenInLocator(context, 'customentityId', 'Custom List', customListLocator)}`,
		(row) => String(row.name),
		{ style: linkedRows },
	),
	searchFiltersOfList: parts(
		(context) => `/entity/${parameter('filteredType', 'customerorder')(context)}/namedfilter`,
		(row) => String(row.name),
	),
	searchAssortment: goodsSearch(() => [], 'link'),
	searchAccountEntries: parts(
		(context) => ACCOUNT_PATHS[parameter('resource', '')(context)] ?? '/notification',
		(row) =>
			[
				row.state,
				String(row.created ?? row.moment ?? row.request ?? '').replace(/^.*\/api\/remap\/1\.2/, ''),
				row.title ?? row.uid,
				row.eventType,
				row.entityType ?? row.info,
			]
				.filter(Boolean)
				.join(' · '),
	),
	searchAttributes: parts(
		metadataPath('attributes', '/attributes'),
		(row) => `${String(row.name)} (${String(row.type)})`,
	),
	searchBundleComponents: parts(
		(context) => `/entity/bundle/${bundle(context)}/components`,
		(row) => {
			const item = inner(row, 'assortment');
			return `${String(row.quantity)} × ${rowName(item) ?? idOf(item) ?? ''}`;
		},
		{ expand: 'assortment' },
	),
	searchCashiers: parts(
		(context) => `/entity/retailstore/${retailStore(context)}/cashiers`,
		(row) => rowName(inner(row, 'employee')) ?? idOf(row.employee) ?? String(row.id),
		{ expand: 'employee' },
	),
	searchComponentGoods: goodsSearch(() => COMPONENT_TYPES, 'link'),
	searchCustomEntities: parts(
		() => '/context/companysettings/metadata',
		(row) => String(row.name),
		{ style: customEntities },
	),
	async searchImageOwners(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const type = this.getCurrentNodeParameter('ownerType');
		const search = type === 'contentcard' ? contentCards : ownersAmongGoods;
		return await search.call(this, filter, paginationToken);
	},
	searchImages: parts(imagesOf, (row) => String(row.filename ?? row.title)),
	searchStates: parts(metadataPath('states', ''), (row) => String(row.name), {
		style: statesStyle,
	}),
	searchStockWebhooks: parts(
		() => '/entity/webhookstock',
		(row) =>
			`${String(row.reportType)} ${String(row.stockType)} → ${String(row.url)}${row.enabled === false ? ' (disabled)' : ''}`,
	),
	searchTaskNotes: parts(
		(context) => `/entity/task/${task(context)}/notes`,
		(row) =>
			[
				String(row.moment ?? '').slice(0, 16),
				String(row.text ?? row.description ?? '').slice(0, 80),
			]
				.filter(Boolean)
				.join(' · '),
	),
};
