import { DATA_EPOCH, moscowMillis, parseMoscow } from '../../shared/clock';
import { hashText, mix } from '../../shared/random';
import type { AttributeAccount } from '../attributes';
import type { Caller } from '../auth';
import { MoySkladError } from '../errors';
import type { FieldTable, References } from '../fields';
import { LONG, SHORT, readReference } from '../fields';
import type { FieldRule } from '../filter';
import { EQUALITY, ORDERED, TEXT } from '../filter';
import type { Entity, Meta, World } from '../world';
import { refId } from '../world';
import type { States } from './states';

/** What the rules of a dictionary ask of the account; its state has more. */
export interface Account extends AttributeAccount {
	readonly states: States;
	readonly dictionaries: ReadonlyMap<string, Dictionary>;
	/** Throws RangeError for an unknown keyword. */
	dictionary(keyword: string): Dictionary;
	readonly cashiers: {
		assign(storeId: string, employees: readonly string[]): Entity;
		forget(storeId: string): void;
	};
	/** Rows of documents, by their list. */
	readonly orderPositions: {
		list(documentId: string, list?: string): Entity[];
		assign(documentId: string, rows: readonly Entity[], keyword?: string, list?: string): Entity;
		forget(documentId: string): void;
	};
	readonly taskNotes: { forget(taskId: string): void };
	/** Moscow moment up to which documents cannot be written. */
	closedUntil: string;
	/** Options of the tariff. */
	crm: boolean;
	extendedBonusProgram: boolean;
}

/** What the rules of a dictionary may look at while an object is written. */
export interface WriteContext {
	state: Account;
	world: World;
	caller: Caller;
	/** The body's object, unchecked. */
	fields: Entity;
	/** How its references are checked. */
	references: References;
	/** Owner, department and sharing of what the caller makes. */
	owned: Entity;
	/** The moment of the request, epoch milliseconds, and the same as a field shows it. */
	now: number;
	stamp: string;
}

/** Throws 17009 for a document whose date, old or new, lies in a closed period. */
export function checkOpen(
	{ moment }: Entity,
	before: Entity | undefined,
	{ state }: WriteContext,
): void {
	for (const date of [moment, before?.moment]) {
		if (typeof date === 'string' && date < state.closedUntil) throw new MoySkladError(17009);
	}
}

/** What can be written into a dictionary, and MoySklad's rules for it. */
export interface DictionaryRules {
	/** Fields that a body may carry; all others are ignored. */
	fields: FieldTable | ((fields: Entity, before: Entity | undefined) => FieldTable);
	/** What a new object has beside the fields of the body. */
	defaults(context: WriteContext, id: string, index: number): Entity;
	/** Rights and tariffs, asked once per request. Throws to refuse it. */
	allow?(state: Account, caller: Caller): void;
	/** Refuses to change an object at all (1024, 37001). */
	mayChange?(before: Entity, context: WriteContext): void;
	/**
	 * Judges a change of checked fields and adds to it what follows from it. `before` is absent on
	 * creation; the patch holds the defaults then.
	 */
	complete?(patch: Entity, before: Entity | undefined, context: WriteContext): void;
	/** Carries a change on to other objects. `before` holds the values of the changed fields. */
	spread?(after: Entity, before: Entity | undefined, context: WriteContext): void;
	/** Refuses to delete an object (1025, 31000, 37001); 1028 is found out without it. */
	mayDelete?(entity: Entity, context: WriteContext): void;
	/** Tidies up after a deletion. */
	deleted?(entity: Entity, state: Account): void;
}

/**
 * A plain dictionary: everything that the sandbox needs to serve its list and its objects. A new
 * dictionary is one more entry of `DICTIONARIES`.
 */
export interface DictionaryDefinition {
	/** Code of the entity, `/entity/<keyword>`. */
	keyword: string;
	/** Fields that `filter` knows (MoySklad docs: column "filtering" of the field table). */
	fields: Record<string, FieldRule>;
	/** Fields that `order` knows. */
	sort: readonly string[];
	/** Fields that `search` looks into; empty when the list has no search. */
	search: readonly string[];
	/** Fields that `expand` replaces. */
	expand: readonly string[];
	/** How many objects there are. */
	size: number;
	/** Makes an object; id, meta and accountId are added to it. */
	generate: (index: number, world: World) => Entity;
	/** False when objects carry no `accountId`. */
	accountId?: boolean;
	/** A flag whose objects the list hides unless the filter speaks of it; `archived` where filterable. */
	hides?: string;
	/** Whose objects a caller may see at all; everybody's without it. */
	visible?: (entity: Entity, caller: Caller, world: World) => boolean;
	/** How objects are written; read-only without it. */
	write?: DictionaryRules;
	/** What can be done with objects: c create, u update, d delete; everything without. */
	does?: string;
	/** Dotted paths of references that keep their targets from being deleted (1028). */
	holds?: readonly string[];
}

