/** New images, one by one or as a whole set. Reference of the project §1.10; MoySklad docs, Images. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Output, Work } from '../../shared/catalogue';
import { Cancelled } from '../../shared/road/clock';
import { InputProblem } from '../../shared/errors/problems';
import { bytesOfBase64, checkImage, imageName } from '../files';
import { rowsList } from '../lists';
import { metaAt, UUID } from '../references';
import { rowId } from './nested';

/** MoySklad docs, Images: how many an owner can have (code 51006). */
const MOST: Record<string, number> = { contentcard: 15 };
const MOST_OF_GOODS = 10;
/** Images of 10 MB take their time on the way. */
export const UPLOAD_MS = 300_000;

/** A new image in a body. */
export interface Upload extends IDataObject {
	filename: string;
	content: string;
}

/** An image of a set: one that stays, or a new one. */
type Member = Upload | { meta: IDataObject };

/**
 * The images that an item brings, checked and in base64; none with the source `none`. Throws `InputProblem`.
 */
export async function newImages(call: Call, work: Work): Promise<Upload[]> {
	const { imageSource, imageContent, binaryPropertyName, fileName } = call.control;
	if (imageSource === 'none') return [];
	if (imageSource === 'base64') {
		const bytes = bytesOfBase64(String(imageContent ?? ''), 'Image Content');
		return [uploadOf(bytes, fileName, 'Image Content')];
	}
	const fields = String(binaryPropertyName ?? '')
		.split(',')
		.map((field) => field.trim())
		.filter(Boolean);
	const uploads: Upload[] = [];
	for (const field of fields) {
		const file = await work.readBinary(call, field);
		const name = fields.length === 1 ? (fileName ?? file.fileName) : file.fileName;
		uploads.push(uploadOf(file.bytes, name, `Input Binary Field (${field})`));
	}
	return uploads;
}

function uploadOf(bytes: Buffer, name: unknown, label: string): Upload {
	const { extension } = checkImage(bytes, label);
	return {
		filename: imageName(typeof name === 'string' ? name : undefined, extension),
		content: bytes.toString('base64'),
	};
}

/** The items with one owner: together they say what its images are from now on. */
interface ImageSet {
	calls: Call[];
	/** What MoySklad has made of it, by call. */
	done?: Promise<Map<Call, IDataObject[]>>;
}

const sets = new WeakMap<Call, ImageSet>();

const imagesPath = (call: Call) => `/entity/${call.path.ownerType}/${call.path.ownerId}/images`;

/** Puts items with the same owner together: each by itself would undo the one before. */
export async function prepareSets(calls: Call[]): Promise<void> {
	const byOwner = new Map<string, ImageSet>();
	for (const call of calls) {
		const path = imagesPath(call);
		const set = byOwner.get(path) ?? { calls: [] };
		set.calls.push(call);
		byOwner.set(path, set);
		sets.set(call, set);
	}
}

/** Sends the set that an item belongs to, unless an item before it has done so, and returns its own images. */
export async function replaceSet(call: Call, work: Work): Promise<Output[]> {
	const set = sets.get(call) ?? { calls: [call] };
	set.done ??= send(set.calls, work);
	try {
		const rows = (await set.done).get(call) ?? [];
		return rows.map((json) => ({ json }));
	} catch (error) {
		throw error instanceof MemberProblem ? error.of(call) : error;
	}
}

/** One item's images cannot be sent, so nothing was. */
class MemberProblem extends Error {
	constructor(
		private readonly call: Call,
		private readonly problem: unknown,
	) {
		super('An image of the set cannot be sent');
	}

	/** What to tell each item of the set. */
	of(call: Call): unknown {
		if (call === this.call) return this.problem;
		return new InputProblem(
			'Owner',
			`is the same as of item ${this.call.itemIndex}, whose image cannot be sent`,
			'Nothing was changed for this owner. Correct or leave out that item.',
		);
	}
}

async function send(calls: Call[], work: Work): Promise<Map<Call, IDataObject[]>> {
	const [first] = calls;
	const parts: Array<{ call: Call; members: Member[] }> = [];
	for (const call of calls) parts.push({ call, members: await membersOf(call, work) });
	const all = parts.flatMap(({ members }) => members);
	checkCount(all, first);
	const rows = await sendAll(all, first, work);
	const taken = new Set<IDataObject>();
	return new Map(
		parts.map(({ call, members }) => [
			call,
			members.flatMap((member) => {
				// In the order sent; by name or ID when MoySklad has put them in another.
				const at = rows.length === all.length ? rows[all.indexOf(member)] : undefined;
				const row = [at, ...rows].find(
					(one) => one !== undefined && !taken.has(one) && isOf(one, member),
				);
				if (!row) return [];
				taken.add(row);
				return [row];
			}),
		]),
	);
}

