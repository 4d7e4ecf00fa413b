/**
 * Reports: generated in the Market's own time and downloaded at once, since the link lasts for an hour. Reference of the
 * project: yandex-market-jobs.md §7.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiAnswer,
	Call,
	Field,
	Job,
	Operation,
	OutputField,
	Output,
	Route,
	Work,
} from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { bytesOf, fileKind, fileOutput, outputField } from '../../shared/files/files';
import { patienceOf, runJob } from '../../shared/run/job';
import { unmarked } from '../../shared/road/exact';
import { RowsMissing, valueAt } from '../../shared/road/paging';
import { operationName, requestOf } from '../../shared/run/request';
import { JsonRows } from '../../shared/files/jsonRows';
import { zipEntries, type ZipEntry } from '../../shared/files/zip';
import { checkOrder, market, table, type OperationRow } from './dialect';
import { fileName, ordersNamed } from './fileNames';

const INFO: Route = 'GET /v2/reports/info/{job}';

const WHY: Record<string, { say: string; hint: string }> = {
	NO_DATA: {
		say: 'holds no data',
		hint: 'There is nothing for this period and these filters: choose others.',
	},
	TOO_LARGE: { say: 'is too large', hint: 'Choose a shorter period.' },
	RESOURCE_NOT_FOUND: {
		say: 'was not made: some of the objects do not exist',
		hint: 'Check the IDs.',
	},
};

/** Why a report was not made. */
function failed(answer: ApiAnswer): Error {
	const word = String(valueAt(answer.body, 'result.subStatus') ?? '');
	const known = WHY[word] ?? {
		say: `failed${word ? ` (${word})` : ''}`,
		hint: 'Generate it again later.',
	};
	return new CallFailed({
		say: `Yandex Market: the report ${known.say}`,
		hint: known.hint,
		request: INFO,
		problem: { code: word === '' ? undefined : word },
	});
}

const job: Job = {
	what: 'the report',
	id: ({ body }) => valueAt(body, 'result.reportId') as string | undefined,
	poll: INFO,
	state: 'result.status',
	done: ['DONE'],
	failed: { FAILED: failed },
	instead: "Wait longer, or switch on 'Only Start' and download the report later by its ID.",
};

const ONLY_START: Field = {
	name: 'onlyStart',
	label: 'Only Start',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	help: 'Whether to return the ID of the report at once, for Get Status and Download',
};

const UNPACK: Field = {
	name: 'unpack',
	label: 'Unpack',
	kind: 'toggle',
	section: 'options',
	to: 'control',
	help: 'Whether to take apart the archive in which CSV and JSON come: rows of JSON become items, other files binary fields. Choose one of the two as Format: a table stays one file.',
};

/** Starts the report, unless it has an ID already, waits for it and downloads it. */
async function perform(call: Call, work: Work): Promise<Output[]> {
	const { control, operation } = call;
	const request = requestOf(work.vendor, call);
	const start = {
		...request,
		expects: 'json' as const,
		followToStorage: false,
		timeoutMs: undefined,
	};
	if (control.onlyStart === true) {
		const { body } = await work.send(start);
		return [{ json: (valueAt(body, 'result') ?? {}) as IDataObject }];
	}
	const last = await runJob(jobOf(call), start, work, patienceOf(call));
	const link = valueAt(last.body, 'result.file');
	if (typeof link !== 'string') throw new RowsMissing('result.file');
	// The link leads to another house: the key does not go there.
	const answer = await work.send({
		method: 'GET',
		path: request.path,
		storage: link,
		expects: 'bytes',
		followToStorage: true,
		timeoutMs: 300_000,
	});
	// A table of an office program is an archive as well, and no report in pieces.
	if (control.unpack === true) {
		if (fileKind(bytesOf(answer.body))?.extension === 'zip') {
			return await unpacked(bytesOf(answer.body), call, work);
		}
		work.notice(
			'unpack',
			"The report came as one file, which 'Unpack' leaves as it is. For its rows as items, generate it with 'Format' set to JSON.",
		);
	}
	const told = nameIn(link);
	const rule = {
		kind: 'file' as const,
		json: (facts: object) => ({ ...call.path, report: operation.operation, ...facts }),
		name: (named: string | undefined, extension: string | undefined) => {
			const own = NAMES[operationName(operation)]?.(call);
			if (own) return fileName(own, extension);
			const name = named ?? told ?? operation.operation;
			return name.includes('.') || !extension ? name : `${name}.${extension}`;
		},
	};
	return [await fileOutput(answer, rule, call, work)];
}

