/** A value for every field that a dictionary can write: as a person gives it, and as MoySklad must get it. */
import type { IDataObject } from 'n8n-workflow';

import { plainDictionaries, type Dictionary } from '../../../nodes/MoySklad/catalogue/dictionaries';
import type { WriteField } from '../../../nodes/MoySklad/writeFields';
import type { House } from './setup';

/** `[given, on the wire]`; no pair leaves the field out. */
type Pair = [unknown, unknown] | undefined;

/** A dot of 1 × 1. */
export const PNG =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function dictionaryOf(resource: string): Dictionary {
	const found = plainDictionaries.find((one) => one.resource === resource);
	if (!found) throw new Error(`No dictionary ${resource}`);
	return found;
}

/** `{meta}` as the node must write it. */
export function metaOf(
	house: House,
	type: string,
	id: string,
	path = `/entity/${type}`,
): IDataObject {
	const href = `${house.state.world.base}${path}/${id}`;
	return { meta: { href, type, mediaType: 'application/json' } };
}

/** ID of the object of a dictionary that stands at an index. */
export function idAt(house: House, keyword: string, index = 0): string {
	return String(house.state.dictionary(keyword).all()[index].id);
}

/** IDs of products that may be in a bundle. */
export function plainProducts(house: House, count: number): string[] {
	const { rows } = house.state;
	const found: string[] = [];
	for (let row = 0; row < rows.size && found.length < count; row++) {
		if (!rows.exists(row) || rows.type(row) !== 'product') continue;
		const goods = rows.entity(row);
		const odd = goods.alcoholic !== undefined || goods.isSerialTrackable || goods.isTraceable;
		if (!odd) found.push(rows.id(row));
	}
	return found;
}

/** What the general rules of `sampleOf` cannot know. */
function special(house: House, resource: string, field: string): Pair | 'general' {
	const contract = house.state.dictionary('contract').all()[0];
	const idOf = (value: unknown) =>
		String((value as { meta: { href: string } }).meta.href.split('/').pop());
	const account = (owner: string, type: string, name: string): Pair => {
		const id = idOf(contract[name]);
		const path = `/entity/${type}/${idOf(contract[owner])}/accounts`;
		return [id, metaOf(house, 'account', id, path)];
	};
	const euro = idAt(house, 'currency', 1);
	const [product, other] = plainProducts(house, 2);
	const image = { filename: 'dot.png', content: PNG };
	switch (`${resource}.${field}`) {
		// Points that are spent cannot be credited later, and a task is about one thing.
		case 'bonusTransaction.executionDate':
		case 'task.operation':
			return undefined;
		case 'bonusTransaction.parentDocument': {
			const id = idAt(house, 'customerorder');
			const link = `https://online.moysklad.ru/app/#customerorder/edit?id=${id}`;
			return [link, metaOf(house, 'customerorder', id)];
		}
		case 'bonusProgram.allProducts':
			return ['TRUE', true];
		case 'bonusProgram.agentTags':
			return ['Wholesale; VIP', ['wholesale', 'vip']];
		case 'bundle.components':
			return [
				JSON.stringify([
					{ assortment: product, quantity: '2' },
					{ assortment: { id: other }, quantity: 1.5 },
				]),
				[
					{ assortment: metaOf(house, 'product', product), quantity: 2 },
					{ assortment: metaOf(house, 'product', other), quantity: 1.5 },
				],
			];
		case 'bundle.salePrices': {
			const [price] = house.state.rows.entity(0).salePrices as IDataObject[];
			const type = idOf(price.priceType);
			return [
				[{ value: '1050', currency: euro, priceType: type }],
				[
					{
						value: 1050,
						currency: metaOf(house, 'currency', euro),
						priceType: metaOf(house, 'pricetype', type, '/context/companysettings/pricetype'),
					},
				],
			];
		}
		case 'bundle.minPrice':
			return [900, { value: 900 }];
		case 'bundle.overhead':
			return [
				{ value: 12.5, currency: euro },
				{ value: 12.5, currency: metaOf(house, 'currency', euro) },
			];
		case 'bundle.barcodes':
			return ['4600000000008, code128:AB-1', [{ ean13: '4600000000008' }, { code128: 'AB-1' }]];
		case 'bundle.images':
			return [[{ ...image, content: `data:image/png;base64,${PNG}` }], [image]];
		case 'bundle.files':
		case 'task.files':
			return [[image], [image]];
		case 'bundle.syncId':
			return ['0f3c7f4e-3d0a-4b5e-9f0a-1f2e3d4c5b6a', '0f3c7f4e-3d0a-4b5e-9f0a-1f2e3d4c5b6a'];
		case 'contract.ownAgent':
			return [idOf(contract.ownAgent), metaOf(house, 'organization', idOf(contract.ownAgent))];
		case 'contract.agent':
			return [
				`${house.state.world.base}/entity/counterparty/${idOf(contract.agent)}`,
				metaOf(house, 'counterparty', idOf(contract.agent)),
			];
		case 'contract.organizationAccount':
			return account('ownAgent', 'organization', field);
		case 'contract.agentAccount':
			return account('agent', 'counterparty', field);
		case 'contract.rate':
			return [
				{ currency: euro, value: '92,5' },
				{ currency: metaOf(house, 'currency', euro), value: 92.5 },
			];
		case 'contract.state':
		case 'task.state': {
			const [state] = house.state.states.list(resource === 'task' ? 'task' : 'contract');
			const path = `/entity/${resource}/metadata/states`;
			return [String(state.id), metaOf(house, 'state', String(state.id), path)];
		}
		case 'currency.system':
			return [false, false];
		case 'currency.majorUnit':
		case 'currency.minorUnit': {
			const unit = { gender: 'feminine', s1: 'крона', s2: 'кроны', s5: 'крон' };
			return [JSON.stringify(unit), unit];
		}
		// Automatic rates are for currencies of MoySklad's list.
		case 'currency.rateUpdateType':
		case 'currency.margin':
			return undefined;
		// It becomes one of the sale prices (test/engine/moysklad/columns.test.ts).
		case 'bundle.salePrice':
			return undefined;
		default:
			return 'general';
	}
}

