/** Sends notifications as Yandex Market does, and judges the answers as it does (notification API, jobs §8). */

/** An answer to a notification, and what the Market makes of it. */
export interface NotificationAttempt {
	/** 0 when nobody answered. */
	status: number;
	body: unknown;
	/** `done`; `refused`: not sent again; `again`: sent again later. */
	verdict: 'done' | 'refused' | 'again';
}

const ERRORS = ['UNKNOWN', 'WRONG_EVENT_FORMAT', 'DUPLICATED_EVENT'];

function verdictOf(status: number, body: unknown): NotificationAttempt['verdict'] {
	const { version, name, time, error } = (body ?? {}) as Record<string, unknown>;
	const isText = (value: unknown) =>
		typeof value === 'string' && value.length >= 1 && value.length <= 100;
	const isTime = typeof time === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time);
	if (status === 200 && isText(version) && isText(name) && isTime) return 'done';
	const type = (error as { type?: string } | undefined)?.type ?? '';
	return status === 400 && ERRORS.includes(type) ? 'refused' : 'again';
}

/**
 * Sends a notification to the address in the cabinet, to which the Market adds `/notification`, `times` at most, until
 * it is taken. Returns all tries.
 */
export async function notify(
	address: string,
	notification: unknown,
	times = 1,
): Promise<NotificationAttempt[]> {
	const attempts: NotificationAttempt[] = [];
	for (let left = times; left > 0; left--) {
		const body = typeof notification === 'string' ? notification : JSON.stringify(notification);
		const answer = await fetch(`${address}/notification`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body,
		}).catch(() => undefined);
		if (!answer) {
			attempts.push({ status: 0, body: undefined, verdict: 'again' });
			continue;
		}
		const text = await answer.text();
		let told: unknown = text;
		try {
			told = JSON.parse(text);
		} catch {
			// Not the answer that is wanted: it stays a text.
		}
		attempts.push({ status: answer.status, body: told, verdict: verdictOf(answer.status, told) });
		if (attempts[attempts.length - 1].verdict !== 'again') break;
	}
	return attempts;
}
