import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { mix } from '../../shared/random';
import type { FieldTable } from '../fields';
import { isEntity, missing, readFields, wrongType } from '../fields';
import type { Entity, World } from '../world';
import { ORGANIZATION_COUNT } from './agreements';
import type { DictionaryDefinition, WriteContext } from './dictionary';
import { listRules } from './documents';
import {
	COMMON_FIELDS,
	LONG_TEXT,
	OWNED_FIELDS,
	SHORT_TEXT,
	checkOpen,
	newExternalCode,
	newNumber,
	owned,
	readState,
	updatedAt,
} from './dictionary';

/** How many customer orders there are; they have no positions. */
const ORDER_COUNT = 12;
/** Ids of counterparties that an order may get: those that the account began with. */
const AGENTS = 1000;
const DAY_MS = 86_400_000;

/** A position as a body gives it (MoySklad docs: Customer order, positions). */
const POSITION_FIELDS: FieldTable = {
	quantity: { kind: 'number', min: 0, required: true },
	price: { kind: 'number', min: 0, fallback: 0 },
	discount: { kind: 'number', fallback: 0 },
	vat: { kind: 'int', min: 0, fallback: 0 },
	reserve: { kind: 'number', min: 0 },
	assortment: {
		kind: 'reference',
		types: ['product', 'variant', 'service', 'bundle', 'consignment'],
		required: true,
	},
};

/** The object's own `meta`, with its address in MoySklad's pages. */
function metaOf(world: World, id: string): Entity {
	return {
		...world.meta('customerorder', id),
		metadataHref: `${world.base}/entity/customerorder/metadata`,
		uuidHref: `https://online.moysklad.ru/app/#customerorder/edit?id=${id}`,
	};
}

/** Checks the positions of a body. Throws 2016, 2022, 3000, 3002 and what references throw. */
function readPositions(rows: Entity[], { references }: WriteContext): Entity[] {
	return rows.map((row) => {
		if (!isEntity(row)) throw wrongType('positions', 'Object');
		if (row.assortment === undefined) throw missing('assortment');
		const read = readFields('customerorderposition', row, POSITION_FIELDS, references);
		return { price: 0, discount: 0, vat: 0, ...read };
	});
}

/** Sum of positions in kopecks, discounts taken off (MoySklad computes it). */
function sumOf(positions: Entity[]): number {
	return positions.reduce((sum, { price, quantity, discount }) => {
		return sum + Math.round(Number(price) * Number(quantity) * (1 - Number(discount) / 100));
	}, 0);
}

/** Customer orders (MoySklad docs: Customer order); their positions are kept by `OrderPositions`. */
export const CUSTOMER_ORDER: DictionaryDefinition = {
	keyword: 'customerorder',
	...listRules('customerorder'),
	search: ['name', 'description'],
	hides: 'isDeleted',
	expand: ['agent', 'group', 'organization', 'owner', 'positions', 'rate', 'store'],
	size: ORDER_COUNT,
	generate: (index, world) => {
		const id = world.id('customerorder', index);
		const h = mix(world.seed, 55, index);
		const made = moscowMillis(DATA_EPOCH - (400 + (h % 200)) * DAY_MS);
		return {
			meta: metaOf(world, id),
			...owned(world),
			updated: updatedAt(world, 55, index),
			created: made,
			name: newNumber(index),
			externalCode: `customerorder-${index}`,
			moment: made,
			applicable: true,
			rate: { currency: world.ref('currency', 0) },
			sum: 0,
			organization: world.ref('organization', index % ORGANIZATION_COUNT),
			agent: world.ref('counterparty', h % AGENTS),
			positions: world.collection(
				`${world.href('customerorder', id)}/positions`,
				'customerorderposition',
				0,
			),
			printed: false,
			published: false,
		};
	},
	holds: ['agent', 'organization', 'store'],
	write: {
		fields: {
			name: SHORT_TEXT,
			...COMMON_FIELDS,
			description: LONG_TEXT,
			owner: OWNED_FIELDS.owner,
			group: { kind: 'reference', types: ['group'] },
			shared: OWNED_FIELDS.shared,
			applicable: { kind: 'boolean', fallback: true },
			moment: { kind: 'date' },
			deliveryPlannedMoment: { kind: 'date' },
			organization: { kind: 'reference', types: ['organization'], required: true },
			agent: { kind: 'reference', types: ['counterparty', 'organization'], required: true },
			store: { kind: 'reference', types: ['store'] },
			state: { kind: 'reference', types: ['state'] },
			salesChannel: { kind: 'reference', types: ['saleschannel'] },
			positions: { kind: 'objects' },
			syncId: { kind: 'uuid' },
		},
		defaults: (context, id, index) => ({
			meta: metaOf(context.world, id),
			...context.owned,
			name: newNumber(index),
			externalCode: newExternalCode(id),
			created: context.stamp,
			moment: context.stamp,
			applicable: true,
			rate: { currency: context.world.ref('currency', 0) },
			sum: 0,
			printed: false,
			published: false,
		}),
		complete: (patch, before, context) => {
			checkOpen(patch, before, context);
			if (context.fields.state) patch.state = readState('customerorder', context);
			if (Array.isArray(patch.positions)) {
				patch.positions = readPositions(patch.positions as Entity[], context);
				patch.sum = sumOf(patch.positions as Entity[]);
			}
		},
		spread: (after, before, { state }) => {
			// A body lists the positions; what is kept and shown is a collection of them.
			if (before === undefined || 'positions' in before) {
				const given = Array.isArray(after.positions) ? (after.positions as Entity[]) : [];
				after.positions = state.orderPositions.assign(String(after.id), given);
			}
		},
		deleted: (entity, state) => state.orderPositions.forget(String(entity.id)),
	},
};
