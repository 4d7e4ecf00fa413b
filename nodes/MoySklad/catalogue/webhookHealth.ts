/**
 * Whether MoySklad calls what a workflow expects: a look at the list of webhooks, and repairs on demand.
 * Reference of the project §1.5 and §3; MoySklad docs, Webhooks.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation, Work } from '../../shared/catalogue';
import { answerFailure, CallFailed, isNotFound } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { listOf } from '../../shared/form/readers';
import { Address, isLeaving, matchField, repairFields } from '../../shared/trigger/health';
import { actions, entityTypes } from '../entityTypes';
import { rowsList } from '../lists';
import { metaRef } from '../references';
import { checkUrl } from './hooks';

const PATH = '/entity/webhook';
/** Webhooks per type and event (MoySklad docs: Webhooks). */
const SLOTS = 5;
const SLOTS_OF_SOLUTION = 1;
/** A solution has no employee. */
const NO_EMPLOYEE_CODE = 55006;
const EXISTS_CODE = 30003;
const GONE_CODES = [1021, 1000];

interface Hook extends IDataObject {
	id: string;
	entityType: string;
	action: string;
	url: string;
	enabled: boolean;
	diffType?: string;
}

interface Pair extends IDataObject {
	entityType: string;
	action: string;
}

/** What the calls of a node share: later items see what earlier ones have repaired. */
interface Account {
	hooks: Hook[];
	limit: number;
}

const accounts = new WeakMap<Call, Account>();

