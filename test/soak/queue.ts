/** The rows for n8n in queue mode. */
import { startQueueHost } from './queueHost';
import type { QueueHost } from './queueHost';
import { burst } from './rows/burst';
import { hostile } from './rows/hostile';
import { otherVendorsQueue } from './rows/otherVendors';
import { outage } from './rows/outage';
import { queueFaults } from './rows/queueFaults';
import { repeats } from './rows/repeats';
import { partOf } from './part';

export const queuePart = partOf<QueueHost>({
	mode: 'queue',
	title: 'n8n in queue mode: main, 2 webhook processors, 2 workers, Redis, PostgreSQL',
	open: async (stage, logs) => await startQueueHost(stage, { logs }),
	rows: [
		{ name: 'burst', run: burst },
		{ name: 'repeats', run: repeats },
		{ name: 'queue faults', run: queueFaults },
		{ name: 'hostile', run: hostile },
		{ name: 'outage', run: outage },
		{ name: 'other vendors', run: otherVendorsQueue },
	],
});
