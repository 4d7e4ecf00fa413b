/** Tokens that are made from a key: how often, and for whom. */
import { renewalsOf } from '../../nodes/shared/road/session';
import { FakeClock } from './fakeClock';

describe('a token that is made from a key', () => {
	let account = 0;
	/** An account whose token is good or not; each request tells whether a new token was made for it. */
	const house = (isDue: boolean, isGood: boolean) => {
		const clock = new FakeClock();
		const state = { good: isGood, made: 0, sent: 0 };
		const key = `account ${++account}`;
		const open = (due = isDue) => renewalsOf(key, { field: 'token', isDue: due }, clock);
		const send = async (anew: boolean) => {
			state.sent++;
			if (anew) {
				state.made++;
				await Promise.resolve();
				state.good = true;
			}
			return await Promise.resolve({ statusCode: state.good ? 200 : 401 });
		};
		return { clock, state, open, send };
	};

	it('is made once for requests side by side, of all roads that were opened before', async () => {
		const { state, open, send } = house(true, false);
		const [one, other] = [open(), open()];
		await Promise.all([one, one, other, other].map(async (road) => await road.send(send)));
		await one.send(send);
		expect(state).toEqual({ good: true, made: 1, sent: 5 });
	});

	it('is made anew when it is refused, and the request sent again', async () => {
		const { state, open, send } = house(false, false);
		const road = open();
		const answers = await Promise.all([1, 2, 3].map(async () => await road.send(send)));
		expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
		expect(state.made).toBe(1);
	});

	it('is not made again and again when the new one is refused, too', async () => {
		const { clock, state, open } = house(false, false);
		const road = open();
		const refused = async (anew: boolean) => {
			if (anew) state.made++;
			return await Promise.resolve({ statusCode: 401 });
		};
		for (let at = 0; at < 5; at++) {
			await clock.advance(1000);
			expect((await road.send(refused)).statusCode).toBe(401);
		}
		expect(state.made).toBe(1);
		await clock.advance(61_000);
		await road.send(refused);
		expect(state.made).toBe(2);
	});

	it('is tried by the next request when making it failed', async () => {
		const { state, open, send } = house(true, false);
		const road = open();
		const failing = async () => await Promise.reject(new Error('no key'));
		await expect(road.send(failing)).rejects.toThrow('no key');
		expect((await road.send(send)).statusCode).toBe(200);
		expect(state.made).toBe(1);
	});
});
