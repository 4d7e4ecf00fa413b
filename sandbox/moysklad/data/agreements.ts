import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { mix, pick } from '../../shared/random';
import { applyAttributes } from '../attributes';
import { MoySkladError } from '../errors';
import type { FieldTable, WritableField } from '../fields';
import { isEntity, missing, readReference, readValue, wrongType } from '../fields';
import { EQUALITY } from '../filter';
import type { Entity, World } from '../world';
import { refId } from '../world';
import { generatedAttributes } from './attributes';
import type { DictionaryDefinition, WriteContext } from './dictionary';
import {
	COMMON_FIELDS,
	LONG_TEXT,
	OWNED_FIELDS,
	SHORT_TEXT,
	date,
	flag,
	newExternalCode,
	newNumber,
	owned,
	ownedTable,
	readState,
	text,
	to,
	updatedAt,
	uuid,
} from './dictionary';
import { stateCount, stateRef } from './states';
import { CITIES } from './words';

/** How many own organizations there are. */
export const ORGANIZATION_COUNT = 2;
/** How many contracts there are. */
const CONTRACT_COUNT = 24;
/** How many retail stores there are. */
export const RETAIL_STORE_COUNT = 2;
/** How many cashiers a generated retail store has. */
export const CASHIERS_PER_STORE = 3;

const ORGANIZATIONS = ['Sandbox Trade LLC', 'ИП Песочников'];
/** Goods refer to the first three. */
const COUNTRIES = [
	{ name: 'Россия', code: '643' },
	{ name: 'Узбекистан', code: '860' },
	{ name: 'China', code: '156' },
];
const RETAIL_STORES = ['Shop on Arbat', 'Магазин на Невском'];
/** Legal forms of organizations and counterparties. */
export const COMPANY_TYPES = ['legal', 'entrepreneur', 'individual'] as const;
const REWARD_TYPES = ['PercentOfSales', 'None'] as const;
const CONTRACT_TYPES = ['Commission', 'Sales'] as const;
const DAY_MS = 86_400_000;

/** Fields of a legal person that organizations and counterparties share. */
export const REQUISITES: FieldTable = {
	companyType: { kind: 'enum', values: COMPANY_TYPES, fallback: 'legal' },
	legalTitle: LONG_TEXT,
	legalAddress: SHORT_TEXT,
	legalAddressFull: { kind: 'object' },
	actualAddress: SHORT_TEXT,
	actualAddressFull: { kind: 'object' },
	inn: SHORT_TEXT,
	kpp: SHORT_TEXT,
	ogrn: SHORT_TEXT,
	ogrnip: SHORT_TEXT,
	okpo: SHORT_TEXT,
	email: SHORT_TEXT,
	phone: SHORT_TEXT,
	fax: SHORT_TEXT,
	archived: { kind: 'boolean', fallback: false },
	bonusProgram: { kind: 'reference', types: ['bonusprogram'] },
	syncId: { kind: 'uuid' },
};

/** Refuses an e-mail address without `@` and a domain (3015). */
export function checkEmail(patch: Entity): void {
	const { email } = patch;
	if (typeof email === 'string' && email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
		throw new MoySkladError(3015, [email], { parameter: 'email' });
	}
}

