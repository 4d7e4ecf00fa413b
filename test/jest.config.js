const { resolve } = require('path');

/** Unit and engine tests run side by side; of the end-to-end tests, which start real n8n processes, two files at most. */
const shared = {
	rootDir: resolve(__dirname, '..'),
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	modulePathIgnorePatterns: [
		'<rootDir>/dist',
		'<rootDir>/sandbox/n8n/node_modules',
		'<rootDir>/.n8n-host',
		'<rootDir>/.run',
	],
};

module.exports = {
	// Tests that wait for real seconds wait side by side.
	maxConcurrency: 20,
	// No test is about speed: two files at a time on two cores may wait for each other.
	testTimeout: 30_000,
	// Every file loads modules of its own, which jest does not give back.
	workerIdleMemoryLimit: '2GB',
	projects: [
		{
			...shared,
			displayName: 'unit',
			testMatch: ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/sandbox/**/*.test.ts'],
		},
		// Engine tests load the built package, as n8n does: build first.
		{ ...shared, displayName: 'engine', testMatch: ['<rootDir>/test/engine/**/*.test.ts'] },
		{ ...shared, displayName: 'queue', testMatch: ['<rootDir>/test/queue/**/*.test.ts'] },
		{ ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
	],
};
