/**
 * Pending references of bodies, resolved for all items together: keys (names, codes …) and IDs that may be of several
 * types by few list requests, links to goods in the web app one by one.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Work } from '../shared/catalogue';
import { isNotFound } from '../shared/errors/errors';
import { inParallel } from '../shared/road/parallel';
import { InputProblem } from '../shared/errors/problems';
import { lostInSheet } from '../shared/form/readers';
import type { KeyName } from './entities';
import { hiddenConditionsOf } from './facts';
import { checkValue } from './filter';
import { keyLabels, keyOf } from './keys';
import { bareStyle, rowsList, statesStyle, WITHOUT_STOCK } from './lists';
import { asError, compare, lookUp, type Found, type Key, type LookupList } from './lookup';
import {
	lookedUp,
	metaAt,
	readLink,
	type NamedReference,
	type Reference,
	type Target,
	type UnsureReference,
	type WebReference,
} from './references';

/** Where references may be pending: what is written, and what conditions compare with. */
const placesOf = ({ body, filter }: Call) => [body, ...filter.map(({ values }) => values)];

/** Turns what is pending in the calls into references. What leads nowhere becomes the call's `problem`. */
export async function resolveReferences(calls: Call[], work: Work): Promise<void> {
	await resolveWebLinks(calls, work);
	await resolveIds(calls, work);
	await resolveKeys(calls, work);
}

/** All objects in a body whose meta has a certain mark. */
function pendingIn<T extends { meta: object }>(value: unknown, mark: keyof T['meta']): T[] {
	if (typeof value !== 'object' || value === null) return [];
	if (Array.isArray(value)) return value.flatMap((entry) => pendingIn<T>(entry, mark));
	const { meta } = value as Partial<T>;
	if (meta && typeof meta === 'object' && mark in meta) return [value as T];
	return Object.values(value).flatMap((entry) => pendingIn<T>(entry, mark));
}

/** Asks for each link once, and once more per type that it may have. */
async function resolveWebLinks(calls: Call[], work: Work): Promise<void> {
	const known = new Map<string, Promise<IDataObject | undefined>>();
	for (const call of calls) {
		if (call.problem) continue;
		for (const reference of pendingIn<WebReference>(placesOf(call), 'candidates')) {
			const { uuidHref, candidates } = reference.meta;
			let found = known.get(uuidHref);
			if (!found) {
				found = findByWebLink(readLink(uuidHref)?.id ?? '', candidates, work);
				known.set(uuidHref, found);
			}
			const meta = await found;
			if (meta) Object.assign(reference, { meta });
			else {
				call.problem ??= new InputProblem(
					'Link',
					`'${uuidHref}' leads to no object`,
					'Check the link: the object may have been deleted, or belong to another account.',
				);
			}
		}
	}
}

async function findByWebLink(
	id: string,
	candidates: string[],
	work: Work,
): Promise<IDataObject | undefined> {
	for (const entity of candidates) {
		const answer = await work
			.send({ method: 'GET', path: `/entity/${entity}/${id}` })
			.catch(unlessMissing);
		if (!answer) continue;
		const { href, type, mediaType } = (answer.body as Reference).meta;
		return { href, type, mediaType };
	}
	return undefined;
}

/** Not of this type: the next may fit. Other failures stay failures. */
function unlessMissing(error: unknown): undefined {
	if (isNotFound(error)) return undefined;
	throw error;
}

/** Where an ID was found, or why that cannot be told. */
interface Place {
	target?: Target;
	problem?: Error;
}

/** Asks for all IDs in the list of the first type that they may be of, for those that it does not have in the next. */
async function resolveIds(calls: Call[], work: Work): Promise<void> {
	const pending = calls
		.filter(({ problem }) => !problem)
		.map((call) => ({ call, references: pendingIn<UnsureReference>(placesOf(call), 'unsure') }));
	/** IDs that may be of the same types. */
	const groups = new Map<string, { among: Target[]; places: Map<string, Place> }>();
	for (const { meta } of pending.flatMap(({ references }) => references)) {
		const name = typesOf(meta.among);
		const { places } = groups.get(name) ?? { places: new Map<string, Place>() };
		groups.set(name, { among: meta.among, places: places.set(meta.unsure.toLowerCase(), {}) });
	}
	await inParallel([...groups.values()], async ({ among, places }) => {
		for (const target of among) await findIds(target, places, work);
	});
	for (const { call, references } of pending) {
		for (const reference of references) {
			const { unsure, among, label } = reference.meta;
			const { target, problem } =
				groups.get(typesOf(among))?.places.get(unsure.toLowerCase()) ?? {};
			if (target) {
				Object.assign(reference, metaAt(call.baseUrl, `${target.path}/${unsure}`, target.type));
				continue;
			}
			call.problem ??=
				problem ??
				new InputProblem(
					label,
					`is '${unsure}', and there is no ${typeNames(among).join(' or ')} with this ID`,
					'Check the ID: the object may have been deleted, or belong to another account or type.',
				);
		}
	}
}

