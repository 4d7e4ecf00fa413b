/**
 * The editor in a real browser: each of the nodes is found in the nodes panel, put on the
 * canvas, opened and set; the pictures of the documentation are taken on the way.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { ALTEGIO_VISITS } from '../../sandbox/credentials';
import { projectFolder, sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import { defaultOwner, importByCli, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { N8n } from '../../sandbox/n8n/n8n';
import { unfold } from './forms/editor';
import { findBrowser, prepareUserFolder, setUpTimeoutMs } from './harness';
import type { NodeTypeName } from '../../sandbox/n8n/nodes';
import type { PreparedFolder } from './harness';

const { path: executablePath, reason } = findBrowser();
if (!executablePath) process.stderr.write(`SKIPPED: the browser test, since ${reason}\n`);
const whereThereIsABrowser = executablePath ? test : test.skip;

const images = path.join(projectFolder, 'docs', 'images');

let folder: PreparedFolder;
let sandbox: Sandbox;
let n8n: N8n;
let browser: BrowserContext | undefined;
let profile: string;
let page: Page;

/** The way of a person who wants one node on the canvas. */
interface Walk {
	type: NodeTypeName;
	/** What is typed into the search of the nodes panel; aliases and Cyrillic count. */
	search: string;
	/** The entry that the search must find, by its exact name. */
	entry: string;
	/** Section of the entry's list, and the text of the action that is chosen from it. */
	section: 'Triggers' | 'Actions';
	action: string;
	/** Selects of the panel by parameter name, with the option to choose. */
	selects: Record<string, string>;
	/** Parameters that are picked from a list which the vendor gives. */
	lists?: string[];
	/** Text parameters. */
	texts?: Record<string, string>;
	/** How many items "Execute step" must show; without it the step is not executed. */
	items?: number;
}

const walks: Walk[] = [
	{
		type: 'moySklad',
		search: 'МойСклад',
		entry: 'MoySklad',
		section: 'Actions',
		action: 'Get many assortment items with stock',
		selects: { resource: 'Assortment (Ассортимент)', operation: 'Get Many' },
		items: 50,
	},
	{
		type: 'moySkladTrigger',
		search: 'MoySklad Trigger',
		entry: 'MoySklad',
		section: 'Triggers',
		action: 'On order, product or other object updated',
		selects: { entityTypes: 'Product (Товар)' },
		items: 1,
	},
	{
		type: 'moySkladPollingTrigger',
		search: 'MoySklad Polling',
		entry: 'MoySklad Polling',
		section: 'Triggers',
		action: 'On order, product or other object created',
		selects: { entityTypes: 'Product (Товар)' },
		items: 10,
	},
	{
		type: 'yandexMarket',
		search: 'Yandex Market',
		entry: 'Yandex Market',
		section: 'Actions',
		action: 'Get outlet of shop',
		selects: { resource: 'Outlet (Точка продаж)', operation: 'Get' },
		lists: ['campaignId', 'outletId'],
		items: 1,
	},
	{
		type: 'altegio',
		search: 'YCLIENTS',
		entry: 'Altegio / YCLIENTS',
		section: 'Actions',
		action: 'Get visit of client',
		selects: { resource: 'Visit (Визит)', operation: 'Get' },
		texts: { visitId: String(ALTEGIO_VISITS.sample) },
		items: 1,
	},
	{
		type: 'inspectorCloud',
		search: 'Eyrene',
		entry: 'Inspector Cloud',
		section: 'Actions',
		action: 'Get store visit with photos and KPIs',
		selects: { resource: 'Visit (Визит)', operation: 'Get' },
		lists: ['visitId'],
		items: 1,
	},
];

beforeAll(async () => {
	if (!executablePath) return;
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ assortmentRows: 200 });
	await importByCli('credentials', sandboxCredentialImports(sandbox.credentials), folder);
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
	profile = mkdtempSync(path.join(tmpdir(), 'retail-ops-browser-'));
	browser = await chromium.launchPersistentContext(profile, {
		executablePath,
		headless: true,
		viewport: { width: 1440, height: 810 },
		locale: 'en-US',
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
	page = browser.pages()[0] ?? (await browser.newPage());
	page.setDefaultTimeout(20_000);
	// n8n's hint about pinning data would lie over the picture.
	await page.addInitScript("localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true')");
	mkdirSync(images, { recursive: true });
}, setUpTimeoutMs);

