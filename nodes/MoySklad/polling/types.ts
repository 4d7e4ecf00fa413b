/**
 * Types whose lists tell what has changed. Currencies have no `updated` and are not among them.
 * Source: MoySklad docs, field tables and sort lists; reference of the project §2.4, §2.5, §4.
 */
import type { Choice } from '../../shared/catalogue';
import { entityTypes } from '../entityTypes';

const words = (text: string) => new Set(text.split(' '));

/** Lists that hide archived objects unless they are asked for. */
const ARCHIVED = words(
	'bundle consignment contract counterparty employee organization product productfolder project service store variant',
);
/** Lists that cannot be ordered, so a whole window is read. */
const UNSORTED = words(
	'bonustransaction counterpartyadjustment prepayment prepaymentreturn productiontask',
);
/** Objects that do not tell when they were made; the audit does. */
const UNDATED = words(
	'bundle consignment contract product productfolder project retailstore service store uom variant',
);
/** Lists that cannot be asked who made the last change. */
const ANONYMOUS = words(
	'counterpartyadjustment prepayment prepaymentreturn productiontask task uom',
);
/** Dictionaries, in which nothing goes to the recycle bin. */
const NO_BIN = words(
	'bonustransaction bundle consignment contract counterparty employee organization product productfolder project retailstore service store task uom variant',
);

/** What the list of a type can do. */
export interface PolledType {
	name: string;
	/** Conditions with which the list hides nothing. */
	hidden?: string;
	sorted: boolean;
	/** Objects have `created`. */
	dated: boolean;
	/** The list can be filtered by `updatedBy`. */
	signed: boolean;
	/** A document: it goes to the recycle bin first, and has `deleted` there. */
	bin: boolean;
}

export const polledTypes: Choice[] = entityTypes.filter(({ value }) => value !== 'currency');

/** The properties of a type, by MoySklad's keyword for it. */
export function polledType(name: string): PolledType {
	const bin = !NO_BIN.has(name);
	const hidden = ARCHIVED.has(name)
		? 'archived=true;archived=false'
		: name === 'task'
			? 'done=true;done=false'
			: bin
				? 'isDeleted=true;isDeleted=false'
				: undefined;
	return {
		name,
		...(hidden ? { hidden } : {}),
		sorted: !UNSORTED.has(name),
		dated: !UNDATED.has(name),
		signed: !ANONYMOUS.has(name),
		bin,
	};
}
