/** Images of goods and content cards. Reference of the project §1.10; MoySklad docs, Images. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Field,
	Locator,
	Operation,
	Output,
	OutputField,
	WireContext,
	Work,
} from '../../shared/catalogue';
import { outputField } from '../../shared/files/files';
import { locatorText } from '../../shared/form/parameters';
import { InputProblem } from '../../shared/errors/problems';
import { rowsList } from '../lists';
import { linkPattern, readLink, UUID } from '../references';
import { deletePart, ownerIdOf, partLocator, rowId } from './nested';
import { downloadId, findImages, imageFile } from './imageDownload';
import { newImages, prepareSets, replaceSet, UPLOAD_MS } from './imageSet';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/images#2-izobrazhenie';

/** What has images. */
const OWNERS = ['product', 'bundle', 'variant', 'contentcard'];
const OWNER_PATH = `(?:${OWNERS.join('|')})`;

/** Goods and content cards; links to goods in the web app work in a path only. */
export const ownerLocator: Locator = {
	...partLocator(OWNER_PATH, 'product', 'searchImageOwners'),
	url: {
		pattern: linkPattern(`/entity/${OWNER_PATH}/`, '(?:good|feature)'),
		placeholder:
			'e.g. https://online.moysklad.ru/app/#good/edit?id=7944ef04-f831-11e5-7a69-971500188b19',
	},
	alias: `/app/#(?:good|feature)/edit\\?(?:\\S*&)?id=(${UUID})`,
};

/** The type that the owner's link names, or else the one chosen. */
function ownerType(chosen: unknown, { parameter }: WireContext): string {
	const link = readLink(locatorText(ownerLocator, parameter('ownerId')));
	const types = link?.types.filter((type) => OWNERS.includes(type)) ?? [];
	const type = types.length === 0 || types.includes(String(chosen)) ? String(chosen) : types[0];
	if (/^[a-z]+$/i.test(type)) return type;
	throw new InputProblem(
		'Owner Type',
		`is '${type}'`,
		`Give the keyword of a type that has images: ${OWNERS.join(', ')}.`,
	);
}

/** Type and ID of the owner; in the path, or for our own code only. */
function ownerFields(to: 'path' | 'control', more: Partial<Field> = {}): Field[] {
	return [
		{
			...more,
			name: 'ownerType',
			label: 'Owner Type',
			kind: 'choice',
			to: to === 'path' ? 'path:ownerType' : 'control',
			required: true,
			default: 'product',
			choices: [
				{ name: 'Bundle', value: 'bundle' },
				{ name: 'Content Card', value: 'contentcard' },
				{ name: 'Product', value: 'product' },
				{ name: 'Variant', value: 'variant' },
			],
			help: 'What the image belongs to; a link of the API names its type itself',
			wire: ownerType,
		} as Field,
		{
			...more,
			name: 'ownerId',
			label: 'Owner',
			kind: 'locator',
			to: to === 'path' ? 'path:ownerId' : 'control',
			required: true,
			locator: ownerLocator,
		} as Field,
	];
}

const image = (to: Field['to'], more: Partial<Field> = {}): Field =>
	({
		...more,
		name: 'imageId',
		label: 'Image',
		kind: 'locator',
		to,
		required: true,
		locator: partLocator(
			`${OWNER_PATH}/${UUID}/images`,
			'product/7944ef04-f831-11e5-7a69-971500188b19/images',
			'searchImages',
		),
	}) as Field;

/**
 * Where the bytes of new images come from; `none` only where something else is left to do. What is missing of a
 * set of `several` is noticed with the whole set: an item that fell out before would be deleted from its owner.
 * The content is not required in the form: n8n shows it, and asks for it, wherever the source is an expression.
 */
