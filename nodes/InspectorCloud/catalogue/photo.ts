/** Photos: uploads of your own, and those of visits. Reference of the project: inspector-cloud-api.md §2, traps 12, 21, 25. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, FileRule, Operation, Output, Work } from '../../shared/catalogue';
import { fileOutput, fileKind, outputField } from '../../shared/files/files';
import { jpegOf } from '../../shared/files/jpeg';
import { pixelsOf } from '../../shared/files/png';
import { inParallel } from '../../shared/road/parallel';
import { checkEach } from '../../shared/run/checks';
import { InputProblem } from '../../shared/errors/problems';
import { plainId, objectsIn, plain } from '../values';
import { readVisit, wantedSet } from '../visitDetails';
import { DOCS } from './lists';
import { visitField } from './visit';

const UPLOAD_MS = 300_000;

const UPLOADED = {
	id: { type: 'number' },
	url: { type: 'string' },
	width: { type: 'number' },
	height: { type: 'number' },
	created_date: { type: 'string' },
	duplicate: { type: 'boolean' },
} satisfies Operation['output'];

const DUPLICATES =
	'100 uploads a minute. A photo that was uploaded before comes back with duplicate = true, and its ID works as any other.';

interface Upload {
	bytes: Buffer;
	fileName: string;
}

/** The photo of an item. A PNG becomes a JPEG, when `convert` is true; otherwise its pixels are only looked at. */
async function photoOf(call: Call, work: Work, convert: boolean): Promise<Upload> {
	const property = String(call.control.binaryPropertyName);
	const { bytes, fileName = 'photo.jpg' } = await work.readBinary(call, property);
	const kind = fileKind(bytes);
	if (kind?.extension === 'jpg') return { bytes, fileName };
	if (kind?.extension === 'png') {
		try {
			const pixels = pixelsOf(bytes);
			return { bytes: convert ? await jpegOf(pixels) : bytes, fileName: namedJpeg(fileName) };
		} catch {
			// It cannot be read: told below.
		}
	}
	throw new InputProblem(
		'Input Binary Field',
		bytes.length === 0 ? 'is empty' : `holds ${kind ? `a ${kind.extension} file` : 'no photo'}`,
		'Inspector Cloud takes JPEG only: convert the photo before (node Edit Image), or check what was downloaded.',
	);
}

/** `shelf.png` → `shelf.jpg`. */
function namedJpeg(name: string): string {
	return `${name.replace(/\.png$/i, '')}.jpg`.replace(/\.jpg\.jpg$/i, '.jpg');
}

interface Photo {
	url: string;
	name: string;
	json: IDataObject;
}

/** Names a photo by visit, scene and photo, so that it is known wherever it is stored. */
const photoName = (...parts: unknown[]) =>
	parts
		.map(plain)
		.filter((part) => part !== null)
		.join('-') || 'photo';

/** Photos of a visit that the form wants. */
async function photosOfVisit(call: Call, work: Work): Promise<Photo[]> {
	const { control, path } = call;
	const visit = await readVisit(path.id, work.send, true);
	const corrected = control.version === 'corrected';
	const scenes = wantedSet(control.scenes);
	const photos = wantedSet(control.photos);
	const fits = (wanted: Set<string>, value: unknown) =>
		wanted.size === 0 || wanted.has(String(value));
	return objectsIn(visit.scenes)
		.filter((scene) => fits(scenes, scene.id))
		.flatMap((scene) =>
			objectsIn(scene.images)
				.filter((image) => control.withDeletedPhotos === true || image.is_deleted !== true)
				.filter((image) => fits(photos, image.id))
				.map((image) => ({
					url: String(
						plain(
							(corrected ? image.corrected_perspective_url : image.original_url) ??
								image.original_url,
						) ?? '',
					),
					name: photoName(visit.id, scene.id, image.id),
					json: {
						visit_id: plainId(visit.id),
						scene_id: plainId(scene.id),
						photo_id: plainId(image.id),
						store_id: plainId(visit.store_id),
						customer_id: plain(visit.customer_id),
						agent: plain(visit.current_agent_name),
					},
				})),
		);
}

