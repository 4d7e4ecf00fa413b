/** Types whose lists tell what has changed, as a view of the facts. Currencies have no `updated`. */
import type { Choice } from '../../shared/catalogue';
import { entityTypes } from '../entityTypes';
import { facts, hasBin, hiddenConditionsOf } from '../facts';

/** What the list of a type can do. */
export interface PolledType {
	name: string;
	/** Conditions with which the list hides nothing. */
	hidden?: string;
	/** False for lists that cannot be ordered by `updated`: a whole window is read. */
	sorted: boolean;
	/** Objects have `created`; of the others only the audit tells when they were made. */
	dated: boolean;
	/** The list can be asked who made the last change (`updatedBy`). */
	signed: boolean;
	/** The list can be asked for objects in a status. */
	stated: boolean;
	/** A document: it goes to the recycle bin first, and has `deleted` there. */
	bin: boolean;
}

export const polledTypes: Choice[] = entityTypes.filter(({ value }) => facts[value].fields.updated);

/** The properties of a type, by MoySklad's keyword for it. */
export function polledType(name: string): PolledType {
	const type = facts[name];
	const hidden = hiddenConditionsOf(name);
	const { updated, created, updatedBy, state } = type.fields;
	return {
		name,
		...(hidden ? { hidden } : {}),
		sorted: updated?.sort === true,
		dated: created !== undefined && !created.listOnly,
		signed: updatedBy !== undefined,
		stated: state?.filter !== undefined,
		bin: hasBin(type),
	};
}
