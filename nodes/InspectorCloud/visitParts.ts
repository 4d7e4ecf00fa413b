/**
 * The lists inside a visit as rows of their own, each with its visit, store and agent. Reference of the project:
 * inspector-cloud-api.md §3.2, §9.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, OutputField } from '../shared/catalogue';
import { answerOf, figure, plainId, objectsIn, plain, simpleRow, utc } from './values';

/** Which rows a visit is split into; a visit that is not split is one row. */
export type PartName =
	| 'answers'
	| 'assortment'
	| 'dqi'
	| 'facings'
	| 'kpis'
	| 'oosReasons'
	| 'photos'
	| 'prices'
	| 'scenes';

/** What is left out of the rows. */
export interface PartRules {
	/** Photos that were deleted come, too. */
	withDeleted: boolean;
	/** Reasons, in lower case, that say that a product is not out of stock. */
	notOutOfStock: Set<string>;
	/** Rows that are no real out-of-stock come, too. */
	allOutOfStock: boolean;
}

interface Part {
	/** Columns of a simplified row besides those of the visit. */
	columns: Record<string, OutputField['type']>;
	/** The objects with the scene that they stand in; those of the visit itself have none. */
	find: (visit: IDataObject, rules: PartRules) => Found[];
	simple: (own: IDataObject, scene: IDataObject) => IDataObject;
}

interface Found {
	own: IDataObject;
	scene?: IDataObject;
}

const scenesOf = (visit: IDataObject) => objectsIn(visit.scenes);

const inScenes =
	(list: (scene: IDataObject) => IDataObject[]) =>
	(visit: IDataObject): Found[] =>
		scenesOf(visit).flatMap((scene) => list(scene).map((own) => ({ own, scene })));

const inVisit =
	(name: string) =>
	(visit: IDataObject): Found[] =>
		objectsIn(visit[name]).map((own) => ({ own }));

const isKept = (own: IDataObject, { withDeleted }: PartRules) =>
	withDeleted || own.is_deleted !== true;

/** Not every row is a real one: the customer's reasons have "recognition error", and the rules find some products. */
function isOutOfStock(own: IDataObject, rules: PartRules): boolean {
	if (rules.allOutOfStock) return true;
	const reason = String(plain(own.reason) ?? '')
		.trim()
		.toLowerCase();
	return own.fixed !== true && !rules.notOutOfStock.has(reason);
}

/** How sharp and straight a photo is, from the list beside the photos. */
function qualityOf(own: IDataObject, scene: IDataObject): IDataObject {
	return objectsIn(scene.image_quality).find((one) => String(one.id) === String(own.id)) ?? {};
}

