import { DATA_EPOCH, moscowMillis, parseMoscow } from '../../shared/clock';
import { hashText, mix, pick } from '../../shared/random';
import type { Attributes } from '../attributes';
import { comparableAttribute, shownAttributes } from '../attributes';
import type { Entity, World } from '../world';
import { MEDIA_TYPE, refId } from '../world';
import { attributeMeta, seedAttributes, seedValue } from './attributes';
import type { AttributeDefinition } from './attributes';
import { COUNTERPARTY_COUNT, FOLDER_COUNT, folderPath } from './dictionaries';
import type { ImageShelf, StoredImage } from './images';
import { StockLedger } from './stock';
import { ADJECTIVES, CLOTH_SIZES, COLOURS, NOUNS, SERVICES, SIZES } from './words';

/** Types of assortment rows. */
export const ROW_TYPES = ['product', 'variant', 'service', 'bundle', 'consignment'] as const;
export type RowType = (typeof ROW_TYPES)[number];

/** Custom fields that all generated goods may carry; bundles have the others as well. */
const SHARED_ATTRIBUTES = 3;
const COUNTRY_COUNT = 3;

/** Names that filters and escaping are tested with, at the row index given. */
export const TRICKY_NAMES: Readonly<Record<number, string>> = {
	1: 'Mug "Sunrise"; 330 ml',
	2: "O'Neil & Sons 100% tea <50 g> + spoon = gift",
	3: 'Backslash \\ tray; [A/B] ~ =test',
};

/** Rows that do not count for the default list, as a share of those that do. */
const ARCHIVED_SHARE = 50;
const CONSIGNMENT_SHARE = 20;
/** Places of rows in the vendor's own pages, up to the id. */
const PAGES: Readonly<Record<RowType, string>> = {
	product: '#good/edit?id=',
	variant: '#feature/edit?id=',
	service: '#good/edit?id=',
	bundle: '#good/edit?id=',
	consignment: '#consignment/edit?id=',
};
/** Every block of ten rows: six products, two variants of its first one, a service, a bundle. */
const BLOCK = 10;
const GENERATED_COMPONENTS = 2;

/** Filter fields that are kept under another name. */
const STORED_AS: Readonly<Record<string, string>> = {
	barcode: 'barcodes',
	salePrice: 'salePrices',
};

function ean13(index: number): string {
	const digits = `20${String(index).padStart(10, '0')}`;
	let sum = 0;
	for (let i = 0; i < 12; i++) sum += (digits.charCodeAt(i) - 48) * (i % 2 === 0 ? 1 : 3);
	return digits + String((10 - (sum % 10)) % 10);
}

/** Parts of rows that never change, as objects for new rows and as JSON text for generated ones. */
interface Shared {
	owner: unknown;
	group: unknown;
	uom: unknown;
	folders: Array<{ json: string; id: string; path: string }>;
	/** Fields that rows show, with their positions among the seeds. */
	attributes: Array<AttributeDefinition & { position: number }>;
	/** State of the custom fields that this was made from. */
	version: number;
	json: {
		/** `"owner":…,"shared":true,"group":…` */
		owned: string;
		currency: string;
		priceType: string;
		uom: string[];
		countries: string[];
		/** The beginning of an attribute, up to its value. */
		attributes: string[];
	};
}

/** What goods take from the rest of the account. */
export interface GoodsAccount {
	attributes: Attributes;
	images: ImageShelf;
	/** Names from the root to a folder, joined with `/`; `undefined` for an unknown id. */
	folderPath(id: string): string | undefined;
}

/** A component of a bundle. */
export interface Component {
	id: string;
	quantity: number;
	/** `{meta}` of a product, variant or service. */
	assortment: Entity;
}

/** The price types of the account. */
export function priceTypes(world: World): Entity[] {
	return ['Цена продажи', 'Wholesale'].map((name, index) => {
		const id = world.id('pricetype', index);
		const href = `${world.base}/context/companysettings/pricetype/${id}`;
		return {
			meta: { href, type: 'pricetype', mediaType: MEDIA_TYPE },
			id,
			name,
			externalCode: index === 0 ? 'sandbox-price-type' : 'sandbox-wholesale',
		};
	});
}

