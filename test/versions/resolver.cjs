/**
 * Resolves n8n's engine to the one of another version, installed in N8N_VERSION_FOLDER. Tests get its n8n-workflow with
 * what that version does not have yet (workflow.cjs); nodes get it as it is, so that one that needs something newer
 * fails here as it would there.
 */
const path = require('node:path');

const folder = process.env.N8N_VERSION_FOLDER;
const modules = path.join(folder, 'node_modules') + path.sep;
const tests = path.resolve(__dirname, '..') + path.sep;
const ENGINE = ['n8n-core', 'n8n-workflow'];
const complemented = path.join(__dirname, 'workflow.cjs');

module.exports = (request, options) => {
	const { basedir, defaultResolver } = options;
	if (!ENGINE.includes(request)) return defaultResolver(request, options);
	const isTest = basedir.startsWith(tests) && basedir !== __dirname;
	if (isTest && request === 'n8n-workflow') return complemented;
	// Inside of the installation npm's own rules hold; everybody else gets its top level.
	const from = basedir.startsWith(modules) ? basedir : folder;
	return defaultResolver(request, { ...options, basedir: from });
};