export const text: FieldRule = { kind: 'string', operators: TEXT };
export const uuid: FieldRule = { kind: 'uuid', operators: EQUALITY };
export const flag: FieldRule = { kind: 'boolean', operators: EQUALITY };
export const number: FieldRule = { kind: 'number', operators: ORDERED };
export const date: FieldRule = { kind: 'date', operators: ORDERED };
/** A reference to objects of these types. */
export const to = (...types: string[]): FieldRule => ({
	kind: 'reference',
	operators: EQUALITY,
	types,
});

/** When a generated object was changed last. `salt` tells dictionaries apart. */
export function updatedAt(world: World, salt: number, index: number): string {
	return moscowMillis(DATA_EPOCH - (mix(world.seed, salt, index) % 31_536_000) * 1000);
}

/** Owner, department and sharing of objects that belong to the administrator. */
export function owned(world: World): Entity {
	return { owner: world.ref('employee', 0), shared: true, group: world.ref('group', 0) };
}

/** The same for new objects of a caller; what solutions make belongs to the administrator. */
export function ownedBy(world: World, caller: Caller): Entity {
	const employee = caller.kind === 'user' ? caller.index : 0;
	return { owner: world.ref('employee', employee), shared: false, group: world.ref('group', 0) };
}

/** An external code for an object that was made without one. */
export function newExternalCode(id: string): string {
	return `new-${hashText(id).toString(36)}`;
}

/** A document number, `00042`, for an object that was made without a name. */
export function newNumber(index: number): string {
	return String(index + 1).padStart(5, '0');
}

export const SHORT_TEXT = { kind: 'string', max: SHORT } as const;
export const LONG_TEXT = { kind: 'string', max: LONG } as const;

/** The fields that nearly every dictionary shares. */
export const COMMON_FIELDS: FieldTable = {
	code: SHORT_TEXT,
	description: LONG_TEXT,
	externalCode: { ...SHORT_TEXT, fallback: '' },
};

/** Owner, department and sharing. */
export const OWNED_FIELDS: FieldTable = {
	owner: { kind: 'reference', types: ['employee'] },
	group: { kind: 'reference', types: ['group'], required: true },
	shared: { kind: 'boolean', fallback: false },
};

/** `OWNED_FIELDS` for a body: none of them must be given. */
const OPTIONAL_OWNED: FieldTable = {
	...OWNED_FIELDS,
	group: { kind: 'reference', types: ['group'] },
};

/** Name, code, description, external code, owner, department and sharing, with more fields. */
export function ownedTable(more: FieldTable): FieldTable {
	return {
		name: { ...SHORT_TEXT, required: true },
		...COMMON_FIELDS,
		...OPTIONAL_OWNED,
		...more,
	};
}

/**
 * Checks the `state` of a body: one of the states in the metadata of its entity type, or null.
 * Throws 2016, 2014, 2010, 2011, 2018, 2021, 2013, 1021.
 */
export function readState(
	owner: string,
	{ state, references, fields }: WriteContext,
): Entity | undefined {
	const value = fields.state;
	if (value === null || value === undefined) return undefined;
	const reference = readReference(owner, 'state', value, ['state'], references);
	const { href } = reference.meta as Meta;
	const prefix = `${state.world.base}/entity/${owner}/metadata/states/`;
	if (!href.startsWith(prefix)) throw new MoySkladError(2013, ['state'], { parameter: 'state' });
	state.states.require(owner, href.slice(prefix.length));
	return reference;
}

/** Sets the fields of another object that have a value; thousands of objects are made by it. */
export function addGiven(entity: Entity, fields: Entity): Entity {
	for (const field in fields) {
		const value = fields[field];
		if (value !== undefined) entity[field] = value;
	}
	return entity;
}

function valueAt(entity: Entity, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as Entity | undefined)?.[key], entity);
}

/** The objects of one dictionary, generated on first use and kept by id. */
export class Dictionary {
	/** Grows with every change. */
	version = 0;
	private objects: Map<string, Entity> | undefined;
	/** Objects made so far, generated ones included. */
	private made: number;
	/** `uid` of who changed an object last; the administrator where there is none. */
	private readonly authors = new Map<string, string>();
	/** How often an object was changed, for `order=version`; 0 where there is none. */
	private readonly versions = new Map<string, number>();
	/** Id of a referenced object to the ids of the objects here that hold it. */
	private readonly held = new Map<string, Set<string>>();
	private readonly bySyncId = new Map<string, string>();

