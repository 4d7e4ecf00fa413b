/** The engine tests, with n8n's engine from N8N_VERSION_FOLDER. */
const path = require('node:path');

const { projects, ...config } = require('../jest.config.js');

const engine = projects.find(({ displayName }) => displayName === 'engine');

module.exports = {
	...config,
	...engine,
	resolver: path.join(__dirname, 'resolver.cjs'),
	// Modules that older versions need, and that jest cannot load as they are.
	transform: { ...engine.transform, '^.+\\.js$': engine.transform['^.+\\.ts$'] },
	transformIgnorePatterns: ['/node_modules/(?!(p-retry|is-network-error)/)', '/dist/', '\\.cjs$'],
};
