/** MoySklad's error codes in the user's words. Source: MoySklad docs, Errors; reference of the project §2.7. */
import type { ErrorRow } from '../shared/catalogue';

const RIGHTS_HINT =
	'The employee behind the credential lacks this right. An administrator can grant it in MoySklad under Settings, Users.';
const FILTER_HINT =
	"Check 'Filters' and 'Conditions': the field, the operator that it allows, and the value.";
const UPDATE_TOKEN_HINT =
	'Open the credential and paste a current token (MoySklad: Settings, Users, your user, Tokens), or correct login and password.';

/** Refusal of the audit to everybody but administrators (MoySklad docs: Errors, audit). */
export const AUDIT_CODE = 38000;

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
		say: 'the service is under maintenance',
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
		of: ['apiRequest'],
		codes: [1002, 1005],
		say: 'there is no such address or type',
		hint: "Check 'Path' against MoySklad's docs: /entity/ and a type in lower case (/entity/customerorder), /report/stock/all, /audit, /context/employee.",
	},
	{
		codes: [1002, 1005],
		say: 'there is no such address or type',
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
		say: 'the Accept header was not accepted',
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
		codes: [1007],
		say: 'one of the fields does not exist',
		hint: 'The text below names it. Check its spelling against the fields of this type; names are case-sensitive.',
	},
	{
		codes: [1010],
		say: 'objects of this type cannot be deleted',
		hint: 'Archive the object instead, or leave it.',
	},
	{
		codes: [1024],
		say: 'the object belongs to MoySklad and cannot be changed',
		hint: 'Standard units, currencies and the like are the same for everybody: create one of your own.',
	},
	{
		codes: [1025],
		say: 'the object belongs to MoySklad and cannot be deleted',
		hint: 'Standard units, currencies and the like are the same for everybody.',
	},
	{
		codes: [1028],
		say: 'the object is in use and cannot be deleted',
		hint: 'Delete or change what uses it first (MoySklad names it in the web app), or archive it: Update with Is Archived on.',
	},
	{
		codes: [1044],
		say: 'the request is too large',
		hint: 'Send smaller objects: images and files grow by a third on the way.',
		tooMuch: true,
	},
	{
		codes: [1047],
		say: 'the Sync ID of an object cannot be changed',
		hint: 'Leave the Sync ID out: it is for creation only.',
	},
	{
		codes: [1060, 2010, 2011, 2012, 2013, 2014, 2015, 2018, 2021, 2024, 2027],
		say: 'a reference does not fit its field',
		hint: 'The text below names the field. Give the ID or the link of an object of the right type; the bare ID of an item is taken for that of a product.',
	},
	{
		codes: [2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 2022, 2026],
		say: 'the JSON has not the form that MoySklad expects',
		hint: 'Check the JSON: one object per item, no lists inside lists, at most 10 levels deep and 1000 entries per list.',
	},
	{
		codes: [2016],
		say: 'a value is not of the type that its field has',
		hint: 'The text below names the field and its type.',
	},
	{
		codes: [3000, 3009],
		say: 'a field that is needed is empty',
		hint: 'The text below names it. Fill it in, or check the expression that fills it.',
	},
	{
		codes: [3001, 3041],
		say: 'one of the fields cannot be changed',
		hint: 'The text below names it: leave it out. Some fields are computed, or fixed at creation.',
	},
	{
		codes: [3002, 3003, 3008, 3035, 3036],
		say: 'a number is outside of what its field allows',
		hint: 'The text below names the field and the limit.',
	},
	{
		codes: [3006],
		say: 'a value that must be unique exists already',
		hint: "Use the existing object (Create or Update finds it by its key), or give another value; MoySklad's settings tell what must be unique.",
	},
	{
		codes: [3007, 3028, 3034],
		say: 'the object was not accepted',
		hint: 'The text below tells what does not fit together.',
	},
	{
		codes: [3011, 3014],
		say: 'a barcode was not accepted',
		hint: 'Barcodes have up to 255 characters; a GTIN is made of 14, 13, 12 or 8 digits with a right check digit.',
	},
	{
		codes: [3012, 3013],
		say: 'a list holds an entry that it cannot hold',
		hint: 'Entries are objects, each of them once.',
	},
	{
		codes: [3040],
		say: 'a text is too long',
		hint: 'The text below names the field and the limit.',
	},
	{
		codes: [3042, 3043],
		say: 'the computed field cannot be had here',
		hint: "Check 'Computed Field': one at a time, together with what it needs in 'Expand'.",
	},
	{
		codes: [3051],
		say: 'the path of the folder is too long',
		hint: 'The names of a folder and all folders above it have 255 characters together.',
	},
	{
		codes: [14000, 14002, 14003, 14011],
		say: 'a custom attribute does not belong to this type',
		hint: 'Metadata: Get Many Attributes lists those that it has. Bundles have the attributes of products.',
	},
	{
		codes: [14001, 14005, 14006, 14007, 14008],
		say: 'the file of a custom attribute was not accepted',
		hint: 'Give {"filename": …, "content": base64 text} with up to 10 MB; null removes the file.',
	},
	{
		codes: [14004, 14009],
		say: 'the value of a custom attribute is missing',
		hint: 'Give a value, or null to clear it; entries of custom dictionaries go by ID, link or name.',
	},
	{
		codes: [14010, 14013],
		say: 'only an administrator may manage custom attributes',
		hint: 'Use the token of an employee with the role of administrator in the credential.',
		cause: 'configuration-invalid',
	},
	{
		codes: [13001, 13002],
		say: 'there is no such document, or its type has no stock report',
		hint: 'Shipments, retail sales, orders, invoices, receivings and returns have one. Choose one of these types, and check the ID.',
	},
	{
		codes: [13003, 13004],
		say: 'the right to see stock is missing',
		hint: 'Use the token of an administrator, or of an employee with the right to see stock.',
		cause: 'configuration-invalid',
	},
	{
		codes: [13005],
		say: 'the report would be too large',
		hint: 'Narrow it by conditions on items or warehouses.',
	},
	{
		codes: [39000, 39001, 39002],
		say: 'the period and the interval do not fit',
		hint: 'Give both ends of the period: up to 30 days by hours, 10 years by days, 100 years by months.',
	},
	{
		codes: [29000],
		say: 'a bundle has 1 to 50 components',
		hint: "Check 'Components'.",
	},
	{
		codes: [29001],
		say: 'the bundle is used in documents, so its components and overhead are fixed',
		hint: 'Leave Components and Overhead out, or create another bundle.',
	},
	{
		codes: [29002],
		say: 'the bundle names a component twice',
		hint: 'Give each product once, with the sum of the quantities.',
	},
	{
		codes: [29003, 29009],
		say: 'one of the components cannot be part of a bundle',
		hint: 'Bundles, batches, alcohol, traceable goods and goods with serial numbers cannot.',
	},
	{
		codes: [31000, 31003],
		say: 'this is the accounting currency, or one with an automatic rate',
		hint: 'The accounting currency cannot be deleted, and its rate cannot be set; a rate that MoySklad keeps up to date cannot be set either.',
	},
	{
		codes: [31001, 31002],
		say: "the currency is not in MoySklad's list",
		hint: "Give the Digital Code or the ISO Code of a known currency, or turn off 'From MoySklad's List'.",
	},
	{
		codes: [32001, 32002],
		say: 'documents with bundles use the contract, so it cannot become one of commission',
		hint: 'Leave the Contract Type as it is, or create another contract.',
	},
	{
		codes: [37000],
		say: 'the tariff of the account does not include tasks',
		hint: 'Tasks need the CRM option of the tariff.',
		cause: 'configuration-invalid',
	},
	{
		codes: [37001],
		say: 'only its author and administrators may change or delete a task',
		hint: 'Use the token of the author or of an administrator.',
	},
	{ codes: [37003], say: 'the right to close tasks is missing', hint: RIGHTS_HINT },
	{
		codes: [AUDIT_CODE],
		say: 'only administrators may read the audit',
		hint: "Use the token of an employee with the role of administrator in the credential, or do without the audit: it gives 'Old and New Values' to the trigger and deletions to the polling trigger.",
		cause: 'configuration-invalid',
	},
	{
		codes: [62000, 62001],
		say: 'the tariff of the account does not include points that are credited later',
		hint: 'Leave the Execution Date out; it needs the paid option for bonus programs.',
		cause: 'configuration-invalid',
	},
	{
		codes: [62002, 62003],
		say: 'this bonus transaction cannot have the date',
		hint: 'Only points that are earned and not yet credited have an Execution Date.',
	},
	{
		codes: [62004],
		say: 'the balance of points would exceed its limit',
		hint: 'Give fewer points.',
	},
	{
		codes: [63000],
		say: 'a saved filter goes alone',
		hint: 'Remove the other filters, the search and the sort order.',
	},
	{
		codes: [63001, 63002, 63003],
		say: 'the saved filter does not belong to this list',
		hint: 'Pick one from the list: each type has filters of its own.',
	},
	{
		codes: [63004, 63005],
		say: 'saved filters cannot be listed with this token',
		hint: 'Solutions see filters of employees only: give the ID or the link of the filter.',
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
		tooMuch: true,
	},
	{
		codes: [1089],
		say: 'one of the fields cannot be expanded here',
		hint: "Remove it from 'Expand'.",
	},
	{
		codes: [61006],
		say: 'the result of the asynchronous task is not ready',
		hint: 'Wait until the state of the task is DONE.',
		cause: 'temporarily-unavailable',
		retry: 'postponed',
	},
	{
		codes: [61000],
		say: 'this list cannot be exported asynchronously',
		hint: "Switch the option 'Asynchronous Export' off, or leave 'async' out of the query.",
	},
	{
		codes: [61001],
		say: 'an asynchronous export takes no limit and no offset',
		hint: "Remove 'limit' and 'offset' from the query.",
	},
	{
		codes: [61002],
		say: 'as many asynchronous tasks as allowed are waiting or at work',
		hint: 'MoySklad allows 4 for an account: wait until one of them is done, or cancel one (PUT /async/<ID>/cancel).',
		cause: 'rate-limited',
		retry: 'postponed',
	},
	{
		codes: [61003],
		say: 'the result of the asynchronous task was deleted',
		hint: 'Results are kept for an hour: run the export again.',
	},
	{
		codes: [61004],
		say: 'the asynchronous task could not be finished',
		hint: "Run the export again. If that lasts, ask MoySklad's support.",
		cause: 'temporarily-unavailable',
	},
	{
		codes: [61005],
		say: 'the asynchronous task was cancelled',
		hint: 'Run the export again.',
	},
	{
		codes: [61007],
		say: 'the asynchronous task is over already',
		hint: 'Only tasks that are waiting or at work can be cancelled.',
	},
	{
		codes: [61008],
		say: 'the asynchronous task could not be queued',
		hint: 'Try again later.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
	},
	{
		codes: [51001, 1077],
		say: 'the file has no content',
		hint: "Check the binary field, or the base64 text in 'content'.",
	},
	{
		codes: [51002, 1078],
		say: 'the content is no image',
		hint: 'MoySklad takes JPEG and PNG in base64: convert the image before (node Edit Image).',
	},
	{
		codes: [51003, 1081],
		say: 'the file storage of the account is full',
		hint: 'Delete files in MoySklad, or enlarge the storage by the tariff.',
		cause: 'quota-exhausted',
	},
	{
		codes: [51004, 1079],
		say: 'the file is too large',
		hint: 'MoySklad takes 10 MB at most: make it smaller before (for images: node Edit Image).',
	},
	{
		codes: [51005, 1076],
		say: 'the file has no name',
		hint: "Give a name with its extension in 'File Name', such as front.jpg.",
	},
	{
		codes: [51006],
		say: 'the owner has as many images as allowed',
		hint: 'Goods have 10 images at most, content cards 15: delete one, or use Replace All.',
	},
	{
		codes: [1080],
		say: 'the object has as many files as allowed',
		hint: 'MoySklad allows 100 files for an object: delete one.',
	},
	{
		codes: [1082],
		say: 'too many files come with one request',
		hint: 'MoySklad takes 10 files at a time: send the others afterwards.',
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
		tooMuch: true,
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
		statuses: [504],
		say: 'the work was not finished in time',
		hint: 'Try again in a few minutes, with fewer objects at a time.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
		tooMuch: true,
	},
	{
		statuses: [502, 503],
		say: 'the service cannot be reached now',
		hint: 'Try again in a few minutes.',
		cause: 'temporarily-unavailable',
		retry: 'stumbled',
	},
];
