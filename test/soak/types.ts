/** What the rows of the soak run share. */
import type { Sandbox } from '../../sandbox';
import type { N8nApi } from '../../sandbox/n8n/n8n';

/**
 * Settings of n8n that every host has. By default n8n 2.41 makes an isolate for expressions for each call of a webhook
 * node that is not its own, and one for each execution, whether or not there is an expression to evaluate: 60 ms of a
 * core each. With the first setting it makes one when it is needed. By default it also deletes the oldest of 10,000
 * executions, which are counted here.
 */
export const N8N_SETTINGS = {
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	EXECUTIONS_DATA_PRUNE: 'false',
};

/** One line of the table: what a run must show, and what it showed. */
export interface Finding {
	mode: 'single' | 'queue';
	/** Name of the run, e.g. `20,000 events`. */
	run: string;
	/** The bound, in words. */
	must: string;
	/** What was seen, in words with figures. */
	shown: string;
	met: boolean;
	/** Everything that was measured, for the JSON. */
	figures: Record<string, unknown>;
}

/** An event as the workflow passed it on: the delivery's `requestId` and the object's `id`. */
export interface PassedOn {
	requestId: string | null;
	id: string;
	executionId: number;
	/** Status of the execution as n8n's database has it. */
	status: string;
}

/** n8n under test, in one process or in queue mode, with the sandbox that calls it. */
export interface Host {
	mode: 'single' | 'queue';
	sandbox: Sandbox;
	/** Address that the sandbox's deliverer calls, without a slash at the end. */
	url: string;
	/** REST API of n8n (of main in queue mode), signed in: rows add their own workflows by it. */
	api: N8nApi;
	/** Processes of n8n, in the same order each time; 0 for one that is not there. */
	pids(): number[];
	/** Whether every process of n8n answers /healthz/readiness with 200. */
	isReady(): Promise<boolean>;
	/** What n8n's processes have printed so far. */
	printed(): string;
	publish(workflowId: string): Promise<void>;
	unpublish(workflowId: string): Promise<void>;
	/** Events that left the trigger of a workflow, of all executions that the database has, failed ones too. */
	passedOn(workflowId: string): Promise<PassedOn[]>;
	/** What left the triggers of a workflow in the executions that have succeeded, item by item. */
	items(workflowId: string): Promise<Array<Record<string, unknown>>>;
	/** Number of executions of a workflow by status. */
	executions(workflowId: string): Promise<Record<string, number>>;
	/** Waits until no execution is new, waiting or running. */
	settled(timeoutMs: number): Promise<void>;
	/** Resident memory of all n8n processes, MB. */
	memoryMb(): number;
	stop(): Promise<void>;
}

/** What a row gets to work with. */
export interface Stage {
	/** A short variant for CI: the same rows with fewer events and faults. */
	short: boolean;
	/** Says what is being done, a line at a time. */
	say(line: string): void;
}
