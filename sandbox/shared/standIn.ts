/**
 * Serves every documented operation of a vendor that has no route of its own: a request is checked against the facts
 * of its operation, and the answer is made of them. What was written is seen in the answer, and an object that was made
 * is found again by its ID.
 */
import type { FieldFacts, OperationFacts } from '../../nodes/shared/facts/facts';
import type { Problem, Strictness } from './kinds';
import { fieldProblems, kindOf, numberFor, sampleOf, valueProblems } from './kinds';
import type { Exchange, VendorReply } from './server';

/** A JSON object of an API. */
type Json = Record<string, unknown>;

/** What a vendor says about its stand-in. `S` is its session. */
export interface StandInRules<S> extends Strictness {
	facts: OperationFacts[];
	/** Paths of an operation on the vendor's host; none: it is not served. */
	paths: (facts: OperationFacts) => string[];
	/** Answer to a request that the docs do not allow. */
	refuse: (problems: Problem[], exchange: Exchange<S>) => VendorReply;
	/** Answer for an object that does not exist. */
	missing: (exchange: Exchange<S>) => VendorReply;
	/** What is checked before the request itself, e.g. rights; throws the vendor's error. */
	enter?: (match: Match, exchange: Exchange<S>) => void;
	/** Status of a good answer; 200 unless said, 204 without a body. */
	status?: (facts: OperationFacts) => number | undefined;
	/** The answer of an operation of which the docs tell none; undefined: no body. */
	blank?: (facts: OperationFacts) => unknown;
	/** True for a call whose list holds the one object that was asked for. */
	single?: (facts: OperationFacts) => boolean;
	/** Type of an answer that is a file, where the facts do not say so. */
	file?: (facts: OperationFacts) => string | undefined;
	/** Last touch on a JSON answer. */
	finish?: (body: unknown, match: Match, exchange: Exchange<S>) => unknown;
}

/** An operation, and what stands in its path. */
export interface Match {
	facts: OperationFacts;
	params: Record<string, string>;
}

interface Entry {
	facts: OperationFacts;
	pattern: RegExp;
	names: string[];
	literals: number;
}

/** Rows of a list that has pages, and of one that has none. */
export const PAGED_ROWS = 7;
const UNPAGED_ROWS = 3;

const isNumeric = (kind: string) => ['number', 'integer'].includes(String(kindOf(kind).types[0]));
const trimmed = (path: string) => path.replace(/\/+$/, '') || '/';
const isPlaceholder = (part: string) => /^\{.*\}$/.test(part);

/** Finds the operation that a method and a path are of, the most particular first. */
export class Table {
	private readonly entries = new Map<string, Entry[]>();

	constructor(facts: OperationFacts[], paths: (facts: OperationFacts) => string[]) {
		for (const one of facts) {
			for (const path of paths(one)) {
				const parts = trimmed(path).split('/');
				const source = parts
					.map((part) =>
						isPlaceholder(part) ? '([^/]+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
					)
					.join('/');
				const entry = {
					facts: one,
					pattern: new RegExp(`^${source}/?$`),
					names: parts.filter(isPlaceholder).map((part) => part.slice(1, -1)),
					literals: parts.filter((part) => !isPlaceholder(part)).length,
				};
				this.entries.set(one.method, [...(this.entries.get(one.method) ?? []), entry]);
			}
		}
		for (const list of this.entries.values()) {
			list.sort(
				(a, b) =>
					b.literals - a.literals || Number(!!a.facts.deprecated) - Number(!!b.facts.deprecated),
			);
		}
	}

	find(method: string, path: string): Match | undefined {
		for (const { facts, pattern, names } of this.entries.get(method) ?? []) {
			const found = pattern.exec(path);
			if (!found) continue;
			const params = names.map((name, index) => [name, decodeURIComponent(found[index + 1])]);
			return { facts, params: Object.fromEntries(params) as Record<string, string> };
		}
		return undefined;
	}
}

