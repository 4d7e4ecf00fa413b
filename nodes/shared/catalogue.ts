/**
 * What an API is made of, as data. A vendor is a table of operations plus a few small parts (connection,
 * budget, error table, paging style); everything shared reads these tables and knows no vendor.
 */
import type {
	Failure,
	IBinaryData,
	ICredentialDataDecryptedObject,
	IDataObject,
} from 'n8n-workflow';

import type { ListRequest, ListRule } from './road/paging';
import type { Policy } from './road/planner';
import type { ApiAnswer, ApiRequest, Headers, HttpMethod, SendRequest } from './road/wire';

export type { ApiAnswer, ApiRequest, Headers, HttpMethod, SendRequest } from './road/wire';
export type { ListRule } from './road/paging';

/** Method and path in one readable string; `{name}` stands for a path field: `GET /entity/webhook/{id}`. */
export type Route = `${HttpMethod} /${string}`;

export interface Choice {
	name: string;
	value: string;
	/** The vendor's own term, in the language of its users; the form shows it in brackets behind the name. */
	local?: string;
	description?: string;
	/** Sentence that n8n shows in the nodes panel; operations only. */
	action?: string;
	/** What a new sort row begins with; the first of the list without. */
	first?: boolean;
	/** The form offers it only when another parameter has one of these values. */
	when?: Record<string, string[]>;
}

/** Where a field's value goes: path, query, body, filter, a header of what is written, or only our own code. */
export type Destination =
	| `path:${string}`
	| `query:${string}`
	| `body:${string}`
	| `filter:${string}`
	| `header:${string}`
	| 'control';

/** Name of the collection that holds a field; without one, the field stands at the top of the form. */
export type Section = 'filters' | 'options' | 'additionalFields' | 'updateFields';

interface FieldBase {
	/** n8n parameter name. */
	name: string;
	/** Label in the form (Title Case). */
	label: string;
	to: Destination;
	section?: Section;
	/** A field at the top that stood in this section once: what saved workflows have there is read as before. */
	formerly?: Section;
	/** How `filter:` compares; equality without. */
	operator?: FilterOperator;
	help?: string;
	hint?: string;
	/** What has to be known before it is filled in; stands above a field that has no section. */
	notice?: string;
	placeholder?: string;
	required?: boolean;
	/** The credential may hold it, under this name of `Connection.defaults`: needed only where that has none. */
	fallback?: string;
	/**
	 * It stands for all fields of the form that go to the same place of the body or below it, in the API's own form: what
	 * those require may be here instead, and a value here and there is refused. Of JSON fields.
	 */
	stead?: true;
	/** A bulk request cannot carry it: a call that has a value for it is sent by itself. */
	alone?: boolean;
	/** Of a column: where its value stands in the row's object, when not under the column's name; dots go deeper. */
	at?: string;
	/** Shows the field only when another parameter of the form has one of these values. */
	when?: Record<string, Array<string | boolean>>;
	/** A choice that `when` hides counts all the same, with its default: the request cannot be without. */
	stands?: true;
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
	/** IANA zone of the vendor, or of the place that the call is about; the workflow's until it is known. */
	readonly zone?: string;
	/** Raw form value of another parameter of the same item. */
	parameter: (name: string) => unknown;
}

/**
 * How a time is written: `instant` is ISO 8601 in UTC; `wall` (`2026-11-21 09:30:00`) and `date` (`2026-11-21`) are
 * those of the vendor's zone, in which a value without an offset is read then as well. Without it, the value goes to
 * the field's `wire` as it is.
 */
export type TimeForm = 'instant' | 'wall' | 'date';

