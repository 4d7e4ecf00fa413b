/**
 * Which of MoySklad's documented addresses no operation sends, and why. The addresses are those of the OpenAPI and of
 * the lists in the docs (`tools/known`); the reasons are people's.
 */
import routes from '../tools/known/moysklad-routes.json';
import { moySkladDocuments } from '../nodes/MoySklad/documents/vendor';
import { moySklad } from '../nodes/MoySklad/vendor';
import type { Operation } from '../nodes/shared/catalogue';

/** A reason, and the addresses that it is about. */
interface Reason {
	fits: RegExp;
	why: string;
}

/** In their order: the first that fits counts. */
export const REASONS: Reason[] = [
	{
		fits: /\/batch$/,
		why: 'A second address for what the collection itself takes as a list. It stands in the OpenAPI only, the docs do not know it; the nodes send lists to the collection.',
	},
	{
		fits: /^POST \/security\/token$/,
		why: 'Makes a new token and revokes every other token of the employee. The credential works with the login and password, or with a token that was made in MoySklad.',
	},
	{
		fits: /^(?:GET|POST) \/entity\/retailstore\/\{\w+\}\/masterRetailStores$/,
		why: 'It stands in the OpenAPI only, without a word of what it does; the docs do not know it.',
	},
	{
		fits: /^POST \/entity\/discount$/,
		why: 'Changes the rounding of totals, of which an account has one: Discount → Update does the same.',
	},
	{
		fits: /^POST \/entity\/variant\/\{\w+\}\/storebalances\/delete$/,
		why: "The other addresses of a variant's minimum stock are in neither list, so that its rows cannot be read to be deleted. Product Variant → Update writes the minimum stock as a whole.",
	},
];

/** What operations send on their way, though it is nobody's own route. */
const ALONG: Reason[] = [
	{
		fits: /^PUT \/entity\/\w+\/new$/,
		why: 'Create From Document asks it to fill in the new document',
	},
	{
		fits: /^GET \/async\/\{\w+\}\/result$/,
		why: 'The option Asynchronous Export fetches the result with it',
	},
	{
		fits: /^GET \/context\/employee$/,
		why: 'The test of the credential and the triggers ask who they are',
	},
	{
		fits: /^POST \/entity\/\{\w+\}\/\{\w+\}\/trash$/,
		why: 'Move to Recycle Bin sends it, with the type in its place',
	},
];

const PLACEHOLDER = '\\{[^}/]+\\}';

/** The address of a route as a pattern for the known ones; a choice of the form stands for its values alone. */
function patternOf(route: string, { fields }: Operation): RegExp {
	const segments = route
		.split('?')[0]
		.split('/')
		.map((segment) => {
			const name = /^\{(\w+)\}$/.exec(segment)?.[1];
			if (name === undefined) return segment.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
			const field = fields.find(({ to }) => to === `path:${name}`);
			if (field?.kind !== 'choice') return PLACEHOLDER;
			const values = field.choices.map(({ value }) => value);
			// "Other" of a list of types: any type that people name.
			return `(?:${[PLACEHOLDER, ...(values.includes('other') ? ['[a-z]+'] : values)].join('|')})`;
		});
	return new RegExp(`^${segments.join('/')}$`);
}

/** All patterns of what the two nodes send: each operation alone, and many of its items together. */
function patterns(): RegExp[] {
	return [...moySklad.operations, ...moySkladDocuments.operations].flatMap((operation) => {
		const { route, bulk } = operation;
		const sent = [route, ...(bulk ? [bulk.route] : [])];
		return [...new Set(sent)].map((one) => patternOf(one, operation));
	});
}

/** All documented addresses, without what follows the path. */
const documented = [...new Set(routes.map((route) => route.split('?')[0]))];

/** Documented addresses that no operation sends. */
export function notOffered(): string[] {
	const known = patterns();
	return documented.filter(
		(route) =>
			!known.some((pattern) => pattern.test(route)) && !ALONG.some(({ fits }) => fits.test(route)),
	);
}

/** Why an address is not offered; undefined where nobody has said. */
export const reasonFor = (route: string): string | undefined =>
	REASONS.find(({ fits }) => fits.test(route))?.why;

/** The page: reasons with their addresses. */
export function notOfferedPage(): string {
	const missing = notOffered();
	const all = documented.length;
	const parts = [
		'# What the MoySklad nodes do not offer',
		'',
		`Made by \`npm run docs\`; do not edit by hand. MoySklad's docs and OpenAPI know ${all} addresses (methods and paths). ${all - missing.length} of them are sent by operations of MoySklad and MoySklad Documents; the others are named here, each with the reason. *API Request → Send* reaches them all.`,
		'',
	];
	for (const { why } of REASONS) {
		const own = missing.filter((route) => reasonFor(route) === why);
		if (own.length === 0) continue;
		parts.push(`## ${why}`, '', ...own.map((route) => `- \`${route}\``), '');
	}
	parts.push(
		'## Sent by other operations on their way',
		'',
		'These count as offered, although no operation is about them alone.',
		'',
		...ALONG.map(({ fits, why }) => {
			const own = documented.filter((route) => fits.test(route));
			return `- ${why}: ${own.map((route) => `\`${route}\``).join(', ')}`;
		}),
		'',
	);
	return `${parts.join('\n').trimEnd()}\n`;
}
