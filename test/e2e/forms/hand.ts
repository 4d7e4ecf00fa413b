/**
 * Uses the controls of a form one by one, as a person would who tries everything, and keeps account: what was
 * clicked must be saved, and nothing else.
 */
import type {
	INodeProperties as Property,
	INodePropertyMode,
	ResourceMapperField,
} from 'n8n-workflow';

import { YANDEX_ORDERS } from '../../../sandbox';
import { waitFor } from '../../../sandbox/n8n/n8n';
import { at } from './editor';
import type { Editor, Saved } from './editor';
import { dependsOn, optionsOf, reachable, rowsOf } from './shapes';
import { untouchedIn } from './sent';
import type { Control, Form, Parent } from './shapes';

/** Texts after which another list of the form looks at the vendor: any other would leave that list without a row. */
const LOOKED_UP: Record<string, string> = {
	'yandexMarket.orderId': String(YANDEX_ORDERS.first),
};

/** What one form was found to do wrong, in words. */
export type Faults = string[];

/** One form, opened in the editor. */
export class Hand {
	readonly faults: Faults = [];

	/** What must be saved, by path. */
	private readonly clicked = new Map<string, unknown>();

	/** Options of collections that are in the form by now, and the number of rows of fixed collections. */
	private readonly added = new Set<string>();

	private readonly rows = new Map<string, number>();

	constructor(
		private readonly editor: Editor,
		readonly form: Form,
		/** The columns of its resource mapper. */
		private readonly columns: ResourceMapperField[],
	) {}

	// ---------------------------------------------------------------------------------- ledger

	/** Names of the parameters that were clicked. */
	touched(): string[] {
		return [...this.clicked.keys()];
	}

	private blame(where: string, text: string): void {
		this.faults.push(`${where}: ${text}`);
	}

	/** Compares what is saved with what was clicked. */
	async compareSaved(): Promise<void> {
		let differences: Faults = [];
		const agrees = async () => {
			const { nodes } = await this.editor.savedWorkflow();
			const node = nodes.find(({ type }) => type.endsWith(`.${this.form.node}`));
			differences = node ? this.differences(node.parameters) : ['is not saved at all'];
			return differences.length === 0;
		};
		// A slow machine may save a moment before n8n has taken over what was typed last.
		await waitFor('what was clicked to be saved', agrees, 4000).catch(() => undefined);
		this.faults.push(...differences);
	}

	/** The action that was chosen in the nodes panel has set something, and n8n adds what it needs for itself. */
	async takeAsChosen(): Promise<void> {
		const { nodes } = await this.editor.savedWorkflow();
		const node = nodes.find(({ type }) => type.endsWith(`.${this.form.node}`));
		for (const [leaf] of leaves(node?.parameters)) {
			// What was chosen in a list of several counts as a whole.
			const where = leaf.replace(/\[\d+\]$/, '');
			this.clicked.set(where, at(node?.parameters, where));
		}
	}

	private differences(saved: Saved): Faults {
		const found: Faults = [];
		const blame = (where: string, text: string) => found.push(`${where}: ${text}`);
		const { choices } = this.form;
		for (const { name, value, preset } of choices) {
			const kept = saved[name] ?? preset;
			if (kept !== value) blame(name, `${show(value)} was chosen, ${show(kept)} is saved`);
		}
		for (const [where, value] of this.clicked) {
			const kept = at(saved, where);
			const property = this.propertyAt(where);
			// n8n leaves out what is as the description has it.
			const expected = kept === undefined && equal(property?.default, value) ? undefined : value;
			if (!equal(kept, expected)) {
				blame(where, `${show(value)} was put in, ${show(kept)} is saved`);
			}
		}
		for (const [where, value] of leaves(saved)) {
			if ([...this.clicked.keys()].some((known) => isWithin(where, known))) continue;
			if (value === null || choices.some(({ name }) => name === where)) continue;
			if (this.isFromEditor(where, value)) continue;
			blame(where, `${show(value)} is saved, and nobody put it in`);
		}
		return found;
	}

