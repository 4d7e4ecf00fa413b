/**
 * A call from a vendor → its wanted events. No request goes out from here and nothing is looked up: vendors wait a second
 * or a few for the answer, and n8n stores the execution in that time. What takes longer is done in `handle.ts`.
 */
import { timingSafeEqual } from 'crypto';
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { readExactJson } from '../road/exact';
import { registration } from './registration';

/** What `webhook()` knows of a delivery and `execute()` needs; travels beside the JSON of the one item. */
export interface Delivery extends IDataObject {
	/** The wanted events, packed. One text costs n8n much less than fifty items do, in the time that the vendor waits. */
	told: string;
	/** The same for each repetition; absent for a delivery that is never held back. */
	key?: string;
	/** A key under which the same may have come before this one: it is asked for, and not kept by a repetition. */
	earlier?: string;
	/** Key of the URL, when the node's own was not known yet: `execute()` asks the vendor about it. */
	unproven?: string;
}

/** An item on its way from `webhook()` to `execute()`. */
export type Arrived<D extends Delivery = Delivery> = INodeExecutionData & { delivery?: D };

/** Why a body is not taken. */
export interface Refusal {
	status: 400 | 413;
	message: string;
}

/** What a vendor says of its calls. */
export interface Reception<N extends object, D extends Delivery = Delivery> {
	/** Bytes of a body that are taken at most. */
	maxBytes: number;
	/** IDs may have more digits than a number of JavaScript holds: they come as texts then. */
	longIds?: true;
	/** Reads a body, whatever it is; never throws. */
	read: (body: unknown) => N | Refusal;
	/**
	 * What the node passes on of a notification; undefined when that is nothing. `atOnce`: the vendor gets its answer
	 * before the execution is stored.
	 */
	wanted: (
		notification: N,
		context: IWebhookFunctions,
	) => { delivery: Omit<D, 'unproven'>; atOnce?: boolean } | undefined;
	/**
	 * Settings that cannot be read (an expression, a list of numbers that is none): the vendor is told to come again, and
	 * the workflow is started with the notification, so that its execution shows what is wrong. n8n's own answer when
	 * absent.
	 */
	unsettled?: (
		notification: N,
		message: string,
	) => { delivery: Omit<D, 'unproven'>; status: number; body: IDataObject };
	/**
	 * Body of the answer to a call that was taken, whether or not it starts the workflow. With it, the description's
	 * webhook has `responseData: ''`.
	 */
	reply?: () => IDataObject;
	/** The secret is the path of n8n's own URL: the vendor's webhooks are not registered here, and have no key. */
	secretInPath?: true;
	/** Body of the answer to a call that was not; `{ code, message }` when the vendor asks for nothing else. */
	refusal?: (refusal: Refusal) => IDataObject;
	/** Status of each refusal, for a vendor that repeats a call after any other one. */
	refusalStatus?: number;
}

/** How the keys of registered URLs look. */
const KEY = /^[\w-]{16,64}$/;

/** The events of a delivery, one item each. */
export function eventsOf(
	{ json, delivery }: Arrived,
	unpack: (told: string) => IDataObject[],
): IDataObject[] {
	return delivery === undefined ? [json] : unpack(delivery.told);
}

/** Answers a call and starts the workflow with what it told. */
export function receive<N extends object, D extends Delivery = Delivery>(
	context: IWebhookFunctions,
	rules: Reception<N, D>,
): IWebhookResponseData {
	const { maxBytes, reply, secretInPath } = rules;
	const key = keyOf(context.getQueryData() as IDataObject);
	const { secret } = secretInPath ? {} : registration(context);
	const hasKey = secret ? isSameKey(secret, key) : KEY.test(key);
	if (!secretInPath && !hasKey) return silence(context);
	if (bodySize(context) > maxBytes) {
		const message = `A body of more than ${maxBytes / 1024 / 1024} MB is not taken`;
		return refuse(context, rules, { status: 413, message });
	}
	const notification = rules.read(rules.longIds ? exactBody(context) : context.getBodyData());
	if (isRefused(notification)) return refuse(context, rules, notification);
	let wanted: ReturnType<typeof rules.wanted>;
	try {
		wanted = rules.wanted(notification, context);
	} catch (error) {
		if (!rules.unsettled) throw error as Error;
		const message = error instanceof Error ? error.message : String(error);
		const { delivery, status, body } = rules.unsettled(notification, message);
		context.getResponseObject().status(status).json(body);
		const arrived = { json: {}, delivery } as unknown as Arrived<D>;
		return { noWebhookResponse: true, workflowData: [[arrived]] };
	}
	const answer = reply ? { webhookResponse: reply() } : {};
	// Answered with 200 and without an execution: nobody waits for these events here.
	if (!wanted) return answer;
	const unproven = secret || secretInPath ? undefined : key;
	const arrived: Arrived<D> = {
		json: {},
		delivery: { ...wanted.delivery, unproven } as unknown as D,
	};
	const workflowData = [[arrived]];
	if (!wanted.atOnce) return { ...answer, workflowData };
	const response = context.getResponseObject().status(200);
	if (reply) response.json(answer.webhookResponse);
	else response.end();
	return { noWebhookResponse: true, workflowData };
}

function isRefused<N extends object>(read: N | Refusal): read is Refusal {
	return 'status' in read && 'message' in read;
}

/** Compares in constant time. */
function isSameKey(secret: string, key: string): boolean {
	const given = Buffer.from(key);
	const expected = Buffer.from(secret);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The key in the URL. A vendor that adds to a URL with a query may write a second question mark. */
function keyOf({ key }: IDataObject): string {
	return typeof key === 'string' ? key.split('?')[0] : '';
}

/** The call as n8n has it. */
const arrivedCall = (context: IWebhookFunctions) =>
	context.getRequestObject() as unknown as {
		rawBody?: Buffer;
		headers: Record<string, string | undefined>;
	};

/** The body with all digits of its numbers; as n8n has read it where that is no JSON. */
function exactBody(context: IWebhookFunctions): unknown {
	const { rawBody } = arrivedCall(context);
	if (!rawBody) return context.getBodyData();
	try {
		return readExactJson(rawBody.toString('utf8'));
	} catch {
		return context.getBodyData();
	}
}

/** Size of the body of a call. */
function bodySize(context: IWebhookFunctions): number {
	const { rawBody, headers } = arrivedCall(context);
	return rawBody?.length ?? Number(headers['content-length'] ?? 0);
}

/** Whoever has not the key learns nothing, not even that there is a node. */
function silence(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(404).end();
	return { noWebhookResponse: true };
}

function refuse<N extends object, D extends Delivery>(
	context: IWebhookFunctions,
	{ refusal, refusalStatus }: Reception<N, D>,
	why: Refusal,
): IWebhookResponseData {
	const { message } = why;
	const status = refusalStatus ?? why.status;
	const body = refusal?.(why) ?? { code: status, message };
	context.getResponseObject().status(status).json(body);
	return { noWebhookResponse: true };
}