export type Field =
	/** `also`: takes lists (joined with commas), or whatever an expression gives (for its `wire`), besides texts. */
	| (FieldBase & {
			kind: 'text';
			default?: string;
			rows?: number;
			also?: 'list' | 'any';
			/** Shown as dots. */
			secret?: boolean;
	  })
	/** `above`: `min` itself does not go. */
	| (FieldBase & {
			kind: 'number';
			default?: number;
			min?: number;
			above?: boolean;
			max?: number;
			whole?: boolean;
	  })
	| (FieldBase & { kind: 'toggle'; default?: boolean })
	/** `open`: other values pass, too. */
	| (FieldBase & { kind: 'choice'; choices: Choice[]; default: string; open?: boolean })
	| (FieldBase & { kind: 'choices'; choices: Choice[]; default?: string[]; open?: boolean })
	| (FieldBase & { kind: 'time'; as?: TimeForm })
	| (FieldBase & { kind: 'locator'; locator: Locator })
	/** JSON, as text or from an expression; the wire value is the parsed object or array. */
	| (FieldBase & { kind: 'json'; default?: string })
	/** One of the values that a `loadOptions` method of the node lists, or any text by expression. */
	| (FieldBase & {
			kind: 'loaded';
			load: string;
			multiple?: boolean;
			/** Parameters of the form, by path, on which the list depends. */
			dependsOn?: string[];
	  })
	/**
	 * A list of small groups of fields; the wire value is an array of objects, fields by name. In a body it is one way
	 * beside the mapper: a field that was given in both is refused.
	 */
	| (FieldBase & { kind: 'rows'; button: string; rowLabel: string; columns: Field[] })
	/** n8n's resource mapper, or JSON instead: the fields of a write. */
	| (FieldBase & { kind: 'mapper'; mapper: Mapper });

/** The fields that a create or update can set. */
export interface Mapper {
	/** `create` wants the required fields; `upsert` lets the user choose the field to match on. */
	mode: 'create' | 'update' | 'upsert';
	fields: MapperField[];
	/** An update that replaces the object with what is given: it wants the required fields as a creation does. */
	whole?: true;
	/** Parameters of the form on which `more` and `offers` depend: the fields are loaded anew when they change. */
	dependsOn?: string[];
	/** False for a field that the form need not show for what it holds now; given all the same, it is read. */
	offers?: (field: MapperField, parameter: (name: string) => unknown) => boolean;
	/** Choices that only the account knows, by the name of their field: the form offers them, other values pass. */
	choices?: Record<string, (send: SendRequest) => Promise<Choice[]>>;
	/** Columns of the vendor's own rows that this operation does not write. */
	readOnly?: string[];
	/** Throws `InputProblem` for a column whose header says that its value is not what the field takes, as its unit may. */
	header?: (field: MapperField, column: string, value: unknown, context: WireContext) => void;
	/** An item that may be a row of the vendor, with its values in the form in which they are written. */
	taken?: (row: IDataObject) => IDataObject;
	/**
	 * The list of the API's own body of which an item is one element, and the form's fields that stand beside it there:
	 * a whole body in place of the fields is taken apart.
	 */
	inside?: { at: string; beside: string[] };
	/** Further fields that only the account knows, such as custom attributes; their names start with `prefix`. */
	more?: {
		prefix: string;
		/** Field of the body that may hold them as well, in the vendor's own form. */
		also?: string;
		/** `parameter` tells what the form holds now, for fields that depend on a choice. */
		load: (
			send: SendRequest,
			baseUrl: string,
			parameter: (name: string) => unknown,
		) => Promise<MapperField[]>;
	};
}

/** One field of a mapper. */
export interface MapperField {
	/** The vendor's name of the field. */
	name: string;
	label: string;
	/** Where its value stands in the object in the API's own form, when not under its name; dots go deeper. */
	at?: string;
	/** Further names of columns that hold it, as simplified rows have them. */
	also?: string[];
	kind: 'text' | 'number' | 'toggle' | 'time' | 'choice' | 'object' | 'array';
	/** For `time`. */
	as?: TimeForm;
	/** What a value looks like, in a few words that stand behind the label; of several the first that has room. */
	looks?: string | string[];
	/** Known values; others pass through. */
	choices?: Choice[];
	/** Of numbers; `above`: `min` itself does not go. */
	min?: number;
	above?: boolean;
	max?: number;
	whole?: boolean;
	/** Of numbers that count percents: "12%" is 12. */
	percent?: boolean;
	required?: boolean;
	/** Objects can be matched by it; `default` is chosen at first. */
	match?: boolean | 'default';
	/** Only offered to match by: it is not written. */
	matchOnly?: boolean;
	/** Starts in the list of fields that can be added, not in the form. */
	rare?: boolean;
	/** What a new object is made for: an expression there that gives nothing is a mistake, not an empty field. */
	essential?: boolean;
	/** Turns the given value into the wire value; throw `InputProblem` for a value that cannot be sent. */
	wire?: (value: unknown, context: WireContext) => unknown;
}

