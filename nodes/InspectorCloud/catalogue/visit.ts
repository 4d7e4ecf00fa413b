/** Visits of agents to stores (Data API). Reference of the project: inspector-cloud.md §3. */
import type { IDataObject } from 'n8n-workflow';

import type { ListRule, Operation } from '../../shared/catalogue';
import { offsetStyle } from '../../shared/paging';

/** `{count, next, previous, results}`; the links may name another host and are not followed. */
export const resultsList: ListRule = {
	style: offsetStyle({ rows: 'results', next: 'next', total: 'count' }),
	pageSize: () => 100,
};

const ANNOTATIONS = ['annotations', 'shelf_annotations', 'price_annotations'];

/** The visit without the boxes drawn on its photos, which can make up several megabytes. */
function withoutAnnotations(visit: IDataObject): IDataObject {
	const scenes = (Array.isArray(visit.scenes) ? visit.scenes : []) as IDataObject[];
	return {
		...visit,
		scenes: scenes.map((scene) => ({
			...scene,
			images: ((Array.isArray(scene.images) ? scene.images : []) as IDataObject[]).map((image) =>
				Object.fromEntries(Object.entries(image).filter(([name]) => !ANNOTATIONS.includes(name))),
			),
		})),
	};
}

function countPhotos(visit: IDataObject): number {
	const scenes = (Array.isArray(visit.scenes) ? visit.scenes : []) as IDataObject[];
	const images = scenes.flatMap(({ images }) =>
		Array.isArray(images) ? (images as IDataObject[]) : [],
	);
	return images.filter((image) => image.is_deleted !== true).length;
}

export const visits: Operation[] = [
	{
		resource: 'visit',
		operation: 'get',
		name: 'Get',
		action: 'Get store visit with photos and KPIs',
		description:
			'Retrieve a visit with scenes, photos, prices, KPIs, out-of-stock reasons and answers',
		route: 'GET /visits/{id}/',
		docs: 'https://help.inspector-cloud.com/docs/',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'visitId',
				label: 'Visit',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: {
					search: 'searchVisits',
					id: {
						pattern: '^\\s*[1-9]\\d*\\s*$',
						message: 'A visit ID is a whole number from 1 up',
						placeholder: 'e.g. 324096',
					},
					url: {
						pattern: 'https?://[^/]+/portal/visit/(\\d+)(?:[/?#].*)?',
						placeholder: 'e.g. https://yourcompany.inspector-cloud.com/portal/visit/324096',
					},
				},
				help: 'The list shows visits that nobody has acknowledged yet; any visit can be given by ID or link',
			},
			{
				name: 'leaveOutAnnotations',
				label: 'Leave Out Annotations',
				kind: 'toggle',
				section: 'options',
				to: 'control',
				default: true,
				help: 'Whether to drop the boxes drawn on the photos, which can make a visit several megabytes large',
			},
		],
		enrich: async (rows, call) =>
			call.control.leaveOutAnnotations === true ? rows.map(withoutAnnotations) : rows,
		simplify: (visit) => ({
			id: visit.id,
			cid: visit.cid,
			portal_url: visit.portal_url,
			store_id: visit.store_id,
			customer_id: visit.customer_id,
			current_agent_name: visit.current_agent_name,
			is_closed: visit.is_closed,
			closed_at: visit.closed_at,
			updated_at: visit.updated_at,
			photos: countPhotos(visit),
		}),
		output: {
			id: { type: 'number' },
			cid: { type: 'string' },
			portal_url: { type: 'string' },
			store_id: { type: 'number' },
			customer_id: { type: 'string' },
			current_agent_name: { type: 'string' },
			is_closed: { type: 'boolean' },
			closed_at: { type: 'string' },
			updated_at: { type: 'string' },
			photos: { type: 'number' },
		},
		notes:
			'Reading a visit does not acknowledge it. Dates come in mixed time zones, as the API sends them.',
	},
];
