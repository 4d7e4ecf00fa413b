/**
 * Resolves n8n's engine to the one of another version, installed in N8N_VERSION_FOLDER. Tests get it with what that
 * version does not have yet (workflow.cjs, core.cjs); nodes get it as it is, so that one that needs something newer
 * fails here as it would there.
 */
const path = require('node:path');

const folder = process.env.N8N_VERSION_FOLDER;
const modules = path.join(folder, 'node_modules') + path.sep;
const tests = path.resolve(__dirname, '..') + path.sep;
const ENGINE = new Map([
	['n8n-core', path.join(__dirname, 'core.cjs')],
	['n8n-workflow', path.join(__dirname, 'workflow.cjs')],
]);

module.exports = (request, options) => {
	const complement = ENGINE.get(request);
	if (complement === undefined) return options.defaultResolver(request, options);
	const { basedir } = options;
	if (basedir.startsWith(tests) && basedir !== __dirname) return complement;
	// Inside of the installation npm's own rules hold; everybody else gets its top level.
	const from = basedir.startsWith(modules) ? basedir : folder;
	return options.defaultResolver(request, { ...options, basedir: from });
};
