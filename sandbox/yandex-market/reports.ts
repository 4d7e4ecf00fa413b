/** Reports of Yandex Market: started, asked after, downloaded by a link that lasts for an hour. */
import { zipOf } from '../shared/zipOf';

/** Every look at a ready report makes a new link, which lasts so long (ms). */
const LINK_MS = 3_600_000;
const PDF = '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n';

interface Report {
	/** ID of the operation that started it. */
	kind: string;
	format: string;
	looks: number;
}

/** The reports of the sandbox's cabinet. */
export class YandexReports {
	/** `report-0` was started earlier. */
	private readonly reports = new Map<string, Report>([
		['report-0', { kind: 'generateUnitedOrdersReport', format: 'FILE', looks: 1 }],
	]);
	private table: Buffer | undefined;
	/** Origin of the host that serves the files. */
	storage = '';
	/** Why reports fail from now on (subStatus); none. */
	failsWith: string | undefined;
	/** Rows of a report's sheet. */
	rows: Array<Record<string, unknown>> = [
		{ orderId: 51_000_000_002, shopSku: '00042', price: 990 },
		{ orderId: 51_000_000_003, shopSku: 'A-7', price: 100 },
	];

	/** Takes these rows, and packs a table of them: what that takes must not count in a measurement. Bytes unpacked. */
	prepare(rows: Array<Record<string, unknown>>): number {
		this.rows = rows;
		const text = jsonOf(rows);
		this.table = archive({ 'orders.json': text });
		return Buffer.byteLength(text);
	}

	start(kind: string, format: string | undefined): Record<string, unknown> {
		const reportId = `report-${this.reports.size}`;
		this.reports.set(reportId, { kind, format: format ?? 'FILE', looks: 0 });
		return { reportId, estimatedGenerationTime: 2000 };
	}

	/** How it stands: pending at the first look, ready or failed at the next. */
	info(reportId: string): Record<string, unknown> | undefined {
		const report = this.reports.get(reportId);
		if (!report) return undefined;
		report.looks++;
		if (report.looks < 2) return { status: 'PENDING', estimatedGenerationTime: 1000 };
		if (this.failsWith) return { status: 'FAILED', subStatus: this.failsWith };
		const link = `${this.storage}/market/${reportId}.${extensionOf(report)}?expires=${Date.now() + LINK_MS}`;
		return { status: 'DONE', file: link, generationFinishedAt: new Date().toISOString() };
	}

	/** The file of a report: an archive with a file for each sheet, a table, or a document. */
	file(reportId: string): Buffer | undefined {
		const report = this.reports.get(reportId);
		if (!report) return undefined;
		if (isDocument(report)) return Buffer.from(PDF);
		if (report.format === 'JSON') {
			return this.table ?? archive({ 'orders.json': jsonOf(this.rows) });
		}
		if (report.format === 'CSV') {
			const lines = this.rows.map((row) => Object.values(row).join(';'));
			return archive({ 'orders.csv': [Object.keys(this.rows[0]).join(';'), ...lines].join('\n') });
		}
		return archive({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' });
	}
}

const jsonOf = (rows: YandexReports['rows']) => JSON.stringify({ rows });

const isDocument = ({ kind }: Report) => /Labels|ShipmentList|Barcodes/.test(kind);

function extensionOf(report: Report): string {
	if (isDocument(report)) return 'pdf';
	return report.format === 'FILE' ? 'xlsx' : 'zip';
}

function archive(files: Record<string, string>): Buffer {
	const bytes = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)] as const);
	return zipOf(Object.fromEntries(bytes), true);
}