const sourceFields = (several: boolean): Field[] => [
	{
		name: 'imageSource',
		label: 'Image Source',
		help: 'Where the bytes of the image come from',
		kind: 'choice',
		to: 'control',
		default: 'binary',
		choices: [
			{ name: 'Base64', value: 'base64', description: 'Text, as a field of the JSON' },
			{ name: 'Binary', value: 'binary', description: 'File of the input item' },
			...(several
				? [{ name: 'None', value: 'none', description: 'Only keep some of the present images' }]
				: []),
		],
	},
	{
		name: 'binaryPropertyName',
		label: several ? 'Input Binary Fields' : 'Input Binary Field',
		kind: 'text',
		...(several ? { also: 'list' } : {}),
		to: 'control',
		required: !several,
		default: 'data',
		when: { imageSource: ['binary'] },
		help: several
			? 'Names of the binary fields that hold the images (JPEG or PNG), separated by commas'
			: 'Name of the binary field that holds the image (JPEG or PNG, at most 10 MB)',
	},
	{
		name: 'imageContent',
		label: 'Image Content',
		kind: 'text',
		to: 'control',
		when: { imageSource: ['base64'] },
		placeholder: 'e.g. iVBORw0KGgoAAAANSUhEUg…',
		help: 'JPEG or PNG in base64; a data URL works, too',
	},
	{
		name: 'fileName',
		label: 'File Name',
		kind: 'text',
		section: 'options',
		to: 'control',
		placeholder: 'e.g. front.jpg',
		help: several
			? 'Name of the image when the item has one; else each keeps the name of its file'
			: 'By default, the name of the binary file',
	},
];

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	ownerId: { type: 'string' },
	title: { type: 'string' },
	filename: { type: 'string' },
	size: { type: 'number' },
	updated: { type: 'string' },
	downloadHref: { type: 'string' },
	miniatureHref: { type: 'string' },
	permanentHref: { type: 'string' },
};

const shared = {
	resource: 'image',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, call: Call) => {
		const meta = (row.meta ?? {}) as IDataObject;
		return {
			id: rowId(row),
			ownerId: ownerIdOf(row, OWNER_PATH, call.path.ownerId),
			title: row.title,
			filename: row.filename,
			size: row.size,
			updated: row.updated,
			downloadHref: meta.downloadHref,
			miniatureHref: (row.miniature as IDataObject | undefined)?.href,
			permanentHref: meta.downloadPermanentHref,
		};
	},
};

/** Adds one image. The answer shows all images of the owner: the new one is the last of its name. */
async function add(call: Call, work: Work): Promise<Output[]> {
	const [upload] = await newImages(call, work);
	const { body } = await work.send({
		method: 'POST',
		path: `/entity/${call.path.ownerType}/${call.path.ownerId}/images`,
		body: upload,
		timeoutMs: UPLOAD_MS,
	});
	const rows = Array.isArray(body) ? (body as IDataObject[]) : [body as IDataObject];
	const named = rows.filter(({ filename }) => filename === upload.filename);
	return [{ json: named[named.length - 1] ?? rows[rows.length - 1] ?? {} }];
}

const LIMITS = 'JPEG and PNG, at most 10 MB each, 10 for an owner (15 for a content card).';

