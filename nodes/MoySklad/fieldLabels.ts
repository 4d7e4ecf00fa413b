/** The fields of MoySklad's types as lists to pick from. */
import type { Choice } from '../shared/catalogue';
import { facts } from './facts';

/** Every object has these, and nobody picks or changes them. */
const LEFT_OUT = new Set(['accountId', 'id', 'meta']);

/** What this package calls otherwise. */
const OWN: Record<string, string> = { attributes: 'Custom Attributes' };

/** Fields of the given types together, each once; a type that the docs do not know has none. */
export function fieldChoices(keywords: string[]): Choice[] {
	const found = new Map<string, Choice>();
	for (const keyword of keywords) {
		for (const [value, field] of Object.entries(facts[keyword]?.fields ?? {})) {
			if (field.listOnly || LEFT_OUT.has(value) || found.has(value)) continue;
			found.set(value, { name: OWN[value] ?? field.label, value });
		}
	}
	return [...found.values()];
}
