/**
 * References between objects: `{meta: {href, type, mediaType}}`, made of whatever a person or an earlier node
 * holds. Source: MoySklad docs, General information, Metadata; reference of the project §1.0, §2.6.
 */
import type { IDataObject } from 'n8n-workflow';

import type { WireContext } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import { shown } from '../shared/form/readers';
import { ENTITIES, GOODS, type Entity, type KeyName } from './entities';
import { facts } from './facts';

export const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
/** Stands for any ID where only the form of a path matters. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const UUID_ALONE = new RegExp(`^${UUID}$`);

/**
 * The pattern of a link whose one group is the ID: `path` is what stands before it below the API root, `features` are the
 * pages of the web app. What comes before them is bounded, and what follows holds no blanks, so that a long text takes time
 * that grows with its length alone: n8n stops a pattern after 250 ms.
 */
export function linkPattern(path: string, features?: string): string {
	const places = features ? `(?:${path}|/app/#${features}/edit\\?(?:\\S*&)?id=)` : path;
	return `\\s*https?://\\S{1,200}${places}(${UUID})(?:[/?#&]\\S*)?\\s*`;
}

/** What MoySklad wants to see of a reference; anything less is refused (codes 2010, 2011, 2014, 2018). */
export interface Reference extends IDataObject {
	meta: IDataObject & { href: string; type: string; mediaType: string };
}

/** A web-app link to goods: only MoySklad can tell the API's ID (`resolveReferences` asks it). */
export interface WebReference extends IDataObject {
	meta: IDataObject & { uuidHref: string; candidates: string[] };
}

/** An object by its name or another key: `resolveReferences` looks it up. */
export interface NamedReference extends IDataObject {
	meta: { wanted: string; among: Target[]; label: string; by?: KeyName[] } & IDataObject;
}

/** An object by an ID that does not tell its type: `resolveReferences` asks the lists of all that it may be. */
export interface UnsureReference extends IDataObject {
	meta: { unsure: string; among: Target[]; label: string };
}

/** A kind of object that a reference may point to. */
export interface Target extends IDataObject {
	/** `meta.type`. */
	type: string;
	/** Collection below the API root, e.g. `/entity/counterparty`. */
	path: string;
}

/** Kinds of references that a field takes. */
export interface ReferenceRule {
	label: string;
	/** The one kind allowed: an entity keyword, or a collection elsewhere. */
	entity?: string | Target;
	/**
	 * Several kinds. A bare ID is looked for in all of them, but for goods: there it is taken for the first. Without any,
	 * all kinds go, but no bare ID.
	 */
	entities?: Array<string | Target>;
	/** Keys by which the object may be named; all that its type has without. */
	by?: KeyName[];
}

/** Words in the web app's addresses that differ from the API's (MoySklad docs: `uuidHref` of the examples). */
const FEATURES: Record<string, string[]> = {
	company: ['counterparty'],
	mycompany: ['organization'],
	warehouse: ['store'],
	good: ['product', 'service', 'bundle', 'productfolder'],
	feature: ['variant'],
	discount: ['bonusprogram', 'discount'],
};

/** Pages of the web app whose IDs are not the API's: MoySklad redirects (308) to the right one. */
const ALIASES = new Set(['good', 'feature']);