/** One object picked from a list, by ID or by link. */
export interface Locator {
	/** Name of the list search method of the node. */
	search: string;
	/** The ID's form, e.g. a UUID or digits, with the sentence shown when it does not match. */
	id: { pattern: string; message: string; placeholder: string };
	/** A link that contains the ID; the first group of `pattern` that matched is the ID. */
	url?: { pattern: string; placeholder: string };
	/**
	 * Links whose ID the vendor understands only in a path, where it leads to the real one: such a call is sent by
	 * itself, not in a batch.
	 */
	alias?: string;
	/** Where an object of the vendor, given as a whole, holds its link; dots go deeper. Without one its `id` counts. */
	linkAt?: string;
	/**
	 * A further mode, for whatever else names the object. The field's `wire` then gets every value as it was given, a
	 * link as a whole.
	 */
	words?: { label: string; placeholder: string };
	/** An expression may give a name, too, which the field's operation looks up: it gets every value as it was given. */
	orName?: true;
}

/** A field that may be compared in a filter condition, with just the operators that the vendor allows for it. */
export interface FilterField {
	/** The vendor's name of the field. */
	name: string;
	label: string;
	kind: 'text' | 'uuid' | 'reference' | 'toggle' | 'time' | 'number' | 'choice';
	operators: FilterOperator[];
	/** For `reference`: entity whose href is compared; for `uuid`: whose ID is. */
	entity?: string;
	/** For `reference` and `uuid`: list search of the node in which people look for the object. */
	search?: string;
	/** It was typed before it had a list: saved rows hold it so. */
	formerlyTyped?: boolean;
	/** For `number`: an amount, in the unit that the option Money says. */
	money?: boolean;
	/** The kind after which its parameters are named, where that is not its own: workflows are saved with it. */
	named?: 'number';
	choices?: Choice[];
	help?: string;
	/** Several values belong together even where others are alternatives: a list is not asked for in parts. */
	together?: boolean;
	/** What a new condition begins with; the first field of the list without. */
	first?: boolean;
}

export type FilterOperator =
	| 'equals'
	| 'notEquals'
	| 'contains'
	| 'notContains'
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
	/** What the form or an expression gave (texts, numbers, dates, objects); wire texts where `of` is absent. */
	values: unknown[];
	/** The field that the user compares. */
	of?: FilterField;
}

/** How an answer becomes rows. */
export type AnswerRule = DataRule | FileRule;

export interface DataRule {
	/** `done` and `deleted`: a good answer says nothing that anybody needs. */
	kind: 'object' | 'list' | 'done' | 'deleted';
	/** Property that holds the object or the rows, when the vendor wraps it; dots go deeper. */
	at?: string;
	/** A write answers with a list there: each element is an item. An empty one says `success`, since it was written. */
	many?: true;
}

/**
 * The answer is a file, which goes into the binary field that the user names (`outputField` of files.ts). Name and
 * type are those of the headers; the first bytes correct a type that is wrong or missing. A redirect to the vendor's
 * storage is followed, without the credentials.
 */
export interface FileRule {
	kind: 'file';
	/** The item's JSON; without it the values of the path and the facts of the file. */
	json?: (file: FileFacts, call: Call) => IDataObject;
	/** The kind of file that was asked for, where its first bytes do not tell it (tables are ZIP files). */
	as?: (call: Call) => { extension: string; mimeType: string } | undefined;
	/** The name, from the one that the headers tell and the extension that fits the content. */
	name?: (told: string | undefined, extension: string | undefined, call: Call) => string;
}

export interface FileFacts {
	filename: string;
	mimeType: string;
	/** Bytes. */
	size: number;
}

export interface OutputField {
	type: 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null';
	/** The vendor's example, or one like it: n8n draws the schema preview from types only. */
	properties?: Record<string, OutputField>;
}

