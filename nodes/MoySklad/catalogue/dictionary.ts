/**
 * MoySklad's plain dictionaries: their lists and objects all work alike, so a table of fields is enough to
 * make the operations. Reference of the project §1; MoySklad docs, Entities.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	FilterField,
	FilterOperator,
	Mapper,
	OutputField,
	SendRequest,
	Work,
} from '../../shared/catalogue';
import { ENTITIES, GOODS, searchOf } from '../entities';
import type { WriteField } from '../writeFields';

/** A dictionary as data. */
export interface Dictionary {
	/** n8n's name of the resource. */
	resource: string;
	/** MoySklad's keyword, as in `/entity/<keyword>`. */
	keyword: string;
	/** In sentences: "currency", "currencies". */
	one: string;
	many: string;
	/** Label of the locator (Title Case). */
	label: string;
	/** List search behind the locator. */
	search: string;
	/** In the list of resources; "Work with …" without. */
	about?: string;
	docs: string;
	/** Everything that can be written. */
	fields: WriteField[];
	/** Lists of parts as rows of the form, beside the field of the mapper that they fill. */
	rows?: Field[];
	/** Fields that conditions may compare. */
	filter: FilterField[];
	sort: Choice[];
	/** What `search` looks into; none when the list has no search. */
	searches?: string;
	/** References that can be returned as whole objects. */
	expand?: Choice[];
	/** Values of the query parameter `fields`. */
	extraFields?: Choice[];
	/** Fields of a simplified row, at most ten; a name that `references` maps to holds the ID of a reference. */
	simple: Record<string, OutputField['type']>;
	/** `productFolder: 'parentId'` turns a reference into its ID. */
	references?: Record<string, string>;
	/** It has `salePrices`, and `salePrice` for the one of the main price type. */
	prices?: boolean;
	/** Further values of a simplified row. */
	derive?: (row: IDataObject) => IDataObject;
	/** What lists leave out unless they are asked for it. */
	hides?: 'archived' | 'done' | 'isDeleted';
	/** Paths of amounts; the second list names those that are whole kopecks, with their labels. */
	money?: { paths: string[]; whole?: Record<string, string> };
	/** The web app keeps filters for its list (MoySklad docs: Saved filters). */
	savedFilters?: boolean;
	/** Entity whose custom attributes it has. */
	attributes?: string;
	/** Bank accounts → the field with their owner. */
	accounts?: Record<string, string>;
	/** Creation takes a `syncId`. */
	syncId?: boolean;
	/** What the API can do: l list, c create, r read, u update, d delete, D delete many; everything without. */
	does?: string;
	/** Objects come and go one by one: arrays are not documented. */
	single?: boolean;
	/** It came after 0.1.0: there are no saved forms of another shape. */
	later?: boolean;
	/** No field tells objects apart, so that there is nothing to find them by for Create or Update. */
	keyless?: boolean;
	/** Values that a creation gets when they are not given. */
	defaults?: IDataObject;
	/** Adapts a body that creates, e.g. one that was copied from another object. */
	fresh?: (body: IDataObject) => void;
	/** Further rules between fields. Throws `InputProblem`. */
	check?: (body: IDataObject, creates: boolean) => void;
	/** Finishes bodies with what only the whole object tells. Sets `problem`. */
	finish?: (calls: Call[], work: Work) => Promise<void>;
	/** Conditions of Get Many beside the others, which `resolve` turns into filter terms. */
	conditions?: { fields: Field[]; resolve: (calls: Call[], work: Work) => Promise<void> };
	/** Choices that only the account knows, by the field. */
	choices?: Mapper['choices'];
	/** A list of which several input items may each give a part of one object. */
	gather?: string;
	/** Takes out of a body what one request cannot carry; `complete` sends it afterwards. */
	split?: (call: Call) => void;
	/** Finishes what was written, by further requests. */
	complete?: (rows: IDataObject[], call: Call, send: SendRequest) => Promise<IDataObject[]>;
	/** What tells the objects of a doubtful creation, for people to look at. */
	lookFor: string;
	/** What is said above rows of the form, by their name, where they take the place of what the object has. */
	replaces?: Record<string, string>;
	/** Rights, tariffs and limits of writing. */
	writeNotes?: string;
	/** What a change does with what the object has: said at Update, and Create or Update. */
	changeNotes?: string;
	notes?: string;
}

/** Operators by the kind of a field, as the column "filtering" of the docs' field tables has them. */
export const TEXT: FilterOperator[] = [
	'equals',
	'notEquals',
	'contains',
	'startsWith',
	'endsWith',
	'isEmpty',
	'isNotEmpty',
];
export const EQUAL: FilterOperator[] = ['equals', 'notEquals'];
export const EQUAL_OR_EMPTY: FilterOperator[] = [...EQUAL, 'isEmpty', 'isNotEmpty'];
export const ORDERED: FilterOperator[] = [
	...EQUAL,
	'greater',
	'greaterOrEqual',
	'less',
	'lessOrEqual',
];

const STATES = /^\w+\/metadata\/states$/;

/** References are picked from the list of their entity, or of all that they may be. */
export function withSearches(fields: FilterField[]): FilterField[] {
	return fields.map((field) => {
		if (STATES.test(field.entity ?? '')) {
			return { ...field, search: 'searchStatuses', formerlyTyped: true };
		}
		if (field.entity === '*') {
			const help = 'Documents of all types; otherwise its link, since an ID does not tell the type';
			return { ...field, search: 'searchAnyDocument', formerlyTyped: true, help };
		}
		const keywords = (field.entity ?? '').split(',');
		if (!ENTITIES.has(keywords[0])) return field;
		if (keywords.length === 1) return { ...field, search: searchOf(keywords[0]) };
		if (!keywords.every((keyword) => GOODS.has(keyword))) {
			return { ...field, search: searchOf(...keywords) };
		}
		const help = 'An ID alone is taken for that of a product; other goods by list, name or link';
		return { ...field, search: 'searchAssortment', help };
	});
}
