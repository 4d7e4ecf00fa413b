/** The webhook settings of a location, read and written as a whole. Reference of the project: altegio-api.md §3.1. */
import type { IDataObject } from 'n8n-workflow';

import type { Work } from '../shared/catalogue';

type Sender = Pick<Work, 'send'>;

const settingsPath = (locationId: string) => `/hooks_settings/${encodeURIComponent(locationId)}`;

/** The settings of a location. */
export async function readHooks({ send }: Sender, locationId: string): Promise<IDataObject> {
	const answer = await send({ method: 'GET', path: settingsPath(locationId) });
	return ((answer.body as IDataObject).data ?? {}) as IDataObject;
}

/** Replaces the settings of a location, those of other applications too. */
export async function writeHooks(
	{ send }: Sender,
	locationId: string,
	body: IDataObject,
): Promise<void> {
	const request = { method: 'POST' as const, path: settingsPath(locationId), body };
	// Twice is once.
	await send({ ...request, idempotent: true, expects: 'nothing' });
}