/** What a second look at a refused call shows: it is so already, and this is its row; or what the error is to say besides. */
export type SecondLook = { row: IDataObject; says?: undefined } | { row?: undefined; says: string };

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
	/**
	 * What the call does at the vendor, by the method unless said: reads go side by side, are tried again, and are no
	 * work that a failure leaves behind.
	 */
	does?: 'reads' | 'writes';
	/** Vendor's documentation page. */
	docs: string;
	fields: Field[];
	/** Conditions that the user may add. */
	filter?: FilterField[];
	/** The operation is younger than the conditions' old form: no saved node has rows of it. */
	newFilter?: boolean;
	/** Fields that the list can be ordered by. */
	sort?: Choice[];
	answer: AnswerRule;
	/** For lists: page size limits and style come from here. */
	list?: ListRule;
	/** Sent in the body whatever the form says, e.g. `{ enabled: true }`. */
	constants?: IDataObject;
	/** True when sending the same request twice does no harm although the method is POST. */
	idempotent?: boolean;
	/** The vendor will switch the call off: not offered to new nodes, with a notice in those that have it. */
	deprecated?: Deprecation;
	/** The request starts a job, whose result is the answer. */
	job?: Job;
	/** The call replaces the whole object: what the user did not name is read and sent along. */
	replaces?: Replaces;
	/** Flat row of at most ten fields, those of `output`; what is missing becomes null. Without it, rows go out raw. */
	simplify?: (row: IDataObject, call: Call) => IDataObject;
	/** Completes rows with further requests or trims them; gets one page at a time, in order. */
	enrich?: (rows: IDataObject[], call: Call, send: SendRequest) => Promise<IDataObject[]>;
	/**
	 * Adapts request and call before the vendor writes filter and order: headers, terms, fields. Throw
	 * `InputProblem` when it could only fail.
	 */
	shape?: (request: ApiRequest, call: Call) => void;
	/** Fields of a simplified row in their order, for the row and the output schema. */
	output: Record<string, OutputField>;
	/** Fields of a simplified row where they depend on the call; those of `output` without. */
	columns?: (call: Call) => Record<string, OutputField> | undefined;
	/** Further fields of the vendor's own object, that the user may pick for the output. */
	rawFields?: Choice[];
	/** Limits and rights, in words, for the docs table. */
	notes?: string;
	/** Several input items may be parts of one call. */
	gather?: Gather;
	/** How many items share one request. */
	bulk?: Bulk;
	/**
	 * Completes calls together before their requests are made: looks objects up, fills in references. Sets
	 * `problem` on a call that cannot be sent; throws when none can. May hand a call over to another operation of the
	 * vendor (`call.operation`), which then sends it: where two calls of the vendor do one thing.
	 */
	prepare?: (calls: Call[], work: Work) => Promise<void>;
	/**
	 * Names what a call writes, apart from all others, where nobody means to write it twice in a run: of several items that
	 * say the same of it, one is sent, and all are done. Elements of a bulk request have their ID for that.
	 */
	writes?: (call: Call) => string | undefined;
	/** A second look at calls that were refused: what they ask for may be so already, or there is more to say. */
	refused?: (calls: Call[], work: Pick<Work, 'send'>) => Promise<Map<Call, SecondLook>>;
	/** Rows of a list that come another way than page by page; undefined: they do not. `request` is without paging. */
	source?: (
		call: Call,
		request: ApiRequest,
		limit: number,
		work: Work,
	) => AsyncIterable<IDataObject[]> | undefined;
	/** Does the call's work itself, for operations that are more than one request; `route` still describes it. */
	perform?: (call: Call, work: Work) => Promise<Output[]>;
}

/** Input items that are parts of one call: those with the same text in one of the options. */
export interface Gather {
	/** Name of the option that holds the text. */
	by: string;
	/** Puts all parts into the first call. Throws `InputProblem` for parts that do not go together. */
	join: (calls: Call[]) => void;
}

/** The end of life of a call. */
export interface Deprecation {
	/** Day of the vendor's announcement, or from which the call fails now and then (`2027-01-18`). */
	since: string;
	/** Day on which it is switched off. */
	off?: string;
	/** Name of the operation to use in its place. */
	instead?: string;
}

/** Work that the vendor does in its own time, started by the operation's request. */
export interface Job {
	/** In the user's words, with an article: "the report". */
	what: string;
	/** Names the job, from the answer that started it; a path is fine. */
	id: (answer: ApiAnswer) => string | undefined;
	/** An answer that names no job is the result itself. */
	atOnce?: boolean;
	/** Tells how the job stands; `{job}` stands for its name. */
	poll: Route;
	/** Path of the state's word in that answer; without it, the HTTP status is the word. */
	state?: string;
	/** Words of a good end. All others that `failed` does not have mean that the job is under way. */
	done: string[];
	failed: Record<string, JobEnd>;
	/** Gets the result; without it, the answer that told the good end holds it. */
	fetch?: Route;
	cancel?: Route;
	/** The vendor's codes of "no place for a job now". */
	full?: Array<string | number>;
	/** What to do when it takes too long; a sentence. */
	instead: string;
}