/** Documents that are looked for by what they are of; a report is called what its link says. */
const NAMES: Record<string, (call: Call) => unknown[]> = {
	'orderLabel.downloadBulk': (call) => ['labels', ...ordersNamed(call)],
	'shipment.downloadPickList': (call) => [
		'pick-list',
		call.body.shipmentId === undefined ? undefined : unmarked(call.body.shipmentId),
		...ordersNamed(call),
	],
};

/** With an ID, the first look at the report stands in for its start. */
function jobOf({ path }: Call): Job {
	return path.reportId === undefined ? job : { ...job, id: () => path.reportId };
}

function nameIn(link: string): string | undefined {
	if (!URL.canParse(link)) return undefined;
	const last = new URL(link).pathname.split('/').pop();
	return last === undefined || last === '' ? undefined : decodeURIComponent(last);
}

/** Rows of JSON files as items; everything else as one item with the files. */
async function unpacked(bytes: Buffer, call: Call, work: Work): Promise<Output[]> {
	const outputs: Output[] = [];
	const files: NonNullable<Output['binary']> = {};
	const field = String(call.control[outputField.name]);
	for (const entry of zipEntries(bytes)) {
		const name = entry.name.replace(/^.*\//, '');
		const rows = name.endsWith('.json') ? rowsIn(entry, name.replace(/\.json$/, '')) : undefined;
		if (rows) {
			for (const json of rows) outputs.push({ json });
			continue;
		}
		const count = Object.keys(files).length;
		files[count === 0 ? field : `${field}${count}`] = await work.makeBinary(entry.bytes(), name);
	}
	if (Object.keys(files).length > 0) {
		outputs.push({
			json: { report: call.operation.operation, files: Object.keys(files).length },
			binary: files,
		});
	}
	return outputs;
}

/** Objects of a JSON file: a list, or the first list in an object; undefined where there is none. */
function rowsIn(entry: ZipEntry, sheet: string): IDataObject[] | undefined {
	const rows = new JsonRows({ sheet });
	entry.pieces((piece) => rows.write(piece));
	return rows.end();
}

type Kind = [
	operation: string,
	facts: string,
	name: string,
	description: string,
	more?: OperationRow[5],
];

/** Refuses months that end before they begin. Throws `InputProblem`. */
function checkMonths(_: unknown, { body }: Call): void {
	const month = (end: 'From' | 'To') => {
		const [year, number] = [body[`year${end}`], body[`month${end}`]];
		return year === undefined || number === undefined
			? undefined
			: Number(year) * 12 + Number(number);
	};
	checkOrder(month('From'), month('To'), { from: 'Month From', to: 'Month To' });
}

/** `[value, facts, name, description]` of each kind of report. */
const KINDS: Kind[] = [
	[
		'payments',
		'generateUnitedNettingReport',
		'Payments',
		'Payments of the Market to the seller',
		{ notes: 'Give a period of three months at most, or a payment order, or a month.' },
	],
	[
		'services',
		'generateUnitedMarketplaceServicesReport',
		'Cost of Services',
		'What the Market took for its services',
		{ notes: 'Give dates (three months at most), or months.', shape: checkMonths },
	],
	[
		'orders',
		'generateUnitedOrdersReport',
		'Orders',
		'Orders with their goods and prices',
		{ notes: 'A year at most.' },
	],
	[
		'returns',
		'generateUnitedReturnsReport',
		'Returns',
		'Returns and orders that were not picked up',
	],
	['realization', 'generateGoodsRealizationReport', 'Realization', 'What was sold in a month'],
	[
		'stocks',
		'generateStocksOnWarehousesReport',
		'Stocks',
		'Stocks by warehouse',
		{ notes: 'Give a shop or a cabinet.' },
	],
	[
		'movement',
		'generateGoodsMovementReport',
		'Movement of Goods',
		"Goods that came to and left the Market's warehouses",
		{ notes: 'FBY and LaaS.' },
	],
	[
		'salesAnalytics',
		'generateShowsSalesReport',
		'Sales Analytics',
		'Shows, clicks and sales',
		{ notes: 'Give a shop or a cabinet.' },
	],
	[
		'competitors',
		'generateCompetitorsPositionReport',
		'Competitors',
		'Place among the competitors of a category',
	],
	[
		'prices',
		'generateGoodsPricesReport',
		'Prices',
		'Prices of products',
		{ notes: 'Give a cabinet, or a shop that has prices of its own.' },
	],
	[
		'turnover',
		'generateGoodsTurnoverReport',
		'Turnover',
		'How fast goods are sold',
		{ notes: 'FBY only.' },
	],
	[
		'salesBoost',
		'generateBoostConsolidatedReport',
		'Sales Boost',
		'What the boost of sales cost and brought',
	],
	['shelves', 'generateShelfsStatisticsReport', 'Shelves', 'Statistics of shelves'],
	['reviews', 'generateGoodsFeedbackReport', 'Reviews', 'Reviews of products'],
	[
		'showsBoost',
		'generateShowsBoostReport',
		'Shows Boost',
		'What the boost of shows cost and brought',
	],
	['banners', 'generateBannersStatisticsReport', 'Banners', 'Statistics of banners'],
	[
		'closingDocuments',
		'generateClosureDocumentsReport',
		'Closing Documents',
		'Closing documents of a month, as PDF in an archive',
	],
	[
		'closingReconciliation',
		'generateClosureDocumentsDetalizationReport',
		'Closing Reconciliation',
		'Details of the closing documents of a month',
	],
	[
		'marketingInvoice',
		'generateMarketingDetalizationReport',
		'Marketing Invoice',
		'Details of the invoice for marketing',
	],
	['jewelry', 'generateJewelryFiscalReport', 'Jewellery', 'Receipts of jewellery'],
	['geography', 'generateSalesGeographyReport', 'Geography', 'Regions to which goods were sold'],
	[
		'keyIndicators',
		'generateKeyIndicatorsReport',
		'Key Indicators',
		'Key indicators by week or month',
		{ notes: 'Give a shop or a cabinet.' },
	],
	[
		'barcodes',
		'generateBarcodesReport',
		'Barcodes',
		'Barcodes to print, as PDF',
		{ notes: 'Give products, or a supply request.' },
	],
];

/** A report that is generated and downloaded by one operation. */
const common = (more: OperationRow[5] = {}): OperationRow[5] => ({
	does: 'reads',
	// A second one within two minutes would be refused: it is not asked for twice.
	idempotent: false,
	section: 'options',
	job,
	perform,
	answer: { kind: 'file' },
	...more,
	own: [outputField, ONLY_START, UNPACK],
});

const made: Operation[] = [
	...table(
		'report',
		KINDS.map(([operation, facts, name, description, more]): OperationRow => [
			operation,
			facts,
			`Get ${name}`,
			`Get ${name.toLowerCase()} report`,
			`Generate and download a report: ${description[0].toLowerCase()}${description.slice(1)}`,
			common(more),
		]),
	),
	market({
		resource: 'report',
		operation: 'download',
		facts: 'getReportInfo',
		name: 'Download by ID',
		action: 'Download report by ID',
		description: 'Wait for a report that was started and download it',
		...common(),
		own: [outputField, UNPACK],
	}),
	market({
		resource: 'report',
		operation: 'getStatus',
		facts: 'getReportInfo',
		name: 'Get Status',
		action: 'Get status of report',
		description: 'See whether a report that was started is ready',
		at: 'result',
		notes: 'The link of a ready report lasts for an hour; each look makes a new one.',
	}),
	...table('orderLabel', [
		[
			'downloadBulk',
			'generateMassOrderLabelsReport',
			'Download of Many',
			'Download labels of many orders',
			'Download the labels of up to 1,000 orders as one PDF',
			{ ...common(), own: [outputField, ONLY_START] },
		],
	]),
	...table('shipment', [
		[
			'downloadPickList',
			'generateShipmentListDocumentReport',
			'Download Pick List',
			'Download pick list of shipment',
			'Download the list of goods to collect for a shipment or for orders',
			{
				...common({ notes: 'FBS only. Give a shipment or orders.' }),
				own: [outputField, ONLY_START],
			},
		],
	]),
];

/** The row of a file says of which report it is. */
export const reports: Operation[] = made.map((operation) => {
	if (operation.answer.kind !== 'file') return operation;
	const { filename, mimeType, size, ...path } = operation.output;
	const report: OutputField = { type: 'string' };
	return { ...operation, output: { ...path, report, filename, mimeType, size } };
});
