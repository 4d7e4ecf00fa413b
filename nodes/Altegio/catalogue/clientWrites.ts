/**
 * Clients by phone or e-mail, many at a time. A phone is unique in a location, an e-mail is not (reference of the
 * project: altegio-api.md §2.3, §6). Requests for n items: the clients of the location in pages of 200, or one search
 * for each key, whichever is less; new ones together; two for each client that is there.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Mapper, MapperField, Operation, Work } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { missingProblem } from '../../shared/form/mapper';
import { inParallel } from '../../shared/road/parallel';
import { valueAt } from '../../shared/road/paging';
import { routePath } from '../../shared/run/request';
import { digitsOf, phoneOf } from '../phone';

/** Greatest page of the search (Altegio docs: get a list of clients). */
const PAGE = 200;
/** Clients of one request; the docs tell no limit. */
const BATCH = 100;
/** Asking for the clients of the whole location pays from so many keys on. */
const SEVERAL = 3;

type Key = 'phone' | 'email';
const LABELS: Record<Key, string> = { phone: 'Phone', email: 'E-Mail' };

/** The same client for all items with the same key, so that a new one is made once. */
interface Target {
	id?: unknown;
}

/** New clients that are created together. */
interface Batch {
	calls: Call[];
	sent?: Promise<IDataObject>;
}

const targets = new WeakMap<Call, Target>();
const batches = new WeakMap<Call, Batch>();

const normalKey = (key: Key, value: unknown, baseUrl: string): string =>
	key === 'phone' ? phoneOf(LABELS.phone, value, baseUrl) : String(value).trim().toLowerCase();

const keyOf = (key: Key, row: IDataObject): string =>
	key === 'phone'
		? digitsOf(row.phone)
		: String(row.email ?? '')
				.trim()
				.toLowerCase();

/** Rows of a search in a location; all clients without a text. */
async function search(
	location: string,
	page: number,
	work: Pick<Work, 'send'>,
	text?: string,
): Promise<{ rows: IDataObject[]; total: number }> {
	const { body } = await work.send({
		method: 'POST',
		path: `/company/${encodeURIComponent(location)}/clients/search`,
		idempotent: true,
		body: {
			page,
			page_size: PAGE,
			fields: ['id', 'name', 'phone', 'email'],
			...(text === undefined
				? {}
				: { operation: 'AND', filters: [{ type: 'quick_search', state: { value: text } }] }),
		},
	});
	const rows = valueAt(body, 'data');
	const total = Number(valueAt(body, 'meta.total_count') ?? 0);
	return { rows: Array.isArray(rows) ? (rows as IDataObject[]) : [], total };
}

/** Clients of a location that may have one of the keys. */
async function candidates(
	location: string,
	keys: string[],
	work: Pick<Work, 'send'>,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	if (keys.length >= SEVERAL) {
		const { rows, total } = await search(location, 1, work);
		const pages = Math.ceil(total / PAGE);
		if (pages - 1 <= keys.length) {
			found.push(...rows);
			for (let page = 2; page <= pages; page++) {
				found.push(...(await search(location, page, work)).rows);
			}
			return found;
		}
	}
	await inParallel(keys, async (key) => {
		found.push(...(await search(location, 1, work, key)).rows);
	});
	return found;
}

/** Finds the clients that the items mean. Sets `problem` where several fit, or phones cannot be seen. */
async function findTargets(calls: Call[], work: Work): Promise<void> {
	const groups = new Map<string, Map<string, Call[]>>();
	for (const call of calls) {
		const { match, path } = call;
		if (call.problem || !match) continue;
		try {
			const key = normalKey(match.field as Key, match.value, call.baseUrl);
			const place = `${match.field} ${path.locationId}`;
			const keys = groups.get(place) ?? new Map<string, Call[]>();
			groups.set(place, keys.set(key, [...(keys.get(key) ?? []), call]));
		} catch (error) {
			call.problem = error as Error;
		}
	}
	for (const [place, keys] of groups) {
		const [field, location] = place.split(' ') as [Key, string];
		const rows = await candidates(location, [...keys.keys()], work);
		const hidden = field === 'phone' && rows.some(({ phone }) => String(phone).includes('*'));
		for (const [key, group] of keys) {
			const fits = fitting(field, key, rows);
			const target: Target = { id: fits[0]?.id };
			for (const call of group) {
				if (fits.length > 1) call.problem = unclear(field, key, fits);
				else if (fits.length === 0 && hidden) call.problem = hiddenPhones();
				else targets.set(call, target);
			}
		}
	}
}

