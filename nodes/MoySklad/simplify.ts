/** Flat rows for people: at most ten fields, references as IDs. */
import type { IDataObject } from 'n8n-workflow';

/** The ID at the end of a reference (`{meta:{href}}`), or undefined. */
export function idOf(reference: unknown): string | undefined {
	const href = (reference as { meta?: { href?: string } } | undefined)?.meta?.href;
	return href?.split('?')[0].split('/').pop();
}

/** The given fields in order, those that the row has. */
export function pick(row: IDataObject, names: string[]): IDataObject {
	const picked: IDataObject = {};
	for (const name of names) if (row[name] !== undefined) picked[name] = row[name];
	return picked;
}