function isOf(row: IDataObject, member: Member): boolean {
	if ('content' in member) return row.filename === member.filename;
	const { meta } = member as { meta: IDataObject };
	return rowId(row) === rowId({ meta });
}

async function membersOf(call: Call, work: Work): Promise<Member[]> {
	try {
		const kept = await keptImages(call, work);
		const members = [...kept, ...(await newImages(call, work))];
		if (members.length > 0) return members;
	} catch (error) {
		throw error instanceof Cancelled ? error : new MemberProblem(call, error);
	}
	throw new MemberProblem(
		call,
		new InputProblem(
			'Image Source',
			'gives no image, and none is to be kept',
			"Give an image, or name those that stay in 'Keep Images'. To remove all images, use the operation Delete.",
		),
	);
}

/** References to the images that stay. */
async function keptImages(call: Call, work: Work): Promise<Member[]> {
	const ids = keptIds(String(call.control.keepImages ?? ''));
	if (ids.length === 0) return [];
	const path = imagesPath(call);
	if (!call.alone) {
		return ids.map((id) => ({ meta: metaAt(call.baseUrl, `${path}/${id}`, 'image').meta }));
	}
	// The owner was given by a link of the web app: only the list tells the API's own address of the images.
	const metas = new Map<string, IDataObject>();
	const pages = work.pages({
		request: { method: 'GET', path },
		rule: rowsList,
		limit: Infinity,
	});
	for await (const rows of pages) {
		for (const row of rows) metas.set(rowId(row) ?? '', row.meta as IDataObject);
	}
	return ids.map((id) => {
		const meta = metas.get(id);
		if (meta) return { meta };
		throw new InputProblem(
			'Keep Images',
			`names the image ${id}, which the owner does not have`,
			"Take the IDs from the operation 'Get Many' of the same owner.",
		);
	});
}

/** IDs of images in a list with commas; links to images are taken for their IDs. Throws `InputProblem`. */
export function keptIds(text: string): string[] {
	return text
		.split(/[\s,;]+/)
		.filter(Boolean)
		.map((entry) => {
			const id = new RegExp(`^(?:https?://\\S+/(?:images|download)/)?(${UUID})(?:[?#].*)?$`).exec(
				entry,
			)?.[1];
			if (id) return id;
			throw new InputProblem(
				'Keep Images',
				`holds '${entry}'`,
				'Give IDs or links of images, separated by commas.',
			);
		});
}

function checkCount(members: Member[], call: Call): void {
	const most = MOST[call.path.ownerType] ?? MOST_OF_GOODS;
	if (members.length <= most) return;
	throw new InputProblem(
		'Owner',
		`would get ${members.length} images`,
		`MoySklad allows ${most}: the input items with this owner bring too many together.`,
	);
}

/**
 * Sends the set; what does not fit into one request (20 MB) follows in further ones, each with all images so
 * far. Sending such a list twice does no harm.
 */
async function sendAll(members: Member[], call: Call, work: Work): Promise<IDataObject[]> {
	let rows: IDataObject[] = [];
	for (const [index, share] of requestShares(members, bytesOfRequest(work)).entries()) {
		const kept = index === 0 ? [] : rows.map(({ meta }) => ({ meta }) as IDataObject);
		const answer = await work.send({
			method: 'POST',
			path: imagesPath(call),
			body: [...kept, ...(share as IDataObject[])],
			idempotent: true,
			timeoutMs: UPLOAD_MS,
		});
		rows = Array.isArray(answer.body) ? (answer.body as IDataObject[]) : [];
	}
	return rows;
}

function bytesOfRequest(work: Work): number {
	// The images that stay are named in each further request; 15 references need some 6 KB.
	return (work.vendor.bulkLimits?.bytes ?? Infinity) - 16 * 1024;
}

/** Members of each request: those that stay are all in the first, new ones as many as fit. */
export function requestShares(members: Member[], limit: number): Member[][] {
	const sizes = new Map(members.map((member) => [member, JSON.stringify(member).length + 1]));
	const total = [...sizes.values()].reduce((sum, size) => sum + size, 2);
	if (total <= limit) return [members];
	const ordered = [
		...members.filter((member) => !('content' in member)),
		...members.filter((member) => 'content' in member),
	];
	const shares: Member[][] = [[]];
	let bytes = 2;
	for (const member of ordered) {
		const size = sizes.get(member) ?? 0;
		if (bytes + size > limit && shares[shares.length - 1].length > 0) {
			shares.push([]);
			bytes = 2;
		}
		shares[shares.length - 1].push(member);
		bytes += size;
	}
	return shares;
}
