/** Parameters that reports share. Source: MoySklad docs, Reports; reference of the project: moysklad-documents.md §6. */
import type {
	ApiRequest,
	Call,
	Choice,
	Field,
	FilterField,
	WireContext,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { instantOf } from '../../shared/form/times';
import { filterField } from '../catalogue/fromFacts';
import { withSearches } from '../catalogue/dictionary';
import { facts, type TypeField } from '../facts';
import { conditionLink, momentOf } from '../filter';
import { entityLocator } from '../lists';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A moment to the second, Moscow time: reports show no more of it in their examples. */
const toTheSecond = (label: string) => (value: unknown, context: WireContext) =>
	momentOf(value, context.timezone, label).slice(0, 19);

const FROM_LABEL = 'Period From';
const TO_LABEL = 'Period To';

const FROM: Field = {
	name: 'momentFrom',
	label: FROM_LABEL,
	kind: 'time',
	to: 'query:momentFrom',
	wire: toTheSecond(FROM_LABEL),
	help: 'Begin of the period',
};
const TO: Field = {
	name: 'momentTo',
	label: TO_LABEL,
	kind: 'time',
	to: 'query:momentTo',
	wire: toTheSecond(TO_LABEL),
	help: 'End of the period. A date without a time is its midnight: for a whole day give 23:59:59.',
};

/** Without both, the last month; without an end, until today; without a begin, from the first of January. */
export const PERIOD: Field[] = [
	{
		...FROM,
		section: 'filters',
		help: 'Begin of the period. Without begin and end it is the last month; with an end alone, the year begins it.',
	},
	{ ...TO, section: 'filters' },
];

/** Both ends and the interval, as the charts need them. */
export const CHART: Field[] = [
	{ ...FROM, required: true },
	{ ...TO, required: true },
	{
		name: 'interval',
		label: 'Interval',
		kind: 'choice',
		to: 'query:interval',
		required: true,
		default: 'day',
		choices: [
			{ name: 'Day', value: 'day' },
			{ name: 'Hour', value: 'hour' },
			{ name: 'Month', value: 'month' },
		],
		help: 'Which span each row of the result sums up: hours of up to 30 days, days of up to 10 years, months of up to 100 years',
	},
];

/** Days that a chart by this interval may span at most (code 39001). */
const LONGEST: Record<string, number> = { hour: 30, day: 3653, month: 36_525 };

/** Refuses a period that ends before it begins, or is too long for the interval. Throws `InputProblem`. */
export function checkPeriod({ query }: Call): void {
	const at = (value: unknown) => Date.parse(`${String(value).replace(' ', 'T')}+03:00`);
	const [from, to] = [at(query.momentFrom), at(query.momentTo)];
	if (from > to) {
		throw new InputProblem(TO_LABEL, "is before 'Period From'", 'Exchange the two.');
	}
	const days = LONGEST[String(query.interval)];
	if (days !== undefined && to - from > (days + 1) * DAY_MS) {
		throw new InputProblem(
			'Interval',
			`is '${String(query.interval)}', and the period is longer than the ${days} days that MoySklad has charts of it for`,
			'Choose a longer interval, or a shorter period.',
		);
	}
}

export const ASYNC: Field = {
	name: 'asyncExport',
	label: 'Asynchronous Export',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	default: true,
	help: 'Whether MoySklad prepares the whole report as one file: few requests for any number of rows, and no time-out for reports that take long',
};

/** `X-Lognex-Accept-Timezone`: days and hours begin at the clock of the workflow's zone. */
export const ZONE: Field = {
	name: 'ownZone',
	label: "Dates in the Workflow's Time Zone",
	kind: 'toggle',
	section: 'options',
	to: 'control',
	default: true,
	help: "Whether documents count to the days and hours of the workflow's time zone. Off: Moscow time.",
};

/** Adds the zone's header. `Wed, 16 Aug 2017 23:07:01 +0700`, as the docs show it. */
export function addZone(request: ApiRequest, call: Call): void {
	if (!call.control.ownZone) return;
	const now = Date.now();
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone: call.timezone,
		timeZoneName: 'longOffset',
	}).formatToParts(now);
	const [, sign = '+', hours = '0', minutes = '00'] =
		/GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ??
		[];
	const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
	const wall = new Date(now + offset).toUTCString().replace(/ GMT$/, '');
	const zone = `${sign}${hours.padStart(2, '0')}${minutes}`;
	request.headers = { ...request.headers, 'X-Lognex-Accept-Timezone': `${wall} ${zone}` };
}