/** What is written at `updated`, epoch ms. */
function generatedUpdated(seed: number, row: number): number {
	return DATA_EPOCH - (mix(seed, 31, row) % 34_560_000) * 1000;
}

/**
 * The goods of the account. Generated rows need no memory: a row is made when it is asked for, an
 * id gives its index back. Only changes are kept.
 */
export class Assortment {
	/** Live rows of the default list before any change. */
	readonly live: number;
	/** Generated rows in all: live, then archived, then consignments. */
	readonly generated: number;
	private readonly archivedEnd: number;
	private readonly patches = new Map<number, Entity>();
	private readonly created: Entity[] = [];
	private readonly removed = new Set<number>();
	private readonly indexBySyncId = new Map<string, number>();
	private readonly changedComponents = new Map<number, Component[]>();
	private madeComponents = 0;
	readonly stock: StockLedger;
	private shared: Shared | undefined;
	private rowVersion = 0;

	constructor(
		private readonly world: World,
		rows: number,
		private readonly account: GoodsAccount,
	) {
		this.live = rows;
		this.archivedEnd = rows + Math.ceil(rows / ARCHIVED_SHARE);
		this.generated = this.archivedEnd + Math.ceil(rows / CONSIGNMENT_SHARE);
		this.stock = new StockLedger(world.seed, this.generated);
	}

	/** Number of row indexes, removed rows included. */
	get size(): number {
		return this.generated + this.created.length;
	}

	/** Grows with every change of a row or of its stock. */
	get version(): number {
		const { attributes, images } = this.account;
		return this.rowVersion + this.stock.version + attributes.version + images.version;
	}

	/** True while no row was created, changed or removed. */
	get pristine(): boolean {
		return this.rowVersion === 0;
	}

	exists(row: number): boolean {
		return row >= 0 && row < this.size && !this.removed.has(row);
	}

	type(row: number): RowType {
		if (row >= this.generated)
			return (this.created[row - this.generated].meta as { type: RowType }).type;
		if (row >= this.archivedEnd) return 'consignment';
		if (row >= this.live) return 'product';
		const position = row % BLOCK;
		if (position < 6) return 'product';
		if (position < 8) return 'variant';
		return position === 8 ? 'service' : 'bundle';
	}

	/** The product that a variant or consignment belongs to. */
	parent(row: number): number {
		if (row >= this.archivedEnd) return ((row - this.archivedEnd) * BLOCK) % this.live;
		return row - (row % BLOCK);
	}

	id(row: number): string {
		if (row >= this.generated) return this.created[row - this.generated].id as string;
		return this.world.id(this.type(row), row);
	}

	/** Index of the row with an API id; `undefined` when there is none of this type. */
	find(type: string, id: string): number | undefined {
		const row = this.world.space(type).index(id);
		if (row === undefined || !this.exists(row) || this.type(row) !== type) return undefined;
		return row;
	}

	/** The same without knowing the type. */
	findAny(id: string): number | undefined {
		for (const type of ROW_TYPES) {
			const row = this.find(type, id);
			if (row !== undefined) return row;
		}
		return undefined;
	}

	/** The id that MoySklad's own pages use for a product or bundle (`meta.uuidHref`). */
	uiId(row: number): string {
		return this.world.id('product-ui', row);
	}

	/** Product or bundle with a UI id. */
	findByUiId(type: string, id: string): number | undefined {
		const row = this.world.space('product-ui').index(id);
		if (row === undefined || !this.exists(row) || this.type(row) !== type) return undefined;
		return type === 'product' || type === 'bundle' ? row : undefined;
	}

	/** True when the legacy list shows stock for the row. */
	hasStock(row: number): boolean {
		const type = this.type(row);
		return type !== 'service' && type !== 'bundle';
	}

	/** Number of images of a row: every fifth generated product begins with one. */
	imageCount(row: number): number {
		const changed = this.account.images.get(this.type(row), this.id(row));
		return changed ? changed.length : this.generatedImages(row);
	}

	private generatedImages(row: number): number {
		return this.type(row) === 'product' && row < this.generated && row % 5 === 0 ? 1 : 0;
	}

	private folderIndex(row: number): number {
		return (
			mix(this.world.seed, 32, this.type(row) === 'variant' ? this.parent(row) : row) % FOLDER_COUNT
		);
	}

