import { STATED_DOCUMENTS } from '../documentExtras';
import { MoySkladError } from '../errors';
import { missing, SHORT, wrongType } from '../fields';
import type { Entity, World } from '../world';
import { MEDIA_TYPE, refId } from '../world';

/** Entities whose objects have states; those of tasks are called types. */
export const STATE_OWNERS = ['contract', 'task', 'counterparty'] as const;
export type StateOwner = (typeof STATE_OWNERS)[number];

/** Kinds of states (MoySklad docs: States). */
const STATE_TYPES = ['Regular', 'Successful', 'Unsuccessful'] as const;
export type StateType = (typeof STATE_TYPES)[number];

interface State {
	id: string;
	owner: string;
	name: string;
	/** ARGB as one number. */
	color: number;
	stateType: StateType;
}

type Seed = Pick<State, 'name' | 'color' | 'stateType'>;

const SEEDS: Record<StateOwner, readonly Seed[]> = {
	contract: [
		{ name: 'Новый', color: 15_106_326, stateType: 'Regular' },
		{ name: 'On approval', color: 34_617, stateType: 'Regular' },
		{ name: 'Подписан', color: 10_667_543, stateType: 'Successful' },
		{ name: 'Rejected', color: 10_774_205, stateType: 'Unsuccessful' },
	],
	task: [
		{ name: 'Звонок', color: 8_767_198, stateType: 'Regular' },
		{ name: 'Meeting', color: 40_931, stateType: 'Regular' },
		{ name: 'Письмо', color: 15_280_409, stateType: 'Regular' },
	],
	counterparty: [
		{ name: 'Новый', color: 15_106_326, stateType: 'Regular' },
		{ name: 'Regular customer', color: 10_667_543, stateType: 'Successful' },
		{ name: 'Отказ', color: 10_774_205, stateType: 'Unsuccessful' },
	],
};
const FIRST_ID: Record<StateOwner, number> = { contract: 0, task: 100, counterparty: 200 };
const FIRST_CREATED = 1000;
/** The same for every type of documents. */
const OF_DOCUMENTS: readonly Seed[] = [
	{ name: 'Новый', color: 15_106_326, stateType: 'Regular' },
	{ name: 'Paid', color: 34_617, stateType: 'Regular' },
	{ name: 'Отгружен', color: 10_667_543, stateType: 'Successful' },
	{ name: 'Cancelled', color: 10_774_205, stateType: 'Unsuccessful' },
];
const FIRST_OF_DOCUMENTS = 10_000;

/** How many states the account begins with. */
export function stateCount(owner: StateOwner): number {
	return SEEDS[owner].length;
}

/** A reference to one of the states that the account begins with, `{meta}`. */
export function stateRef(world: World, owner: StateOwner, index: number): Entity {
	return { meta: stateMeta(world, owner, world.id('state', FIRST_ID[owner] + index)) };
}

function stateMeta(world: World, owner: string, id: string): Entity {
	return {
		href: `${world.base}/entity/${owner}/metadata/states/${id}`,
		metadataHref: `${world.base}/entity/${owner}/metadata`,
		type: 'state',
		mediaType: MEDIA_TYPE,
	};
}

/** The states of the account. */
export class States {
	private readonly states: State[];
	private created = 0;

	constructor(private readonly world: World) {
		const made = (owner: string, seeds: readonly Seed[], first: number): State[] =>
			seeds.map((seed, index) => ({ ...seed, id: world.id('state', first + index), owner }));
		this.states = [
			...STATE_OWNERS.flatMap((owner) => made(owner, SEEDS[owner], FIRST_ID[owner])),
			...STATED_DOCUMENTS.flatMap((owner, index) =>
				made(owner, OF_DOCUMENTS, FIRST_OF_DOCUMENTS + index * OF_DOCUMENTS.length),
			),
		];
	}

	/** The states of an entity as answers show them. */
	list(owner: string): Entity[] {
		return this.states.filter((state) => state.owner === owner).map((state) => this.show(state));
	}

	/** A state by its id, whatever it belongs to. */
	find(id: string): Entity | undefined {
		const state = this.states.find((one) => one.id === id.toLowerCase());
		return state && this.show(state);
	}

	/** A state of an entity. Throws 1021. */
	require(owner: string, id: string): string {
		const state = this.states.find((one) => one.id === id.toLowerCase());
		if (state?.owner !== owner) throw new MoySkladError(1021, ['state', id]);
		return state.id;
	}

	/** Name of the state that a reference points to, for `filter=state.name=…`. */
	nameOf(reference: unknown): string | undefined {
		const id = refId(reference);
		return this.states.find((state) => state.id === id)?.name;
	}

	/** Creates a state of a body and returns its id. Throws 3000, 3005, 2016, 3040. */
	create(owner: string, fields: Entity): string {
		for (const field of ['name', 'color', ...(owner === 'task' ? [] : ['stateType'])]) {
			if (fields[field] === undefined) throw missing(field);
		}
		const id = this.world.id('state', FIRST_CREATED + this.created);
		const state: State = { id, owner, name: '', color: 0, stateType: 'Regular' };
		this.assign(state, fields);
		this.created++;
		this.states.push(state);
		return id;
	}

	/** Changes the passed fields of a state. Throws 3000, 3005, 2016, 3040. */
	update(id: string, fields: Entity): void {
		const state = this.states.find((one) => one.id === id);
		if (state) this.assign(state, fields);
	}

	/** Removes a state. */
	remove(id: string): void {
		const index = this.states.findIndex((one) => one.id === id);
		if (index >= 0) this.states.splice(index, 1);
	}

	private show({ id, owner, name, color, stateType }: State): Entity {
		return {
			meta: stateMeta(this.world, owner, id),
			id,
			accountId: this.world.accountId,
			name,
			color,
			stateType,
			entityType: owner,
		};
	}

	private assign(state: State, fields: Entity): void {
		const { name, color, stateType } = fields;
		const next = { ...state };
		if (name !== undefined) {
			if (name === null || name === '') throw missing('name');
			if (typeof name !== 'string') throw wrongType('name', 'String');
			if (name.length > SHORT) throw new MoySkladError(3040, ['name', String(SHORT)]);
			next.name = name;
		}
		if (color !== undefined) {
			if (color === null) throw missing('color');
			if (typeof color !== 'number' || !Number.isInteger(color)) throw wrongType('color', 'Int');
			next.color = color;
		}
		if (stateType !== undefined) {
			const known = STATE_TYPES.find((one) => one === stateType);
			if (!known) {
				throw new MoySkladError(3005, [String(stateType), 'stateType', STATE_TYPES.join(', ')], {
					parameter: 'stateType',
				});
			}
			next.stateType = known;
		}
		Object.assign(state, next);
	}
}
