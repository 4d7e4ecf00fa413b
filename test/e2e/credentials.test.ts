/** The "Test" button of the four credentials: n8n's own endpoint, good and bad values. */
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { CredentialType } from '../../sandbox/n8n/fixtures';
import { credentialReferences, credentialTypes } from '../../sandbox/n8n/fixtures';
import { freePort, launchN8n } from '../../sandbox/n8n/n8n';
import type { N8n } from '../../sandbox/n8n/n8n';
import { prepareUserFolder, setUpTimeoutMs } from './harness';
import type { PreparedFolder } from './harness';

let folder: PreparedFolder;
let sandbox: Sandbox;
let n8n: N8n;

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ assortmentRows: 50 });
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
});

async function check(
	type: CredentialType,
	changes: Record<string, unknown> = {},
): Promise<{ status: string; message: string }> {
	const data = { ...sandbox.credentials[type], ...changes };
	return await n8n.api.request('POST', '/rest/credentials/test', {
		credentials: { id: '', name: credentialReferences[type].name, type, data },
	});
}

/** A secret that nobody has, by credential type. */
const wrongSecret: Record<CredentialType, Record<string, string>> = {
	moySkladApi: { accessToken: 'nobodys-access-token' },
	yandexMarketApi: { apiKey: 'ACMA:nobodys-key:00000000' },
	altegioApi: { userToken: 'nobodys-user-token' },
	inspectorCloudApi: { token: 'nobodys-token' },
};

test.each(credentialTypes)('%s: good values pass', async (type) => {
	expect(await check(type)).toMatchObject({ status: 'OK' });
});

test.each(credentialTypes)('%s: a wrong secret is named as the cause', async (type) => {
	const { status, message } = await check(type, wrongSecret[type]);
	expect(status).toBe('Error');
	expect(message).toMatch(/token|key/i);
	expect(message).not.toMatch(/status code/i);
	for (const secret of Object.values(wrongSecret[type])) expect(message).not.toContain(secret);
});

test.each(credentialTypes)('%s: a host that is not there is not a success', async (type) => {
	const nowhere = `http://127.0.0.1:${await freePort()}`;
	const hosts: Record<CredentialType, Record<string, string>> = {
		moySkladApi: { baseUrl: `${nowhere}/api/remap/1.2` },
		yandexMarketApi: { host: 'custom', customUrl: nowhere },
		altegioApi: { platform: 'custom', customUrl: `${nowhere}/api/v1` },
		inspectorCloudApi: { host: nowhere },
	};
	const { status, message } = await check(type, hosts[type]);
	expect(status).toBe('Error');
	expect(message).toBeTruthy();
});

test('moySkladApi: login and password pass too', async () => {
	const { login, password } = sandbox.credentials.moySkladApi as Record<string, string>;
	const values = { authentication: 'login', login, password };
	expect(await check('moySkladApi', values)).toMatchObject({ status: 'OK' });
	const wrong = await check('moySkladApi', { ...values, password: 'not-the-password' });
	expect(wrong.status).toBe('Error');
});
