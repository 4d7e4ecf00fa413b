/** Rules of documents in the user's words. Source: MoySklad docs, Errors; reference: moysklad-documents.md §5.9. */
import type { ErrorRow } from '../../shared/catalogue';

export const documentErrors: ErrorRow[] = [
	{
		codes: [3007],
		textIncludes: 'на складе',
		say: 'there is not enough in stock',
		hint: "Write the document as a draft ('Posted' set to No), receive the goods first, or switch off the control of stock in the company settings.",
	},
	{
		codes: [3007],
		textIncludes: 'not in stock',
		say: 'there is not enough in stock',
		hint: "Write the document as a draft ('Posted' set to No), receive the goods first, or switch off the control of stock in the company settings.",
	},
	{
		codes: [1031, 36000, 36001],
		say: 'the document cannot be made from this basis',
		hint: 'Check the type of the basis, and whether something of it is left to do: what is shipped, invoiced or paid already has nothing left.',
	},
	{
		codes: [11001, 11002],
		say: 'the status does not belong to this type of document',
		hint: 'Choose a status of the same type, by its name or from the list.',
	},
	{
		codes: [17000, 17001],
		say: 'the bank account belongs to somebody else',
		hint: 'Give the account together with the legal entity or counterparty that it belongs to, or clear it.',
	},
	{
		codes: [17003, 17004],
		say: 'more is reserved or expected than the item has',
		hint: 'Give a reserve (or number in transit) of the quantity at most.',
	},
	{
		codes: [3031, 3038, 17005, 17006, 17024],
		say: 'the documents cannot be linked like this',
		hint: 'Look at what the other document is linked to already (Get Chain): it may allow one link only.',
	},
	{
		codes: [17009],
		say: 'the date lies in a closed period',
		hint: "Give a later 'Date', or let an administrator open the period in MoySklad.",
	},
	{
		codes: [17010, 17011, 17012, 17013],
		say: 'the warehouse or project belongs to another department',
		hint: 'Choose one that the department of the document may use, or change its owner department.',
	},
	{
		codes: [17014],
		say: 'the document has returns, so it cannot become a draft',
		hint: 'Delete the returns first, or leave it posted.',
	},
	{
		codes: [1092],
		say: 'this employee may not post documents of this type',
		hint: "Write it with 'Posted' set to No, or let an administrator grant the right to post.",
	},
	{
		codes: [17016, 17018, 17020, 17022, 27003],
		say: 'an item does not fit this type of document',
		hint: 'Bundles, services, batches and packages go into some types only; bundles go in whole numbers.',
	},
	{
		codes: [17007, 17008, 17021],
		say: 'VAT or discount of an item were not accepted',
		hint: 'VAT is a whole number from 0 to 100 and needed where it is enabled; a discount is 100 at most.',
	},
	{
		codes: [17002, 3039, 3048, 3049, 3050],
		say: 'the serial numbers of an item were not accepted',
		hint: 'Give one for each piece: new ones in receivings, those in stock in shipments, none twice.',
	},
	{
		codes: [17101, 17102, 17103, 17104, 17105, 17106, 17107, 17108],
		say: 'the marking codes of an item were not accepted',
		hint: 'Give whole codes of marked goods, none twice; packs hold codes of items, not packs of their own kind.',
	},
	{
		codes: [18000, 18001, 18002, 18003, 18004, 18005, 18006, 18007],
		say: 'the ways of payment of the retail sale do not go together',
		hint: 'Cash, card, QR, prepayment and advance must add up to the total; QR goes alone.',
	},
	{
		codes: [22000],
		say: 'more is linked than the payment has',
		hint: 'The linked amounts together are the amount of the payment at most.',
	},
	{
		codes: [22001, 22002, 22003, 22004],
		say: 'the payment cannot be linked or saved like this',
		hint: 'Each document goes once, none from the recycle bin; the currency is that of the account.',
	},
	{
		codes: [21000, 21001],
		say: 'a transfer goes from one place to another',
		hint: 'Choose two different warehouses, or two different bins.',
	},
	{
		codes: [24001, 24002],
		say: 'the count shows nothing to write off or to add',
		hint: 'Nothing is left to do: book and counted stock are the same, or documents of this count say so already. If that cannot be, run Recalculate Book Quantities first.',
	},
	{
		codes: [24003, 24004],
		say: 'the count has an item that it cannot have',
		hint: 'Services are not counted, and each item goes once, with all that was counted of it.',
	},
	{
		codes: [27002],
		say: 'the price list has an item twice',
		hint: 'Give each item once.',
	},
	{
		codes: [33000, 33001, 33002, 33003, 33004, 33005, 34000, 34001, 34002, 34003],
		say: 'the document could not be printed or published',
		hint: 'Check the template: it must belong to the type of the document, and your tariff must have own templates.',
	},
	{
		codes: [35000, 35001],
		say: 'the VAT invoice needs one basis that has none yet',
		hint: 'Give shipments, payments or returns, just one kind of them, without a VAT invoice of their own.',
	},
	{
		codes: [1066, 1067],
		say: 'the document cannot be moved to the recycle bin',
		hint: 'The recycle bin is switched off in the company settings, or has no place for this type: use Delete.',
	},
	{
		codes: [5000, 5001, 5002, 5003],
		say: 'the contract does not fit the report',
		hint: 'Choose a contract of the type Commission with the same counterparty and legal entity.',
	},
];
