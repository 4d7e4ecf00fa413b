/**
 * Writes that replace the whole object: what the user did not name is read and sent along. The object is read before
 * anything is written, so that one that does not exist is found in time, and once more just before it is replaced,
 * so that what others have changed meanwhile stays.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Replaces, Work } from '../catalogue';
import { RowsMissing, valueAt } from '../road/paging';
import { checkEach } from './checks';
import { routeMethod, routePath } from './request';

/** So often an object is read that others change at this moment. */
const READS = 3;

/** The object as it is now. Throws what `send` throws. */
async function readCurrent(
	rule: Replaces,
	call: Call,
	work: Pick<Work, 'send'>,
): Promise<IDataObject> {
	const { body } = await work.send({
		method: routeMethod(rule.read),
		path: routePath(rule.read, call),
	});
	const found = valueAt(body, rule.at);
	if (typeof found !== 'object' || found === null) throw new RowsMissing(rule.at ?? '');
	return found as IDataObject;
}

/** False when the user wants just the named fields to be sent. */
export function isWhole({ control }: Call): boolean {
	return control.sendAsGiven !== true;
}

/** Reads all objects that calls will replace; sets `problem` on the calls of those that cannot be read. */
export async function lookAt(rule: Replaces, calls: Call[], work: Work): Promise<void> {
	await checkEach(calls.filter(isWhole), async (call) => {
		call.current = await readCurrent(rule, call, work);
		// What cannot be sent along is told before anything is written.
		rule.keep(call.current, call);
	});
}

/** The body that changes what the user named and leaves everything else as it is. */
export async function wholeBody(
	rule: Replaces,
	call: Call,
	work: Pick<Work, 'send'>,
): Promise<IDataObject> {
	const version = (row: IDataObject) => (rule.version ? row[rule.version] : JSON.stringify(row));
	let current = call.current ?? (await readCurrent(rule, call, work));
	for (let reads = 1; reads <= READS; reads++) {
		const now = await readCurrent(rule, call, work);
		const isSame = version(now) === version(current);
		current = now;
		if (isSame) break;
	}
	const kept = rule.keep(current, call);
	const body = rule.join?.(kept, call) ?? { ...kept, ...call.body };
	for (const name of rule.deep ?? []) {
		const both = { ...(kept[name] as IDataObject), ...(call.body[name] as IDataObject) };
		if (Object.keys(both).length > 0) body[name] = both;
	}
	return body;
}
