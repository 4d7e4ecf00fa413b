/** Price tags and labels of goods. Reference of the project §2.8, moysklad-documents.md §5.8; MoySklad docs, Labels. */
import type { Choice, Field, Job, Operation } from '../../shared/catalogue';
import { outputField } from '../../shared/files/files';
import { entityLocator } from '../lists';
import { metaAt } from '../references';

const TYPES: Choice[] = [
	{ name: 'Bundle', value: 'bundle' },
	{ name: 'Product', value: 'product' },
	{ name: 'Service', value: 'service' },
	{ name: 'Variant', value: 'variant' },
];

/** The goods themselves, from the list of their type. */
const goods: Field[] = TYPES.map(({ name, value }) => ({
	name: `${value}Id`,
	label: name,
	kind: 'locator',
	to: 'path:id',
	required: true,
	when: { goodsType: [value] },
	help: `The ${value} that the labels are for`,
	locator: entityLocator(value),
}));

/** The answer is a redirect to the file, or the address at which it will stand. */
export const print: Job = {
	what: 'the print',
	id: ({ status, headers }) =>
		status === 202 ? /\/api\/remap\/1\.2\/([^?#]+)/.exec(headers.location ?? '')?.[1] : undefined,
	atOnce: true,
	poll: 'GET /{job}',
	done: ['200'],
	failed: {},
	instead: 'Print fewer labels at a time.',
};

export const labels: Operation[] = [
	{
		resource: 'label',
		operation: 'print',
		name: 'Print',
		action: 'Print label',
		description: 'Get price tags or labels of a product, variant, bundle or service as a file',
		route: 'POST /entity/{goodsType}/{id}/export',
		does: 'reads',
		docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/',
		answer: { kind: 'file' },
		job: print,
		fields: [
			{
				name: 'goodsType',
				label: 'Type',
				kind: 'choice',
				choices: TYPES,
				default: 'product',
				required: true,
				to: 'path:goodsType',
				help: 'What the labels are for',
			},
			...goods,
			{
				name: 'templateType',
				label: 'Template Kind',
				kind: 'choice',
				choices: [
					{ name: 'Own', value: 'customtemplate' },
					{ name: 'Standard', value: 'embeddedtemplate' },
				],
				default: 'customtemplate',
				to: 'control',
				help: 'Whether the template is yours or comes with MoySklad',
			},
			{
				name: 'template',
				label: 'Template',
				kind: 'locator',
				required: true,
				to: 'body:template',
				locator: { search: 'searchLabelTemplates', id: entityLocator('product').id },
				help: 'What the labels look like',
				wire: (value, { baseUrl, parameter }) => {
					const type = String(parameter('templateType') ?? 'customtemplate');
					return metaAt(baseUrl, `/entity/assortment/metadata/${type}/${String(value)}`, type);
				},
			},
			{
				name: 'organization',
				label: 'Organization',
				kind: 'locator',
				required: true,
				to: 'body:organization',
				locator: entityLocator('organization'),
				help: 'Whose name stands on the labels',
				wire: (value, { baseUrl }) =>
					metaAt(baseUrl, `/entity/organization/${String(value)}`, 'organization'),
			},
			{
				name: 'priceType',
				label: 'Price Type',
				kind: 'locator',
				required: true,
				to: 'body:salePrice.priceType',
				locator: entityLocator('pricetype'),
				help: 'Which price stands on the labels',
				wire: (value, { baseUrl }) =>
					metaAt(baseUrl, `/context/companysettings/pricetype/${String(value)}`, 'pricetype'),
			},
			{
				name: 'count',
				label: 'Number of Labels',
				kind: 'number',
				default: 1,
				min: 1,
				max: 1000,
				whole: true,
				required: true,
				to: 'body:count',
				help: 'How many labels to print, 1000 at most',
			},
			outputField,
		],
		output: {
			goodsType: { type: 'string' },
			id: { type: 'string' },
			filename: { type: 'string' },
			mimeType: { type: 'string' },
			size: { type: 'number' },
		},
		notes:
			'At most 1,000 labels of one kind of goods. The file is waited for when it is not ready at once.',
	},
];
