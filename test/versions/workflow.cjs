/** n8n-workflow of another version, with what the harness of our tests needs and that version lacks. */
const real = require('n8n-workflow');

// Before n8n 2.35 there is nothing around the evaluation of expressions that must be opened and closed.
for (const { prototype } of [real.Expression, real.WorkflowExpression].filter(Boolean)) {
	prototype.withIsolate ??= async (work) => await work();
}

const complements = {
	/** No limit of time for regular expressions: nothing to take off. */
	setSafeRegexEngine: () => {},
	/** No domains in credentials yet: their form stays as it is, and any host is allowed. */
	injectDomainRestrictionFields: ({ properties }) => properties,
	getCredentialOwnRequestAllowedDomains: () => undefined,
	isExpression: (value) => typeof value === 'string' && value.startsWith('='),
	createRunExecutionData: (given = {}) => ({
		...given,
		startData: given.startData ?? {},
		resultData: { runData: {}, ...given.resultData },
		executionData: {
			contextData: {},
			nodeExecutionStack: [],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			...given.executionData,
		},
	}),
	createEmptyRunExecutionData: () => ({ resultData: { runData: {} } }),
};

module.exports = Object.create(real);
for (const [name, value] of Object.entries(complements)) {
	if (!(name in real)) module.exports[name] = value;
}
