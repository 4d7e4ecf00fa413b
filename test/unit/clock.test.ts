import { getEventListeners } from 'events';

import { Cancelled, orAbort, pause, realClock, SLICE_MS } from '../../nodes/shared/road/clock';
import { FakeClock, settle } from './fakeClock';

describe('pause', () => {
	it('lasts as long as asked for, in slices', async () => {
		const clock = new FakeClock();
		let over = false;
		void pause(clock, 1700).then(() => (over = true));
		await clock.advance(1699);
		expect(over).toBe(false);
		await clock.advance(1);
		expect(over).toBe(true);
		expect(clock.sleeps).toBe(4);
	});

	it('ends at once with Cancelled when the signal aborts, and leaves no timer longer than a slice', async () => {
		const clock = new FakeClock();
		const controller = new AbortController();
		const waiting = pause(clock, 3_600_000, controller.signal);
		await clock.advance(100);
		controller.abort();
		await expect(waiting).rejects.toBeInstanceOf(Cancelled);
		await clock.advance(SLICE_MS);
		expect(clock.pending).toBe(0);
	});

	it('does not begin when the signal has been aborted, even for no time at all', async () => {
		const clock = new FakeClock();
		await expect(pause(clock, 0, AbortSignal.abort())).rejects.toBeInstanceOf(Cancelled);
		expect(clock.sleeps).toBe(0);
	});
});

describe('orAbort', () => {
	it('gives the value, and takes its listener back', async () => {
		const { signal } = new AbortController();
		expect(await orAbort(Promise.resolve(7), signal)).toBe(7);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('passes a failure on', async () => {
		const { signal } = new AbortController();
		await expect(orAbort(Promise.reject(new Error('broke')), signal)).rejects.toThrow('broke');
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('takes care of a failure that comes after the abort', async () => {
		const controller = new AbortController();
		let fail: (error: Error) => void = () => undefined;
		const late = orAbort(new Promise((_, reject) => (fail = reject)), controller.signal);
		controller.abort();
		await expect(late).rejects.toBeInstanceOf(Cancelled);
		fail(new Error('too late to matter'));
		await settle();
	});

	it('takes care of a failure when the signal was aborted before', async () => {
		// Jest fails this test when the rejection is left unhandled.
		await expect(
			orAbort(Promise.reject(new Error('nobody waits')), AbortSignal.abort()),
		).rejects.toBeInstanceOf(Cancelled);
		await settle();
	});
});

it('the real clock tells the time in milliseconds and chances below one', () => {
	const before = Date.now();
	const now = realClock.now();
	expect(now).toBeGreaterThanOrEqual(before);
	expect(now).toBeLessThanOrEqual(Date.now());
	expect(realClock.random()).toBeGreaterThanOrEqual(0);
	expect(realClock.random()).toBeLessThan(1);
});
