import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Process settings that n8n-core reads while it is being loaded. This module must stay the first
 * import of the harness: n8n-core evaluates `NODE_ENV`, and its configuration classes read the
 * rest once, when they are first asked for.
 */
const userFolder = mkdtempSync(path.join(tmpdir(), 'n8n-engine-'));

const loopback = ['127.0.0.1', 'localhost', '::1'];

Object.assign(process.env, {
	// `test` makes n8n load node classes with a plain `require`, so that coverage sees them.
	NODE_ENV: 'test',
	// Never the ~/.n8n of the person who runs the tests.
	N8N_USER_FOLDER: userFolder,
	N8N_ENCRYPTION_KEY: 'engine-harness',
	N8N_LOG_LEVEL: 'silent',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DEFAULT_BINARY_DATA_MODE: 'default',
	// The engine's HTTP client honours proxy variables; loopback servers must not go through one.
	NO_PROXY: [process.env.NO_PROXY, ...loopback].filter(Boolean).join(','),
	no_proxy: [process.env.no_proxy, ...loopback].filter(Boolean).join(','),
});

/**
 * Deletes the temporary n8n user folder. n8n writes its settings file there once, while
 * `InstanceSettings` is constructed, and keeps the content in memory afterwards: callable as soon
 * as any execution context was constructed. Idempotent.
 */
export function removeUserFolder(): void {
	rmSync(userFolder, { recursive: true, force: true });
}
