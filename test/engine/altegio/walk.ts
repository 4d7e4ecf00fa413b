/** What the walk through the documented operations of Altegio has to know. */
import { documented } from '../../../nodes/Altegio/facts';
import { altegio } from '../../../nodes/Altegio/vendor';
import { ALTEGIO_LOCATIONS, ALTEGIO_RECORDS, ALTEGIO_VISITS } from '../../../sandbox';
import { altegioPaths } from '../../../sandbox/altegio';
import type { FactsWalk } from '../factsWalk';

export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

export const walk: FactsWalk = {
	vendor: altegio,
	facts: documented,
	paths: altegioPaths,
	loose: true,
	node: 'n8n-nodes-retail-ops.altegio',
	listener: 'altegio',
	speed: 100,
	hollow: ['membership.checkForEvent'],
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
		// Another location: Update has given the first one a second address, so that the sample's could be removed only once.
		'webhookSettings.removeUrl.locationId': byId(ALTEGIO_LOCATIONS.second),
		'webhookSettings.removeUrl.url': 'https://example.com/sample',
		'client.create.phone': '={{ "1" + String($now.toMillis()).slice(-9) + $itemIndex }}',
		'client.update.phone': '+1 315 555-10-00',
		'client.update.clientId': byId(4_240_000),
		'client.get.clientId': byId(4_240_000),
		slot: byId('2026-11-28 10:30'),
		'appointment.book.slot': byId('={{ "2026-12-0" + ($itemIndex + 1) + " 11:00/3600" }}'),
		'appointment.book.saveIfBusy': true,
		'appointment.book.teamMemberId': byId(55_436),
		'appointment.book.serviceId': byId(220_000),
		clientPhone: '+1 315 555-01-75',
		'appointment.create.clientPhone': '+1 315 555-01-75',
		'appointment.create.saveIfBusy': true,
		'event.addClient.clientName': 'Kate',
		'event.addClientYclients.clientName': 'Kate',
		'sale.addPayment.accountId': byId(90),
		'sale.addPayment.amount': '1500',
		'schedule.set.schedulesToDelete': { row: [{ teamMemberId: byId(55_436), from: '2026-12-01' }] },
		'schedule.set.schedulesToSet': {
			row: [{ teamMemberId: byId(55_436), from: '2026-11-30', begins: '10:00', ends: '18:00' }],
		},
		'webhookSettings.checkHealth.expectedUrl': 'https://example.com/sample',
		'webhookSettings.update.addUrls': 'https://example.com/another',
		// Nobody meets all conditions at once.
		'client.search.quick_search': null,
		'client.search.id': null,
		'client.search.gender': null,
		'client.search.category': null,
		'client.search.importance': null,
		'client.search.any_filters': null,
		'client.search.sold_amount_to': null,
		'appointment.getAll.status': null,
	},
};
