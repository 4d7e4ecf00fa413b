/** Every delivery comes several times, some at the same moment as the first time. */
import { request } from 'undici';
import type { Delivery } from '../../../sandbox';
import { mix } from '../../../sandbox/shared/random';
import { delay } from '../../../sandbox/n8n/n8n';
import { workflowOf } from '../../../sandbox/n8n/nodes';
import { moySkladNode } from '../../queue/harness';
import { count } from '../count';
import { drive, madeUpChanges, outcomeOf } from '../load';
import type { Finding, Host, Stage } from '../types';
import { addWorkflow, noOp, publishTrigger } from '../workflows';

const EVENTS = { long: 8000, short: 1000 };
/** Deliveries a second before repetitions: n8n gets three times as many. */
const RATE = 2;
/** A repetition comes at the same moment, or so long (ms) after the first call. */
const LATER = { least: 200, most: 5000 };
const TIMEOUT_MS = 60_000;
const SETTLE_MS = 10 * 60_000;

const webhookId = '5a1d6c0e-2b4f-4f7e-9d1a-0c5e7b9f1a02';

/** The row `repeats`. */
export async function repeats(host: Host, stage: Stage): Promise<Finding[]> {
	const { sandbox } = host;
	const workflowId = await addWorkflow(
		host,
		workflowOf('Soak: repeats', [
			moySkladNode(
				'moySkladTrigger',
				{ entityTypes: ['product'], actions: ['UPDATE'], options: { changedFields: true } },
				{ webhookId },
			),
			noOp,
		]),
	);
	await publishTrigger(host, workflowId, webhookId);
	const posts: Array<Promise<number>> = [];
	const statuses: Record<string, number> = {};
	const make = madeUpChanges(sandbox, 23);
	let sameMoment = 0;
	const change = (events: number): Delivery[] => {
		const deliveries = make(events);
		for (const delivery of deliveries) {
			const seed = posts.length;
			for (let repeat = 0; repeat <= mix(23, seed) % 3; repeat++) {
				const isAtOnce = mix(24, seed, repeat) % 2 === 0;
				if (isAtOnce) sameMoment++;
				const span = LATER.most - LATER.least;
				posts.push(post(delivery, isAtOnce ? 0 : LATER.least + (mix(25, seed, repeat) % span)));
			}
		}
		return deliveries;
	};
	try {
		const events = EVENTS[stage.short ? 'short' : 'long'];
		const deliveries = await drive({ events, rate: RATE, seed: 23, change });
		await sandbox.moysklad.sender.idle();
		for (const status of await Promise.all(posts)) {
			statuses[status] = (statuses[status] ?? 0) + 1;
		}
		await host.settled(SETTLE_MS);
		const all = await host.passedOn(workflowId);
		const passed = all.filter(({ status }) => status === 'success');
		const { lost, doubled, executions } = count(deliveries, passed);
		const notTaken = posts.length - (statuses[200] ?? 0);
		const outcome = outcomeOf(deliveries);
		return [
			{
				mode: host.mode,
				run: `${deliveries.length} deliveries, each repeated 1–3 times`,
				must: 'each event once',
				shown:
					`${posts.length} repetitions, ${sameMoment} of them at the same moment: ` +
					`${lost.length} of ${outcome.events} events lost, ${doubled.length} doubled` +
					(notTaken > 0 ? `; ${notTaken} repetitions without 200` : ''),
				met: lost.length === 0 && doubled.length === 0 && posts.length >= deliveries.length,
				figures: {
					...outcome,
					repetitions: posts.length,
					sameMoment,
					statuses,
					lost: lost.length,
					doubled: doubled.length,
					executionsWithItems: executions,
					executions: await host.executions(workflowId),
				},
			},
		];
	} finally {
		await Promise.allSettled(posts);
		await host.unpublish(workflowId);
	}
}

/** Sends a delivery's body to its address once more, with the same `requestId`; 0 when there was no answer. */
async function post({ url, body }: Delivery, afterMs: number): Promise<number> {
	if (afterMs > 0) await delay(afterMs);
	try {
		const answer = await request(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json;charset=utf-8' },
			body: JSON.stringify(body),
			headersTimeout: TIMEOUT_MS,
		});
		await answer.body.dump();
		return answer.statusCode;
	} catch {
		return 0;
	}
}
