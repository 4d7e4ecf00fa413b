/**
 * Altegio's facts as the catalogue reads them: names of one kind for one thing, numbers as numbers, dates as dates, and
 * what several operations leave unsaid. Reference of the project: altegio-api.md §1.3, §1.7, §4.
 */
import type { FieldFacts, OperationFacts } from '../shared/facts/facts';
import { operations } from './facts.generated';

/** Known values of fields, and their names in the form. Codes of both platforms (Altegio docs: enumerations). */
export const WORDS: Record<string, Record<string, string>> = {
	attendance: { '-1': 'No-Show', '0': 'Waiting', '1': 'Arrived', '2': 'Confirmed' },
	fast_payment: {
		'1': 'Cash',
		'2': 'Cashless',
		'129': 'Cash, Print Receipt',
		'130': 'Cashless, Print Receipt',
	},
	// The docs say of the first that 2 is all; the others have the same three values.
	...Object.fromEntries(
		['fired', 'deleted', 'user_linked', 'is_paid', 'has_schedule', 'is_assistant'].map((name) => [
			`filter[${name}]`,
			{ '0': 'No', '1': 'Yes', '2': 'All' },
		]),
	),
	balance_is: { '0': 'Any', '1': 'Positive', '2': 'Negative' },
	gender_id: { '0': 'Unknown', '1': 'Male', '2': 'Female' },
	importance_id: { '0': 'None', '1': 'Bronze', '2': 'Silver', '3': 'Gold' },
	entity: { '0': 'General', '1': 'Client', '2': 'Appointment', '3': 'Event' },
	repeat_mode_id: {
		'1': 'Daily',
		'2': 'On Weekdays',
		'3': 'Monday, Wednesday, Friday',
		'4': 'Tuesday, Thursday',
		'5': 'Weekly',
		'6': 'Monthly',
		'7': 'Yearly',
	},
	content_type: { '1': 'Without Bookings', '2': 'With Bookings' },
	balance_edit_type_id: { '1': 'Allowed', '2': 'Forbidden' },
	item_type_id: {
		'0': 'Everything',
		'1': 'Any Services',
		'2': 'Any Products',
		'3': 'Some Services',
		'4': 'Some Services, Any Products',
	},
	record_type: { '0': 'Mixed', '1': 'Individual', '2': 'Group' },
	field_category: { record: 'Appointment', client: 'Client' },
	entity_type: { record: 'Appointment', activity: 'Event' },
	original_entity_type: { record: 'Appointment', activity: 'Event' },
	'filter[parent_entity_type]': { record: 'Appointment', client: 'Client' },
	period_unit_id: { '1': 'Day', '2': 'Week', '3': 'Month', '4': 'Year' },
	freeze_limit_unit_id: { '1': 'Day', '2': 'Week', '3': 'Month', '4': 'Year' },
	autoactivation_time_unit_id: { '1': 'Day', '2': 'Week', '3': 'Month', '4': 'Year' },
};

/** Words of a field in one operation, before those of its name. */
export const OWN_WORDS: Record<string, Record<string, string>> = {
	'inventoryOperation.create type_id': {
		'1': 'Sale',
		'2': 'Consumption',
		'3': 'Receipt',
		'4': 'Write-Off',
		'5': 'Transfer',
	},
	'inventoryDocument.create type_id': {
		'1': 'Sale',
		'3': 'Receipt',
		'4': 'Write-Off',
		'5': 'Transfer',
		'6': 'Stocktaking',
	},
	'inventoryDocument.update type_id': {
		'1': 'Sale',
		'3': 'Receipt',
		'4': 'Write-Off',
		'5': 'Transfer',
		'6': 'Stocktaking',
	},
	'productTransaction.create operation_unit_type': { '1': 'Sale Unit', '2': 'Consumable Unit' },
	'productTransaction.update operation_unit_type': { '1': 'Sale Unit', '2': 'Consumable Unit' },
	'fiscal.printReceipt type': { '0': 'Sale', '1': 'Return' },
	'fiscal.getTransactions type': {
		'0': 'Sale',
		'1': 'Return',
		'2': 'Correction',
		'4': 'Opening of a Shift',
		'5': 'Closing of a Shift',
		'6': 'Cash In',
		'7': 'Cash Out',
		'9': 'Status',
		'11': 'Status of All',
		'12': 'Correction of a Return',
		'13': 'X Report',
	},
	'fiscal.getTransactions status': {
		'0': 'No Connection',
		'1': 'Success',
		'2': 'Sent to Print',
		'3': 'Run Error',
		'4': 'Status Error',
		'5': 'Waiting',
	},
	'v2.tag.list entity': {
		common: 'General',
		client: 'Client',
		record: 'Appointment',
		activity: 'Event',
	},
	'loyaltyProgram.getTransactions types[]': {
		'1': 'Promotion Discount',
		'2': 'Program Accrual',
		'3': 'Card Withdrawal',
		'4': 'Referral Accrual',
		'5': 'Manual Top-Up',
		'6': 'Manual Withdrawal',
		'7': 'Expired Points',
		'8': 'Gift Card',
		'9': 'Membership Use',
		'10': 'Membership Recalculation',
		'11': 'Client Account',
	},
};

