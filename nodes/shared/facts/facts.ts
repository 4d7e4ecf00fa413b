/**
 * Facts of a vendor's API that nobody decides: names, kinds, limits. They are written by `npm run facts` from the
 * vendors' tables and committed as `facts.generated.ts` beside each vendor; a hand-written entry of the catalogue
 * wins over them. None of the vendors' sentences are in them.
 */

/** One field of a request. */
export interface FieldFacts {
	name: string;
	/**
	 * The vendor's word for its type, e.g. `string`, `integer`, `object`, `array`, `file`. (Not called `type`: n8n's lint
	 * would take a fact for a parameter of a form.)
	 */
	kind: string;
	required?: boolean;
	/** Known values. */
	values?: Array<string | number | boolean>;
	/** E.g. `date`, `date-time`, `int64`. */
	format?: string;
	min?: number;
	/** The value must be above `min`, which is then a whole number. */
	above?: true;
	max?: number;
	/** A text, or the texts of a list, that names something: the vendor leaves blanks at its ends out. */
	key?: true;
	/** Characters of a text. */
	maxLength?: number;
	/** Elements of a list. */
	maxItems?: number;
	/** Type of a list's elements when they are no objects. */
	of?: string;
	/** Fields of an object, or of the objects in a list. */
	fields?: FieldFacts[];
	/**
	 * Members of an object, or of the objects in a list, that the source only shows in an example: path → type. The form
	 * shows such a field as JSON.
	 */
	holds?: Record<string, string>;
	/** Paths in `holds` that must be there. */
	needs?: string[];
	/** Known values of members, by their path in `holds`. */
	knows?: Record<string, Array<string | number>>;
	deprecated?: boolean;
}

/** One documented call. */
export interface OperationFacts {
	/** The vendor's ID of the operation, or `resource.name`. */
	id: string;
	method: string;
	/** Path below the API root, placeholders in curly brackets. */
	path: string;
	/** The vendor's group of operations. */
	group?: string;
	pathFields?: FieldFacts[];
	query?: FieldFacts[];
	body?: FieldFacts[];
	/** What the body is when it is not JSON. */
	content?: string;
	/** Fields of the answer: path (`data[].id`) → type, as far as the vendor lists them. */
	answer?: Record<string, string>;
	/** HTTP status of a good answer, where the source tells it. */
	status?: number;
	/** The vendor's platform that has the call alone. */
	only?: string;
	/** Rights of the key that allow the call: any of them. */
	scopes?: string[];
	/** Calls or elements in so many seconds; `per` is the path of the counted elements in the answer. */
	limit?: { amount: number; seconds: number; per?: string };
	paging?: string;
	deprecated?: { since?: string; off?: string; instead?: string };
	/** How sure the source is, where it is no official specification. */
	certainty?: string;
}