function fitting(field: Key, key: string, rows: IDataObject[]): IDataObject[] {
	const all = rows.filter((row) => keyOf(field, row) === key);
	return all.filter(({ id }, at) => all.findIndex((one) => one.id === id) === at);
}

function unclear(field: Key, key: string, fits: IDataObject[]): InputProblem {
	const ids = fits.slice(0, 10).map(({ id, name }) => `${String(id)} (${String(name)})`);
	return new InputProblem(
		LABELS[field],
		`'${key}' belongs to ${fits.length} clients: ${ids.join(', ')}`,
		"Match on the phone, which only one client of a location can have, or use 'Update' with the ID of the right one.",
	);
}

function hiddenPhones(): InputProblem {
	return new InputProblem(
		LABELS.phone,
		'cannot be compared, because the user behind the token may not see phones',
		'Give the user the right to see the phones of clients.',
	);
}

const labelledField = (call: Call, name: string): Pick<MapperField, 'name' | 'label'> => {
	const field = call.operation.fields.find(({ kind }) => kind === 'mapper');
	const mapper = (field as { mapper: Mapper } | undefined)?.mapper;
	return mapper?.fields.find((one) => one.name === name) ?? { name, label: name };
};

/** A new client needs a name and a phone. */
function missingIn(call: Call): InputProblem | undefined {
	const missing = ['name', 'phone'].find((name) => (call.body[name] ?? '') === '');
	return missing === undefined ? undefined : missingProblem(call, labelledField(call, missing));
}

/** New clients of one location without custom fields, which the call for many does not take, go together. */
function makeBatches(calls: Call[]): void {
	const open = new Map<string, Batch>();
	for (const call of calls) {
		if ('custom_fields' in call.body) continue;
		const place = call.path.locationId;
		let batch = open.get(place);
		if (!batch || batch.calls.length >= BATCH) open.set(place, (batch = { calls: [] }));
		batch.calls.push(call);
		batches.set(call, batch);
	}
}

/** Prepares Create or Update. */
export async function prepareUpsert(calls: Call[], work: Work): Promise<void> {
	await findTargets(calls, work);
	const fresh = new Map<Target, Call>();
	for (const call of calls) {
		const target = targets.get(call);
		if (call.problem || !target || target.id !== undefined || fresh.has(target)) continue;
		call.problem = missingIn(call);
		if (!call.problem) fresh.set(target, call);
	}
	if (fresh.size > 1) makeBatches([...fresh.values()]);
}

/** Prepares Create Many: a phone that stands there twice would be refused the second time. */
export async function prepareMany(calls: Call[]): Promise<void> {
	const seen = new Map<string, number>();
	for (const call of calls) {
		if (call.problem) continue;
		const key = `${call.path.locationId} ${String(call.body.phone)}`;
		const before = seen.get(key);
		if (before === undefined) seen.set(key, call.itemIndex);
		else {
			call.problem = new InputProblem(
				LABELS.phone,
				`is also that of item ${before}`,
				"A phone belongs to one client of a location. Leave one of the two out, or use 'Create or Update'.",
			);
		}
	}
	makeBatches(calls.filter(({ problem }) => !problem));
	await Promise.resolve();
}

/** False for a row with another name, or with another phone that is shown in full. */
function mayBe(row: IDataObject, given: IDataObject): boolean {
	const isSameName = row.name === undefined || row.name === given.name;
	const isHidden = row.phone === undefined || !/^\+?\d+$/.test(String(row.phone));
	return isSameName && isHidden;
}