export const images: Operation[] = [
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many images of product or bundle',
		description: 'List the images of a product, bundle, variant or content card',
		route: 'GET /entity/{ownerType}/{ownerId}/images',
		answer: { kind: 'list', at: 'rows' },
		// Two equal images have one ID, so IDs do not tell rows apart.
		list: { ...rowsList, rowKey: undefined },
		fields: [
			...ownerFields('path'),
			{
				name: 'permanentLink',
				label: 'Permanent Links',
				kind: 'toggle',
				section: 'options',
				to: 'query:fields',
				help: 'Whether to tell a public link that lasts for each image; a paid option of MoySklad',
				wire: (value) => (value === true ? 'downloadPermanentHref' : undefined),
			},
		],
		notes: 'Two images with the same name and content have the same ID.',
	},
	{
		...shared,
		operation: 'add',
		name: 'Add',
		action: 'Add image to product or bundle',
		description: 'Add an image to those that the owner has',
		route: 'POST /entity/{ownerType}/{ownerId}/images',
		answer: { kind: 'object' },
		fields: [...ownerFields('path'), ...sourceFields(false)],
		perform: add,
		notes: `${LIMITS} One request per image, because MoySklad takes a list of images for the whole new set (see Replace All).`,
	},
	{
		...shared,
		operation: 'replaceAll',
		name: 'Replace All',
		action: 'Replace all images of product or bundle',
		description: 'Make the given images the only ones of the owner',
		route: 'POST /entity/{ownerType}/{ownerId}/images',
		answer: { kind: 'object' },
		fields: [
			...ownerFields('path'),
			...sourceFields(true),
			{
				name: 'keepImages',
				label: 'Keep Images',
				kind: 'text',
				also: 'list',
				section: 'options',
				to: 'control',
				placeholder: 'e.g. 7944ef04-f831-11e5-7a69-971500188b19',
				help: 'IDs or links of present images that stay, separated by commas; they come before the new ones of the item',
			},
		],
		prepare: prepareSets,
		perform: replaceSet,
		notes: `${LIMITS} All input items with the same owner make up its new set together, in their order; each returns its own images. An item whose image cannot be sent keeps the whole set of its owner as it was. A set that is larger than one request (20 MB) is sent in several.`,
	},
	{
		resource: 'image',
		docs: DOCS,
		operation: 'download',
		name: 'Download',
		action: 'Download image of product or bundle',
		description: 'Get the file of an image, or its miniature',
		route: 'GET /download/{id}',
		answer: imageFile,
		fields: [
			{
				name: 'downloadBy',
				label: 'Find Image By',
				help: 'How the image is named',
				kind: 'choice',
				to: 'control',
				default: 'id',
				choices: [
					{ name: 'Download Link', value: 'link', description: "One request: 'downloadHref'" },
					{ name: 'Owner and ID', value: 'id', description: 'Reads the list of images first' },
				],
			},
			...ownerFields('control', { when: { downloadBy: ['id'] } }),
			image('path:id', { when: { downloadBy: ['id'] } }),
			{
				name: 'downloadLink',
				label: 'Download Link',
				help: "The field 'downloadHref' of an image",
				kind: 'text',
				to: 'path:id',
				required: true,
				when: { downloadBy: ['link'] },
				placeholder:
					'e.g. https://api.moysklad.ru/api/remap/1.2/download/7944ef04-f831-11e5-7a69-971500188b19',
				wire: (value) => downloadId(String(value)),
			},
			{
				name: 'imageSize',
				label: 'Size',
				help: 'The whole picture, or a small one',
				kind: 'choice',
				to: 'query:miniature',
				default: 'full',
				choices: [
					{ name: 'Full', value: 'full' },
					{ name: 'Miniature', value: 'miniature' },
				],
				wire: (value) => (value === 'miniature' ? true : undefined),
			},
			outputField,
		],
		prepare: findImages,
		output: {
			id: { type: 'string' },
			ownerId: { type: 'string' },
			filename: { type: 'string' },
			mimeType: { type: 'string' },
			size: { type: 'number' },
			updated: { type: 'string' },
		},
		notes:
			"MoySklad redirects to its file storage, which is asked without credentials. The images of one owner's list are found with one request.",
	},
	deletePart({
		resource: 'image',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete image of product or bundle',
		description: 'Take an image away from its owner',
		collection: '/entity/{ownerType}/{ownerId}/images',
		type: 'image',
		fields: [...ownerFields('path'), image('path:id')],
		output: {
			deleted: { type: 'boolean' },
			ownerType: { type: 'string' },
			ownerId: { type: 'string' },
			id: { type: 'string' },
		},
		notes:
			'Images of one owner share a request. Of two images with the same ID, the first is deleted.',
	}),
];