/** What is wrong with a request by the facts of its operation: the path, the query and the body. */
export function judge(
	{ facts, params }: Match,
	query: ReadonlyArray<readonly [string, string]>,
	body: unknown,
	how: Strictness = {},
): Problem[] {
	const problems = pathProblems(facts, params);
	// An operation of which nothing but its name is known takes anything.
	if (isOpen(facts)) return problems;
	problems.push(...queryProblems(facts, query));
	if (facts.body === undefined) {
		const isEmpty = body === undefined || JSON.stringify(body) === '{}';
		return isEmpty ? problems : [...problems, { at: 'body', what: 'unknown' }];
	}
	return [...problems, ...bodyProblems(facts.body, body, how)];
}

function isOpen({ query, body, answer, method }: OperationFacts): boolean {
	return !query && !body && !answer && method !== 'DELETE';
}

function pathProblems(facts: OperationFacts, params: Record<string, string>): Problem[] {
	return (facts.pathFields ?? []).flatMap((field) => {
		const value = params[field.name];
		const isNumber = ['number', 'integer'].includes(kindOf(field.kind).types.join());
		const isWrong = value !== undefined && isNumber && !/^\d+$/.test(value);
		return isWrong ? [{ at: `path.${field.name}`, what: 'type' as const }] : [];
	});
}

const bare = (name: string) => name.replace(/\[\d*\]$/, '');

function queryProblems(
	facts: OperationFacts,
	query: ReadonlyArray<readonly [string, string]>,
): Problem[] {
	const known = new Map((facts.query ?? []).map((field) => [bare(field.name), field]));
	const given = new Map<string, unknown>();
	for (const [name, text] of query) {
		const field = known.get(bare(name));
		const types = field ? kindOf(field.kind).types : [];
		const values = types[0] === 'array' ? text.split(',').map(asWritten) : asWritten(text);
		const before = given.get(bare(name));
		given.set(
			bare(name),
			Array.isArray(before) && Array.isArray(values) ? [...before, ...values] : values,
		);
	}
	const fields = [...known.values()].map((field) => ({ ...field, name: bare(field.name) }));
	// Everything in a query is text.
	return fieldProblems(Object.fromEntries(given), fields, 'query.', { loose: true });
}

/** A query tells no number from its digits. */
function asWritten(text: string): unknown {
	if (text === 'true' || text === 'false') return text === 'true';
	return text;
}

function bodyProblems(fields: FieldFacts[], body: unknown, how: Strictness): Problem[] {
	const list = fields.find(({ name }) => name === '');
	if (list) {
		const inner = fields.filter(({ name }) => name !== '');
		const element = { ...list, fields: list.fields ?? inner };
		if (body === undefined) return list.required ? [{ at: 'body', what: 'missing' }] : [];
		return valueProblems(body, element, 'body', how);
	}
	if (body === undefined) body = {};
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		return [{ at: 'body', what: 'type' }];
	}
	return fieldProblems(body as Json, fields, 'body.', how);
}

/** The body of an exchange; undefined without one. Throws when it is no JSON. */
function bodyOf<S>(exchange: Exchange<S>): unknown {
	if (exchange.body === '') return undefined;
	const type = exchange.header('content-type') ?? '';
	if (!/multipart/.test(type)) return JSON.parse(exchange.body) as unknown;
	const names = exchange.body.matchAll(
		/name="([^"]+)"(; filename="[^"]*")?[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/g,
	);
	return Object.fromEntries(
		[...names].map(([, name, file, text]) => [name, file === undefined ? text : 'file']),
	);
}

const SIZES = ['count', 'page_size', 'pageSize', 'editable_length', 'limit'];
const TOKENS = ['pageToken', 'page_token'];
const DEFAULT_SIZE = 25;

interface Page {
	offset: number;
	size: number;
	total: number;
}

/** The page that a request asks for. */
function pageOf(facts: OperationFacts, asked: Map<string, unknown>): Page {
	const names = new Set([...(facts.query ?? []), ...(facts.body ?? [])].map(({ name }) => name));
	const sizes = SIZES.filter((name) => names.has(name));
	const isPaged = ['page', 'offset', ...TOKENS].some((name) => names.has(name));
	if (!isPaged) return { offset: 0, size: UNPAGED_ROWS, total: UNPAGED_ROWS };
	const numberAt = (name: string | undefined) => {
		const value = name === undefined ? undefined : asked.get(name);
		return value === undefined ? undefined : Number(value);
	};
	const size = sizes.map(numberAt).find((value) => value !== undefined) ?? DEFAULT_SIZE;
	const page = numberAt('page') ?? 1;
	const at = TOKENS.map(numberAt).find((value) => value !== undefined && !Number.isNaN(value));
	return { offset: at ?? numberAt('offset') ?? (page - 1) * size, size, total: PAGED_ROWS };
}