/** The photo that a link leads to; a row of a visit split into photos tells its name. */
function photoOfLink(call: Call, work: Work): Photo {
	const row = work.json(call);
	const visit = (row.visit ?? {}) as IDataObject;
	const scene = (row.scene ?? {}) as IDataObject;
	const about = {
		visit_id: plainId(row.visit_id ?? visit.id),
		scene_id: plainId(row.scene_id ?? scene.id),
		photo_id: plainId(row.id),
	};
	return {
		url: String(call.control.link),
		name: photoName(about.visit_id, about.scene_id, about.photo_id),
		json: about,
	};
}

async function uploadedPhoto(call: Call, work: Work): Promise<Photo> {
	const path = `/api/v1.5/uploads/${encodeURIComponent(call.path.id)}/`;
	const photo = (await work.send({ method: 'GET', path })).body as IDataObject;
	return {
		url: String(plain(photo.url) ?? ''),
		name: photoName(photo.id),
		json: { photo_id: plainId(photo.id), width: photo.width, height: photo.height },
	};
}

async function photosOf(call: Call, work: Work): Promise<Photo[]> {
	switch (call.control.downloadBy) {
		case 'link':
			return [photoOfLink(call, work)];
		case 'upload':
			return [await uploadedPhoto(call, work)];
		default:
			return await photosOfVisit(call, work);
	}
}

async function fileOf({ url, name, json }: Photo, call: Call, work: Work): Promise<Output> {
	// Samples of the documentation have one slash behind the scheme, which means the same.
	if (!/^https?:\/.+/i.test(url) || !URL.canParse(url)) {
		throw new InputProblem(
			'Link',
			url === '' ? `of the photo ${name} is empty` : `is '${url.slice(0, 200)}'`,
			'Give the address of a photo, as a visit split into photos has it.',
		);
	}
	const address = new URL(url);
	// The credential's own host may want the token; no other gets it.
	const isOwn = address.origin === new URL(call.baseUrl).origin;
	const answer = await work.send({
		method: 'GET',
		...(isOwn
			? { path: `/${address.pathname}`, query: Object.fromEntries(address.searchParams) }
			: { path: address.pathname, storage: address.href }),
		expects: 'bytes',
		followToStorage: true,
		timeoutMs: UPLOAD_MS,
	});
	const rule: FileRule = {
		kind: 'file',
		name: (_told, extension) => `${name}.${extension ?? 'jpg'}`,
		json: (facts) => ({ ...json, ...facts }),
	};
	return await fileOutput(answer, rule, call, work);
}

async function download(call: Call, work: Work): Promise<Output[]> {
	const photos = await photosOf(call, work);
	const files: Output[] = new Array<Output>(photos.length);
	await inParallel([...photos.entries()], async ([at, photo]) => {
		files[at] = await fileOf(photo, call, work);
	});
	return files;
}

const ofVisit = { downloadBy: ['visit'] };

