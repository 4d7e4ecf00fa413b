/**
 * What a call brings, looked at before anything is done with it. Everybody who learns the address can send anything: a
 * vendor's reader takes only known fields of the right type and of a sensible length out of a body.
 */
import { createHash } from 'crypto';

/** True for what was left out. */
export function isAbsent(value: unknown): value is undefined | null {
	return value === undefined || value === null;
}

/** True for a text that is not empty and has no more than so many characters. */
export function isText(value: unknown, longest: number): value is string {
	return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

/** True for a list of no more than so many such texts. */
export function isTexts(
	value: unknown,
	{ most, longest }: { most: number; longest: number },
): value is string[] {
	return Array.isArray(value) && value.length <= most && value.every((one) => isText(one, longest));
}

/** 32 characters that are the same for the same content, and others for any other. */
export function digest(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 32);
}
