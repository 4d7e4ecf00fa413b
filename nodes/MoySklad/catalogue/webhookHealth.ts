/**
 * Whether MoySklad calls what a workflow expects: a look at the list of webhooks, and repairs on demand.
 * Reference of the project §1.5 and §3; MoySklad docs, Webhooks.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation, Work } from '../../shared/catalogue';
import { CallFailed, isNotFound } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { listOf } from '../../shared/form/readers';
import type { Hook } from '../../shared/trigger/families';
import {
	HookAddress,
	addressField,
	isHealthy,
	lookAtHooks,
	matchField,
	repairFields,
	repairHooks,
	type HookRepairs,
} from '../../shared/trigger/health';
import { actions, entityTypes } from '../entityTypes';
import { createHooks, deleteHooks, hooksPath, listHooks } from '../hookCalls';
import { checkUrl } from './hooks';

const KEYWORD = 'webhook';
/** Webhooks per type and event (MoySklad docs: Webhooks). */
const SLOTS = 5;
const SLOTS_OF_SOLUTION = 1;
/** A solution has no employee. */
const NO_EMPLOYEE_CODE = 55006;

interface EventHook extends Hook {
	entityType: string;
	action: string;
	enabled: boolean;
	diffType?: string;
}

interface Pair extends IDataObject {
	entityType: string;
	action: string;
}

/** What the calls of a node share: later items see what earlier ones have repaired. */
interface Account {
	hooks: EventHook[];
	limit: number;
}

const accounts = new WeakMap<Call, Account>();

async function readAccount(calls: Call[], work: Work): Promise<void> {
	for (const call of calls) call.problem ??= problemOf(call);
	const open = calls.filter(({ problem }) => !problem);
	if (open.length === 0) return;
	const account = {
		hooks: await listHooks<EventHook>(work.pages, KEYWORD),
		limit: await limitOf(work),
	};
	for (const call of open) accounts.set(call, account);
}

function problemOf({ control }: Call): InputProblem | undefined {
	if (pairsOf(control).length === 0) {
		return new InputProblem(
			'Entity Types',
			"or 'Events' is empty",
			'Choose what the workflow expects.',
		);
	}
	return undefined;
}

async function limitOf(work: Work): Promise<number> {
	try {
		await work.send({ method: 'GET', path: '/context/employee' });
		return SLOTS;
	} catch (error) {
		const code = error instanceof CallFailed ? error.details.problem?.code : undefined;
		if (Number(code) === NO_EMPLOYEE_CODE) return SLOTS_OF_SOLUTION;
		throw error as Error;
	}
}

function textsOf(value: unknown): string[] {
	return (listOf(value, /[\s,;]+/) ?? []).map(String);
}

function pairsOf(control: IDataObject): Pair[] {
	const others = textsOf(control.otherEntityTypes).map((type) => type.toLowerCase());
	const types = [...new Set([...textsOf(control.expectedTypes), ...others])];
	return types.flatMap((entityType) =>
		textsOf(control.expectedActions).map((action) => ({ entityType, action })),
	);
}

const pairName = ({ entityType, action }: Pair) => `${entityType} ${action}`;

/** What a list of the answer tells of a webhook. */
function toldOf({ id, entityType, action, url, enabled, diffType }: EventHook): IDataObject {
	return {
		id,
		entityType,
		action,
		url,
		enabled,
		...(diffType === undefined ? {} : { diffType }),
	};
}

async function check(call: Call, work: Work): Promise<IDataObject> {
	const account = accounts.get(call) as Account;
	const { control } = call;
	const pairs = pairsOf(control);
	const address = new HookAddress(control);
	const wanted = String(control.expectedDiffType ?? 'any');
	const isAsWanted = ({ action, diffType }: EventHook) =>
		action !== 'UPDATE' || wanted === 'any' || (diffType ?? 'NONE') === wanted;
	const look = () => lookAtHooks(account.hooks, pairs, { address, about: pairName, isAsWanted });
	const repairs = await repairHooks(look(), control, address, {
		remove: async (hooks, done) => await remove(account, hooks, call, work, done),
		change: async (hooks, done) => await change(account, hooks, wanted, work, done),
		create: async (missing, done) =>
			await create(account, newHooks(missing, address, wanted), work, done),
	});
	const after = look();
	return {
		healthy: isHealthy(after),
		url: address.url,
		expected: pairs.length,
		missing: after.missing,
		disabled: after.disabled.map(toldOf),
		wrongDiffType: after.wrong.map(toldOf),
		duplicates: after.duplicates.map(toldOf),
		stale: after.stale.map(({ one, because }) => ({ ...toldOf(one), because })),
		slots: pairs.map((pair) => {
			const [used, { limit }] = [after.used(pair), account];
			return { ...pair, used, limit, free: Math.max(0, limit - used) };
		}),
		repairs: repairs as unknown as IDataObject,
	};
}

/** What goes into an item of a failure. */
function wordsOf(failure: CallFailed): IDataObject {
	const { say, hint, problem } = failure.details;
	return { code: Number(problem?.code), error: say, hint };
}

