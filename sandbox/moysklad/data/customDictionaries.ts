import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import type { Entity, World } from '../world';
import { MEDIA_TYPE } from '../world';
import { CUSTOM_DICTIONARIES, customDictionaryHref, customElementRef } from './attributes';

/** The custom dictionaries of the account; there is one. */
export class CustomDictionaries {
	constructor(private readonly world: World) {}

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

	/** The elements in their order. */
	elements(): Entity[] {
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
