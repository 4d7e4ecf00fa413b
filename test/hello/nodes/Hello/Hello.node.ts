import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';

import type { Operation, Vendor } from '../shared/catalogue';
import { formOf } from '../shared/form/form';
import { pageStyle } from '../shared/road/paging';
import { runVendor } from '../shared/run/run';

const greeting = { resource: 'greeting', docs: 'https://hello.example/docs' };
const output: Operation['output'] = { id: { type: 'number' }, text: { type: 'string' } };
const style = pageStyle({ rows: 'rows', total: 'total' });

// prettier-ignore
const operations: Operation[] = [
	{ ...greeting, operation: 'getAll', name: 'Get Many', action: 'Get many greetings', description: 'List greetings',
		route: 'GET /greetings', fields: [], answer: { kind: 'list', at: 'rows' }, list: { style, pageSize: () => 100 }, output },
	{ ...greeting, operation: 'create', name: 'Create', action: 'Create greeting', description: 'Say something',
		route: 'POST /greetings', answer: { kind: 'object' }, output,
		fields: [{ name: 'text', label: 'Text', kind: 'text', to: 'body:text', required: true }] },
];

const hello: Vendor = {
	name: 'Hello',
	credentialType: 'helloApi',
	resources: [{ name: 'Greeting', value: 'greeting', description: 'What was said' }],
	operations,
	connect: ({ url }) => ({
		baseUrl: String(url),
		budgetKey: String(url),
		headers: { Accept: 'application/json' },
		policy: { windows: [], parallel: 2, read: () => ({ kind: 'passed' }) },
	}),
	readProblem: ({ body }) => (body as { error?: { code: string; text: string } }).error,
	errors: [{ codes: ['rude'], say: 'The greeting is rude', hint: 'Say it in other words.' }],
};

export class Hello implements INodeType {
	// prettier-ignore
	description: INodeTypeDescription = {
		displayName: 'Hello', name: 'hello', group: ['transform'], version: 1, description: 'Work with greetings', defaults: { name: 'Hello' },
		inputs: ['main'], outputs: ['main'], credentials: [{ name: 'helloApi', required: true }], properties: formOf(hello),
	};

	async execute(this: IExecuteFunctions) {
		return await runVendor.call(this, hello);
	}
}
