import { INSPECTOR_VISITS } from '../credentials';
import { mix, pick } from '../shared/random';
import type { InspectorState } from './state';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** Versions of the Data API that the sandbox serves; `dqi` exists from v1.1 on. */
export const DATA_API_VERSIONS = ['v1.0', 'v1.1', 'v1.3'] as const;

const FIRST_VISIT = 324_001;
const VISITS = 120;
const AGENTS = ['Alex', 'Мария', 'Viktor', 'Jane'];
const ROUTES = ['164780', '164781', null, '164782'];
const FIRST_DAY = Date.UTC(2026, 8, 1, 7, 0, 0);
const HALF_DAY_MS = 43_200_000;
const SAMPLE_CREATED = Date.UTC(2020, 6, 29, 7, 24, 53);

/** Categories of the recognition API. */
export const CATEGORIES: readonly Json[] = [
	{ id: 1, name: 'Juice', cid: 'J' },
	{ id: 2, name: 'Молоко', cid: 'M' },
	{ id: 3, name: 'Snacks', cid: 'S' },
];

/** Ids of all visits, newest last. */
export function visitIds(): number[] {
	return Array.from({ length: VISITS }, (_unused, index) => FIRST_VISIT + index);
}

/** UTC with microseconds, as Django writes it. */
function utc(ms: number, micros = 0): string {
	return `${new Date(ms).toISOString().slice(0, 19)}.${String(micros % 1_000_000).padStart(6, '0')}Z`;
}

/** The same instant as Moscow time with an offset: the vendor mixes both in one object. */
function moscow(ms: number, micros = 0): string {
	return utc(ms + 3 * 3_600_000, micros).replace('Z', '+03:00');
}

/** When a visit was created, epoch ms. */
export function createdAt(id: number): number {
	return id === INSPECTOR_VISITS.sample
		? SAMPLE_CREATED
		: FIRST_DAY + (id - FIRST_VISIT) * HALF_DAY_MS;
}

/** Fields by which lists are filtered. */
export function visitSummary(
	seed: number,
	id: number,
	state?: InspectorState,
): { cid: string; agent: string; route: string | null; isNew: boolean } {
	const change = state?.visits.get(id);
	if (id === INSPECTOR_VISITS.sample) {
		const { cid = '', isNew = true } = change ?? {};
		return { cid, agent: 'Alex', route: '164780', isNew };
	}
	const h = mix(seed, 71, id);
	return {
		cid: change?.cid ?? (id % 3 === 0 ? `ERP-${id}` : ''),
		agent: pick(AGENTS, h),
		route: pick(ROUTES, h >>> 4),
		isNew: change?.isNew ?? id % 4 !== 0,
	};
}

/** When a visit was changed last, as Django writes it. */
function updatedAt(id: number, micros: number, state?: InspectorState): string {
	const changed = state?.visits.get(id)?.updated;
	return changed === undefined
		? utc(createdAt(id) + 79_200_000, micros)
		: new Date(changed).toISOString().replace('Z', '000Z');
}

/** A light item of the list. */
export function visitItem(seed: number, id: number, state?: InspectorState): Json {
	const created = state?.visits.get(id)?.created ?? createdAt(id);
	return {
		id,
		cid: visitSummary(seed, id, state).cid,
		name: `Visit ${id}`,
		created_at: moscow(created, id),
		updated_at: updatedAt(id, id * 7, state),
	};
}

function image(h: number, id: number, created: number, rich: boolean, link?: string): Json {
	const box = (index: number): Json => ({
		sku_id: 155_279 + index,
		x: 100 + index * 40,
		y: 200,
		w: 38,
		h: 120,
		duplicate: false,
	});
	return {
		id,
		created_at: utc(created, h % 1_000_000),
		original_url: link ?? 'https://storage.com/picture.jpg',
		corrected_perspective_url:
			link?.replace('/photo/', '/photo/corrected-') ?? 'https://storage.com/picture.jpg',
		is_deleted: false,
		annotations: rich ? Array.from({ length: 200 }, (_unused, index) => box(index)) : [],
		shelf_annotations: rich ? [{ x1: 0, y1: 260, x2: 4000, y2: 262 }] : [],
		price_annotations: rich ? [{ sku_id: 155_279, x: 100, y: 270, w: 40, h: 15, price: 19 }] : [],
	};
}

