/**
 * Single objects that many executions ask for at the same time, by requests that take several IDs: while one is under way,
 * those who come meanwhile wait, and share the next. Nobody waits for others to come.
 */

interface Waiting<T> {
	id: string;
	ask: Ask<T>;
	done: (found: T | undefined) => void;
	fail: (error: unknown) => void;
}

/** Asks for objects by ID; what is not there is missing in the answer. */
export type Ask<T> = (ids: string[]) => Promise<Map<string, T>>;

const lines = new Map<string, Array<Waiting<unknown>>>();

/**
 * The object with this ID; undefined when there is none. Those with one key may share a request of `most` IDs: same
 * account, same list. A shared request that fails, is made again by each for itself.
 */
export async function gathered<T>(
	key: string,
	id: string,
	most: number,
	ask: Ask<T>,
): Promise<T | undefined> {
	const line = lines.get(key) as Array<Waiting<T>> | undefined;
	if (line) {
		return await new Promise<T | undefined>((done, fail) => line.push({ id, ask, done, fail }));
	}
	const own: Array<Waiting<T>> = [];
	lines.set(key, own as Array<Waiting<unknown>>);
	try {
		return (await ask([id])).get(id);
	} finally {
		void serve(key, own, most);
	}
}

/** Serves those who wait, until nobody does. */
async function serve<T>(key: string, line: Array<Waiting<T>>, most: number): Promise<void> {
	while (line.length > 0) {
		const some = line.splice(0, most);
		try {
			const found = await some[0].ask([...new Set(some.map(({ id }) => id))]);
			for (const { id, done } of some) done(found.get(id));
		} catch (error) {
			if (some.length === 1) some[0].fail(error);
			// One ID, or one execution that was stopped, is not to be everybody's failure.
			else await Promise.all(some.map(alone));
		}
	}
	lines.delete(key);
}

async function alone<T>({ id, ask, done, fail }: Waiting<T>): Promise<void> {
	try {
		done((await ask([id])).get(id));
	} catch (error) {
		fail(error);
	}
}
