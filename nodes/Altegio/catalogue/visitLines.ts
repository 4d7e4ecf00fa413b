/**
 * Lines of a visit, row by row. Altegio replaces the lists of a visit, so that a row would take all other lines away: rows
 * are put into the list that is there. What is given as a list in the fields is the whole list, as Altegio takes it.
 * Reference of the project: altegio-api.md §2.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import type { More } from '../dialect';

/** Lists that were made row by row. */
const madeOfRows = new WeakSet<object>();

const SUM = 'Sum';
const APPOINTMENT = 'Appointment ID';

/** The rows of the form, and what they are called there. */
export const VISIT_LINES: NonNullable<More['tune']> = {
	services: {
		label: 'Services',
		rows: true,
		help: 'A row for each service that is new or changes; the others stay. Without rows, nothing of them is changed.',
		front: ['id', 'record_id', 'first_cost', 'discount', 'cost'],
		columns: {
			id: {
				name: 'serviceId',
				label: 'Service ID',
				required: true,
				help: 'As Visit: Get with Output Raw tells it, and Service: Get Many',
			},
			record_id: {
				name: 'appointmentId',
				label: APPOINTMENT,
				help: 'Needed only where the visit has this service in several appointments; a new one goes to the appointment above',
			},
			first_cost: { label: 'Price Before Discount' },
			discount: { label: 'Discount (%)' },
			cost: { label: SUM, help: 'What is to be paid for it' },
		},
	},
	goods_transactions: {
		label: 'Products',
		rows: true,
		help: 'A row for each product that is new or changes; the others stay. Without rows, nothing of them is changed.',
		front: ['id', 'good_id', 'storage_id', 'amount', 'price', 'discount', 'cost'],
		columns: {
			id: {
				name: 'lineId',
				label: 'Line ID',
				help: 'Of a product that the visit has, as Visit: Get with Output Raw tells it; none for a new one',
			},
			good_id: { name: 'productId', label: 'Product ID', help: 'Of a new product' },
			storage_id: { name: 'inventoryId', label: 'Inventory ID', help: 'From where it is sold' },
			master_id: { name: 'teamMemberId', label: 'Team Member ID', help: 'Who sells it' },
			amount: { label: 'Amount', help: 'With a minus for a sale, as Altegio has it' },
			discount: { label: 'Discount (%)' },
			cost: { label: SUM, help: 'What is to be paid for it' },
		},
	},
	new_transactions: {
		label: 'New Transactions',
		rows: true,
		help: 'A row for each payment to add. Sale: Add Payment does the same, and picks the account from a list.',
		front: ['amount', 'account_id'],
		columns: {
			id: {
				name: 'lineId',
				label: 'Line ID',
				help: 'What is paid; the docs leave open of what it is the ID',
			},
			amount: { required: true },
			account_id: { label: 'Account ID', required: true, help: 'Cash desk or bank account' },
		},
	},
};

/** The operation, whose rows are known as such. */
export function withLines(operation: Operation): Operation {
	const fields = operation.fields.map((field) => {
		if (field.kind !== 'rows') return field;
		const { wire } = field;
		return {
			...field,
			wire: (value: unknown, context: Parameters<NonNullable<typeof wire>>[1]) => {
				const rows = (wire ? wire(value, context) : value) as object;
				madeOfRows.add(rows);
				return rows;
			},
		};
	});
	return { ...operation, fields };
}

/** The body of a visit with the rows of the call in its lists. Throws `InputProblem` for a row that fits none or several. */
export function withRows(kept: IDataObject, { body, path }: Call): IDataObject {
	const joined: IDataObject = { ...kept, ...body };
	const isRows = (name: string) =>
		typeof body[name] === 'object' && madeOfRows.has(body[name] as object);
	const listOf = (lines: unknown) => (lines ?? []) as IDataObject[];
	if (isRows('services')) {
		joined.services = put(listOf(kept.services), listOf(body.services), {
			isMeant: (line, row) =>
				isSame(line.id, row.id) &&
				(row.record_id === undefined || isSame(line.record_id, row.record_id)),
			start: (row) => newService(row, Number(path.recordId)),
			what: ({ id }) => `the service ${String(id)}`,
		});
	}
	if (isRows('goods_transactions')) {
		joined.goods_transactions = put(
			listOf(kept.goods_transactions),
			listOf(body.goods_transactions),
			{
				isMeant: (line, row) => row.id !== undefined && isSame(line.id, row.id),
				start: newProduct,
				what: ({ id }) => `the line ${String(id)}`,
			},
		);
	}
	return joined;
}

interface Joining {
	isMeant: (line: IDataObject, row: IDataObject) => boolean;
	/** What a new line begins with. */
	start: (row: IDataObject) => IDataObject;
	what: (row: IDataObject) => string;
}

const isSame = (one: unknown, other: unknown) => String(one) === String(other);

/** Of what the sum is made. */
const PRICED = ['amount', 'price', 'cost_per_unit', 'first_cost', 'discount'];

function put(lines: IDataObject[], rows: IDataObject[], how: Joining): IDataObject[] {
	const joined = [...lines];
	for (const row of rows) {
		const meant = joined.flatMap((line, index) => (how.isMeant(line, row) ? [index] : []));
		if (meant.length > 1) {
			throw new InputProblem(
				APPOINTMENT,
				`is empty in a row, and several appointments of the visit have ${how.what(row)}`,
				`Fill in '${APPOINTMENT}' in this row.`,
			);
		}
		// The sum of before would stand beside another price.
		if (row.cost === undefined && PRICED.some((name) => row[name] !== undefined)) {
			throw new InputProblem(
				SUM,
				`is empty in the row of ${how.what(row)}, whose price, amount or discount is given`,
				`Fill in '${SUM}' too: Altegio takes it as it is given.`,
			);
		}
		if (meant.length === 0) joined.push({ ...how.start(row), ...row });
		else joined[meant[0]] = { ...joined[meant[0]], ...row };
	}
	return joined;
}

/** A slip in the ID must not become one service more. */
function newService({ id, first_cost: price, cost }: IDataObject, recordId: number): IDataObject {
	if (price !== undefined && cost !== undefined) return { record_id: recordId };
	throw new InputProblem(
		'Service ID',
		`is ${String(id)}, and the visit has no such service`,
		`Check it; for a service that is new, fill in 'Price Before Discount' and '${SUM}'.`,
	);
}

function newProduct({ id }: IDataObject): IDataObject {
	if (id === undefined) return {};
	throw new InputProblem(
		'Line ID',
		`is ${String(id)}, and the visit has no such line`,
		'Leave it empty for a product that is new.',
	);
}
