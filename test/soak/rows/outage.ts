/**
 * MoySklad does not work while a workflow is published and another one is unpublished. Whoever publishes must be told
 * clearly; no webhook may take a place that nobody has asked for; and the next try, after MoySklad works again, must
 * leave exactly what is wanted.
 *
 * What unpublishing cannot do is up to n8n: it reports the workflow as unpublished at once, and a webhook that could not
 * be removed in its three tries is only mentioned in its log. It stays at MoySklad until the workflow is published
 * and unpublished again.
 */
import { randomUUID } from 'crypto';
import type { Fault } from '../../../sandbox';
import { delay } from '../../../sandbox/n8n/n8n';
import type { Webhook } from '../../../sandbox/moysklad/webhooks';
import { workflowOf } from '../../../sandbox/n8n/nodes';
import { moySkladNode } from '../../queue/harness';
import { publicationDone, wordsOf } from '../publication';
import type { Finding, Host, Stage } from '../types';
import { addWorkflow, noOp } from '../workflows';

/** So many webhooks the workflows want: products created and changed, and stock. */
const WANTED = 3;
const WEBHOOKS = '/entity/webhook(stock)?(/|$)';
const ALWAYS = 1_000_000;

/** One way in which MoySklad does not work. */
interface Trouble {
	name: string;
	faults: Array<Omit<Fault, 'vendor' | 'times'>>;
	/** Only in the long run. */
	isLong?: boolean;
	/** Removing works all the same. */
	removes?: boolean;
}

const TROUBLES: Trouble[] = [
	{ name: '503', faults: [{ path: WEBHOOKS, status: 503 }] },
	{ name: 'connections reset', faults: [{ path: WEBHOOKS, closeConnection: 'before' }] },
	{
		name: 'webhooks for stock refused (500), after those for objects were made',
		faults: [{ path: '/entity/webhookstock$', method: 'POST', status: 500 }],
		removes: true,
	},
	{ name: '500', faults: [{ path: WEBHOOKS, status: 500 }], isLong: true },
	{
		name: 'a gateway’s page (502)',
		faults: [{ path: WEBHOOKS, status: 502, body: '<html><h1>Bad Gateway</h1></html>' }],
		isLong: true,
	},
	{
		name: 'storm of 429',
		faults: [
			{
				path: WEBHOOKS,
				status: 429,
				headers: { 'X-Lognex-Retry-After': '3000', 'X-Lognex-Retry-TimeInterval': '3000' },
				body: { errors: [{ error: 'Превышено ограничение на количество запросов', code: 1049 }] },
			},
		],
		isLong: true,
	},
	{
		name: 'done, but the answer lost',
		faults: [{ path: WEBHOOKS, method: 'POST', closeConnection: 'before', afterWork: true }],
		removes: true,
	},
	{ name: 'no answer', faults: [{ path: WEBHOOKS, delayMs: 20_000, status: 504 }], isLong: true },
	{
		name: 'no answer to writes',
		faults: [{ path: WEBHOOKS, method: 'POST', delayMs: 20_000, status: 504 }],
		isLong: true,
	},
];

/** A workflow and the ID that its addresses carry. */
interface Flow {
	id: string;
	webhookId: string;
}

async function newFlow(host: Host, name: string): Promise<Flow> {
	const webhookId = randomUUID();
	const trigger = moySkladNode(
		'moySkladTrigger',
		{ entityTypes: ['product'], actions: ['CREATE', 'UPDATE'], alsoWatch: ['stock'] },
		{ webhookId },
	);
	const id = await addWorkflow(host, workflowOf(`Soak: ${name}`, [trigger, noOp]));
	return { id, webhookId };
}

/** Webhooks of both kinds that call a workflow. */
function webhooksOf(host: Host, { webhookId }: Flow): Webhook[] {
	return [...host.sandbox.moysklad.webhooks.values()].filter(({ url }) => url.includes(webhookId));
}

/** Text for people, with what to do, and without what only programmers read. */
function isClear(words: string): boolean {
	const advises = /\b(try again|run the workflow again|publish .*again|check|wait)\b/i.test(words);
	return (
		words.startsWith('MoySklad: ') &&
		advises &&
		words.length < 1000 &&
		!/\n\s*at |node_modules|\.js:\d/.test(words)
	);
}

/** What n8n's log says of webhooks that it could not have removed, oldest first. */
function complaintsOf(host: Host): string[] {
	const lines = host
		.printed()
		.matchAll(/^External webhook deregistration failed for: .*?(MoySklad: .*)$/gm);
	return [...lines].map(([, words]) => words);
}

/** What was seen with one kind of trouble. */
interface Seen {
	trouble: string;
	/** n8n's answer to whoever published. */
	publishing: { status: string; words: string; seconds: number; isClear: boolean };
	/** n8n's log, since nobody is answered. */
	unpublishing: { status: string; words: string; seconds: number; isClear: boolean };
	/** Webhooks at MoySklad: of the workflow that could not be published, and of the one that should have gone. */
	left: { published: number; unpublished: number };
	/** The same after the next try; both are unpublished at the end. */
	healed: { published: number; again: number; unpublished: number; published2: number };
	/** Whether a change reached the workflow after the next try. */
	delivered: boolean;
	waitedSeconds: number;
	met: boolean;
}

/** The wish of an error that speaks of minutes; ms. */
function askedToWait(words: string): number {
	const minutes = /about (\d+) min/.exec(words)?.[1];
	return minutes ? Number(minutes) * 60_000 : 0;
}

