/** The rows for n8n in one process. */
import { bridges } from './rows/bridges';
import { burst } from './rows/burst';
import { hostile } from './rows/hostile';
import { kills } from './rows/kills';
import { otherVendorsSingle } from './rows/otherVendors';
import { outage } from './rows/outage';
import { repeats } from './rows/repeats';
import { startSingleHost } from './singleHost';
import type { SingleHost } from './singleHost';
import { partOf } from './part';

export const singlePart = partOf<SingleHost>({
	mode: 'single',
	title: 'n8n in one process with SQLite',
	open: async (stage, logs) => await startSingleHost({ logs, say: stage.say }),
	rows: [
		{ name: 'burst', run: burst },
		{ name: 'repeats', run: repeats },
		{ name: 'kills', run: kills },
		{ name: 'hostile', run: hostile },
		{ name: 'outage', run: outage },
		{ name: 'other vendors', run: otherVendorsSingle },
		{ name: 'bridges', run: bridges },
	],
});