export const LOOK_UP: Field = {
	name: 'lookUpNames',
	label: 'Look Up Names',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	default: true,
	help: "Whether to add the names, codes and articles of what the report tells by ID alone. Off: fewer requests. It works with 'Output' set to Simplified or Selected Fields.",
};

/** How rows of goods are put together, the first by default. */
export function groupBy(values: Array<'variant' | 'product' | 'consignment'>): Field {
	const choices: Choice[] = [
		{ name: 'Batch', value: 'consignment', description: 'Products, variants and batches' },
		{ name: 'Product', value: 'product', description: 'Products alone' },
		{ name: 'Variant', value: 'variant', description: 'Products and variants' },
	];
	return {
		name: 'groupBy',
		label: 'Group By',
		kind: 'choice',
		section: 'options',
		to: 'query:groupBy',
		default: values[0],
		choices: choices.filter(({ value }) => (values as string[]).includes(value)),
	};
}

const GOODS: Choice[] = [
	{ name: 'Batch', value: 'consignment' },
	{ name: 'Product', value: 'product' },
	{ name: 'Variant', value: 'variant' },
];

/** The one item that a report is about, of these kinds; `to`: the filter's field where it is not the kind itself. */
export function reportedItem(kinds: string[], to?: string): Field[] {
	const target = (kind: string): Field['to'] => `filter:${to ?? kind}`;
	const href =
		(kind: string, label: string) =>
		(value: unknown, { baseUrl }: WireContext) =>
			conditionLink(baseUrl, kind, value, label);
	const only = (kind: string) => ({ required: true, when: { itemType: [kind] } });
	return [
		{
			name: 'itemType',
			label: 'Item Type',
			kind: 'choice',
			to: 'control',
			default: 'product',
			choices: GOODS.filter(({ value }) => kinds.includes(value)),
			help: 'What kind of goods the report is about',
		},
		...['product', 'variant'].map((kind): Field => ({
			name: `${kind}Id`,
			label: kind === 'product' ? 'Product' : 'Variant',
			kind: 'locator',
			to: target(kind),
			locator: entityLocator(kind),
			...only(kind),
			wire: href(kind, kind === 'product' ? 'Product' : 'Variant'),
			help: `The ${kind} that the report is about`,
		})),
		...(kinds.includes('consignment')
			? [
					{
						name: 'batchId',
						label: 'Batch',
						kind: 'text',
						to: target('consignment'),
						...only('consignment'),
						wire: href('consignment', 'Batch'),
						placeholder: 'e.g. 7944ef04-f831-11e5-7a69-971500188b19',
						help: 'ID or link of the batch',
					} satisfies Field,
				]
			: []),
	];
}

/** What a report's filters point to: the tables do not say. */
const POINTS_TO: Record<string, string> = {
	agent: 'counterparty,organization',
	consignment: 'consignment',
	contract: 'contract',
	counterparty: 'counterparty',
	organization: 'organization',
	product: 'product',
	productFolder: 'productfolder',
	project: 'project',
	retailStore: 'retailstore',
	salesChannel: 'saleschannel',
	store: 'store',
	supplier: 'counterparty,organization',
	variant: 'variant',
};
/** Reports of what was sold take all kinds of goods there. */
const SOLD = 'product,variant,service,bundle,consignment';

const LEVELS: Choice[] = [
	{ name: 'Any', value: 'all' },
	{ name: 'Below Minimum', value: 'underMinimum' },
	{ name: 'Negative', value: 'negativeOnly' },
	{ name: 'Not Zero', value: 'nonEmpty' },
	{ name: 'Positive', value: 'positiveOnly' },
	{ name: 'Zero', value: 'empty' },
];