const ENTITY_OF: Record<string, string> = {
	agent: 'counterparty',
	assignee: 'employee',
	bonusProgram: 'bonusprogram',
	country: 'country',
	group: 'group',
	organization: 'organization',
	owner: 'employee',
	productFolder: 'productfolder',
	uom: 'uom',
};

/** A value for a field. `turn` makes texts differ from object to object. */
export function sampleOf(house: House, resource: string, field: WriteField, turn = 'a'): Pair {
	const own = special(house, resource, field.name);
	if (own !== 'general') return own;
	switch (field.kind) {
		case 'number':
			return ['7', 7];
		case 'toggle':
			return ['true', true];
		case 'time':
			return ['2026-03-01T10:00:00Z', '2026-03-01 13:00:00.000'];
		case 'choice': {
			const [first] = field.choices ?? [];
			return [first.name, first.value];
		}
		case 'text': {
			const type = ENTITY_OF[field.name];
			if (type === undefined) return [`${field.name} ${turn}`, `${field.name} ${turn}`];
			const id = idAt(house, type);
			return [id, metaOf(house, type, id)];
		}
		default:
			throw new Error(`${resource} ${field.name}: no sample for a field of this kind`);
	}
}

/** A whole object: what is given, and the body that it must become. */
export function wholeObject(
	house: House,
	resource: string,
	turn: string,
	wanted: (field: WriteField) => boolean = () => true,
): { given: IDataObject; wire: IDataObject } {
	const given: IDataObject = {};
	const wire: IDataObject = {};
	for (const field of dictionaryOf(resource).fields.filter(wanted)) {
		const pair = sampleOf(house, resource, field, turn);
		if (pair === undefined) continue;
		given[field.name] = pair[0] as IDataObject[string];
		wire[field.name] = pair[1] as IDataObject[string];
	}
	return { given, wire };
}

/** What the sandbox itself demands of a new object beyond the fields that are marked as required. */
const ALSO: Record<string, string[]> = {
	currency: ['name', 'code', 'isoCode'],
	bundle: [],
	bonusTransaction: ['bonusValue'],
};

/** The least that makes an object, with a key of its own. */
export function leastObject(
	house: House,
	resource: string,
	turn: string,
): { given: IDataObject; wire: IDataObject } {
	const keys = dictionaryOf(resource).fields.some(({ name }) => name === 'externalCode')
		? ['externalCode']
		: [];
	const also = [...(ALSO[resource] ?? []), ...keys];
	return wholeObject(
		house,
		resource,
		turn,
		({ required, name }) => required === true || also.includes(name),
	);
}
