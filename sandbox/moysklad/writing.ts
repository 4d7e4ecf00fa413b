import type { VendorReply, VendorRoute } from '../shared/server';
import { UUID_PATTERN } from '../shared/random';
import { metaIdIn, readArray, readObject, readObjects } from './body';
import type { EntityEvent } from './events';
import { MoySkladError } from './errors';
import type { MoySkladExchange } from './reply';
import { bulkReply, callerOf, empty, json, language } from './reply';
import type { MoySkladSession, MoySkladState } from './state';
import type { Entity } from './world';

const PREFIX_HEADER = 'x-lognex-webhook-disablebyprefix';

/** An object that was written, and what its webhooks hear of it; nothing without `event`. */
export interface Written<H> {
	handle: H;
	event?: EntityEvent;
}

/**
 * A writable collection. `H` is whatever its objects are handled by: the object itself, a row
 * number … A missing operation is refused with 1039 by the router, or with 1011 and 1009 where
 * POST serves the other one.
 */
export interface Collection<H> {
	/** Type in the metas of the objects. */
	type: string;
	/** Address of the collection without a trailing slash; `<base>/entity/<type>` when absent. */
	href?(exchange: MoySkladExchange): string;
	/** Name of the path parameter with the object's id; `id` when absent. */
	idParameter?: string;
	/** True when POST of a single object is answered with an array (task notes). */
	answersArray?: boolean;
	/** Rights and tariffs, asked once per writing request; throws to refuse it. */
	allow?(exchange: MoySkladExchange): void;
	/** Finds an object by its id. Throws 1021. */
	find(id: string, exchange: MoySkladExchange): H;
	/** Answers GET of one object where that is more than showing it (redirects). */
	get?(exchange: MoySkladExchange): VendorReply;
	/** The object as answers show it. */
	show(handle: H, exchange: MoySkladExchange): Entity;
	/** Makes an object of a body's fields. */
	create?(fields: Entity, exchange: MoySkladExchange): Written<H>;
	/** Changes the fields that are passed. */
	update?(handle: H, fields: Entity, exchange: MoySkladExchange): EntityEvent | undefined;
	/** Removes an object. */
	remove?(handle: H, exchange: MoySkladExchange): EntityEvent | undefined;
}

/** Checks the form of an id in a path. Throws 1000. */
export function checkId(id: string): void {
	if (!UUID_PATTERN.test(id)) throw new MoySkladError(1000, [id]);
}

/**
 * Reads `X-Lognex-WebHook-DisableByPrefix`: one prefix per header line. Throws 3030
 * (MoySklad docs: Webhooks, switching off by prefix).
 */
export function disabledPrefixes(exchange: MoySkladExchange): string[] {
	const lines = exchange.headerLines(PREFIX_HEADER);
	for (const line of lines) {
		if (!/^https?:\/\/[^\s/,]+/i.test(line) || /[\s]|,https?:/i.test(line)) {
			throw new MoySkladError(3030, [
				'X-Lognex-WebHook-DisableByPrefix',
				language(exchange) === 'en'
					? 'protocol and full domain are needed'
					: 'требуются протокол и полный домен',
			]);
		}
	}
	return lines;
}

/** The element of a bulk deletion's answer for an object that was deleted. */
export function deletedInfo(exchange: MoySkladExchange, type: string, id: string): Entity {
	return {
		info:
			language(exchange) === 'en'
				? `Entity '${type}' with UUID: ${id} was deleted`
				: `Сущность '${type}' с UUID: ${id} успешно удалена`,
	};
}

function hrefOf<H>(
	state: MoySkladState,
	exchange: MoySkladExchange,
	collection: Collection<H>,
): string {
	return collection.href?.(exchange) ?? `${state.world.base}/entity/${collection.type}`;
}

function findByPath<H>(exchange: MoySkladExchange, collection: Collection<H>): H {
	const id = exchange.params[collection.idParameter ?? 'id'];
	checkId(id);
	return collection.find(id, exchange);
}

function findByMeta<H>(
	state: MoySkladState,
	exchange: MoySkladExchange,
	collection: Collection<H>,
	element: Entity,
): { id: string; handle: H } {
	const id = metaIdIn(element, collection.type, hrefOf(state, exchange, collection));
	checkId(id);
	return { id, handle: collection.find(id, exchange) };
}

