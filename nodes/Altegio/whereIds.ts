/** Which operation tells an ID: the web app shows few of them. Reference of the project: altegio-api.md §2. */

/** By name of the parameter, or by resource and name where one name means several things: the operation as the form names it. */
const TOLD_BY: Record<string, string> = {
	attendanceId: 'Appointment: Get Many',
	calculationId: 'Payroll: Get Calculations',
	cardId: 'Loyalty Card: Get by Client',
	'medical.cardId': 'Medical Record: Get Cards',
	'productCategory.categoryId': 'Product Category: Get Many',
	'serviceCategory.categoryId': 'Service Category: Get Many',
	clientId: 'Client: Search',
	clientScheduleId: 'Recurring Appointment: Create',
	'clientComment.commentId': 'Client Comment: Get Many',
	'review.commentId': 'Review: Get Many',
	countryId: 'Dictionary: Get Countries',
	dayId: 'Event Schedule: Get',
	depositId: 'Client Account: Get by Client',
	'fiscal.documentId': 'Appointment: Get Many',
	'inventoryDocument.documentId': 'Product Transaction: Get Many',
	'productTransaction.documentId': 'Product Transaction: Get Many',
	'sale.documentId': 'Appointment: Get Many',
	eventId: 'Event: Get Many',
	eventsMasterId: 'Team Member: Get Many',
	fieldId: 'Custom Field: Get Many',
	fileId: 'Client File: Get Many',
	formId: 'Booking Form: Get Many',
	loyaltyCardId: 'Loyalty Card: Get by Client',
	loyaltyCardTypeId: 'Loyalty Card: Get Types',
	loyaltyCertificateId: 'Gift Card: Get by Phone',
	loyaltyProgramId: 'Loyalty Program: Get Many',
	masterTipsSettingsId: 'Tips: Get Many',
	membershipId: 'Membership: Get by Phone',
	newEventId: 'Event: Get Many',
	parentCategoryId: 'Product Category: Get Many',
	paymentTransactionId: 'Sale: Get',
	productCategoryId: 'Product Category: Get Many',
	programId: 'Loyalty Program: Get Many',
	recordId: 'Appointment: Get Many',
	'eventSchedule.scheduleId': 'Event Schedule: Get',
	strategyId: 'Event: Get Strategies',
	'productTransaction.transactionId': 'Product Transaction: Get Many',
	'transaction.transactionId': 'Transaction: Get Many',
	'giftCardType.typeId': 'Gift Card Type: Get Many',
	visitId: 'Appointment: Get Many',
};

/** In which field of its rows, where that has another name; of an appointment, with Output Raw. */
const TOLD_IN: Record<string, string> = {
	attendanceId: 'visit_id',
	'fiscal.documentId': "'documents', of which that of type 7 is meant",
	'inventoryDocument.documentId': 'document_id',
	'productTransaction.documentId': 'document_id',
	'sale.documentId': "'documents', of which that of type 7 is meant",
	visitId: 'visit_id',
};

/** `, as Tag: Get Many tells it`, or nothing where no operation of the node tells this ID. */
export function toldBy(resource: string, name: string): string {
	const key = [`${resource}.${name}`, name].find((one) => one in TOLD_BY);
	if (key === undefined) return '';
	const place = TOLD_IN[key] ? ` in ${TOLD_IN[key]}` : '';
	return `, as ${TOLD_BY[key]} tells it${place}`;
}

export const tellers = Object.values(TOLD_BY);