const updates = (action: string, wanted: string): IDataObject =>
	action === 'UPDATE' && wanted !== 'any' ? { diffType: wanted } : {};

const newHooks = (missing: Pair[], { url }: HookAddress, wanted: string) =>
	missing.map((pair) => ({ ...pair, url, ...updates(pair.action, wanted) }));

async function create(
	account: Account,
	wanted: Array<Pair & { url: string }>,
	work: Work,
	repairs: HookRepairs,
): Promise<void> {
	const answers = await createHooks(work, KEYWORD, wanted);
	if (answers.some(({ exists }) => exists)) {
		account.hooks = await listHooks<EventHook>(work.pages, KEYWORD);
	}
	for (const [index, { row, exists, failure }] of answers.entries()) {
		if (typeof row.id === 'string') {
			account.hooks.push(row as EventHook);
			repairs.created.push(toldOf(row as EventHook));
		} else if (!exists) {
			const { entityType, action } = wanted[index];
			repairs.failed.push({ entityType, action, ...(failure ? wordsOf(failure) : row) });
		}
	}
}

async function change(
	account: Account,
	hooks: EventHook[],
	wanted: string,
	work: Work,
	repairs: HookRepairs,
): Promise<void> {
	for (const hook of hooks) {
		const { id, action, entityType } = hook;
		try {
			const body = { enabled: true, ...updates(action, wanted) };
			const path = `${hooksPath(KEYWORD)}/${id}`;
			const answer = await work.send({ method: 'PUT', path, body });
			Object.assign(hook, answer.body);
			repairs.changed.push(toldOf(hook));
		} catch (error) {
			if (!isNotFound(error)) throw error as Error;
			account.hooks = account.hooks.filter((other) => other !== hook);
			const { say, hint } = error.details;
			repairs.failed.push({ id, entityType, action, error: say, hint });
		}
	}
}

async function remove(
	account: Account,
	hooks: EventHook[],
	{ baseUrl }: Call,
	work: Work,
	repairs: HookRepairs,
): Promise<void> {
	const ids = hooks.map(({ id }) => id);
	const answers = await deleteHooks(work, KEYWORD, { baseUrl, ids });
	for (const [index, { failure }] of answers.entries()) {
		const hook = hooks[index];
		if (failure) {
			repairs.failed.push({ ...toldOf(hook), ...wordsOf(failure) });
			continue;
		}
		account.hooks = account.hooks.filter((other) => other !== hook);
		repairs.removed.push(toldOf(hook));
	}
}

export const webhookHealth: Operation[] = [
	{
		resource: 'webhook',
		operation: 'checkHealth',
		name: 'Check Health',
		action: 'Check health of webhooks',
		description:
			'Compare the webhooks of the account with what a workflow expects, and repair them',
		docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/webhook#2-vebhuki',
		// It only reads unless it is asked to repair; repairs of several items must not meet.
		route: 'POST /entity/webhook',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'expectedTypes',
				label: 'Entity Types',
				kind: 'choices',
				to: 'control',
				choices: entityTypes,
				open: true,
				default: ['customerorder'],
				help: 'What the workflow expects to be told of',
			},
			{
				name: 'expectedActions',
				label: 'Events',
				help: 'Events that should have a webhook',
				kind: 'choices',
				to: 'control',
				choices: actions,
				default: ['CREATE'],
			},
			addressField('Where the notifications are to go', checkUrl),
			matchField('a MoySklad Trigger'),
			...repairFields({
				repair:
					'Whether to create what is missing (with the whole URL), switch on what is off and correct changed fields',
				all: 'All of these types and events at this host, also those of other workflows',
				removes: 'Which webhooks of these types and events to delete',
			}),
			{
				name: 'expectedDiffType',
				label: 'Changed Fields',
				kind: 'choice',
				section: 'options',
				to: 'control',
				default: 'any',
				choices: [
					{ name: 'Either', value: 'any' },
					{ name: 'Listed', value: 'FIELDS' },
					{ name: 'Not Listed', value: 'NONE' },
				],
				help: 'Whether notifications of the event Updated are to name the fields that changed',
			},
			{
				name: 'otherEntityTypes',
				label: 'Other Entity Types',
				kind: 'text',
				also: 'list',
				section: 'options',
				to: 'control',
				placeholder: 'e.g. customentity, thing',
				help: "Types that are not in the list, by their keywords in MoySklad's API, separated by commas",
			},
		],
		prepare: readAccount,
		perform: async (call, work) => [{ json: await check(call, work) }],
		output: {
			healthy: { type: 'boolean' },
			url: { type: 'string' },
			expected: { type: 'number' },
			missing: { type: 'array' },
			disabled: { type: 'array' },
			wrongDiffType: { type: 'array' },
			duplicates: { type: 'array' },
			stale: { type: 'array' },
			slots: { type: 'array' },
			repairs: { type: 'object' },
		},
		notes:
			"Reads the list of webhooks; writes only with 'Repair' on. Stale webhooks are those of the same types and events at the same host with another path or key: they are named, and deleted only on demand. Administrators only.",
	},
];