	private supplierIndex(row: number): number | undefined {
		const h = mix(this.world.seed, 33, row);
		return h % 5 === 0 ? undefined : (h >>> 8) % COUNTERPARTY_COUNT;
	}

	private weighed(row: number): boolean {
		return mix(this.world.seed, 34, row) % 25 === 0;
	}

	private alcoholType(row: number): number | undefined {
		const h = mix(this.world.seed, 35, row);
		return h % 30 === 0 ? 400 + (h % 60) : undefined;
	}

	private minimumBalance(row: number): number | undefined {
		const h = mix(this.world.seed, 36, row);
		return h % 3 === 0 ? 5 * (1 + ((h >>> 8) % 20)) : undefined;
	}

	private price(row: number): number {
		const h = mix(this.world.seed, 37, row);
		return 1000 + (h % 500_000) + (h % 10 === 0 ? 0.5 : 0);
	}

	private productName(row: number): string {
		const tricky = TRICKY_NAMES[row];
		if (tricky !== undefined) return tricky;
		const h = mix(this.world.seed, 38, row);
		return `${pick(ADJECTIVES, h)} ${pick(NOUNS, h >>> 8)} ${pick(SIZES, h >>> 16)} #${row + 1}`;
	}

	private characteristics(row: number): [string, string] {
		const second = row % BLOCK === 7 ? 1 : 0;
		const h = mix(this.world.seed, 39, this.parent(row));
		return [pick(COLOURS, h + second), pick(CLOTH_SIZES, (h >>> 8) + second)];
	}

	private generatedName(row: number): string {
		switch (this.type(row)) {
			case 'variant':
				return `${this.productName(this.parent(row))} (${this.characteristics(row).join(', ')})`;
			case 'service':
				return `${pick(SERVICES, mix(this.world.seed, 38, row))} #${row + 1}`;
			case 'bundle':
				return `Set: ${this.productName(row)}`;
			case 'consignment':
				return `${this.productName(this.parent(row))} / batch ${row - this.archivedEnd + 1}`;
			default:
				return this.productName(row);
		}
	}

	/**
	 * Comparable value of a field without making the whole row: dates as epoch ms, references as
	 * ids. Unknown fields give `undefined`.
	 */
	value(row: number, field: string): unknown {
		const patch =
			row >= this.generated ? this.created[row - this.generated] : this.patches.get(row);
		if (patch && ((STORED_AS[field] ?? field) in patch || row >= this.generated)) {
			return this.storedValue(patch, row, field);
		}
		switch (field) {
			case 'id':
				return this.id(row);
			case 'type':
				return this.type(row);
			case 'name':
				return this.generatedName(row);
			case 'code':
				return this.codeOf(row);
			case 'externalCode':
				return this.externalCodeOf(row);
			case 'article':
				return this.article(row);
			case 'description':
				return this.generatedDescription(row);
			case 'archived':
				return row >= this.live && row < this.archivedEnd;
			case 'updated':
				return generatedUpdated(this.world.seed, row);
			case 'updatedBy':
				return 'admin@sandbox';
			case 'barcode':
				return [ean13(row)];
			case 'group':
				return this.world.id('group', 0);
			case 'owner':
				return this.world.id('employee', 0);
			case 'shared':
				return this.type(row) !== 'variant';
			case 'productFolder':
				return this.folders()[this.folderIndex(row)].id;
			case 'pathName':
				return this.folders()[this.folderIndex(row)].path;
			case 'supplier': {
				const supplier = this.type(row) === 'product' ? this.supplierIndex(row) : undefined;
				return supplier === undefined ? undefined : this.world.id('counterparty', supplier);
			}
			case 'weighed':
				return this.type(row) === 'product' && this.weighed(row);
			case 'isSerialTrackable':
				return this.type(row) === 'product' && row % 17 === 0;
			case 'alcoholic.type':
				return this.type(row) === 'product' ? this.alcoholType(row) : undefined;
			case 'minimumBalance':
				return this.type(row) === 'product' ? this.minimumBalance(row) : undefined;
			case 'salePrice':
				return this.type(row) === 'consignment' ? undefined : this.price(row);
			case 'weight':
				return this.weightOf(row);
			case 'volume':
				return this.volumeOf(row);
			case 'accountId':
				return this.world.accountId;
			default:
				return undefined;
		}
	}