const PARTS: Record<PartName, Part> = {
	answers: {
		columns: {
			scene_id: 'number',
			task_id: 'number',
			group: 'string',
			question_cid: 'string',
			question: 'string',
			type: 'string',
			required: 'boolean',
			answer: 'string',
			option_ids: 'string',
		},
		find: inScenes((scene) =>
			objectsIn(scene.question_groups).flatMap((group) =>
				objectsIn(group.questions).map((question) => ({
					...question,
					group: { id: group.id, name: group.name, cid: group.cid },
				})),
			),
		),
		simple: (own, scene) => {
			const { text, optionIds } = answerOf(own.answer);
			return {
				id: plainId(own.id),
				scene_id: plainId(scene.id),
				task_id: plainId(scene.task_id),
				group: plain((own.group as IDataObject | undefined)?.name),
				question_cid: plain(own.cid),
				question: plain(own.text),
				type: plain(own.type),
				required: plain(own.required),
				answer: text,
				option_ids: optionIds.length > 0 ? optionIds.join(',') : null,
			};
		},
	},
	assortment: {
		columns: {
			scene_id: 'number',
			sku_id: 'number',
			sku_cid: 'string',
			quantity: 'number',
			status: 'string',
		},
		find: inScenes((scene) => objectsIn(scene.assortment)),
		simple: (own, scene) => ({
			id: plainId(own.sku_id),
			scene_id: plainId(scene.id),
			sku_id: plainId(own.sku_id),
			sku_cid: plain(own.sku_cid),
			quantity: figure(own.quantity),
			status: plain(own.status),
		}),
	},
	dqi: {
		columns: {
			scene_id: 'number',
			image_id: 'number',
			type: 'number',
			...({ name: 'string', description: 'string' } as Record<string, OutputField['type']>),
			related_to: 'string',
			severity: 'string',
			threshold: 'number',
			value: 'number',
			updated_at: 'string',
		},
		find: inVisit('dqi'),
		simple: (own) => ({
			...simpleRow(own, [
				...['id', 'scene_id', 'image_id', 'name', 'description', 'related_to', 'severity'],
				'updated_at',
			]),
			type: plainId(own.type),
			threshold: figure(own.threshold),
			value: figure(own.value),
		}),
	},
	facings: {
		columns: { scene_id: 'number', sku_id: 'number', sku_cid: 'string', facings: 'number' },
		find: inScenes((scene) => objectsIn(scene.facing_counts)),
		simple: (own, scene) => ({
			id: plainId(own.sku_id),
			scene_id: plainId(scene.id),
			sku_id: plainId(own.sku_id),
			sku_cid: plain(own.sku_cid),
			facings: figure(own.FG),
		}),
	},
	kpis: {
		columns: {
			kpi_id: 'number',
			kpi_cid: 'string',
			category: 'string',
			value: 'number',
			target_value: 'number',
			exclude_from_reports: 'boolean',
			exclude_from_reports_comment: 'string',
			updated_at: 'string',
		},
		find: inVisit('kpi_values'),
		simple: (own) => ({
			id: plainId(own.id),
			kpi_id: plainId(own.kpi_id),
			kpi_cid: plain(own.kpi_cid),
			category: plain(own.category),
			// Shares or per cent, as each project has it: the scale is not told.
			value: figure(own.value),
			target_value: figure(own.target_value),
			exclude_from_reports: plain(own.exclude_from_reports),
			exclude_from_reports_comment: plain(own.exclude_from_reports_comment),
			updated_at: utc(own.updated_at),
		}),
	},
	oosReasons: {
		columns: {
			scene_id: 'number',
			sku_id: 'number',
			sku_cid: 'string',
			reason: 'string',
			diagnosis: 'string',
			fixed: 'boolean',
			updated_at: 'string',
		},
		find: (visit, rules) =>
			inVisit('oos_reasons')(visit).filter(({ own }) => isOutOfStock(own, rules)),
		simple: (own) => ({
			id: plainId(own.id),
			scene_id: plainId(own.scene_id),
			sku_id: plainId(own.sku_id),
			sku_cid: plain(own.sku_cid),
			reason: plain(own.reason),
			diagnosis: plain(own.diagnosis),
			fixed: plain(own.fixed),
			updated_at: utc(own.updated_at),
		}),
	},
	photos: {
		columns: {
			scene_id: 'number',
			task_id: 'number',
			created_at: 'string',
			original_url: 'string',
			corrected_perspective_url: 'string',
			is_deleted: 'boolean',
			sharpness: 'number',
			perspective_angles: 'number',
			shelfs_count: 'number',
			facing_count: 'number',
		},
		find: (visit, rules) =>
			inScenes((scene) => objectsIn(scene.images))(visit).filter(({ own }) => isKept(own, rules)),
		simple: (own, scene) => {
			const quality = qualityOf(own, scene);
			return {
				id: plainId(own.id),
				scene_id: plainId(scene.id),
				task_id: plainId(scene.task_id),
				created_at: utc(own.created_at),
				original_url: plain(own.original_url),
				corrected_perspective_url: plain(own.corrected_perspective_url),
				is_deleted: plain(own.is_deleted),
				sharpness: figure(quality.sharpness),
				perspective_angles: figure(quality.perspective_angles),
				shelfs_count: figure(quality.shelfs_count),
				facing_count: figure(quality.facing_count),
			};
		},
	},
	prices: {
		columns: {
			scene_id: 'number',
			sku_id: 'number',
			sku_cid: 'string',
			price: 'number',
			target_price: 'number',
			is_promo: 'boolean',
			id_competitor: 'string',
			updated_at: 'string',
		},
		find: inVisit('prices'),
		// No currency is told, and a competitor's or a promotional price is only told by its own column.
		simple: (own) => ({
			id: plainId(own.id),
			scene_id: plainId(own.scene_id),
			sku_id: plainId(own.sku_id),
			sku_cid: plain(own.sku_cid),
			price: figure(own.price),
			target_price: figure(own.target_price),
			is_promo: plain(own.is_promo),
			id_competitor: plain(own.id_competitor),
			updated_at: utc(own.updated_at),
		}),
	},
	scenes: {
		columns: {
			task_id: 'number',
			created_at: 'string',
			scene_url: 'string',
			clone_id: 'number',
			photos: 'number',
			answers: 'number',
		},
		find: inScenes((scene) => [scene]),
		simple: (own) => ({
			id: plainId(own.id),
			task_id: plainId(own.task_id),
			created_at: utc(own.created_at),
			scene_url: plain(own.portal_url),
			clone_id: plainId(own.clone_id),
			photos: photosIn(own),
			answers: objectsIn(own.question_groups).reduce(
				(sum, group) => sum + objectsIn(group.questions).length,
				0,
			),
		}),
	},
};