/** A bad end of a job: what happened, after its name, or the error that its answer tells. */
export type JobEnd =
	| Pick<ErrorRow, 'say' | 'hint' | 'cause'>
	| ((answer: ApiAnswer, request: ApiRequest, vendor: Vendor) => Error);

/** How an object is read that a call replaces. */
export interface Replaces {
	read: Route;
	/** Where the object stands in the answer. */
	at?: string;
	/** The body that leaves the object as it is; what the call names is put over it. */
	keep: (current: IDataObject, call: Call) => IDataObject;
	/** Objects of the body that are put together property by property. */
	deep?: string[];
	/**
	 * The body where more is to be done than to put what the call names over what is there: a list of which it names some
	 * rows. Undefined: nothing more. Throws `InputProblem` for what cannot be put together.
	 */
	join?: (kept: IDataObject, call: Call) => IDataObject | undefined;
	/** Property that is another one after every change; without it, the whole object is compared. */
	version?: string;
}

/** How the calls of many items become few requests. */
export type Bulk = BulkWrite | BulkGet;

/** Elements of an array that is posted; the answer is an array in the same order, errors among it, unless wrapped. */
export interface BulkWrite {
	kind: 'write' | 'delete';
	/** Elements of one request at most; the vendor's own limit unless said. */
	elements?: number;
	wrap?: BulkWrap;
	/** One refused element keeps the vendor from writing any: an option sends the others again without it. */
	allOrNothing?: boolean;
	/** Placeholders are filled from the call's path; calls with the same path, query and headers go together. */
	route: Route;
	element: (call: Call) => IDataObject | string | number;
	/** True when writing this element twice leaves what writing it once does. */
	repeatable: (call: Call) => boolean;
	/** What an element of the answer says when the object does not exist (any more): deleting it is done then. */
	gone?: (problem: VendorProblem) => boolean;
	/** A good answer has no body: all elements are done. */
	silent?: boolean;
	/** Always posted as an array, even alone: the ordinary route does not exist. */
	always?: boolean;
	/** Calls with the same key must not go together: the later one is told what became of the earlier. */
	key?: (call: Call) => string | undefined;
	follow?: (call: Call, before: IDataObject) => void;
	/** What to look at in the vendor's app when nobody knows whether the elements were written. */
	lookFor?: string;
}

/** An array inside an object, and an answer with a verdict for each element. */
export interface BulkWrap {
	/** Path of the array in the body. */
	at: string;
	/** What stands in the body beside the array: calls with the same go together. */
	beside?: (call: Call) => IDataObject;
	/** Path of the verdicts in the answer. */
	results: string;
	/** Property that names the object in an element and in its verdict; one that is no object is the name itself. */
	id: string;
	/** Where that property stands in an element, when it is not at its top. */
	idAt?: string;
	/** What a verdict says is wrong; undefined: the element is done. */
	failed: (verdict: IDataObject) => VendorProblem | undefined;
	/** Only refused elements get a verdict: the others are done. */
	refusedOnly?: boolean;
	/** Property without which an ID names no object: the same ID in another warehouse is another stock. */
	within?: string;
	/**
	 * Elements of one object may follow each other: they are steps, or change only what they name. Without it, two that
	 * differ contradict each other, and neither is sent.
	 */
	inTurn?: true;
}

/** One list request for many IDs. */
export interface BulkGet {
	kind: 'get';
	/** IDs are always asked for this way: there is no ordinary route for one. */
	always?: boolean;
	/** Route of the list. */
	route: Route;
	id: (call: Call) => string;
	/** Query that asks for just these objects, or the body that does. */
	query?: (ids: string[], call: Call) => IDataObject;
	body?: (ids: string[], call: Call) => IDataObject;
	rows: (answer: ApiAnswer) => IDataObject[];
	rowId: (row: IDataObject) => string;
	/** IDs per request at most. */
	most: (call: Call) => number;
	/** The vendor's code for an object that does not exist, to say so in the words of its error table. */
	missingCode: string | number;
}

