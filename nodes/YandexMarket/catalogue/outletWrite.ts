/** Points of sale, listed and written. Reference of the project: yandex-market.md §3.2. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Operation, Replaces } from '../../shared/catalogue';
import type { Tune } from '../../shared/facts/factFields';
import { InputProblem } from '../../shared/errors/problems';
import { listOf } from '../../shared/form/readers';
import { table } from './dialect';
import { idLocator, outlets } from './outlet';

const [get] = outlets;

/** What may be written of an outlet as it is read. */
const WRITTEN = [
	'name',
	'type',
	'coords',
	'isMain',
	'shopOutletCode',
	'visibility',
	'phones',
	'storagePeriod',
];
const ADDRESS = ['regionId', 'street', 'number', 'building', 'estate', 'block', 'additional', 'km'];

function picked(from: IDataObject, names: string[]): IDataObject {
	return Object.fromEntries(
		names
			.map((name) => [name, from[name]])
			.filter(([, value]) => value !== undefined && value !== null),
	) as IDataObject;
}

/** The outlet as it is, in the form of a write. */
function keptOutlet(outlet: IDataObject): IDataObject {
	const address = (outlet.address ?? {}) as IDataObject;
	const region = (outlet.region as IDataObject | undefined)?.id;
	const { workingSchedule, deliveryRules } = outlet;
	return {
		...picked(outlet, WRITTEN),
		address: picked({ regionId: region, ...address }, ADDRESS),
		...(workingSchedule ? { workingSchedule: workingSchedule as IDataObject } : {}),
		...(Array.isArray(deliveryRules) && deliveryRules.length > 0
			? { deliveryRules: (deliveryRules as IDataObject[]).map(ruleOf) }
			: {}),
	};
}

/** A rule as it may be sent back: an unspecified term and numbers of days exclude each other. */
function ruleOf(rule: IDataObject): IDataObject {
	if (rule.unspecifiedDeliveryInterval !== true) return rule;
	return picked(
		rule,
		Object.keys(rule).filter((name) => !/^(min|max)DeliveryDays$/.test(name)),
	);
}

const replaces: Replaces = {
	read: 'GET /v2/campaigns/{campaignId}/outlets/{outletId}',
	at: 'outlet',
	keep: keptOutlet,
	deep: ['address', 'workingSchedule'],
};