	constructor(
		readonly definition: DictionaryDefinition,
		private readonly world: World,
	) {
		this.made = definition.size;
	}

	private loaded(): Map<string, Entity> {
		if (this.objects) return this.objects;
		this.objects = new Map();
		for (let index = 0; index < this.definition.size; index++) {
			const id = this.world.id(this.definition.keyword, index);
			const entity = this.headed(id, this.definition.generate(index, this.world));
			this.objects.set(id, entity);
			this.hold(entity);
		}
		return this.objects;
	}

	/** All objects, oldest first. */
	all(): Entity[] {
		return [...this.loaded().values()];
	}

	/** Number of objects. */
	get size(): number {
		return this.loaded().size;
	}

	/** An object by its id. */
	find(id: string): Entity | undefined {
		return this.loaded().get(id.toLowerCase());
	}

	/** Number of an object by age, from 0; numbers of deleted objects are not used again. */
	indexOf(id: string): number {
		return this.world.space(this.definition.keyword).index(id) ?? -1;
	}

	/** True for the objects that the account began with. */
	isGenerated(id: string): boolean {
		return this.indexOf(id) < this.definition.size;
	}

	/** Object that was created with a syncId. */
	findBySyncId(syncId: string): Entity | undefined {
		const id = this.bySyncId.get(syncId.toLowerCase());
		return id === undefined ? undefined : this.find(id);
	}

	/** Adds an object. `author` is the `uid` of who made it. */
	create(make: (id: string, index: number) => Entity, author: string): Entity {
		const index = this.made;
		const id = this.world.id(this.definition.keyword, index);
		const objects = this.loaded();
		const entity = this.headed(id, make(id, index));
		this.made++;
		this.version++;
		objects.set(id, entity);
		this.authors.set(id, author);
		if (typeof entity.syncId === 'string') this.bySyncId.set(entity.syncId, id);
		this.hold(entity);
		return entity;
	}

	/** Changes fields of an object; `undefined` removes one. */
	change(entity: Entity, patch: Entity, author?: string): void {
		this.version++;
		this.release(entity);
		for (const [field, value] of Object.entries(patch)) {
			if (value === undefined) delete entity[field];
			else entity[field] = value;
		}
		this.hold(entity);
		const id = String(entity.id);
		this.versions.set(id, (this.versions.get(id) ?? 0) + 1);
		if (author !== undefined) this.authors.set(id, author);
	}

	remove(entity: Entity): void {
		const id = String(entity.id);
		this.version++;
		this.release(entity);
		this.authors.delete(id);
		this.versions.delete(id);
		this.loaded().delete(id);
	}

	/** The objects here that hold an object, by its id. */
	holdersOf(id: string): Entity[] {
		const objects = this.loaded();
		return [...(this.held.get(id) ?? [])]
			.map((one) => objects.get(one))
			.filter((one) => one !== undefined);
	}

	/** Comparable value of a field: dates as epoch ms, references as ids. */
	value(entity: Entity, field: string): unknown {
		if (field === 'fullname') return entity.fullName;
		if (field === 'updatedBy') return this.authors.get(String(entity.id)) ?? 'admin@sandbox';
		if (field === 'version') return this.versions.get(String(entity.id)) ?? 0;
		// Documents in the recycle bin have a moment of deletion, the others do not.
		if (field === 'isDeleted') return entity.deleted !== undefined;
		const rule = this.definition.fields[field] as FieldRule | undefined;
		const value = entity[field];
		if (rule?.kind === 'reference' || rule?.kind === 'state') return refId(value);
		if (rule?.kind === 'date' && typeof value === 'string') return parseMoscow(value)?.ms;
		return value;
	}

	private targets(entity: Entity): string[] {
		return (this.definition.holds ?? [])
			.map((path) => refId(valueAt(entity, path)))
			.filter((id) => id !== undefined);
	}

	private hold(entity: Entity): void {
		for (const target of this.targets(entity)) {
			const holders = this.held.get(target) ?? new Set<string>();
			this.held.set(target, holders.add(String(entity.id)));
		}
	}

	private release(entity: Entity): void {
		for (const target of this.targets(entity)) {
			const holders = this.held.get(target);
			holders?.delete(String(entity.id));
			if (holders?.size === 0) this.held.delete(target);
		}
	}

	private headed(id: string, fields: Entity): Entity {
		const { keyword, accountId } = this.definition;
		const entity: Entity = {
			meta: {
				href: this.world.href(keyword, id),
				metadataHref: `${this.world.base}/entity/${keyword}/metadata`,
				type: keyword,
				mediaType: 'application/json',
			},
			id,
		};
		if (accountId !== false) entity.accountId = this.world.accountId;
		return addGiven(entity, fields);
	}
}
