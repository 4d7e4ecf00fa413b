import { config as n8nConfig } from '@n8n/node-cli/eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Where n8n's own rules hold: what is shipped, and package.json. */
const SHIPPED = ['nodes', 'credentials'];

/** TypeScript that is never shipped. */
const TOOLING_TS = ['test', 'sandbox', 'examples', 'bench', 'docs', 'tools'].map(
	(dir) => `${dir}/**/*.ts`,
);

/** Scripts: ES modules and CommonJS, all outside the shipped folders. */
const TOOLING_JS = [
	'*.{js,mjs,cjs}',
	...['test', 'sandbox', 'examples', 'bench', 'docs', 'deploy'].map((dir) => `${dir}/**/*.{js,mjs,cjs}`),
];

/** The names that this Node offers to every module. */
const NODE_GLOBALS = Object.fromEntries(
	Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']),
);

/**
 * Narrows one file pattern of n8n's config to the shipped folders. n8n writes its config for a
 * repository that holds nothing but nodes; here the tests and the sandbox, which may use timers,
 * files and sockets, live beside them.
 * @throws {Error} on a pattern of a form not known here, so that an update of n8n's config cannot
 * lose rules unnoticed.
 */
function narrow(pattern) {
	if (pattern === 'package.json') return [pattern];
	if (pattern.startsWith('**/')) return SHIPPED.map((dir) => `${dir}/${pattern}`);
	if (SHIPPED.some((dir) => pattern.startsWith(`./${dir}/`))) return [pattern];
	throw new Error(`eslint.config.mjs: n8n's lint config has a new file pattern: ${pattern}`);
}

/** n8n's config: every rule, plugin and setting as it is, only the reach of each entry narrowed. */
const n8nOnShipped = n8nConfig.map((entry) => {
	const isGlobalIgnore = Object.keys(entry).every((key) => key === 'name' || key === 'ignores');
	if (isGlobalIgnore) return entry;
	const files = entry.files
		? entry.files.flatMap(narrow)
		: ['package.json', ...SHIPPED.map((dir) => `${dir}/**`)];
	return { ...entry, files };
});

export default defineConfig(
	globalIgnores(['**/dist/', '**/node_modules/', '.n8n-host/', '.run/', 'coverage/']),
	...n8nOnShipped,
	{
		name: 'shipped code: no inline comment switches a rule off',
		files: ['package.json', ...SHIPPED.map((dir) => `${dir}/**`)],
		linterOptions: { noInlineConfig: true },
	},
	{
		name: 'tooling',
		files: [...TOOLING_TS, ...TOOLING_JS],
		extends: [tseslint.configs.recommended],
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'no-constant-binary-expression': 'error',
			'no-debugger': 'error',
			'no-fallthrough': 'error',
			'no-self-compare': 'error',
		},
	},
	{
		name: 'tooling scripts',
		files: TOOLING_JS,
		// No compiler reads these, so an unknown name would show up only at run time.
		languageOptions: { globals: NODE_GLOBALS },
		rules: { 'no-undef': 'error' },
	},
	{
		name: 'tooling scripts in CommonJS',
		files: TOOLING_JS,
		ignores: ['**/*.mjs'],
		languageOptions: {
			sourceType: 'commonjs',
			globals: { __dirname: 'readonly', __filename: 'readonly' },
		},
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},
);
