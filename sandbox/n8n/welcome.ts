/** What `npm start` says to people. */

/** Addresses of the sandbox, as far as people are told of them. */
export interface SandboxUrls {
	control: string;
	moysklad: string;
	yandexMarket: string;
	altegio: string;
	inspectorCloud: string;
}

/** The example that shows itself when a product changes. */
export const CHANGE_EXAMPLE = 'MoySklad: a product changed, without echo';

/** Before n8n is installed. */
export const FIRST_START = [
	'-- The first start installs a whole n8n (2400 packages, 3 GB): about five minutes, more on a slow line.',
	'   Later starts take less than a minute.',
];

/** What to do with the n8n that runs now; `owner`: its login, where it is still ours. */
export function welcome(
	n8nUrl: string,
	urls: SandboxUrls,
	owner?: { email: string; password: string },
): string[] {
	return [
		`n8n is ready:   ${n8nUrl}`,
		...(owner ? [`Log in with:    ${owner.email} / ${owner.password}`] : []),
		`The sandbox:    ${urls.control}`,
		`  MoySklad         ${urls.moysklad}`,
		`  Yandex Market    ${urls.yandexMarket}`,
		`  Altegio          ${urls.altegio}`,
		`  Inspector Cloud  ${urls.inspectorCloud}`,
		'',
		'What to try:',
		'  1. Open one of the example workflows and press "Execute workflow".',
		`  2. Publish "${CHANGE_EXAMPLE}", then change a product in the sandbox:`,
		`       ${changeCommand(urls.control)}`,
		'     and look at the workflow’s executions.',
		'  3. In a workflow of your own press "+", search for MoySklad, Yandex Market, Altegio or',
		'     Inspector Cloud, and choose the credential "(sandbox)".',
	];
}

function changeCommand(control: string): string {
	const body = JSON.stringify({ entityType: 'product', action: 'UPDATE' });
	return `curl -X POST ${control}/moysklad/change -H 'content-type: application/json' -d '${body}'`;
}
