/** What the runner and its child processes say to each other. */
import type { SandboxCredentials, SandboxOptions } from '../sandbox';
import type { NodeInput } from '../test/engine/harness';

/** First message of the sandbox's process. */
export interface SandboxReady {
	urls: Record<string, string>;
	credentials: SandboxCredentials;
	/** Of the file in the report's archive, where there is one. */
	reportBytes?: number;
}

/** What the runner asks of the sandbox's process. */
export type SandboxOrder =
	/** Neither limits nor latency, for preparations. */
	| { order: 'quiet' }
	/** Documented limits with a whole budget, latency, an empty log. */
	| { order: 'measure' }
	| { order: 'requests' };

/** One request that MoySklad or its storage received. */
export interface SeenRequest {
	vendor: string;
	method: string;
	/** Path and query. */
	url: string;
	status: number;
	/** What was special about it: `refused 1049` (rate), `refused 1073` (parallel). */
	note?: string;
	/** Arrival, ms since the first request; and until the answer was out. */
	at: number;
	durationMs: number;
}

export interface SandboxAnswer {
	/** Requests since the last `measure`, oldest first; for `requests` only. */
	requests?: SeenRequest[];
}

/** How a sandbox's process is started. */
export type SandboxSetup = Pick<SandboxOptions, 'assortmentRows' | 'vendors'> & {
	/** Yandex Market has so many orders of the last days, or a report of so many rows. */
	market?: { orders?: number; days?: number; reportRows?: number };
};

/** A workflow to be measured: the trigger passes the items on to the first node, and so on in a row. */
export interface MeasuredWorkflow {
	nodes: NodeInput[];
	/** Items for the first node; one empty one when absent. */
	items?: object[];
	/** So many items with a JPEG each, no two alike; instead of `items`. */
	photos?: number;
	/** The only node is a polling trigger: it is published, and then polls so many times. */
	polls?: number;
}

/** How the process with the salons is started. */
export interface AltegioSetup {
	/** Of each location. */
	appointments: number;
	/** That are there before. */
	clients: number;
	locations: number;
}

/** Its first message. */
export interface AltegioReady {
	origin: string;
}

/** How the process with big visits is started. */
export interface VisitsSetup {
	visits: number;
	/** Of each visit, at least. */
	bytes: number;
	/** In each visit. */
	prices: number;
	/** Until an answer begins. */
	latencyMs: number;
}

/** Its first message. */
export interface VisitsReady {
	origin: string;
	/** Of each visit. */
	bytes: number;
}

/** Everything that one measured process does. */
export interface Job {
	/** Known to the workflows by the ID `bench`; its address is left out of the rows' fingerprint. */
	credential: { type: string; data: object; origin: string };
	/** Started at the same moment. */
	workflows: MeasuredWorkflow[];
}

/** What a process has used so far, or between two moments. */
export interface Usage {
	seconds: number;
	/** User and system, of all threads. */
	cpuSeconds: number;
	/** Highest resident memory since the process began. */
	peakRssMb: number;
}

/** Last message of a measured process. */
export interface Measured {
	/** From the start of the workflows to the end of the last one. */
	usage: Usage;
	/** Resident memory with the engine and its nodes loaded, before the work. */
	baselineRssMb: number;
	/** Memory that the finished executions hold on to, after a garbage collection. */
	retainedHeapMb: number;
	/** Usage up to the moment in which n8n's Split Out node began. */
	beforeSplitOut?: Usage;
	workflows: Array<{
		seconds: number;
		/** Items that the last node put out. */
		items: number;
		/** SHA-256 of all items in their order, without the address of the sandbox. */
		hash: string;
		/** SHA-256 of the items' `id`s, joined by commas. */
		idsHash: string;
		error?: string;
	}>;
}