/** Own organizations (MoySklad docs: Legal entity). */
export const ORGANIZATION: DictionaryDefinition = {
	keyword: 'organization',
	fields: {
		accountId: uuid,
		actualAddress: text,
		archived: flag,
		code: text,
		companyType: { kind: 'enum', operators: EQUALITY, values: COMPANY_TYPES },
		created: date,
		description: text,
		email: text,
		externalCode: text,
		fax: text,
		id: uuid,
		inn: text,
		kpp: text,
		legalAddress: text,
		legalTitle: text,
		name: text,
		owner: to('employee'),
		phone: text,
		shared: flag,
		syncId: uuid,
		updated: date,
	},
	sort: [
		'id',
		'version',
		'updated',
		'updatedBy',
		'name',
		'description',
		'code',
		'externalCode',
		'archived',
		'created',
		'inn',
		'actualAddress',
		'legalTitle',
		'legalAddress',
		'kpp',
		'phone',
		'email',
		'fax',
	],
	search: ['name', 'code', 'legalTitle', 'email', 'phone'],
	expand: ['bonusProgram', 'group', 'owner'],
	size: ORGANIZATION_COUNT,
	generate: (index, world) => {
		const href = world.href('organization', world.id('organization', index));
		return {
			...owned(world),
			updated: updatedAt(world, 51, index),
			created: moscowMillis(DATA_EPOCH - 400 * DAY_MS - index * DAY_MS),
			name: ORGANIZATIONS[index],
			code: `O${index + 1}`,
			externalCode: `organization-${index}`,
			archived: false,
			companyType: index === 0 ? 'legal' : 'entrepreneur',
			legalTitle: ORGANIZATIONS[index],
			inn: String(7_701_000_000 + index),
			accounts: world.collection(`${href}/accounts`, 'account', 1),
		};
	},
	holds: ['bonusProgram'],
	write: {
		fields: ownedTable(REQUISITES),
		defaults: (context, id) => ({
			...context.owned,
			externalCode: newExternalCode(id),
			created: context.stamp,
			archived: false,
			companyType: 'legal',
			accounts: context.world.collection(
				`${context.world.href('organization', id)}/accounts`,
				'account',
				0,
			),
		}),
		complete: checkEmail,
	},
};

/** Countries; read-only in this sandbox. */
export const COUNTRY: DictionaryDefinition = {
	keyword: 'country',
	fields: {
		accountId: uuid,
		code: text,
		description: text,
		externalCode: text,
		group: to('group'),
		id: uuid,
		name: text,
		owner: to('employee'),
		shared: flag,
		updated: date,
	},
	sort: ['id', 'version', 'updated', 'updatedBy', 'name', 'description', 'code', 'externalCode'],
	search: ['name', 'description'],
	expand: ['group', 'owner'],
	size: COUNTRIES.length,
	generate: (index, world) => ({
		updated: updatedAt(world, 52, index),
		...COUNTRIES[index],
		description: COUNTRIES[index].name,
		externalCode: COUNTRIES[index].code,
	}),
};

/** Switches of a retail store and their values on a new one. */
const SWITCHES: Readonly<Record<string, boolean>> = {
	active: true,
	archived: false,
	allowCreateProducts: false,
	allowDeleteReceiptPositions: true,
	allowSellTobaccoWithoutMRC: false,
	controlCashierChoice: false,
	controlShippingStock: false,
	discountEnable: true,
	enableReturnsWithNoReason: true,
	issueOrders: false,
	onlyInStock: false,
	printAlways: false,
	qrPayEnabled: false,
	requiredFio: false,
	requiredPhone: false,
	requiredEmail: false,
};

function salePriceType(world: World): Entity {
	const href = `${world.base}/context/companysettings/pricetype/${world.id('pricetype', 0)}`;
	return { meta: { href, type: 'pricetype', mediaType: 'application/json' } };
}

