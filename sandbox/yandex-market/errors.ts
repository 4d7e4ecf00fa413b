/** A refusal in Yandex Market's form. */
export class YandexError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}