/** Numbers that are switches. */
const FLAGS =
	/^(my|moderated|forBooking|show_groups|showBookforms|show_deleted|hide_record_type_\w+|yandex|include_(consumables|finance_transactions)|hidden|fired|delete_consumables|is_abonement_autopayment_enabled)$/;

/** Dates whose kind the docs leave open. */
const DATES =
	/^(start_date|end_date|c_start_date|c_end_date|date_from|date_to|date_end|birth_date|created_start_date|created_end_date|created_after|created_before|payment_date|period_from|period_to|history_start_date|freeze_till|from|to|till)$/;
const MOMENTS =
	/^(changed_after|changed_before|create_date|filter\[(from|to|date_intersect_from|date_intersect_to)\])$/;

/** Fields that mean a day, or a time of it, in one operation only. */
const TIMES: Record<string, 'date' | 'date-time'> = {
	'appointment.create datetime': 'date-time',
	'calendar.getDates date': 'date',
	'calendar.getSessions date': 'date',
	'onlineBooking.getTimes date': 'date',
	'onlineBooking.getDates date': 'date',
	'transaction.create date': 'date-time',
	'transaction.update date': 'date-time',
	'v2.event.create date': 'date-time',
	'v2.event.update date': 'date-time',
	'event.createYclientsV2 date': 'date-time',
	'event.updateYclientsV2 date': 'date-time',
};

/**
 * Kinds that the docs tell otherwise in the answers of the same object, by operation and path: a value that is read and
 * sent along would be lost or become another one.
 */
const KINDS: Record<string, string> = {
	// The page types it as a number (as that of the creation does), but it is free text, and a text in the answer of the
	// same call; live, no comment is 0.
	'transaction.update comment': 'string|number',
	// IDs of tags.
	'appointment.create record_labels': 'array<number>',
	'appointment.update record_labels': 'array<number>',
	// The example of the page has nothing there.
	'service.updateLinks master_settings.price.max': 'number',
	'eventSchedule.create days.labels_ids': 'array<number>',
	'eventSchedule.create days.resource_instances_ids': 'array<number>',
	// Days and numbers as well as switches.
	'user.updatePermissions user_permissions.value': 'boolean|integer|string',
};

/** Of what users can be told (altegio-api.md §4). */
export const NOTIFICATIONS: Record<string, string> = {
	record_create_online_staff: 'Booked Online (Team Member)',
	record_create_offline_staff: 'Booked by the Team (Team Member)',
	record_delete_staff: 'Appointment Deleted (Team Member)',
	record_move_staff: 'Appointment Moved (Team Member)',
	record_create_online_admin: 'Booked Online (Administrator)',
	record_create_offline_admin: 'Booked by the Team (Administrator)',
	record_delete_admin: 'Appointment Deleted (Administrator)',
	record_move_admin: 'Appointment Moved (Administrator)',
	license_expire: 'Licence Runs Out',
};

/**
 * Members that the docs show in the answer of the same call and leave out of its body, and the values of members, by
 * operation and path (altegio-api.md §4).
 */
const MEMBERS: Record<string, Pick<FieldFacts, 'holds' | 'knows'>> = {
	'event.createRecordYclientsV2 client': { knows: { 'client.sex': [0, 1, 2] } },
	'notification.updateUserSettings notification_types': {
		holds: { 'channels.push': 'integer', 'channels.sms': 'integer', 'channels.email': 'integer' },
		knows: {
			type: Object.keys(NOTIFICATIONS),
			'channels.push': [0, 1],
			'channels.sms': [0, 1],
			'channels.email': [0, 1],
		},
	},
};

/**
 * Objects, and lists of them, whose documented members people fill in one by one; all others are JSON. `loose`: what the
 * docs require in it may be null, and the node fills that in.
 */
