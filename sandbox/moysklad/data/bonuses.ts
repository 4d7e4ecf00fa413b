import { DATA_EPOCH, moscowMillis, parseMoscow } from '../../shared/clock';
import { mix } from '../../shared/random';
import { MoySkladError } from '../errors';
import type { FieldTable } from '../fields';
import { missing } from '../fields';
import { EQUALITY } from '../filter';
import type { Entity, World } from '../world';
import type { DictionaryDefinition } from './dictionary';
import {
	COMMON_FIELDS,
	OWNED_FIELDS,
	SHORT_TEXT,
	date,
	flag,
	newExternalCode,
	newNumber,
	number,
	owned,
	text,
	to,
	updatedAt,
	uuid,
} from './dictionary';

/** How many bonus programs there are; the first is active. */
const BONUS_PROGRAM_COUNT = 2;
/** How many bonus transactions there are. */
const BONUS_TRANSACTION_COUNT = 300;

const WELCOME_MODES = ['REGISTRATION', 'FIRST_PURCHASE'] as const;
const TRANSACTION_TYPES = ['EARNING', 'SPENDING'] as const;
const PARENTS = ['retaildemand', 'retailsalesreturn', 'customerorder', 'demand', 'salesreturn'];
const HOUR_MS = 3_600_000;

const PROGRAM_FIELDS: FieldTable = {
	name: { ...SHORT_TEXT, required: true },
	active: { kind: 'boolean', required: true },
	allProducts: { kind: 'boolean', required: true },
	allAgents: { kind: 'boolean', required: true },
	agentTags: { kind: 'strings', fallback: [] },
	earnRateRoublesToPoint: { kind: 'int', min: 0, required: true },
	spendRatePointsToRouble: { kind: 'int', min: 0, required: true },
	maxPaidRatePercents: { kind: 'int', min: 0, max: 100, required: true },
	earnWhileRedeeming: { kind: 'boolean', fallback: false },
	postponedBonusesDelayDays: { kind: 'int', min: 0 },
	welcomeBonusesEnabled: { kind: 'boolean', fallback: false },
	welcomeBonusesMode: { kind: 'enum', values: WELCOME_MODES },
	welcomeBonusesValue: { kind: 'int', min: 0 },
};

/** Bonus programs (MoySklad docs: Bonus program); their list knows neither filters nor sorting. */
export const BONUS_PROGRAM: DictionaryDefinition = {
	keyword: 'bonusprogram',
	fields: {},
	sort: [],
	search: [],
	expand: [],
	size: BONUS_PROGRAM_COUNT,
	generate: (index) => ({
		name: index === 0 ? 'Loyal customers' : 'Оптовики',
		active: index === 0,
		allProducts: true,
		allAgents: index === 0,
		agentTags: index === 0 ? [] : ['wholesale'],
		earnRateRoublesToPoint: 10,
		spendRatePointsToRouble: 1,
		maxPaidRatePercents: index === 0 ? 50 : 30,
		earnWhileRedeeming: true,
		welcomeBonusesEnabled: index === 0,
		...(index === 0 ? { welcomeBonusesMode: 'REGISTRATION', welcomeBonusesValue: 100 } : {}),
	}),
	write: {
		fields: PROGRAM_FIELDS,
		defaults: () => ({
			agentTags: [],
			earnWhileRedeeming: false,
			welcomeBonusesEnabled: false,
		}),
		complete: (patch, before, { state }) => {
			const after = { ...before, ...patch };
			if (after.allProducts !== true) {
				throw new MoySkladError(3005, ['false', 'allProducts', 'true'], {
					parameter: 'allProducts',
				});
			}
			if (after.welcomeBonusesEnabled === true) {
				for (const field of ['welcomeBonusesMode', 'welcomeBonusesValue']) {
					if (after[field] === undefined) throw missing(field);
				}
			}
			// Without the paid option only one program can be active (error 3020).
			if (patch.active === true && before?.active !== true && !state.extendedBonusProgram) {
				const programs = state.dictionary('bonusprogram').all();
				if (programs.some(({ active }) => active === true)) {
					throw new MoySkladError(3020, [], { parameter: 'active' });
				}
			}
		},
	},
};

