/** Documented calls of Altegio that have no operation, and why. API Request reaches them all, but for those that others make. */
import { facts } from '../nodes/Altegio/facts';
import { altegio } from '../nodes/Altegio/vendor';

const PASSWORD = 'A log-in with a password or a code; the credential takes the tokens';
const END_USER =
	'Of the account of an end user, with a token of that user, which the credential does not have';
const OTHERS = 'A call that Altegio or an application makes to a server of yours';

export const REASONS: Readonly<Record<string, string>> = {
	'user.authorize': PASSWORD,
	'bookingUser.authorize': PASSWORD,
	'onlineBooking.authorizeByCode': PASSWORD,
	'bookingUser.get': END_USER,
	'bookingUser.update': END_USER,
	'bookingUser.updatePassword': END_USER,
	'bookingUser.sendPhoneCode': END_USER,
	'location.delete': 'Deletes a location with everything in it, for good',
	'schedule.setByTeamMember': 'Schedule: Set writes the same for several team members',
	'message.deliveryStatus': OTHERS,
	'message.partnerSendSms': OTHERS,
	'fiscal.callback': OTHERS,
	'fiscal.partnerFiscalize': OTHERS,
	'marketplace.lifecycleWebhook': OTHERS,
	'marketplace.installRedirect': 'Answers with a page for a browser',
};

/** A call that is not offered. */
export interface Unoffered {
	id: string;
	/** `DELETE /company/{location_id}` */
	call: string;
	why: string;
}

const plain = (route: string) => route.replace(/\{\w+\}/g, '{}');

/** All of them. Throws for one without a reason. */
export function unoffered(): Unoffered[] {
	const offered = new Set(altegio.operations.map(({ route }) => plain(route)));
	return facts
		.filter(({ id }) => !id.endsWith('~'))
		.map(({ id, method, path, deprecated }) => ({ id, call: `${method} ${path}`, deprecated }))
		.filter(({ call }) => !offered.has(plain(call)))
		.map(({ id, call, deprecated }) => {
			const why = deprecated ? 'Altegio calls it deprecated' : REASONS[id];
			if (why === undefined) throw new Error(`Nobody says why '${id}' is not offered`);
			return { id, call: call.replace('/https://your-api.url', 'to an address of yours'), why };
		});
}
