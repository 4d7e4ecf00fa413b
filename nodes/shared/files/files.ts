/** Files that vendors send: their kind, their name, and the item they become. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, Call, Field, FileFacts, FileRule, Output, Work } from '../catalogue';
import { isZip, zipEntries } from './zip';

/** Where the file goes, as n8n's own nodes ask for it. */
export const outputField: Field = {
	name: 'binaryPropertyName',
	label: 'Put Output File in Field',
	kind: 'text',
	to: 'control',
	required: true,
	default: 'data',
	help: 'Name of the binary field that the file is put into',
};

/** The item of a file that came as an answer (`expects: 'bytes'`). */
export async function fileOutput(
	answer: Pick<ApiAnswer, 'body' | 'headers'>,
	rule: FileRule,
	call: Call,
	work: Pick<Work, 'makeBinary'>,
): Promise<Output> {
	const bytes = bytesOf(answer.body);
	const kind = namedKind(fileKind(bytes), rule.as?.(call));
	const told = answer.headers['content-type']?.split(';')[0].trim();
	const mimeType = kind?.mimeType ?? (told || 'application/octet-stream');
	const named = nameInDisposition(answer.headers['content-disposition']);
	const filename = (rule.name ?? namedFile)(named, kind?.extension, call);
	const facts: FileFacts = { filename, mimeType, size: bytes.length };
	const json: IDataObject = rule.json ? rule.json(facts, call) : { ...call.path, ...facts };
	const binary = await work.makeBinary(bytes, filename, mimeType);
	return { json, binary: { [String(call.control[outputField.name])]: binary } };
}

/** Tables of office programs are ZIP files, pages of text are nothing that bytes tell. */
function namedKind(
	found: ReturnType<typeof fileKind>,
	asked: ReturnType<NonNullable<FileRule['as']>>,
): ReturnType<typeof fileKind> {
	return found === undefined || found.extension === 'zip' ? (asked ?? found) : found;
}

/** `front` or `front.bin` → `front.png`; a name is made up where none is told. */
export function namedFile(told: string | undefined, extension: string | undefined): string {
	const name = told === undefined || told === '' ? 'file' : told;
	const dot = name.lastIndexOf('.');
	const base = dot > 0 ? name.slice(0, dot) : name;
	const own = dot > 0 ? name.slice(dot + 1) : '';
	const same = extension === undefined || own.toLowerCase().replace('jpeg', 'jpg') === extension;
	const suffix = same ? own : extension;
	return suffix ? `${base}.${suffix}` : base;
}

interface FileKind {
	extension: string;
	mimeType: string;
	/** First bytes, in hexadecimal, at an offset. */
	magic: Array<[number, string]>;
}

/** What the first bytes of a file tell. */
const KINDS: FileKind[] = [
	{ extension: 'jpg', mimeType: 'image/jpeg', magic: [[0, 'ffd8ff']] },
	{ extension: 'png', mimeType: 'image/png', magic: [[0, '89504e470d0a1a0a']] },
	{ extension: 'gif', mimeType: 'image/gif', magic: [[0, '47494638']] },
	{
		extension: 'webp',
		mimeType: 'image/webp',
		magic: [
			[0, '52494646'],
			[8, '57454250'],
		],
	},
	{ extension: 'pdf', mimeType: 'application/pdf', magic: [[0, '25504446']] },
	{ extension: 'zip', mimeType: 'application/zip', magic: [[0, '504b0304']] },
	{ extension: 'xls', mimeType: 'application/vnd.ms-excel', magic: [[0, 'd0cf11e0a1b11ae1']] },
];

/** Documents of office programs are archives; a file in them tells of which. */
const OFFICE: Record<string, Pick<FileKind, 'extension' | 'mimeType'>> = {
	'xl/workbook.xml': {
		extension: 'xlsx',
		mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	},
	'word/document.xml': {
		extension: 'docx',
		mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	},
};

function officeKind(bytes: Buffer): Pick<FileKind, 'extension' | 'mimeType'> | undefined {
	try {
		for (const { name } of zipEntries(bytes)) if (name in OFFICE) return OFFICE[name];
	} catch {
		// Broken, or cut off: an archive is all that can be said.
	}
	return undefined;
}

/** The kind of a file, by its content; undefined when that tells nothing. */
export function fileKind(bytes: Buffer): Pick<FileKind, 'extension' | 'mimeType'> | undefined {
	const office = isZip(bytes) ? officeKind(bytes) : undefined;
	if (office) return office;
	return KINDS.find(({ magic }) =>
		magic.every(
			([offset, hex]) => bytes.subarray(offset, offset + hex.length / 2).toString('hex') === hex,
		),
	);
}

/** The file name in a `Content-Disposition` header (RFC 6266); undefined when it tells none. */
export function nameInDisposition(header: string | undefined): string | undefined {
	if (!header) return undefined;
	const encoded = /filename\*\s*=\s*[\w-]+'[^']*'([^;\s]+)/i.exec(header)?.[1];
	if (encoded) return decoded(encoded);
	const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
	const name = plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
	return name === '' ? undefined : name;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** What n8n's helper gives for a request that expects bytes. */
export function bytesOf(body: unknown): Buffer {
	if (Buffer.isBuffer(body)) return body;
	if (body instanceof ArrayBuffer) return Buffer.from(body);
	return Buffer.from(typeof body === 'string' ? body : '');
}
