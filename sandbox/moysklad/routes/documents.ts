/**
 * What documents can do beside being written (MoySklad docs: Templates, Print, Publication, Files, Event feed, States).
 */
import { BASES } from '../../../nodes/MoySklad/documents/basis';
import { facts, typesThat } from '../../../nodes/MoySklad/facts';
import { moscowMillis } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { metaIdIn, readArray, readObject } from '../body';
import { decodeBase64 } from '../data/blobs';
import { pdfOf } from '../documentExtras';
import { MoySkladError } from '../errors';
import { requireRow } from '../goods';
import { missing } from '../fields';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { bulkReply, empty, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { MEDIA_TYPE, refId } from '../world';
import { checkId, deletedInfo, disabledPrefixes } from '../writing';

const KINDS = ['customtemplate', 'embeddedtemplate'] as const;
const NAMES: Record<(typeof KINDS)[number], string> = {
	customtemplate: 'Свой бланк',
	embeddedtemplate: 'Standard form',
};
const LIFE_MS = 300_000;
const MAX_COPIES = 10;
const EXTENSIONS: Record<string, [string, string]> = {
	pdf: ['application/pdf', '%PDF'],
	xls: ['application/vnd.ms-excel', '\u00d0\u00cf'],
	ods: ['application/vnd.oasis.opendocument.spreadsheet', 'PK\u0003\u0004'],
	html: ['text/html', '<html>'],
};
const GOODS = ['product', 'service', 'bundle'];
/** Templates whose answer is a draft (MoySklad docs: examples of the templates). */
const DRAFTS = ['invoiceout', 'invoicein', 'loss', 'salesreturn'];
/** Rows of a count in one template (reference of the project: moysklad-documents.md §4.1). */
const MOST_OF_COUNT = 500;
/** Fields that a template takes over from its basis. */
const KEPT = ['organization', 'agent', 'store', 'project', 'contract', 'salesChannel', 'rate'];

/** The routes of one type. */
class TypeRoutes {
	private readonly path: string;
	private marked = 0;

	constructor(
		base: string,
		private readonly state: MoySkladState,
		private readonly keyword: string,
	) {
		this.path = `${base}/entity/${keyword}`;
	}

	/** What others than documents have of it (MoySklad docs: Files). */
	files(): Array<VendorRoute<MoySkladSession>> {
		return this.parts('files', (one) => this.attach(one));
	}

	all(): Array<VendorRoute<MoySkladSession>> {
		const { keyword, path } = this;
		const { has } = facts[keyword];
		const routes: Array<VendorRoute<MoySkladSession>> = [
			...KINDS.map((kind): VendorRoute<MoySkladSession> => ({
				method: 'GET',
				path: `${path}/metadata/${kind}`,
				handler: () => json({ meta: { size: 1 }, rows: [this.template(kind)] }),
			})),
			...KINDS.map((kind): VendorRoute<MoySkladSession> => ({
				method: 'GET',
				path: `${path}/metadata/${kind}/:id`,
				handler: ({ params: { id } }) => {
					checkId(id);
					const template = this.template(kind);
					if (template.id !== id) throw new MoySkladError(1021, [kind, id]);
					return json(template);
				},
			})),
			{ method: 'POST', path: `${path}/:owner/export`, handler: (one) => this.print(one) },
			...this.parts('publication', (one) => this.publish(one)),
		];
		if (has.includes('files')) routes.push(...this.files());
		if (has.includes('notes')) routes.push(...this.parts('notes', (one) => this.comment(one)));
		if (facts[keyword].parts?.positions?.trackingCodes) routes.push(...this.markings());
		if (keyword === 'inventory') {
			routes.push({
				method: 'PUT',
				path: `${path.replace('/entity/', '/rpc/')}/:owner/recalcCalculatedQuantity`,
				handler: (exchange) => {
					this.recount(this.document(exchange));
					return { status: 201 };
				},
			});
		}
		if (has.includes('template')) {
			routes.push({ method: 'PUT', path: `${path}/new`, handler: (one) => this.blank(one) });
		}
		return routes;
	}

	/** Throws 1000, 1021. */
	private document(exchange: MoySkladExchange): Entity {
		const { owner } = exchange.params;
		checkId(owner);
		// Goods are no dictionary.
		if (GOODS.includes(this.keyword)) {
			return this.state.rows.entity(requireRow(this.state, this.keyword, owner));
		}
		const found = this.state.dictionary(this.keyword).find(owner);
		if (!found) throw new MoySkladError(1021, [this.keyword, owner]);
		return found;
	}

	private template(kind: (typeof KINDS)[number]): Entity {
		const { world } = this.state;
		const id = world.id(`${kind} ${this.keyword}`, 0);
		const href = `${world.base}/entity/${this.keyword}/metadata/${kind}/${id}`;
		return {
			meta: { href, type: kind, mediaType: MEDIA_TYPE },
			id,
			name: NAMES[kind],
			type: 'entity',
		};
	}

	/** Throws 1021, 3000. */
	private checkTemplate(value: unknown): Entity {
		if (value === undefined) throw missing('template');
		const id = refId(value) ?? '';
		const { type } = ((value as Entity).meta ?? {}) as Entity;
		const found = KINDS.map((kind) => this.template(kind)).find((one) => one.id === id);
		if (!found || (found.meta as Entity).type !== type)
			throw new MoySkladError(1021, ['template', id]);
		return found;
	}

	private print(exchange: MoySkladExchange): VendorReply {
		const document = this.document(exchange);
		const body = readObject(exchange);
		const { template, templates, extension } = body;
		if (template !== undefined && templates !== undefined) throw new MoySkladError(33005);
		const forms = (templates ?? [{ template, count: 1 }]) as Entity[];
		for (const form of forms) {
			this.checkTemplate(form.template);
			const count = Number(form.count);
			if (!Number.isInteger(count) || count < 1 || count > MAX_COPIES) {
				throw new MoySkladError(3030, ['count', `1…${MAX_COPIES}`]);
			}
		}
		const kind = templates === undefined ? String(extension) : 'pdf';
		if (!Object.hasOwn(EXTENSIONS, kind)) {
			throw new MoySkladError(3005, [kind, 'extension', Object.keys(EXTENSIONS).join(', ')]);
		}
		const [mediaType, head] = EXTENSIONS[kind];
		const line = `${this.keyword} ${String(document.name)}, forms: ${forms.length}`;
		const bytes = kind === 'pdf' ? pdfOf(line) : Buffer.from(`${head} ${line}`, 'latin1');
		const id = this.state.blobs.put(`print.${kind}`, bytes, mediaType);
		// Several forms are not ready at once.
		if (forms.length > 1) {
			const location = `${this.state.world.base}/printing/${id}`;
			return { status: 202, headers: { location }, body: '' };
		}
		const expires = Date.now() + LIFE_MS;
		const location = `${this.state.world.storage}/file/${id}.${kind}?expires=${expires}`;
		return { status: 303, headers: { location } };
	}

	/** GET, POST and DELETE of a list that belongs to a document. */
	private parts(
		kind: string,
		post: (exchange: MoySkladExchange) => VendorReply,
	): Array<VendorRoute<MoySkladSession>> {
		const { state, path } = this;
		const collection = `${path}/:owner/${kind}`;
		const list = (exchange: MoySkladExchange): VendorReply => {
			const document = this.document(exchange);
			const query = parseListQuery(exchange);
			const all = state.documentParts.list(kind, String(document.id));
			const rows = all.slice(query.offset, query.offset + query.limit);
			return listPage(state, exchange, query, { type: kind, total: all.length, rows });
		};
		const part = (exchange: MoySkladExchange): Entity => {
			const { id } = exchange.params;
			const all = state.documentParts.list(kind, String(this.document(exchange).id));
			const found = all.find((one) => one.id === id);
			if (!found) throw new MoySkladError(1021, [kind, id]);
			return found;
		};
		const together: Array<VendorRoute<MoySkladSession>> =
			kind === 'notes'
				? [
						{
							method: 'POST',
							path: `${collection}/delete`,
							handler: (exchange) => {
								const owner = String(this.document(exchange).id);
								const href = `${state.world.href(this.keyword, owner)}/notes`;
								return bulkReply(state, exchange, readArray(exchange), (given) => {
									const id = metaIdIn(given, 'eventnote', href);
									if (!state.documentParts.remove(kind, owner, id)) {
										throw new MoySkladError(1021, ['eventnote', id]);
									}
									return deletedInfo(exchange, 'eventnote', id);
								});
							},
						},
					]
				: [];
		return [
			...together,
			{ method: 'GET', path: collection, handler: list },
			{
				method: 'POST',
				path: collection,
				handler: (exchange) => {
					disabledPrefixes(exchange);
					return post(exchange);
				},
			},
			{ method: 'GET', path: `${collection}/:id`, handler: (exchange) => json(part(exchange)) },
			{
				method: 'PUT',
				path: `${collection}/:id`,
				handler: (exchange) => {
					const found = part(exchange);
					Object.assign(found, { description: readObject(exchange).description });
					return json(found);
				},
			},
			{
				method: 'DELETE',
				path: `${collection}/:id`,
				handler: (exchange) => {
					const { id } = part(exchange);
					state.documentParts.remove(kind, String(this.document(exchange).id), String(id));
					if (kind === 'files') this.countFiles(exchange);
					return kind === 'publication' ? { status: 204 } : empty();
				},
			},
		];
	}

	/** Marking codes of an item (MoySklad docs, Marking codes): pages of 100, written and deleted as arrays. */
	private markings(): Array<VendorRoute<MoySkladSession>> {
		const { state } = this;
		const path = `${this.path}/:owner/positions/:item/trackingCodes`;
		const codesOf = (exchange: MoySkladExchange): { codes: Entity[]; href: string } => {
			const document = this.document(exchange);
			const { item: id } = exchange.params;
			checkId(id);
			const item = state.orderPositions.list(String(document.id)).find((one) => one.id === id);
			if (!item) throw new MoySkladError(1021, [`${this.keyword}position`, id]);
			item.trackingCodes ??= [];
			const { href } = item.meta as { href: string };
			return { codes: item.trackingCodes as Entity[], href: `${href}/trackingCodes` };
		};
		return [
			{
				method: 'GET',
				path,
				handler: (exchange) => {
					const { codes } = codesOf(exchange);
					const query = parseListQuery(exchange);
					if (query.limit > 100 && exchange.value('limit')) {
						throw new MoySkladError(3030, ['limit', '1…100']);
					}
					const format = exchange.value('codetype') || 'gs1';
					const rows = codes.slice(query.offset, query.offset + query.limit);
					return listPage(state, exchange, query, {
						type: 'trackingcode',
						total: codes.length,
						rows: rows.map(({ cis, ...rest }) => ({
							...rest,
							...(format === 'tag_1162' ? {} : { cis }),
							...(format === 'gs1' ? {} : { cis_1162: Buffer.from(String(cis)).toString('hex') }),
						})),
					});
				},
			},
			{
				method: 'POST',
				path,
				handler: (exchange) => {
					const { codes } = codesOf(exchange);
					return bulkReply(state, exchange, readArray(exchange), (given) => {
						if (given.cis === undefined) throw missing('cis');
						if (given.type === undefined) throw missing('type');
						if (codes.some(({ cis }) => cis === given.cis)) throw new MoySkladError(17103);
						const made = { id: state.world.id('trackingcode', this.marked++), ...given };
						codes.push(made);
						return made;
					});
				},
			},
			{
				method: 'POST',
				path: `${path}/delete`,
				handler: (exchange) => {
					const { codes, href } = codesOf(exchange);
					return bulkReply(state, exchange, readArray(exchange), (given) => {
						const id = metaIdIn(given, 'trackingcode', href);
						const at = codes.findIndex((one) => one.id === id);
						if (at < 0) throw new MoySkladError(1021, ['trackingcode', id]);
						codes.splice(at, 1);
						return deletedInfo(exchange, 'trackingcode', id);
					});
				},
			},
		];
	}

	private publish(exchange: MoySkladExchange): VendorReply {
		const document = this.document(exchange);
		const { documentParts } = this.state;
		const template = this.checkTemplate(readObject(exchange).template);
		const id = String(document.id);
		const known = documentParts
			.list('publication', id)
			.find((one) => refId(one.template) === template.id);
		if (known) return json(known, 200);
		const href = `https://online.moysklad.ru/public/doc/${id}-${String(template.id)}`;
		const made = documentParts.add('publication', this.keyword, id, {
			meta: { type: 'operationpublication' },
			template: { meta: template.meta },
			href,
		});
		return json(made, 201);
	}

	private attach(exchange: MoySkladExchange): VendorReply {
		const id = String(this.document(exchange).id);
		const { blobs, documentParts, world } = this.state;
		for (const { filename, content } of readArray(exchange)) {
			if (typeof filename !== 'string' || filename === '') throw missing('filename');
			const bytes = typeof content === 'string' ? decodeBase64(content) : undefined;
			if (!bytes) throw missing('content');
			const blob = blobs.put(filename, bytes, 'application/octet-stream');
			documentParts.add('files', this.keyword, id, {
				meta: { downloadHref: `${world.base}/download/${blob}` },
				title: filename.replace(/\.[^.]*$/, ''),
				filename,
				size: bytes.length,
				created: moscowMillis(Date.now()),
				createdBy: world.ref('employee', 0),
			});
		}
		this.countFiles(exchange);
		return json(documentParts.list('files', id));
	}

	/** A task tells how many files it has. */
	private countFiles(exchange: MoySkladExchange): void {
		if (this.keyword !== 'task') return;
		const { documentParts, world } = this.state;
		const task = this.document(exchange);
		const href = `${world.href('task', String(task.id))}/files`;
		const size = documentParts.list('files', String(task.id)).length;
		this.state.dictionary('task').change(task, { files: world.collection(href, 'files', size) });
	}

	private comment(exchange: MoySkladExchange): VendorReply {
		const id = String(this.document(exchange).id);
		// One event a request; the answer is a list all the same (MoySklad docs, Event feed).
		const { description } = readObject(exchange);
		if (typeof description !== 'string' || description === '') throw missing('description');
		const made = this.state.documentParts.add('notes', this.keyword, id, {
			meta: { type: 'eventnote' },
			description,
			created: moscowMillis(Date.now()),
			author: this.state.world.ref('employee', 0),
		});
		return json([made], 201);
	}

	/** A new document as MoySklad would fill it in. Throws 1021, 1031, 36000. */
	private blank(exchange: MoySkladExchange): VendorReply {
		const body = readObject(exchange);
		const { keyword, state } = this;
		const bases = BASES[keyword] ?? [];
		const named = Object.keys(body).filter((field) => bases.some((one) => one.field === field));
		// A retail sale is of a shift in any case, and of an order beside it.
		const { beside } =
			bases.find(({ field, beside: other }) => other && named.includes(field)) ?? {};
		if (beside && !named.includes(beside)) throw missing(beside);
		const given = named.filter((field) => field !== beside);
		if (given.length > 1) throw new MoySkladError(36000);
		const applicable = !DRAFTS.includes(keyword);
		if (given.length === 0) {
			if (Object.keys(body).length > 0) throw new MoySkladError(1031);
			return json({ applicable, organization: state.world.ref('organization', 0) });
		}
		const [field] = given;
		const refs = [body[field]].flat() as Entity[];
		const found = refs.map((ref) => {
			const { type = '' } = (ref.meta ?? {}) as { type?: string };
			const basis = bases.find((one) => one.field === field && one.type === type);
			if (!basis || Array.isArray(body[field]) !== (basis.many === true)) {
				throw new MoySkladError(1031);
			}
			const document = state.dictionaries.get(type)?.find(refId(ref) ?? '');
			if (!document) throw new MoySkladError(1021, [type, refId(ref) ?? '']);
			return { type, document };
		});
		const [{ document: first }] = found;
		const { fields } = facts[keyword];
		const kept = KEPT.filter((name) => fields[name] && first[name] !== undefined);
		const template: Entity = {
			applicable,
			// Shown in templates as in documents.
			printed: false,
			published: false,
			payedSum: 0,
			...Object.fromEntries(kept.map((name) => [name, first[name]])),
		};
		if (field === 'operations') {
			const operations = found.map(({ document }) => ({
				meta: document.meta,
				linkedSum: Math.max(0, Number(document.sum ?? 0) - Number(document.payedSum ?? 0)),
			}));
			template.operations = operations;
			template.sum = operations.reduce((sum, { linkedSum }) => sum + linkedSum, 0);
		} else {
			template[field] = Array.isArray(body[field])
				? found.map(({ document }) => ({ meta: document.meta }))
				: { meta: first.meta };
		}
		if (field === 'inventory' && state.orderPositions.list(String(first.id)).length > 0) {
			const rows = this.difference(first);
			template.positions = { meta: { size: rows.length }, rows };
		} else if (fields.positions) {
			const known = facts[keyword].parts?.positions ?? {};
			const rows = found.flatMap(({ document }) =>
				state.orderPositions
					.list(String(document.id))
					.map((row) =>
						Object.fromEntries(
							Object.entries(row).filter(([name]) => known[name] && name !== 'id'),
						),
					),
			);
			template.positions = { meta: { size: rows.length }, rows };
		}
		return json(template);
	}

	/** Book quantities of a count (MoySklad docs, Inventory: recalculation). */
	private recount(count: Entity): void {
		const { rows, world, orderPositions } = this.state;
		const store = world.space('store').index(refId(count.store as Entity) ?? '');
		for (const item of orderPositions.list(String(count.id))) {
			const row = rows.findAny(refId(item.assortment as Entity) ?? '');
			const stock = row === undefined || store === undefined ? 0 : rows.stock.at(row, store).stock;
			item.calculatedQuantity = stock;
			item.correctionAmount = Number(item.quantity ?? 0) - stock;
		}
	}

	/**
	 * What a count says is to be added (`enter`) or written off (`loss`), unless a document of it does so already; the first
	 * 500 rows. Throws 24001, 24002 where nothing is left (MoySklad docs: errors; reference of the project §4.1).
	 */
	private difference(count: Entity): Entity[] {
		const { keyword, state } = this;
		const done = new Map<string, number>();
		for (const document of state.dictionary(keyword).all()) {
			if (refId((document.inventory ?? {}) as Entity) !== count.id) continue;
			for (const { assortment, quantity } of state.orderPositions.list(String(document.id))) {
				const id = refId(assortment as Entity) ?? '';
				done.set(id, (done.get(id) ?? 0) + Number(quantity));
			}
		}
		const sign = keyword === 'enter' ? 1 : -1;
		const rows = state.orderPositions
			.list(String(count.id))
			.map(({ assortment, price, quantity, calculatedQuantity }) => ({
				assortment,
				...(price === undefined ? {} : { price }),
				quantity:
					sign * (Number(quantity ?? 0) - Number(calculatedQuantity ?? 0)) -
					(done.get(refId(assortment as Entity) ?? '') ?? 0),
			}))
			.filter(({ quantity }) => quantity > 0);
		if (rows.length === 0) throw new MoySkladError(keyword === 'enter' ? 24002 : 24001);
		return rows.slice(0, MOST_OF_COUNT) as Entity[];
	}
}

export function documentRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const routes = (keyword: string) => new TypeRoutes(base, state, keyword);
	/** Prices that nobody gave are those of the sandbox's goods: 1000 (MoySklad docs: Autofill). */
	const wizard: VendorRoute<MoySkladSession> = {
		method: 'POST',
		path: `${base}/wizard/:type`,
		handler: (exchange) => {
			const body = readObject(exchange);
			const actions = (exchange.value('action') ?? '').split(',');
			// Types without a counterparty take the prices of the organization.
			const hasAgent = facts[exchange.params.type].fields.agent !== undefined;
			const needs = hasAgent && actions.includes('evaluate_price') ? 'agent' : 'organization';
			if (body[needs] === undefined) throw new MoySkladError(56000, [needs]);
			const positions = (body.positions as Entity[]).map((row) =>
				actions.includes('evaluate_price') ? { price: 1000, ...row } : { vat: 20, ...row },
			);
			return json({ ...body, positions });
		},
	};
	const others = typesThat(({ kind, has }) => kind === 'dictionary' && has.includes('files'));
	return [
		...typesThat(({ kind }) => kind === 'document').flatMap((keyword) => routes(keyword).all()),
		wizard,
		...others.flatMap((keyword) => routes(keyword).files()),
	];
}
