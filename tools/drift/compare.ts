/** What differs between the committed facts and those of newer tables, and which operations of ours it touches. */
import type { TypeFacts } from '../../nodes/MoySklad/facts';
import type { Vendor } from '../../nodes/shared/catalogue';
import type { FieldFacts, OperationFacts } from '../../nodes/shared/facts/facts';

/** One difference. */
export interface Drift {
	/** The type or operation. */
	at: string;
	what: 'appeared' | 'vanished' | 'changed' | 'deprecated';
	/** E.g. `field agent: required → optional`. */
	detail: string;
	/** `resource: operation` of the nodes that send to it. */
	touches: string[];
}

/** The operations that a difference may touch. */
export type Touched = Pick<Vendor, 'operations'>;

/** Differences of MoySklad's types, in the order of the newer table. */
export function typeDrift(
	known: Readonly<Record<string, TypeFacts>>,
	newer: Readonly<Record<string, TypeFacts>>,
	vendor: Touched,
): Drift[] {
	const drift: Drift[] = [];
	for (const keyword of new Set([...Object.keys(newer), ...Object.keys(known)])) {
		const touches = operationsAt(vendor, (path) => path.split('/').includes(keyword));
		const before = known[keyword];
		const after = newer[keyword];
		const tell = (what: Drift['what'], detail: string) =>
			drift.push({ at: keyword, what, detail, touches });
		if (!before) tell('appeared', `the type ${keyword}`);
		else if (!after) tell('vanished', `the type ${keyword}`);
		else {
			compareMembers(before, after, ['fields', 'parts', 'filters'], '', tell);
			compareEntries(before.fields, after.fields, 'field', tell);
			for (const [tables, word] of [
				['parts', 'field'],
				['filters', 'filter'],
			] as const) {
				const [old, now] = [before[tables] ?? {}, after[tables] ?? {}];
				for (const list of new Set([...Object.keys(old), ...Object.keys(now)])) {
					compareEntries(old[list] ?? {}, now[list] ?? {}, `${list} ${word}`, tell);
				}
			}
		}
	}
	return drift;
}

/** Routes that came or went. */
export function routeDrift(known: string[], newer: string[], vendor: Touched): Drift[] {
	const before = new Set(known);
	const after = new Set(newer);
	const tell = (route: string, what: Drift['what']): Drift => ({
		at: route,
		what,
		detail: 'the route',
		touches: operationsAt(vendor, (_, own) => generic(own) === generic(route)),
	});
	return [
		...newer.filter((route) => !before.has(route)).map((route) => tell(route, 'appeared')),
		...known.filter((route) => !after.has(route)).map((route) => tell(route, 'vanished')),
	];
}

/** Differences of operations, by the vendor's ID of them. */
export function operationDrift(
	known: OperationFacts[],
	newer: OperationFacts[],
	vendor: Touched,
): Drift[] {
	const drift: Drift[] = [];
	const before = new Map(known.map((operation) => [operation.id, operation]));
	const after = new Map(newer.map((operation) => [operation.id, operation]));
	for (const id of new Set([...after.keys(), ...before.keys()])) {
		const old = before.get(id);
		const now = after.get(id);
		const one = (now ?? old) as OperationFacts;
		const touches = operationsAt(
			vendor,
			(_, own) => sameRoute(own, one) || (!!old && sameRoute(own, old)),
		);
		const tell = (what: Drift['what'], detail: string) =>
			drift.push({ at: id, what, detail, touches });
		const route = `${one.method} ${one.path}`;
		if (!old) tell('appeared', route);
		else if (!now) tell('vanished', route);
		else {
			if (now.deprecated && !old.deprecated) {
				const { off, instead } = now.deprecated;
				tell(
					'deprecated',
					[route, off && `ends ${off}`, instead && `use ${instead}`].filter(Boolean).join(', '),
				);
			}
			compareMembers(
				old,
				now,
				['pathFields', 'query', 'body', 'answer', ...(old.deprecated ? [] : ['deprecated'])],
				'',
				tell,
			);
			for (const part of ['pathFields', 'query', 'body'] as const) {
				compareEntries(flat(old[part]), flat(now[part]), `${part} field`, tell);
			}
			compareEntries(wrapped(old.answer), wrapped(now.answer), 'answer field', tell);
		}
	}
	return drift;
}

const generic = (route: string) => route.replace(/\{[^}]*\}/g, '{id}').replace(/\/$/, '');

/** Our routes start behind the API root, which some tables count to the path. */
function sameRoute(own: string, { method, path }: OperationFacts): boolean {
	const [ownMethod, ownPath] = generic(own).split(' ');
	return ownMethod === method && generic(path).endsWith(ownPath);
}

function operationsAt(vendor: Touched, fits: (path: string, route: string) => boolean): string[] {
	return vendor.operations
		.filter(({ route }) => fits(route.slice(route.indexOf(' ') + 1), route))
		.map(({ resource, operation }) => `${resource}: ${operation}`);
}

/** `delivery.dates.from` → its facts without the fields inside. */
function flat(fields: FieldFacts[] | undefined, at = ''): Record<string, object> {
	return Object.fromEntries(
		(fields ?? []).flatMap(({ name, fields: inner, ...facts }): Array<[string, object]> => [
			[`${at}${name}`, facts],
			...Object.entries(flat(inner, `${at}${name}.`)),
		]),
	);
}

function wrapped(answer: Record<string, string> | undefined): Record<string, object> {
	return Object.fromEntries(Object.entries(answer ?? {}).map(([path, type]) => [path, { type }]));
}

function compareEntries(
	before: Record<string, object>,
	after: Record<string, object>,
	label: string,
	tell: (what: Drift['what'], detail: string) => void,
): void {
	for (const name of new Set([...Object.keys(after), ...Object.keys(before)])) {
		if (!(name in before)) tell('appeared', `${label} ${name}`);
		else if (!(name in after)) tell('vanished', `${label} ${name}`);
		else compareMembers(before[name], after[name], [], `${label} ${name}: `, tell);
	}
}

function compareMembers(
	before: object,
	after: object,
	without: string[],
	label: string,
	tell: (what: Drift['what'], detail: string) => void,
): void {
	const old = before as Record<string, unknown>;
	const now = after as Record<string, unknown>;
	for (const name of new Set([...Object.keys(now), ...Object.keys(old)])) {
		if (without.includes(name)) continue;
		const [from, to] = [shown(old[name]), shown(now[name])];
		if (from !== to) tell('changed', `${label}${name} ${from} → ${to}`);
	}
}

const shown = (value: unknown) => (value === undefined ? '–' : JSON.stringify(value));
