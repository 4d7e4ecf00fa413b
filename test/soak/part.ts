/** The rows of one mode and the host that they share. */
import type { Finding, Host, Stage } from './types';

/** A line of the table, or several. Takes its workflows offline at the end and leaves n8n running. */
export interface Row<H extends Host> {
	/** Words for `--only`. */
	name: string;
	run: (host: H, stage: Stage) => Promise<Finding[]>;
}

/** What a part is made of. */
export interface PartOptions<H extends Host> {
	mode: Host['mode'];
	title: string;
	/** Starts the host; n8n's logs go into the folder `logs` when it stops. */
	open: (stage: Stage, logs: string) => Promise<H>;
	/** They run in this order. */
	rows: Array<Row<H>>;
}

/** A part whose host is running. */
export interface OpenedPart {
	run(name: string, stage: Stage): Promise<Finding[]>;
	stop(): Promise<void>;
}

/** The rows of one mode, whatever the type of their host. */
export interface Part {
	mode: Host['mode'];
	title: string;
	names: string[];
	open(stage: Stage, logs: string): Promise<OpenedPart>;
}

/** Hides the type of the host. */
export function partOf<H extends Host>({ mode, title, open, rows }: PartOptions<H>): Part {
	return {
		mode,
		title,
		names: rows.map(({ name }) => name),
		open: async (stage, logs) => {
			const host = await open(stage, logs);
			return {
				run: async (name, staged) => {
					const row = rows.find((one) => one.name === name);
					if (!row) throw new RangeError(`There is no row ${name}`);
					return await row.run(host, staged);
				},
				stop: async () => await host.stop(),
			};
		},
	};
}
