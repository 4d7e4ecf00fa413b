/** Files of images, from MoySklad's storage. Reference of the project §1.10, §2.10; MoySklad docs, Images. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, FileRule, Work } from '../../shared/catalogue';
import { Cancelled } from '../../shared/road/clock';
import { missingFailure } from '../../shared/errors/errors';
import { namedFile } from '../../shared/files/files';
import { inParallel } from '../../shared/road/parallel';
import { InputProblem } from '../../shared/errors/problems';
import { rowsList } from '../lists';
import { UUID } from '../references';
import { filled, GONE, ownerIdOf, rowId } from './nested';

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
		const id = idInLink(String((row?.meta as IDataObject | undefined)?.downloadHref));
		if (id) {
			call.control.image = row;
			call.path.id = id;
		} else call.problem ??= missingFailure(work.vendor, request, GONE, call.path.id);
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

const DOWNLOAD = new RegExp(`^https?://[^\\s?#]+/download/(${UUID})(?:\\?[^#\\s]*)?$`);

const idInLink = (link: string): string | undefined => DOWNLOAD.exec(link.trim())?.[1];

/** The ID in a download link; it alone counts, the host is always the credential's. */
export function downloadId(link: string): string {
	const id = idInLink(link);
	if (id) return id;
	throw new InputProblem(
		'Download Link',
		`is '${link.slice(0, 200)}'`,
		"Give 'downloadHref' of an image (…/download/<ID>). Permanent links and links into the storage need no credentials: use the node HTTP Request for them.",
	);
}

/** The file of an image: what is told of it, and its name. */
export const imageFile: FileRule = {
	kind: 'file',
	json: ({ filename, ...facts }, { control, path }) => {
		const row = imageOf(control);
		return filled({
			id: rowId(row) ?? path.id,
			ownerId: control.ownerId === undefined ? undefined : ownerOf(row, control.ownerId),
			filename,
			...facts,
			updated: row.updated,
		});
	},
	name: (told, extension, { control, query }) =>
		nameOfDownload(imageOf(control).filename ?? told, extension, query.miniature === true),
};

/** The row of the owner's list; empty when a link was given. */
function imageOf(control: IDataObject): IDataObject {
	return (control.image ?? {}) as IDataObject;
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
	const name = namedFile(typeof named === 'string' && named !== '' ? named : 'image', extension);
	return miniature ? name.replace(/(\.[^.]*)?$/, '-miniature$1') : name;
}
