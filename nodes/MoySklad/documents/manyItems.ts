/**
 * Documents of more than 1000 items: written with the first thousand, the others are added in further requests.
 * Source: MoySklad docs, Restrictions; reference of the project: moysklad-documents.md §3.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, SendRequest } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { valueAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { facts } from '../facts';
import { MOST_ITEMS } from './positions';

/** Leaves so many items in the body as one request takes; the others wait in the call. Throws `InputProblem`. */
export function splitItems({ body, control }: Call): void {
	const { positions } = body;
	if (!Array.isArray(positions) || positions.length <= MOST_ITEMS) return;
	const rest = (positions as IDataObject[]).slice(MOST_ITEMS);
	if (rest.some(({ id }) => id !== undefined)) {
		throw new InputProblem(
			'Items',
			`are ${positions.length}, with the IDs of rows behind the first ${MOST_ITEMS}`,
			`A document is written with ${MOST_ITEMS} items, the others are added as new rows: leave out their IDs, or change single rows with Item: Update.`,
		);
	}
	body.positions = (positions as IDataObject[]).slice(0, MOST_ITEMS);
	control.restOfItems = rest;
}

/** Adds what the first request could not carry, and reads the whole document. */
export async function addRest(
	rows: IDataObject[],
	{ control, path, headers, operation }: Call,
	send: SendRequest,
): Promise<IDataObject[]> {
	const rest = control.restOfItems as IDataObject[] | undefined;
	const [document] = rows;
	if (!rest || !document) return rows;
	// Items have a resource of their own, with the type in the address.
	const keyword = path.documentType ?? operation.resource;
	const id = String(document.id ?? path.documentId ?? path.id);
	const size = Number(valueAt(document, 'positions.meta.size'));
	const total = MOST_ITEMS + rest.length;
	// The same sync ID gives the document that exists: its items are there already.
	if (size === total) return rows;
	if (size !== MOST_ITEMS) {
		throw new InputProblem(
			'Items',
			`are ${total}, and the document ${shownNumber(document)} has ${size} of them now`,
			'Somebody else may have changed it. Compare its items, and add what is missing with Item: Add.',
		);
	}
	const at = `/entity/${keyword}/${id}/positions`;
	for (let done = 0; done < rest.length; done += MOST_ITEMS) {
		const body = rest.slice(done, done + MOST_ITEMS);
		const told = `The ${facts[keyword].one} ${shownNumber(document)} (ID ${id}) was written with ${MOST_ITEMS + done} of ${total} items: look at them, and add the others with Item: Add.`;
		await send({ method: 'POST', path: at, body, ...(headers ? { headers } : {}) }).catch(
			withHint(told),
		);
	}
	const { body } = await send({ method: 'GET', path: `/entity/${keyword}/${id}` });
	return [body as IDataObject];
}

const shownNumber = ({ name }: IDataObject) => (name === undefined ? '' : `'${String(name)}'`);

/** Tells with a failure what was done before it. */
function withHint(told: string): (error: unknown) => never {
	return (error) => {
		if (!(error instanceof CallFailed)) throw error;
		const { details } = error;
		throw new CallFailed({ ...details, hint: `${details.hint} ${told}` });
	};
}
