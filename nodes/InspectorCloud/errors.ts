/**
 * Inspector Cloud's errors in the user's words. The vendor documents none; its bodies are those of the web
 * framework it is built on. Reference of the project: inspector-cloud.md §2.
 */
import type { ErrorRow } from '../shared/catalogue';

export const errors: ErrorRow[] = [
	{
		of: ['token.revoke'],
		statuses: [404],
		say: 'the token was not revoked',
		hint: 'There is no such token, or it was revoked before. Only the master key can revoke: check that the credential has it.',
	},
	{
		of: ['token'],
		statuses: [401, 403],
		say: 'the master key was not accepted',
		hint: 'Tokens are made and revoked with the master key, not with a token: choose Authentication: Master Key in the credential.',
		cause: 'credential-invalid',
	},
	{
		of: ['photo'],
		statuses: [413],
		say: 'the photo is too large',
		hint: 'Make it smaller before (node Edit Image: Resize), and upload it again.',
	},
	{
		statuses: [401],
		say: 'the token was not accepted',
		hint: 'Ask your account manager for a current token and paste it into the credential. Short-lived ones end after about 90 days; with Authentication: Master Key, the next one is made in time.',
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