const OPEN: Record<string, 'as told' | 'loose'> = {
	'appointment.create client': 'as told',
	'appointment.create services': 'as told',
	'billOfMaterials.updateConsumables consumables': 'as told',
	'event.createRecordYclientsV2 client': 'loose',
	'eventSchedule.create days': 'as told',
	'giftCardType.create expiration': 'as told',
	'giftCardType.create online_sale': 'as told',
	'giftCardType.update expiration': 'as told',
	'giftCardType.update online_sale': 'as told',
	'inventoryOperation.create goods_transactions': 'as told',
	'loyaltyProgram.create on_changed_notification_template': 'as told',
	'loyaltyProgram.create rules': 'as told',
	'loyaltyProgram.update rules': 'as told',
	'membership.setBalance services_balance_count': 'as told',
	'notification.updateUserSettings notification_types': 'as told',
	'onlineBooking.check appointments': 'as told',
	'onlineBooking.create appointments': 'as told',
	'sale.addPayment payment': 'as told',
	'service.create staff': 'as told',
	'service.update staff': 'as told',
	'service.updateLinks master_settings': 'as told',
	'service.updateLinks translations': 'as told',
	'service.updateYclients staff': 'as told',
	'user.copyToLocations user_company_links': 'as told',
	'user.invite invites': 'as told',
	'user.removeFromLocations user_company_links': 'as told',
	'visit.update goods_transactions': 'as told',
	'visit.update new_transactions': 'as told',
	'visit.update services': 'as told',
	'v2.event.createAppointment client': 'loose',
	'v2.event.updateAppointment attendance_good_items': 'as told',
	'v2.event.updateAppointment attendance_service_item': 'as told',
};

/** Placeholders that stand for the same thing. */
const PLACEHOLDERS: Record<string, string> = {
	company_id: 'location_id',
	salonId: 'location_id',
	activityId: 'event_id',
	recordToken: 'review_token',
	'client.get id': 'client_id',
	'client.update id': 'client_id',
	'client.delete id': 'client_id',
	'serviceCategory.get id': 'category_id',
	'serviceCategory.getMany id': 'category_id',
	'serviceCategory.update id': 'category_id',
	'serviceCategory.delete id': 'category_id',
	'bookingForm.getConfig id': 'form_id',
};

const isNumeric = (kind: string) => /^(number|integer|array<(number|integer))/.test(kind);

/** Facts of one field. `key` is its operation and name. */
function prepared(field: FieldFacts, id: string, inQuery: boolean): FieldFacts {
	const key = `${id} ${field.name}`;
	const words = OWN_WORDS[key] ?? WORDS[field.name];
	const isList = field.kind.startsWith('array');
	const values = (field.values ?? (words && !isList ? Object.keys(words) : undefined))?.map(
		(value) => (typeof value === 'string' ? value.trim() : value),
	);
	const known = values && isNumeric(field.kind) ? values.map(Number) : values;
	// Two values that have names are a choice.
	const isFlag =
		FLAGS.test(field.name) ||
		(!words && known?.length === 2 && known.includes(0) && known.includes(1));
	// PHP takes only the last of several values without the brackets.
	const name = inQuery && isList && !field.name.endsWith(']') ? `${field.name}[]` : field.name;
	if (isFlag && !isList) return { name, kind: 'boolean', of: 'number', required: field.required };
	const time = timeOf(field, key, id);
	return {
		...field,
		name,
		...(time ? { kind: `string(${time})`, of: field.kind } : {}),
		...(known ? { values: known } : {}),
		...(field.fields
			? { fields: field.fields.map((one) => prepared(one, `${id} ${field.name}`, false)) }
			: {}),
	};
}

/** A field with the members that are known of it, so that the form takes it apart. */
function opened(field: FieldFacts, key: string): FieldFacts {
	const how = OPEN[key];
	const fields = how && membersOf(field);
	if (!fields) return field;
	if (how === 'as told') return { ...field, fields };
	return { ...field, fields: fields.map((one) => ({ ...one, required: false })) };
}

/** Members of an object, or of those in a list, as facts: those of examples as well. */
export function membersOf({
	fields,
	holds,
	needs = [],
	knows = {},
}: FieldFacts): FieldFacts[] | undefined {
	if (fields ?? !holds) return fields;
	const members = new Map<string, FieldFacts>();
	for (const [path, kind] of Object.entries(holds)) {
		const [head, ...rest] = path.split('.');
		const name = head.replace(/\[\]$/, '');
		const below = rest.join('.');
		const known = members.get(name);
		if (below === '') {
			const own: FieldFacts = { name, kind };
			if (needs.includes(path)) own.required = true;
			if (knows[path]) own.values = knows[path];
			members.set(name, own);
			continue;
		}
		const outer = known ?? { name, kind: head.endsWith('[]') ? 'array<object>' : 'object' };
		outer.holds = { ...outer.holds, [below]: kind };
		if (needs.includes(path)) outer.needs = [...(outer.needs ?? []), below];
		if (knows[path]) outer.knows = { ...outer.knows, [below]: knows[path] };
		members.set(name, outer);
	}
	return [...members.values()].map((member) =>
		member.holds && member.kind.startsWith('object')
			? { ...member, fields: membersOf(member) }
			: member,
	);
}

function timeOf({ name, kind }: FieldFacts, key: string, id: string): string | undefined {
	const told = TIMES[key];
	if (told) return told;
	if (kind.startsWith('array') || id.startsWith('message.')) return undefined;
	if (MOMENTS.test(name) || /iso 8601/i.test(kind)) return 'date-time';
	return DATES.test(name) ? 'date' : undefined;
}