/** Does the work of one request and then fires the webhooks of all its changes together. */
function announced(
	state: MoySkladState,
	exchange: MoySkladExchange,
	work: (announce: (event: EntityEvent | undefined) => void) => VendorReply,
): VendorReply {
	const prefixes = disabledPrefixes(exchange);
	const events: EntityEvent[] = [];
	const reply = work((event) => {
		if (event) events.push(event);
	});
	state.publish(events, callerOf(exchange).uid, prefixes);
	return reply;
}

/** `GET <collection>/<id>`. */
function getObject<H>(exchange: MoySkladExchange, collection: Collection<H>): VendorReply {
	if (collection.get) return collection.get(exchange);
	return json(collection.show(findByPath(exchange, collection), exchange));
}

/**
 * `POST <collection>`: an object is created, an array (up to 1000) is created and updated element
 * by element – with `meta` means update – and answered in its order with objects and `{errors}`
 * mixed; the status is then 200 or the state's `bulkErrorStatus`.
 */
function postObjects<H>(
	state: MoySkladState,
	exchange: MoySkladExchange,
	collection: Collection<H>,
): VendorReply {
	collection.allow?.(exchange);
	const body = readObjects(exchange);
	return announced(state, exchange, (announce) => {
		const work = (fields: Entity): Entity => {
			if (fields.meta === undefined) {
				if (!collection.create) throw new MoySkladError(1011, [collection.type]);
				const { handle, event } = collection.create(fields, exchange);
				announce(event);
				return collection.show(handle, exchange);
			}
			if (!collection.update) throw new MoySkladError(1009, [collection.type]);
			const { handle } = findByMeta(state, exchange, collection, fields);
			announce(collection.update(handle, fields, exchange));
			return collection.show(handle, exchange);
		};
		if (Array.isArray(body)) return bulkReply(state, exchange, body, work);
		const written = work(body);
		return json(collection.answersArray === true ? [written] : written);
	});
}

/** `PUT <collection>/<id>`: only the passed fields change. */
function putObject<H>(
	state: MoySkladState,
	exchange: MoySkladExchange,
	collection: Collection<H>,
): VendorReply {
	collection.allow?.(exchange);
	const handle = findByPath(exchange, collection);
	const fields = readObject(exchange);
	return announced(state, exchange, (announce) => {
		announce(collection.update?.(handle, fields, exchange));
		return json(collection.show(handle, exchange));
	});
}

/** `DELETE <collection>/<id>`: 200 without a body. */
function deleteObject<H>(
	state: MoySkladState,
	exchange: MoySkladExchange,
	collection: Collection<H>,
): VendorReply {
	collection.allow?.(exchange);
	const handle = findByPath(exchange, collection);
	return announced(state, exchange, (announce) => {
		announce(collection.remove?.(handle, exchange));
		return empty();
	});
}

/** `POST <collection>/delete` with metas: an array of `{info}` and `{errors}` in their order. */
function deleteObjects<H>(
	state: MoySkladState,
	exchange: MoySkladExchange,
	collection: Collection<H>,
): VendorReply {
	collection.allow?.(exchange);
	const elements = readArray(exchange);
	return announced(state, exchange, (announce) =>
		bulkReply(state, exchange, elements, (element) => {
			const { id, handle } = findByMeta(state, exchange, collection, element);
			announce(collection.remove?.(handle, exchange));
			return deletedInfo(exchange, collection.type, id);
		}),
	);
}

/**
 * The routes of a collection's objects: GET and PUT and DELETE `<path>/:<idParameter>`, POST
 * `<path>`, POST `<path>/delete` – as far as the collection can do them. Its list is not among
 * them.
 */
export function writingRoutes<H>(
	path: string,
	state: MoySkladState,
	collection: Collection<H>,
): Array<VendorRoute<MoySkladSession>> {
	const one = `${path}/:${collection.idParameter ?? 'id'}`;
	const routes: Array<VendorRoute<MoySkladSession>> = [
		{ method: 'GET', path: one, handler: (exchange) => getObject(exchange, collection) },
	];
	if (collection.create) {
		routes.push({
			method: 'POST',
			path,
			handler: (exchange) => postObjects(state, exchange, collection),
		});
	}
	if (collection.update) {
		routes.push({
			method: 'PUT',
			path: one,
			handler: (exchange) => putObject(state, exchange, collection),
		});
	}
	if (collection.remove) {
		routes.push(
			{
				method: 'DELETE',
				path: one,
				handler: (exchange) => deleteObject(state, exchange, collection),
			},
			{
				method: 'POST',
				path: `${path}/delete`,
				handler: (exchange) => deleteObjects(state, exchange, collection),
			},
		);
	}
	return routes;
}
