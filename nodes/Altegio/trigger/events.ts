/**
 * Events of Altegio in words, and what of its webhooks they are. Reference of the project: altegio-api.md §3.1, §3.3.
 */
import type { Choice } from '../../shared/catalogue';

/** Which webhook tells of an event. */
export interface EventRule extends Choice {
	/** Switch in the webhook settings. */
	flag: string;
	/** Names under which the platforms send it. */
	resources: string[];
	/** What happened to the object; any of the three when it is not named. */
	status?: 'create' | 'update' | 'delete';
	/** Told by what changed in an appointment, see `appointment.ts`. */
	derived?: 'moved' | 'arrived' | 'noShow' | 'confirmed' | 'paid';
}

type Rule = Omit<EventRule, 'name' | 'value' | 'flag' | 'resources'>;

const of = (flag: string, resources: string[]) => (name: string, value: string, rule: Rule) => ({
	name,
	value,
	flag,
	resources,
	...rule,
});

const appointment = of('record', ['record']);
const client = of('client', ['client']);
const product = of('good', ['good']);

/** All events, in the order of their names. */
export const EVENTS: EventRule[] = [
	appointment('Appointment Cancelled', 'appointmentCancelled', {
		status: 'delete',
		description: 'Deleted, by the client or by the team',
	}),
	appointment('Appointment Confirmed', 'appointmentConfirmed', { derived: 'confirmed' }),
	appointment('Appointment Created', 'appointmentCreated', { status: 'create' }),
	appointment('Appointment Moved', 'appointmentMoved', {
		derived: 'moved',
		description: 'To another time or team member',
	}),
	appointment('Appointment Paid', 'appointmentPaid', {
		derived: 'paid',
		description: 'Paid in full',
	}),
	appointment('Appointment Updated', 'appointmentUpdated', {
		status: 'update',
		description: 'Anything of it, also what the other events tell',
	}),
	appointment('Client Arrived', 'clientArrived', { derived: 'arrived' }),
	client('Client Created', 'clientCreated', { status: 'create' }),
	client('Client Deleted', 'clientDeleted', { status: 'delete' }),
	client('Client Updated', 'clientUpdated', { status: 'update' }),
	of('goods_operations_consumable', ['goods_operations_consumable'])(
		'Consumables Used',
		'consumablesUsed',
		{ description: 'Consumables were written off, also when that is changed or deleted' },
	),
	of('salon', ['salon', 'company'])('Location Changed', 'locationChanged', {}),
	of('loyalty_card', ['loyalty_card'])('Loyalty Card Changed', 'loyaltyCardChanged', {
		description: 'Altegio only',
	}),
	appointment('No-Show', 'noShow', {
		derived: 'noShow',
		description: 'The client did not come',
	}),
	of('finances_operation', ['finances_operation'])('Payment', 'payment', {
		description: 'One for each paid line, also when it is changed or deleted',
	}),
	product('Product Created', 'productCreated', { status: 'create' }),
	product('Product Deleted', 'productDeleted', { status: 'delete' }),
	of('goods_operations_receipt', ['goods_operations_receipt'])(
		'Product Receipt',
		'productReceipt',
		{ description: 'Products came in, also when that is changed or deleted' },
	),
	of('goods_operations_sale', ['goods_operations_sale'])('Product Sale', 'productSale', {
		description: 'Products were sold, also when that is changed or deleted',
	}),
	of('goods_operations_move', ['goods_operations_move'])('Product Transfer', 'productTransfer', {
		description: 'One for the inventory that gives and one for the other',
	}),
	product('Product Updated', 'productUpdated', { status: 'update' }),
	of('goods_operations_stolen', ['goods_operations_stolen'])(
		'Product Write-Off',
		'productWriteOff',
		{ description: 'Products were written off, also when that is changed or deleted' },
	),
	of('schedule', ['schedule'])('Schedule Changed', 'scheduleChanged', {
		description: 'Working hours of a team member; the ID is the team member’s',
	}),
	of('service_category', ['service_category'])(
		'Service Category Changed',
		'serviceCategoryChanged',
		{ description: 'Also when it is created or deleted' },
	),
	of('service', ['service'])('Service Changed', 'serviceChanged', {
		description: 'Also when it is created or deleted',
	}),
	of('master', ['master', 'staff'])('Team Member Changed', 'teamMemberChanged', {
		description: 'Also when one is created or deleted',
	}),
];

/** Path of an object by the name under which webhooks tell of it. */
export const PATHS: Record<string, (location: string, id: string) => string> = {
	record: (location, id) => `/record/${location}/${id}`,
	client: (location, id) => `/client/${location}/${id}`,
	good: (location, id) => `/goods/${location}/${id}`,
	service: (location, id) => `/company/${location}/services/${id}`,
	service_category: (location, id) => `/company/${location}/service_categories/${id}`,
	staff: (location, id) => `/company/${location}/staff/${id}`,
	master: (location, id) => `/company/${location}/staff/${id}`,
	salon: (location) => `/company/${location}`,
	company: (location) => `/company/${location}`,
};
