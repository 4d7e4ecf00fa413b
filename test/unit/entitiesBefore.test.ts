/**
 * The collections behind references and the types that webhooks can watch are views of the facts; before, they stood in
 * lists by hand. Nothing of them may be lost: each entry is compared with what it was then.
 */
import { readFileSync } from 'fs';
import { join } from 'path';

import { ENTITIES } from '../../nodes/MoySklad/entities';
import { entityTypes } from '../../nodes/MoySklad/entityTypes';
import { facts } from '../../nodes/MoySklad/facts';
import { documents } from '../../nodes/MoySklad/documents/decisions';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { allDictionaries } from '../../nodes/MoySklad/catalogue/dictionaries';
import { moySklad } from '../../nodes/MoySklad/vendor';

const before = JSON.parse(readFileSync(join(__dirname, 'entitiesBefore.json'), 'utf8')) as Record<
	'lists' | 'types',
	Record<string, string>
>;

/** Types that are now called as everywhere else: what they were called in each place, and what they are now. */
const RENAMED: Record<string, { list?: string; type?: string; now: string }> = {
	cashin: { type: 'Cash In', now: 'Incoming Cash Payment' },
	cashout: { type: 'Cash Out', now: 'Outgoing Cash Payment' },
	commissionreportin: { type: 'Commission Report Received', now: 'Received Commission Report' },
	commissionreportout: { type: 'Commission Report Issued', now: 'Issued Commission Report' },
	consignment: { type: 'Consignment (Batch)', now: 'Batch' },
	counterpartyadjustment: { type: 'Counterparty Adjustment', now: 'Balance Adjustment' },
	customerorder: { type: 'Customer Order', now: 'Sales Order' },
	demand: { type: 'Demand (Shipment)', now: 'Shipment' },
	enter: { type: 'Enter (Stock Posting)', now: 'Stock Adjustment' },
	facturein: { type: 'VAT Invoice Received', now: 'Received VAT Invoice' },
	factureout: { type: 'VAT Invoice Issued', now: 'Issued VAT Invoice' },
	inventory: { type: 'Inventory (Stock Count)', now: 'Inventory Count' },
	invoiceout: { type: 'Customer Invoice', now: 'Sales Invoice' },
	loss: { type: 'Loss (Write-Off)', now: 'Write-off' },
	move: { type: 'Move (Stock Transfer)', now: 'Transfer' },
	organization: { list: 'Organization', type: 'Organization', now: 'Legal Entity' },
	processing: { type: 'Processing', now: 'Manufacturing Run' },
	processingorder: { type: 'Processing Order', now: 'Production Order (BOM)' },
	salesreturn: { type: 'Customer Return', now: 'Sales Return' },
	store: { type: 'Store (Warehouse)', now: 'Warehouse' },
	supply: { type: 'Supply', now: 'Receiving' },
	variant: { list: 'Variant', type: 'Variant', now: 'Product Variant' },
};

/** A row of the type's list with a value in every field that a list entry could show, and one with few. */
const FULL = {
	id: '8f8d2cf1-0000-4000-8000-000000000001',
	name: 'Name',
	code: 'Code',
	externalCode: 'Outer',
	article: 'Article',
	pathName: 'Path',
	isoCode: 'ISO',
	inn: 'INN',
	phone: 'Phone',
	email: 'Mail',
	moment: '2026-01-31 10:00:00.000',
	rate: 20,
	comment: 'Comment',
	cardContentName: 'Card',
	legalTitle: 'Title',
};
const POOR = { id: FULL.id, name: 'Name', rate: 10 };

const rowOf = (keyword: string, row: object) =>
	Object.fromEntries(
		Object.entries(row).filter(
			([name]) => name === 'id' || name === 'pathName' || facts[keyword].fields[name],
		),
	);

/** The text as it was, with the name of today where that is meant. */
const renamed = (text: string, from: string | undefined, to: string | undefined) =>
	from !== undefined && text.startsWith(`${from} | `) ? `${to}${text.slice(from.length)}` : text;

test('every collection behind a reference is found as before', () => {
	const after = Object.fromEntries(
		[...ENTITIES].map(([keyword, { label, path, finds, keys, whole, bare, shows }]) => [
			keyword,
			[
				label,
				path,
				finds,
				keys.join(' '),
				whole ? 'whole' : '',
				bare ? 'bare' : '',
				shows?.(rowOf(keyword, FULL)),
				shows?.(rowOf(keyword, POOR)),
			].join(' | '),
		]),
	);
	const meant = Object.entries(before.lists).map(([keyword, text]) => {
		const { list, now } = RENAMED[keyword] ?? {};
		return [keyword, renamed(text, list, now)];
	});
	expect(after).toEqual(Object.fromEntries(meant));
});

test('every type that webhooks can watch is there, with the name it has everywhere else', () => {
	const after = Object.fromEntries(
		entityTypes.map(({ name, value, local }) => [value, `${name} | ${local}`]),
	);
	const meant = Object.entries(before.types).map(([keyword, text]) => {
		const { type, now } = RENAMED[keyword] ?? {};
		return [keyword, renamed(text, type, now)];
	});
	expect(after).toEqual(Object.fromEntries(meant));
	const names = entityTypes.map(({ name }) => name);
	expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en')));
});

test('a name that is said to have changed has changed', () => {
	for (const [keyword, { list, type, now }] of Object.entries(RENAMED)) {
		if (list) expect(before.lists[keyword]).toMatch(new RegExp(`^${list} \\| `));
		if (type) expect(before.types[keyword].startsWith(`${type} | `)).toBe(true);
		expect(entityTypes).toContainEqual(expect.objectContaining({ value: keyword, name: now }));
	}
});

test('a type has one name: as a resource, in lists of types, and where references are looked up', () => {
	const resources = new Map(
		[...moySklad.resources, ...moySkladDocuments.resources].map(({ name, value }) => [value, name]),
	);
	const types = new Map(entityTypes.map(({ name, value }) => [value, name]));
	let compared = 0;
	for (const { keyword, resource } of [...allDictionaries, ...documents]) {
		for (const name of [types.get(keyword), ENTITIES.get(keyword)?.label]) {
			if (name === undefined) continue;
			expect([keyword, name]).toEqual([keyword, resources.get(resource)]);
			compared++;
		}
	}
	expect(compared).toBeGreaterThan(90);
});