export const photos: Operation[] = [
	{
		resource: 'photo',
		operation: 'download',
		name: 'Download',
		action: 'Download photos of store visit',
		description: 'Get the photos of a visit as files, named by visit, scene and photo',
		route: 'GET /visits/{id}/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [
			{
				name: 'downloadBy',
				label: 'Download By',
				kind: 'choice',
				to: 'control',
				default: 'visit',
				choices: [
					{ name: 'Link', value: 'link', description: 'One photo, as rows of photos have it' },
					{ name: 'Uploaded Photo', value: 'upload', description: 'One photo of your own' },
					{ name: 'Visit', value: 'visit', description: 'All photos of a visit, or some' },
				],
				help: 'What names the photos to download',
			},
			{ ...visitField, when: ofVisit },
			{
				name: 'photoId',
				label: 'Photo ID',
				kind: 'text',
				to: 'path:id',
				required: true,
				when: { downloadBy: ['upload'] },
				help: 'The ID that the upload has answered with',
			},
			{
				name: 'link',
				label: 'Link',
				kind: 'text',
				to: 'control',
				required: true,
				when: { downloadBy: ['link'] },
				placeholder: 'e.g. {{ $json.original_url }}',
				help: 'Address of the photo. It is asked for without the token, unless it lies on the host of the credential.',
			},
			{
				name: 'version',
				label: 'Version',
				kind: 'choice',
				to: 'control',
				default: 'original',
				when: ofVisit,
				choices: [
					{ name: 'Corrected', value: 'corrected', description: 'With the perspective put right' },
					{ name: 'Original', value: 'original', description: 'As it was taken' },
				],
				help: 'Which version of each photo',
			},
			outputField,
			{
				name: 'withDeletedPhotos',
				label: 'Include Deleted Photos',
				kind: 'toggle',
				section: 'options',
				to: 'control',
				when: ofVisit,
				help: 'Whether to download photos that were deleted from the visit',
			},
			{
				name: 'photos',
				label: 'Only These Photos',
				kind: 'text',
				also: 'list',
				section: 'options',
				to: 'control',
				when: ofVisit,
				help: 'IDs of photos of the visit, separated by commas',
			},
			{
				name: 'scenes',
				label: 'Only These Scenes',
				kind: 'text',
				also: 'list',
				section: 'options',
				to: 'control',
				when: ofVisit,
				help: 'IDs of scenes of the visit, separated by commas',
			},
		],
		perform: download,
		output: {
			visit_id: { type: 'number' },
			scene_id: { type: 'number' },
			photo_id: { type: 'number' },
			filename: { type: 'string' },
			mimeType: { type: 'string' },
			size: { type: 'number' },
		},
		notes:
			'The storage is asked without the token. Links end after a while: download soon after reading the visit.',
	},
	{
		resource: 'photo',
		operation: 'get',
		name: 'Get',
		action: 'Get uploaded photo',
		description: 'Retrieve what is known of an uploaded photo',
		route: 'GET /api/v1.5/uploads/{id}/',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [
			{
				name: 'photoId',
				label: 'Photo ID',
				kind: 'text',
				to: 'path:id',
				required: true,
				help: 'The ID that the upload has answered with',
			},
		],
		output: UPLOADED,
	},
	{
		resource: 'photo',
		operation: 'upload',
		name: 'Upload',
		action: 'Upload photo',
		description: 'Send a photo to be recognised: a JPEG, or a PNG that becomes one',
		route: 'POST /api/v1.5/uploads/',
		// Sent twice, it is the same photo: uploads go side by side and are tried again.
		does: 'reads',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [
			{
				name: 'binaryPropertyName',
				label: 'Input Binary Field',
				kind: 'text',
				to: 'control',
				required: true,
				default: 'data',
				help: 'Name of the binary field that holds the photo. Inspector Cloud takes JPEG; a PNG is made one before.',
			},
		],
		// All are looked at before one is sent.
		prepare: async (calls, work) =>
			await checkEach(calls, async (call) => await photoOf(call, work, false), 1),
		perform: async (call, work) => {
			const { bytes, fileName } = await photoOf(call, work, true);
			const { body } = await work.send({
				method: 'POST',
				path: '/api/v1.5/uploads/',
				file: { field: 'datafile', bytes, fileName, mimeType: 'image/jpeg' },
				idempotent: true,
				timeoutMs: UPLOAD_MS,
			});
			return [{ json: body as IDataObject }];
		},
		output: UPLOADED,
		notes: DUPLICATES,
	},
	{
		resource: 'photo',
		operation: 'uploadFromUrl',
		name: 'Upload From URL',
		action: 'Upload photo from URL',
		description: 'Let Inspector Cloud fetch a photo (JPEG) from a public address',
		route: 'POST /api/v1.5/uploads/uploads_by_url/',
		docs: DOCS,
		answer: { kind: 'object' },
		idempotent: true,
		fields: [
			{
				name: 'url',
				label: 'Photo URL',
				kind: 'text',
				to: 'body:url',
				required: true,
				placeholder: 'e.g. https://example.com/shelf.jpg',
				help: 'Inspector Cloud must be able to open it without a login',
				wire: (value) => {
					const text = String(value).trim();
					if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
						// Blanks and letters beyond ASCII, as addresses in sheets have them, are no part of one on the wire.
						return /[^\x21-\x7e]/.test(text) ? new URL(text).href : text;
					}
					throw new InputProblem(
						'Photo URL',
						`is '${text}'`,
						'Give an address that begins with https://.',
					);
				},
			},
		],
		output: UPLOADED,
		notes: DUPLICATES,
	},
];
