/** Types that webhooks can watch, as a view of the facts. Source: MoySklad docs, Webhooks; reference §3.3 and §4. */
import type { Choice } from '../shared/catalogue';
import { facts, typeName, typesThat } from './facts';

/** The docs give these no webhooks, nor the kinds of discounts. */
const WITHOUT_WEBHOOKS = [
	'webhook',
	'webhookstock',
	'discount',
	'accumulationdiscount',
	'personaldiscount',
	'specialpricediscount',
];

/**
 * Hardly anybody waits for a change of these: settings, and papers that cash registers and workshops make by
 * themselves. An expression can name them.
 */
const SELDOM_WATCHED = [
	'bonusprogram',
	'contentcard',
	'country',
	'customentity',
	'emissionorder',
	'expenseitem',
	'group',
	'payroll',
	'processingplan',
	'processingplanfolder',
	'processingprocess',
	'processingstage',
	'productionstage',
	'productionstagecompletion',
	'retaildrawercashin',
	'retaildrawercashout',
	'retireorder',
	'role',
	'saleschannel',
	'taxrate',
];

const NOT_OFFERED = new Set([...WITHOUT_WEBHOOKS, ...SELDOM_WATCHED]);

/** With the terms of the web app; what the docs add in brackets is left out. */
export const entityTypes: Choice[] = typesThat(
	({ kind, path, does }, keyword) =>
		(kind === 'dictionary' || kind === 'document') &&
		path === `/entity/${keyword}` &&
		/[cud]/.test(does) &&
		!NOT_OFFERED.has(keyword),
)
	.map((value) => ({
		name: typeName(value),
		value,
		local: facts[value].local?.replace(/ \(.*/, ''),
	}))
	.sort((one, other) => one.name.localeCompare(other.name, 'en'));

export const actions: Choice[] = [
	{ name: 'Created', value: 'CREATE', action: 'On order, product or other object created' },
	{ name: 'Deleted', value: 'DELETE', action: 'On order, product or other object deleted' },
	{ name: 'Updated', value: 'UPDATE', action: 'On order, product or other object updated' },
];

/** Types that stand behind /entity/, with webhooks or without. */
const KNOWN_TYPES = new Set([
	...entityTypes.map(({ value }) => value),
	...typesThat(({ path }, keyword) => path === `/entity/${keyword}`),
]);

/** The type as the API writes it, in lower case (`customerOrder` → `customerorder`); undefined for an unknown one. */
export function typeOf(written: string): string | undefined {
	const type = written.trim().toLowerCase();
	return KNOWN_TYPES.has(type) ? type : undefined;
}
