/**
 * External hook file for n8n workers: executions of a worker that has died are run again, once, by another worker.
 *
 * n8n 2 gives such executions up: it starts its queue (Bull) with `maxStalledCount: 0`, marks them as failed and
 * overwrites what they were started with, so that they cannot be retried by hand either. A notification that MoySklad
 * saw answered with 200 is lost then. With this file in EXTERNAL_HOOK_FILES of every worker, Bull hands the job to
 * another worker instead, and the execution starts again from its trigger.
 *
 * The price: what the dead worker had already done in those executions is done a second time. Use it where workflows
 * bear that, e.g. where they update by ID.
 *
 * It reaches into n8n's internals, tested with n8n 2.41. If n8n has changed there, the worker ends with the message
 * below instead of running without the protection. Workers need QUEUE_HEALTH_CHECK_ACTIVE=true, else n8n does not call
 * the hook.
 */
const RERUNS = 1;

const n8n = (name) => require.main.require(name);

function check(fits, what) {
	if (fits) return;
	throw new Error(
		`rerun-stalled.cjs does not fit this version of n8n: ${what}. ` +
			'Take the file out of EXTERNAL_HOOK_FILES, or take a version of it that fits.',
	);
}

/**
 * A worker that is started again where it has died marks as crashed what its event log calls unfinished, and the worker
 * that gets the job then leaves it alone. Nobody but the queue knows what is unfinished. n8n loads this file just
 * before it looks into the log.
 */
function leaveToTheQueue() {
	const { Container } = n8n('@n8n/di');
	const { InstanceSettings } = n8n('n8n-core');
	if (Container.get(InstanceSettings).instanceType !== 'worker') return;
	const { MessageEventBus } = n8n('../dist/eventbus/message-event-bus/message-event-bus.js');
	const bus = Container.get(MessageEventBus);
	check(
		typeof bus.collectUnfinishedExecutionIds === 'function' && bus.isInitialized === false,
		'its event bus does not collect unfinished executions, or has done so already',
	);
	bus.collectUnfinishedExecutionIds = async () => [];
}

function workerReady() {
	const { Container } = n8n('@n8n/di');
	const { ScalingService } = n8n('../dist/scaling/scaling.service.js');
	const settings = Container.get(ScalingService).defaultQueue?.settings;
	check(settings?.maxStalledCount === 0, 'its queue has no setting maxStalledCount of 0');
	settings.maxStalledCount = RERUNS;
}

leaveToTheQueue();
module.exports = { worker: { ready: [workerReady] } };