/** Sends the batch of a call once, and finds what became of the call's client. */
async function createTogether(call: Call, batch: Batch, work: Work): Promise<IDataObject> {
	batch.sent ??= work
		.send({
			method: 'POST',
			path: `/clients/${encodeURIComponent(call.path.locationId)}/bulk`,
			body: batch.calls.map(({ body }) => body) as unknown as IDataObject,
		})
		.then(({ body }) => (valueAt(body, 'data') ?? {}) as IDataObject);
	const { created, errors } = await batch.sent;
	const ofCall = (rows: unknown) =>
		(Array.isArray(rows) ? (rows as IDataObject[]) : []).find(
			({ phone }) => digitsOf(phone) === String(call.body.phone),
		);
	const row = ofCall(created);
	if (row) return row;
	const refused = ofCall(errors);
	// One was sent, one was made, nothing was refused: it is ours, also when Altegio writes its phone in another way.
	const isAlone = batch.calls.length === 1 && !(Array.isArray(errors) && errors.length > 0);
	if (isAlone && Array.isArray(created) && created.length === 1) return created[0] as IDataObject;
	// Phones are hidden from users without the right to see them. When all were created, they are taken to stand in our
	// order (inferred), unless a row says that it is somebody else.
	if (!refused && Array.isArray(created) && created.length === batch.calls.length) {
		const there = (created as IDataObject[])[batch.calls.indexOf(call)];
		if (mayBe(there, call.body)) return there;
	}
	throw new InputProblem(
		labelledField(call, 'phone').label,
		refused
			? `'${String(call.body.phone)}' was refused by Altegio: ${String(refused.error)}`
			: `'${String(call.body.phone)}' is not in Altegio's answer, so nobody knows whether the client was created`,
		refused
			? "A client with this phone may be there already: 'Create or Update' changes it then. The other clients of the request were created."
			: 'Look for the phone in Altegio before you run it again.',
	);
}

/** One new client; several share a request. */
export async function createOne(call: Call, work: Work): Promise<IDataObject> {
	const batch = batches.get(call);
	if (batch && (batch.calls.length > 1 || call.operation.operation === 'createMany'))
		return await createTogether(call, batch, work);
	const path = `/clients/${encodeURIComponent(call.path.locationId)}`;
	const { body } = await work.send({ method: 'POST', path, body: call.body });
	return valueAt(body, 'data') as IDataObject;
}

/** Changes a client; what the item does not name stays. */
async function change(
	call: Call,
	id: unknown,
	update: Operation,
	work: Work,
): Promise<IDataObject> {
	const rule = update.replaces as NonNullable<Operation['replaces']>;
	// Tags have another name in a change.
	const { categories, ...rest } = call.body;
	const named = categories === undefined ? rest : { ...rest, labels: categories };
	const inner: Call = {
		...call,
		operation: update,
		path: { ...call.path, clientId: String(id) },
		body: named,
	};
	const read = await work.send({ method: 'GET', path: routePath(rule.read, inner) });
	const kept = rule.keep(valueAt(read.body, rule.at) as IDataObject, inner);
	const custom = {
		...(kept.custom_fields as IDataObject),
		...(named.custom_fields as IDataObject),
	};
	const { body } = await work.send({
		method: 'PUT',
		path: routePath(update.route, inner),
		body: {
			...kept,
			...named,
			...(Object.keys(custom).length > 0 ? { custom_fields: custom } : {}),
		},
	});
	return valueAt(body, 'data') as IDataObject;
}

/** The client of the item, changed or new. */
export async function upsertOne(call: Call, update: Operation, work: Work): Promise<IDataObject> {
	const target = targets.get(call) ?? {};
	if (target.id !== undefined) return await change(call, target.id, update, work);
	const made = await createOne(call, work).catch((error: unknown) => error as Error);
	if (!(made instanceof Error)) {
		target.id = made.id;
		return made;
	}
	const fits = isTaken(made) ? await othersOf(call, work) : [];
	if (fits.length !== 1) throw made;
	target.id = fits[0].id;
	return await change(call, target.id, update, work);
}

/** The phone may have a client by now (the text of this refusal is in the user's language). */
function isTaken(error: Error): boolean {
	return (
		error instanceof InputProblem || (error instanceof CallFailed && error.details.status === 422)
	);
}

/** Clients that have been created since they were looked for. */
async function othersOf(call: Call, work: Work): Promise<IDataObject[]> {
	if (!call.match) return [];
	const field = call.match.field as Key;
	const key = normalKey(field, call.match.value, call.baseUrl);
	const { rows } = await search(call.path.locationId, 1, work, key);
	return fitting(field, key, rows);
}
