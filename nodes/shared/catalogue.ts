/**
 * What an API is made of, as data. A vendor is a table of operations plus a few small parts (connection,
 * budget, error table, paging style); everything shared reads these tables and knows no vendor.
 */
import type { ICredentialDataDecryptedObject, IDataObject, Failure } from 'n8n-workflow';

import type { ListRule } from './paging';
import type { Policy } from './planner';
import type { ApiAnswer, ApiRequest, HttpMethod, SendRequest } from './wire';

export type { ApiAnswer, ApiRequest, HttpMethod, SendRequest } from './wire';
export type { ListRule } from './paging';

/** Method and path in one readable string; `{name}` stands for a path field: `GET /entity/webhook/{id}`. */
export type Route = `${HttpMethod} /${string}`;

export interface Choice {
	name: string;
	value: string;
	description?: string;
	/** Sentence that n8n shows in the nodes panel; operations only. */
	action?: string;
}

/** Where a field's value goes: into the path, the query, the body, the filter, or only to our own code. */
export type Destination =
	`path:${string}` | `query:${string}` | `body:${string}` | `filter:${string}` | 'control';

/** Name of the collection that holds a field; without one, the field stands at the top of the form. */
export type Section = 'filters' | 'options' | 'additionalFields' | 'updateFields';

interface FieldBase {
	/** n8n parameter name. */
	name: string;
	/** Label in the form (Title Case). */
	label: string;
	to: Destination;
	section?: Section;
	help?: string;
	hint?: string;
	placeholder?: string;
	required?: boolean;
	/** Shows the field only when another parameter of the form has one of these values. */
	when?: Record<string, Array<string | boolean>>;
	/**
	 * Turns the checked form value into the wire value. Throw `InputProblem` for a value that cannot be sent;
	 * return `undefined` to send nothing.
	 */
	wire?: (value: unknown, context: WireContext) => unknown;
}

/** What a `wire` function may look at. */
export interface WireContext {
	/** API root without a trailing slash, for references that are written as URLs. */
	baseUrl: string;
	/** IANA zone of the workflow, for dates without an offset. */
	timezone: string;
	/** Raw form value of another parameter of the same item. */
	parameter: (name: string) => unknown;
}

export type Field =
	| (FieldBase & { kind: 'text'; default?: string; rows?: number })
	| (FieldBase & { kind: 'number'; default?: number; min?: number; max?: number })
	| (FieldBase & { kind: 'toggle'; default?: boolean })
	| (FieldBase & { kind: 'choice'; choices: Choice[]; default: string })
	| (FieldBase & { kind: 'choices'; choices: Choice[]; default?: string[] })
	| (FieldBase & { kind: 'time' })
	| (FieldBase & { kind: 'locator'; locator: Locator });

/** One object picked from a list, by ID or by link. */
export interface Locator {
	/** Name of the list search method of the node. */
	search: string;
	/** The ID's form, e.g. a UUID or digits, with the sentence shown when it does not match. */
	id: { pattern: string; message: string; placeholder: string };
	/** A link that contains the ID; the first group of `pattern` is the ID. */
	url?: { pattern: string; placeholder: string };
}

/** A field that may be compared in a filter condition, with just the operators that the vendor allows for it. */
export interface FilterField {
	/** The vendor's name of the field. */
	name: string;
	label: string;
	kind: 'text' | 'uuid' | 'reference' | 'toggle' | 'time' | 'number' | 'choice';
	operators: FilterOperator[];
	/** For `reference`: entity whose href is compared. */
	entity?: string;
	choices?: Choice[];
	help?: string;
}

export type FilterOperator =
	| 'equals'
	| 'notEquals'
	| 'contains'
	| 'startsWith'
	| 'endsWith'
	| 'greater'
	| 'greaterOrEqual'
	| 'less'
	| 'lessOrEqual'
	| 'isEmpty'
	| 'isNotEmpty';

/** One condition of the user's filter after reading the form. */
export interface FilterTerm {
	field: string;
	operator: FilterOperator;
	values: string[];
}

/** How an answer becomes rows. */
export interface AnswerRule {
	kind: 'object' | 'list' | 'deleted';
	/** Property that holds the object or the rows, when the vendor wraps it; dots go deeper. */
	at?: string;
}

