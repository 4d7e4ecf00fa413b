/** Visits with everything in them: read side by side, cut down at once, split into rows. */
import type { IDataObject } from 'n8n-workflow';

import type { SendRequest } from '../shared/catalogue';
import { inParallel } from '../shared/road/parallel';
import { InputProblem } from '../shared/errors/problems';
import { keptWhole, listOf } from '../shared/form/readers';
import { partsOf, type PartName, type PartRules } from './visitParts';
import { objectsIn, plain } from './values';

/** Visits are several megabytes each: so many are read at a time (the vendor names no figure). */
const AT_A_TIME = 4;

const ANNOTATIONS = ['annotations', 'shelf_annotations', 'price_annotations'];
/** Left out of the answer before it is read: a visit of megabytes then takes no more memory than its text. */
const IN_ANSWER = new Set(ANNOTATIONS.map((name) => `scenes[].images[].${name}`));

/** The visit without the boxes drawn on its photos, which can make up several megabytes. */
function withoutAnnotations(visit: IDataObject): IDataObject {
	return {
		...visit,
		scenes: objectsIn(visit.scenes).map((scene) => ({
			...scene,
			images: objectsIn(scene.images).map((image) =>
				Object.fromEntries(Object.entries(image).filter(([name]) => !ANNOTATIONS.includes(name))),
			),
		})),
	};
}

/** Which visits are wanted; only their details tell. */
export interface VisitRules {
	onlyClosed: boolean;
	withDeleted: boolean;
	/** IDs and codes of stores; any store without. */
	stores: Set<string>;
	/** IDs and names of agents. */
	agents: Set<string>;
	routes: Set<string>;
}

export function isWanted(visit: IDataObject, rules: VisitRules): boolean {
	const fits = (wanted: Set<string>, ...values: unknown[]) =>
		wanted.size === 0 || values.some((value) => wanted.has(comparable(value)));
	return (
		(!rules.onlyClosed || visit.is_closed === true) &&
		(rules.withDeleted || visit.is_deleted !== true) &&
		fits(rules.stores, visit.store_id, visit.customer_id) &&
		fits(rules.agents, visit.agent_id, visit.current_agent_name) &&
		fits(rules.routes, visit.current_agent_route)
	);
}

/** IDs come as numbers or texts; names are compared whatever their case. */
const comparable = (value: unknown) =>
	String(plain(value) ?? '')
		.trim()
		.toLowerCase();

/** A list of texts, for `isWanted`. */
export function wantedSet(raw: unknown): Set<string> {
	return new Set((listOf(raw) ?? []).map(comparable));
}

/** What becomes of a visit as soon as it is read: a part of it, or itself. */
export interface Cut {
	split: PartName | 'visit';
	parts: PartRules;
	/** The boxes on the photos are left out of a whole visit. */
	withoutAnnotations: boolean;
}

export function cutVisit(visit: IDataObject, { split, parts, ...rule }: Cut): IDataObject[] {
	const lean = rule.withoutAnnotations ? withoutAnnotations(visit) : visit;
	return split === 'visit' ? [lean] : partsOf(lean, split, parts);
}

/** True when nothing that is made of a visit has the boxes on its photos. */
export function needsNoAnnotations({ split, withoutAnnotations: leftOut }: Cut): boolean {
	return leftOut || !['visit', 'photos', 'scenes'].includes(split);
}

/** One visit; `lean`: with null for the boxes on its photos. Throws what `send` throws. */
export async function readVisit(
	id: unknown,
	send: SendRequest,
	lean: boolean,
): Promise<IDataObject> {
	const path = `/visits/${encodeURIComponent(String(id))}/`;
	const request = { method: 'GET' as const, path, ...(lean ? { without: IN_ANSWER } : {}) };
	const { body } = await send(request);
	return body as IDataObject;
}

/**
 * Reads many visits and hands each over to `take`; what it gives back comes in the order of the IDs, and the visits are let
 * go. `lean`: as `readVisit` has it.
 */
export async function readVisits<T>(
	ids: unknown[],
	send: SendRequest,
	lean: boolean,
	take: (visit: IDataObject) => T[],
): Promise<T[]> {
	const taken: T[][] = ids.map(() => []);
	await inParallel(
		[...ids.entries()],
		async ([at, id]) => {
			taken[at] = take(await readVisit(id, send, lean));
		},
		{ atATime: AT_A_TIME },
	);
	return taken.flat();
}

/** IDs from a form, each once: one, several in a list, or objects that hold theirs. */
export function idsOf(label: string, raw: unknown): Array<number | string> | undefined {
	// A shortened number with a comma is no list of two.
	const ids = listOf(typeof raw === 'string' ? keptWhole(label, raw) : raw)?.map((entry) => {
		const held: unknown =
			typeof entry === 'object' && entry !== null ? (entry as IDataObject).id : entry;
		const text = keptWhole(label, String(held ?? '').trim());
		if (typeof held === 'boolean' || text === 'NaN' || !/^[\w-]+$/.test(text)) {
			throw new InputProblem(
				label,
				`holds '${text === '' ? JSON.stringify(entry) : text}', which is no ID`,
				'Give IDs, separated by commas, or a list of IDs by an expression.',
			);
		}
		return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
	});
	return ids && [...new Set(ids)];
}