function transactionStatus(executionDate: unknown, now: number): string {
	const at = typeof executionDate === 'string' ? parseMoscow(executionDate)?.ms : undefined;
	return at !== undefined && at > now ? 'WAIT_PROCESSING' : 'COMPLETED';
}

function generateTransaction(index: number, world: World): Entity {
	const h = mix(world.seed, 61, index);
	const moment = DATA_EPOCH - (h % 4000) * HOUR_MS;
	const earning = index % 3 !== 2;
	return {
		...owned(world),
		updated: updatedAt(world, 61, index),
		created: moscowMillis(moment),
		name: newNumber(index),
		externalCode: `bonus-${index}`,
		moment: moscowMillis(moment),
		applicable: true,
		bonusValue: 10 + ((h >>> 8) % 500),
		categoryType: index % 20 === 0 ? 'WELCOME' : 'REGULAR',
		transactionType: earning ? 'EARNING' : 'SPENDING',
		transactionStatus: 'COMPLETED',
		...(index % 4 === 0 ? { description: `Receipt ${1000 + index}` } : {}),
		agent: world.ref('counterparty', (h >>> 4) % 1000),
		bonusProgram: world.ref('bonusprogram', 0),
		organization: world.ref('organization', 0),
	};
}

/** Bonus transactions (MoySklad docs: Bonus transaction). */
export const BONUS_TRANSACTION: DictionaryDefinition = {
	keyword: 'bonustransaction',
	fields: {
		accountId: uuid,
		agent: to('counterparty'),
		applicable: flag,
		bonusProgram: to('bonusprogram'),
		bonusValue: number,
		code: text,
		created: date,
		description: text,
		externalCode: text,
		group: to('group'),
		id: uuid,
		moment: date,
		name: text,
		organization: to('organization'),
		owner: to('employee'),
		shared: flag,
		updated: date,
		updatedBy: { kind: 'string', operators: EQUALITY },
	},
	sort: [],
	search: [],
	expand: ['agent', 'bonusProgram', 'group', 'organization', 'owner', 'parentDocument'],
	size: BONUS_TRANSACTION_COUNT,
	generate: generateTransaction,
	holds: ['agent', 'bonusProgram', 'organization'],
	write: {
		fields: {
			name: SHORT_TEXT,
			...COMMON_FIELDS,
			owner: OWNED_FIELDS.owner,
			group: { kind: 'reference', types: ['group'] },
			shared: OWNED_FIELDS.shared,
			agent: { kind: 'reference', types: ['counterparty'], required: true },
			bonusProgram: { kind: 'reference', types: ['bonusprogram'], required: true },
			transactionType: {
				kind: 'enum',
				values: TRANSACTION_TYPES,
				required: true,
				immutable: true,
			},
			applicable: { kind: 'boolean', fallback: true },
			bonusValue: { kind: 'int', min: 0 },
			moment: { kind: 'date', wholeMinutes: true },
			executionDate: { kind: 'date' },
			organization: { kind: 'reference', types: ['organization'] },
			parentDocument: { kind: 'reference', types: PARENTS },
		},
		defaults: (context, id, index) => ({
			...context.owned,
			created: context.stamp,
			name: newNumber(index),
			externalCode: newExternalCode(id),
			moment: context.stamp,
			applicable: true,
			bonusValue: 0,
			categoryType: 'REGULAR',
			organization: context.world.ref('organization', 0),
		}),
		complete: (patch, before, { state, now }) => {
			const given = 'executionDate' in patch;
			if (given && patch.executionDate !== before?.executionDate) {
				const parameter = { parameter: 'executionDate' };
				if (!state.extendedBonusProgram) {
					throw new MoySkladError(before === undefined ? 62000 : 62001, [], parameter);
				}
				if ((before ?? patch).transactionType === 'SPENDING') {
					throw new MoySkladError(62002, ['executionDate'], parameter);
				}
				const status = before && transactionStatus(before.executionDate, now) === 'WAIT_PROCESSING';
				if (before !== undefined && status !== true) {
					throw new MoySkladError(62003, ['executionDate'], parameter);
				}
			}
			if (before === undefined || given) {
				patch.transactionStatus = transactionStatus(patch.executionDate, now);
			}
		},
	},
};
