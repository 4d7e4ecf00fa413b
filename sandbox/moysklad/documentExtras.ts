/** What documents have beside their fields and items: statuses, templates, files, public links, comments. */
import { facts, typesThat } from '../../nodes/MoySklad/facts';
import type { Entity, World } from './world';
import { MEDIA_TYPE, refId } from './world';

/** Documents that can have statuses. */
export const STATED_DOCUMENTS = typesThat(
	({ kind, has, fields }) => kind === 'document' && has.includes('states') && !!fields.state,
);

/** Lists that belong to a document: files, public links, comments. */
export class DocumentParts {
	private readonly lists = new Map<string, Entity[]>();
	private made = 0;

	constructor(private readonly world: World) {}

	list(kind: string, documentId: string): Entity[] {
		return this.lists.get(`${kind} ${documentId}`) ?? [];
	}

	add(kind: string, keyword: string, documentId: string, fields: Entity): Entity {
		const id = this.world.id(`document-${kind}`, this.made++);
		const href = `${this.world.href(keyword, documentId)}/${kind}/${id}`;
		const { meta, ...rest } = fields;
		const part = {
			meta: { href, type: kind, mediaType: MEDIA_TYPE, ...(meta as Entity | undefined) },
			id,
			...rest,
		};
		this.lists.set(`${kind} ${documentId}`, [...this.list(kind, documentId), part]);
		return part;
	}

	/** False when there is none of this ID. */
	remove(kind: string, documentId: string, id: string): boolean {
		const before = this.list(kind, documentId);
		const rest = before.filter((part) => part.id !== id);
		this.lists.set(`${kind} ${documentId}`, rest);
		return rest.length < before.length;
	}
}

/** Field of the other document in which a new one appears, by its type and the field that names the other. */
const BACK: Record<string, Record<string, string>> = {
	customerOrder: { demand: 'demands', invoiceout: 'invoicesOut', move: 'moves' },
	purchaseOrder: { supply: 'supplies', invoicein: 'invoicesIn' },
	internalOrder: { move: 'moves', purchaseorder: 'purchaseOrders' },
	demand: { salesreturn: 'returns' },
	supply: { purchasereturn: 'returns' },
};

/** Finds a document. */
type Find = (keyword: string, id: string) => Entity | undefined;

/** Shows a new document in those that it names. */
export function linkBack(document: Entity, keyword: string, find: Find): void {
	for (const [field, targets] of Object.entries(BACK)) {
		const other = (document[field] as { meta?: { type?: string } } | undefined)?.meta?.type;
		const back = targets[keyword];
		const found = other && back ? find(other, refId(document[field]) ?? '') : undefined;
		if (!found) continue;
		found[back] = [...((found[back] ?? []) as Entity[]), { meta: document.meta }];
	}
}

/** Makes the documents that a payment pays know of it; `before` is what it paid until now. */
export function linkPayment(payment: Entity, before: Entity[], keyword: string, find: Find): void {
	const touch = (operation: Entity, sign: 1 | -1) => {
		const { type = '' } = operation.meta as { type?: string };
		const document = find(type, refId(operation) ?? '');
		if (!document) return;
		document.payedSum = Number(document.payedSum ?? 0) + sign * Number(operation.linkedSum ?? 0);
		const others = ((document.payments ?? []) as Entity[]).filter(
			(one) => refId(one) !== String(payment.id),
		);
		const { meta } = payment;
		document.payments = sign > 0 ? [...others, { meta, linkedSum: operation.linkedSum }] : others;
	};
	if (!facts[keyword].fields.operations) return;
	for (const operation of before) touch(operation, -1);
	for (const operation of (payment.operations ?? []) as Entity[]) touch(operation, 1);
}

/** A PDF of one page with a line of text; it opens in every reader. */
export function pdfOf(line: string): Buffer {
	const text = line.replace(/[^\x20-\x7e]/g, '?').replace(/[()\\]/g, '\\$&');
	const stream = `BT /F1 14 Tf 40 780 Td (${text}) Tj ET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
	];
	let file = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const at = file.length;
		file += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return at;
	});
	const start = file.length;
	const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
	file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	return Buffer.from(file, 'latin1');
}
