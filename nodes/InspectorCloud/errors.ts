/**
 * Inspector Cloud's errors in the user's words. The vendor documents none; its bodies are those of the web
 * framework it is built on. Reference of the project: inspector-cloud.md §2.
 */
import type { ErrorRow } from '../shared/catalogue';

export const errors: ErrorRow[] = [
	{
		statuses: [401],
		say: 'the token was not accepted',
		hint: 'Ask your account manager for a current token and paste it into the credential. Short-lived ones end after about 90 days.',
		cause: 'credential-invalid',
	},
	{
		statuses: [403],
		say: 'access was denied',
		hint: 'The token has no access to this part of the API. Ask your account manager.',
		cause: 'configuration-invalid',
	},
	{
		statuses: [404],
		say: 'the object was not found',
		hint: "Check the ID, and the host and version in the credential. The ID is Inspector Cloud's own number, not the one of your system (cid).",
	},
	{
		statuses: [400],
		say: 'the request was not accepted',
		hint: 'Check the parameters of this operation against the text below.',
	},
	{
		statuses: [429],
		say: 'the limit of requests is reached',
		hint: 'Run the workflow again in a minute.',
		cause: 'rate-limited',
	},
	{
		statuses: [500, 502, 503, 504],
		say: 'the service could not answer now',
		hint: 'Try again in a few minutes.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
	},
];
