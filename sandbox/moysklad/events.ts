/** Old and new value of a field; a deletion has old ones alone. */
export type Diff = Record<string, { oldValue?: unknown; newValue?: unknown }>;

/** What happened to an object. */
export interface EntityEvent {
	type: string;
	id: string;
	action: string;
	updatedFields?: string[];
	/** What the audit tells of it; without it, the names of the fields alone are known. */
	diff?: Diff;
}