function scene(visitId: number, id: number, taskId: number, created: number, parts: Json): Json {
	return {
		id,
		created_at: utc(created, id * 13),
		task_id: taskId,
		portal_url: `https://test.inspector-cloud.com/portal/visit/${visitId}/scene/${id}`,
		images: [],
		image_quality: [],
		clone_id: 0,
		question_groups: [],
		assortment: [],
		facing_counts: [],
		...parts,
	};
}

const QUESTION_GROUP: Json = {
	id: 130,
	questions: [
		{
			id: 25,
			type: 'select_one',
			answer: { '66942': 'Промо выполняется' },
			options: [
				{ id: 66943, value: 'Не пришел продукт' },
				{ id: 66944, value: 'Недостаточный сток' },
				{ id: 66948, value: 'Виртуальный сток' },
				{ id: 66945, value: 'Продукт в блоке' },
				{ id: 66946, value: 'Нет инфо о промо в точке' },
				{ id: 66947, value: 'Нет в матрице сети' },
				{ id: 66942, value: 'Промо выполняется' },
			],
			created_at: '2020-03-11T14:33:16.387348Z',
			text: 'Статус выполнения промо',
			required: false,
			cid: 'PROMO_1',
		},
		{
			id: 26,
			type: 'text',
			answer: null,
			options: [],
			created_at: '2020-03-11T14:33:16.416687Z',
			text: 'Комментарий',
			required: false,
			cid: 'PROMO_5',
		},
	],
	created_at: '2021-09-24T17:36:29.466080Z',
	name: 'Промо',
	cid: null,
};

function price(
	id: number,
	sceneId: number,
	sku: number,
	cid: string,
	value: number,
	promo: boolean,
): Json {
	return {
		id,
		scene_id: sceneId,
		sku_id: sku,
		sku_cid: cid,
		price: value,
		target_price: null,
		is_promo: promo,
		id_competitor: '',
		updated_at: '2020-07-29T08:50:12.223645Z',
	};
}

function oos(id: number, sceneId: number, sku: number, cid: string, reason: string): Json {
	return {
		id,
		scene_id: sceneId,
		sku_id: sku,
		sku_cid: cid,
		reason,
		updated_at: '2020-07-29T09:30:14.828636Z',
		diagnosis: '',
		fixed: false,
	};
}

function dqi(visitId: number, sceneId: number, imageId: number): Json {
	return {
		id: 1_979_894_965,
		uuid: '844e8e37-e4b5-4c8f-9fa8-933e3726e526',
		type: 4,
		created_at: '2021-09-22T13:27:05.049034Z',
		updated_at: '2021-10-22T15:53:40.395212Z',
		name: 'Горизонтальная перспектива',
		description: '',
		related_to: 'IMAGE',
		severity: 'INFO',
		threshold: 0.3,
		value: 0.12,
		visit_id: visitId,
		scene_id: sceneId,
		image_id: imageId,
		json: {},
	};
}

function sampleParts(id: number): Json {
	return {
		scenes: [
			scene(id, 7969, 3835, SAMPLE_CREATED, {}),
			scene(id, 8022, 48, SAMPLE_CREATED + 5_000_000, {
				images: [image(7637, 26_810_278, SAMPLE_CREATED + 5_000_000, false)],
			}),
			scene(id, 8029, 7185, SAMPLE_CREATED + 6_000_000, {
				images: [image(401_699, 26_873_089, SAMPLE_CREATED + 7_000_000, false)],
				question_groups: [QUESTION_GROUP],
			}),
		],
		kpi_values: [],
		prices: [
			price(619_644, 8022, 155_279, '5900020023308', 19, true),
			price(619_645, 8022, 155_282, '5900020023322', 45, false),
			price(619_658, 8022, 166_776, '5900020004451', 109, true),
		],
		oos_reasons: [
			oos(7_183_552, 8022, 166_823, '7613036868983', 'Продукт в блоке'),
			oos(7_184_629, 8022, 123_878, '4607085440583', 'Не пришел продукт'),
			oos(7_184_018, 8022, 171_682, '4600680012162', 'Ошибка распознавания'),
		],
		dqi: [dqi(id, 8022, 26_810_278)],
	};
}

/** Links of the storage are signed and end (year 2100, or long ago). */
function linkOf(visitId: number, imageId: number, state?: InspectorState): string | undefined {
	if (!state?.storage) return undefined;
	const expires = visitId === INSPECTOR_VISITS.expiredPhotos ? 1 : 4_102_444_800_000;
	return `${state.storage}/photo/${imageId}.jpg?expires=${expires}`;
}

