/**
 * How long n8n's editor takes to open a node's panel: n8n's own Google Sheets node and our five action nodes, one after
 * the other in one browser on one n8n with the packed package, from the double click to the last change of the page.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

import { startSandbox } from '../sandbox';
import {
	credentialReferences,
	sandboxCredentialImports,
	type CredentialType,
} from '../sandbox/n8n/fixtures';
import { importByCli, launchN8n, type N8n } from '../sandbox/n8n/n8n';
import { ensureChromium, installPackedTarball } from '../sandbox/setup.mjs';
import packageJson from '../package.json';

/** Times that each node is opened, after two that are not counted: the editor loads parts of itself then. */
export const ROUNDS = 11;
const UNCOUNTED = 2;
/** The page is at rest when nothing in it has changed for so long. */
const REST_MS = 400;

export const THEIRS = 'Google Sheets';

/** Medians of one node, in ms from the double click. */
export interface Opened {
	name: string;
	/** Until the first of its parameters stands. */
	first: number;
	/** Until nothing changes any more: all parameters stand, and what they load is there. */
	rest: number;
	/** Fields and sections of the form and the node's settings that are shown. */
	controls: number;
}

/** A node as it comes onto the canvas, and as it stands in a workflow that somebody uses. */
interface Kind {
	name: string;
	type: string;
	typeVersion: number;
	credential?: CredentialType;
	inUse: IDataObject;
}

const ours = (
	name: string,
	type: string,
	credential: CredentialType,
	inUse: IDataObject,
): Kind => ({
	name,
	type: `${packageJson.name}.${type}`,
	typeVersion: 1,
	credential,
	inUse,
});

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Lists, narrowed by one filter each. */
const KINDS: Kind[] = [
	{
		name: THEIRS,
		type: 'n8n-nodes-base.googleSheets',
		typeVersion: 4.7,
		inUse: {
			documentId: byId('1dX8kPnQvq6Hc0Uf2m0bS7aJ5YwZrTtLgE3iNoVxKpMs'),
			sheetName: byId('gid=0'),
			filtersUI: { values: [{ lookupColumn: 'Code', lookupValue: '12' }] },
		},
	},
	ours('MoySklad', 'moySklad', 'moySkladApi', {
		resource: 'counterparty',
		operation: 'getAll',
		search: 'tea',
	}),
	ours('MoySklad Documents', 'moySkladDocuments', 'moySkladApi', {
		resource: 'demand',
		operation: 'getAll',
		search: '12',
	}),
	ours('Yandex Market', 'yandexMarket', 'yandexMarketApi', {
		resource: 'order',
		operation: 'getAll',
	}),
	ours('Altegio', 'altegio', 'altegioApi', { resource: 'client', operation: 'search' }),
	ours('Inspector Cloud', 'inspectorCloud', 'inspectorCloudApi', {
		resource: 'visit',
		operation: 'get',
	}),
];

const IN_USE = ' in use';

/** All of them, far enough from each other to be clicked. */
const nodes = [false, true].flatMap((isUsed, row) =>
	KINDS.map(({ name, type, typeVersion, credential, inUse }, column) => ({
		name: isUsed ? name + IN_USE : name,
		id: `node-${row}-${column}`,
		type,
		typeVersion,
		position: [250 * column, 300 * row],
		parameters: isUsed ? inUse : {},
		...(credential && { credentials: { [credential]: credentialReferences[credential] } }),
	})),
);

const NO_MOTION = `document.addEventListener('DOMContentLoaded', () => {
	const style = document.createElement('style');
	style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
	document.head.append(style);
})`;

/** Watches the page from the next double click on; the promise holds what it saw. Runs in the page. */
const WATCH = `window.opened = new Promise((resolve) => {
	document.addEventListener('dblclick', () => {
		const started = performance.now();
		let first;
		let last = started;
		const count = () => document.querySelectorAll('[data-test-id="node-parameters"] [data-test-id="parameter-item"]').length;
		const observer = new MutationObserver(() => { last = performance.now(); });
		observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
		const look = () => {
			const now = performance.now();
			if (first === undefined && count() > 0) first = now;
			if (first === undefined || now - last < ${REST_MS}) {
				requestAnimationFrame(look);
				return;
			}
			observer.disconnect();
			resolve({ first: first - started, rest: last - started, controls: count() });
		};
		requestAnimationFrame(look);
	}, { capture: true, once: true });
}); undefined`;

