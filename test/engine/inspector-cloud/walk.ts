/** What the walk through the documented operations of Inspector Cloud has to know. */
import { inspectorCloud } from '../../../nodes/InspectorCloud/vendor';
import { INSPECTOR_TOKENS } from '../../../sandbox';
import { inspectorFacts, inspectorPaths } from '../../../sandbox/inspector-cloud';
import type { FactsWalk } from '../factsWalk';

export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

export const walk: FactsWalk = {
	vendor: inspectorCloud,
	facts: inspectorFacts,
	paths: inspectorPaths,
	loose: true,
	node: 'n8n-nodes-retail-ops.inspectorCloud',
	listener: 'inspectorCloud',
	speed: 40,
	// What a token may, its master key may, too; tokens themselves want the key.
	credential: { token: INSPECTOR_TOKENS.masterKey },
	error: {
		status: 400,
		body: { name: ['This field may not be blank.'] },
		says: 'name: This field may not be blank.',
	},
	values: {
		visitId: byId('324010'),
		splitInto: 'visit',
		scene: '0f8fad5bd9cb469fa16570867728950e',
		country: 'RU',
		skuGid: '155279',
		extraFields: '{}',
		// Filters of which nothing in the sandbox meets all.
		'visit.getAll.since': '2026-09-01T00:00:00',
		'sku.getAll.cid': null,
		'visit.getAll.cid': null,
		'visit.getAll.agent': null,
		'visit.getAll.route': null,
		'visit.getAll.stores': null,
		brand: '1',
		category: '1',
		manufacturer: '1',
		planogram: '1',
		'display.update.planogram': '1',
		'display.replace.planogram': '1',
		display: '1',
		sku: '1',
		tokenToRevoke: 'nobodys-token-00000000',
	},
	// Their requests need what others have made: own.test.ts.
	leaveOut: [
		...['recognition.start', 'report.get', 'photo.get', 'token.revoke', 'report.recalculate'],
		// What is gone cannot be deleted twice, or read.
		...['planogram.delete', 'planogramRecord.delete'],
	],
};
