/** The list behind the document that a report is about. */
import type { IDataObject } from 'n8n-workflow';

import { listSearch } from '../../shared/form/search';
import { dayOf } from '../entities';
import { rowsStyle } from '../lists';
import { moySklad } from '../vendor';

export const reportSearches = {
	/** Documents of the type in the form, newest first. */
	searchReportDocuments: listSearch(moySklad, {
		style: rowsStyle,
		pageSize: 100,
		request: (context, filter) => ({
			method: 'GET',
			path: `/entity/${String(context.getCurrentNodeParameter('reportDocumentType') ?? 'customerorder')}`,
			query: filter ? { search: filter } : { order: 'moment,desc' },
		}),
		entry: (row: IDataObject) => ({
			name: [row.name, dayOf(row.moment)].filter(Boolean).join(' · '),
			value: String(row.id),
		}),
	}),
};
