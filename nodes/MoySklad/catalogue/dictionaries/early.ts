/**
 * What people decide about the dictionaries of the first release; everything else is a fact. Their labels, and the
 * order in which their fields stand, are those that users know. Reference of the project §1.
 */
import { priceAndBarcode } from '../../simplify';
import { choice, toggle } from '../../writeFields';
import { EQUAL } from '../dictionary';
import type { TypeDecisions } from '../fromFacts';
import {
	checkBonusTransaction,
	checkBonusProgram,
	checkBundle,
	checkCurrency,
	checkTask,
	components,
	componentRows,
	freshBundle,
	unitForms,
} from './earlyRules';
import {
	barcodes,
	GOODS_REPLACED,
	goodsRows,
	price,
	salePrice,
	salePrices,
	TRACKING_TYPES,
} from './goods';
import { DOCS, tags, TAX_SYSTEMS } from './shared';

const named = (text: string) => text.split(' ');

/** What all of them say alike. */
const LABELS: Record<string, string> = {
	archived: 'Is Archived',
	created: 'Created',
	description: 'Description',
	group: 'Department',
	owner: 'Owner (Employee)',
	pathName: 'Folder Path',
	shared: 'Is Shared',
	updated: 'Updated',
};

const HELP: Record<string, string> = {
	updated: 'When the object was changed last',
	updatedBy: 'Login of the employee, such as admin@company',
};

/** Lists can be asked for it, though the tables do not say so (MoySklad docs, Filtering by updatedBy). */
const UPDATED_BY = {
	name: 'updatedBy',
	label: 'Updated By',
	kind: 'text' as const,
	operators: EQUAL,
	help: HELP.updatedBy,
};

const FROM_0 = { min: 0 };
const PERCENT = { min: 0, max: 100 };

type Own = Omit<TypeDecisions, 'early'>;

const bonusProgram: Own = {
	keyword: 'bonusprogram',
	resource: 'bonusProgram',
	about: 'How points are earned and spent',
	docs: `${DOCS}-bonusnaq-programma`,
	front: named(
		'name active allAgents earnRateRoublesToPoint spendRatePointsToRouble maxPaidRatePercents agentTags earnWhileRedeeming welcomeBonusesEnabled welcomeBonusesMode welcomeBonusesValue',
	),
	rare: named('postponedBonusesDelayDays allProducts'),
	labels: {
		active: 'Is Active',
		allAgents: 'For All Counterparties',
		allProducts: 'For All Products',
		earnRateRoublesToPoint: 'Earning: Roubles per Point',
		earnWhileRedeeming: 'Earn While Spending',
		maxPaidRatePercents: 'Payable With Points at Most, %',
		postponedBonusesDelayDays: 'Points Are Credited After, Days',
		spendRatePointsToRouble: 'Spending: Points per Rouble',
		welcomeBonusesEnabled: 'Welcome Points',
		welcomeBonusesMode: 'Welcome Points: When',
		welcomeBonusesValue: 'Welcome Points: How Many',
	},
	limits: {
		earnRateRoublesToPoint: FROM_0,
		maxPaidRatePercents: PERCENT,
		postponedBonusesDelayDays: FROM_0,
		spendRatePointsToRouble: FROM_0,
		welcomeBonusesValue: FROM_0,
	},
	own: [
		tags('agentTags', 'Groups of Counterparties'),
		// Required by the tables, and filled in: MoySklad has no programs for some products.
		toggle('allProducts', 'For All Products', { required: undefined, rare: true }),
	],
	optional: ['allProducts'],
	defaults: { allProducts: true },
	simple: named(
		'id name active allAgents earnRateRoublesToPoint spendRatePointsToRouble maxPaidRatePercents welcomeBonusesEnabled welcomeBonusesMode welcomeBonusesValue',
	),
	single: true,
	check: checkBonusProgram,
	lookFor: 'bonus programs with the same name',
	writeNotes: 'One request per item: MoySklad takes no lists here, but for deleting.',
};

const bonusTransaction: Own = {
	keyword: 'bonustransaction',
	resource: 'bonusTransaction',
	one: 'bonus transaction',
	many: 'bonus transactions',
	about: 'Points that counterparties have earned and spent',
	search: 'searchBonusTransactions',
	docs: `${DOCS}-bonusnaq-operaciq`,
	front: named(
		'agent bonusProgram transactionType bonusValue moment name externalCode code description organization applicable',
	),
	rare: named('executionDate parentDocument owner group shared'),
	match: named('externalCode name code'),
	labels: {
		applicable: 'Is Posted',
		executionDate: 'Execution Date',
		name: 'Number',
		organization: 'Organization',
		parentDocument: 'Linked Document',
		transactionType: 'Type',
	},
	// Points are those of counterparties.
	refs: { agent: ['counterparty'] },
	fixed: ['transactionType'],
	without: ['updatedBy'],
	empty: named('bonusProgram bonusValue organization'),
	columns: { agent: 'agentId', bonusProgram: 'bonusProgramId' },
	simple: named(
		'id name transactionType bonusValue transactionStatus moment agent bonusProgram applicable externalCode',
	),
	check: checkBonusTransaction,
	lookFor: 'bonus transactions with the same counterparty, points and date',
	writeNotes:
		'The type is fixed at creation. An execution date in the future needs the paid option for bonus programs.',
};

