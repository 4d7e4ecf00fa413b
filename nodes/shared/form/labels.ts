/** Names of the APIs as people read them. */

/** Words that are small inside a title. */
const SMALL = /^(a|an|and|as|at|by|for|in|of|on|or|the|to|with)$/;

/** Words that stay as they are, by their lower-case form. */
const ABBREVIATIONS: Record<string, string> = Object.fromEntries(
	['API', 'CID', 'CIS', 'CRM', 'CSV', 'DBS', 'EAC', 'EAN', 'EAN13', 'FBS', 'FBY', 'GPS', 'GTD']
		.concat(['GTIN', 'HTML', 'ID', 'IDs', 'INN', 'iOS', 'IP', 'ISO', 'JSON', 'KPI', 'KPIs', 'KPP'])
		.concat(['LaaS', 'MIME', 'mm', 'PDF', 'POS', 'RNPT', 'SKU', 'SKUs', 'SMS', 'UID', 'UIN'])
		.concat(['URL', 'URLs', 'UTC', 'VAT', 'VIN', 'VKontakte', 'WhatsApp', 'XML', 'ZIP'])
		.map((word) => [word.toLowerCase(), word]),
);

/** `warehouseIds` or `short_descr` → `Warehouse IDs`, `Short Descr`. `more`: further words, by their lower-case form. */
export function labelFrom(name: string, more: Record<string, string> = {}): string {
	return partsOfName(name)
		.map((word, at, { length }) => {
			const lower = word.toLowerCase();
			const known = more[lower] ?? ABBREVIATIONS[lower];
			if (known) return known;
			if (at > 0 && at < length - 1 && SMALL.test(lower)) return lower;
			return word.charAt(0).toUpperCase() + word.slice(1);
		})
		.join(' ');
}

/** The words of a name in camel or snake case, or of a path. */
export function partsOfName(name: string): string[] {
	return name
		.replace(/([a-z0-9])(?=[A-Z])/g, '$1 ')
		.split(/[\s_.\-[\]]+/)
		.filter((word) => word !== '');
}
