/** Which addresses Check Health takes for the one that is meant, and why others are stale. */
import { HookAddress, isLeaving } from '../../nodes/shared/trigger/health';

const URL = 'https://n8n.example.com/webhook/1a2b/webhook';

it.each([
	['prefix', URL, URL, true, undefined],
	['prefix', URL, `${URL}?key=abc`, true, undefined],
	['prefix', 'https://n8n.example.com', `${URL}?key=abc`, true, undefined],
	['prefix', 'https://n8n.example.com/', `${URL}?key=abc`, true, undefined],
	['prefix', URL, `${URL}2?key=abc`, false, 'otherPath'],
	['prefix', `${URL}?key=abc`, `${URL}?key=abcd`, false, 'otherKey'],
	['whole', URL, `${URL}?key=abc`, false, 'otherKey'],
	['whole', `${URL}?key=abc`, `${URL}?key=abc`, true, undefined],
	['whole', URL, 'https://n8n.example.com/webhook/other', false, 'otherPath'],
	['whole', URL, 'https://crm.example.com/webhook/1a2b/webhook', false, undefined],
	['whole', URL, 'no address', false, undefined],
])('%s %s, and there is %s', (match, expectedUrl, url, fits, because) => {
	const address = new HookAddress({ expectedUrl, match });
	expect([address.fits(url), address.stale(url)]).toEqual([fits, because]);
});

it.each([
	[undefined, false, false],
	['none', false, false],
	['otherKey', true, false],
	['all', true, true],
])('Remove Stale %s', (removeStale, key, path) => {
	const leaving = (because: 'otherKey' | 'otherPath') => isLeaving({ removeStale }, because);
	expect([leaving('otherKey'), leaving('otherPath')]).toEqual([key, path]);
});
