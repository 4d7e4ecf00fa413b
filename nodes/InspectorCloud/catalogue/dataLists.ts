/** Lists of the Data API besides visits. Reference of the project: inspector-cloud-api.md §3.3, §3.4. */
import type { Operation } from '../../shared/catalogue';
import { labelFrom } from '../../shared/form/labels';
import { operations } from '../facts.generated';
import { simpleRow } from '../values';
import { DOCS, resultsList } from './lists';

const STORE = [
	...['id', 'customer_id', 'customer_name', 'address', 'city', 'region', 'route'],
	...['latitude', 'longitude', 'updated_at'],
];
const PRODUCT = [
	...['id', 'cid', 'name', 'category_id', 'brand_id', 'manufacturer_id'],
	...['size_x_mm', 'size_y_mm', 'size_z_mm'],
];

/** What the vendor's list has besides the columns of the simplified row. */
function moreOf(factsId: string, simple: string[]): Operation['rawFields'] {
	const { answer = {} } =
		operations.find(({ id, path }) => id === factsId && path.startsWith('/api/data/')) ?? {};
	return Object.keys(answer)
		.filter((name) => name.startsWith('results[].'))
		.map((name) => name.slice('results[].'.length))
		.filter((name) => !simple.includes(name))
		.map((name) => ({ name: labelFrom(name), value: name }));
}

const PRODUCT_OUTPUT: Operation['output'] = {
	id: { type: 'number' },
	cid: { type: 'string' },
	name: { type: 'string' },
	category_id: { type: 'number' },
	brand_id: { type: 'number' },
	manufacturer_id: { type: 'number' },
	size_x_mm: { type: 'number' },
	size_y_mm: { type: 'number' },
	size_z_mm: { type: 'number' },
};

const product = {
	resource: 'product',
	docs: DOCS,
	simplify: (row) => simpleRow(row, PRODUCT),
	output: PRODUCT_OUTPUT,
	rawFields: moreOf('sku.getMany', PRODUCT),
	notes:
		'The IDs are those of the rows of visits. Sizes are in millimetres: x is the width, y the height.',
} satisfies Partial<Operation>;

export const dataLists: Operation[] = [
	{
		resource: 'store',
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many audited stores',
		description: 'Retrieve the stores, to join them with visits by their ID',
		route: 'GET /stores/',
		docs: DOCS,
		answer: { kind: 'list' },
		list: resultsList,
		fields: [],
		simplify: (row) => simpleRow(row, STORE),
		output: {
			id: { type: 'number' },
			customer_id: { type: 'string' },
			customer_name: { type: 'string' },
			address: { type: 'string' },
			city: { type: 'string' },
			region: { type: 'string' },
			route: { type: 'string' },
			latitude: { type: 'number' },
			longitude: { type: 'number' },
			updated_at: { type: 'string' },
		},
		rawFields: moreOf('store.getMany', STORE),
		notes: 'There is no filter. Simplified rows have nothing where the API says "nan".',
	},
	{
		...product,
		operation: 'get',
		name: 'Get',
		action: 'Get product of visits',
		description: 'Retrieve one product (SKU) of the Data API',
		route: 'GET /sku/{id}/',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'productId',
				label: 'Product',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: {
					search: 'searchProducts',
					id: {
						pattern: '^\\s*\\d+\\s*$',
						message: 'A product ID is a whole number',
						placeholder: 'e.g. 155279',
					},
				},
			},
		],
	},
	{
		...product,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many products of visits',
		description: 'Retrieve the products (SKU), to join them with rows of visits',
		route: 'GET /sku/',
		answer: { kind: 'list' },
		list: resultsList,
		fields: [],
	},
	{
		resource: 'task',
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many audit tasks',
		description: 'Retrieve the tasks that scenes of visits name (not documented by the vendor)',
		route: 'GET /tasks/',
		docs: DOCS,
		answer: { kind: 'list' },
		list: resultsList,
		fields: [],
		output: { id: { type: 'number' } },
		notes:
			'Inferred: this call is seen in the documentation as a link only. Rows are returned as they come.',
	},
];
