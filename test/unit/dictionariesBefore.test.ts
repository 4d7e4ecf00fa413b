/**
 * The first dictionaries are made from facts and decisions; before, each had a table by hand. Nothing of their
 * operations may be lost: every name, label, kind, operator, value and sentence is compared with what it was then.
 */
import { readFileSync } from 'fs';
import { join } from 'path';

import { dictionariesAsData, unpacked, type Packed } from './catalogueAsData';

const before = unpacked(
	JSON.parse(readFileSync(join(__dirname, 'dictionariesBefore.json'), 'utf8')) as Packed,
);
const after = dictionariesAsData();

/** Differences that are meant: what they are at, and why. */
const MEANT: Array<{ at: RegExp; why: string }> = [
	{
		at: /^(bonusProgram|bundle) > \w+ > fields > fields > mapper > fields > in order: /,
		why: 'fields that start in the list of fields to add stand behind those that start in the form',
	},
	{
		at: /^bundle > table > money > paths > in order: salePrices.value minPrice.value buyPrice.value /,
		why: 'a bundle has no purchase price',
	},
	{
		at: /^bundle > (create|upsert|update) > fields > (lists|barcodes > help|in order: .* money lists)/,
		why: 'barcodes and packages can be added to',
	},
	{
		at: /^bundle > (table > replaces > barcodes|(upsert|update) > fields > barcodes > notice): – → /,
		why: 'the form says above the rows that they replace what is there',
	},
	{
		at: /^bundle > (upsert|update) > fields > fields > mapper > fields > barcodes > looks: separated by commas → by commas, replace all$/,
		why: 'the field says that those given replace what is there',
	},
	{
		at: /^bundle > update > bulk > follow: /,
		why: 'two items that add to one bundle keep what both give',
	},
	{
		at: /^\w+ > (create|upsert|update) > fields > fields > mapper > header: – → ƒ$/,
		why: 'a unit in the header of a mapped column counts',
	},
	{
		at: /^(bundle|contract) > \w+ > fields > money > help: .* → Unit of amounts that are read and written$/,
		why: 'the units stand at the choices; the form has a ceiling',
	},
	{
		at: /^contract > getAll > sort > name > name: Name → Number$/,
		why: 'called as it is where it is written and compared',
	},
	{
		at: /^contract > \w+ > fields > expand > choices > (in order|rate > name): /,
		why: 'called as it is where it is written; choices go by their names',
	},
	{
		at: /^(contract|task) > (create|upsert|update) > writes > agent: .*"unsure"/,
		why: 'an ID is looked for among counterparties and organizations',
	},
	{
		at: /^(contract|task) > getAll > filter > agent > (search: searchCounterparty → searchCounterpartyOrOrganization|help: .* → –)$/,
		why: 'the list has both',
	},
	{
		at: /^contract > table > writeNotes: |^contract > \w+ > notes: .*A counterparty given by ID alone is taken for a counterparty; an organization goes by its link\. → /,
		why: 'an ID may be of either',
	},
	{
		at: /^task > getAll > filter > operation > (search: – → searchAnyDocument|formerlyTyped: – → true|help: .* → Documents of all types; .*)$/,
		why: 'picked from a list, no longer typed',
	},
	{
		at: /^currency > getAll > (filter|sort) > (code|name) > (label|name): (Code → Digital Code|Name → Short Name)$/,
		why: 'called as they are where they are written',
	},
	{
		at: /^currency > .*: (Looks into )?the short name → (Looks into )?short name$/,
		why: 'said as of all other lists',
	},
	{
		at: /^(bundle|contract) > (create|upsert|update) > fields > fields > mapper > fields > (salePrice|minPrice|overhead|sum) > looks( > in order)?: /,
		why: 'an amount says its unit where it is typed',
	},
	{
		at: /^bundle > (create|upsert|update) > fields > salePrices > columns > value > label: .* → Value \(Kopecks, or as Money Says\)$/,
		why: 'said as of all other amounts; errors put the label in quotes',
	},
	{
		at: /> locator > (id|url) > pattern: .* → .*https\?:\/\/\\S\{1,200\}/,
		why: 'what stands before the ID of a link is bounded, so that no text takes long',
	},
	{
		at: /^(bonusProgram|bundle|contract|productFolder) > (create|upsert|update) > fields > fields > mapper > fields > (maxPaidRatePercents|vat|rewardPercent) > percent: – → true$/,
		why: '"20%" is 20 in fields that count percents; it was refused',
	},
	{
		at: /^\w+ > (create|upsert|update) > writes > (agentTags|barcodes): .* \| ! \| ! \| ! \| ! \| ! \| ! \| .* → .* \| \[[^|]*"0"[^|]*\] \| \[[^|]*"-1"[^|]*\] \| \[[^|]*"1\.5"[^|]*\] \| \[[^|]*"150"[^|]*\] \| ! \| ! \| /,
		why: 'a number alone is one entry, as sheets give the digits of a barcode; it was refused',
	},
];

/** `resource > path: before → after`. */
const differences = Object.keys({ ...before, ...after }).flatMap((resource) => {
	const [was, is] = [before[resource] ?? {}, after[resource] ?? {}];
	return Object.keys({ ...was, ...is })
		.filter((path) => was[path] !== is[path])
		.map((path) => `${resource} > ${path}: ${was[path] ?? '–'} → ${is[path] ?? '–'}`);
});

test('the dictionaries of before are all there, and compared to the last word', () => {
	expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
	for (const flat of Object.values(before)) expect(Object.keys(flat).length).toBeGreaterThan(400);
});

test('nothing differs but what is meant', () => {
	expect(differences.filter((one) => !MEANT.some(({ at }) => at.test(one)))).toEqual([]);
});

test('what is meant does differ', () => {
	const idle = MEANT.filter(({ at }) => !differences.some((one) => at.test(one)));
	expect(idle.map(({ at, why }) => `${String(at)}: ${why}`)).toEqual([]);
});
