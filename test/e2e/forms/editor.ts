/**
 * n8n's editor as a person uses it: a browser on a real n8n with the packed package, and the things of its
 * nodes panel and its parameter panel that can be clicked, filled and read. Nothing here sets a parameter
 * in any other way than a mouse and a keyboard do.
 */
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Locator, Page, Request } from 'playwright-core';

import { startSandbox } from '../../../sandbox';
import type { RequestLogEntry, Sandbox } from '../../../sandbox';
import { sandboxCredentialImports } from '../../../sandbox/n8n/fixtures';
import { delay, importByCli, launchN8n, waitFor } from '../../../sandbox/n8n/n8n';
import type { N8n } from '../../../sandbox/n8n/n8n';
import { findBrowser, prepareUserFolder } from '../harness';
import type { PreparedFolder } from '../harness';

/** The browser of this machine; tests are skipped where there is none. */
export const { path: executablePath, reason } = findBrowser();

/** Parameters of a node as they are saved. */
export type Saved = Record<string, unknown>;

/** What n8n itself prints in its console, with no part of ours in it. */
const NOISE = [
	// A browser without certificates of its own, and n8n's links to pictures of other sites.
	/^Failed to load resource: net::ERR_/,
	// Examples of what its own nodes put out, which it asks for and does not have.
	/ 404 .*\/schemas\/n8n-nodes-base\./,
	// The worker behind n8n's own Code editor, which at times does not find its libraries.
	/^Error: error TS6231: .*\/es2023'/,
	// Its locators ask for their list in another mode, too, and then without the method that gives it.
	/ 400 .*\/rest\/dynamic-node-parameters\/resource-locator-results$/,
];

/** Where n8n's editor asks for the options of a list that our node loads. */
const LISTS = '/rest/dynamic-node-parameters/options';

const NO_MOTION = `document.addEventListener('DOMContentLoaded', () => {
	const style = document.createElement('style');
	style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
	document.head.append(style);
})`;

/** How long a locator's list may load before it is opened again, and how often it is opened. */
const OPENING_MS = 8_000;
const OPENINGS = 3;

/** An element of the page, as far as the scripts here look at it. */
interface PageElement {
	innerText: string;
	scrollWidth: number;
	clientWidth: number;
	parentElement: PageElement | null;
	querySelector(selector: string): PageElement | null;
	querySelectorAll(selector: string): Iterable<PageElement>;
	getAttribute(name: string): string | null;
}

/** Labels whose text is cut by an ellipsis. Runs in the page. */
function cutLabelsIn(panel: unknown): string[] {
	const page = globalThis as unknown as {
		getComputedStyle(element: PageElement): { textOverflow: string };
	};
	const isCut = (part: PageElement) =>
		page.getComputedStyle(part).textOverflow === 'ellipsis' &&
		part.scrollWidth > part.clientWidth + 1;
	return [...(panel as PageElement).querySelectorAll('label')]
		.filter((label) => [label, ...label.querySelectorAll('div, span')].some(isCut))
		.map((label) => label.innerText.trim());
}

/** The parameters that red marks belong to. Runs in the page. */
function markedPaths(marks: unknown): string[] {
	return (marks as PageElement[]).map((mark) => {
		let around: PageElement | null = mark;
		while (around && !around.querySelector('[data-parameter-path]')) around = around.parentElement;
		return (
			around?.querySelector('[data-parameter-path]')?.getAttribute('data-parameter-path') ?? '?'
		);
	});
}

/** Whether n8n holds nothing that is not saved, by the mark that it keeps for its save button. Runs in the page. */
function isSaved(): boolean {
	const page = globalThis as unknown as {
		document: { querySelector(selector: string): VueRoot };
	};
	const { $pinia } = page.document.querySelector('#app').__vue_app__.config.globalProperties;
	return !$pinia._s.get('ui').stateIsDirty;
}

interface VueRoot {
	__vue_app__: {
		config: {
			globalProperties: { $pinia: { _s: { get(name: 'ui'): { stateIsDirty: boolean } } } };
		};
	};
}