/** Retail stores (MoySklad docs: Retail store); their cashiers are kept by `Cashiers`. */
export const RETAIL_STORE: DictionaryDefinition = {
	keyword: 'retailstore',
	fields: {
		accountId: uuid,
		active: flag,
		address: text,
		description: text,
		externalCode: text,
		group: to('group'),
		id: uuid,
		name: text,
		organization: to('organization'),
		owner: to('employee'),
		shared: flag,
		store: to('store'),
		updated: date,
	},
	sort: [
		'id',
		'version',
		'updated',
		'updatedBy',
		'name',
		'description',
		'externalCode',
		'address',
		'active',
	],
	search: ['name'],
	expand: ['cashiers', 'group', 'organization', 'owner', 'store'],
	size: RETAIL_STORE_COUNT,
	generate: (index, world) => ({
		...owned(world),
		updated: updatedAt(world, 53, index),
		name: RETAIL_STORES[index],
		description: '',
		externalCode: `retailstore-${index}`,
		address: `${pick(CITIES, index)}, Nevsky avenue, ${index + 1}`,
		...SWITCHES,
		organization: world.ref('organization', 0),
		store: world.ref('store', index),
		priceType: salePriceType(world),
		cashiers: world.collection(
			`${world.href('retailstore', world.id('retailstore', index))}/cashiers`,
			'cashier',
			CASHIERS_PER_STORE,
		),
	}),
	holds: ['organization', 'store'],
	write: {
		fields: {
			name: { ...SHORT_TEXT, required: true },
			description: LONG_TEXT,
			address: SHORT_TEXT,
			addressFull: { kind: 'object' },
			owner: OWNED_FIELDS.owner,
			group: { kind: 'reference', types: ['group'] },
			shared: OWNED_FIELDS.shared,
			organization: { kind: 'reference', types: ['organization'], required: true },
			store: { kind: 'reference', types: ['store'], required: true },
			priceType: { kind: 'object', required: true },
			cashiers: { kind: 'objects' },
			...Object.fromEntries(
				Object.entries(SWITCHES).map(([name, fallback]): [string, WritableField] => [
					name,
					{ kind: 'boolean', fallback },
				]),
			),
		},
		defaults: (context, id) => ({
			...context.owned,
			externalCode: newExternalCode(id),
			...SWITCHES,
		}),
		complete: (patch, _before, { references, world }) => {
			if ('priceType' in patch) {
				const href = (patch.priceType as { meta?: { href?: unknown } }).meta?.href;
				if (href !== (salePriceType(world).meta as Entity).href) {
					throw new MoySkladError(2013, ['priceType'], { parameter: 'priceType' });
				}
			}
			for (const one of (patch.cashiers ?? []) as Entity[]) {
				readReference('retailstore', 'cashiers', one, ['employee'], references);
			}
		},
		spread: (after, before, { state }) => {
			// A body lists the employees; what is kept and shown is a collection of cashiers.
			if (before === undefined || 'cashiers' in before) {
				const given = Array.isArray(after.cashiers) ? (after.cashiers as Entity[]) : [];
				const employees = given.map((one) => refId(one)).filter((one) => one !== undefined);
				after.cashiers = state.cashiers.assign(String(after.id), employees);
			}
		},
		deleted: (entity, state) => state.cashiers.forget(String(entity.id)),
	},
};

/** `meta` of the only account of a generated organization or counterparty. */
function accountRef(world: World, type: string, index: number): Entity {
	const href = `${world.href(type, world.id(type, index))}/accounts/${world.id(`${type}-account`, index)}`;
	return { meta: { href, type: 'account', mediaType: 'application/json' } };
}

/** Checks `{currency:{meta}, value}`; null means the accounting currency. */
function readRate(value: unknown, { references, world }: WriteContext): Entity {
	const accounting = world.ref('currency', 0);
	if (value === null) return { currency: accounting };
	if (!isEntity(value)) throw wrongType('rate', 'Object');
	const currency =
		value.currency === undefined
			? accounting
			: readReference('contract', 'currency', value.currency, ['currency'], references);
	if (value.value === undefined || value.value === null) return { currency };
	const rate = readValue('contract', 'value', value.value, { kind: 'number' }, references);
	if (Number(rate) <= 0) throw new MoySkladError(3003, ['value'], { parameter: 'value' });
	return { currency, value: rate };
}

/**
 * An account must be one of its owner's, and when the owner changes while an account is set, the
 * account must be passed as well (MoySklad docs: Contract, changing agents).
 */
function checkAccount(
	patch: Entity,
	before: Entity | undefined,
	fields: Entity,
	owner: 'agent' | 'ownAgent',
	account: 'agentAccount' | 'organizationAccount',
): void {
	const moved =
		before !== undefined && refId(patch[owner] ?? before[owner]) !== refId(before[owner]);
	if (moved && before[account] !== undefined && fields[account] === undefined) {
		throw missing(account);
	}
	const href = (patch[account] as { meta?: { href?: string } } | undefined)?.meta?.href;
	const ownerHref = ((patch[owner] ?? before?.[owner]) as { meta: { href: string } }).meta.href;
	if (href !== undefined && !href.startsWith(`${ownerHref}/accounts/`)) {
		throw new MoySkladError(2013, [account], { parameter: account });
	}
}

