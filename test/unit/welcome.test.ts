/** What `npm start` says: the example that it names is there and does what is said of it. */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import { registersWebhooks } from '../../sandbox/n8n/fixtures';
import { CHANGE_EXAMPLE, FIRST_START, welcome } from '../../sandbox/n8n/welcome';

const folder = join(__dirname, '..', '..', 'examples');
const workflows = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Workflow);

interface Workflow {
	name: string;
	nodes: Array<{ type: string; parameters: Record<string, unknown> }>;
}

const urls = {
	control: 'http://c',
	moysklad: 'http://m',
	yandexMarket: 'http://y',
	altegio: 'http://a',
	inspectorCloud: 'http://i',
};

it('names an example that starts when a product changes, and how to change one', () => {
	const [example] = workflows.filter(({ name }) => name === CHANGE_EXAMPLE);
	const [trigger] = example.nodes.filter(({ type }) => type.endsWith('.moySkladTrigger'));
	expect(JSON.stringify(trigger.parameters)).toMatch(/"product"/);
	expect(JSON.stringify(trigger.parameters)).toMatch(/UPDATE/);
	const text = welcome('http://n8n', urls, { email: 'me@x', password: 'secret' }).join('\n');
	expect(text).toContain(`Publish "${CHANGE_EXAMPLE}"`);
	expect(text).toContain('curl -X POST http://c/moysklad/change');
	for (const url of ['http://n8n', ...Object.values(urls)]) expect(text).toContain(url);
	expect(text).toContain('me@x / secret');
	expect(welcome('http://n8n', urls).join('\n')).not.toContain('Log in with');
});

it('tells how long the first start takes, and a later one', () => {
	expect(FIRST_START.join(' ')).toMatch(/first start .* five minutes.* Later starts .* a minute/);
});

it('publishes again what has a trigger that registers its webhooks: the sandbox begins without', () => {
	const folders = ['MoySklad', 'YandexMarket', 'Altegio', 'InspectorCloud'];
	const registering = folders
		.flatMap((folder) => {
			const path = join(__dirname, '..', '..', 'nodes', folder);
			return readdirSync(path).map((file) => join(path, file));
		})
		.filter((path) => path.endsWith('Trigger.node.ts'))
		.filter((path) => readFileSync(path, 'utf8').includes('/trigger/registration'))
		.map((path) => /(\w+)\.node\.ts$/.exec(path)?.[1] ?? '')
		.map((name) => `n8n-nodes-retail-ops.${name.charAt(0).toLowerCase()}${name.slice(1)}`);
	expect(registering).toContain('n8n-nodes-retail-ops.altegioTrigger');
	expect(registering.filter((type) => !registersWebhooks(type))).toEqual([]);
	expect(registersWebhooks('n8n-nodes-retail-ops.moySkladPollingTrigger')).toBe(false);
});