	/** Comparable value of a custom field: dates as epoch ms, references as ids. */
	attributeValue(row: number, definition: AttributeDefinition): unknown {
		const stored =
			row >= this.generated ? this.created[row - this.generated] : this.patches.get(row);
		let value: unknown;
		if (stored?.attributes !== undefined || row >= this.generated) {
			const list = (stored?.attributes ?? []) as Entity[];
			value = list.find(({ id }) => id === definition.id)?.value;
		} else {
			const shown = this.constants().attributes.find(({ id }) => id === definition.id);
			value = shown && this.attribute(row, shown.position);
		}
		return comparableAttribute(definition.type, value);
	}

	private article(row: number): string | undefined {
		switch (this.type(row)) {
			case 'variant':
				// MoySklad docs: for variants the article of the product is taken.
				return this.value(this.parent(row), 'article') as string | undefined;
			case 'product':
			case 'bundle':
				return this.articleOf(row);
			default:
				return undefined;
		}
	}

	private codeOf(row: number): string {
		return String(row + 1).padStart(6, '0');
	}

	private externalCodeOf(row: number): string {
		return `ext-${mix(this.world.seed, 40, row).toString(36)}`;
	}

	private articleOf(row: number): string {
		return `A-${1000 + (mix(this.world.seed, 43, row) % 9000)}-${row % 100}`;
	}

	private weightOf(row: number): number {
		return (mix(this.world.seed, 41, row) % 900) / 100;
	}

	private volumeOf(row: number): number {
		return (mix(this.world.seed, 42, row) % 90) / 1000;
	}

	private generatedDescription(row: number): string | undefined {
		const type = this.type(row);
		if (row % 4 !== 0 || type === 'variant' || type === 'consignment') return undefined;
		return `Description of ${this.generatedName(row)}`;
	}

	private attribute(row: number, position: number): unknown {
		const type = this.type(row);
		if (type === 'variant' || type === 'consignment') return undefined;
		if (type !== 'bundle' && position >= SHARED_ATTRIBUTES) return undefined;
		return seedValue(this.world, 'product', position, row);
	}

	private storedValue(stored: Entity, row: number, field: string): unknown {
		switch (field) {
			case 'type':
				return this.type(row);
			case 'updated':
				return typeof stored.updated === 'string' ? parseMoscow(stored.updated)?.ms : undefined;
			case 'barcode':
				return ((stored.barcodes ?? []) as Entity[]).flatMap((barcode) => Object.values(barcode));
			case 'group':
			case 'owner':
			case 'supplier':
			case 'productFolder':
				return refId(stored[field]);
			case 'salePrice':
				return ((stored.salePrices ?? []) as Array<{ value?: number }>)[0]?.value;
			default:
				return stored[field];
		}
	}

	private folders(): Shared['folders'] {
		return this.constants().folders;
	}

	private constants(): Shared {
		const { version } = this.account.attributes;
		if (this.shared?.version === version) return this.shared;
		const { world } = this;
		const owner = world.ref('employee', 0);
		const group = world.ref('group', 0);
		const refs = (type: string, count: number): string[] =>
			Array.from({ length: count }, (_unused, index) => JSON.stringify(world.ref(type, index)));
		const attributes = seedAttributes(world, 'product').flatMap(({ id }, position) => {
			const definition = this.account.attributes.find('product', id);
			return definition === undefined ? [] : [{ ...definition, position }];
		});
		const [priceType] = priceTypes(world);
		this.shared = {
			owner,
			group,
			uom: world.ref('uom', 0),
			folders: refs('productfolder', FOLDER_COUNT).map((json, index) => ({
				json,
				id: world.id('productfolder', index),
				path: folderPath(index),
			})),
			attributes,
			version,
			json: {
				owned: `"owner":${JSON.stringify(owner)},"shared":true,"group":${JSON.stringify(group)}`,
				currency: refs('currency', 1)[0],
				priceType: JSON.stringify(priceType),
				uom: refs('uom', 2),
				countries: refs('country', COUNTRY_COUNT),
				attributes: attributes.map(({ id, name, type }) =>
					JSON.stringify({ meta: attributeMeta(world, 'product', id), id, name, type }).slice(
						0,
						-1,
					),
				),
			},
		};
		return this.shared;
	}

