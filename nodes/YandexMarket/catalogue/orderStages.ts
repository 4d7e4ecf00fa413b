/**
 * Which stage or reason goes with which status of an order that a seller sets. Specification of OrderSubstatusType; reference
 * of the project: yandex-market-jobs.md §4.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Choice, Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { NOT_CHOSEN } from '../../shared/facts/factFields';
import { shown } from '../../shared/form/readers';

/** The stage of a status that has no other: the documents do not say that it may be left out. */
const ONLY_STAGE: Record<string, string> = {
	DELIVERED: 'DELIVERY_SERVICE_DELIVERED',
	DELIVERY: 'DELIVERY_SERVICE_RECEIVED',
	PICKUP: 'PICKUP_SERVICE_RECEIVED',
};

/** Statuses with which the day of delivery may go (specification of OrderStatusChangeDeliveryDatesDTO). */
export const DELIVERED_BY_SHOP = ['DELIVERED', 'PICKUP'];

/** Stages of In Processing. */
export const STAGES: Choice[] = [
	{ name: 'Ready to Ship', value: 'READY_TO_SHIP' },
	{ name: 'Started', value: 'STARTED' },
];

/** Reasons for which a seller may cancel. */
const REASONS: Choice[] = [
	{ name: 'Buyer Changed Their Mind', value: 'USER_CHANGED_MIND' },
	{ name: 'Buyer Refused the Delivery', value: 'USER_REFUSED_DELIVERY' },
	{ name: 'Buyer Refused the Product', value: 'USER_REFUSED_PRODUCT' },
	{ name: 'Buyer Refused the Quality', value: 'USER_REFUSED_QUALITY' },
	{ name: 'Buyer Was Not Reached', value: 'USER_UNREACHABLE' },
	{ ...NOT_CHOSEN, value: '' },
	{ name: 'Not Picked Up in Time', value: 'PICKUP_EXPIRED' },
	{ name: 'Order Is Being Replaced', value: 'REPLACING_ORDER' },
	{ name: 'Shop Cannot Fulfil It', value: 'SHOP_FAILED' },
];

const NO_REASON = [...STAGES.map(({ value }) => value), ...Object.values(ONLY_STAGE)];

/**
 * One of the Market's codes: `choices`, or another one, since its lists grow. Throws `InputProblem` for what cannot be one,
 * such as the words of the cabinet: one of them would have the whole request refused.
 */
export function codeOf(label: string, choices: Choice[], value: unknown): string {
	const code = String(value);
	if (/^[A-Z\d_]+$/.test(code)) return code;
	const known = choices.filter((choice) => choice.value !== '');
	const names = known.map((choice) => `${choice.name} (${choice.value})`);
	throw new InputProblem(label, `is '${shown(code)}'`, `Give one of: ${names.join(', ')}.`);
}

/** A reason of a cancellation: the list of the Market is open, but what is a stage of another status is none. */
function reasonOf(value: unknown): unknown {
	if (!NO_REASON.includes(String(value))) return codeOf('Reason', REASONS, value);
	throw new InputProblem(
		'Reason',
		`is '${String(value)}', which is no reason of a cancellation`,
		"Choose a reason from the list. In FBS and Express orders, it is 'Shop Cannot Fulfil It'.",
	);
}

/** What goes with the status: each of the two is shown, and sent, with its own status only. */
export const stageFields: Field[] = [
	{
		name: 'substatus',
		label: 'Stage',
		kind: 'choice',
		choices: STAGES,
		default: 'READY_TO_SHIP',
		required: true,
		when: { status: ['PROCESSING'] },
		to: 'body:order.substatus',
		help: 'Ready to Ship for packed FBS and Express orders. Started confirms the draft of an order that the Market delivers for you (LaaS).',
	},
	{
		name: 'reason',
		label: 'Reason',
		kind: 'choice',
		choices: REASONS,
		open: true,
		default: '',
		// n8n would not run a node whose status is an expression without it: whether one is missing, the item tells.
		when: { status: ['CANCELLED'] },
		to: 'body:order.substatus',
		help: 'Must be chosen. FBS, Express and LaaS orders take Shop Cannot Fulfil It only; the others are for DBS. A cancellation cannot be undone.',
		wire: reasonOf,
	},
];

/**
 * Fills in the stage of statuses that have one only; refuses a cancellation without its reason, and a day of delivery
 * where nothing was delivered.
 */
export function fillStages(calls: Call[]): Promise<void> {
	for (const call of calls) {
		const order = call.body.order as IDataObject;
		const status = String(order.status);
		if (status in ONLY_STAGE) order.substatus = ONLY_STAGE[status];
		if (status === 'CANCELLED' && order.substatus === undefined) {
			call.problem = new InputProblem(
				'Reason',
				'is empty',
				'Choose why the order is cancelled (or check the expression that fills it).',
			);
		}
		if (order.delivery !== undefined && !DELIVERED_BY_SHOP.includes(status)) {
			call.problem = new InputProblem(
				'Real Delivery Date',
				`is given, and the status is ${status}`,
				'It goes with Delivered and Ready for Pickup only. Remove it from the options.',
			);
		}
	}
	return Promise.resolve();
}