/** Contracts (MoySklad docs: Contract). */
export const CONTRACT: DictionaryDefinition = {
	keyword: 'contract',
	fields: {
		accountId: uuid,
		agent: to('counterparty', 'organization'),
		archived: flag,
		code: text,
		description: text,
		externalCode: text,
		group: to('group'),
		id: uuid,
		moment: date,
		name: text,
		ownAgent: to('organization'),
		owner: to('employee'),
		shared: flag,
		state: { kind: 'state', operators: EQUALITY },
		'state.name': text,
		updated: date,
	},
	sort: [
		'id',
		'version',
		'updated',
		'updatedBy',
		'name',
		'description',
		'code',
		'externalCode',
		'archived',
		'moment',
	],
	search: ['name', 'description'],
	expand: [
		'agent',
		'agentAccount',
		'group',
		'organizationAccount',
		'ownAgent',
		'owner',
		'rate',
		'state',
	],
	size: CONTRACT_COUNT,
	generate: (index, world) => {
		const h = mix(world.seed, 54, index);
		const agent = h % 1000;
		const foreign = index % 6 === 5;
		return {
			...owned(world),
			updated: updatedAt(world, 54, index),
			name: `D-${newNumber(index)}`,
			description: index % 3 === 0 ? `Framework agreement ${index + 1}` : '',
			code: `K${newNumber(index)}`,
			externalCode: `contract-${index}`,
			archived: index % 12 === 11,
			moment: moscowMillis(DATA_EPOCH - (30 + (h % 600)) * DAY_MS),
			sum: (h % 900) * 100_000,
			contractType: index % 5 === 4 ? 'Commission' : 'Sales',
			rewardType: index % 5 === 4 ? 'PercentOfSales' : 'None',
			...(index % 5 === 4 ? { rewardPercent: 5 + (h % 20) } : {}),
			ownAgent: world.ref('organization', index % ORGANIZATION_COUNT),
			agent: world.ref('counterparty', agent),
			agentAccount: accountRef(world, 'counterparty', agent),
			organizationAccount: accountRef(world, 'organization', index % ORGANIZATION_COUNT),
			rate: foreign
				? { currency: world.ref('currency', 1), value: 92.5 }
				: { currency: world.ref('currency', 0) },
			...(index % 4 === 3
				? {}
				: { state: stateRef(world, 'contract', h % stateCount('contract')) }),
			attributes: generatedAttributes(world, 'contract', index),
			printed: false,
			published: false,
		};
	},
	holds: ['agent', 'ownAgent', 'rate.currency'],
	write: {
		fields: {
			name: SHORT_TEXT,
			...COMMON_FIELDS,
			owner: OWNED_FIELDS.owner,
			group: { kind: 'reference', types: ['group'] },
			shared: OWNED_FIELDS.shared,
			archived: { kind: 'boolean', fallback: false },
			ownAgent: { kind: 'reference', types: ['organization'], required: true },
			agent: { kind: 'reference', types: ['counterparty', 'organization'], required: true },
			agentAccount: { kind: 'reference', types: ['account'] },
			organizationAccount: { kind: 'reference', types: ['account'] },
			moment: { kind: 'date', wholeMinutes: true },
			contractType: { kind: 'enum', values: CONTRACT_TYPES, fallback: 'Sales' },
			rewardType: { kind: 'enum', values: REWARD_TYPES, fallback: 'None' },
			rewardPercent: { kind: 'int', min: 0, max: 100 },
			sum: { kind: 'int', min: 0, fallback: 0 },
		},
		defaults: (context, id, index) => ({
			...context.owned,
			name: newNumber(index),
			externalCode: newExternalCode(id),
			archived: false,
			moment: context.stamp,
			sum: 0,
			contractType: 'Sales',
			rewardType: 'None',
			rate: { currency: context.world.ref('currency', 0) },
			printed: false,
			published: false,
		}),
		complete: (patch, before, context) => {
			const { fields, state } = context;
			checkAccount(patch, before, fields, 'agent', 'agentAccount');
			checkAccount(patch, before, fields, 'ownAgent', 'organizationAccount');
			if (fields.rate !== undefined) patch.rate = readRate(fields.rate, context);
			if (fields.state !== undefined) patch.state = readState('contract', context);
			if (before === undefined || fields.attributes !== undefined) {
				const current = before === undefined ? undefined : (before.attributes ?? []);
				const own = applyAttributes(state, 'contract', current, fields.attributes);
				patch.attributes = own.length > 0 ? own : undefined;
			}
		},
	},
};