function median(values: number[]): number {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

async function openOnce(page: Page, name: string): Promise<Omit<Opened, 'name'>> {
	await page.evaluate(WATCH);
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	const seen = await page.evaluate<Omit<Opened, 'name'>>('window.opened');
	await page.locator('[data-test-id="ndv-close-button"]').first().click();
	await page.locator('[data-test-id="ndv"]').waitFor({ state: 'hidden' });
	return seen;
}

async function openAll(page: Page): Promise<Opened[]> {
	const seen = new Map<string, Array<Omit<Opened, 'name'>>>(nodes.map(({ name }) => [name, []]));
	for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
		// Each begins as often as another: what grows from opening to opening falls on all alike.
		for (let turn = 0; turn < nodes.length; turn++) {
			const { name } = nodes[(round + turn) % nodes.length];
			const one = await openOnce(page, name);
			if (round >= UNCOUNTED) seen.get(name)?.push(one);
		}
	}
	return [...seen].map(([name, ones]) => ({
		name,
		first: median(ones.map(({ first }) => first)),
		rest: median(ones.map(({ rest }) => rest)),
		controls: median(ones.map(({ controls }) => controls)),
	}));
}

async function openBrowser(n8n: N8n, profile: string, executablePath: string) {
	const browser: BrowserContext = await chromium.launchPersistentContext(profile, {
		executablePath,
		headless: true,
		viewport: { width: 1440, height: 810 },
		locale: 'en-US',
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
	});
	const { name, value } = n8n.api.sessionCookie();
	await browser.addCookies([{ name, value, url: n8n.url }]);
	return browser;
}

/**
 * Opens each node `ROUNDS` times and returns the medians of new nodes and of those in use.
 *
 * @throws Error that says why there is no browser
 */
export async function measurePanels(): Promise<Record<'fresh' | 'inUse', Opened[]>> {
	const { path: executablePath, reason } = await ensureChromium();
	if (!executablePath) throw new Error(reason);
	const undo: Array<() => unknown> = [];
	const folder = (prefix: string) => {
		const made = mkdtempSync(path.join(tmpdir(), prefix));
		undo.push(() => rmSync(made, { recursive: true, force: true, maxRetries: 5 }));
		return made;
	};
	try {
		const userFolder = folder('retail-ops-bench-');
		await installPackedTarball({ userFolder });
		const sandbox = await startSandbox({ assortmentRows: 200 });
		undo.push(async () => await sandbox.close());
		const credentials = sandboxCredentialImports(sandbox.credentials);
		await importByCli('credentials', credentials, { userFolder });
		const n8n = await launchN8n({ userFolder });
		undo.push(async () => await n8n.stop());
		await n8n.api.signIn();
		const { id } = await n8n.api.request<{ id: string }>('POST', '/rest/workflows', {
			name: 'Panels',
			nodes,
			connections: {},
			settings: { executionOrder: 'v1' },
		});
		const browser = await openBrowser(n8n, folder('retail-ops-browser-'), executablePath);
		undo.push(async () => await browser.close());
		const page = browser.pages()[0] ?? (await browser.newPage());
		page.setDefaultTimeout(60_000);
		await page.addInitScript(NO_MOTION);
		await page.goto(`${n8n.url}/workflow/${id}`);
		await page
			.locator('[data-test-id="canvas-node"]')
			.nth(nodes.length - 1)
			.waitFor();
		const all = await openAll(page);
		const isUsed = ({ name }: Opened) => name.endsWith(IN_USE);
		return {
			fresh: all.filter((one) => !isUsed(one)),
			inUse: all.filter(isUsed).map((one) => ({ ...one, name: one.name.slice(0, -IN_USE.length) })),
		};
	} finally {
		for (const step of undo.reverse()) await step();
	}
}
