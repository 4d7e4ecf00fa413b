/** The vendor that CONTRIBUTING.md shows: compiled, loaded by n8n's own loader, run, and the same as on the page. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

import { createEngine } from './harness';
import type { Engine } from './harness';

const ROOT = path.resolve(__dirname, '../..');
const HELLO = path.join(ROOT, 'test/hello');
const FILES = ['nodes/Hello/Hello.node', 'credentials/HelloApi.credentials'];
const TOKEN = 'hello-token-1234';

interface Asked {
	call: string;
	authorization?: string;
	body: string;
}

const folder = mkdtempSync(path.join(tmpdir(), 'retail-ops-hello-'));
const asked: Asked[] = [];
const server = createServer((request, response) => {
	let body = '';
	request.on('data', (chunk) => (body += String(chunk)));
	request.on('end', () => {
		const { authorization } = request.headers;
		asked.push({ call: `${request.method} ${request.url}`, authorization, body });
		const rude = body.includes('rude');
		response.statusCode = rude ? 422 : 200;
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify(answerTo(request.method ?? '', request.url ?? '', rude)));
	});
});

/** 150 greetings on two pages; what is said gets an ID. */
function answerTo(method: string, url: string, rude: boolean): IDataObject {
	if (rude) return { error: { code: 'rude', text: 'No, you' } };
	if (method === 'POST') return { id: 7, text: 'Good day' };
	const query = new URL(url, 'http://hello.example').searchParams;
	const from = (Number(query.get('page')) - 1) * 100;
	const rows = Array.from({ length: Math.min(100, 150 - from) }, (_, at) => ({
		id: from + at,
		text: 'Hi',
	}));
	return { rows, total: 150 };
}

let engine: Engine;

beforeAll(async () => {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	for (const file of FILES) {
		const source = readFileSync(path.join(HELLO, `${file}.ts`), 'utf8');
		const { outputText } = transpileModule(source, {
			compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
		});
		mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
		writeFileSync(path.join(folder, `${file}.js`), outputText);
	}
	symlinkSync(path.join(ROOT, 'dist/nodes/shared'), path.join(folder, 'nodes/shared'));
	symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
	writeFileSync(
		path.join(folder, 'package.json'),
		JSON.stringify({
			name: 'n8n-nodes-hello',
			version: '1.0.0',
			n8n: {
				n8nNodesApiVersion: 1,
				nodes: [`${FILES[0]}.js`],
				credentials: [`${FILES[1]}.js`],
			},
		}),
	);
	const { port } = server.address() as AddressInfo;
	engine = await createEngine({
		packageDir: folder,
		credentials: {
			hello: { type: 'helloApi', data: { url: `http://127.0.0.1:${port}`, token: TOKEN } },
		},
	});
});

afterAll(async () => {
	await engine?.close();
	server.close();
	rmSync(folder, { recursive: true, force: true });
});

const run = async (parameters: object) => {
	asked.length = 0;
	const result = await engine.runNode(
		'n8n-nodes-hello.hello',
		{ resource: 'greeting', ...parameters },
		{ credentials: { helloApi: 'hello' } },
	);
	return { items: result.items('Node'), error: result.error };
};

test('lists page by page', async () => {
	const { items, error } = await run({ operation: 'getAll', returnAll: true });
	expect(error).toBeUndefined();
	expect(items).toHaveLength(150);
	expect(items[149]).toMatchObject({ json: { id: 149, text: 'Hi' }, pairedItem: { item: 0 } });
	expect(asked.map(({ call }) => call)).toEqual([
		'GET /greetings?page=1&count=100',
		'GET /greetings?page=2&count=100',
	]);
	expect(asked[0].authorization).toBe(`Bearer ${TOKEN}`);
});

test('writes what the form says', async () => {
	const { items } = await run({ operation: 'create', text: 'Good day' });
	expect(asked).toMatchObject([{ call: 'POST /greetings', body: '{"text":"Good day"}' }]);
	expect(items[0].json).toEqual({ id: 7, text: 'Good day' });
});

test("tells the vendor's refusal in words", async () => {
	const { error } = await run({ operation: 'create', text: 'rude' });
	expect(String(error?.message)).toContain('The greeting is rude');
	expect(String(error?.description)).toContain('Say it in other words.');
});

test('stands in CONTRIBUTING.md as it is', () => {
	const page = readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8');
	for (const file of FILES) {
		expect(page).toContain(readFileSync(path.join(HELLO, `${file}.ts`), 'utf8').trim());
	}
});
