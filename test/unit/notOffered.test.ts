/** Every documented address of MoySklad, and every documented call of Altegio, is offered, or its reason is told. */
import { notOffered, reasonFor, REASONS } from '../../docs/notOffered';
import { REASONS as OF_ALTEGIO, unoffered } from '../../docs/unoffered';

const missing = notOffered();

test('what is not offered has a reason', () => {
	expect(missing.filter((route) => reasonFor(route) === undefined)).toEqual([]);
});

test('a reason is about something that is not offered', () => {
	const used = new Set(missing.map(reasonFor));
	expect(REASONS.map(({ why }) => why).filter((why) => !used.has(why))).toEqual([]);
});

test('beside the second addresses of lists, few are missing', () => {
	const own = missing.filter((route) => !route.endsWith('/batch'));
	expect(own).toEqual([
		'GET /entity/retailstore/{id}/masterRetailStores',
		'POST /entity/discount',
		'POST /entity/retailstore/{id}/masterRetailStores',
		'POST /entity/variant/{id}/storebalances/delete',
		'POST /security/token',
	]);
});

test('so it is at Altegio, where every reason is about a call that is not offered', () => {
	const ids = unoffered().map(({ id }) => id);
	expect(Object.keys(OF_ALTEGIO).filter((id) => !ids.includes(id))).toEqual([]);
});