	private metaOf(type: RowType, id: string, row: number): Entity {
		return JSON.parse(this.metaJson(type, id, row)) as Entity;
	}

	private metaJson(type: RowType, id: string, row: number): string {
		const { base } = this.world;
		const owner = type === 'service' || type === 'bundle' ? 'product' : type;
		const page = PAGES[type] + (type === 'product' || type === 'bundle' ? this.uiId(row) : id);
		return `{"href":"${base}/entity/${type}/${id}","metadataHref":"${base}/entity/${owner}/metadata","type":"${type}","mediaType":"${MEDIA_TYPE}","uuidHref":"https://online.moysklad.ru/app/${page}"}`;
	}

	private collectionJson(
		type: RowType,
		id: string,
		field: string,
		of: string,
		size: number,
	): string {
		return `"${field}":{"meta":{"href":"${this.world.base}/entity/${type}/${id}/${field}","type":"${of}","mediaType":"${MEDIA_TYPE}","size":${size},"limit":1000,"offset":0}}`;
	}

	private attributesJson(row: number): string {
		const parts: string[] = [];
		const { attributes, json } = this.constants();
		for (const [index, { position }] of attributes.entries()) {
			const value = this.attribute(row, position);
			if (value !== undefined) {
				parts.push(`${json.attributes[index]},"value":${JSON.stringify(value)}}`);
			}
		}
		return parts.join(',');
	}

	/**
	 * A generated row as JSON text. Text, because a page of 1000 rows is 3 MB, most of it constant:
	 * joining strings is several times faster than building and serialising objects.
	 */
	private generate(row: number): string {
		const { seed, accountId, base } = this.world;
		const { json, folders } = this.constants();
		const type = this.type(row);
		const id = this.id(row);
		const name = JSON.stringify(this.generatedName(row));
		const head = `{"meta":${this.metaJson(type, id, row)},"id":"${id}","accountId":"${accountId}","updated":"${moscowMillis(generatedUpdated(seed, row))}","name":${name},"code":"${this.codeOf(row)}","externalCode":"${this.externalCodeOf(row)}","barcodes":[{"ean13":"${ean13(row)}"}]`;
		if (type === 'consignment') {
			const label = row - this.archivedEnd + 1;
			const parent = this.id(this.parent(row));
			return `${head},"archived":false,"label":"batch ${label}","assortment":{"meta":{"href":"${base}/entity/product/${parent}","type":"product","mediaType":"${MEDIA_TYPE}"}}}`;
		}
		const price = this.price(row);
		const prices = `"salePrices":[{"value":${price},"currency":${json.currency},"priceType":${json.priceType}}]`;
		const images = this.collectionJson(type, id, 'images', 'image', this.imageCount(row));
		if (type === 'variant') {
			const [colour, size] = this.characteristics(row);
			const parent = this.parent(row);
			return `${head},"archived":false,"characteristics":[{"id":"${this.world.id('characteristic', 0)}","name":"Colour","value":"${colour}"},{"id":"${this.world.id('characteristic', 1)}","name":"Size","value":"${size}"}],${images},${prices},"discountProhibited":false,"product":{"meta":${this.metaJson('product', this.id(parent), parent)}}}`;
		}
		const folder = folders[this.folderIndex(row)];
		const weighed = type === 'product' && this.weighed(row);
		const description = this.generatedDescription(row);
		const parts = [
			head,
			json.owned,
			`"archived":${row >= this.live && row < this.archivedEnd}`,
			`"pathName":${JSON.stringify(folder.path)},"productFolder":${folder.json}`,
			'"useParentVat":false,"vat":20,"vatEnabled":true,"effectiveVat":20,"effectiveVatEnabled":true',
			`"uom":${json.uom[weighed ? 1 : 0]}`,
			`"minPrice":{"value":${Math.floor(price * 0.8)},"currency":${json.currency}}`,
			prices,
			`"attributes":[${this.attributesJson(row)}]`,
			`"paymentItemType":"${type === 'service' ? 'SERVICE' : 'GOOD'}","discountProhibited":false`,
		];
		if (description !== undefined) parts.push(`"description":${JSON.stringify(description)}`);
		if (type === 'service') return `${parts.join(',')}}`;
		parts.push(
			`"article":"${this.articleOf(row)}","weight":${this.weightOf(row)},"volume":${this.volumeOf(row)}`,
			images,
			this.collectionJson(type, id, 'files', 'files', 0),
			'"trackingType":"NOT_TRACKED"',
		);
		if (type === 'bundle') {
			parts.push(
				this.collectionJson(type, id, 'components', 'bundlecomponent', this.componentCount(row)),
			);
			return `${parts.join(',')}}`;
		}
		const supplier = this.supplierIndex(row);
		const minimumBalance = this.minimumBalance(row);
		const alcoholType = this.alcoholType(row);
		parts.push(
			`"buyPrice":{"value":${Math.floor(price * 0.6)},"currency":${json.currency}}`,
			`"country":${json.countries[row % COUNTRY_COUNT]}`,
			`"variantsCount":${row % BLOCK === 0 && row + 7 < this.live ? 2 : 0}`,
			`"isSerialTrackable":${row % 17 === 0}`,
		);
		if (supplier !== undefined) {
			const supplierId = this.world.id('counterparty', supplier);
			parts.push(
				`"supplier":{"meta":{"href":"${base}/entity/counterparty/${supplierId}","type":"counterparty","mediaType":"${MEDIA_TYPE}"}}`,
			);
		}
		if (minimumBalance !== undefined) parts.push(`"minimumBalance":${minimumBalance}`);
		if (weighed) parts.push('"weighed":true');
		if (alcoholType !== undefined) {
			parts.push(
				`"alcoholic":{"excise":false,"type":${alcoholType},"strength":11.5,"volume":0.75}`,
			);
		}
		return `${parts.join(',')}}`;
	}