/** What an operation's own code may use. */
export interface Work {
	vendor: Vendor;
	/** The node hangs on an AI agent: a model may call it twice. */
	isTool: boolean;
	send: SendRequest;
	/** Rows of a list, page by page. */
	pages: (list: Omit<ListRequest, 'send'>) => AsyncGenerator<IDataObject[], void, undefined>;
	/** Waits; rejects as soon as the execution is stopped. */
	wait: (ms: number) => Promise<void>;
	/** Tells the user something of what was done, beside the output: of each kind the first, once per run. */
	notice: (kind: string, message: string) => void;
	/** The item's own JSON. */
	json: (call: Call) => IDataObject;
	/** A binary property of the item. Throws `InputProblem` when there is none. */
	readBinary: (
		call: Call,
		property: string,
	) => Promise<{ bytes: Buffer; fileName?: string; mimeType: string }>;
	makeBinary: (bytes: Buffer, fileName?: string, mimeType?: string) => Promise<IBinaryData>;
	/**
	 * Names this item's turn: the same when n8n tries the node again, another in every other turn, execution,
	 * workflow or installation. Undefined when n8n does not tell the execution.
	 */
	turn: (call: Call) => string | undefined;
	/**
	 * The address at which the vendor wakes this node, while the execution sleeps; for a node with `WAKING` among its
	 * webhooks. Throws `InputProblem`, naming the field, where an execution cannot sleep.
	 */
	wakingUrl: (label: string) => string;
	/** Lets the execution sleep as soon as all items were worked on, so many ms at most. */
	sleep: (ms: number) => void;
}

/** `simplified`, `raw`, or the names of the picked fields. */
export type OutputRule = 'simplified' | 'raw' | string[];

/** One item of an operation's output, before it is paired. */
export interface Output {
	json: IDataObject;
	binary?: Record<string, IBinaryData>;
	/** With `Work.sleep`: the item is replaced when the execution is woken; what is needed to do so. */
	pending?: IDataObject;
}

/** One item's parameters, read and checked. */
export interface Call {
	operation: Operation;
	itemIndex: number;
	baseUrl: string;
	/** Names the credential, without its secret, for what is kept: what one key was told is not another's. */
	account?: string;
	/** IANA zone of the workflow. */
	timezone: string;
	path: Record<string, string>;
	query: IDataObject;
	body: IDataObject;
	/** Headers of the requests that write. */
	headers?: Headers;
	filter: FilterTerm[];
	/** Order of the rows: `[field, 'asc' | 'desc']`. */
	sort: Array<[string, 'asc' | 'desc']>;
	/** Values of `control` fields. */
	control: IDataObject;
	returnAll: boolean;
	/** Wanted rows when Return All is off. */
	limit: number;
	/** Further input items that it is made of. */
	joined?: number[];
	/** What of each row goes out. */
	output: OutputRule;
	/** Field that an upsert matches by, and the item's value of it as text. */
	match?: { field: string; value: string };
	/** Mapper values under names that the account defines (custom attributes), by name. */
	extra: IDataObject;
	/** What became of the item's columns where they fill the fields by their names. */
	columns?: {
		/** Columns that no field took. */
		unused: string[];
		/** Columns that the vendor gives out and does not take. */
		fixed: string[];
		/** Fields that columns can fill. */
		fields: MapperField[];
	};
	/** There while columns are left that only the account's own fields may take. */
	pending?: {
		/** Raw form value of another parameter of the same item. */
		parameter: (name: string) => unknown;
		/** Finishes the call with those fields. Throws `InputProblem`. */
		finish: (account: MapperField[]) => void;
	};
	/** Must be sent by itself: batching is switched off, or the ID only works in a path. */
	alone: boolean;
	/** The object that it replaces, as it was when the items were looked at. */
	current?: IDataObject;
	/** It holds times of the vendor's zone, which must be asked for. */
	inVendorZone?: boolean;
	/** Why this call cannot be sent. */
	problem?: Error;
	/** The object is already as it is to be: nothing is sent, and this is the answer. */
	known?: IDataObject;
}

