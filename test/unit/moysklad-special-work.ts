/** What an operation's own code uses of the core, with answers of the test's making. */
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { ApiAnswer, ApiRequest, Work } from '../../nodes/shared/catalogue';
import { pages } from '../../nodes/shared/road/paging';
import { InputProblem } from '../../nodes/shared/errors/problems';

export interface FakeWork {
	work: Work;
	/** Requests in the order in which they were sent. */
	sent: ApiRequest[];
	/** Waits in ms, in their order. */
	waits: number[];
}

/** Files of the input items: item → field → bytes and name. */
export type Files = Array<Record<string, { bytes: Buffer; fileName?: string }>>;

/** `answer` gets each request with its number, from 0; an error that it returns is thrown. */
export function fakeWork(
	answer: (request: ApiRequest, index: number) => ApiAnswer | Error,
	files: Files = [],
	onWait: (count: number) => void = () => undefined,
): FakeWork {
	const sent: ApiRequest[] = [];
	const waits: number[] = [];
	const send = async (request: ApiRequest): Promise<ApiAnswer> => {
		const given = answer(request, sent.push(structuredClone(request)) - 1);
		if (given instanceof Error) throw given;
		return await Promise.resolve(given);
	};
	const work: Work = {
		vendor: moySklad,
		isTool: false,
		send,
		pages: (list) => pages({ ...list, send }),
		wait: async (ms) => {
			waits.push(ms);
			onWait(waits.length);
			await Promise.resolve();
		},
		notice: () => undefined,
		json: () => ({}),
		readBinary: async ({ itemIndex }, property) => {
			const file = files[itemIndex]?.[property];
			if (!file) throw new InputProblem('Input Binary Field', `is '${property}'`, 'None there.');
			return await Promise.resolve({ ...file, mimeType: 'application/octet-stream' });
		},
		makeBinary: async (bytes, fileName, mimeType) =>
			await Promise.resolve({
				data: bytes.toString('base64'),
				fileName,
				mimeType: mimeType ?? '',
			}),
		turn: () => 'turn',
		wakingUrl: () => 'https://n8n.example/webhook-waiting/1/node',
		sleep: () => undefined,
	};
	return { work, sent, waits };
}