const bundle: Own = {
	keyword: 'bundle',
	about: 'Sets of goods that are sold as one',
	docs: `${DOCS}-komplekt`,
	front: named(
		'name components externalCode code article description productFolder salePrice salePrices minPrice barcodes uom weight volume',
	),
	rare: named(
		'overhead country vat vatEnabled useParentVat taxSystem paymentItemType trackingType partialDisposal tnved discountProhibited images files archived syncId owner group shared',
	),
	match: named('externalCode name code article'),
	labels: {
		article: 'Article (SKU)',
		discountProhibited: 'Discounts Prohibited',
		productFolder: 'Product Folder',
		useParentVat: "Use Product Folder's VAT",
		vat: 'VAT, %',
		vatEnabled: 'VAT Enabled',
	},
	own: [
		components,
		salePrice,
		salePrices,
		price('minPrice', 'Minimum Price'),
		price('overhead', 'Overhead', { rare: true }),
		barcodes,
		// The docs of a bundle have these; the specification's enumeration is that of all goods.
		choice('paymentItemType', 'Payment Item Type', [
			{ name: 'Another Payment Item', value: 'ANOTHER_PAYMENT_ITEM' },
			{ name: 'Compound Payment Item', value: 'COMPOUND_PAYMENT_ITEM' },
			{ name: 'Excisable Good', value: 'EXCISABLE_GOOD' },
			{ name: 'Good', value: 'GOOD' },
		]),
		choice('taxSystem', 'Tax System', TAX_SYSTEMS),
		choice('trackingType', 'Tracking Type', TRACKING_TYPES),
	],
	rows: [componentRows, ...goodsRows],
	replaces: GOODS_REPLACED,
	// Of accounts in Uzbekistan; JSON in place of fields takes them.
	without: named('mod__marking__uz mod__tasnif__uz'),
	limits: { vat: FROM_0, volume: FROM_0, weight: FROM_0 },
	writable: ['syncId'],
	compares: [UPDATED_BY],
	empty: named('volume weight'),
	extraFields: [
		{
			name: 'Permanent Links of Images',
			value: 'downloadPermanentHref',
			description: "On paid tariffs; needs 'Images' in 'Expand'",
		},
	],
	derive: priceAndBarcode,
	derived: { salePrice: 'number', barcode: 'string' },
	prices: true,
	simple: named(
		'id name code article barcode externalCode pathName productFolder salePrice updated',
	),
	savedFilters: true,
	amounts: ['salePrice'],
	fresh: freshBundle,
	check: checkBundle,
	lookFor: 'bundles with the same name and components',
	writeNotes:
		'1 to 50 components, none of them a bundle, a batch, alcohol or a product with serial numbers; they and the overhead are fixed once the bundle is used in a document. Components and sale prices that are given are added or changed, those that are not given stay (Bundle Component: Delete takes one out); barcodes are replaced.',
	notes: 'Prices are in kopecks unless the option Money says roubles.',
};

const contract: Own = {
	keyword: 'contract',
	about: 'Contracts with counterparties',
	docs: `${DOCS}-dogowor`,
	front: named('ownAgent agent name moment externalCode code description contractType sum state'),
	rare: named(
		'rewardType rewardPercent organizationAccount agentAccount rate archived owner group shared',
	),
	match: named('externalCode name code'),
	labels: {
		agentAccount: "Counterparty's Account",
		organizationAccount: "Organization's Account",
		ownAgent: 'Organization',
		rewardPercent: 'Reward, %',
		sum: 'Sum',
	},
	limits: { rewardPercent: PERCENT, sum: FROM_0 },
	compares: [UPDATED_BY],
	empty: ['state'],
	expands: [{ name: 'Currency', value: 'rate.currency' }],
	simple: named('id name code externalCode moment contractType sum agent ownAgent state'),
	savedFilters: true,
	whole: { sum: 'Sum' },
	lookFor: 'contracts with the same number, counterparty and date',
	writeNotes:
		'A new organization or counterparty needs its account given as well. The counterparty may be an organization; an ID alone is looked for in both lists.',
};