export interface OutputField {
	type: 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null';
	/** The vendor's example, or one like it: n8n draws the schema preview from types only. */
	properties?: Record<string, OutputField>;
}

/** One operation of the vendor: the form, the request, the docs row and the output schema come from it. */
export interface Operation {
	resource: string;
	operation: string;
	/** Name in the Operation list (Title Case). */
	name: string;
	/** Sentence in the nodes panel, without articles ("Get many webhooks"). */
	action: string;
	description: string;
	route: Route;
	/** Vendor's documentation page. */
	docs: string;
	fields: Field[];
	/** Conditions that the user may add. */
	filter?: FilterField[];
	/** Fields that the list can be ordered by. */
	sort?: Choice[];
	answer: AnswerRule;
	/** For lists: page size limits and style come from here. */
	list?: ListRule;
	/** Sent in the body whatever the form says, e.g. `{ enabled: true }`. */
	constants?: IDataObject;
	/** True when sending the same request twice does no harm although the method is POST. */
	idempotent?: boolean;
	/** Flat row of at most ten fields; used when Simplify is on. */
	simplify?: (row: IDataObject, call: Call) => IDataObject;
	/** Completes rows with further requests or trims them; gets one page at a time, in order. */
	enrich?: (rows: IDataObject[], call: Call, send: SendRequest) => Promise<IDataObject[]>;
	/**
	 * Adapts request and call before the vendor writes filter and order: headers, terms, fields. Throw
	 * `InputProblem` when it could only fail.
	 */
	shape?: (request: ApiRequest, call: Call) => void;
	/** Fields of a simplified row, for the output schema. */
	output: Record<string, OutputField>;
	/** Limits and rights, in words, for the docs table. */
	notes?: string;
}

/** One item's parameters, read and checked. */
export interface Call {
	operation: Operation;
	itemIndex: number;
	baseUrl: string;
	/** IANA zone of the workflow. */
	timezone: string;
	path: Record<string, string>;
	query: IDataObject;
	body: IDataObject;
	filter: FilterTerm[];
	/** Order of the rows: `[field, 'asc' | 'desc']`. */
	sort: Array<[string, 'asc' | 'desc']>;
	/** Values of `control` fields. */
	control: IDataObject;
	returnAll: boolean;
	/** Wanted rows when Return All is off. */
	limit: number;
	simplify: boolean;
}

/** What the vendor says is wrong, read from its error body. */
export interface VendorProblem {
	code?: string | number;
	text?: string;
	link?: string;
	parameter?: string;
	/** Trace or request ID for the vendor's support. */
	trace?: string;
}

/** One row of a vendor's error table: first match wins, codes before statuses. */
export interface ErrorRow {
	codes?: Array<string | number>;
	statuses?: number[];
	/** Matches only when the vendor's text contains this. */
	textIncludes?: string;
	/** What happened, in the user's words. */
	say: string;
	/** How to get unstuck. */
	hint: string;
	cause?: Failure['cause'];
	/** `postponed`: not carried out, come again. `stumbled`: may have been carried out, may work next time. */
	retry?: 'postponed' | 'stumbled';
}

/** A vendor's connection for one set of credentials. */
export interface Connection {
	/** API root without a trailing slash. */
	baseUrl: string;
	/** Calls with the same key share one budget in this process. Must not contain a secret in clear. */
	budgetKey: string;
	headers: Record<string, string>;
	policy: Policy;
}

export interface Vendor {
	/** The vendor's name as users know it. */
	name: string;
	credentialType: string;
	resources: Choice[];
	operations: Operation[];
	/** Throws `InputProblem` when the credential cannot work. */
	connect: (credentials: ICredentialDataDecryptedObject) => Connection;
	readProblem: (answer: ApiAnswer) => VendorProblem | undefined;
	/** True when an answer with a good status still says that the call failed. */
	isFailure?: (answer: ApiAnswer) => boolean;
	errors: ErrorRow[];
	/** Writes the filter and the order of a list into the request, in the vendor's syntax. */
	writeList?: (request: ApiRequest, call: Call) => void;
}