	/** Whether it is n8n that keeps this: a default, or what it knows of a mapper's columns. */
	private isFromEditor(where: string, value: unknown): boolean {
		const property = this.propertyAt(where);
		if (property?.type === 'resourceMapper') return !where.startsWith(`${property.name}.value`);
		if (property?.type === 'resourceLocator') {
			const part = where.split('.').pop() ?? '';
			return part === '__rl' || equal(value, at(property.default, part));
		}
		return property !== undefined && equal(value, property.default);
	}

	/** The property behind a path of a value; of several with the name the one whose conditions hold. */
	private propertyAt(where: string): Property | undefined {
		let siblings: Property[] = this.form.properties;
		let found: Property | undefined;
		let prefix = '';
		for (const step of where.split('.')) {
			const name = step.replace(/\[\d+\]$/, '');
			if (found?.type === 'resourceMapper' || found?.type === 'resourceLocator') return found;
			if (found?.type === 'fixedCollection') {
				siblings = rowsOf(found).find((group) => group.name === name)?.values ?? [];
				found = undefined;
				prefix = `${prefix}${step}.`;
				continue;
			}
			if (found?.type === 'collection') siblings = found.options as Property[];
			const named = (list: Property[]) => list.filter((property) => property.name === name);
			// Of hidden ones n8n gives a new row the default of the last.
			const candidates = [...named(reachable(siblings)), ...named(siblings).reverse()];
			const scope = prefix;
			found =
				candidates.find((property) =>
					Object.entries(dependsOn(property)).every(([other, wanted]) => {
						const key = other.startsWith('/') ? other.slice(1) : `${scope}${other}`;
						const value = this.clicked.get(key);
						return value === undefined || wanted.includes(value);
					}),
				) ?? candidates[0];
			if (!found) return undefined;
			prefix = `${prefix}${step}.`;
		}
		return found;
	}

	// --------------------------------------------------------------------------------- reaching

	/** Brings a control to light by clicking, and tells the path of its value. */
	private async reach(control: Control): Promise<string> {
		let prefix = '';
		for (const [depth, parent] of control.parents.entries()) {
			const child = control.parents[depth + 1]?.property ?? control.property;
			prefix = await this.enter(parent, prefix, child);
		}
		await this.meet(control.property, control.siblings, prefix);
		return `${prefix}${control.property.name}`;
	}

	private async enter(parent: Parent, prefix: string, child: Property): Promise<string> {
		await this.meet(parent.property, parent.siblings, prefix);
		const where = `${prefix}${parent.property.name}`;
		if (parent.kind === 'collection') {
			const option = `${where}.${child.name}`;
			if (!this.added.has(option)) {
				await this.meet(child, parent.property.options as Property[], `${where}.`);
				const names = await this.editor.addOption(where, child.name, child.displayName);
				if (!names.includes(child.displayName))
					this.blame(option, `is not in the menu ${names.join(', ')}`);
				this.added.add(option);
				this.clicked.set(option, child.default);
				await this.look(option);
			}
			return `${where}.`;
		}
		const group = parent.group?.name ?? '';
		const row = `${where}.${group}`;
		// What is typed gets a row of its own; choices are switched in the first one.
		const isChoice = child.type === 'options' || child.type === 'notice';
		if (!isChoice || !this.rows.has(row)) await this.addRow(where, group);
		return `${row}[${isChoice ? 0 : (this.rows.get(row) ?? 1) - 1}].`;
	}

	/** Adds a row, and looks whether all in it is valid as it comes. */
	private async addRow(where: string, group: string): Promise<void> {
		await this.editor.addRow(where);
		const row = `${where}.${group}`;
		this.rows.set(row, (this.rows.get(row) ?? 0) + 1);
		this.clicked.delete(where);
		await this.look(row);
	}

