import { MoySkladError } from '../errors';
import type { FieldTable } from '../fields';
import { isEntity, missing, readValue, wrongType } from '../fields';
import type { Entity } from '../world';
import type { DictionaryDefinition, WriteContext } from './dictionary';
import { SHORT_TEXT, flag, number, text, uuid } from './dictionary';

interface BuiltIn {
	name: string;
	fullName: string;
	code: string;
	isoCode: string;
	/** Roubles per unit. */
	rate: number;
}

/** Currencies of the account, the accounting one first. */
const ACCOUNT: readonly BuiltIn[] = [
	{ name: 'руб', fullName: 'Российский рубль', code: '643', isoCode: 'RUB', rate: 1 },
	{ name: 'usd', fullName: 'US dollar', code: '840', isoCode: 'USD', rate: 92.5 },
	{ name: 'uzs', fullName: 'Uzbek sum', code: '860', isoCode: 'UZS', rate: 0.0072 },
];

/** Currencies that `system: true` knows beside them. */
const BUILT_IN: readonly BuiltIn[] = [
	...ACCOUNT,
	{ name: 'евро', fullName: 'Евро', code: '978', isoCode: 'EUR', rate: 99.1 },
	{ name: 'юань', fullName: 'Китайский юань', code: '156', isoCode: 'CNY', rate: 12.7 },
	{ name: 'тенге', fullName: 'Казахстанский тенге', code: '398', isoCode: 'KZT', rate: 0.19 },
	{ name: 'бел. руб', fullName: 'Белорусский рубль', code: '933', isoCode: 'BYN', rate: 28.4 },
	{ name: 'драм', fullName: 'Армянский драм', code: '051', isoCode: 'AMD', rate: 0.23 },
	{ name: 'сом', fullName: 'Киргизский сом', code: '417', isoCode: 'KGS', rate: 1.07 },
	{ name: 'лира', fullName: 'Турецкая лира', code: '949', isoCode: 'TRY', rate: 2.7 },
	{ name: 'дирхам', fullName: 'Дирхам ОАЭ', code: '784', isoCode: 'AED', rate: 25.2 },
	{ name: 'фунт', fullName: 'Фунт стерлингов', code: '826', isoCode: 'GBP', rate: 118.3 },
];

/** Fields that the built-in list gives to a system currency for good. */
const FIXED = ['name', 'fullName', 'code', 'isoCode', 'majorUnit', 'minorUnit'];
const ROUBLE = { gender: 'masculine', s1: 'рубль', s2: 'рубля', s5: 'рублей' };
const KOPECK = { gender: 'feminine', s1: 'копейка', s2: 'копейки', s5: 'копеек' };
const GENDERS = ['masculine', 'feminine'] as const;
const RATE_UPDATE_TYPES = ['auto', 'manual'] as const;

/** What a body may carry for every currency. */
const COMMON: FieldTable = {
	archived: { kind: 'boolean', fallback: false },
	rate: { kind: 'number', fallback: 1 },
	multiplicity: { kind: 'int', min: 1, fallback: 1 },
	indirect: { kind: 'boolean', fallback: false },
	majorUnit: { kind: 'object' },
	minorUnit: { kind: 'object' },
	fullName: SHORT_TEXT,
};
const CUSTOM: FieldTable = {
	...COMMON,
	name: { ...SHORT_TEXT, required: true },
	code: { ...SHORT_TEXT, required: true },
	isoCode: { ...SHORT_TEXT, required: true },
};
const SYSTEM: FieldTable = {
	...COMMON,
	name: SHORT_TEXT,
	code: SHORT_TEXT,
	isoCode: SHORT_TEXT,
	rateUpdateType: { kind: 'enum', values: RATE_UPDATE_TYPES, fallback: 'auto' },
	margin: { kind: 'number', fallback: 0 },
};

function units({ isoCode }: { isoCode: string }): Entity {
	if (isoCode === 'RUB') return { majorUnit: ROUBLE, minorUnit: KOPECK };
	const form = (name: string): Entity => ({ gender: 'masculine', s1: name, s2: name, s5: name });
	return { majorUnit: form(isoCode), minorUnit: form(`1/100 ${isoCode}`) };
}