/** Photos of a scene that nobody has deleted. */
export function photosIn(scene: IDataObject): number {
	return objectsIn(scene.images).filter(({ is_deleted: gone }) => gone !== true).length;
}

/** Columns of the visit in each row. */
const OF_VISIT: Record<string, OutputField['type']> = {
	visit_id: 'number',
	visit_cid: 'string',
	store_id: 'number',
	customer_id: 'string',
	agent: 'string',
	route: 'string',
	closed_at: 'string',
	portal_url: 'string',
};

function ofVisit(visit: IDataObject): IDataObject {
	return {
		visit_id: plainId(visit.id),
		visit_cid: plain(visit.cid),
		store_id: plainId(visit.store_id),
		customer_id: plain(visit.customer_id),
		agent: plain(visit.current_agent_name),
		route: plain(visit.current_agent_route),
		closed_at: utc(visit.closed_at),
		portal_url: plain(visit.portal_url),
	};
}

/** The form's choices. */
export const SPLITS: Choice[] = [
	{ name: 'Answers', value: 'answers', description: 'One item per question of a questionnaire' },
	{ name: 'Assortment', value: 'assortment', description: 'One item per product of a scene' },
	{ name: 'Data Quality', value: 'dqi', description: 'One item per indicator (DQI)' },
	{ name: 'Facings', value: 'facings', description: 'One item per product of a scene' },
	{ name: 'KPIs', value: 'kpis', description: 'One item per KPI value' },
	{ name: 'Out-of-Stock', value: 'oosReasons', description: 'One item per product not found' },
	{ name: 'Photos', value: 'photos', description: 'One item per photo' },
	{ name: 'Prices', value: 'prices', description: 'One item per price' },
	{ name: 'Scenes', value: 'scenes', description: 'One item per group of photos' },
	{ name: 'Visit (Not Split)', value: 'visit', description: 'One item per visit' },
];

/** Columns of a simplified row of this kind. */
export function columnsOf(part: PartName): Record<string, OutputField> {
	return Object.fromEntries(
		Object.entries({
			visit_id: OF_VISIT.visit_id,
			id: 'number' as const,
			...PARTS[part].columns,
			...OF_VISIT,
		}).map(([name, type]) => [name, { type }]),
	);
}

/** Names of the columns of all rows, each once. */
export function allColumns(): string[] {
	const names = (Object.keys(PARTS) as PartName[]).flatMap((part) => Object.keys(columnsOf(part)));
	return [...new Set(names)];
}

/** An object without the lists and objects in it. */
function head(whole: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(whole).filter(([, value]) => typeof value !== 'object' || value === null),
	);
}

/** The objects of a visit as they came, each with the plain fields of its visit and, in one, of its scene. */
export function partsOf(visit: IDataObject, part: PartName, rules: PartRules): IDataObject[] {
	const ofWhole = head(visit);
	return PARTS[part].find(visit, rules).map(({ own, scene }) => ({
		...own,
		visit: ofWhole,
		...(scene && scene !== own
			? { scene: { ...head(scene), image_quality: qualityList(part, own, scene) } }
			: {}),
	}));
}

/** Of a photo, the figures about it stay beside it. */
function qualityList(part: PartName, own: IDataObject, scene: IDataObject): IDataObject[] {
	if (part !== 'photos') return [];
	return objectsIn(scene.image_quality).filter((one) => String(one.id) === String(own.id));
}

/** A row of `partsOf` with the same columns as all of its kind. */
export function simplePart(row: IDataObject, part: PartName): IDataObject {
	const { visit = {}, scene = {} } = row as { visit?: IDataObject; scene?: IDataObject };
	return { ...PARTS[part].simple(row, scene), ...ofVisit(visit) };
}
