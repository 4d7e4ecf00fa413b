/** Old and new values of changed fields. Source: MoySklad docs, Audit; reference of the project §3.4. */
import type { IDataObject } from 'n8n-workflow';

import { isNotFound } from '../../shared/errors/errors';
import { pages } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { rowsStyle } from '../lists';
import { idOf } from '../simplify';

/** The audit's pages hold 100 at most (MoySklad docs: Audit). */
const PAGE = 100;

/** Field → its value before and after; null where there was none. */
export type Changes = Record<string, { old: unknown; new: unknown }>;

/**
 * What one context of the audit has changed, by ID of the object; undefined when MoySklad does not have the
 * context. Creations change nothing. Throws what the road throws (38000, the table's `AUDIT_CODE`, to
 * everybody but administrators).
 */
export async function fetchChanges(
	road: Road,
	auditId: string,
): Promise<Map<string, Changes> | undefined> {
	const request = { method: 'GET' as const, path: `/audit/${auditId}/events` };
	const rule = { style: rowsStyle, pageSize: () => PAGE };
	const changes = new Map<string, Changes>();
	try {
		for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
			for (const row of rows) {
				const id = idOf(row.entity)?.toLowerCase();
				if (id === undefined) continue;
				changes.set(id, { ...changes.get(id), ...changesOf(row.diff) });
			}
		}
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error as Error;
	}
	return changes;
}

function changesOf(diff: unknown): Changes {
	const changes: Changes = {};
	if (typeof diff !== 'object' || diff === null) return changes;
	for (const [field, value] of Object.entries(diff)) {
		const isPair =
			typeof value === 'object' && value !== null && ('oldValue' in value || 'newValue' in value);
		const pair: IDataObject = isPair ? (value as IDataObject) : { newValue: value as string };
		changes[field] = { old: pair.oldValue ?? null, new: pair.newValue ?? null };
	}
	return changes;
}
