/** On which n8n and which Node the package is tried, and with which tests. */

/** A version of n8n's engine, and the Nodes it is tried on. That of n8n 1.x has the number of the n8n before: 1.123 has 1.122. */
export interface Row {
	core: string;
	workflow: string;
	/** Major versions. */
	nodes: number[];
}

/** The first that the package works in (n8n 1.122), the last 1.x, the first 2.x, one between, and the one that it is built for. */
export const ROWS: Row[] = [
	{ core: '1.121.2', workflow: '1.119.1', nodes: [20] },
	{ core: '1.122.48', workflow: '1.120.31', nodes: [20] },
	{ core: '2.0.2', workflow: '2.0.1', nodes: [20, 22] },
	{ core: '2.20.6', workflow: '2.20.3', nodes: [22] },
	{ core: '2.41.1', workflow: '2.41.0', nodes: [20, 22, 24] },
];

/** A few files of each vendor: forms, batches, pages, files, errors, triggers by webhook and by polling. */
export const FILES = [
	'altegio/salon',
	'altegio/trigger',
	'altegio/visit',
	'inspector-cloud/flow',
	'inspector-cloud/polling',
	'moysklad/batching',
	'moysklad/documents',
	'moysklad/polling',
	'moysklad/special-api',
	'moysklad/trigger',
	'moysklad/triggerStock',
	'yandex-market/order',
	'yandex-market/outlet',
	'yandex-market/trigger',
];

/**
 * Tests of what n8n 2.41 has and older ones lack. That the node refuses, waits or fails as it should is tested there too,
 * by all others; the newest row is excused from nothing.
 */
export const NEWER_ONLY: Array<[name: RegExp, what: string]> = [
	[
		/^Credential .* fails the test$/,
		"the node's words for a failed test of a credential, not n8n's",
	],
	[
		/^IDs that cannot work .* typed (into the form|as ".*" is refused before the workflow starts)$|^Complaints of §6, .* 4: /,
		'the name of the field that keeps a workflow from starting',
	],
	[
		/^Refusals (an expired licence|a location that is not connected|a wrong (\w+ )?token|a wrong key|a token without access to the Data API|a key that may only process orders: .*)$|^Limits \(4\d\d\) says for how long |^Faults on the way faults that last |^Host and version a host without a scheme /,
		'the cause of a failure as a word of its own, beside the message',
	],
];
