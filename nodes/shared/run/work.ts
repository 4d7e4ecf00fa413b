/** What an operation's own code may use of n8n and the road, for one execution of the node. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Call, Headers, Work } from '../catalogue';
import { pages } from '../road/paging';
import { InputProblem } from '../errors/problems';
import type { Road } from '../road/road';
import { Sleep } from './sleep';
import { isTool } from './tool';
import { turnOf } from './turn';

/** The same, with headers on everything that is written. */
export function workWith(work: Work, headers: Headers | undefined): Work {
	if (!headers) return work;
	return {
		...work,
		send: async (request, stop) =>
			await work.send(
				request.method === 'GET'
					? request
					: { ...request, headers: { ...headers, ...request.headers } },
				stop,
			),
	};
}

export function workOf(
	context: IExecuteFunctions,
	road: Road,
	inputs: INodeExecutionData[],
	sleep = new Sleep(context),
): Work {
	const turn = turnOf(context);
	const told = new Set<string>();
	return {
		vendor: road.vendor,
		isTool: isTool(context.getNode()),
		send: road.send,
		wait: road.wait,
		pages: (list) =>
			pages({
				...list,
				send: road.send,
				unsettled: () =>
					context.addExecutionHints({
						message: `${road.vendor.name}'s list kept changing while it was read: rows may be missing. Run the node again at a quieter time, or narrow the list by filters.`,
						location: 'outputPane',
						type: 'warning',
					}),
			}),
		notice: (kind, message) => {
			if (told.has(kind)) return;
			told.add(kind);
			context.addExecutionHints({ message, location: 'outputPane', type: 'warning' });
		},
		json: ({ itemIndex }: Call) => inputs[itemIndex].json,
		readBinary: async ({ itemIndex }, property) => {
			const binary = inputs[itemIndex].binary?.[property];
			if (!binary) {
				const there = Object.keys(inputs[itemIndex].binary ?? {});
				throw new InputProblem(
					'Input Binary Field',
					`is '${property}', which this item does not have`,
					there.length > 0
						? `Its binary fields: ${there.join(', ')}.`
						: 'The item has no binary data: put a node that reads or downloads the file before this one.',
				);
			}
			const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, property);
			return { bytes, fileName: binary.fileName, mimeType: binary.mimeType };
		},
		makeBinary: async (bytes, fileName, mimeType) =>
			await context.helpers.prepareBinaryData(bytes, fileName, mimeType),
		wakingUrl: sleep.url,
		sleep: sleep.plan,
		turn: ({ itemIndex }) => (turn === undefined ? undefined : `${turn} ${itemIndex}`),
	};
}
