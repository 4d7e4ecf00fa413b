/** Ids that make a create safe to repeat. Source: MoySklad docs, `syncId`; reference of the project §2.6. */
import { createHash, randomUUID } from 'crypto';

/**
 * A UUID (v5-like, from SHA-256) that is the same for the same turn, so that trying again finds the object
 * which the first try has made. Random when n8n does not tell the turn.
 */
export function syncIdOf(turn: string | undefined): string {
	if (turn === undefined) return randomUUID();
	const bytes = createHash('sha256').update(`moysklad syncId ${turn}`).digest().subarray(0, 16);
	bytes[6] = (bytes[6] & 0x0f) | 0x50;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	const hex = bytes.toString('hex');
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20),
	].join('-');
}