/** An answer as a tree; `rows` are the elements of a list. */
interface Branch {
	kind: string;
	inner: Map<string, Branch>;
	rows?: Branch;
}

const trees = new WeakMap<OperationFacts, Branch>();

/** `data[].id` → type, as a tree. */
function treeOf(facts: OperationFacts): Branch {
	const known = trees.get(facts);
	if (known) return known;
	const root: Branch = { kind: 'object', inner: new Map() };
	for (const [path, kind] of Object.entries(facts.answer ?? {})) {
		let at = root;
		for (const step of path === '' ? [] : path.split('.')) {
			const name = step.replace(/(\[\])+$/, '');
			const depth = (step.length - name.length) / 2;
			if (name !== '') {
				const next: Branch = at.inner.get(name) ?? { kind: 'object', inner: new Map() };
				at.inner.set(name, next);
				at = next;
			}
			for (let level = 0; level < depth; level++) {
				at.kind = 'array';
				at.rows ??= { kind: 'object', inner: new Map() };
				at = at.rows;
			}
		}
		if (at.inner.size === 0 && !at.rows) at.kind = kind;
	}
	trees.set(facts, root);
	return root;
}

/** The list that is the answer's: the first one, at the top or one level below. */
function listIn(root: Branch): Branch | undefined {
	if (root.rows) return root;
	const level = [...root.inner.values()];
	const isList = (one: Branch) => one.rows !== undefined && one.rows.inner.size > 0;
	return (
		level.find(isList) ??
		level
			.filter((one) => one.kind === 'object' && !one.inner.has('id'))
			.flatMap((one) => [...one.inner.values()])
			.find(isList)
	);
}

class Maker {
	constructor(
		private readonly list: Branch | undefined,
		private readonly page: Page,
		private readonly first: Json[],
		private readonly fields: Map<string, FieldFacts>,
	) {}

	make(branch: Branch, name: string, path: string, index: number): unknown {
		if (branch.rows) {
			if (branch === this.list) return this.pageRows(branch.rows, path);
			const { rows } = branch;
			// A list of which the docs name no element is empty.
			if (rows.inner.size === 0 && kindOf(rows.kind).types[0] === 'object') return [];
			return [this.make(rows, name, `${path}[]`, index)];
		}
		if (branch.inner.size > 0) {
			const entries = [...branch.inner].map(([key, one]): [string, unknown] => [
				key === '{key}' ? 'sample' : key,
				this.make(one, key, `${path}.${key}`, index),
			]);
			return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
		}
		return this.leaf(branch.kind, name, path, index);
	}

	private pageRows(rows: Branch, path: string): unknown[] {
		const { offset, size, total } = this.page;
		const count = Math.max(0, Math.min(size, total - offset));
		const made = Array.from({ length: count }, (_, index) =>
			this.make(rows, '', `${path}[]`, offset + index),
		);
		return offset === 0 ? [...this.first, ...made] : made;
	}

	private leaf(kind: string, name: string, path: string, index: number): unknown {
		const { offset, size, total } = this.page;
		if (/token$/i.test(name) && /next|prev/i.test(name)) {
			const isMore = /next/i.test(name) && offset + size < total;
			return isMore ? String(offset + size) : undefined;
		}
		if (/(^|\.)(next|previous)(\.|$)/.test(path)) return null;
		if (/^total(_?count)?$/i.test(name) || path === '.count') return total + this.first.length;
		if (path.endsWith('meta.count')) return Math.max(0, Math.min(size, total - offset));
		if (name === 'success') return true;
		const { types } = kindOf(kind);
		if (types.length === 0 || kind === 'null') return null;
		// What is known of a field that is written holds for one that is read.
		const written = this.fields.get(name);
		const isPlain = types[0] !== 'array' && types[0] !== 'object';
		if (written && isPlain && (written.values || isNumeric(written.kind))) {
			const sample = sampleOf(written);
			return types[0] === 'string' ? String(sample) : sample;
		}
		if (types[0] === 'object') return {};
		// Lists of which nothing is told hold days wherever they are the answer.
		if (types[0] === 'array') return path === '.data' ? ['2026-11-28'] : [];
		if (name === 'id' && types[0] !== 'boolean') {
			const id = 1000 + numberFor(path, 500) * 10 + index;
			return types.includes('integer') || types.includes('number') ? id : String(id);
		}
		if (types.includes('integer') || types.includes('number')) return 1 + numberFor(name, 90);
		if (types[0] === 'boolean') return numberFor(name, 2) === 1;
		if (/_id$/.test(name)) return String(1 + numberFor(name, 90));
		return `${String(sampleOf({ name, kind }))}`;
	}
}

