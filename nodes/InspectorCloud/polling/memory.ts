/** What the polling trigger keeps in n8n's static data: which state of which visit it has looked at. */

/** Visits that are remembered; of older ones the moment up to which all were looked at. */
export const MOST_VISITS = 5000;

/** As it is stored. All moments: ms since 1970. */
export interface Kept {
	/** Nothing that changed at this moment or before is passed on. */
	floor: number;
	/** Where the first poll began: visits created later are new ones. */
	begun: number;
	/** The backlog of the first poll is done. */
	caughtUp: boolean;
	/**
	 * ID → last change by the list, in base 36, and behind a point that by the visit itself, where it differs; with a
	 * minus in front, it was looked at and not passed on.
	 */
	seen: Record<string, string>;
}

export class Memory {
	private readonly seen: Map<string, { at: number[]; passed: boolean }>;
	floor: number;
	caughtUp: boolean;
	readonly begun: number;

	constructor(kept: Kept) {
		this.floor = kept.floor;
		this.begun = kept.begun;
		this.caughtUp = kept.caughtUp;
		this.seen = new Map(
			Object.entries(kept.seen).map(([id, text]) => [
				id,
				{
					at: text
						.replace('-', '')
						.split('.')
						.map((one) => parseInt(one, 36)),
					passed: !text.startsWith('-'),
				},
			]),
		);
	}

	static begin(floor: number): Memory {
		return new Memory({ floor, begun: floor, caughtUp: false, seen: {} });
	}

	/** True for a state of a visit that was not looked at. */
	isNews(id: string, at: number): boolean {
		return at > this.floor && this.seen.get(id)?.at.includes(at) !== true;
	}

	/** True when an earlier state of the visit was passed on. */
	wasPassed(id: string): boolean {
		return this.seen.get(id)?.passed === true;
	}

	/** The list and the visit may tell its last change differently: when it changed between the two looks, or always. */
	add(id: string, listed: number, own: number, passed: boolean): void {
		const at = own === listed ? [listed] : [listed, own];
		this.seen.set(id, { at, passed: passed || this.wasPassed(id) });
	}

	toJSON(): Kept {
		const entries = [...this.seen].sort(([, one], [, other]) => one.at[0] - other.at[0]);
		const surplus = entries.splice(0, Math.max(0, entries.length - MOST_VISITS));
		// What is forgotten must not come again.
		const floor = Math.max(this.floor, ...surplus.slice(-1).map(([, { at }]) => at[0]));
		return {
			floor,
			begun: this.begun,
			caughtUp: this.caughtUp,
			seen: Object.fromEntries(
				entries.map(([id, { at, passed }]) => [
					id,
					`${passed ? '' : '-'}${at.map((one) => one.toString(36)).join('.')}`,
				]),
			),
		};
	}
}