	/** The row as JSON text, as `GET /entity/<type>/<id>` shows it. */
	json(row: number): string {
		if (row < this.generated && !this.patches.has(row)) return this.generate(row);
		return JSON.stringify(this.entity(row));
	}

	/** The row as an object of its own. */
	entity(row: number): Entity {
		const entity =
			row >= this.generated
				? { ...this.created[row - this.generated] }
				: Object.assign(JSON.parse(this.generate(row)) as Entity, this.patches.get(row));
		// What others keep may have changed since the row was written.
		if (Array.isArray(entity.attributes)) {
			const stored = entity.attributes as Entity[];
			entity.attributes = shownAttributes(this.account, 'product', stored);
		}
		const href = this.world.href(this.type(row), this.id(row));
		if (entity.images !== undefined) {
			entity.images = this.world.collection(`${href}/images`, 'image', this.imageCount(row));
		}
		if (entity.components !== undefined) {
			const size = this.componentCount(row);
			entity.components = this.world.collection(`${href}/components`, 'bundlecomponent', size);
		}
		return entity;
	}

	/** Number of components of a bundle. */
	private componentCount(row: number): number {
		return this.changedComponents.get(row)?.length ?? GENERATED_COMPONENTS;
	}

	/** Components of a bundle; generated ones have two products of their block. */
	componentList(row: number): Component[] {
		const changed = this.changedComponents.get(row);
		if (changed) return changed;
		const first = row < this.live ? row - (row % BLOCK) : 0;
		return Array.from({ length: GENERATED_COMPONENTS }, (_unused, index) => ({
			id: this.world.id('component', row * GENERATED_COMPONENTS + index),
			quantity: index + 1,
			assortment: { meta: this.world.meta('product', this.id(first + index)) },
		}));
	}

	/** Replaces the components of a bundle. */
	setComponents(row: number, components: Component[]): void {
		this.changedComponents.set(row, components);
		this.rowVersion++;
	}

	/** Id for a new component. */
	newComponentId(): string {
		return this.world.id('newcomponent', this.madeComponents++);
	}

	/** Components of a bundle as answers show them. */
	components(row: number): Entity[] {
		return this.componentList(row).map(({ id, quantity, assortment }) => ({
			meta: {
				href: `${this.world.href('bundle', this.id(row))}/components/${id}`,
				type: 'bundlecomponent',
				mediaType: MEDIA_TYPE,
			},
			id,
			accountId: this.world.accountId,
			quantity,
			assortment,
		}));
	}

