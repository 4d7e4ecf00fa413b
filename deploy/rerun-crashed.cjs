/**
 * External hook file for an n8n in one process: executions that were under way when n8n was killed are run again, from
 * their trigger on, when n8n starts. The sister of rerun-stalled.cjs, which does this for queue mode.
 *
 * By itself n8n marks such executions as crashed and leaves them: what MoySklad saw answered with 200 is not done unless
 * somebody presses Retry. With this file in EXTERNAL_HOOK_FILES, the executions that a webhook or another trigger has
 * started become "new" again before n8n looks for crashed ones, and n8n runs them under their own ID, as it runs new
 * ones that it had not come to. Each gets at most three more tries; the number is in the execution's custom data as
 * "rerunAfterCrash". After that, n8n marks it as crashed.
 *
 * The price: what an execution had already done is done a second time. Use it where workflows bear that, e.g. where they
 * update by ID. Executions with saved progress (a setting of the workflow) are left to n8n: they can be retried by hand.
 *
 * It reaches into n8n's internals, tested with n8n 2.41. If n8n has changed there, n8n does not start instead of running
 * without the protection.
 */
const RERUNS = 3;
const COUNT = 'rerunAfterCrash';
const MODES = ['webhook', 'trigger'];
const UNDER_WAY = ['running', 'unknown'];

function refuse(why) {
	throw new Error(
		`rerun-crashed.cjs ${why}. Take the file out of EXTERNAL_HOOK_FILES, or take a version of it that fits.`,
	);
}

/** n8n's own modules; a name that is not there any more throws. */
function n8n(name) {
	try {
		return require.main.require(name);
	} catch (error) {
		return refuse(`does not fit this version of n8n (${error.message.split('\n')[0]})`);
	}
}

const { Container } = n8n('@n8n/di');
const { GlobalConfig } = n8n('@n8n/config');
const { MessageEventBus } = n8n('../dist/eventbus/message-event-bus/message-event-bus.js');
const { ExecutionPersistence } = n8n('../dist/executions/execution-persistence.js');
const { EnqueuedExecutionRecoveryService } = n8n(
	'../dist/executions/enqueued-execution-recovery.service.js',
);

for (const [owner, method] of [
	[MessageEventBus, 'collectUnfinishedExecutionIds'],
	[ExecutionPersistence, 'findSingleExecution'],
	[ExecutionPersistence, 'updateExistingExecution'],
	[EnqueuedExecutionRecoveryService, 'recoverEnqueuedExecutions'],
]) {
	if (typeof owner?.prototype?.[method] !== 'function') {
		refuse(`does not fit this version of n8n (there is no ${method})`);
	}
}
if (Container.get(GlobalConfig).executions.mode !== 'regular') {
	refuse('is for n8n in one process; in queue mode, rerun-stalled.cjs is for the workers');
}

/** Whether the execution has become "new", or is none of an earlier process and has nothing to be recovered. */
async function isTakenCareOf(executionId, processStart) {
	const store = Container.get(ExecutionPersistence);
	const execution = await store.findSingleExecution(executionId, {
		includeData: true,
		unflattenData: true,
	});
	if (!execution || !MODES.includes(execution.mode)) return false;
	if (!UNDER_WAY.includes(execution.status)) return false;
	// A call that came while this n8n was starting: it is being executed at this moment.
	if (new Date(execution.startedAt) >= processStart) return true;
	const { data } = execution;
	const hasBegin = (data?.executionData?.nodeExecutionStack ?? []).length > 0;
	// With saved progress, what was done is known, but not what was about to be done.
	const hasProgress = Object.keys(data?.resultData?.runData ?? {}).length > 0;
	const reruns = Number(data?.resultData?.metadata?.[COUNT] ?? 0);
	if (!hasBegin || hasProgress || reruns >= RERUNS) return false;
	data.resultData.metadata = { ...data.resultData.metadata, [COUNT]: String(reruns + 1) };
	return await store.updateExistingExecution(executionId, { status: 'new', data });
}

const collect = MessageEventBus.prototype.collectUnfinishedExecutionIds;

/** n8n asks this, once, for the executions that the last process has left behind. */
MessageEventBus.prototype.collectUnfinishedExecutionIds = async function (unfinished) {
	const processStart = new Date(Date.now() - process.uptime() * 1000);
	const left = [];
	const again = [];
	for (const executionId of await collect.call(this, unfinished)) {
		let isOurs = false;
		try {
			isOurs = await isTakenCareOf(executionId, processStart);
		} catch (error) {
			// n8n must start in any case; this execution is marked as crashed then.
			this.logger.error(`rerun-crashed.cjs: execution ${executionId}: ${error.message}`);
		}
		(isOurs ? again : left).push(executionId);
	}
	if (again.length > 0) {
		this.logger.warn(`rerun-crashed.cjs: executions that run again: ${again.join(', ')}`);
	}
	return left;
};

// No hook of its own: loading it is what counts.
module.exports = {};
