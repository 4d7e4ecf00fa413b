import type { Entity, Meta } from './world';

/** Finds what references point to. */
export interface ExpandSource {
	/** The object behind a reference. */
	entity(type: string, id: string): Entity | undefined;
	/** The rows of a nested collection (`images`, `components` …) of an object. */
	rows(owner: Entity, field: string): Entity[] | undefined;
}

function metaOf(value: unknown): Meta | undefined {
	const meta = (value as { meta?: Meta } | null | undefined)?.meta;
	return meta !== undefined && typeof meta.href === 'string' ? meta : undefined;
}

function expandPath(owner: Entity, path: string[], source: ExpandSource): Entity {
	const [field, ...rest] = path;
	const meta = metaOf(owner[field]);
	if (!meta) {
		// A plain object is no reference itself, but may hold one: `rate.currency`.
		const inner = owner[field];
		const plain = inner !== null && typeof inner === 'object' && !Array.isArray(inner);
		if (rest.length === 0 || !plain) return owner;
		return { ...owner, [field]: expandPath(inner as Entity, rest, source) };
	}
	if (meta.size !== undefined) {
		const rows = source.rows(owner, field);
		if (!rows) return owner;
		const inner = rest.length > 0 ? rows.map((row) => expandPath(row, rest, source)) : rows;
		return { ...owner, [field]: { meta: { ...meta, size: rows.length }, rows: inner } };
	}
	// An object that is already expanded by another path is expanded further.
	const present = owner[field] as Entity;
	const full =
		'id' in present ? present : source.entity(meta.type, meta.href.split('/').pop() ?? '');
	if (!full) return owner;
	return { ...owner, [field]: rest.length > 0 ? expandPath(full, rest, source) : full };
}

/** Replaces references by the objects behind them, along dotted paths of up to three levels. */
export function expandEntity(entity: Entity, paths: string[][], source: ExpandSource): Entity {
	return paths.reduce((result, path) => expandPath(result, path, source), entity);
}