async function readAccount(calls: Call[], work: Work): Promise<void> {
	for (const call of calls) call.problem ??= problemOf(call);
	const open = calls.filter(({ problem }) => !problem);
	if (open.length === 0) return;
	const account = { hooks: await listHooks(work), limit: await limitOf(work) };
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

async function listHooks(work: Work): Promise<Hook[]> {
	const hooks: Hook[] = [];
	const request = { method: 'GET' as const, path: PATH };
	for await (const rows of work.pages({ request, rule: rowsList, limit: Infinity })) {
		for (const row of rows) hooks.push(row as Hook);
	}
	return hooks;
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

const nameOf = ({ entityType, action }: Pair) => `${entityType} ${action}`;

/** What a list of the answer tells of a webhook. */
function shown({ id, entityType, action, url, enabled, diffType }: Hook): IDataObject {
	return {
		id,
		entityType,
		action,
		url,
		enabled,
		...(diffType === undefined ? {} : { diffType }),
	};
}

/** A comparison of what there is with what there should be. */
function compare(account: Account, pairs: Pair[], target: Address, wanted: string) {
	const names = new Set(pairs.map(nameOf));
	const ofPairs = account.hooks.filter((hook) => names.has(nameOf(hook)));
	const fitting = ofPairs.filter(({ url }) => target.fits(url));
	const missing = pairs.filter((pair) => !fitting.some((hook) => nameOf(hook) === nameOf(pair)));
	const disabled = fitting.filter(({ enabled }) => enabled === false);
	const wrong = fitting.filter(
		({ action, diffType }) =>
			action === 'UPDATE' && wanted !== 'any' && (diffType ?? 'NONE') !== wanted,
	);
	const duplicates = fitting.filter((hook) =>
		fitting.some((other) => other !== hook && nameOf(other) === nameOf(hook)),
	);
	const stale = ofPairs.flatMap((hook) => {
		const because = target.stale(hook.url);
		return because ? [{ hook, because }] : [];
	});
	const slots = pairs.map((pair) => {
		const used = ofPairs.filter((hook) => nameOf(hook) === nameOf(pair)).length;
		return { ...pair, used, limit: account.limit, free: Math.max(0, account.limit - used) };
	});
	return { fitting, missing, disabled, wrong, duplicates, stale, slots };
}

/** What was done, and what could not be. */
interface Repairs {
	created: IDataObject[];
	changed: IDataObject[];
	removed: IDataObject[];
	failed: IDataObject[];
}

async function check(call: Call, work: Work): Promise<IDataObject> {
	const account = accounts.get(call) as Account;
	const { control } = call;
	const pairs = pairsOf(control);
	const target = new Address(control);
	const wanted = String(control.expectedDiffType ?? 'any');
	const look = () => compare(account, pairs, target, wanted);
	const before = look();
	const repairs: Repairs = { created: [], changed: [], removed: [], failed: [] };
	if (control.repair === true) {
		// First what frees places, then what takes them.
		const leaving = before.stale.filter(({ because }) => isLeaving(control, because));
		await removeHooks(
			account,
			leaving.map(({ hook }) => hook),
			call,
			work,
			repairs,
		);
		await changeHooks(
			account,
			[...new Set([...before.disabled, ...before.wrong])],
			wanted,
			work,
			repairs,
		);
		await createHooks(account, before.missing, target, wanted, work, repairs);
	}
	const after = look();
	const list = (hooks: Hook[]) => hooks.map(shown);
	return {
		healthy:
			after.missing.length +
				after.disabled.length +
				after.wrong.length +
				after.duplicates.length ===
			0,
		url: target.url,
		expected: pairs.length,
		missing: after.missing,
		disabled: list(after.disabled),
		wrongDiffType: list(after.wrong),
		duplicates: list(after.duplicates),
		stale: after.stale.map(({ hook, because }) => ({ ...shown(hook), because })),
		slots: after.slots,
		repairs: repairs as unknown as IDataObject,
	};
}

/** Posts elements together; each of them succeeds or fails by itself. */
async function post(work: Work, path: string, body: IDataObject[]): Promise<IDataObject[]> {
	const answer = await work.send({ method: 'POST', path, body, mixed: true, idempotent: true });
	const elements = (Array.isArray(answer.body) ? answer.body : [answer.body]) as IDataObject[];
	return elements.map((element) => {
		if (element?.errors === undefined) return element;
		const status = answer.status >= 400 ? answer.status : 400;
		const failure = answerFailure(
			work.vendor,
			{ method: 'POST', path },
			{ ...answer, status, body: element },
		);
		const { say, hint, problem } = failure.details;
		return { code: Number(problem?.code), error: say, hint };
	});
}

async function createHooks(
	account: Account,
	missing: Pair[],
	target: Address,
	wanted: string,
	work: Work,
	repairs: Repairs,
): Promise<void> {
	if (missing.length === 0) return;
	if (!target.isWhole) {
		const error = 'The whole URL is not known';
		const hint = "Set 'URL Is' to The Whole URL, or publish the workflow of the trigger once more.";
		repairs.failed.push(...missing.map((pair) => ({ ...pair, error, hint })));
		return;
	}
	const bodies = missing.map((pair) => ({
		...pair,
		url: target.url,
		...(pair.action === 'UPDATE' && wanted !== 'any' ? { diffType: wanted } : {}),
	}));
	const answers = await post(work, PATH, bodies);
	if (answers.some(({ code }) => code === EXISTS_CODE)) account.hooks = await listHooks(work);
	for (const [index, answer] of answers.entries()) {
		if (typeof answer.id === 'string') {
			account.hooks.push(answer as Hook);
			repairs.created.push(shown(answer as Hook));
		} else if (answer.code !== EXISTS_CODE) {
			repairs.failed.push({ ...missing[index], ...answer });
		}
	}
}

async function changeHooks(
	account: Account,
	hooks: Hook[],
	wanted: string,
	work: Work,
	repairs: Repairs,
): Promise<void> {
	for (const hook of hooks) {
		const { id, action, entityType } = hook;
		const diffType = action === 'UPDATE' && wanted !== 'any' ? { diffType: wanted } : {};
		try {
			const body = { enabled: true, ...diffType };
			const answer = await work.send({ method: 'PUT', path: `${PATH}/${id}`, body });
			Object.assign(hook, answer.body);
			repairs.changed.push(shown(hook));
		} catch (error) {
			if (!isNotFound(error)) throw error as Error;
			account.hooks = account.hooks.filter((other) => other !== hook);
			const { say, hint } = error.details;
			repairs.failed.push({ id, entityType, action, error: say, hint });
		}
	}
}

async function removeHooks(
	account: Account,
	hooks: Hook[],
	{ baseUrl }: Call,
	work: Work,
	repairs: Repairs,
): Promise<void> {
	if (hooks.length === 0) return;
	const metas = hooks.map(({ id }) => metaRef(baseUrl, 'webhook', id));
	const answers = await post(work, `${PATH}/delete`, metas);
	for (const [index, answer] of answers.entries()) {
		const hook = hooks[index];
		if (answer.error !== undefined && !GONE_CODES.includes(Number(answer.code))) {
			repairs.failed.push({ ...shown(hook), ...answer });
			continue;
		}
		account.hooks = account.hooks.filter((other) => other !== hook);
		repairs.removed.push(shown(hook));
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
		route: `POST ${PATH}`,
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
			{
				name: 'expectedUrl',
				label: 'URL',
				kind: 'text',
				to: 'control',
				required: true,
				placeholder: 'e.g. https://n8n.example.com/webhook/1a2b/webhook',
				help: 'Where the notifications are to go',
				wire: checkUrl,
			},
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