/** What the vendor says is wrong, read from its error body. */
export interface VendorProblem {
	code?: string | number;
	text?: string;
	link?: string;
	parameter?: string;
	/** Trace or request ID for the vendor's support. */
	trace?: string;
	/** The answer is in the vendor's own form and says nothing: there is nothing in it to show. */
	wordless?: true;
}

/**
 * One row of a vendor's error table: codes before texts before statuses, among these an operation's own rows before
 * its resource's before everybody's, then the first.
 */
export interface ErrorRow {
	/** Only for calls of these: `order`, or one operation `order.getAll`. */
	of?: string[];
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
	/** The work was too much at a time: a smaller share may pass. It may have been carried out all the same. */
	tooMuch?: boolean;
}

/** A vendor's connection for one set of credentials. */
export interface Connection {
	/** What the vendor is called where this credential is used, when it goes by several names. */
	name?: string;
	/** API root without a trailing slash. */
	baseUrl: string;
	/** Calls with the same key share one budget in this process. Must not contain a secret in clear. */
	budgetKey: string;
	headers: Record<string, string>;
	policy: Policy;
	/** Roots of paths that lie elsewhere at the vendor, by what they begin with: `{ '/v2/': 'https://…/api/v2/' }`. */
	roots?: Record<string, string>;
	/** What counts where the form leaves a field with `fallback` empty. */
	defaults?: Record<string, string>;
	/** There when requests go with a token that n8n makes and keeps in the credential (`preAuthentication`). */
	session?: Session;
}

/** A token that is made from a permanent key. */
export interface Session {
	/** Name of the credential's expirable field, which holds the token. */
	field: string;
	/** It is missing, made from another key, or near its end. */
	isDue: boolean;
}

/** Places with zones of their own. */
export interface PlaceZone {
	/** Names the place of a call, so that it is asked once. */
	place: (call: Call) => string;
	/** The place's IANA zone, from the vendor. */
	ask: (call: Call, send: SendRequest) => Promise<string>;
}

/** An API's ways to say nothing. */
export interface Tidy {
	/** Names of objects that come as `[]` when they are empty: they become `{}`. */
	objects?: string[];
	/** Texts that mean that there is no value: they become null. */
	nothing?: string[];
	/**
	 * Where answers stand (`at`). Those of the requests of which `isMissing` is true may come without their envelope, and do
	 * when they have none of the `marks`; of all others an answer without it is none.
	 */
	envelope?: {
		at: string;
		marks: string[];
		isMissing: (request: Pick<ApiRequest, 'method' | 'path'>) => boolean;
	};
}

export interface Vendor {
	/** The vendor's name as users know it. */
	name: string;
	credentialType: string;
	/** The first is what a new node begins with. */
	resources: Choice[];
	operations: Operation[];
	/** Throws `InputProblem` when the credential cannot work. */
	connect: (credentials: ICredentialDataDecryptedObject) => Connection;
	readProblem: (answer: ApiAnswer) => VendorProblem | undefined;
	/** True when an answer with a good status still says that the call failed. */
	isFailure?: (answer: ApiAnswer) => boolean;
	/** How the vendor writes what is empty; put right in every good answer, before anybody reads it. */
	tidy?: Tidy;
	errors: ErrorRow[];
	/** Zone of times without an offset: one for all (IANA name), or that of the place that a call is about. */
	zone?: string | PlaceZone;
	/**
	 * Puts IDs in the place of what the user knows things by (the link of a booking page), before anything else is asked. A
	 * call for which there is none gets its `problem`. Called again for calls that are read again.
	 */
	resolve?: (calls: Call[], send: SendRequest) => Promise<void>;
	/** Writes the filter and the order of a list into the request, in the vendor's syntax. */
	writeList?: (request: ApiRequest, call: Call) => void;
	/** Operators of which several values are alternatives: a list may be asked for them in parts. */
	alternatives?: FilterOperator[];
	/** IDs may have more digits than a number holds: those come as texts, and none loses a digit. */
	longIds?: true;
	/** What one bulk request may hold. */
	bulkLimits?: {
		elements: number;
		/** Bytes of the body. */
		bytes: number;
		/** Bytes of path and query, percent-encoded; what the headers need is already taken off. */
		urlBytes: number;
		/** No address that is longer can work, whatever the headers. */
		longestUrl?: number;
		/** Ms that the vendor may work on a bulk request. */
		timeoutMs: number;
	};
}