function generatedParts(seed: number, id: number, state?: InspectorState): Json {
	const h = mix(seed, 72, id);
	const rich = id === INSPECTOR_VISITS.rich;
	const created = createdAt(id);
	const sceneId = 9000 + (id - FIRST_VISIT) * 3;
	const imageId = 27_000_000 + (id - FIRST_VISIT) * 5;
	const scenes = Array.from({ length: 1 + (h % 3) }, (_unused, index) =>
		scene(id, sceneId + index, 48 + index, created + index * 600_000, {
			images: [
				image(
					h,
					imageId + index,
					created + index * 600_000,
					rich,
					linkOf(id, imageId + index, state),
				),
			],
			question_groups: index === 0 && h % 2 === 0 ? [QUESTION_GROUP] : [],
			...(rich
				? {
						image_quality: [
							{
								id: imageId,
								sharpness: 87,
								perspective_angles: 4,
								shelfs_count: 5,
								facing_count: 200,
							},
						],
						assortment: [
							{ sku_id: 155_279, sku_cid: '5900020023308', quantity: 4, status: 'PRESENT' },
							{ sku_id: 155_282, sku_cid: '5900020023322', quantity: 0, status: 'OOS' },
						],
						facing_counts: [{ sku_id: 155_279, sku_cid: '5900020023308', FG: 4 }],
					}
				: {}),
		}),
	);
	return {
		scenes,
		kpi_values:
			rich || h % 4 === 0
				? [
						{
							id: 500_000 + id,
							kpi_id: 12,
							kpi_cid: 'SOS',
							updated_at: utc(created + 3_600_000, 17),
							category: 'Juice',
							value: (h % 100) / 100,
							target_value: 0.5,
							details: { facings: h % 40 },
							exclude_from_reports: false,
							exclude_from_reports_comment: null,
							clone_id: null,
						},
					]
				: [],
		prices: [
			{
				...price(700_000 + id, sceneId, 155_279, '5900020023308', 19 + (h % 30), h % 2 === 0),
				// Every second visit has a target to compare with.
				...(id % 2 === 0 ? { target_price: 30 } : {}),
			},
			{ ...price(800_000 + id, sceneId, 155_282, '5900020023322', 0, false), price: null },
		],
		oos_reasons:
			h % 3 === 0
				? [oos(900_000 + id, sceneId, 166_823, '7613036868983', 'Не пришел продукт')]
				: [],
		dqi: [dqi(id, sceneId, imageId)],
	};
}

/** A visit as the Data API shows it; `dqi` is left out for v1.0. */
export function visitBody(seed: number, id: number, version: string, state?: InspectorState): Json {
	const sample = id === INSPECTOR_VISITS.sample;
	const h = sample ? 0 : mix(seed, 73, id);
	const { cid, agent, route, isNew } = visitSummary(seed, id, state);
	const created = createdAt(id);
	const change = state?.visits.get(id);
	const closed = change?.isClosed ?? (sample || id % 6 !== 5);
	const { dqi: indicators, ...parts } = sample ? sampleParts(id) : generatedParts(seed, id, state);
	return {
		id,
		cid,
		portal_url: `https://test.inspector-cloud.com/portal/visit/${id}`,
		agent_id: 5633 + (h % AGENTS.length),
		current_agent_name: agent,
		current_agent_route: route,
		current_agent_role: null,
		store_id: 11_020 + (h % 200),
		customer_id: sample ? '{9E90FAC2-4073-E911-811D-00505601}' : `STORE-${h % 200}`,
		is_closed: closed,
		is_deleted: change?.isDeleted ?? false,
		is_new: isNew,
		latitude: sample ? 54.5208487 : 54.5 + (h % 1000) / 10_000,
		longitude: sample ? 37.0463798 : 37 + (h % 1000) / 10_000,
		closed_latitude: closed ? 54.520429 : null,
		closed_longitude: closed ? 37.0467814 : null,
		closed_at: closed ? moscow(created + 8_114_000, 440_127) : null,
		created_at: moscow(created, sample ? 526_334 : id),
		updated_at: updatedAt(id, sample ? 598_354 : id * 7, state),
		app_created_at: utc(created - 3000, 291_000),
		app_closed_at: closed ? utc(created + 8_100_000, 146_000) : null,
		...parts,
		...(version === 'v1.0' ? {} : { dqi: indicators }),
	};
}
