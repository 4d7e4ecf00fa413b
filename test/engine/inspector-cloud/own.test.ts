/**
 * Operations of Inspector Cloud that the walk through the facts cannot run, in n8n's engine against the sandbox; and the
 * proof that together with the walk they are all.
 */
import type { IDataObject } from 'n8n-workflow';

import { INSPECTOR_TOKENS, INSPECTOR_VISITS, JPEG } from '../../../sandbox';
import type { FreshHouse } from '../freshHouse';
import { freshHouse } from '../freshHouse';
import type { OwnCase } from '../ownOperations';
import { testOwnOperations } from '../ownOperations';
import { byId, walk } from './walk';

const { rich: VISIT } = INSPECTOR_VISITS;

const fields = (value: object, match?: string) => ({
	inputMode: 'fields',
	fields: {
		mappingMode: 'defineBelow',
		value,
		...(match ? { matchingColumns: [match] } : {}),
	},
});
/** Runs an operation before the one that a case is about. */
async function first({ run }: FreshHouse, name: string, form: object): Promise<IDataObject> {
	const result = await run(name, form);
	expect([result.error?.message, result.error?.description]).toEqual([undefined, undefined]);
	return result.json('Node')[0];
}
/** ID of a photo that was uploaded. */
const imageOf = async (house: FreshHouse): Promise<number> => {
	const { id } = await first(house, 'photo.uploadFromUrl', { url: 'https://example.com/a.jpg' });
	return id as number;
};
/** ID of a report on such a photo. */
const reportOf = async (house: FreshHouse): Promise<number> => {
	const started = await first(house, 'recognition.start', {
		images: await imageOf(house),
		reportTypes: ['FACING_COUNT'],
	});
	return (started.reports as Record<string, number>).FACING_COUNT;
};
const anId = expect.any(Number) as number;
/** Nothing has the value that it looks for, so that it is made. */
const upsert = (path: string, value: IDataObject, by: string): OwnCase => ({
	form: fields(value, by),
	request: `POST /api/v1.5/${path}/`,
	body: value,
	out: [{ ...value, id: anId }],
});

const CASES: Record<string, OwnCase> = {
	'photo.get': {
		form: async (house) => ({ photoId: String(await imageOf(house)) }),
		request: /^GET \/api\/v1\.5\/uploads\/\d+\/$/,
		out: [{ id: anId, duplicate: false }],
	},
	'photo.download': {
		form: { downloadBy: 'visit', visitId: byId(VISIT), options: { photos: '27000046' } },
		request: `GET /api/data/v1.3/visits/${VISIT}/`,
		out: [{ visit_id: VISIT, photo_id: 27_000_046, filename: `${VISIT}-9028-27000046.jpg` }],
	},
	'photo.upload': {
		form: {},
		items: [
			{
				json: {},
				binary: {
					data: { data: JPEG.toString('base64'), mimeType: 'image/jpeg', fileName: 'shelf.jpg' },
				},
			},
		],
		request: 'POST /api/v1.5/uploads/',
		body: expect.stringContaining('filename="shelf.jpg"'),
		out: [{ id: anId }],
	},
	'recognition.start': {
		form: async (house) => ({
			images: String(await imageOf(house)),
			reportTypes: ['FACING_COUNT', 'REALOGRAM'],
		}),
		request: 'POST /api/v1.5/recognize/',
		body: { images: [anId], report_types: ['FACING_COUNT', 'REALOGRAM'] },
		out: [{ scene: expect.any(String) as string }],
	},
	'recognition.recogniseAndWait': {
		form: async (house) => ({
			images: String(await imageOf(house)),
			reportTypes: ['SHARE_OF_SPACE'],
		}),
		request: 'POST /api/v1.5/recognize/',
		body: { images: [anId], report_types: ['SHARE_OF_SPACE'] },
		out: [{ report_type: 'SHARE_OF_SPACE', status: 'READY', share_of_space: 0.75 }],
	},
	'report.get': {
		form: async (house) => ({ reportId: String(await reportOf(house)) }),
		request: /^GET \/api\/v1\.5\/reports\/\d+\/$/,
		out: [{ report_type: 'FACING_COUNT' }],
	},
	'report.recalculate': {
		form: async (house) => ({ reportIds: String(await reportOf(house)) }),
		request: 'POST /api/v1.5/reports/force_update/',
		body: { reports: [anId] },
		out: [{ reports: [anId] }],
	},
	'report.recalculateAndWait': {
		form: async (house) => ({ reportIds: String(await reportOf(house)) }),
		request: 'POST /api/v1.5/reports/force_update/',
		body: { reports: [anId] },
		out: [4, 1].map((count) => ({ report_type: 'FACING_COUNT', status: 'READY', count })),
	},
	'brand.upsert': upsert('brands', { name: 'Добрый' }, 'name'),
	'category.upsert': upsert('categories', { name: 'Juices' }, 'name'),
	'manufacturer.upsert': upsert('manufacturers', { name: 'Multon' }, 'name'),
	'sku.upsert': upsert('sku', { name: 'Juice 1 l', cid: 'C-1' }, 'cid'),
	'planogram.delete': {
		form: async (house) => {
			const { id } = await first(house, 'planogram.create', fields({ name: 'Winter' }));
			return { objectId: byId(String(id)) };
		},
		request: /^DELETE \/api\/v1\.5\/planograms\/\d+\/$/,
		out: [{ deleted: true }],
	},
	'planogramRecord.delete': {
		form: async (house) => {
			const place = { planogram: '1', sku: '155279', shelf_index: '2' };
			const { id } = await first(house, 'planogramRecord.create', fields(place));
			return { objectId: byId(String(id)) };
		},
		request: /^DELETE \/api\/v1\.5\/planogram_records\/\d+\/$/,
		out: [{ deleted: true }],
	},
	'token.revoke': {
		form: async (house) => ({ tokenToRevoke: (await first(house, 'token.create', {})).token }),
		request: 'POST /api/auth/v1.0/revoke_token/',
		body: { token: expect.stringMatching(/^sandboxmade/) as string },
		out: [{ SUCCESS: true }],
	},
	'apiRequest.send': {
		form: { method: 'GET', path: `/api/data/v1.3/visits/${VISIT}/` },
		request: `GET /api/data/v1.3/visits/${VISIT}/`,
		out: [{ id: VISIT }],
	},
};

// Tokens are made and revoked with the master key alone.
const house = freshHouse(walk, { token: INSPECTOR_TOKENS.masterKey });

testOwnOperations(walk, house, CASES);