/** Checks `{gender, s1, s2, s5}` (MoySklad docs: Currency, forms of units). */
function readUnit(field: string, value: unknown, { references }: WriteContext): Entity {
	if (!isEntity(value)) throw wrongType(field, 'Object');
	const unit: Entity = {};
	for (const name of ['gender', 's1', 's2', 's5']) {
		if (value[name] === undefined || value[name] === null) throw missing(name);
		const type =
			name === 'gender' ? ({ kind: 'enum', values: GENDERS } as const) : { ...SHORT_TEXT };
		unit[name] = readValue('currency', name, value[name], type, references);
	}
	return unit;
}

/** The built-in currency that a body means. Throws 31002 (nothing given), 31001 (unknown). */
function builtIn(fields: Entity): BuiltIn {
	const { code, isoCode } = fields;
	if ((code ?? '') === '' && (isoCode ?? '') === '') throw new MoySkladError(31002);
	const found = BUILT_IN.find(
		(one) =>
			((code ?? '') === '' || one.code === code) &&
			((isoCode ?? '') === '' || one.isoCode === isoCode),
	);
	if (!found) throw new MoySkladError(31001);
	return found;
}

function differs(patch: Entity, before: Entity, field: string): boolean {
	return field in patch && JSON.stringify(patch[field]) !== JSON.stringify(before[field]);
}

/** Currencies (MoySklad docs: Currency). */
export const CURRENCY: DictionaryDefinition = {
	keyword: 'currency',
	accountId: false,
	fields: {
		archived: flag,
		code: text,
		default: flag,
		fullName: text,
		id: uuid,
		isoCode: text,
		multiplicity: number,
		name: text,
	},
	sort: ['id', 'name', 'archived', 'default', 'fullname', 'code', 'isoCode', 'multiplicity'],
	search: ['name'],
	expand: [],
	size: ACCOUNT.length,
	generate: (index) => ({
		system: true,
		...ACCOUNT[index],
		multiplicity: 1,
		indirect: false,
		rateUpdateType: index === 0 ? 'manual' : 'auto',
		margin: 0,
		archived: false,
		default: index === 0,
		...units(ACCOUNT[index]),
	}),
	write: {
		fields: (fields, before) =>
			(before === undefined ? fields : before).system === true ? SYSTEM : CUSTOM,
		defaults: ({ fields }) => ({
			system: fields.system === true,
			rate: 1,
			multiplicity: 1,
			indirect: false,
			rateUpdateType: fields.system === true ? 'auto' : 'manual',
			margin: 0,
			archived: false,
			default: false,
			majorUnit: { gender: 'masculine', s1: '', s2: '', s5: '' },
			minorUnit: { gender: 'masculine', s1: '', s2: '', s5: '' },
		}),
		complete: (patch, before, context) => {
			const { fields } = context;
			if (before === undefined && patch.system === true) {
				const found = builtIn(fields);
				const { rate, ...names } = found;
				// A rate of one's own is only kept where the rate is not fetched.
				const own = patch.rateUpdateType === 'manual' && typeof fields.rate === 'number';
				Object.assign(patch, names, units(found), own ? {} : { rate });
			} else {
				for (const field of ['majorUnit', 'minorUnit']) {
					if (fields[field] !== undefined && fields[field] !== null) {
						patch[field] = readUnit(field, fields[field], context);
					} else if (fields[field] === null) {
						// The forms are always there: null leaves them as they are.
						delete patch[field];
					}
				}
			}
			if (typeof patch.rate === 'number' && patch.rate <= 0) {
				throw new MoySkladError(3003, ['rate'], { parameter: 'rate' });
			}
			if (before === undefined) return;
			if (before.system === true && FIXED.some((field) => differs(patch, before, field))) {
				throw new MoySkladError(1024);
			}
			const auto = (patch.rateUpdateType ?? before.rateUpdateType) === 'auto';
			if (differs(patch, before, 'rate') && (before.default === true || auto)) {
				throw new MoySkladError(31003, [], { parameter: 'rate' });
			}
			if (before.default === true && auto) {
				throw new MoySkladError(31003, [], { parameter: 'rateUpdateType' });
			}
		},
		mayDelete: (entity, { state }) => {
			if (entity.default === true) throw new MoySkladError(31000);
			// Currencies that came with the account are standard objects, added ones are not.
			if (state.dictionary('currency').isGenerated(String(entity.id))) {
				throw new MoySkladError(1025);
			}
		},
	},
};