const currency: Own = {
	keyword: 'currency',
	about: 'Currencies and their rates',
	docs: `${DOCS}-valuta`,
	front: named('name code isoCode system fullName rate multiplicity'),
	rare: named('indirect rateUpdateType margin majorUnit minorUnit archived'),
	match: named('code name'),
	labels: {
		code: 'Digital Code',
		default: 'Is Accounting Currency',
		fullname: 'Full Name',
		indirect: 'Is Inverse Rate',
		margin: 'Markup on Automatic Rate',
		name: 'Short Name',
		system: "From MoySklad's List",
	},
	limits: {
		multiplicity: { min: 1 },
		rate: { refuse: (value) => (value === 0 ? 'A rate cannot be 0.' : undefined) },
	},
	own: [
		choice('rateUpdateType', 'Rate Update', [
			{ name: 'Automatic', value: 'auto' },
			{ name: 'Manual', value: 'manual' },
		]),
		unitForms('majorUnit', 'Major Unit'),
		unitForms('minorUnit', 'Minor Unit'),
	],
	// A copy of a currency in MoySklad's list needs one of the codes alone: `checkCurrency`.
	optional: named('name code isoCode'),
	// A currency is made from that list by `system`, and how the rate is updated can be changed (docs: Currency).
	writable: named('rateUpdateType system'),
	fixed: ['system'],
	simple: named('id name fullName code isoCode rate multiplicity default archived rateUpdateType'),
	check: checkCurrency,
	lookFor: 'currencies with the same codes',
	writeNotes:
		"Needs a short name, digital code and ISO code, or 'From MoySklad's List' with one of the codes. Names and codes of listed currencies and the rate of the accounting currency cannot be changed.",
};

const productFolder: Own = {
	keyword: 'productfolder',
	resource: 'productFolder',
	one: 'product folder',
	many: 'product folders',
	about: 'Groups of goods',
	docs: `${DOCS}-gruppa-towarow`,
	front: named('name productFolder externalCode code description'),
	rare: named('vat vatEnabled useParentVat taxSystem owner group shared'),
	match: named('externalCode name code'),
	labels: {
		productFolder: 'Parent Folder',
		useParentVat: "Use Parent Folder's VAT",
		vat: 'VAT, %',
		vatEnabled: 'VAT Enabled',
	},
	limits: { vat: FROM_0 },
	own: [choice('taxSystem', 'Tax System', TAX_SYSTEMS)],
	compares: [UPDATED_BY],
	columns: { productFolder: 'parentId' },
	simple: named(
		'id name pathName productFolder code externalCode description archived effectiveVat updated',
	),
	lookFor: 'product folders with the same name and parent',
	writeNotes:
		'A parent of null moves the folder to the top. All names of a path have 255 characters together.',
	notes:
		'pathName holds the names of the folders above, joined by slashes; parentId is absent at the top.',
};

const task: Own = {
	keyword: 'task',
	about: 'Tasks of employees',
	search: 'searchTasks',
	docs: `${DOCS}-zadacha`,
	front: named('description assignee dueToDate done agent operation state'),
	rare: ['files'],
	labels: {
		agent: 'Counterparty',
		assignee: 'Assignee (Employee)',
		author: 'Author (Employee)',
		authorApplication: 'Author Application',
		done: 'Is Done',
		implementer: 'Implementer',
		operation: 'Document',
	},
	help: { operation: 'By its API link, or its link in the web app' },
	expands: [{ name: 'Notes', value: 'notes', description: 'The first 100 of each task' }],
	// Nothing tells tasks apart but their IDs, by which Create or Update goes.
	keyless: false,
	// They have operations of their own.
	without: ['notes'],
	compares: [{ name: 'state.name', label: 'Task Type', kind: 'text', operators: EQUAL }],
	empty: named('agent dueToDate operation'),
	simple: named('id description done dueToDate created assignee author agent operation state'),
	savedFilters: true,
	check: checkTask,
	lookFor: 'tasks with the same text and assignee',
	writeNotes:
		'Needs the CRM option of the tariff. Only the author and administrators change and delete a task; closing one needs a right.',
	notes:
		'Employees see all tasks, or those that they wrote or are assigned to, as their rights say.',
};

const unitOfMeasure: Own = {
	keyword: 'uom',
	resource: 'unitOfMeasure',
	about: 'Pieces, kilograms and others',
	docs: `${DOCS}-edinica-izmereniq`,
	front: named('name externalCode code description'),
	rare: named('owner group shared'),
	match: named('externalCode name code'),
	simple: named('id name description code externalCode shared owner group updated'),
	lookFor: 'units of measure with the same name',
	writeNotes: 'Built-in units cannot be changed or deleted.',
};

/** In the order of their names. */
export const early: TypeDecisions[] = [
	bonusProgram,
	bonusTransaction,
	bundle,
	contract,
	currency,
	productFolder,
	task,
	unitOfMeasure,
].map((own) => ({
	...own,
	early: true,
	labels: { ...LABELS, ...own.labels },
	help: { ...HELP, ...own.help },
}));