/** Looks for the IDs that have no place yet in the list of one type. */
async function findIds(target: Target, places: Map<string, Place>, work: Work): Promise<void> {
	const keys = [...places].filter(([, place]) => !place.target);
	const wanted = keys.map(([id]): Key => ({
		field: 'id',
		asks: [id],
		text: id,
		valueOf: (row) => String(row.id).toLowerCase(),
	}));
	if (wanted.length === 0) return;
	const list = { path: target.path, hidden: hiddenConditionsOf(target.type) };
	for (const [{ text }, { objects, problem }] of await lookUp(wanted, list, work)) {
		const place = places.get(text) as Place;
		if (objects.length > 0) place.target = target;
		else place.problem ??= problem;
	}
}

const typesOf = (targets: Target[]) => targets.map(({ type }) => type).join();

/** As sentences call them. */
const typeNames = (targets: Target[]) =>
	targets.map((target) => (lookedUp(target)?.label ?? target.type).toLowerCase());

/** A list that is asked for keys of these kinds. */
interface Source {
	list: LookupList;
	kinds: KeyName[];
	/** Read as a whole, and compared here. */
	whole: boolean;
	/** What its rows may be. */
	targets: Target[];
}

/** What one source has found for a text. */
interface Answer {
	objects: Array<{ row: IDataObject; target: Target }>;
	nearly?: string;
	problem?: Error;
	/** Names of all that there are, of short lists that people know by heart. */
	known?: string[];
}

/** Names that an error lists. */
const MOST_NAMES = 30;

async function resolveKeys(calls: Call[], work: Work): Promise<void> {
	const pending = calls
		.filter(({ problem }) => !problem)
		.map((call) => ({ call, references: pendingIn<NamedReference>(placesOf(call), 'wanted') }));
	/** Every source once, with all the texts that are looked for in it. */
	const wanted = new Map<string, { source: Source; texts: Set<string> }>();
	for (const { meta } of pending.flatMap(({ references }) => references)) {
		for (const source of sourcesOf(meta.among, meta.by)) {
			const name = sourceName(source);
			const known = wanted.get(name) ?? { source, texts: new Set<string>() };
			known.texts.add(meta.wanted);
			wanted.set(name, known);
		}
	}
	const answers = new Map<string, Map<string, Answer>>();
	await inParallel([...wanted], async ([name, { source, texts }]) => {
		answers.set(name, await ask(source, [...texts], work));
	});
	for (const { call, references } of pending) {
		for (const reference of references) {
			const { wanted: text, among, label, by } = reference.meta;
			const found = sourcesOf(among, by).map((source) =>
				answers.get(sourceName(source))?.get(text),
			);
			try {
				const { target, id } = theOne(text, label, among, found, by);
				Object.assign(reference, metaAt(call.baseUrl, `${target.path}/${id}`, target.type));
			} catch (error) {
				call.problem ??= asError(error);
			}
		}
	}
}

const sourceName = ({ list, kinds, targets }: Source) =>
	[list.path, kinds.join(), typesOf(targets)].join(' ');

/** Goods of several types are asked for by name and code in one list. Source: MoySklad docs, Assortment. */
const ASSORTMENT = ['product', 'variant', 'service', 'bundle'];
const ASSORTMENT_KEYS: KeyName[] = ['name', 'code', 'externalCode'];
/** Asked for only where it is wanted by name. */
const BARCODE: KeyName = 'barcode';

function sourcesOf(targets: Target[], by?: KeyName[]): Source[] {
	const isAsked = (kind: KeyName) => by === undefined || by.includes(kind);
	const goods = targets.filter(({ type }) => ASSORTMENT.includes(type));
	const together = goods.length > 1 ? goods : [];
	const types = together.map(({ type }) => `type=${type}`).join(';');
	const sources = targets.flatMap((target): Source[] => {
		const entity = lookedUp(target);
		const kinds = entity?.keys.filter(
			(kind) => isAsked(kind) && !(together.includes(target) && ASSORTMENT_KEYS.includes(kind)),
		);
		if (!entity || !kinds?.length) return [];
		return [
			{ list: { path: entity.path }, kinds, whole: entity.whole === true, targets: [target] },
		];
	});
	if (together.length === 0) return sources;
	const list = { path: '/entity/assortment', hidden: types, headers: WITHOUT_STOCK };
	const kinds = [...ASSORTMENT_KEYS.filter(isAsked), ...(by?.includes(BARCODE) ? [BARCODE] : [])];
	if (kinds.length === 0) return sources;
	return [{ list, kinds, whole: false, targets: together }, ...sources];
}

