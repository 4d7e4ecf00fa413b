/** Altegio's and YCLIENTS' errors in the user's words. Reference of the project: altegio.md §2. */
import type { ErrorRow } from '../shared/catalogue';

export const errors: ErrorRow[] = [
	{
		statuses: [401],
		say: 'the tokens were not accepted',
		hint: "Check partner token and user token in the credential, and the platform: Altegio and YCLIENTS have separate tokens. The user token changes with the user's password.",
		cause: 'credential-invalid',
	},
	{
		statuses: [402],
		say: 'the licence of this location has run out',
		hint: 'The location must renew its licence before the API can be used.',
		cause: 'configuration-invalid',
	},
	{
		statuses: [403],
		say: 'access was denied',
		hint: 'Connect the location to your application in the marketplace, and give the user behind the token the right for it. The list of locations has those that this user works with: pick one of them if the ID was typed.',
		cause: 'configuration-invalid',
	},
	{
		of: ['appointment.delete', 'appointment.remove', 'appointment.removeFromVisit'],
		statuses: [404],
		say: 'the object was not found',
		hint: 'It may be cancelled already: then nothing is left to do. Else check the ID, which is that of an appointment of this location, not of a visit.',
	},
	{
		of: ['visit'],
		statuses: [404],
		say: 'the object was not found',
		hint: 'Check the ID. A visit ID is not the ID of an appointment: an appointment names its visit as visit_id.',
	},
	{
		statuses: [404],
		say: 'the object was not found',
		hint: 'Check the location first: its list has those that the user behind the token works with, and in the web app its ID is the number in the address, as in /timetable/4564. Then check the ID of the object, which must be one of this location.',
	},
	{
		of: ['appointment'],
		statuses: [409],
		say: 'the time is not free',
		hint: "Another appointment stands there, or the team member does not work then. Choose another time or team member, or switch on the option 'Save If Busy' to book all the same.",
	},
	{
		of: ['appointment.create', 'appointment.book', 'appointment.update', 'appointment.reschedule'],
		statuses: [422],
		say: 'the appointment was not accepted',
		hint: 'Check that the team member does the services, and time, duration and client, against the text below.',
	},
	{
		statuses: [409],
		say: 'the object is in conflict with another one',
		hint: 'The time may be taken. Choose another time or team member.',
	},
	{
		statuses: [400, 422],
		say: 'the request was not accepted',
		hint: 'Check the parameters of this operation against the text below.',
	},
	{
		statuses: [429],
		say: 'too many requests come from this address',
		hint: 'The limit (5 a second, 200 a minute) counts for the IP address, so other programs behind it use it up too. Run the workflow again in a minute.',
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
