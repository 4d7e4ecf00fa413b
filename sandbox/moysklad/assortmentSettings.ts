import { MoySkladError } from './errors';
import { isEntity, wrongType } from './fields';
import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

interface Values {
	uniqueCodeRules: { checkUniqueCode: boolean; fillUniqueCode: boolean };
	barcodeRules: { fillEAN13Barcode: boolean; weightBarcode: boolean; weightBarcodePrefix: number };
	createdShared: boolean;
}

/** Settings of the goods dictionary (MoySklad docs: Assortment, settings). */
export class AssortmentSettings {
	/** `fillEAN13Barcode` and the rules on codes work; the others are only kept. */
	readonly values: Values = {
		uniqueCodeRules: { checkUniqueCode: false, fillUniqueCode: true },
		barcodeRules: { fillEAN13Barcode: true, weightBarcode: false, weightBarcodePrefix: 20 },
		createdShared: true,
	};

	constructor(private readonly world: World) {}

	/** All settings as answers show them. */
	show(): Entity {
		return {
			meta: {
				href: `${this.world.base}/entity/assortment/settings`,
				type: 'assortmentsettings',
				mediaType: MEDIA_TYPE,
			},
			...this.values,
		};
	}

	/** Changes what a body holds. Throws 2016, and 3016 for a prefix of other than 1–2 digits. */
	update(fields: Entity): void {
		const { createdShared } = fields;
		const uniqueCodeRules = this.flags('uniqueCodeRules', fields, [
			'checkUniqueCode',
			'fillUniqueCode',
		]);
		const barcodeRules = this.flags('barcodeRules', fields, ['fillEAN13Barcode', 'weightBarcode']);
		if (createdShared !== undefined && typeof createdShared !== 'boolean') {
			throw wrongType('createdShared', 'Boolean');
		}
		const given = isEntity(fields.barcodeRules)
			? fields.barcodeRules.weightBarcodePrefix
			: undefined;
		const prefix = given === undefined ? {} : { weightBarcodePrefix: this.prefix(given) };
		Object.assign(this.values.uniqueCodeRules, uniqueCodeRules);
		Object.assign(this.values.barcodeRules, barcodeRules, prefix);
		if (createdShared !== undefined) this.values.createdShared = createdShared;
	}

	private flags(group: string, fields: Entity, names: readonly string[]): Record<string, boolean> {
		const rules = fields[group];
		if (rules === undefined) return {};
		if (!isEntity(rules)) throw wrongType(group, 'Object');
		const flags: Record<string, boolean> = {};
		for (const name of names) {
			const value = rules[name];
			if (value === undefined) continue;
			if (typeof value !== 'boolean') throw wrongType(name, 'Boolean');
			flags[name] = value;
		}
		return flags;
	}

	private prefix(value: unknown): number {
		const name = 'weightBarcodePrefix';
		if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'Int');
		if (value < 0 || value > 99)
			throw new MoySkladError(3016, [name, 'X, XX'], { parameter: name });
		return value;
	}
}