/** What a source has for each text, by any kind of key. */
async function ask(source: Source, texts: string[], work: Work): Promise<Map<string, Answer>> {
	const answers = new Map<string, Answer>(texts.map((text) => [text, { objects: [] }]));
	let rows: IDataObject[] = [];
	try {
		if (source.whole) rows = await wholeList(source, work);
		if (source.targets[0].type === 'state') {
			const known = rows.map(({ name }) => String(name));
			for (const answer of answers.values()) answer.known = known;
		}
	} catch (error) {
		const problem = asError(error);
		return new Map(texts.map((text) => [text, { objects: [], problem }]));
	}
	await inParallel(source.kinds, async (kind) => {
		const texted = texts.flatMap((text) => {
			const key = keyOf(kind, text);
			return key ? [{ ...key, given: text }] : [];
		});
		for (const [{ given }, found] of await findKeys(source, texted, rows, work)) {
			add(answers.get(given) as Answer, found, source.targets);
		}
	});
	return answers;
}

async function findKeys<K extends Key>(
	{ list, whole }: Source,
	keys: K[],
	rows: IDataObject[],
	work: Work,
): Promise<Map<K, Found>> {
	const found = new Map<K, Found>();
	if (whole) {
		compare(keys, rows, found);
		return found;
	}
	const possible = keys.filter((key) => {
		try {
			for (const text of key.asks) checkValue('=', text, key.field);
			return true;
		} catch (error) {
			found.set(key, { objects: [], problem: asError(error) });
			return false;
		}
	});
	return new Map([...found, ...(await lookUp(possible, list, work))]);
}

async function wholeList({ targets: [target] }: Source, work: Work): Promise<IDataObject[]> {
	const { path, bare } = lookedUp(target) as NonNullable<ReturnType<typeof lookedUp>>;
	const style = target.type === 'state' ? statesStyle : bare ? bareStyle : undefined;
	const rows: IDataObject[] = [];
	const list = {
		request: { method: 'GET' as const, path },
		rule: style ? { style, pageSize: () => Infinity } : rowsList,
		limit: Infinity,
	};
	for await (const page of work.pages(list)) rows.push(...page);
	return rows;
}

function add(answer: Answer, { objects, nearly, problem }: Found, targets: Target[]): void {
	for (const row of objects) {
		if (answer.objects.some((known) => known.row.id === row.id)) continue;
		const type = (row.meta as IDataObject | undefined)?.type;
		answer.objects.push({ row, target: targets.find((one) => one.type === type) ?? targets[0] });
	}
	answer.nearly ??= nearly;
	answer.problem ??= problem;
}

/** The one object that a text means. Throws the `InputProblem` of a text that means none or several. */
function theOne(
	text: string,
	label: string,
	among: Target[],
	answers: Array<Answer | undefined>,
	by?: KeyName[],
): { target: Target; id: string } {
	const problem = answers.find((answer) => answer?.problem)?.problem;
	if (problem) throw problem;
	const objects = new Map(
		answers
			.flatMap((answer) => answer?.objects ?? [])
			.map(({ row, target }) => [String(row.id), { target, row }]),
	);
	const [first, ...others] = [...objects];
	if (first && others.length === 0) return { target: first[1].target, id: first[0] };
	if (first) {
		const shown = [first, ...others].slice(0, 10).map(([id, { row, target }]) => {
			const code = row.code ?? row.article;
			return `'${String(row.name)}'${code ? `, code ${String(code)}` : ''} (${target.type} ${id})`;
		});
		throw new InputProblem(
			label,
			`is '${text}', which fits ${objects.size} objects: ${shown.join('; ')}`,
			'Give the ID or the link of the right one.',
		);
	}
	const nearly = answers.find((answer) => answer?.nearly !== undefined)?.nearly;
	if (nearly !== undefined) {
		throw new InputProblem(
			label,
			`is '${text}', and MoySklad has '${nearly}', which differs in upper and lower case only`,
			'Write it as it stands in MoySklad.',
		);
	}
	const known = answers.find((answer) => answer?.known)?.known;
	if (known) {
		const names = known.slice(0, MOST_NAMES).map((name) => `'${name}'`);
		throw new InputProblem(
			label,
			`is '${text}', which is no status of this type`,
			known.length === 0
				? 'This type has no statuses: add some in MoySklad (Metadata: Create Status).'
				: `Give one of: ${names.join(', ')}${known.length > MOST_NAMES ? ' …' : ''}.`,
		);
	}
	const kinds = by ?? among.flatMap((target) => lookedUp(target)?.keys ?? []);
	const types = typeNames(among);
	if (kinds.length === 0) {
		throw new InputProblem(
			label,
			`is '${text}', and MoySklad cannot look for a ${types.join(' or ')} by name`,
			'Give the ID or the link.',
		);
	}
	throw new InputProblem(
		label,
		`is '${text}', and there is no ${types.join(' or ')} with this ${keyLabels(kinds)}`,
		`Write it as it stands in MoySklad, or give the ID or the link. Archived objects go by ID or link only.${lostInSheet(text)}`,
	);
}