const FILES: Record<string, string> = {
	'application/pdf': '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n',
	'image/jpeg': '\u00ff\u00d8\u00ff\u00e0 sample',
	'application/vnd.ms-excel': '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1 sample',
};

/** Serves the documented operations of a vendor. */
export class StandIn<S> {
	private readonly table: Table;
	/** Objects that were made or changed, by what the operation is about and their ID. */
	private readonly kept = new Map<string, Json>();
	private readonly gone = new Set<string>();
	/** Objects that were made here, of which the deletion is remembered. */
	private readonly own = new Set<string>();
	private made = 0;
	/** Fields of what an operation is about, as its writes have them. */
	private readonly written = new Map<string, Map<string, FieldFacts>>();

	constructor(private readonly rules: StandInRules<S>) {
		this.table = new Table(rules.facts, rules.paths);
		for (const facts of rules.facts) {
			const fields = this.written.get(familyOf(facts)) ?? new Map<string, FieldFacts>();
			for (const field of facts.body ?? []) {
				const known = fields.get(field.name);
				if (!known || field.values || field.required)
					fields.set(field.name, { ...known, ...field });
			}
			this.written.set(familyOf(facts), fields);
		}
	}

	/** The answer to a request; undefined when no operation has this method and path. */
	serve(exchange: Exchange<S>): VendorReply | undefined {
		const match = this.table.find(exchange.method, exchange.path);
		if (!match) return undefined;
		const { rules } = this;
		rules.enter?.(match, exchange);
		let body: unknown;
		try {
			body = bodyOf(exchange);
		} catch {
			return rules.refuse([{ at: 'body', what: 'type' }], exchange);
		}
		const problems = judge(match, exchange.query, body, rules);
		if (problems.some(({ at }) => at.startsWith('path.'))) return rules.missing(exchange);
		if (problems.length > 0) return rules.refuse(problems, exchange);
		const key = this.keyOf(match);
		if (key !== undefined && this.gone.has(key)) return rules.missing(exchange);
		return this.answer(match, exchange, body, key);
	}

	/** Names the object that a path ends in. */
	private keyOf({ facts, params }: Match): string | undefined {
		const last = facts.path.split('/').filter(Boolean).pop() ?? '';
		const name = /^\{(.*)\}$/.exec(last)?.[1];
		const id = name === undefined ? undefined : params[name];
		return id === undefined ? undefined : `${familyOf(facts)} ${id}`;
	}

	private answer(
		match: Match,
		exchange: Exchange<S>,
		body: unknown,
		key: string | undefined,
	): VendorReply {
		const { rules } = this;
		const { facts } = match;
		const type = rules.file?.(facts) ?? fileType(facts);
		if (type) {
			const text = FILES[type] ?? 'sample';
			return { status: 200, headers: { 'content-type': type }, body: Buffer.from(text, 'latin1') };
		}
		if (facts.method === 'DELETE' && key !== undefined) {
			if (this.own.has(key)) this.gone.add(key);
			this.kept.delete(key);
		}
		const asked = new Map<string, unknown>([
			...exchange.query,
			...Object.entries(typeof body === 'object' && body !== null ? body : {}),
		]);
		const answer =
			facts.answer === undefined
				? this.blankOf(facts)
				: this.compose(match, pageOf(facts, asked), body, key);
		const done = rules.finish ? rules.finish(answer, match, exchange) : answer;
		const status = rules.status?.(facts);
		if (done === undefined || status === 204) return { status: status ?? 204 };
		return {
			status: status ?? 200,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body: JSON.stringify(done),
			rows: 1,
		};
	}

