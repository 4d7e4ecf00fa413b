/** What a process remembers of many things: a map that forgets what was written longest ago. */
export class Latest<T> {
	private readonly entries = new Map<string, T>();

	/** `most`: entries that are kept. */
	constructor(private readonly most: number) {}

	get(key: string): T | undefined {
		return this.entries.get(key);
	}

	set(key: string, value: T): void {
		this.entries.delete(key);
		this.entries.set(key, value);
		for (const oldest of this.entries.keys()) {
			if (this.entries.size <= this.most) return;
			this.entries.delete(oldest);
		}
	}

	delete(key: string): void {
		this.entries.delete(key);
	}
}
