/** Parameters that say which document an operation is about, whatever its type. */
import type { Choice, Field, Locator } from '../../shared/catalogue';
import { partLocator } from '../catalogue/nested';
import { facts, typesThat } from '../facts';
import { linkPattern } from '../references';

const byLabel = (types: string[]) =>
	[...types].sort((one, other) => facts[one].one.localeCompare(facts[other].one, 'en'));

/** Types of documents of which `test` holds. */
export function documentTypes(test: (keyword: string) => boolean = () => true): string[] {
	return byLabel(typesThat(({ kind }, keyword) => kind === 'document' && test(keyword)));
}

/** Types by their names. */
export const typeChoices = (types: string[]): Choice[] =>
	types.map((value) => ({ name: facts[value].one, value, local: facts[value].local }));

const DOCUMENT = `(?:${documentTypes().join('|')})`;

/** A document of any type. */
export const anyDocument: Locator = {
	...partLocator(DOCUMENT, 'customerorder', 'searchDocuments'),
	url: {
		pattern: linkPattern(`/entity/${DOCUMENT}/`, DOCUMENT),
		placeholder:
			'e.g. https://online.moysklad.ru/app/#customerorder/edit?id=7944ef04-f831-11e5-7a69-971500188b19',
	},
};

/** Pages of the web app for what has files: documents, counterparties, goods, tasks. */
const FILES_PAGE = [...documentTypes(), 'company', 'good', 'todo'].join('|');

/** What can have files: documents, goods, counterparties and tasks. */
export const filesOwner: Locator = {
	...anyDocument,
	url: {
		pattern: linkPattern('/entity/\\w+/', `(?:${FILES_PAGE})`),
		placeholder: anyDocument.url?.placeholder ?? '',
	},
};

/** The same for all, so that their forms fold. */
export const DOCUMENT_HELP = 'The document, from the list, by ID or by link';

/** Type and document, in the path or for our own code only. */
export function documentFields(
	types: string[],
	what: string,
	to: 'path' | 'control' = 'path',
	locator: Locator = anyDocument,
): Field[] {
	const isDocument = locator === anyDocument;
	const label = isDocument ? 'Document' : 'Object';
	return [
		{
			name: 'documentType',
			label: `${label} Type`,
			kind: 'choice',
			to: to === 'path' ? 'path:documentType' : 'control',
			required: true,
			default: types.includes('customerorder') ? 'customerorder' : types[0],
			choices: typeChoices(types),
			help: `Type of the ${label.toLowerCase()} that ${what}`,
		},
		{
			name: 'documentId',
			label,
			kind: 'locator',
			to: to === 'path' ? 'path:documentId' : 'control',
			required: true,
			locator,
			help: isDocument ? DOCUMENT_HELP : 'From the list, by ID or by link',
		},
	];
}
