/** Every documented operation of the Altegio node, in n8n's engine against the sandbox. */
import { operations } from '../../../nodes/Altegio/facts.generated';
import { altegio } from '../../../nodes/Altegio/vendor';
import { ALTEGIO_LOCATIONS, ALTEGIO_RECORDS, ALTEGIO_VISITS } from '../../../sandbox';
import { altegioPaths } from '../../../sandbox/altegio';
import { walkFacts } from '../factsWalk';

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

walkFacts({
	vendor: altegio,
	facts: operations,
	paths: altegioPaths,
	loose: true,
	node: 'n8n-nodes-retail-ops.altegio',
	listener: 'altegio',
	speed: 100,
	error: {
		status: 422,
		body: {
			success: false,
			data: null,
			meta: { message: 'An error occurred', errors: { title: ['Title is required'] } },
		},
		says: 'Title is required',
	},
	values: {
		locationId: byId(ALTEGIO_LOCATIONS.first),
		recordId: String(ALTEGIO_RECORDS.sample),
		visitId: String(ALTEGIO_VISITS.sample),
		'message.sendSmsByFilter.fullname': 'Kate',
		'message.sendEmailByFilter.fullname': 'Kate',
		'webhookSettings.removeUrl.url': 'https://example.com/sample',
		// Nobody meets all conditions at once.
		'client.search.quick_search': null,
		'client.search.id': null,
		'client.search.gender': null,
		'client.search.category': null,
	},
});