/** The documented calls, of which KINDS puts some kinds right, and whose answers are without a list around the envelope. */
export const documented: OperationFacts[] = operations.map((one) => ({
	...one,
	...(one.body ? { body: one.body.map((field) => corrected(field, one.id)) } : {}),
	...(one.answer ? { answer: unlisted(one.answer) } : {}),
}));

/** Some pages show the whole answer, `{success, data, meta}`, as the element of a list: a list of answers. */
function unlisted(answer: Record<string, string>): Record<string, string> {
	if (!('[].success' in answer)) return answer;
	return Object.fromEntries(
		Object.entries(answer).map(([path, kind]) => [path.replace(/^\[\]\./, ''), kind]),
	);
}

function corrected(field: FieldFacts, id: string): FieldFacts {
	const key = `${id} ${field.name}`;
	const more = MEMBERS[key];
	const holds = more?.holds ? { ...field.holds, ...more.holds } : field.holds;
	const members = Object.entries(holds ?? {}).map(([path, kind]) => [
		path,
		KINDS[`${key}.${path}`] ?? kind,
	]);
	return {
		...field,
		kind: KINDS[key] ?? field.kind,
		...(holds ? { holds: Object.fromEntries(members) as Record<string, string> } : {}),
		...(more?.knows ? { knows: { ...field.knows, ...more.knows } } : {}),
	};
}

/** Names of an operation: those of the second version have their own. */
function factsId({ id, path }: OperationFacts): string {
	return path.startsWith('/v2/') ? `v2.${id}` : id;
}

function prepare(facts: OperationFacts): OperationFacts {
	const id = factsId(facts);
	const placeholder = (name: string) =>
		PLACEHOLDERS[`${facts.id} ${name}`] ?? PLACEHOLDERS[name] ?? name;
	const query = facts.query?.map((field) => prepared(field, id, true));
	const body = facts.body?.map((field) =>
		prepared(opened(field, `${id} ${field.name}`), id, false),
	);
	return {
		...facts,
		id,
		// Webhook settings are in the docs of both.
		...(facts.id.startsWith('webhookSettings.') ? { only: undefined } : {}),
		path: facts.path
			.replace(/^\/api\/v2\//, '/v2/')
			.replace(/\{(\w+)\}/g, (_, name: string) => `{${placeholder(name)}}`),
		pathFields: facts.pathFields?.map((field) =>
			prepared({ ...field, name: placeholder(field.name) }, id, false),
		),
		...(query ? { query } : {}),
		...(body ? { body } : {}),
		...(facts.answer ? { answer: enveloped(facts.answer) } : {}),
	};
}

/**
 * The answer below `data`, where the node puts every answer (reference §1.3: some come without their envelope), and
 * attributes beside the ID (JSON:API of the second version).
 */
function enveloped(answer: Record<string, string>): Record<string, string> {
	const hasData = hasEnvelope(answer);
	const entries = Object.entries(answer).map(([path, kind]): [string, string] => [
		(hasData ? path : `data${path.startsWith('[]') ? '' : '.'}${path}`).replace(
			/^(data(?:\[\])?)\.attributes\./,
			'$1.',
		),
		kind,
	]);
	return Object.fromEntries(entries);
}

function hasEnvelope(answer: Record<string, string>): boolean {
	return 'success' in answer || Object.keys(answer).some((path) => /^data(\[\])?(\.|$)/.test(path));
}

/** The documented calls; those with fewer placeholders first, so that `/labels/1/clients` is no `/labels/1/{entity}`. */
const CALLS = operations
	.map(({ method, path, answer = {} }) => ({
		method,
		path: new RegExp(`^${path.replace(/[.?]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
		placeholders: path.split('{').length,
		bare: Object.keys(answer).length > 0 && !hasEnvelope(answer),
	}))
	.sort((one, other) => one.placeholders - other.placeholders);

/** True for a request whose documented answer is the bare object or list, without `{success, data, meta}`. */
export function isBare({ method, path }: { method: string; path: string }): boolean {
	const [plain] = path.split('?');
	return CALLS.find((one) => one.method === method && one.path.test(plain))?.bare === true;
}

/** Facts of every operation. With `~` behind its name, a write that is completed with what it replaces. */
export const facts: OperationFacts[] = documented.map(prepare).flatMap((one) => [
	one,
	...(one.body
		? [
				{
					...one,
					id: `${one.id}~`,
					body: one.body.map((field) => ({ ...field, required: false })),
				},
			]
		: []),
]);

export function factsOf(id: string): OperationFacts {
	const found = facts.find((one) => one.id === id);
	if (!found) throw new Error(`There are no facts of '${id}'`);
	return found;
}
