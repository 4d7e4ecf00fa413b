/** A value that the user gave and that cannot work. It becomes a NodeOperationError with the item's index. */
export class InputProblem extends Error {
	constructor(
		/** Label of the form's field, or of the credential's field. */
		readonly parameter: string,
		/** What is the matter with it, as the end of "<parameter> …". */
		readonly what: string,
		/** How to get unstuck. */
		readonly hint: string,
	) {
		super(`'${parameter}' ${what}`);
		this.name = 'InputProblem';
	}
}

/** A problem in which the vendor is called as where the credential is used. Other errors stay. */
export function inWordsOf(error: unknown, name: string, called: string): unknown {
	if (!(error instanceof InputProblem) || name === called) return error;
	const told = (text: string) => text.replaceAll(name, called);
	return new InputProblem(error.parameter, told(error.what), told(error.hint));
}
