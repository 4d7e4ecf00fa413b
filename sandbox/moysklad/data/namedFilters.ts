import { UUID_PATTERN } from '../../shared/random';
import type { Exchange } from '../../shared/server';
import { MoySkladError } from '../errors';
import type { ListQuery } from '../query';
import type { Entity, World } from '../world';
import { MEDIA_TYPE } from '../world';

interface NamedFilter {
	name: string;
	/** What it asks; answers never show it. */
	filter: string;
	/** Index of the employee who saved it. */
	owner: number;
}

const FILTERS: Readonly<Record<string, readonly NamedFilter[]>> = {
	product: [{ name: 'Лёгкие товары', filter: 'weight<1', owner: 0 }],
	bundle: [
		{ name: 'Heavy sets', filter: 'weight>5', owner: 0 },
		{ name: 'Наборы из «Food»', filter: 'pathName~=Food', owner: 0 },
		{ name: 'Sets of a colleague', filter: 'weight<=5', owner: 1 },
	],
	contract: [
		{ name: 'Архивные договоры', filter: 'archived=true', owner: 0 },
		{ name: 'Commented', filter: 'description!=', owner: 0 },
	],
	task: [
		{ name: 'Выполненные', filter: 'done=true', owner: 0 },
		{ name: 'All tasks', filter: 'done=true;done=false', owner: 0 },
	],
	counterparty: [{ name: 'Юрлица', filter: 'companyType=legal', owner: 0 }],
};

/** Types whose lists have saved filters. */
export const FILTERED_TYPES: readonly string[] = Object.keys(FILTERS);

const OWNER_STRIDE = 100;

/** The filters that employees saved in MoySklad's own pages (MoySklad docs: saved filters). */
export class NamedFilters {
	constructor(private readonly world: World) {}

	/** The filters of a list that an employee saved. */
	list(type: string, owner: number): Entity[] {
		return FILTERS[type].flatMap((filter, index) =>
			filter.owner === owner ? [this.show(type, index)] : [],
		);
	}

	/** A filter of a list by its id. */
	find(type: string, id: string): Entity | undefined {
		const index = this.index(type, id);
		return index === undefined ? undefined : this.show(type, index);
	}

	/**
	 * Puts the saved filter that a request names into its list query. Throws 1069 together with
	 * filter, search or order, 63000 for two filters, 63002 (no link), 63001 (of another list),
	 * 63003 (no such filter).
	 */
	apply(exchange: Exchange<unknown>, type: string, query: ListQuery): ListQuery {
		const links = exchange.query.filter(([name]) => name === 'namedfilter');
		if (links.length === 0) return query;
		const parameter = { parameter: 'namedfilter' };
		const others = ['filter', 'search', 'order'].filter(
			(name) => exchange.value(name) !== undefined,
		);
		if (others.length > 0) {
			throw new MoySkladError(1069, [['namedfilter', ...others].join(', ')], parameter);
		}
		if (links.length > 1) throw new MoySkladError(63000, [], parameter);
		const match = /^(.+)\/entity\/([a-z]+)\/namedfilter\/([^/?]+)$/.exec(links[0][1]);
		if (!match || match[1] !== this.world.base || !UUID_PATTERN.test(match[3])) {
			throw new MoySkladError(63002, [], parameter);
		}
		if (match[2] !== type || !Object.hasOwn(FILTERS, type))
			throw new MoySkladError(63001, [], parameter);
		const index = this.index(type, match[3]);
		if (index === undefined) throw new MoySkladError(63003, [], parameter);
		return { ...query, filter: FILTERS[type][index].filter };
	}

	private index(type: string, id: string): number | undefined {
		const first = FILTERED_TYPES.indexOf(type) * OWNER_STRIDE;
		const index = (this.world.space('namedfilter').index(id) ?? -1) - first;
		return index >= 0 && index < FILTERS[type].length ? index : undefined;
	}

	private show(type: string, index: number): Entity {
		const { world } = this;
		const id = world.id('namedfilter', FILTERED_TYPES.indexOf(type) * OWNER_STRIDE + index);
		const { name, owner } = FILTERS[type][index];
		return {
			meta: {
				href: `${world.base}/entity/${type}/namedfilter/${id}`,
				type: 'namedfilter',
				mediaType: MEDIA_TYPE,
			},
			owner: world.ref('employee', owner),
			accountId: world.accountId,
			id,
			name,
		};
	}
}