	private compose(match: Match, page: Page, body: unknown, key: string | undefined): unknown {
		const { facts } = match;
		const root = treeOf(facts);
		const isWrite = facts.method !== 'GET';
		const list = isWrite && page.total === UNPAGED_ROWS ? undefined : listIn(root);
		const earlier = list && !isWrite ? this.madeOf(facts) : [];
		const rows = this.rules.single?.(facts) ? { ...page, size: 1, total: 1 } : page;
		const fields = this.written.get(familyOf(facts)) ?? new Map<string, FieldFacts>();
		const answer = new Maker(list, rows, earlier, fields).make(root, '', '', 0);
		if (facts.method === 'GET' && rows.total !== PAGED_ROWS) addRequired(answer, fields);
		const object = objectIn(answer);
		if (!object || list) return answer;
		const known = key === undefined ? undefined : this.kept.get(key);
		assign(object, known);
		if (key !== undefined && 'id' in object) object.id = sameKind(object.id, key.split(' ').pop());
		if (isWrite) {
			assign(object, body);
			if (key === undefined && 'id' in object && !known) object.id = this.newId(object.id);
			if (key === undefined && 'id' in object) {
				this.own.add(`${familyOf(facts)} ${String(object.id)}`);
			}
			const name = key ?? ('id' in object ? `${familyOf(facts)} ${String(object.id)}` : undefined);
			if (name !== undefined) this.kept.set(name, { ...known, ...object });
		}
		return answer;
	}

	private blankOf(facts: OperationFacts): unknown {
		const answer = this.rules.blank?.(facts);
		const fields = this.written.get(familyOf(facts));
		if (facts.method === 'GET' && fields) addRequired(answer, fields);
		return answer;
	}

	private newId(sample: unknown): unknown {
		return sameKind(sample, 900_000 + ++this.made);
	}

	/** Objects that were made, for the list of them. */
	private madeOf(facts: OperationFacts): Json[] {
		const family = familyOf(facts);
		return [...this.kept]
			.filter(([key]) => key.startsWith(`${family} 90`))
			.map(([, object]) => object);
	}
}

/** What an operation is about: the first word of its name, or else its path without IDs. */
function familyOf({ id, path }: OperationFacts): string {
	return id.includes('.')
		? id.slice(0, id.indexOf('.'))
		: path
				.split('/')
				.filter((part) => part && !isPlaceholder(part))
				.join('/');
}

function fileType({ answer }: OperationFacts): string | undefined {
	const kind = answer?.[''];
	return kind !== undefined && /^[a-z]+\/[\w.+-]+$/.test(kind) ? kind : undefined;
}

/** The object that an answer is about: below `data` or `result`, or the answer itself. */
function objectIn(answer: unknown): Json | undefined {
	if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
	const { data, result } = answer as Json;
	const inner = data ?? result ?? answer;
	return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
		? (inner as Json)
		: undefined;
}

/** What a write requires, the object has, also where the docs of the reading do not list it. */
function addRequired(answer: unknown, fields: Map<string, FieldFacts>): void {
	const { data, result } = (answer ?? {}) as Json;
	const [held]: unknown[] = [data ?? result ?? answer].flat();
	if (typeof held !== 'object' || held === null) return;
	const object = ((held as Json).attributes ?? held) as Json;
	const isObject = ['id', 'title', 'attributes'].some((name) => name in held);
	if (!isObject && Object.keys(held).length > 0) return;
	for (const field of fields.values()) {
		if (field.required && !(field.name in object)) object[field.name] = sampleOf(field);
	}
}

/** Puts given values where the object has properties of the same names and sorts. */
function assign(object: Json, given: unknown): void {
	if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
	for (const [name, value] of Object.entries(given)) {
		if (!(name in object) || value === undefined) continue;
		const before = object[name];
		const isNested = typeof before === 'object' && before !== null;
		if (isNested !== (typeof value === 'object' && value !== null)) continue;
		object[name] = isNested ? value : sameKind(before, value);
	}
}

function sameKind(before: unknown, value: unknown): unknown {
	if (typeof before === 'number' && !Number.isNaN(Number(value))) return Number(value);
	if (typeof before === 'string') return String(value);
	return value;
}
