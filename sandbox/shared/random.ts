/**
 * Deterministic pseudo-random numbers with random access: a value depends on its seed and position
 * alone, so that row 90,000 can be made without making the rows before it.
 */

/** Avalanches three integers into one unsigned 32-bit integer. */
export function mix(a: number, b: number, c = 0): number {
	let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
	h ^= Math.imul(c + 0x165667b1, 0x27d4eb2f);
	h ^= h >>> 16;
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

/** Hashes a text to an unsigned 32-bit integer (FNV-1a). */
export function hashText(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}

/** Picks an element of `list` by an unsigned number. */
export function pick<T>(list: readonly T[], number: number): T {
	return list[number % list.length];
}

const BYTES = Array.from({ length: 256 }, (_unused, byte) => byte.toString(16).padStart(2, '0'));

function hex8(value: number): string {
	return (
		BYTES[value >>> 24] +
		BYTES[(value >>> 16) & 255] +
		BYTES[(value >>> 8) & 255] +
		BYTES[value & 255]
	);
}

function hex4(value: number): string {
	return hex8(value).slice(4);
}

function inverseOfOdd(value: number): number {
	// Newton's iteration doubles the number of correct low bits: 5 steps suffice for 32 bits.
	let inverse = value;
	for (let i = 0; i < 5; i++) inverse = Math.imul(inverse, 2 - Math.imul(value, inverse));
	return inverse;
}

/** The general form of a UUID, any version. */
export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * UUIDs of one kind of object. They look random, yet the index can be computed back from the UUID,
 * so that looking an object up needs no index of 100,000 strings.
 */
export class IdSpace {
	private readonly multiplier: number;
	private readonly inverse: number;
	private readonly mask: number;
	private readonly suffix: string;

	constructor(seed: number, kind: string) {
		const h = mix(seed, hashText(kind));
		this.multiplier = (mix(h, 1) | 1) >>> 0;
		this.inverse = inverseOfOdd(this.multiplier);
		this.mask = mix(h, 2);
		this.suffix = `-${hex4(mix(h, 3))}-11ef-0a80-${hex4(mix(h, 4))}${hex8(mix(h, 5))}`;
	}

	/** UUID of the object at `index` (0 … 2^32-1). */
	uuid(index: number): string {
		return hex8(Math.imul(index, this.multiplier) ^ this.mask) + this.suffix;
	}

	/** Index of a UUID of this kind, or `undefined` when the UUID is of another kind. */
	index(uuid: string): number | undefined {
		const text = uuid.toLowerCase();
		if (text.length !== 36 || !text.endsWith(this.suffix)) return undefined;
		const value = Number.parseInt(text.slice(0, 8), 16);
		return Math.imul(value ^ this.mask, this.inverse) >>> 0;
	}
}
