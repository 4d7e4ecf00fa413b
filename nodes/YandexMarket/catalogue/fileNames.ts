/**
 * Names of files by what they are of: the Market tells none, and ten labels called `file.pdf` cannot be told apart.
 */
import type { Call, FileRule } from '../../shared/catalogue';

/** A part of a name as every system takes it. */
const plain = (part: unknown) => String(part).replace(/[^\p{L}\p{N}_-]+/gu, '_');

/** Orders in a name, as many as one can read. */
const MOST_ORDERS = 3;

/** `labels-51234567890.pdf`; `extension` is left out where nobody knows it. */
export function fileName(parts: unknown[], extension: string | undefined): string {
	const given = parts.filter((part) => part !== undefined && part !== null && part !== '');
	const name = given.map(plain).join('-');
	return extension ? `${name}.${extension}` : name;
}

/** A file that is named by a word and by IDs of its address. */
export const fileNamed = (word: string, ...ids: string[]): FileRule => ({
	kind: 'file',
	name: (told, extension, { path }) =>
		fileName([word, ...ids.map((id) => path[id])], extension ?? extensionIn(told)),
});

function extensionIn(name: string | undefined): string | undefined {
	return /\.([\w]{1,5})$/.exec(name ?? '')?.[1];
}

/** A file of many orders: `labels-5-6.pdf`, `labels-5-and-999-others.pdf`. */
export function ordersNamed({ body }: Call): string[] {
	const orders = (Array.isArray(body.orderIds) ? body.orderIds : []).map((id) =>
		String(id).replace(/\D/g, ''),
	);
	return orders.length <= MOST_ORDERS ? orders : [orders[0], `and-${orders.length - 1}-others`];
}
