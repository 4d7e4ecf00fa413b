/** What the editor of the documents' node asks for. */
import { choices, entitySearches, searchSavedFilters, searchStatuses } from '../searches';
import { agentSearches, payeeSearches } from '../searchesAmong';
import { documentChoices, documentSearches } from './searches';

export const listSearch = {
	...entitySearches,
	...agentSearches,
	...payeeSearches,
	searchSavedFilters,
	searchStatuses,
	...documentSearches,
};

export const loadOptions = { ...choices, ...documentChoices };
