/** Units that are spent until then. */
export interface Spent {
	until: number;
	readonly units: number;
}

/** Units spent in a sliding window, oldest first. */
export class Spending {
	private entries: Spent[] = [];
	private spent = 0;

	constructor(private readonly perMs: number) {}

	used(now: number): number {
		let gone = 0;
		while (gone < this.entries.length && this.entries[gone].until <= now) {
			this.spent -= this.entries[gone].units;
			gone++;
		}
		if (gone > 0) this.entries.splice(0, gone);
		return this.spent;
	}

	add(units: number, now: number, forMs = this.perMs): Spent {
		const entry = { until: now + forMs, units };
		this.insert(entry);
		this.spent += units;
		return entry;
	}

	/** Lets an entry count as spent at another time; one that is over stays so. */
	redate(entry: Spent, spentAt: number): void {
		const at = this.entries.indexOf(entry);
		if (at < 0) return;
		this.entries.splice(at, 1);
		entry.until = spentAt + this.perMs;
		this.insert(entry);
	}

	private insert(entry: Spent): void {
		let at = this.entries.length;
		while (at > 0 && this.entries[at - 1].until > entry.until) at--;
		this.entries.splice(at, 0, entry);
	}

	/** Milliseconds until `units` more fit under `capacity`; 0 when they fit now. */
	delay(units: number, capacity: number, now: number): number {
		let over = this.used(now) + units - capacity;
		if (over <= 0 || this.entries.length === 0) return 0;
		for (const entry of this.entries) {
			over -= entry.units;
			if (over <= 0) return entry.until - now;
		}
		return this.entries[this.entries.length - 1].until - now;
	}
}
