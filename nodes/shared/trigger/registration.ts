/**
 * A trigger's registration at its vendor: begun when the workflow is published, ended when it is not any more. The shell
 * is the same for all (`registrationOf`); what a vendor keeps a list of, one webhook each, is brought in line by
 * `families.ts`. n8n calls `delete` after a `create` that threw, and ignores what both return.
 */
import { randomBytes } from 'crypto';
import type {
	IHookFunctions,
	NodeApiError,
	NodeOperationError,
	NodeParameterValueType,
} from 'n8n-workflow';

import type { Vendor } from '../catalogue';
import { plainText, toNodeError } from '../errors/errors';
import { InputProblem } from '../errors/problems';
import { openRoad, type Road } from '../road/road';

/** What the node keeps in n8n's static data between activation and deactivation. A vendor adds its own. */
export interface Registration {
	/** Made once per node; part of the URL, so that nobody else can call it. */
	secret?: string;
	url?: string;
	/** Publishing has begun, and has not come to its end. */
	publishing?: boolean;
}

/**
 * So long (ms) each step waits for the vendor. n8n 2.41 tries to publish five times with 15 s of pauses, has us remove
 * after each try, and ends it all after 84 s with words of its own: by then ours must have been said. Removing is
 * shorter, since a second try goes on where the vendor has come to.
 */
const PUBLISH_MS = 8000;
const REMOVE_MS = 4000;

/** What a step has at hand. */
export interface RegistrationWork<R extends Registration> {
	context: IHookFunctions;
	road: Road;
	/** Kept by n8n, also when the step fails: what was made is written down at once. */
	data: R;
	/** Address of this node without its key: what begins so is this node's own. */
	address: string;
}

/** What a vendor does to be called. */
export interface RegistrationRules<R extends Registration = Registration> {
	vendor: Vendor;
	/** Characters of a URL that the vendor takes at most. */
	maxUrl: number;
	/** True when the vendor has all that the form wants at the URL, and nothing of this node that it does not want. */
	isInLine: (work: RegistrationWork<R>, url: string) => Promise<boolean>;
	/** Makes it so. Half of a registration is none: what was made before a failure is taken back or written down. */
	bringInLine: (work: RegistrationWork<R>, url: string) => Promise<void>;
	/** Removes what is this node's, and only that. Must work with a form that is no longer good. */
	remove: (work: RegistrationWork<R>) => Promise<void>;
}

/** The three methods of `webhookMethods`, to be called with n8n's context. */
export interface RegistrationMethods {
	isRegistered: (this: IHookFunctions) => Promise<boolean>;
	register: (this: IHookFunctions) => Promise<boolean>;
	unregister: (this: IHookFunctions) => Promise<boolean>;
}

/** The methods of a node that registers as the rules say. */
export function registrationOf<R extends Registration>(
	rules: RegistrationRules<R>,
): RegistrationMethods {
	const workOf = async (context: IHookFunctions, ms: number): Promise<RegistrationWork<R>> => ({
		context,
		road: await openRoadFor(context, rules.vendor, ms),
		data: registration<R>(context),
		address: context.getNodeWebhookUrl('default') ?? '',
	});
	const guarded = async (context: IHookFunctions, work: () => Promise<boolean>) => {
		try {
			return await work();
		} catch (error) {
			throw withDetail(toNodeError(context.getNode(), rules.vendor.name, error));
		}
	};
	return {
		async isRegistered() {
			return await guarded(this, async () => {
				const data = registration<R>(this);
				if (!data.secret) return false;
				data.publishing = true;
				const url = webhookUrl(this, rules, data.secret);
				if (!(await rules.isInLine(await workOf(this, PUBLISH_MS), url))) return false;
				delete data.publishing;
				return true;
			});
		},
		async register() {
			return await guarded(this, async () => {
				const data = registration<R>(this);
				data.secret ??= randomBytes(16).toString('hex');
				data.publishing = true;
				const url = webhookUrl(this, rules, data.secret);
				const work = await workOf(this, PUBLISH_MS);
				data.url = url;
				await rules.bringInLine(work, url);
				delete data.publishing;
				return true;
			});
		},
		/**
		 * n8n calls it after a failed try to publish as well: when it throws then, n8n 2.41 keeps the address as
		 * registered, and the user's next try does nothing. What could not be removed is still known, and the next try
		 * takes it over.
		 */
		async unregister() {
			const data = registration<R>(this);
			const isCleaningUp = data.publishing === true;
			delete data.publishing;
			try {
				return await guarded(this, async () => {
					await rules.remove(await workOf(this, REMOVE_MS));
					delete data.url;
					return true;
				});
			} catch (error) {
				if (isCleaningUp) return true;
				throw error as Error;
			}
		},
	};
}

/** The node's registration, as n8n stores it. */
export function registration<R extends Registration = Registration>(
	context: Pick<IHookFunctions, 'getWorkflowStaticData'>,
): R {
	return context.getWorkflowStaticData('node') as unknown as R;
}

/** Reads a parameter of the node while it is registered. */
export function hookParameters(
	context: IHookFunctions,
): (name: string, fallback: unknown) => unknown {
	return (name, fallback) =>
		context.getNodeParameter(name, fallback as NodeParameterValueType) as unknown;
}

/** True for the address of the webhook that n8n knows by this ID, with this key. */
export function isAddressOf(text: string, webhookId: string, key: string): boolean {
	if (!URL.canParse(text)) return false;
	const url = new URL(text);
	return url.pathname.split('/').includes(webhookId) && url.searchParams.get('key') === key;
}

/** A URL without its query. */
export function withoutQuery(url: string): string {
	return url.split('?')[0];
}

/** When publishing fails, n8n 2.41 shows the property `detail` in place of the message, and no description. */
function withDetail<T extends NodeApiError | NodeOperationError>(error: T): T {
	const { message } = error;
	const description = plainText(error.description);
	return Object.assign(error, { detail: description ? `${message}. ${description}` : message });
}

/** The road for a step that waits so long (ms) in all. */
async function openRoadFor(context: IHookFunctions, vendor: Vendor, ms: number): Promise<Road> {
	const road = await openRoad(context, vendor);
	// A clock that nobody sets: n8n counts its own time by timers, too.
	const until = performance.now() + ms;
	return {
		...road,
		send: async (request, stop) =>
			await road.send({ ...request, patienceMs: Math.max(0, until - performance.now()) }, stop),
	};
}

function webhookUrl(
	context: IHookFunctions,
	{ vendor, maxUrl }: Pick<RegistrationRules, 'vendor' | 'maxUrl'>,
	secret: string,
): string {
	const base = context.getNodeWebhookUrl('default');
	if (!base) {
		throw new InputProblem(
			'Webhook URL',
			'is not known to n8n',
			'Save the workflow and publish it again.',
		);
	}
	const url = `${base}?key=${secret}`;
	if (url.length > maxUrl) {
		throw new InputProblem(
			'Webhook URL',
			`has ${url.length} characters, and ${vendor.name} allows ${maxUrl}`,
			'Use a shorter address for n8n (N8N_WEBHOOK_URL).',
		);
	}
	return url;
}
