/**
 * Replacements of Altegio: what the user does not name stays. Every update that is completed with what it replaces is
 * walked: whichever one field is named, all others of the documented body go out as they were read.
 */
import type { IDataObject } from 'n8n-workflow';

import { facts, factsOf } from '../../nodes/Altegio/facts';
import { altegio } from '../../nodes/Altegio/vendor';
import type { Call, Operation } from '../../nodes/shared/catalogue';
import type { FieldFacts } from '../../nodes/shared/facts/facts';
import { wholeBody } from '../../nodes/shared/run/replace';

/** Bodies of facts by the route; those with `~` are the same with nothing required. */
const bodyOf = ({ route }: Operation): FieldFacts[] => {
	const plain = (path: string) => path.replace(/\{\w+\}/g, '{}');
	const found = facts.find(
		({ id, method, path }) => !id.endsWith('~') && plain(`${method} ${path}`) === plain(route),
	);
	return found?.body ?? [];
};

/** Written by rules of their own, with tests of their own. */
const OWN = ['appointment', 'visit', 'webhookSettings'];
const merges = altegio.operations.filter(
	({ replaces, resource, operation }) =>
		replaces && !OWN.includes(resource) && operation !== 'reschedule',
);

/** Where an update reads a field, when it is not under the name that it writes. */
const READ_AS: Record<string, Record<string, string>> = {
	client: { labels: 'categories', middle_name: 'patronymic', gender_id: 'sex_id' },
	loyaltyProgram: { company_ids: 'companies' },
	product: { sale_unit_id: 'unit_id' },
	productCategory: { parent_category_id: 'parent_id' },
	tag: { entity: 'entity_type' },
};

const valueOf = (field: FieldFacts, at: number): unknown => {
	const { kind, holds, values } = field;
	if (values) return values[at % values.length];
	const member = (type: string) => {
		if (type.startsWith('bool')) return true;
		return /^(number|integer)/.test(type) ? 7 + at : `text ${at}`;
	};
	const inner = Object.fromEntries(
		Object.entries(holds ?? { id: 'integer' })
			.filter(([path]) => !path.includes('.') && !path.endsWith('[]'))
			.map(([path, type]) => [path, member(type)]),
	);
	if (/^array<(number|integer)/.test(kind)) return [3 + at, 4 + at];
	if (/^array<string/.test(kind)) return [`text ${at}`];
	if (kind.startsWith('array')) return [inner];
	if (kind.startsWith('object')) return inner;
	if (kind.startsWith('bool')) return field.of === 'number' ? at % 2 : at % 2 === 1;
	if (/^(number|integer)/.test(kind)) return 100 + at;
	return /date/.test(kind) ? `2026-11-${10 + (at % 15)}` : `text ${at}`;
};

/** Fields that say how to write, and are no property of the object. */
const ORDERS = ['force', 'save_if_busy', 'send_sms'];

/** An object as it is read, and the body that leaves it as it is. */
function pair(operation: Operation, later = 0): { read: IDataObject; body: IDataObject } {
	const read: IDataObject = {};
	const body: IDataObject = {};
	bodyOf(operation).forEach((field, at) => {
		if (ORDERS.includes(field.name)) return;
		const value = valueOf(field, at + later) as IDataObject[string];
		body[field.name] = value;
		read[READ_AS[operation.resource]?.[field.name] ?? field.name] = value;
	});
	// What a program works for is read as one list.
	if (operation.resource === 'loyaltyProgram') {
		const item = (id: unknown, isService: boolean, isCategory: boolean) => ({
			id,
			is_service: isService,
			is_category: isCategory,
		});
		read.applicable_items = [
			...(body.allowed_service_ids as number[]).map((id) => item(id, true, false)),
			...(body.allowed_good_ids as number[]).map((id) => item(id, false, false)),
			...(body.allowed_good_category_ids as number[]).map((id) => item(id, false, true)),
		] as IDataObject[];
		for (const name of ['allowed_service_ids', 'allowed_good_ids', 'allowed_good_category_ids'])
			delete read[name];
	}
	return { read, body };
}

async function put(operation: Operation, named: IDataObject, ...reads: IDataObject[]) {
	const queue = [...reads];
	const call = { operation, path: {}, body: named, control: {}, itemIndex: 0 } as unknown as Call;
	const { replaces } = operation;
	const path = Object.fromEntries(
		[...(replaces?.read ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, '1']),
	);
	return await wholeBody(
		replaces as NonNullable<typeof replaces>,
		{ ...call, path },
		{
			send: async () => {
				const row = queue.length > 1 ? queue.shift() : queue[0];
				return await Promise.resolve({ status: 200, headers: {}, body: { data: row } });
			},
		},
	);
}

const wire = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test('there are merges of most resources', () => {
	expect(merges.length).toBeGreaterThanOrEqual(18);
});

describe.each(merges.map((one): [string, Operation] => [`${one.resource}.${one.operation}`, one]))(
	'%s',
	(_name, operation) => {
		const { read, body } = pair(operation);
		const names = Object.keys(body);

		test.each(names)('with %s named, all others stay', async (name) => {
			const sent = await put(operation, { [name]: body[name] }, read);
			expect(wire(sent)).toEqual(wire(body));
		});

		test('what a colleague changes between two looks stays as well', async () => {
			const [first] = names;
			const later = pair(operation, 2);
			const sent = await put(operation, { [first]: body[first] }, read, later.read);
			expect(wire(later.body)).not.toEqual(wire(body));
			expect(wire(sent)).toEqual(wire({ ...later.body, [first]: body[first] }));
		});

		const required = bodyOf(operation).filter(
			(field) => field.required && !ORDERS.includes(field.name),
		);
		const each = required.length > 0 ? test.each(required.map(({ name }) => name)) : undefined;
		each?.(
			'without %s in what is read, the user is asked for it and nothing is lost',
			async (name) => {
				const place = READ_AS[operation.resource]?.[name] ?? name;
				const { [place]: left, ...rest } = read;
				expect(left).toBeDefined();
				const other = names.find((one) => one !== name);
				await expect(put(operation, other ? { [other]: body[other] } : {}, rest)).rejects.toThrow(
					/is not named, and Altegio does not tell what it is now/,
				);
			},
		);
	},
);

test('members that the write does not document are not sent along', async () => {
	const program = merges.find(({ resource }) => resource === 'loyaltyProgram') as Operation;
	const sent = await put(
		program,
		{ title: 'New' },
		{ id: 1, rules: [{ id: 5, loyalty_type_id: 2, parameter: 1, value: 10, service_id: 3 }] },
	);
	expect(sent.rules).toEqual([{ parameter: 1, value: 10, service_id: 3 }]);
	expect(
		factsOf('loyaltyProgram.update').body?.find(({ name }) => name === 'rules')?.holds,
	).toEqual({ parameter: 'integer', value: 'number', service_id: 'integer' });
});

test.each([
	['transaction', { amount: 10 }, { comment: 'Rent for May' }],
	[
		'user',
		{ user_role: 'manager' },
		{
			user_permissions: [
				{ slug: 'clients_last_days', value: 3 },
				{ slug: 'clients_phones', value: false },
			],
		},
	],
] as Array<[string, IDataObject, IDataObject]>)(
	'%s: a value of another kind than the docs of the write say stays what it is',
	async (resource, named, read) => {
		const operation = merges.find((one) => one.resource === resource) as Operation;
		expect(await put(operation, named, read)).toEqual({ ...named, ...read });
	},
);
