/** MoySklad's error codes in the user's words. Source: MoySklad docs, Errors; reference of the project §2.7. */
import type { ErrorRow } from '../shared/catalogue';

const RIGHTS_HINT =
	'The employee behind the credential lacks this right. An administrator can grant it in MoySklad under Settings, Users.';
const FILTER_HINT =
	"Check 'Filters' and 'Conditions': the field, the operator that it allows, and the value.";
const UPDATE_TOKEN_HINT =
	'Open the credential and paste a current token (MoySklad: Settings, Users, your user, Tokens), or correct login and password.';

export const errors: ErrorRow[] = [
	{
		codes: [1056],
		say: 'the token or the login and password were not accepted',
		hint: UPDATE_TOKEN_HINT,
		cause: 'credential-invalid',
	},
	{
		codes: [1048],
		say: 'too many logins did not succeed, so MoySklad blocks further ones for a while',
		hint: 'Wait some minutes, then correct the login and password in the credential before you try again.',
		cause: 'credential-invalid',
	},
	{
		codes: [1061],
		say: 'this employee may not use the API',
		hint: 'An administrator can allow it in MoySklad under Settings, Users: the box for access to the API.',
		cause: 'credential-invalid',
	},
	{
		codes: [1049],
		say: 'the limit of requests per time is reached',
		hint: 'The node slows down by itself; other programs on the same account may use up the limit. Run the workflow again in a minute.',
		cause: 'rate-limited',
	},
	{
		codes: [1073],
		say: 'too many requests run at the same time',
		hint: 'The node waits by itself; other programs on the same account may keep the places busy. Run the workflow again in a minute.',
		cause: 'rate-limited',
	},
	{
		codes: [1065],
		say: 'somebody else is changing the same object',
		hint: 'Run the node again in a moment.',
		cause: 'temporarily-unavailable',
		retry: 'postponed',
	},
	{
		codes: [1074, 1095, 51007],
		say: 'MoySklad is under maintenance',
		hint: 'Try again later.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
	},
	{
		codes: [1021],
		say: 'the object was not found',
		hint: 'Check the ID: it may belong to another account or type, or the object was deleted.',
	},
	{
		codes: [1000, 1001],
		say: 'the ID has not the form of an ID',
		hint: 'An ID looks like 7944ef04-f831-11e5-7a69-971500188b19. Pick the object from the list, or paste its ID or link.',
	},
	{
		codes: [1002, 1005],
		say: 'MoySklad does not know this address or type',
		hint: 'Check the API Base URL in the credential, and the type of the object.',
		cause: 'configuration-invalid',
	},
	{
		codes: [1016, 1017, 1018, 1045, 1075],
		say: 'the right for this is missing',
		hint: RIGHTS_HINT,
	},
	{ codes: [1014, 1034, 1041, 1058], say: 'the filter was not accepted', hint: FILTER_HINT },
	{
		codes: [1035],
		say: 'a date in the filter was not accepted',
		hint: 'Give a date and time; the node turns it into Moscow time, which MoySklad uses.',
	},
	{
		codes: [1042, 1063, 1096],
		say: 'the list cannot be sorted in this way',
		hint: "Choose another field in 'Sort'.",
	},
	{
		codes: [1062],
		say: 'MoySklad did not accept the Accept header',
		hint: 'A proxy between n8n and MoySklad seems to change headers.',
		cause: 'node-defect',
	},
	{
		codes: [1059],
		say: 'a link belongs to another server',
		hint: 'Links must begin with the API Base URL of the credential. Give the ID of the object instead.',
	},
	{
		codes: [1084, 1091],
		say: 'a value of the query is not one of those allowed',
		hint: 'The text below names the parameter and what it allows.',
	},
	{
		codes: [3005],
		say: 'a value is not one of those allowed for its field',
		hint: 'The text below names the field and what it allows.',
	},
	{
		codes: [1069],
		say: 'these options cannot be combined',
		hint: 'Remove one of the filters or options.',
	},
	{
		codes: [1070],
		say: 'the tariff of the account does not include this',
		hint: 'Change the tariff in MoySklad, or leave this operation out.',
		cause: 'configuration-invalid',
	},
	{
		codes: [1088],
		say: 'the work took MoySklad too long',
		hint: 'Send fewer objects at a time.',
		cause: 'temporarily-unavailable',
	},
	{
		codes: [1089],
		say: 'one of the fields cannot be expanded here',
		hint: "Remove it from 'Expand'.",
	},
	{
		codes: [30000],
		say: 'webhooks cannot watch this type',
		hint: 'Positions, accounts and other parts of objects have no webhooks: watch the object that holds them.',
	},
	{ codes: [30001], say: 'webhooks are always sent by POST', hint: 'Leave the method out.' },
	{
		codes: [30002, 30008],
		say: 'this type has no such webhook action',
		hint: "Use CREATE, UPDATE or DELETE; PROCESSED belongs to the type 'async' alone.",
	},
	{
		codes: [30003],
		say: 'there is such a webhook already',
		hint: 'The same type, action and URL can be registered once: use the existing webhook (Get Many), or another URL.',
	},
	{
		codes: [30004],
		say: 'only an administrator may manage webhooks',
		hint: 'Use the token of an employee with the role of administrator in the credential.',
		cause: 'configuration-invalid',
	},
	{
		codes: [30005],
		say: 'the webhook URL is no valid address',
		hint: "Give a public address with http or https. For a trigger, n8n's own address comes from N8N_WEBHOOK_URL.",
		cause: 'configuration-invalid',
	},
	{
		codes: [30006],
		say: 'the free tariff has no webhooks',
		hint: 'Webhooks need a paid tariff or a trial; on the free one they can only be read and deleted.',
		cause: 'configuration-invalid',
	},
	{
		codes: [30007],
		say: 'all places for webhooks of this type and action are taken',
		hint: 'MoySklad allows 5 per type and action for an account, 1 for a solution. Delete one that is no longer needed (Webhook: Get Many, Delete).',
	},
	{
		codes: [30009],
		say: 'changed fields can be sent for UPDATE only',
		hint: "Choose the action UPDATE, or set 'Changed Fields' to none.",
	},
	{
		codes: [30010],
		say: 'the webhook URL is too long',
		hint: 'MoySklad allows 255 characters.',
		cause: 'configuration-invalid',
	},
	{
		codes: [55005, 55006],
		say: 'the kind of token in the credential is not the one chosen there',
		hint: "Correct 'Token Belongs To' in the credential: user, or solution.",
		cause: 'configuration-invalid',
	},
	{
		statuses: [401],
		say: 'the token or the login and password were not accepted',
		hint: UPDATE_TOKEN_HINT,
		cause: 'credential-invalid',
	},
	{ statuses: [403], say: 'access was denied', hint: RIGHTS_HINT },
	{
		statuses: [404],
		say: 'nothing was found at this address',
		hint: 'Check the ID and the API Base URL.',
	},
	{
		statuses: [413, 414],
		say: 'the request is too large',
		hint: 'Send fewer objects or shorter filters at a time: MoySklad allows 20 MB, 1000 objects and 8 KB of address.',
	},
	{
		statuses: [415],
		say: 'the answer could not be compressed',
		hint: 'MoySklad demands gzip. A proxy between n8n and MoySklad seems to remove the Accept-Encoding header.',
		cause: 'configuration-invalid',
	},
	{
		statuses: [429],
		say: 'the limit of requests is reached',
		hint: 'The node slows down by itself; other programs on the same account may use up the limit. Run the workflow again in a minute.',
		cause: 'rate-limited',
	},
	{
		statuses: [502, 503, 504],
		say: 'MoySklad cannot be reached now',
		hint: 'Try again in a few minutes.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
	},
];
