import type { VendorReply, VendorRoute } from '../../shared/server';
import { readArray, readObjects } from '../body';
import type { ImageOwnerType } from '../data/images';
import { IMAGE_LIMITS } from '../data/images';
import { MoySkladError } from '../errors';
import { redirecting, requireRow, wantsPermanentLinks } from '../goods';
import type { ImageOwner } from '../imageBodies';
import { addedImage, imageOfMeta, replacedImages } from '../imageBodies';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, empty, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import { checkId, disabledPrefixes } from '../writing';

/** Finds the object of a path. Throws 1000, 1021. */
function ownerOf(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: ImageOwnerType,
): ImageOwner {
	const { id } = exchange.params;
	if (type !== 'contentcard') {
		const row = requireRow(state, type, id);
		return { type, id: state.rows.id(row), images: state.rows.imageList(row) };
	}
	checkId(id);
	const card = state.dictionaries.get(type)?.find(id);
	if (!card) throw new MoySkladError(1021, [type, id]);
	const cardId = String(card.id);
	return { type, id: cardId, images: state.images.get(type, cardId) ?? [] };
}

/** Gives an object its new images and tells the webhooks. */
function keep(
	state: MoySkladState,
	exchange: MoySkladExchange,
	owner: ImageOwner,
	images: ImageOwner['images'],
	prefixes: string[],
): void {
	const { type, id } = owner;
	state.images.set(type, id, [...images]);
	if (type === 'contentcard') {
		const card = state.dictionaries.get(type)?.find(id);
		const href = `${state.world.href(type, id)}/images`;
		if (card) card.images = state.world.collection(href, 'image', images.length);
	} else {
		state.rows.patch(requireRow(state, type, id), {}, Date.now());
	}
	const event = { type, id, action: 'UPDATE', updatedFields: ['images'] } as const;
	state.publish([{ ...event, updatedFields: ['images'] }], callerOf(exchange).uid, prefixes);
}

function all(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: ImageOwnerType,
	permanent: boolean,
): Array<Record<string, unknown>> {
	const { id, images } = ownerOf(state, exchange, type);
	return state.images.entities(type, id, images, permanent);
}

function list(state: MoySkladState, exchange: MoySkladExchange, type: ImageOwnerType): VendorReply {
	const query = parseListQuery(exchange);
	// The default limit is no obstacle here: no object has more than fifteen images.
	const limit = exchange.value('limit') === undefined ? 1 : query.limit;
	const permanent = wantsPermanentLinks(state, exchange, limit);
	const rows = all(state, exchange, type, permanent);
	const page = rows.slice(query.offset, query.offset + query.limit);
	return listPage(state, exchange, query, { type: 'image', total: rows.length, rows: page });
}

/** An object adds an image, an array replaces the whole set; both answer with all images. */
function post(state: MoySkladState, exchange: MoySkladExchange, type: ImageOwnerType): VendorReply {
	const owner = ownerOf(state, exchange, type);
	const prefixes = disabledPrefixes(exchange);
	// An empty array is a meaningful body here: it removes all images.
	const body = exchange.body.trim() === '[]' ? [] : readObjects(exchange);
	const images = Array.isArray(body)
		? replacedImages(state, owner, body)
		: addedImage(state, owner, body);
	keep(state, exchange, owner, images, prefixes);
	const permanent = wantsPermanentLinks(state, exchange);
	const shown = all(state, exchange, type, permanent);
	return json(shown, 200, shown.length);
}

function withoutFirst(images: ImageOwner['images'], id: string): ImageOwner['images'] {
	// MoySklad docs: of equal images the first one is deleted.
	const index = images.findIndex((image) => image.id === id.toLowerCase());
	if (index < 0) throw new MoySkladError(1021, ['image', id]);
	return images.filter((_image, place) => place !== index);
}

function imageRoutesOf(
	base: string,
	state: MoySkladState,
	type: ImageOwnerType,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/${type}/:id/images`;
	return [
		{ method: 'GET', path, handler: (exchange) => list(state, exchange, type) },
		{ method: 'POST', path, handler: (exchange) => post(state, exchange, type) },
		{
			method: 'DELETE',
			path: `${path}/:imageId`,
			handler: (exchange) => {
				const owner = ownerOf(state, exchange, type);
				const { imageId } = exchange.params;
				checkId(imageId);
				const prefixes = disabledPrefixes(exchange);
				keep(state, exchange, owner, withoutFirst(owner.images, imageId), prefixes);
				return empty();
			},
		},
		{
			method: 'POST',
			path: `${path}/delete`,
			handler: (exchange) => {
				const owner = ownerOf(state, exchange, type);
				const prefixes = disabledPrefixes(exchange);
				let { images } = owner;
				for (const element of readArray(exchange)) {
					images = withoutFirst(images, imageOfMeta(state, owner, element).id);
				}
				keep(state, exchange, owner, images, prefixes);
				return empty();
			},
		},
	];
}

/** Images of products, bundles, variants and content cards (MoySklad docs: Images). */
export function imageRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const types = Object.keys(IMAGE_LIMITS) as ImageOwnerType[];
	return types.flatMap((type) => redirecting(state, type, imageRoutesOf(base, state, type)));
}
