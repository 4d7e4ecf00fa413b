/** MoySklad's documents as a node of their own: the same connection, limits and errors. */
import type { Choice, Vendor } from '../../shared/catalogue';
import { withGivenOut } from '../../shared/facts/givenOut';
import { operationsOf } from '../catalogue/dictionaries';
import { facts } from '../facts';
import { withSilence } from '../silence';
import { moySklad } from '../vendor';
import { documents } from './decisions';
import { basisOperation } from './basis';
import { calculations } from './calculate';
import { chainOperation } from './chain';
import { comments } from './comments';
import { defaultsOperation } from './defaults';
import { documentFiles } from './documentFiles';
import { documentErrors } from './errors';
import { history } from './history';
import { inventoryOperation } from './inventory';
import { items } from './items';
import { markingCodes } from './markingCodes';
import { paymentOperation } from './payments';
import { printOperation } from './printing';
import { printTemplates } from './printTemplates';
import { publications } from './publication';
import { statusOperation } from './status';
import { trashOperation } from './trash';

/** Named in MoySklad's own English, with the Russian term that people know from the web app. */
const resources: Choice[] = documents.map(({ resource, keyword, many }) => ({
	name: facts[keyword].one,
	value: resource,
	local: facts[keyword].local,
	description: `Work with ${many} (${keyword})`,
}));

/** What a new node begins with; n8n puts a node onto an AI agent without asking for an action. */
const first = 'customerorder';
const isFirst = ({ value }: Choice) => value === first;

export const moySkladDocuments: Vendor = {
	...moySklad,
	// Codes that the general table knows less well come first.
	errors: [...documentErrors, ...moySklad.errors],
	resources: [
		...resources.filter(isFirst),
		...resources.filter((one) => !isFirst(one)),
		{
			name: 'Item',
			value: 'item',
			local: 'Позиция документа',
			description: 'The rows of a document: add, change, delete, list beyond 1000',
		},
		{
			name: 'Change History',
			value: 'history',
			local: 'История изменений',
			description: 'Who changed a document, when, and what',
		},
		{
			name: 'Comment',
			value: 'comment',
			local: 'Лента событий',
			description: 'Comments on orders, invoices and others: their event feed',
		},
		{
			name: 'File',
			value: 'file',
			local: 'Файл документа',
			description: 'Files that are attached to a document, product, counterparty or task',
		},
		{
			name: 'Marking Code',
			value: 'markingCode',
			local: 'Код маркировки',
			description: 'Codes of marked goods in the rows of a document',
		},
		{
			name: 'Print Template',
			value: 'printTemplate',
			local: 'Шаблон печатной формы',
			description:
				'What the forms of a type of document and the labels of goods look like: own templates and standard ones',
		},
		{
			name: 'Public Link',
			value: 'publication',
			local: 'Публикация',
			description: 'Pages of a document that everybody with the link can see',
		},
	],
	operations: withGivenOut([
		...documents.flatMap((document) => [
			...operationsOf(document),
			...trashOperation(document),
			...basisOperation(document),
			...defaultsOperation(document),
			...statusOperation(document),
			...printOperation(document),
			...chainOperation(document),
			...paymentOperation(document),
			...inventoryOperation(document),
		]),
		...items,
		...calculations,
		...markingCodes,
		...printTemplates,
		...publications,
		...documentFiles,
		...comments,
		...history,
	]).map(withSilence),
};
