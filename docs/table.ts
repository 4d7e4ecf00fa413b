/** A cell of a Markdown table: one line, in which no bar ends it. */
export const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

/** The lines of a Markdown table. */
export function tableOf(head: string[], rows: string[][]): string[] {
	const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
	return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}