async function suffer(host: Host, trouble: Trouble): Promise<Seen> {
	const { faults, moysklad } = host.sandbox;
	const coming = await newFlow(host, `published without MoySklad (${trouble.name})`);
	const going = await newFlow(host, `unpublished without MoySklad (${trouble.name})`);
	await host.publish(going.id);
	await publicationDone(host, going.id);
	const before = webhooksOf(host, going).length;
	const logged = complaintsOf(host).length;

	const timed = async (flow: Flow, work: (id: string) => Promise<void>) => {
		const started = Date.now();
		await work(flow.id);
		const publication = await publicationDone(host, flow.id);
		return { ...publication, seconds: Math.round((Date.now() - started) / 1000) };
	};
	for (const fault of trouble.faults) faults.add({ vendor: 'moysklad', times: ALWAYS, ...fault });
	const [published, unpublished] = await Promise.all([
		timed(coming, async (id) => await host.publish(id)),
		timed(going, async (id) => await host.unpublish(id)),
	]).finally(() => faults.clear());
	const left = {
		published: webhooksOf(host, coming).length,
		unpublished: webhooksOf(host, going).length,
	};
	const words = wordsOf(published);
	const [said = ''] = complaintsOf(host).slice(logged);

	const waitMs = askedToWait(words);
	await delay(waitMs);
	const again = await timed(coming, async (id) => await host.publish(id));
	const healedPublished = webhooksOf(host, coming).length;
	const { deliveries } = moysklad.change('product', 'UPDATE');
	await moysklad.deliveriesIdle();
	const ours = webhooksOf(host, coming).map(({ id }) => id);
	const delivered = deliveries.some(
		(one) => ours.includes(one.webhookId) && one.outcome === 'delivered',
	);
	await timed(going, async (id) => await host.publish(id));
	const goingAgain = webhooksOf(host, going).length;
	await Promise.all(
		[coming, going].map(async (flow) => {
			await timed(flow, async (id) => await host.unpublish(id));
		}),
	);
	const healed = {
		published: healedPublished,
		again: goingAgain,
		unpublished: webhooksOf(host, going).length,
		published2: webhooksOf(host, coming).length,
	};
	const stays = trouble.removes === true ? 0 : WANTED;
	const publishing = {
		status: published.status,
		words,
		seconds: published.seconds,
		isClear: isClear(words),
	};
	const unpublishing = {
		status: unpublished.status,
		words: said,
		seconds: unpublished.seconds,
		isClear: trouble.removes === true || said.startsWith('MoySklad: '),
	};
	// Where only the answer gets lost, n8n's own second try finds the work done.
	const mayWork = trouble.faults.some(({ afterWork }) => afterWork === true);
	const isTold =
		published.status === 'failed' ? publishing.isClear && left.published === 0 : mayWork;
	return {
		trouble: trouble.name,
		publishing,
		unpublishing,
		left,
		healed,
		delivered,
		waitedSeconds: waitMs / 1000,
		met:
			before === WANTED &&
			isTold &&
			unpublishing.isClear &&
			left.unpublished === stays &&
			again.status === 'published' &&
			healed.published === WANTED &&
			healed.again === WANTED &&
			healed.unpublished === 0 &&
			healed.published2 === 0 &&
			delivered,
	};
}

/** The row of MoySklad's outages: one kind of trouble after the other, each with a workflow that comes and one that goes. */
export async function outage(host: Host, stage: Stage): Promise<Finding[]> {
	const { webhooks } = host.sandbox.moysklad;
	const foreign = webhooks.create('webhook', {
		url: 'https://example.com/somebody-else',
		entityType: 'product',
		action: 'UPDATE',
	});
	const known = new Set([...webhooks.values()].map(({ id }) => id));
	const strangers = () => [...webhooks.values()].filter(({ id }) => !known.has(id));
	const seen: Seen[] = [];
	for (const trouble of TROUBLES.filter(({ isLong }) => !stage.short || isLong !== true)) {
		const one = await suffer(host, trouble);
		seen.push(one);
		stage.say(
			`${one.met ? '✔' : '✖'} ${one.trouble}: ${one.publishing.status} after ${one.publishing.seconds} s, ` +
				`"${one.publishing.words}"; unpublishing ${one.unpublishing.seconds} s, "${one.unpublishing.words}"; ` +
				`left ${one.left.published} and ${one.left.unpublished}, then ${JSON.stringify(one.healed)}`,
		);
	}
	const isForeignThere = [...webhooks.values()].some(({ id }) => id === foreign.id);
	const leaked = strangers().length;
	if (isForeignThere) webhooks.delete(foreign);
	const longest = Math.max(...seen.map(({ publishing }) => publishing.seconds));
	const bad = seen.filter(({ met }) => !met).map(({ trouble }) => trouble);
	return [
		{
			mode: host.mode,
			run: 'MoySklad down during publish and unpublish',
			must: 'a clear error, no leaked slot, the next try heals',
			shown:
				`${seen.length - bad.length} of ${seen.length} kinds of trouble told clearly (after ${longest} s at most) and healed by the next try` +
				`${bad.length > 0 ? `, not: ${bad.join('; ')}` : ''}; ${leaked} webhooks too many at the end; ` +
				`the webhook of somebody else is ${isForeignThere ? 'there' : 'GONE'}`,
			met: bad.length === 0 && leaked === 0 && isForeignThere,
			figures: { troubles: seen, leaked },
		},
	];
}