const WEB_LINK = new RegExp(
	`^https?://[^\\s/]+/app/#(\\w+)/edit\\?(?:[^\\s]*&)?id=(${UUID})(?:[&#].*)?$`,
);
const API_LINK = /^https?:\/\/\S*?\/((?:entity|context)\/[^\s?#]+)/;

/** The way out where something else was given. */
export const ID_LOOKS = 'An ID looks like 7944ef04-f831-11e5-7a69-971500188b19.';

/** True for the text of an ID. */
export function isUuid(text: string): boolean {
	return UUID_ALONE.test(text.trim());
}

/** `{meta}` of an object of a top-level collection, such as `counterparty`. */
export function metaRef(baseUrl: string, entity: string, id: string): Reference {
	return metaAt(baseUrl, `/entity/${entity}/${id}`, entity);
}

/** `{meta}` of anything: `path` begins with a slash, below the API root. */
export function metaAt(baseUrl: string, path: string, type: string): Reference {
	return { meta: { href: `${baseUrl}${path}`, type, mediaType: 'application/json' } };
}

/** Features of the web app whose pages show objects of an entity, its own keyword among them. */
export function featuresOf(entity: string): { plain: string[]; aliases: string[] } {
	const named = Object.keys(FEATURES).filter((feature) => FEATURES[feature].includes(entity));
	const plain = named.filter((feature) => !ALIASES.has(feature));
	return {
		plain: plain.length > 0 ? plain : [entity],
		aliases: named.filter((feature) => ALIASES.has(feature)),
	};
}

/** What a link points to; undefined for anything that is no link to an object. */
export interface Link {
	/** `meta.type` values that it may have: one, but for pages of the web app that show several. */
	types: string[];
	/** Path below the API root; absent for a web link whose ID is not the API's. */
	path?: string;
	id: string;
}

/** Reads an API href (of any host, also the old one) or a link of the web app. */
export function readLink(text: string): Link | undefined {
	const web = WEB_LINK.exec(text.trim());
	if (web) {
		const [, word, id] = web;
		const feature = word.toLowerCase();
		const types = FEATURES[feature] ?? [feature];
		return ALIASES.has(feature) ? { types, id } : { types, id, path: `/entity/${types[0]}/${id}` };
	}
	const path = API_LINK.exec(text.trim())?.[1].replace(/(?<!\/)\/+$/, '');
	const type = path && typeOfPath(path);
	if (!path || !type) return undefined;
	return { types: [type], path: `/${path}`, id: path.slice(path.lastIndexOf('/') + 1) };
}

/** Parts of objects that others refer to. */
const PART_TYPES: Record<string, string | undefined> = {
	'processingprocess/positions': 'processingprocessposition',
	'store/slots': 'slot',
	'store/zones': 'zone',
};

/** `meta.type` of the object at an API path; undefined when it is none. */
function typeOfPath(path: string): string | undefined {
	const parts = path.split('/');
	if (!isUuid(parts[parts.length - 1])) return undefined;
	const collection = parts[parts.length - 2];
	if (path.startsWith('context/')) return collection;
	if (parts[1] === 'customentity') return parts.length === 4 ? 'customentity' : undefined;
	if (parts.length === 3) return parts[1];
	if (collection === 'states') return 'state';
	if (collection === 'attributes') return 'attributemetadata';
	if (collection === 'accounts') return 'account';
	return PART_TYPES[`${parts[1]}/${collection}`];
}

/**
 * The collection that an entity's keyword names; a keyword with slashes is a path below it, as in
 * `contract/metadata/states`.
 */
export function targetOf(entity: string | Target): Target {
	if (typeof entity !== 'string') return entity;
	const known = ENTITIES.get(entity);
	if (known) return { type: entity, path: known.path };
	const path = `/entity/${entity}`;
	return { type: typeOfPath(`entity/${entity}/${NOBODY}`) ?? entity, path };
}

/** The kinds of objects that a rule allows; none: all. */
export function targetsOf({ entity, entities }: Omit<ReferenceRule, 'label'>): Target[] {
	return (entities ?? (entity ? [entity] : [])).map(targetOf);
}

/** Where a status or task type stands: a list without a filter, in the metadata of its type. */
const STATES = /^(\/entity\/\w+\/metadata)\/states$/;

/** The entries of a custom dictionary. */
const CUSTOM = new RegExp(`^/entity/customentity/${UUID}$`);

/** How the objects of a target are looked up by a text; undefined when they go by ID and link only. */
export function lookedUp({
	type,
	path,
}: Target): Pick<Entity, 'label' | 'keys' | 'path' | 'whole' | 'bare'> | undefined {
	const metadata = STATES.exec(path)?.[1];
	if (metadata) return { label: 'Status', path: metadata, keys: ['name'], whole: true };
	// Their lists know no documented filter.
	if (CUSTOM.test(path)) {
		return {
			label: 'Entry of this List',
			path,
			keys: ['name', 'code', 'externalCode'],
			whole: true,
		};
	}
	const entity = ENTITIES.get(type);
	return entity?.path === path ? entity : undefined;
}

/**
 * The `wire` of a field that holds a reference. It takes an ID, an API href (also of the old host), a link of
 * the web app, an object with `meta` or `id`, a resource locator's value, null (clears it), or, where its type
 * has them, a name, code or another key, and gives `{meta}` or null. Keys, IDs that may be of several types and links
 * to goods in the web app stay pending until `resolveReferences`. Throws `InputProblem` with the rule's label.
 */
export function referenceWire(
	rule: ReferenceRule,
): (value: unknown, context: Pick<WireContext, 'baseUrl'>) => IDataObject | null {
	const targets = targetsOf(rule);
	return (value, { baseUrl }) => {
		if (value === null) return null;
		return referenceOf(value, targets, baseUrl, rule.label, rule.by);
	};
}

/** One reference, maybe a pending one. Throws `InputProblem`. */
export function referenceOf(
	value: unknown,
	targets: Target[],
	baseUrl: string,
	label: string,
	by?: KeyName[],
): IDataObject {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
		return objectReference(value as IDataObject, targets, baseUrl, label, by);
	}
	const text = typeof value === 'object' ? shown(value) : String(value).trim();
	if (isUuid(text)) {
		if (targets.length === 0) {
			throw new InputProblem(
				label,
				`is the ID '${text}', which does not tell the type of the object`,
				"Give the object's link, or its meta with href and type.",
			);
		}
		// Documents hold thousands of goods, which would take more requests to tell apart than to write; MoySklad refuses
		// an ID of another type.
		if (targets.length > 1 && !targets.some(({ type }) => GOODS.has(type))) {
			const unsure: UnsureReference = { meta: { unsure: text, among: targets, label } };
			return unsure;
		}
		return metaAt(baseUrl, `${targets[0].path}/${text}`, targets[0].type);
	}
	const link = readLink(text);
	if (link) return linkReference(link, text, targets, baseUrl, label);
	const isKey = typeof value === 'number' || (typeof value === 'string' && isName(text));
	if (!isKey || !targets.some(lookedUp)) throw notUnderstood(label, text, targets);
	const pending: NamedReference = {
		meta: { wanted: text, among: targets, label, ...(by ? { by } : {}) },
	};
	return pending;
}

/** True for a text that may be a name: no ID, no address. */
export function isName(text: string): boolean {
	return text.trim() !== '' && !isUuid(text) && !/^\s*https?:/i.test(text);
}

function objectReference(
	value: IDataObject,
	targets: Target[],
	baseUrl: string,
	label: string,
	by?: KeyName[],
): IDataObject {
	const meta = value.meta as IDataObject | undefined;
	if (meta && typeof meta === 'object') {
		const href = meta.href ?? meta.uuidHref;
		if (typeof href === 'string') return referenceOf(href, targets, baseUrl, label);
	} else if (typeof value.href === 'string') {
		return referenceOf(value.href, targets, baseUrl, label);
	} else if ('__rl' in value && 'value' in value) {
		return referenceOf(value.value, targets, baseUrl, label, by);
	} else if (typeof value.id === 'string' && !isName(value.id)) {
		return referenceOf(value.id, targets, baseUrl, label);
	}
	throw notUnderstood(label, JSON.stringify(value), targets);
}

function linkReference(
	link: Link,
	text: string,
	targets: Target[],
	baseUrl: string,
	label: string,
): IDataObject {
	const allowed = link.types.filter(
		(type) => targets.length === 0 || targets.some((target) => target.type === type),
	);
	if (allowed.length === 0 || isElsewhere(link, targets)) {
		throw new InputProblem(
			label,
			`is '${text}', which is not the link of ${namesOf(targets)}`,
			foreignStatus(link, targets) ?? `Give the ID or the link of ${namesOf(targets)}.`,
		);
	}
	// Old hosts in a stored href would be refused (code 2013), so the credential's own address is used.
	if (link.path) return metaAt(baseUrl, pathFor(link, allowed[0]), allowed[0]);
	const pending: WebReference = { meta: { uuidHref: text, candidates: allowed } };
	return pending;
}

/** A status or account of another type of object: their links differ in the path alone. */
function isElsewhere({ path, types }: Link, targets: Target[]): boolean {
	const [type] = types;
	const own = targets.filter((target) => target.type === type && /\/metadata\//.test(target.path));
	return type === 'state' && own.length > 0 && !own.some((one) => path?.startsWith(`${one.path}/`));
}

/** The way out where the status of another type of object is given. */
function foreignStatus(link: Link, targets: Target[]): string | undefined {
	if (!isElsewhere(link, targets)) return undefined;
	const owner = link.path?.split('/')[2] ?? '';
	const name = facts[owner]?.one ?? owner;
	return `It is a status of the type ${name}, and each type has its own: choose one of this type from the list, or give its name.`;
}

/** A web page that shows several types has one ID for all of them. */
function pathFor(link: Link, type: string): string {
	return link.types.length > 1 ? `/entity/${type}/${link.id}` : (link.path as string);
}

function namesOf(targets: Target[]): string {
	return `an object of the type ${targets.map(({ type }) => type).join(' or ')}`;
}

/** What is no reference; `byKey`: it might have been a name. */
export function notUnderstood(
	label: string,
	text: string,
	targets: Target[],
	byKey = true,
): InputProblem {
	const kind = targets[0]?.path ?? '/entity/<type>';
	const keys = byKey && targets.some(lookedUp) ? ', its name or code' : '';
	return new InputProblem(
		label,
		`is '${text.slice(0, 200)}'`,
		`Give the ID of the object${keys}, its API link (…${kind}/<ID>), its link in the web app, or an object with meta.`,
	);
}