/** A running n8n with the sandbox and a browser on it, signed in. */
export interface Desk {
	folder: PreparedFolder;
	sandbox: Sandbox;
	n8n: N8n;
	page: Page;
	editor: Editor;
	close(): Promise<void>;
}

/**
 * Starts all of it; about 20 s on two quiet cores.
 *
 * @param options rows of MoySklad's assortment; `signIn: false` leaves the sign-in form to the test; `pauses`, what is
 * left of n8n's own pauses before it takes over what was typed (100 to 200 ms), asks for a list anew (500 ms) and saves
 * (1500 ms): a part of 1, by the switch that n8n has for its own tests; `folder`, where several desks must not pack at
 * the same time
 */
export async function startDesk(
	options: {
		assortmentRows?: number;
		signIn?: boolean;
		pauses?: number;
		folder?: PreparedFolder;
	} = {},
): Promise<Desk> {
	if (!executablePath) throw new Error(reason);
	const { pauses = 1 } = options;
	const undo: Array<() => unknown> = [];
	const close = async () => {
		for (const step of undo.reverse()) await step();
	};
	try {
		const folder = options.folder ?? (await prepareUserFolder());
		undo.push(() => folder.remove());
		const sandbox = await startSandbox({ assortmentRows: options.assortmentRows ?? 200 });
		undo.push(async () => await sandbox.close());
		await importByCli('credentials', sandboxCredentialImports(sandbox.credentials), folder);
		const n8n = await launchN8n(folder);
		undo.push(async () => await n8n.stop());
		await n8n.api.signIn();
		const profile = mkdtempSync(path.join(tmpdir(), 'retail-ops-browser-'));
		undo.push(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
		const browser = await launchBrowser(profile);
		undo.push(async () => await browser.close());
		if (options.signIn ?? true) {
			const { name, value } = n8n.api.sessionCookie();
			await browser.addCookies([{ name, value, url: n8n.url }]);
		}
		const page = browser.pages()[0] ?? (await browser.newPage());
		page.setDefaultTimeout(20_000);
		// Nothing glides: each list is open, and closed, at once.
		await page.addInitScript(NO_MOTION);
		await page.addInitScript(`sessionStorage.setItem('N8N_DEBOUNCE_MULTIPLIER', '${pauses}')`);
		// n8n's hint about pinning data would lie over the output.
		await page.addInitScript("localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true')");
		return { folder, sandbox, n8n, page, editor: new Editor(page, n8n, sandbox, pauses), close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function launchBrowser(profile: string): Promise<BrowserContext> {
	return await chromium.launchPersistentContext(profile, {
		executablePath: executablePath ?? undefined,
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
}

/** A whole text, blanks around it aside. */
export function exactly(text: string): RegExp {
	return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** The part of saved parameters that a path like `conditions.condition[0].field` or `fields.value["name"]` names. */
export function at(saved: unknown, where: string): unknown {
	const steps = where.match(/\["[^"]*"\]|\[\d+\]|[^.[\]]+/g) ?? [];
	return steps.reduce<unknown>((value, step) => {
		const name = step.startsWith('["')
			? step.slice(2, -2)
			: step.startsWith('[')
				? step.slice(1, -1)
				: step;
		return (value as Record<string, unknown> | undefined)?.[name];
	}, saved);
}

/**
 * Opens a section of the nodes panel that is folded: long ones are. One that is slow to show hundreds of entries looks
 * folded, too, so that it may take a second click to open it again.
 */
export async function unfold(heading: Locator, entry: Locator): Promise<void> {
	for (const timeout of [1500, 6000]) {
		const isShown = await entry.waitFor({ timeout }).then(
			() => true,
			() => false,
		);
		if (isShown) return;
		await heading.click();
	}
	await entry.waitFor();
}

/** How a step ended. */
export interface Outcome {
	ok: boolean;
	/** What the output panel says, e.g. "3 items", or the error's headline. */
	text: string;
	/** What the vendors received meanwhile. */
	asked: RequestLogEntry[];
}

/** The editor, with one node open at a time. */
export class Editor {
	/** Errors of the page and of its console since {@link takeTrouble}, n8n's own noise aside. */
	private trouble: string[] = [];

	/** When something was typed last, in milliseconds. */
	private typedAt = 0;

	/** Lists that n8n has asked our node for without a credential, see {@link refreshLists}. */
	private early: Request[] = [];

	/** Parameters of the form that is worked on, see {@link workOn}. */
	private names: Set<string> | undefined;

	/** How many lists have failed for a form that had been left by then. */
	private stale = 0;

	constructor(
		readonly page: Page,
		private readonly n8n: N8n,
		private readonly sandbox: Sandbox,
		/** As in {@link startDesk}. */
		private readonly pauses = 1,
	) {
		page.on('request', (request) => {
			if (!request.url().endsWith(LISTS) || request.method() !== 'POST') return;
			if (!Object.hasOwn(request.postDataJSON() as object, 'credentials')) this.early.push(request);
		});
		page.on('response', (answer) => {
			if (answer.ok() || !answer.url().endsWith(LISTS)) return;
			const { path: where } = answer.request().postDataJSON() as { path: string };
			const [name] = where.replace(/^parameters\./, '').split(/[.[]/);
			if (this.names?.has(name) === false) this.stale += 1;
		});
		page.on('pageerror', (error) => this.trouble.push(error.message));
		page.on('console', (message) => {
			if (message.type() !== 'error') return;
			const text = `${message.text().split('\n')[0]} ${message.location().url}`;
			if (!NOISE.some((known) => known.test(text))) {
				this.trouble.push(text);
			}
		});
	}

	byTestId(id: string): Locator {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	/**
	 * Says which parameters the form has that is chosen next. n8n asks once more for the lists of the form before, which
	 * are empty by then, and a list without its location is an error: that is no fault of the new form.
	 */
	workOn(names: string[]): void {
		this.names = new Set(names);
	}

	/** Errors of the page so far; the next call tells only newer ones. */
	takeTrouble(): string[] {
		for (; this.stale > 0; this.stale -= 1) {
			const known = this.trouble.findIndex((text) => text.includes(LISTS));
			if (known < 0) break;
			this.trouble.splice(known, 1);
		}
		const { trouble } = this;
		this.trouble = [];
		return trouble;
	}

	// ------------------------------------------------------------------------------- the canvas

	async openNewCanvas(): Promise<void> {
		// The first visit loads and compiles the whole app.
		await this.page.goto(`${this.n8n.url}/workflow/new`, { timeout: 60_000 });
		await this.byTestId('canvas-add-button').waitFor({ timeout: 30_000 });
	}

	/** Deletes all nodes, which takes a tenth of the time of {@link openNewCanvas}. */
	async clearCanvas(): Promise<void> {
		await this.closeNode();
		await this.page.keyboard.press('ControlOrMeta+a');
		await this.page.keyboard.press('Delete');
		await this.byTestId('canvas-add-button').waitFor();
	}

	/**
	 * Searches the nodes panel, opens the entry that is found, and chooses an action from its list. The new
	 * node is connected to the one that is selected, and opens.
	 */
	async addNode(step: {
		search: string;
		entry: string;
		section: 'Triggers' | 'Actions';
		/** By default the first one. */
		action?: string;
	}): Promise<void> {
		await this.closeNode();
		await this.byTestId('node-creator-plus-button').first().click();
		await this.byTestId('node-creator-search-bar').fill(step.search);
		const names = this.byTestId('node-creator-item-name');
		// A trigger that is alone in its list, without actions of its own, keeps its whole name.
		const whole = names.filter({ hasText: exactly(`${step.entry} Trigger`) });
		await names
			.filter({ hasText: exactly(step.entry) })
			.or(whole)
			.first()
			.click();
		const headings = this.byTestId('node-creator-category-item');
		const heading = headings.filter({ hasText: step.section });
		const alone = this.page.getByRole('button', { name: 'Add to workflow' });
		// A node without actions is added and opens at once.
		const opened = this.byTestId('ndv');
		await heading.or(alone).or(opened).first().waitFor();
		if (await opened.isVisible()) return;
		if (await alone.isVisible()) {
			await alone.click();
			await this.byTestId('ndv').waitFor();
			return;
		}
		const actions = step.action ? names.filter({ hasText: exactly(step.action) }) : names;
		await unfold(heading, actions.first());
		await actions.first().click();
		await this.byTestId('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		if (!(await this.byTestId('ndv').isVisible())) return;
		await this.byTestId('ndv-close-button').first().click();
		await this.byTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** Opens a node of the canvas by its name. */
	async openNode(name: string): Promise<void> {
		await this.closeNode();
		const node = this.byTestId('canvas-node').filter({ hasText: name }).first();
		await node.dblclick();
		await this.byTestId('ndv').waitFor();
	}

	/**
	 * Asks again for lists that n8n asked for before it had chosen the credential of the node that was just added to a
	 * saved workflow: it goes without those that are on their way at that moment, and then says "Error fetching
	 * options", whatever the node. A person takes Refresh List in the parameter's menu, too.
	 */
	async refreshLists(): Promise<void> {
		const { early } = this;
		this.early = [];
		for (const request of early) {
			if ((await request.response())?.ok()) continue;
			const { path: where } = request.postDataJSON() as { path: string };
			const known = this.trouble.findIndex((text) => text.includes(LISTS));
			this.trouble.splice(known, known < 0 ? 0 : 1);
			const control = this.control(where.replace(/^parameters\./, ''));
			if (!(await control.isVisible())) continue;
			const again = this.page.waitForResponse((answer) => answer.url().endsWith(LISTS));
			await this.openMenu(control);
			await this.byTestId('action-refreshOptions').filter({ visible: true }).first().click();
			await again;
		}
	}

	/** Opens the menu of a parameter, which is there while the mouse is over it. */
	private async openMenu(control: Locator): Promise<void> {
		const item = control.locator('xpath=ancestor::*[@data-test-id="parameter-item"][1]');
		await item.hover();
		await item.locator('[data-test-id="action-toggle"]').first().click();
	}

	/** Waits until n8n has saved the workflow, as it does by itself, and reads from its database what is saved. */
	async savedWorkflow(): Promise<{
		id: string;
		nodes: Array<{ id: string; name: string; type: string; parameters: Saved }>;
	}> {
		await this.settled();
		// Its own mark tells when nothing is left to save; the keys for it are dead while a node is open.
		await this.page.waitForFunction(isSaved);
		const id = /\/workflow\/([^/?]+)/.exec(this.page.url())?.[1] ?? '';
		return await this.n8n.api.request('GET', `/rest/workflows/${id}`);
	}

	/** n8n takes over what is typed after a pause in it, and shows nowhere that it has. */
	private async settled(): Promise<void> {
		await delay(Math.max(0, this.typedAt + 250 * this.pauses - Date.now()));
	}

	/** Publishes the workflow by its button; returns why n8n did not, if so. */
	async publish(): Promise<string | undefined> {
		await this.savedWorkflow();
		await this.closeNode();
		const button = this.byTestId('workflow-open-publish-modal-button').first();
		await button.click();
		await this.page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
		const done = button.filter({ hasText: 'Published' });
		const refused = this.page.locator('.el-notification').filter({ hasText: 'not be published' });
		await done.or(refused).first().waitFor();
		if (await refused.isVisible()) {
			const why = await refused.innerText();
			await this.noticesGone();
			return why;
		}
		// n8n tells of it in a window, but not always.
		const told = this.page.getByRole('dialog').getByRole('button', { name: 'Got it' });
		if (await told.isVisible()) await told.click();
		return undefined;
	}

	// --------------------------------------------------------------------------- the credential

	private credentialForm(): Locator {
		return this.byTestId('editCredential-modal');
	}

	/**
	 * Opens the credential of the node, replaces its token and saves it, which tests it. Returns what the form
	 * says of the test, with the details.
	 */
	async pasteToken(token: string): Promise<string> {
		const tested = async () => await this.page.waitForResponse(/\/rest\/credentials\/test/);
		// n8n tests it when it is opened, too.
		const opened = tested();
		await this.byTestId('credential-edit-button').first().click();
		await opened;
		const form = this.credentialForm();
		const box = form.locator('[data-test-id="parameter-input-accessToken"] input').first();
		await box.click();
		await box.press('ControlOrMeta+a');
		await this.page.keyboard.insertText(token);
		const saved = tested();
		await form.locator('[data-test-id="credential-save-button"]').click();
		const { data } = (await (await saved).json()) as { data: { status: string } };
		const isGood = data.status === 'OK';
		await form.getByText(isGood ? 'tested successfully' : /Couldn.t connect/).waitFor();
		if (!isGood) await form.getByText('More details').click();
		const says = form.locator('[data-test-id="node-credentials-config-container"]').first();
		return await says.innerText();
	}

	async closeCredential(): Promise<void> {
		await this.credentialForm().getByRole('button', { name: 'Close' }).first().click();
		await this.credentialForm().waitFor({ state: 'hidden' });
	}

	// -------------------------------------------------------------------------------- the panel

	/** A parameter's control by the path of its value. */
	control(where: string): Locator {
		return this.page.locator(`[data-parameter-path='parameters.${where}']`).first();
	}

	/** The block of a parameter with its label; `where` is a path as in {@link control}. */
	private item(where: string): Locator {
		const name = where.split('.').pop();
		return this.byTestId('node-parameters')
			.locator(`[data-test-id="parameter-item"]:has(> * label[for="${name}"])`)
			.last();
	}

	/** Whether a parameter is shown. */
	async shows(where: string): Promise<boolean> {
		return await this.control(where).isVisible();
	}

	private openOptions(): Locator {
		return this.page.getByRole('option').filter({ visible: true });
	}

	/**
	 * Opens the list of a select; once more where the form has moved under the mouse, and again where that click has
	 * closed a list which came late.
	 */
	private async openList(select: Locator): Promise<void> {
		const opened = async (timeout?: number) =>
			await this.openOptions().first().waitFor({ timeout });
		for (const patience of [1500, 3000, 6000]) {
			await select.click();
			const isOpen = await opened(patience).then(
				() => true,
				() => false,
			);
			if (isOpen) return;
		}
		await select.click();
		await opened();
	}

	/** Names in the list that is open, without the descriptions below them. */
	private async optionNames(): Promise<string[]> {
		await this.openOptions().first().waitFor();
		const texts = await this.openOptions().allInnerTexts();
		return texts.map((text) => text.trim().split('\n')[0].trim());
	}

	/** Opens a select, reads the names in its list, and closes it. */
	async namesIn(where: string): Promise<string[]> {
		const select = this.control(where);
		await this.openList(select);
		const names = await this.optionNames();
		await select.locator('input').first().press('Escape');
		await this.openOptions().first().waitFor({ state: 'hidden' });
		return names;
	}

	/** Opens a select and picks the option with exactly this name. */
	async choose(where: string, label: string): Promise<void> {
		await this.toggleOption(where, label);
		const select = this.control(where);
		const shown = `${await select.locator('input').first().inputValue()} ${await select.innerText()}`;
		expect(shown).toContain(label);
	}

	/** Clicks an option of a select, which takes it away where it is one of several. */
	async toggleOption(where: string, label: string): Promise<void> {
		await this.openList(this.control(where));
		await this.pickOption(label);
		// Where several may be chosen the list stays open.
		if (await this.openOptions().first().isVisible()) {
			await this.byTestId('tab-params').first().click();
		}
		await this.openOptions().first().waitFor({ state: 'hidden' });
	}

	private async pickOption(label: string): Promise<void> {
		await this.openOptions().first().waitFor();
		await this.openOptions()
			.filter({ has: this.page.getByText(label, { exact: true }) })
			.first()
			.click();
	}

	/** What a select shows as chosen. */
	async chosen(where: string): Promise<string> {
		return (await this.control(where).locator('input').first().inputValue()).trim();
	}

	/** Puts a text in the place of what stands in a box, all at once as from the clipboard. */
	private async replace(box: Locator, text: string): Promise<void> {
		await box.click();
		await box.press('ControlOrMeta+a');
		await this.page.keyboard.insertText(text);
		this.typedAt = Date.now();
	}

	/** Clears a text or number box and types into it. */
	async type(where: string, text: string): Promise<void> {
		const box = this.control(where).locator('input, textarea').first();
		await this.replace(box, text);
		await box.blur();
	}

	/** Replaces what stands in a code box. */
	async write(where: string, text: string): Promise<void> {
		const box = this.control(where).locator('.cm-content').first();
		await this.replace(box, text);
		// n8n takes it over some time later; its own record tells when.
		await waitFor('the text to be taken over', async () => {
			const { nodes } = await this.savedWorkflow();
			return nodes.some(({ parameters }) => at(parameters, where) === text);
		});
	}

	/** Types a moment (YYYY-MM-DD HH:mm:ss) into a date box. */
	async typeMoment(where: string, text: string): Promise<void> {
		const box = this.control(where).locator('input').first();
		await this.replace(box, text);
		await box.press('Enter');
	}

	/** Flips a switch. */
	async flip(where: string): Promise<void> {
		await this.control(where).locator('.el-switch').first().click();
	}

	/** Switches between Fixed and Expression. */
	async useExpression(where: string, expression: string): Promise<void> {
		const item = this.control(where).locator(
			'xpath=ancestor::*[@data-test-id="parameter-item"][1]',
		);
		await item.hover();
		await item.locator('[data-test-id="radio-button-expression"]').first().click();
		const box = this.control(where).locator('.cm-content').first();
		await this.replace(box, expression);
	}

	/** Closes the preview of an expression, which lies over the next field, once what was typed is taken over. */
	async closePreview(): Promise<void> {
		await this.settled();
		await this.byTestId('tab-params').first().click();
	}

	/** Drags a field of the input's schema onto a parameter. */
	async drag(name: string, where: string): Promise<void> {
		const from = this.byTestId('run-data-schema-item')
			.filter({ has: this.page.getByText(name, { exact: true }) })
			.locator('[data-target="mappable"]')
			.first();
		const onto = this.control(where);
		await onto.scrollIntoViewIfNeeded();
		const [grip, place] = [await from.boundingBox(), await onto.boundingBox()];
		if (!grip || !place) throw new Error(`'${name}' or '${where}' is not to be seen`);
		const { mouse } = this.page;
		await mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
		await mouse.down();
		await mouse.move(grip.x + grip.width, grip.y + grip.height, { steps: 5 });
		await mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 10 });
		await mouse.up();
		const held = onto.locator('.cm-content').filter({ hasText: name }).first();
		await held.waitFor();
		this.typedAt = Date.now();
	}

	/** Adds an option to the collection `where`. Returns the labels that its menu offers. */
	async addOption(where: string, name: string, label: string): Promise<string[]> {
		const collection = this.item(where);
		const menu = collection.locator('[data-test-id="collection-parameter-add"]').last();
		await menu.click();
		// The only one that there is comes at once, without a menu.
		const added = collection.locator(`label[for="${name}"]`);
		await this.openOptions().or(added).first().waitFor();
		if (!(await this.openOptions().first().isVisible())) return [label];
		const names = await this.optionNames();
		await this.pickOption(label);
		return names;
	}

	/** Adds a row to a fixed collection. */
	async addRow(where: string): Promise<void> {
		const name = where.split('.').pop();
		await this.byTestId(`fixed-collection-${name}`)
			.locator('[data-test-id="fixed-collection-add"]')
			.last()
			.click();
	}

	/** Clicks the button below a parameter that takes several values. */
	async addValue(where: string, label: string): Promise<void> {
		void where;
		await this.byTestId('node-parameters').getByText(label, { exact: true }).last().click();
	}

	// --------------------------------------------------------------------- resource locators

	private locatorInput(where: string): Locator {
		return this.control(where)
			.locator('[data-test-id="rlc-input"] input, input[data-test-id="rlc-input"]')
			.first();
	}

	/**
	 * Opens a locator's list, which n8n asks our node for, and picks a row: the first, or the first that a
	 * search finds. Throws with what the list says instead.
	 */
	async pick(where: string, search?: string): Promise<string> {
		const rows = this.byTestId('rlc-item').filter({ visible: true });
		const refused = this.byTestId('rlc-error-message').filter({ visible: true });
		await this.openLocator(where, rows.or(refused).first());
		if (await refused.isVisible()) throw new Error(await refused.innerText());
		const row = search === undefined ? rows.first() : rows.filter({ hasText: search }).first();
		if (search !== undefined) {
			await this.byTestId('rlc-search').filter({ visible: true }).first().fill(search);
		}
		const text = (await row.innerText()).trim();
		await row.click();
		await rows.first().waitFor({ state: 'hidden' });
		return text;
	}

	/**
	 * Opens a locator's list until `answer` stands in it. n8n keeps what it fetched under the node's parameters
	 * and credential of that moment: when it chooses the credential of a new node only then, its list says
	 * "loading" until it is opened again, as a person does after a while.
	 */
	private async openLocator(where: string, answer: Locator): Promise<void> {
		const input = this.locatorInput(where);
		for (let tries = 1; tries < OPENINGS; tries++) {
			await input.click();
			const came = answer.waitFor({ timeout: OPENING_MS }).then(
				() => true,
				() => false,
			);
			if (await came) return;
			await this.closePreview();
		}
		await input.click();
		await answer.waitFor();
	}

	/** Switches a locator to another of its modes; of `list` n8n shows a label of its own. */
	async chooseMode(where: string, name: string): Promise<void> {
		await this.control(where).locator('[data-test-id="rlc-mode-selector"]').first().click();
		await this.byTestId(`mode-${name}`).filter({ visible: true }).first().click();
		await this.openOptions().first().waitFor({ state: 'hidden' });
	}

	/** What stands in a locator's box. */
	async locatorText(where: string): Promise<string> {
		return await this.locatorInput(where).inputValue();
	}

	/** Puts an ID or a link into a locator's box, all at once as from the clipboard. */
	async pasteLocator(where: string, text: string): Promise<void> {
		const input = this.locatorInput(where);
		await this.replace(input, text);
		await input.blur();
	}

	// ------------------------------------------------------------------------ resource mappers

	/** Switches a resource mapper to "Map Each Column Manually" or "Map Automatically". */
	async chooseMapping(label: string): Promise<void> {
		await this.openList(this.byTestId('mapping-mode-select'));
		await this.pickOption(label);
		await this.openOptions().first().waitFor({ state: 'hidden' });
	}

	/** Waits until a resource mapper has its columns, which n8n asks our node for. */
	async awaitColumns(): Promise<void> {
		const columns = this.page.locator("[data-parameter-path^='parameters.fields.value[']");
		await columns.or(this.byTestId('add-fields-select')).first().waitFor();
	}

	/** Adds a field that a resource mapper does not show at first. */
	async addField(label: string): Promise<void> {
		await this.byTestId('add-fields-select').locator('button').first().click();
		// The only one that is left comes at once, without a menu.
		const entry = this.page.getByRole('menuitem').filter({ hasText: exactly(label) });
		await entry
			.or(this.byTestId('node-parameters').locator('label').filter({ hasText: label }))
			.first()
			.waitFor();
		if (await entry.isVisible()) await entry.click();
	}

	// ------------------------------------------------------------------------ what is to be seen

	/** Paths of the parameters that are marked red. */
	async marked(): Promise<string[]> {
		const paths = await this.byTestId('node-parameters')
			.locator('[data-test-id="parameter-issues"]')
			.evaluateAll(markedPaths);
		return paths.map((where) => where.replace(/^parameters\./, ''));
	}

	/** What a red mark says when it is pointed at. */
	async readMark(where: string): Promise<string> {
		const item = this.control(where).locator(
			'xpath=ancestor::*[.//*[@data-test-id="parameter-issues"]][1]',
		);
		await item.locator('[data-test-id="parameter-issues"] svg').first().hover();
		const tip = this.page.getByRole('tooltip').last();
		const text = await tip.innerText({ timeout: 1500 }).catch(() => 'no text');
		await this.page.mouse.move(0, 0);
		return text.replace(/\s+/g, ' ').trim();
	}

	/** Labels of which the end cannot be read. */
	async cutLabels(): Promise<string[]> {
		await this.page.mouse.move(0, 0);
		const labels = await this.byTestId('node-parameters').evaluate(cutLabelsIn);
		return labels.map((label) => label.split('\n')[0]);
	}

	/** Paths of the controls that are shown, in the panel's order. */
	async shownPaths(): Promise<string[]> {
		const paths = await this.byTestId('node-parameters')
			.locator('[data-parameter-path^="parameters."]')
			.evaluateAll((found) =>
				found.map((element) => element.getAttribute('data-parameter-path') ?? ''),
			);
		return [...new Set(paths.map((where) => where.replace(/^parameters\./, '')))];
	}

	/** Executes the step that is open, and waits for its end. */
	async execute(): Promise<Outcome> {
		const before = this.sandbox.log.length;
		// The columns of a mapper may come in late, and n8n then marks the output as that of an earlier form.
		const good = this.byTestId('node-run-status-success').or(this.byTestId('node-run-info-stale'));
		const problem = this.byTestId('node-error-message');
		const bad = problem.or(this.byTestId('node-run-status-danger'));
		const refused = this.page.locator('.el-notification').filter({ hasText: 'cannot start' });
		await this.settled();
		const started = this.page
			.waitForResponse(
				(answer) =>
					answer.request().method() === 'POST' &&
					/\/rest\/workflows\/[^/]+\/run(\?|$)/.test(answer.url()),
			)
			.catch(() => undefined);
		await this.byTestId('node-execute-button').click();
		const response = await Promise.race([started, refused.waitFor().then(() => undefined)]);
		if (!response) return { ok: false, text: (await refused.innerText()).trim(), asked: [] };
		const { data } = (await response.json()) as { data: { executionId?: string } };
		const { status } = await waitFor('the end of the execution', async () => {
			const run = await this.n8n.api.request<{ status: string; stoppedAt: string | null }>(
				'GET',
				`/rest/executions/${data.executionId}`,
			);
			return run.stoppedAt ? run : undefined;
		});
		const ok = status === 'success';
		// A busy n8n is slow to tell the page.
		await (ok ? good : bad.or(refused)).first().waitFor({ timeout: 60_000 });
		await this.byTestId('stop-execution-button').waitFor({ state: 'hidden' });
		const panel = this.byTestId('output-panel');
		const told = panel
			.locator('[data-test-id="ndv-items-count"]')
			.or(panel.getByText('No output data returned'));
		if (ok) await told.first().waitFor();
		const said: string[] = [];
		for (const part of ok ? [told] : [problem, this.byTestId('node-error-description'), refused]) {
			if (await part.first().isVisible()) said.push((await part.first().innerText()).trim());
		}
		return { ok, text: said.join('\n'), asked: this.sandbox.log.slice(before) };
	}

	/** Closes notices, which would lie over a picture; those of errors stay until then. */
	async noticesGone(): Promise<void> {
		const notices = this.page.locator('.el-notification');
		await waitFor('the notices to go', async () => {
			const close = notices.locator('.el-notification__closeBtn').first();
			if (await close.isVisible()) await close.click({ timeout: 1000 }).catch(() => undefined);
			return (await notices.count()) === 0;
		});
	}
}
