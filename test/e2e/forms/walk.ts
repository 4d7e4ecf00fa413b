/** Goes through forms in one editor, one after the other. */
import type { INodeTypeDescription, ResourceMapperField } from 'n8n-workflow';

import { credentialReferences } from '../../../sandbox/n8n/fixtures';
import type { CredentialType } from '../../../sandbox/n8n/fixtures';
import { packageName } from '../../../sandbox/n8n/nodes';
import type { Desk } from './editor';
import { Hand } from './hand';
import { descriptions, forms } from './plan';
import { columnsOf } from './shapes';
import type { Form, Task } from './shapes';

/** What became of one form. */
export interface Done {
	/** How many controls were used. */
	used: number;
	/** What is wrong with it, in words. */
	faults: string[];
}

/** One walk through the editor; the form that was used last stays open. */
export class Walk {
	private last: Hand | undefined;

	/** @param usedColumns shapes of mapper columns that were used already, by other hands, too */
	constructor(
		private readonly desk: Desk,
		private readonly usedColumns: Set<string>,
	) {}

	/** Opens a form, sends it with no more than what it wants, then uses the given controls of it. */
	async work({ form, controls }: Task): Promise<Done> {
		const columns = await this.mapperColumns(form);
		const hand = new Hand(this.desk.editor, form, columns);
		await this.open(hand);
		if (form.choices.length === 0) await hand.takeAsChosen();
		else await hand.compareSaved();
		await hand.fillRequired();
		if (form.choices.length > 0) await hand.execute();
		const all = [...controls, ...this.newColumns(form, columns)];
		for (const control of all) await hand.use(control);
		await hand.lookAtLabels();
		await hand.compareSaved();
		this.last = hand;
		return { used: all.length, faults: hand.faults };
	}

	/** Adds the node where it is not open yet, and chooses resource and operation. */
	private async open(hand: Hand): Promise<void> {
		const { node, choices, action } = hand.form;
		const { editor } = this.desk;
		const wash = this.last && washOf(this.last, hand);
		editor.workOn(hand.form.properties.map(({ name }) => name));
		if (wash === undefined) {
			const { displayName } = descriptions.get(node) as INodeTypeDescription;
			const entry = displayName.replace(/ Trigger$/, '');
			// Nobody knows what a form that broke off has left open.
			if (this.last) await editor.clearCanvas();
			else await editor.openNewCanvas();
			const section = choices.length === 0 ? 'Triggers' : 'Actions';
			await editor.addNode({ search: entry, entry, section, action });
			await editor.refreshLists();
		} else if (wash !== '') await editor.choose('resource', wash);
		// Until the form is through, nobody knows what it holds.
		this.last = undefined;
		for (const { name, label } of choices) {
			if ((await editor.chosen(name)) !== label) await editor.choose(name, label);
		}
	}

	/** The columns of a form's mapper, as our node gives them to n8n. */
	private async mapperColumns({ node, properties, choices }: Form): Promise<ResourceMapperField[]> {
		const mapper = properties.find(({ type }) => type === 'resourceMapper');
		if (!mapper) return [];
		const [{ name: credential }] = descriptions.get(node)?.credentials ?? [];
		const { fields } = await this.desk.n8n.api.request<{ fields: ResourceMapperField[] }>(
			'POST',
			'/rest/dynamic-node-parameters/resource-mapper-fields',
			{
				path: `parameters.${mapper.name}`,
				methodName: mapper.typeOptions?.resourceMapper?.resourceMapperMethod,
				nodeTypeAndVersion: { name: `${packageName}.${node}`, version: 1 },
				currentNodeParameters: Object.fromEntries(choices.map(({ name, value }) => [name, value])),
				credentials: { [credential]: credentialReferences[credential as CredentialType] },
			},
		);
		return fields;
	}

	/** A column for each shape that no form before had. */
	private newColumns({ properties }: Form, columns: ResourceMapperField[]) {
		const mapper = properties.find(({ type }) => type === 'resourceMapper');
		if (!mapper) return [];
		const all = columnsOf(
			{ shape: '', property: mapper, siblings: properties, parents: [] },
			columns,
		);
		return all.filter(({ shape }) => {
			const isNew = !this.usedColumns.has(shape);
			this.usedColumns.add(shape);
			return isNew;
		});
	}
}

/**
 * n8n keeps a parameter that the next form has under the same name; a resource in between that has none of
 * them drops them all. Tells its label, '' where none is needed, undefined where only a fresh node helps.
 */
function washOf(before: Hand, next: Hand): string | undefined {
	if (before.form.node !== next.form.node) return undefined;
	const names = ({ properties }: Form) => new Set(properties.map(({ name }) => name));
	const kept = before.touched().map((where) => where.split(/[.[]/)[0]);
	const dirty = kept.filter((name) => names(next.form).has(name));
	if (dirty.length === 0) return '';
	const clean = forms.find(
		({ form }) =>
			form.node === next.form.node &&
			isDefault(form) &&
			!kept.some((name) => names(form).has(name)),
	);
	return clean?.form.choices[0].label;
}

/** Whether the choice of the resource alone leads to the form. */
function isDefault({ node, choices: [resource, operation] }: Form): boolean {
	const { properties } = descriptions.get(node) as INodeTypeDescription;
	return properties.some(
		({ name, default: preset, displayOptions }) =>
			name === 'operation' &&
			preset === operation?.value &&
			displayOptions?.show?.resource?.includes(resource.value),
	);
}
