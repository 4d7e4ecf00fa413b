/** What the editor of the documents' node asks for. */
import { choices, entitySearches, searchSavedFilters, searchStatuses } from '../searches';
import { documentChoices, documentSearches } from './searches';

export const listSearch = {
	...entitySearches,
	searchSavedFilters,
	searchStatuses,
	...documentSearches,
};

export const loadOptions = { ...choices, ...documentChoices };
