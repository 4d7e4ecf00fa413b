/**
 * What a node needs only when it works is loaded then: n8n makes every installed node at its start and reads its
 * description and the names of its methods, no more. Why: docs/decisions/0012-forms-are-built.md.
 */
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { Vendor } from './catalogue';

/** A method that the editor calls: a list, a search, the fields of a mapper. */
type EditorMethod<Args extends unknown[], Result> = (
	this: ILoadOptionsFunctions,
	...args: Args
) => Promise<Result>;

/** Methods by these names; the first call of one loads them all. */
export function later<Args extends unknown[], Result>(
	names: string[],
	load: () => Promise<Record<string, EditorMethod<Args, Result>>>,
): Record<string, EditorMethod<Args, Result>> {
	return Object.fromEntries(
		names.map((name) => [
			name,
			async function (this: ILoadOptionsFunctions, ...args: Args): Promise<Result> {
				const methods = await load();
				return await methods[name].apply(this, args);
			},
		]),
	);
}

/** The node's `resourceMapping`: the fields of the vendor's mappers. */
export function mapLater(load: () => Promise<Vendor>): {
	mapFields: EditorMethod<[], ResourceMapperFields>;
} {
	return {
		async mapFields() {
			const { mapFields } = await import('./form/mapper');
			return await mapFields(await load()).call(this);
		},
	};
}

/** The node's `execute`. */
export async function runLater(
	this: IExecuteFunctions,
	load: () => Promise<Vendor>,
): Promise<INodeExecutionData[][]> {
	const { runVendor } = await import('./run/run');
	return await runVendor.call(this, await load());
}