	/** Makes the choices that a control depends on. */
	private async meet(property: Property, siblings: Property[], prefix: string): Promise<void> {
		for (const [name, wanted] of Object.entries(dependsOn(property))) {
			const isRooted = name.startsWith('/');
			const plain = name.replace(/^\//, '');
			const list = isRooted ? this.form.properties : siblings;
			const where = isRooted ? plain : `${prefix}${plain}`;
			const other = reachable(list).filter((candidate) => candidate.name === plain);
			const shown = await this.shownOf(other, list, isRooted ? '' : prefix, wanted);
			if (!shown || wanted.includes(this.valueOf(where, shown))) continue;
			await this.addToCollection(where, shown);
			await this.put(where, shown, wanted[0] as string | number | boolean);
		}
	}

	/** Adds an option of a collection on which another one depends. */
	private async addToCollection(where: string, property: Property): Promise<void> {
		const dot = where.lastIndexOf('.');
		if (dot < 0 || this.added.has(where) || (await this.editor.shows(where))) return;
		await this.editor.addOption(where.slice(0, dot), property.name, property.displayName);
		this.added.add(where);
		this.clicked.set(where, property.default);
	}

	/** Of properties with one name, the one that can take a wanted value, with its own conditions met. */
	private async shownOf(
		candidates: Property[],
		siblings: Property[],
		prefix: string,
		wanted: unknown[],
	): Promise<Property | undefined> {
		const fit = candidates.filter(
			(candidate) =>
				candidate.type === 'boolean' ||
				optionsOf(candidate).some(({ value }) => wanted.includes(value)),
		);
		const ready = fit.find((candidate) =>
			Object.entries(dependsOn(candidate)).every(([name, values]) => {
				const where = name.startsWith('/') ? name.slice(1) : `${prefix}${name}`;
				const other = reachable(siblings).find((sibling) => sibling.name === name);
				return other === undefined || values.includes(this.valueOf(where, other));
			}),
		);
		const chosen = ready ?? fit[0];
		if (chosen && !ready) await this.meet(chosen, siblings, prefix);
		return chosen;
	}

	private valueOf(where: string, property: Property): unknown {
		return this.clicked.has(where) ? this.clicked.get(where) : property.default;
	}

	// ----------------------------------------------------------------------------------- using

	/** Brings a control to light, uses it, and looks at what the panel shows then. */
	async use(control: Control): Promise<void> {
		const name = [
			...control.parents.map(({ property }) => property.displayName),
			control.property.displayName,
		].join(' > ');
		try {
			const { type } = control.property;
			if (control.column) {
				await this.meet(control.property, control.siblings, '');
				return await this.useColumn(control.column);
			}
			if (type === 'collection') return;
			const where = await this.reach(control);
			if (type === 'fixedCollection') {
				const group = rowsOf(control.property)[0].name;
				if (!this.rows.has(`${where}.${group}`)) await this.addRow(where, group);
				return;
			}
			if (type === 'notice') return;
			if (control.value !== undefined) await this.put(where, control.property, control.value);
			else await this.useProperty(where, control.property);
			await this.look(where);
		} catch (error) {
			this.blame(
				name,
				error instanceof Error ? error.message.split('\n').slice(0, 4).join(' ') : String(error),
			);
		}
	}

	/** Every value of a choice, and one other value of anything else. */
	private async useProperty(where: string, property: Property): Promise<void> {
		switch (property.type) {
			case 'options': {
				const names = await this.editor.namesIn(where);
				const known = optionsOf(property).map(({ name }) => name);
				const missing = known.filter((name) => !names.includes(name));
				if (missing.length > 0) this.blame(where, `does not offer ${missing.join(', ')}`);
				if (known.length > 0) {
					const last = optionsOf(property).at(-1);
					await this.put(where, property, last?.value as string);
				} else await this.loaded(where, names);
				break;
			}
			case 'multiOptions': {
				const names = await this.editor.namesIn(where);
				const chosen = this.valueOf(where, property) as unknown[];
				const first = optionsOf(property).find(({ value }) => !chosen.includes(value));
				if (first) await this.put(where, property, first.value as string);
				else if (optionsOf(property).length === 0) await this.loaded(where, names);
				else {
					await this.editor.toggleOption(where, optionsOf(property)[0].name);
					const { value } = optionsOf(property)[0];
					this.clicked.set(
						where,
						chosen.filter((one) => one !== value),
					);
				}
				break;
			}
			case 'boolean':
				await this.put(where, property, !this.valueOf(where, property));
				break;
			case 'number': {
				const { minValue = 1, maxValue = 1000 } = property.typeOptions ?? {};
				await this.put(where, property, Math.min(minValue + 6, maxValue));
				break;
			}
			case 'dateTime':
				await this.editor.typeMoment(where, '2026-03-04 05:06:07');
				this.clicked.set(where, expect.stringMatching(/^2026-03-04[T ]05:06/));
				break;
			case 'json':
				await this.editor.write(where, '{"typed": true}');
				this.clicked.set(where, '{"typed": true}');
				break;
			case 'resourceLocator':
				await this.useLocator(where, property);
				break;
			case 'resourceMapper':
				await this.useMapper(where);
				break;
			case 'string':
				await this.text(where, property, LOOKED_UP[`${this.form.node}.${where}`] ?? 'Typed 7');
				break;
			case 'notice':
				break;
			default:
				this.blame(where, `is a ${property.type}, which nobody has taught this test`);
		}
	}

	/** An option of a list that our node loads. */
	private async loaded(where: string, names: string[]): Promise<void> {
		if (names.length === 0) return this.blame(where, 'has an empty list');
		await this.editor.choose(where, names[0]);
		this.clicked.set(where, expect.anything());
	}

	private async text(where: string, property: Property, text: string): Promise<void> {
		if (property.typeOptions?.multipleValues) {
			await this.editor.addValue(where, property.typeOptions.multipleValueButtonText ?? 'Add item');
			await this.editor.type(`${where}[0]`, text);
			this.clicked.set(where, [text]);
			return;
		}
		await this.editor.type(where, text);
		this.clicked.set(where, text);
	}

	/** Puts one value into a simple control. */
	private async put(
		where: string,
		property: Property,
		value: string | number | boolean,
	): Promise<void> {
		const option = optionsOf(property).find((candidate) => candidate.value === value);
		switch (property.type) {
			case 'options':
				await this.editor.choose(where, option?.name ?? String(value));
				break;
			case 'multiOptions': {
				const before = this.valueOf(where, property) as unknown[];
				// A second click would take it away.
				if (before.includes(value)) return;
				await this.editor.choose(where, option?.name ?? String(value));
				this.clicked.set(where, [...before, value]);
				return;
			}
			case 'boolean':
				if (this.valueOf(where, property) !== value) await this.editor.flip(where);
				break;
			default:
				await this.editor.type(where, String(value));
		}
		this.clicked.set(where, value);
		this.forgetHidden(where);
	}

	/** What another choice has hidden is not expected any more. */
	private forgetHidden(where: string): void {
		const scope = where.replace(/[^.]+$/, '');
		const siblings = this.siblingsAt(scope);
		const name = where.slice(scope.length);
		for (const sibling of siblings) {
			if (dependsOn(sibling)[name] === undefined) continue;
			const known = `${scope}${sibling.name}`;
			const stillShown = siblings.some(
				(other) =>
					other.name === sibling.name &&
					(dependsOn(other)[name]?.includes(this.clicked.get(where)) ?? true),
			);
			if (!stillShown)
				for (const key of [...this.clicked.keys()])
					if (key === known || key.startsWith(`${known}.`)) this.clicked.delete(key);
		}
	}

	private siblingsAt(scope: string): Property[] {
		let siblings = this.form.properties;
		let found: Property | undefined;
		for (const step of scope.split('.').filter(Boolean)) {
			const name = step.replace(/\[\d+\]$/, '');
			if (found?.type === 'fixedCollection') {
				siblings = rowsOf(found).find((group) => group.name === name)?.values ?? [];
				found = undefined;
				continue;
			}
			found = siblings.find((property) => property.name === name);
			if (found?.type === 'collection') siblings = found.options as Property[];
		}
		return siblings;
	}

	// -------------------------------------------------------------------------------- locators

	/** The first row of the list, the same by ID and by link where there is that mode, and the list again. */
	private async useLocator(where: string, property: Property): Promise<void> {
		await this.pickInTurn(where);
		const modes = (property.modes ?? []).filter(({ name }) => name !== 'list');
		// n8n takes the text of one mode over into the next; links come last, since they are no IDs.
		const isLink = ({ extractValue }: INodePropertyMode) => (extractValue === undefined ? 0 : 1);
		for (const mode of [...modes].sort((one, other) => isLink(one) - isLink(other))) {
			const { name } = mode;
			await this.editor.chooseMode(where, name);
			await this.editor.pasteLocator(where, asWanted(mode, await this.editor.locatorText(where)));
			const value = expect.stringMatching(/./) as unknown;
			this.located(where, { mode: name, value });
			await this.look(where);
		}
		await this.editor.chooseMode(where, 'list');
		await this.pick(where);
	}

	/** Picks the first row of a locator's list. */
	private async pick(where: string): Promise<void> {
		await this.editor.pick(where);
		this.located(where, { mode: 'list', value: expect.stringMatching(/./) });
	}

	/** What a locator must hold from now on, in the place of the parts that it held. */
	private located(where: string, parts: object): void {
		for (const part of this.clicked.keys()) {
			if (part.startsWith(`${where}.`)) this.clicked.delete(part);
		}
		this.clicked.set(where, expect.objectContaining(parts));
	}

	/** Picks a row; a list that says what it wants first is opened again after that was filled in. */
	private async pickInTurn(where: string): Promise<void> {
		try {
			await this.pick(where);
		} catch (error) {
			const [, label] = /'([^']+)' is not chosen yet/.exec(String(error)) ?? [];
			const wanted = this.form.properties.find(({ displayName }) => displayName === label);
			if (!wanted) throw error;
			// The browser complains of the refusal, too.
			this.editor.takeTrouble();
			await this.useProperty(wanted.name, wanted);
			await this.pick(where);
		}
	}

	// -------------------------------------------------------------------------------- mappers

	/** Both modes of a resource mapper; the fields stay. */
	private async useMapper(where: string): Promise<void> {
		await this.editor.chooseMapping('Map Automatically');
		await this.look(where);
		await this.editor.chooseMapping('Map Each Column Manually');
		await this.look(where);
		this.clicked.set(`${where}.mappingMode`, 'defineBelow');
	}

	private async useColumn(column: ResourceMapperField): Promise<void> {
		const where = `fields.value["${column.id}"]`;
		await this.editor.awaitColumns();
		if (!(await this.editor.shows(where))) await this.editor.addField(column.displayName);
		if (!(await this.editor.shows(where)))
			return this.blame(where, `${column.displayName} cannot be brought to light`);
		switch (column.type) {
			case 'boolean':
				await this.editor.flip(where);
				this.clicked.set(where, true);
				break;
			case 'number':
				await this.editor.type(where, '7');
				this.clicked.set(where, 7);
				break;
			case 'dateTime':
				await this.editor.typeMoment(where, '2026-03-04 05:06:07');
				this.clicked.set(where, expect.stringMatching(/^2026-03-04[T ]05:06/));
				break;
			case 'options': {
				const last = column.options?.at(-1);
				if (!last) return this.blame(where, 'offers nothing');
				await this.editor.choose(where, last.name);
				this.clicked.set(where, last.value);
				break;
			}
			case 'array':
			case 'object': {
				const text = column.type === 'array' ? '[]' : '{}';
				await this.editor.write(where, text);
				this.clicked.set(where, text);
				break;
			}
			default:
				await this.editor.type(where, 'Typed 7');
				this.clicked.set(where, 'Typed 7');
		}
		await this.look(where);
	}

	// ------------------------------------------------------------------------------- required

	/** Fills only what n8n wants before it starts the node. */
	async fillRequired(): Promise<void> {
		for (const property of this.form.properties) {
			if (!property.required || property.type === 'hidden') continue;
			if (!(await this.editor.shows(property.name))) continue;
			const value = this.valueOf(property.name, property);
			if (property.type === 'resourceLocator') await this.pickInTurn(property.name);
			else if (value === '') await this.useProperty(property.name, property);
		}
		for (const column of this.columns)
			if (column.required && column.display) await this.useColumn(column);
	}

	/**
	 * Executes the step and compares what the vendor received with what was clicked. Whether the vendor
	 * can do anything with it does not matter here.
	 */
	async execute(): Promise<void> {
		const { asked } = await this.editor.execute();
		const { operation } = this.form;
		if (operation) this.faults.push(...untouchedIn(asked, operation, this.touched()));
		else this.blame('operation', 'is in no catalogue, so nobody can tell what is sent for it');
	}

	/** Labels of the whole form. */
	async lookAtLabels(): Promise<void> {
		for (const label of await this.editor.cutLabels()) this.blame(label, 'this label is cut');
	}

	/** Red marks, apart from boxes that must be filled and are still empty; and errors of the page. */
	private async look(where: string): Promise<void> {
		const wrong = async () => (await this.editor.marked()).filter((path) => !this.isAwaited(path));
		// n8n looks at a value a moment after it was typed.
		const calm = async () => (await wrong()).length === 0;
		await waitFor('red marks to go', calm, 1500).catch(() => undefined);
		for (const marked of await wrong()) {
			this.blame(where, `${marked} is marked red: ${await this.editor.readMark(marked)}`);
		}
		for (const error of this.editor.takeTrouble()) this.blame(where, `the page says: ${error}`);
	}

	/** Whether a person has still to fill something in there. */
	private isAwaited(where: string): boolean {
		const property = this.propertyAt(where);
		if (property?.type === 'resourceMapper') {
			const column = this.columns.find(({ id }) => where.endsWith(`["${id}"]`));
			return column?.required === true && !this.clicked.has(where);
		}
		if (!property?.required) return false;
		const value = this.valueOf(where, property);
		return equal(value, property.default) && isEmpty(value);
	}
}

