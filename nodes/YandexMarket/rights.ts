/** Which permission of a key an operation needs, said when the key lacks it. */
import type { ErrorRow, Operation } from '../shared/catalogue';
import type { OperationFacts } from '../shared/facts/facts';
import { operationName } from '../shared/run/request';
import { allFacts, permissionOf } from './catalogue/dialect';

const bare = (route: string) =>
	route.replace(/\{\w+\}/g, '{}').replace('/shipments/1/', '/shipments/{}/');
const byRoute = new Map(allFacts.map((facts) => [bare(`${facts.method} ${facts.path}`), facts]));

/** What is documented of an operation's request. */
export function factsOf({ route }: Pick<Operation, 'route'>): OperationFacts | undefined {
	return byRoute.get(bare(route));
}

/** Rows of the error table: a 403 for a missing scope names the permission, by operation. */
export function rightsErrors(operations: Operation[]): ErrorRow[] {
	const named = new Map<string, string[]>();
	for (const operation of operations) {
		const facts = factsOf(operation);
		const permission = facts && permissionOf(facts);
		if (!permission) continue;
		named.set(permission, [...(named.get(permission) ?? []), operationName(operation)]);
	}
	return [...named].map(([permission, of]) => ({
		of,
		statuses: [403],
		textIncludes: 'scope',
		say: 'the API key lacks the permission for this',
		hint: `Give the key ${permission} (Settings, APIs and modules). The change takes up to 10 minutes.`,
		cause: 'configuration-invalid',
	}));
}
