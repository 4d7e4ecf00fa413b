import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import type { Entity, World } from '../world';
import { MEDIA_TYPE } from '../world';
import { CUSTOM_DICTIONARIES, customDictionaryHref, customElementRef } from './attributes';

/** The custom dictionaries of the account; it begins with one. */
export class CustomDictionaries {
	/** Lists that were made by requests, by their id. */
	readonly made = new Map<string, Entity>();
	/** Entries that were made or changed, by list. */
	private readonly added = new Map<string, Entity[]>();
	private readonly changes = new Map<string, Entity | undefined>();
	private count = 0;

	constructor(private readonly world: World) {}

	/** A new list. */
	add(name: string): Entity {
		const id = this.world.id('customdictionary', 1 + this.count++);
		const href = customDictionaryHref(this.world, id);
		const meta = { href: `${href}/metadata`, type: 'customentitymetadata', mediaType: MEDIA_TYPE };
		const list: Entity = { meta, id, name, createShared: true };
		this.made.set(id, list);
		return list;
	}

	/** A new entry of a list. */
	addElement(list: string, fields: Entity, updated: string): Entity {
		const id = this.world.id('customelement', 1000 + this.count++);
		const href = `${customDictionaryHref(this.world, list)}/${id}`;
		const meta = { href, type: 'customentity', mediaType: MEDIA_TYPE };
		const element: Entity = { externalCode: id.slice(0, 8), ...fields, meta, id, updated };
		this.added.set(list, [...(this.added.get(list) ?? []), element]);
		return element;
	}

	/** Changes an entry. */
	change(element: Entity, fields: Entity, updated: string): void {
		const { id, meta } = element;
		this.changes.set(String(id), { ...this.changes.get(String(id)), ...fields, id, meta, updated });
	}

	/** Takes an entry out. */
	remove({ id }: Entity): void {
		this.changes.set(String(id), undefined);
	}

	/** Id of the dictionary. */
	get id(): string {
		return this.world.id('customdictionary', 0);
	}

	/** The dictionary as `/entity/customentity/<id>/metadata` shows it. */
	metadata(): Entity {
		const href = customDictionaryHref(this.world, this.id);
		return {
			meta: { href: `${href}/metadata`, type: 'customentitymetadata', mediaType: MEDIA_TYPE },
			entityMeta: { href, type: 'customentity', mediaType: MEDIA_TYPE },
			attributes: this.world.collection(`${href}/metadata/attributes`, 'attributemetadata', 0),
			id: this.id,
			name: CUSTOM_DICTIONARIES[0].name,
			createShared: true,
		};
	}

	/** The dictionary as the metadata of the company's settings show it (MoySklad docs: Company settings). */
	ofCompany(): Entity {
		const { attributes, id, name, createShared } = this.metadata();
		const href = `${this.world.base}/context/companysettings/metadata/customEntities/${this.id}`;
		const meta = { href, type: 'customentitymetadata', mediaType: MEDIA_TYPE };
		return { meta, attributes, id, name, createShared };
	}

	/** The elements of a list in their order; of the first one without an id. */
	elements(list = this.id): Entity[] {
		const all = [...(list === this.id ? this.generated() : []), ...(this.added.get(list) ?? [])];
		return all
			.filter(({ id }) => !this.changes.has(String(id)) || this.changes.get(String(id)))
			.map((element) => ({ ...element, ...this.changes.get(String(element.id)) }));
	}

	private generated(): Entity[] {
		const { world } = this;
		return CUSTOM_DICTIONARIES[0].elements.map((name, index) => {
			const { meta } = customElementRef(world, index) as { meta: Entity };
			return {
				meta: {
					...meta,
					metadataHref: `${customDictionaryHref(world, this.id)}/metadata`,
				},
				id: world.id('customelement', index),
				accountId: world.accountId,
				updated: moscowMillis(DATA_EPOCH - index * 3_600_000),
				name,
				code: String(index + 1),
				externalCode: `season-${index + 1}`,
				owner: world.ref('employee', 0),
				shared: true,
				group: world.ref('group', 0),
			};
		});
	}

	/** An element by its id or its name. */
	find(idOrName: string): Entity | undefined {
		return this.elements().find(
			({ id, name }) => id === idOrName.toLowerCase() || name === idOrName,
		);
	}
}