/** The docs name one more than the table holds, which cuts long texts. */
const MORE_TYPES = ['productionstagecompletion'];

const KIND_CHOICES: Choice[] = [
	{ name: 'Individual', value: 'individual' },
	{ name: 'Legal Entity', value: 'legal' },
	{ name: 'Sole Proprietor', value: 'entrepreneur' },
];

/** People's words where the table's label says too little, and what they should know. */
const WORDS: Record<string, Partial<FilterField>> = {
	archived: {
		help: 'Both: one condition with yes and one with no',
	},
	moment: { label: 'Stock at Moment', help: 'Stock as it was at this time' },
	quantityMode: {
		choices: LEVELS,
		help: 'Available is stock less reserve plus in transit. Without this condition, goods of which nothing is available are left out.',
	},
	search: {
		label: 'Name',
		first: true,
		help: 'A part of the names of products, variants and batches',
	},
	stockDaysFrom: { label: 'Days in Stock From' },
	stockMode: { choices: LEVELS },
	withSubFolders: { help: 'Counts only together with the product group; yes without it' },
	withoutturnover: { label: 'Include Items Without Movement' },
	'counterparty.name': { label: 'Name', first: true },
	'counterparty.companyType': { choices: KIND_CHOICES, label: 'Counterparty Type' },
	'counterparty.inn': { label: 'Counterparty INN' },
	'counterparty.email': { label: 'Counterparty E-Mail' },
};

function conditionOf(keyword: string, name: string, field: TypeField): FilterField {
	const entity = keyword === 'profit' && name === 'product' ? SOLD : POINTS_TO[name];
	const ref = field.kind === 'ref' ? { ref: entity.split(',') } : {};
	const made = filterField(name, field.label, { ...field, ...ref });
	const types = ['type', 'entityType'].includes(name);
	return {
		...made,
		...(name === 'search'
			? { operators: made.operators.map((one) => (one === 'equals' ? 'contains' : one)) }
			: {}),
		...(field.orEmpty ? { operators: emptyToo(made.operators) } : {}),
		...(field.unit?.startsWith('kopecks') ? { money: true } : {}),
		...(types
			? {
					label: 'Document Type',
					choices: [...(field.values ?? []), ...(name === 'type' ? MORE_TYPES : [])]
						.map((value) => ({ name: facts[value].one, value }))
						.sort((one, other) => one.name.localeCompare(other.name, 'en')),
				}
			: {}),
		...WORDS[name],
		...(WORDS[name]?.choices ? { kind: 'choice' as const } : {}),
	};
}

function emptyToo(operators: FilterField['operators']): FilterField['operators'] {
	return [
		...operators,
		'isEmpty',
		...(operators.includes('notEquals') ? (['isNotEmpty'] as const) : []),
	];
}

/** Conditions of a report, from the table of its chapter. */
export function conditionsOf(
	keyword: string,
	endpoint: string,
	without: string[] = [],
): FilterField[] {
	const table = facts[keyword].filters?.[endpoint] ?? {};
	const names = Object.keys(table).filter((name) => !without.includes(name));
	return withSearches(names.map((name) => conditionOf(keyword, name, table[name])));
}

/** A time no more than a day ago, as the short reports want it. Throws `InputProblem`. */
export function changedSinceTime(value: unknown, { timezone }: WireContext): string {
	const label = 'Changed Since';
	const written = momentOf(value, timezone, label).slice(0, 19);
	const instant = instantOf(written, 'Europe/Moscow', label);
	const now = Date.now();
	if (instant > now || instant < now - DAY_MS) {
		throw new InputProblem(
			label,
			`is ${instant > now ? 'in the future' : 'more than 24 hours ago'}, which MoySklad refuses`,
			'Give a time of the last 24 hours, or leave it out to get all stock.',
		);
	}
	return written;
}