afterAll(async () => {
	await browser?.close();
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
	if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

function byTestId(id: string): Locator {
	return page.locator(`[data-test-id="${id}"]`);
}

async function openNewCanvas(): Promise<void> {
	await page.goto(`${n8n.url}/workflow/new`);
	await byTestId('canvas-add-button').waitFor();
}

function exactly(text: string): RegExp {
	return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** Searches the nodes panel, opens the entry that is found, and chooses an action from its list. */
async function addNode({ search, entry, section, action }: Walk): Promise<void> {
	await byTestId('node-creator-plus-button').first().click();
	await byTestId('node-creator-search-bar').fill(search);
	const names = byTestId('node-creator-item-name');
	await names
		.filter({ hasText: exactly(entry) })
		.first()
		.click();
	const heading = byTestId('node-creator-category-item').filter({ hasText: section });
	await heading.waitFor();
	const item = names.filter({ hasText: exactly(action) }).first();
	await unfold(heading, item);
	await item.click();
	await byTestId('ndv').waitFor();
}

/** Opens a select of the node's panel and picks the option with exactly this headline. */
async function choose(parameter: string, label: string): Promise<void> {
	const select = byTestId(`parameter-input-${parameter}`).first();
	await select.click();
	const options = page.getByRole('option').filter({ visible: true });
	await options
		.filter({ has: page.getByText(label, { exact: true }) })
		.first()
		.click();
	// Where several may be chosen the list stays open.
	if (await options.first().isVisible()) await byTestId('tab-params').first().click();
	await options.first().waitFor({ state: 'hidden' });
	const shown = `${await select.locator('input').first().inputValue()} ${await select.innerText()}`;
	expect(shown).toContain(label);
}

/** Opens a resource locator's list, which n8n asks our node for, and picks the first row. */
async function pickFromList(parameter: string): Promise<void> {
	const locator = byTestId(`resource-locator-${parameter}`);
	const input = locator.locator(
		'[data-test-id="rlc-input"] input, input[data-test-id="rlc-input"]',
	);
	await input.first().click();
	const row = byTestId('rlc-item').filter({ visible: true }).first();
	const text = (await row.innerText()).trim();
	expect(text).not.toBe('');
	await row.click();
	await row.waitFor({ state: 'hidden' });
	expect(text).toContain((await input.first().inputValue()).trim());
}

/** Notices leave by themselves after some seconds; they would be in the picture. */
async function noticesGone(): Promise<void> {
	await page.locator('.el-notification').first().waitFor();
	await waitFor(
		'the notices to go',
		async () => (await page.locator('.el-notification').count()) === 0,
	);
}

whereThereIsABrowser('the owner logs in by the form', async () => {
	await page.goto(`${n8n.url}/signin`);
	await page.getByLabel(/email/i).fill(defaultOwner.email);
	await page
		.getByLabel(/password/i)
		.first()
		.fill(defaultOwner.password);
	await page.keyboard.press('Enter');
	await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	await byTestId('main-sidebar-settings').first().waitFor();
});

whereThereIsABrowser.each(walks)('$type: found, added, set, executed', async (walk) => {
	try {
		await go(walk);
	} catch (error) {
		const picture = path.join(projectFolder, '.run', `editor-${walk.type}.png`);
		await page.screenshot({ path: picture });
		process.stderr.write(`What the browser showed last: ${picture}\n`);
		throw error;
	}
});

async function go(walk: Walk): Promise<void> {
	await openNewCanvas();
	await addNode(walk);
	for (const [parameter, label] of Object.entries(walk.selects)) await choose(parameter, label);
	for (const parameter of walk.lists ?? []) await pickFromList(parameter);
	for (const [parameter, text] of Object.entries(walk.texts ?? {})) {
		await byTestId(`parameter-input-${parameter}`).locator('input, textarea').first().fill(text);
	}
	// n8n itself chooses the one credential of the type.
	const credential = byTestId('node-credentials-slot').locator('input').first();
	await waitFor('the credential', async () =>
		(await credential.inputValue()).endsWith('(sandbox)'),
	);
	if (walk.items !== undefined) {
		await byTestId('node-execute-button').click();
		if (walk.type === 'moySkladTrigger') await sendTestEvent();
		await byTestId('node-run-status-success').waitFor();
		const count = await byTestId('output-panel')
			.locator('[data-test-id="ndv-items-count"]')
			.innerText();
		expect(count.trim()).toBe(`${walk.items} item${walk.items === 1 ? '' : 's'}`);
		await noticesGone();
	}
	await page.mouse.move(0, 0);
	await page.screenshot({ path: path.join(images, `${walk.type}.png`) });
	await byTestId('ndv-close-button').first().click();
	await byTestId('ndv').waitFor({ state: 'hidden' });
	expect(await byTestId('canvas-node').count()).toBeGreaterThan(0);
	await expectNoIssue();
}

/** n8n listens for a test event: a change at MoySklad, as soon as the trigger has its webhook there. */
async function sendTestEvent(): Promise<void> {
	const { moysklad } = sandbox;
	await waitFor('the test webhook', () =>
		moysklad.webhooks
			.list('webhook')
			.some(({ url, entityType }) => entityType === 'product' && url.includes('/webhook-test/')),
	);
	const { deliveries } = moysklad.change('product', 'UPDATE');
	await moysklad.deliveriesIdle();
	expect(deliveries.map(({ outcome }) => outcome)).toEqual(['delivered']);
}

/** A node that n8n cannot run as it stands carries a red mark. */
async function expectNoIssue(): Promise<void> {
	expect(await byTestId('canvas').locator('[data-test-id="node-issues"]').count()).toBe(0);
}
