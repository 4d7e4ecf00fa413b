/** What the table of MoySklad's types can say. */

/** One field of a type. */
export interface TypeField {
	/** Label in English (ours), after MoySklad's own interface. */
	label: string;
	/** `string`, `text`, `boolean`, `integer`, `number`, `dateTime`, `uuid`, `enum`, `ref`, `refs`, `object`, … */
	kind: string;
	/** Types that a reference may point to. */
	ref?: string[];
	/** `kopecks`, `percent`, `bytes`, `MSK` (Moscow time). */
	unit?: string;
	/** Known values of an enumeration. */
	values?: string[];
	/** Characters of a text. */
	max?: number;
	required?: boolean;
	readOnly?: boolean;
	/** Signs with which lists can be filtered by it, with blanks between them. */
	filter?: string;
	/** The same at the older of two endpoints (assortment). */
	olderFilter?: string;
	sort?: boolean;
	expand?: boolean;
	/** Only a filter or an order of the list: objects do not have it. */
	listOnly?: boolean;
	/** A link to other documents. */
	link?: boolean;
	/** Of a report's filter: several values may be given, and none (which finds what is empty). */
	several?: boolean;
	orEmpty?: boolean;
}

/** One type of MoySklad's API. */
export interface TypeFacts {
	kind: 'dictionary' | 'document' | 'subresource' | 'report' | 'system';
	one: string;
	many: string;
	/** The term of the web app, in Russian. */
	local?: string;
	/** Collection below the API root. */
	path?: string;
	/** l list, c create, r read, u update, d delete, D delete many, t recycle bin. */
	does: string;
	/** `metadata`, `attributes`, `states`, `syncId`, `template`, and parts such as `files`, `notes`, `positions`. */
	has: string[];
	/** Where the list's `search` looks; empty when it has none. */
	search?: string[];
	fields: Record<string, TypeField>;
	/** Fields of the objects inside, by the name of their list: `positions`, … */
	parts?: Record<string, Record<string, TypeField>>;
	/** What reports can be filtered by, by the end of their address: `all`, `bystore`, … */
	filters?: Record<string, Record<string, TypeField>>;
}
