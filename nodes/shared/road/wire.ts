/** What goes over the wire and comes back, before anybody interprets it. */
import type { IDataObject } from 'n8n-workflow';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A list as a value goes as one header line for each of its entries. */
export type Headers = Record<string, string | string[]>;

/** A request on its way: relative to the connection's base URL, without credentials. */
export interface ApiRequest {
	method: HttpMethod;
	/** Starts with a slash; placeholders are filled and percent-encoded. */
	path: string;
	query?: IDataObject;
	body?: IDataObject | IDataObject[];
	headers?: Headers;
	/** The operation that it belongs to, `order.getAll`, for words of its own in the vendor's error table. */
	of?: string;
	/** Sending it twice does no harm. GET, PUT and DELETE are idempotent without it. */
	idempotent?: boolean;
	/**
	 * A bulk call: an array is a good answer whatever its status; its elements tell of themselves. As text: the path at
	 * which the array stands.
	 */
	mixed?: boolean | string;
	/** Too much at a time is an answer for the caller, who sends smaller shares: no retry of the same. */
	splits?: boolean;
	/** What a good answer's body is: JSON (default), nothing, or bytes. */
	expects?: 'json' | 'nothing' | 'bytes';
	/** Places of a JSON answer that nobody wants, such as `scenes[].images[].annotations`: their values come as null. */
	without?: ReadonlySet<string>;
	/** A file for a form (`multipart/form-data`), in place of the body; `fields`: what else the form holds. */
	file?: {
		field: string;
		bytes: Buffer;
		fileName: string;
		mimeType: string;
		fields?: Array<[name: string, value: string]>;
	};
	/** An address that the vendor gave for a download: it is asked without credentials, and `path` is not. */
	storage?: string;
	/** Follow a redirect to another host, without credentials (downloads). Others are refused. */
	followToStorage?: boolean;
	/** Milliseconds; 60,000 when absent. */
	timeoutMs?: number;
	/** So long (ms) the caller waits in all, tries and pauses included; a first try of a second is always made. */
	patienceMs?: number;
}

export interface ApiAnswer {
	status: number;
	/** Header names in lower case. */
	headers: Record<string, string>;
	body: unknown;
	/** Who answered; `storage` when a redirect led to another house, which was asked without credentials. */
	from?: { host: string; storage: boolean };
	/** An earlier try of this request may have been carried out. */
	afterDoubt?: boolean;
}

/** Sends a request. When `stop` aborts before it is under way, it is not sent any more. */
export type SendRequest = (request: ApiRequest, stop?: AbortSignal) => Promise<ApiAnswer>;