	/**
	 * True for bundles that documents hold, so that their composition is fixed (29001): every
	 * eleventh generated one, the first is bundle row 109.
	 */
	usedInDocuments(row: number): boolean {
		return row < this.live && this.type(row) === 'bundle' && Math.floor(row / BLOCK) % 11 === 10;
	}

	/** Images of a row as they are kept. */
	imageList(row: number): readonly StoredImage[] {
		const changed = this.account.images.get(this.type(row), this.id(row));
		if (changed) return changed;
		return Array.from({ length: this.generatedImages(row) }, (_unused, index) => ({
			id: this.world.id('image', row),
			filename: `image-${index + 1}.png`,
			size: 70,
			updated: moscowMillis(generatedUpdated(this.world.seed, row)),
			generated: true,
		}));
	}

	/** Images of a row as answers show them; their content comes from `/download/<id>`. */
	images(row: number, permanent = false): Entity[] {
		const list = this.imageList(row);
		return this.account.images.entities(this.type(row), this.id(row), list, permanent);
	}

	/** True when a generated image with this id exists. */
	hasImage(id: string): boolean {
		const row = this.world.space('image').index(id);
		if (row === undefined || !this.exists(row)) return false;
		return this.imageList(row).some((image) => image.id === id.toLowerCase());
	}

	/** Changes fields of a row; `updated` (epoch ms) is set as well. */
	patch(row: number, fields: Entity, updated: number): void {
		this.rowVersion++;
		const stamped: Entity = { ...fields, updated: moscowMillis(updated) };
		if ('productFolder' in fields) {
			const folder = refId(fields.productFolder);
			stamped.pathName = folder === undefined ? '' : (this.account.folderPath(folder) ?? '');
		}
		if (row >= this.generated) Object.assign(this.created[row - this.generated], stamped);
		else this.patches.set(row, { ...this.patches.get(row), ...stamped });
	}

	/** Adds an object and returns its row. */
	create(type: RowType, fields: Entity, updated: number): number {
		this.rowVersion++;
		const row = this.size;
		const id = this.world.id(type, row);
		const href = this.world.href(type, id);
		const shared = this.constants();
		if (typeof fields.syncId === 'string') {
			this.indexBySyncId.set(`${type}/${fields.syncId.toLowerCase()}`, row);
		}
		const common: Entity = {
			meta: this.metaOf(type, id, row),
			id,
			accountId: this.world.accountId,
			name: '',
			code: String(row + 1).padStart(6, '0'),
			externalCode: `new-${hashText(id).toString(36)}`,
			archived: false,
			barcodes: [{ ean13: ean13(row) }],
			discountProhibited: false,
		};
		const goods: Entity = {
			owner: shared.owner,
			shared: true,
			group: shared.group,
			pathName: '',
			useParentVat: true,
			paymentItemType: type === 'service' ? 'SERVICE' : 'GOOD',
		};
		const images = this.world.collection(`${href}/images`, 'image', 0);
		const own: Record<typeof type, Entity> = {
			product: {
				...goods,
				uom: shared.uom,
				images,
				files: this.world.collection(`${href}/files`, 'files', 0),
				variantsCount: 0,
				isSerialTrackable: false,
				trackingType: 'NOT_TRACKED',
			},
			variant: { characteristics: [], images, product: this.world.ref('product', 0) },
			service: goods,
			consignment: {},
			bundle: {
				...goods,
				uom: shared.uom,
				images,
				files: this.world.collection(`${href}/files`, 'files', 0),
				trackingType: 'NOT_TRACKED',
				components: this.world.collection(`${href}/components`, 'bundlecomponent', 0),
			},
		};
		this.created.push({ ...common, ...own[type] });
		this.patch(row, fields, updated);
		return row;
	}

	/** Row of the object of a type that was created with a syncId. */
	bySyncId(type: RowType, syncId: string): number | undefined {
		const row = this.indexBySyncId.get(`${type}/${syncId.toLowerCase()}`);
		return row !== undefined && this.exists(row) ? row : undefined;
	}

	/** Removes a row. */
	remove(row: number): void {
		this.rowVersion++;
		this.removed.add(row);
	}
}
