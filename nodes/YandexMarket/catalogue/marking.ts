/**
 * Boxes whose marking codes the Market checks: set, and waited for. Reference of the project: yandex-market-jobs.md §1
 * (job 8), §6; specification of CisStatusType and UinStatusType.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Output, Work } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { exactId } from '../../shared/road/exact';
import { RowsMissing, valueAt } from '../../shared/road/paging';
import { lookUntil, type Pace } from '../../shared/run/job';
import { routePath, requestOf } from '../../shared/run/request';

const STATUS = 'POST /v2/campaigns/{campaignId}/orders/{orderId}/identifiers/status';
const PACE: Pace = { firstMs: 2000, longestMs: 15_000 };
const MINUTES = 10;
/** Codes that an error names. */
const SHOWN = 5;

const waitUntilChecked: Field = {
	name: 'waitUntilChecked',
	label: 'Wait Until Checked',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	help: 'Whether to wait until the Market has checked the marking codes: until then, it refuses Ready to Ship. A code that may not be sold is an error. FBS and Express only.',
};

const waitMinutes: Field = {
	name: 'waitMinutes',
	label: 'Wait at Most (Minutes)',
	kind: 'number',
	default: MINUTES,
	min: 1,
	max: 1440,
	section: 'options',
	to: 'control',
	help: 'How long to wait for the check of the marking codes. It fails after that.',
};

export const waiting: Field[] = [waitUntilChecked, waitMinutes];

/** A code, and how its check stands. */
interface Code {
	item: unknown;
	value: string;
	status: string;
	substatus?: string;
}

/** All codes of an order that the Market checks. */
function codesIn(body: unknown): Code[] {
	const items = (valueAt(body, 'result.items') ?? []) as IDataObject[];
	return items.flatMap(({ id, cis, uin }) =>
		[cis, uin].flatMap((list) =>
			((Array.isArray(list) ? list : []) as IDataObject[]).map((code) => ({
				item: id,
				...(code as unknown as Omit<Code, 'item'>),
			})),
		),
	);
}

const BAD = ['FAILED', 'INVALID'];

function told(codes: Code[]): string {
	const list = codes
		.slice(0, SHOWN)
		.map(({ item, value, status, substatus }) =>
			[`${value} of item ${String(item)}:`, status, substatus].filter(Boolean).join(' '),
		);
	return list.join('; ') + (codes.length > SHOWN ? ` and ${codes.length - SHOWN} more` : '');
}

function failure(say: string, hint: string, codes: Code[]): CallFailed {
	const [{ status }] = codes;
	return new CallFailed({
		say: `Yandex Market: ${say}`,
		hint: `The boxes are set. ${hint}`,
		request: STATUS,
		problem: { code: status, text: told(codes) },
	});
}

/** Looks until no code is under way. Throws `CallFailed` for codes that cannot be sold, and when it takes too long. */
async function untilChecked(call: Call, work: Work): Promise<Code[]> {
	let codes: Code[] = [];
	const isEnd = async (): Promise<boolean> => {
		const { body } = await work.send({
			method: 'POST',
			path: routePath(STATUS, call),
			of: 'order.getMarkingStatus',
			idempotent: true,
		});
		codes = codesIn(body);
		const bad = codes.filter(({ status }) => BAD.includes(status));
		if (bad.length > 0) {
			throw failure(
				'marking codes were not accepted',
				'INVALID: this unit may not be sold, set the boxes again with another code. FAILED: the check did not work, try again later.',
				bad,
			);
		}
		return codes.every(({ status }) => status === 'OK');
	};
	const minutes = typeof call.control.waitMinutes === 'number' ? call.control.waitMinutes : MINUTES;
	if (await lookUntil(isEnd, PACE, minutes * 60_000, work)) return codes;
	throw failure(
		`marking codes were not checked after ${minutes} min`,
		"See 'Get Marking Status' later, or wait longer: until all codes are OK, Ready to Ship is refused.",
		codes.filter(({ status }) => status !== 'OK'),
	);
}

/** True when some box holds a code that is checked. */
function hasCodes({ body }: Call): boolean {
	return ((body.boxes ?? []) as IDataObject[])
		.flatMap(({ items }) => (items ?? []) as IDataObject[])
		.flatMap(({ instances }) => (instances ?? []) as IDataObject[])
		.some(({ cis, uin }) => cis !== undefined || uin !== undefined);
}

/** Sets the boxes of an order; with the option, the codes in them are checked when the item comes out. */
export async function setBoxes(call: Call, work: Work): Promise<Output[]> {
	const { body } = await work.send(requestOf(work.vendor, call));
	const result = valueAt(body, 'result') as IDataObject | undefined;
	if (typeof result !== 'object' || result === null) throw new RowsMissing('result');
	const waits = call.control.waitUntilChecked === true && hasCodes(call);
	const codes = waits ? await untilChecked(call, work) : undefined;
	const { orderId, campaignId } = call.path;
	// What the next step, such as the labels, asks for.
	const order = { orderId: exactId(orderId), campaignId: exactId(campaignId) };
	return [{ json: { ...order, ...result, ...(codes ? { codesChecked: codes.length } : {}) } }];
}