/** Nothing, for n8n: no text, no choice, or a locator that points at nothing. */
function isEmpty(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0;
	const plain = typeof value === 'object' ? at(value, 'value') : value;
	return plain === '' || plain === undefined || plain === null;
}

/** An ID as a mode of a locator wants it: as it is, or in the place of the ID in its example of a link. */
function asWanted({ placeholder = '', extractValue }: INodePropertyMode, id: string): string {
	const example = placeholder.replace(/^e\.g\. /, '');
	if (!extractValue) return id || example;
	const [, shown = ''] = new RegExp(String(extractValue.regex)).exec(example) ?? [];
	// Lists of objects of several types give the object's address.
	return id === '' ? example : example.replace(shown, id.split('/').at(-1) ?? id);
}

function equal(a: unknown, b: unknown): boolean {
	try {
		expect(a).toEqual(b);
		return true;
	} catch {
		return false;
	}
}

function show(value: unknown): string {
	return typeof value === 'object' && value !== null && '$$typeof' in value
		? String(value)
		: (JSON.stringify(value) ?? 'nothing');
}

/** Whether a path is the other one or a part of it. */
function isWithin(where: string, other: string): boolean {
	const steps = (text: string) => text.replace(/\["(.*?)"\]/g, '.$1').split(/[.[]/);
	return steps(other).every((step, index) => step === steps(where)[index]);
}

/** Every single value with its path. */
function leaves(value: unknown, where = ''): Array<[string, unknown]> {
	if (Array.isArray(value)) {
		return value.flatMap((entry, index) => leaves(entry, `${where}[${index}]`));
	}
	if (typeof value !== 'object' || value === null) return [[where, value]];
	return Object.entries(value).flatMap(([name, entry]) => {
		const step = /^\w+$/.test(name) ? (where === '' ? name : `.${name}`) : `["${name}"]`;
		return leaves(entry, where === '' ? name : `${where}${step}`);
	});
}
