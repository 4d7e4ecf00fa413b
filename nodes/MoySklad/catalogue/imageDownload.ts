/** Files of images, from MoySklad's storage. Reference of the project §1.10, §2.10; MoySklad docs, Images. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Output, Work } from '../../shared/catalogue';
import { Cancelled } from '../../shared/clock';
import { missingFailure } from '../../shared/errors';
import { inParallel } from '../../shared/parallel';
import { InputProblem } from '../../shared/problems';
import { bytesOf, kindOf, nameInDisposition } from '../files';
import { rowsList } from '../lists';
import { UUID } from '../references';
import { filled, GONE, ownerIdOf, rowId } from './nested';

/** Storage is slower than the API. */
const DOWNLOAD_MS = 300_000;

/** Finds the images that are to be downloaded in the lists of their owners, each list read once. */
export async function findImages(calls: Call[], work: Work): Promise<void> {
	const byOwner = new Map<string, Call[]>();
	for (const call of calls) {
		if (call.problem || call.control.downloadBy === 'link') continue;
		const path = `/entity/${String(call.control.ownerType)}/${String(call.control.ownerId)}/images`;
		byOwner.set(path, [...(byOwner.get(path) ?? []), call]);
	}
	await inParallel([...byOwner], async ([path, ofOwner]) => await findIn(path, ofOwner, work));
}

async function findIn(path: string, calls: Call[], work: Work): Promise<void> {
	const request: ApiRequest = { method: 'GET', path };
	const found = await imagesAt(request, work);
	if (found instanceof Cancelled) throw found;
	for (const call of calls) {
		if (found instanceof Error) {
			call.problem ??= found;
			continue;
		}
		const row = found.get(call.path.id.toLowerCase());
		if (row) call.control.image = row;
		else call.problem ??= missingFailure(work.vendor, request, GONE, call.path.id);
	}
}

/** The images of one owner by ID, or what kept them from being read. */
async function imagesAt(
	request: ApiRequest,
	work: Work,
): Promise<Map<string | undefined, IDataObject> | Error> {
	const rows = new Map<string | undefined, IDataObject>();
	try {
		// Two equal images have one ID, so IDs do not tell rows apart.
		const rule = { ...rowsList, rowKey: undefined };
		for await (const page of work.pages({ request, rule, limit: Infinity })) {
			for (const row of page) rows.set(rowId(row)?.toLowerCase(), row);
		}
		return rows;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

const DOWNLOAD = new RegExp(`^https?://[^\\s?#]+(/download/${UUID})(?:\\?[^#\\s]*)?$`);

/** The path of a download link; the ID alone counts, the host is always the credential's. */
export function downloadPath(link: string): string {
	const path = DOWNLOAD.exec(link.trim())?.[1];
	if (path) return path;
	throw new InputProblem(
		'Download Link',
		`is '${link.slice(0, 200)}'`,
		"Give 'downloadHref' of an image (…/download/<ID>). Permanent links and links into the storage need no credentials: use the node HTTP Request for them.",
	);
}

/** Fetches the file: MoySklad redirects to its storage, which is asked without credentials. */
export async function download(call: Call, work: Work): Promise<Output[]> {
	const { control } = call;
	const row = (control.image ?? {}) as IDataObject;
	const href = (row.meta as IDataObject | undefined)?.downloadHref ?? control.downloadLink;
	const miniature = control.imageSize === 'miniature';
	const answer = await work.send({
		method: 'GET',
		path: downloadPath(String(href ?? '')),
		query: miniature ? { miniature: true } : {},
		expects: 'bytes',
		followToStorage: true,
		timeoutMs: DOWNLOAD_MS,
	});
	const bytes = bytesOf(answer.body);
	const told = answer.headers['content-type']?.split(';')[0].trim();
	const kind = kindOf(bytes);
	const mimeType = kind?.mimeType ?? told ?? 'application/octet-stream';
	const named = row.filename ?? nameInDisposition(answer.headers['content-disposition']);
	const fileName = nameOfDownload(named, kind?.extension, miniature);
	return [
		{
			json: filled({
				id: rowId(row) ?? /([^/]+)$/.exec(downloadPath(String(href)))?.[1],
				ownerId: control.ownerId === undefined ? undefined : ownerOf(row, control.ownerId),
				filename: fileName,
				mimeType,
				size: bytes.length,
				updated: row.updated,
			}),
			binary: {
				[String(control.binaryPropertyName)]: await work.makeBinary(bytes, fileName, mimeType),
			},
		},
	];
}

function ownerOf(row: IDataObject, given: unknown): string {
	return ownerIdOf(row, '[a-z]+', String(given));
}

/** `front.jpg` → `front-miniature.png`: miniatures may be of another kind than the image. */
export function nameOfDownload(
	named: unknown,
	extension: string | undefined,
	miniature: boolean,
): string {
	const name = typeof named === 'string' && named !== '' ? named : 'image';
	const dot = name.lastIndexOf('.');
	const base = dot > 0 ? name.slice(0, dot) : name;
	const own = dot > 0 ? name.slice(dot + 1) : '';
	const same = extension === undefined || own.toLowerCase().replace('jpeg', 'jpg') === extension;
	const suffix = same ? own : extension;
	return `${base}${miniature ? '-miniature' : ''}${suffix ? `.${suffix}` : ''}`;
}