const PHONE = /^\+\d+\s*\(\d+\)\s*\d[\d -]*(#\d+)?$/;
const TIME = /^([0-1]\d|2[0-3]):[0-5]\d$/;
/** `longitude, latitude`; the specification allows a comma and/or blanks between them. */
const COORDS = /^\s*(-?\d{1,3}(?:\.\d+)?)(?:\s*,\s*|\s+)(-?\d{1,2}(?:\.\d+)?)\s*$/;
/** Types at which buyers collect orders: they need a rule of delivery. */
const PICK_UP = ['DEPOT', 'MIXED'];

/** Russian numbers, however they are written, in the Market's form; others stay. */
function phoneOf(phone: string): string {
	const [number, extension] = phone.split('#');
	const digits = number.replace(/[\s()-]/g, '');
	const parts = /^(?:\+7|8|7)(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits);
	if (parts) {
		const [, area, one, two, three] = parts;
		return `+7 (${area}) ${one}-${two}-${three}${extension ? `#${extension}` : ''}`;
	}
	if (PHONE.test(phone)) return phone;
	throw new InputProblem(
		'Phones',
		`holds '${phone}'`,
		'Write it as +7 (999) 999-99-99, with #123 for an extension.',
	);
}

/** Longitude and latitude. Throws `InputProblem`. */
function coordsOf(value: unknown): unknown {
	const parts = COORDS.exec(String(value));
	if (parts) return `${parts[1]}, ${parts[2]}`;
	throw new InputProblem(
		'Coordinates',
		`is '${String(value)}'`,
		'Give longitude and latitude, such as 37.6184, 55.7512.',
	);
}

/** Refuses what the Market would, before anything is read or sent. What an outlet has already, the Market took. */
function checkGiven(calls: Call[]): Promise<void> {
	for (const call of calls) {
		try {
			checkFields(call);
		} catch (error) {
			call.problem ??= error as Error;
		}
	}
	return Promise.resolve();
}

/** What is given of an outlet. Throws `InputProblem`. */
function checkFields({ body: outlet, operation }: Call): void {
	if (operation.replaces && Object.keys(outlet).length === 0) {
		throw new InputProblem('Update Fields', 'are empty', 'Add at least one field.');
	}
	const schedule = (outlet.workingSchedule ?? {}) as IDataObject;
	for (const item of (schedule.scheduleItems ?? []) as IDataObject[]) {
		for (const [name, label] of [
			['startTime', 'Start Time'],
			['endTime', 'End Time'],
		]) {
			if (!TIME.test(String(item[name]))) {
				throw new InputProblem(
					label,
					`is '${String(item[name])}'`,
					'Write hours and minutes with two digits each, up to 23:59.',
				);
			}
		}
	}
	const rules = (outlet.deliveryRules ?? []) as IDataObject[];
	if (outlet.type === undefined || PICK_UP.includes(String(outlet.type))) rules.forEach(checkTerm);
	rules.forEach(checkRule);
	if (!operation.replaces) checkRules(outlet);
}

/** Throws `InputProblem` for a pick-up point without a rule. */
function checkRules({ type, deliveryRules }: IDataObject): void {
	const rules = (deliveryRules ?? []) as IDataObject[];
	if (!PICK_UP.includes(String(type)) || rules.length > 0) return;
	throw new InputProblem(
		'Delivery Rules',
		'are missing',
		'A pick-up point needs at least one: add one, with the days within which orders arrive there.',
	);
}

/** The whole outlet, with what it has already. Throws `InputProblem`. */
function checkWhole({ body }: ApiRequest): void {
	checkRules((body ?? {}) as IDataObject);
}

/** A rule of a pick-up point says when orders arrive. Throws `InputProblem`. */
function checkTerm(rule: IDataObject): void {
	if (rule.unspecifiedDeliveryInterval === true) return;
	for (const [name, label] of [
		['minDeliveryDays', 'Min Delivery Days'],
		['maxDeliveryDays', 'Max Delivery Days'],
	]) {
		if (rule[name] !== undefined) continue;
		throw new InputProblem(
			label,
			'is missing',
			"Give both numbers of days, or set 'Unspecified Delivery Interval' to Yes.",
		);
	}
}

/** Hours and minutes as the Market writes them: `09:00`, where a sheet has `9:00`. */
function timeOf(value: unknown): unknown {
	const text = String(value).trim();
	return /^\d:/.test(text) ? `0${text}` : text;
}

/** Terms of delivery: working days, how far apart they may lie. */
function checkRule(rule: IDataObject): void {
	const { minDeliveryDays: min, maxDeliveryDays: max, unspecifiedDeliveryInterval: open } = rule;
	if (open === true) {
		if (min === undefined && max === undefined) return;
		throw new InputProblem(
			'Unspecified Delivery Interval',
			'is on beside a number of days',
			'Keep one of the two.',
		);
	}
	if (min === undefined || max === undefined) return;
	const [from, to] = [Number(min), Number(max)];
	const most = from <= 18 ? from + 4 : from * 2;
	if (to >= from && to <= most) return;
	throw new InputProblem(
		'Max Delivery Days',
		`is ${to}, with at least ${from}`,
		`Give ${from} to ${most}; in the region of the shop itself, the two may differ by 2 at most.`,
	);
}

/** Numbers of days, as long as the form does not say that no term is promised. */
const PROMISED = { unspecifiedDeliveryInterval: ['', 'false'] };

const FIELDS: Record<string, Tune> = {
	campaignId: {
		locator: idLocator('searchShops', 'A campaign ID'),
		help: "The shop's campaign ID. Outlets exist for DBS shops only.",
	},
	name: { help: 'Name of the outlet as buyers see it' },
	type: {
		help: 'What buyers can do there',
		choices: [
			{ name: 'Pick-Up Point', value: 'DEPOT' },
			{ name: 'Sales Floor', value: 'RETAIL' },
			{ name: 'Sales Floor With Pick-Up', value: 'MIXED' },
		],
		default: 'DEPOT',
	},
	visibility: {
		choices: [
			{ name: 'Hidden', value: 'HIDDEN' },
			{ name: 'Visible', value: 'VISIBLE' },
		],
	},
	coords: {
		label: 'Coordinates',
		wire: coordsOf,
		help: 'Longitude and latitude in this order, such as 37.6184, 55.7512; from the address without them',
	},
	phones: {
		help: 'Such as +7 (999) 999-99-99#1234, separated by commas',
		wire: (value) => listOf(value)?.map((phone) => phoneOf(String(phone))),
	},
	shopOutletCode: { label: 'Your Code', help: 'Your own code of the outlet, another one for each' },
	storagePeriod: { help: 'Days that orders are kept' },
	'address.regionId': {
		locator: idLocator('searchTowns', 'A region ID'),
		label: 'Town',
		help: 'Type the beginning of its Russian name to search the list: outlets lie in a town or a district, not in a whole region',
	},
	'address.street': { help: 'Name of the street' },
	'address.number': { label: 'House', help: 'Number of the house' },
	'address.km': { label: 'Kilometre' },
	'workingSchedule.scheduleItems': {
		label: 'Working Hours',
		help: 'A row for each span of days, with times such as 09:00',
		columns: {
			startDay: { default: 'MONDAY' },
			endDay: { default: 'SUNDAY' },
			startTime: { wire: timeOf, placeholder: 'e.g. 09:00' },
			endTime: { wire: timeOf, placeholder: 'e.g. 21:00' },
		},
	},
	deliveryRules: {
		front: ['unspecifiedDeliveryInterval'],
		columns: {
			minDeliveryDays: { when: PROMISED },
			maxDeliveryDays: { when: PROMISED },
			deliveryServiceId: { search: 'searchDeliveryServices', label: 'Delivery Service' },
			orderBefore: { placeholder: 'e.g. 18' },
			priceFreePickup: { label: 'Free Pickup From' },
		},
		help: 'Needed for pick-up points. Days are working days; orders after the hour of Order Before count from the next day.',
	},
};

/** What a pick-up point needs stands at the top of a new one; another outlet has none of it. */
const NEW: Record<string, Tune> = {
	...FIELDS,
	deliveryRules: { ...FIELDS.deliveryRules, when: { type: PICK_UP } },
};

/** Of an update nothing is required: what is not named stays. */
const OPTIONAL: Record<string, Tune> = Object.fromEntries(
	['name', 'type', 'address.regionId', 'phones', 'workingSchedule.scheduleItems'].map((path) => [
		path,
		{ ...FIELDS[path], required: false, section: 'updateFields' as const },
	]),
);

const DBS = 'DBS shops only.';

export const outletWrites: Operation[] = table('outlet', [
	[
		'getAll',
		'getOutlets',
		'Get Many',
		'Get many outlets of shop',
		'List the points of sale of a shop',
		{
			at: 'outlets',
			tune: {
				campaignId: FIELDS.campaignId,
				region_id: {
					search: 'searchRegions',
					label: 'Region',
					help: 'Only outlets in this region and those inside it',
				},
				shop_outlet_code: { label: 'Your Code' },
			},
			simplify: get.simplify,
			output: get.output,
			notes: DBS,
		},
	],
	[
		'create',
		'createOutlet',
		'Create',
		'Create outlet of shop',
		'Create a point of sale',
		{
			tune: NEW,
			top: [
				...['campaignId', 'name', 'type', 'address.regionId', 'address.street', 'address.number'],
				...['phones', 'workingSchedule.scheduleItems', 'deliveryRules'],
			],
			prepare: checkGiven,
			idempotent: false,
			at: 'result',
			notes: DBS,
		},
	],
	[
		'update',
		'updateOutlet',
		'Update',
		'Update outlet of shop',
		'Change a point of sale',
		{
			tune: { ...FIELDS, ...OPTIONAL },
			section: 'updateFields',
			prepare: checkGiven,
			shape: checkWhole,
			replaces,
			answer: { kind: 'done' },
			notes: `${DBS} The call replaces the whole outlet: what you do not name is read and sent along.`,
		},
	],
	[
		'delete',
		'deleteOutlet',
		'Delete',
		'Delete outlet of shop',
		'Delete a point of sale. This cannot be undone',
		{ tune: { campaignId: FIELDS.campaignId }, notes: DBS },
	],
]);
