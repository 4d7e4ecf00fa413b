import './environment';

import { ExecuteContext, getAdditionalKeys, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	getCredentialOwnRequestAllowedDomains,
	ICredentials,
	ICredentialsHelper,
	isExpression,
	NodeConnectionTypes,
	NodeHelpers,
	UnexpectedError,
	UserError,
	Workflow,
} from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsEncrypted,
	ICredentialsExpressionResolveValues,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	INodeType,
	INodeTypes,
	IRequestOptionsSimplified,
	IWorkflowDataProxyAdditionalKeys,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { TypeRegistry } from './type-registry';

/** A credential as a test provides it: `data` holds the plain field values. */
export interface CredentialInput {
	name?: string;
	type: string;
	data: object;
}

interface StoredCredential {
	name: string;
	type: string;
	/** JSON text, as n8n stores it (before encryption): values must survive serialisation. */
	data: string;
}

/** A credential of the store. n8n encrypts `data`; here it is JSON text. */
class JsonCredentials extends ICredentials<ICredentialDataDecryptedObject> {
	async getData(): Promise<ICredentialDataDecryptedObject> {
		if (this.data === undefined) throw new UnexpectedError('No data is set on this credential');
		return JSON.parse(this.data) as ICredentialDataDecryptedObject;
	}

	getDataToSave(): ICredentialsEncrypted {
		if (this.data === undefined) throw new UnexpectedError('No credentials were set to save');
		return { id: this.id, name: this.name, type: this.type, data: this.data };
	}

	async setData(data: ICredentialDataDecryptedObject): Promise<void> {
		this.data = JSON.stringify(data);
	}

	async updateData(
		toUpdate: ICredentialDataDecryptedObject,
		toDelete: string[] = [],
	): Promise<void> {
		const data = { ...(await this.getData()), ...toUpdate };
		for (const key of toDelete) delete data[key];
		await this.setData(data);
	}
}

/** A workflow of one node that is there only to give expressions of a credential a place. */
function scratchWorkflow(node: INode, type: INodeType): Workflow {
	const nodeTypes: INodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	return new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
}

const scratchNodeType: INodeType = {
	description: {
		displayName: 'Credential',
		name: 'test.credential',
		group: ['input'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
};

/** Requests of `preAuthentication`, limited to the domains that the user allows the credential. */
function withinAllowedDomains(
	helpers: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): IHttpRequestHelper {
	const allowedDomains = getCredentialOwnRequestAllowedDomains(credentials);
	if (allowedDomains === undefined) return helpers;
	return {
		helpers: {
			httpRequest: async (options: IHttpRequestOptions): Promise<unknown> => {
				if (options.allowedDomains !== undefined) {
					throw new UserError(
						'A credential that is restricted to domains cannot set domains for its own requests',
					);
				}
				return await helpers.helpers.httpRequest({ ...options, allowedDomains });
			},
		},
	};
}

/**
 * Credentials of one engine. Follows n8n 2.41 (`CredentialsHelper` of the n8n package): defaults
 * of the type are filled in, expressions in values are resolved, and generic authentication is
 * resolved value by value, where a falsy result becomes an empty string.
 */
export class HarnessCredentials extends ICredentialsHelper {
	private readonly stored = new Map<string, StoredCredential>();

	constructor(private readonly types: TypeRegistry) {
		super();
	}

	/** Adds a credential, or replaces the one with this ID. @throws on an unknown type */
	set(id: string, { name, type, data }: CredentialInput): void {
		this.types.getCredentialType(type);
		this.stored.set(id, { name: name ?? id, type, data: JSON.stringify(data) });
	}

	remove(id: string): void {
		this.stored.delete(id);
	}

	/** What a workflow's node holds for a credential: its ID and name. @throws if unknown */
	reference(id: string, type: string): INodeCredentialsDetails {
		return { id, name: this.find({ id, name: id }, type).name };
	}

	getParentTypes(name: string): string[] {
		const parents = this.types.getCredentialType(name).extends ?? [];
		return [...parents, ...parents.flatMap((parent) => this.getParentTypes(parent))];
	}

	isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		if (!this.types.credentialNames.includes(credentialType)) return true;
		if (!this.types.getCredentialType(credentialType).restrictToSupportedNodes) return true;
		return this.types.supportedNodes(credentialType).includes(nodeType);
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		const credentialType = this.types.getCredentialType(type);
		const properties: INodeProperties[] = [];
		for (const parent of credentialType.extends ?? []) {
			NodeHelpers.mergeNodeProperties(properties, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(properties, credentialType.properties);
		return properties;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const options = requestOptions as IHttpRequestOptions & Record<string, unknown>;
		const { authenticate } = this.types.getCredentialType(typeName);
		if (authenticate === undefined) return options;
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		if (workflow === undefined || node === undefined) {
			throw new UnexpectedError('Generic authentication needs a workflow and a node');
		}
		options.headers ??= {};
		if (authenticate.type !== 'generic') return options;
		const resolve = (value: unknown) => this.resolveValue(value, credentials, workflow, node);
		for (const [part, values] of Object.entries(authenticate.properties)) {
			const target = (options[part] ||= {}) as Record<string, unknown>;
			for (const [key, value] of Object.entries(values as Record<string, unknown>)) {
				target[String(resolve(key))] = resolve(value);
			}
		}
		return options;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types.getCredentialType(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		)?.name;
		if (expirable === undefined || type.preAuthentication === undefined) return undefined;
		const isTest = node.type === 'n8n-nodes-base.noOp' && node.parameters.temp === '';
		if (credentials[expirable] !== '' && !credentialsExpired && !isTest) return undefined;

		const output = await this.runPreAuthentication(helpers, credentials, typeName);
		if (output?.[expirable] === undefined) return undefined;
		const reference = node.credentials?.[type.name];
		if (reference === undefined) return undefined;
		const saved = await (await this.getCredentials(reference, type.name)).getData();
		for (const [key, value] of Object.entries(output)) {
			if (key === expirable || !isExpression(saved[key])) saved[key] = value;
		}
		await this.updateCredentials(reference, type.name, saved);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication } = this.types.getCredentialType(typeName);
		if (preAuthentication === undefined) return undefined;
		const restricted = withinAllowedDomains(helpers, credentials);
		return (await preAuthentication.call(
			restricted,
			credentials,
		)) as ICredentialDataDecryptedObject;
	}

	async getCredentials(
		nodeCredentials: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentials> {
		const { name, data } = this.find(nodeCredentials, type);
		return new JsonCredentials({ id: nodeCredentials.id, name }, type, data);
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		expressionResolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const data = await (await this.getCredentials(nodeCredentials, type)).getData();
		if (raw === true) return data;
		const withDefaults = this.applyDefaults(type, data);
		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (expressionResolveValues !== undefined) {
			const { workflow, node, runExecutionData, runIndex, itemIndex, connectionInputData } =
				expressionResolveValues;
			return workflow.expression.getParameterValue(
				withDefaults as INode['parameters'],
				runExecutionData,
				runIndex,
				itemIndex,
				node.name,
				connectionInputData,
				mode,
				keys,
				executeData,
				false,
				withDefaults,
			) as ICredentialDataDecryptedObject;
		}
		return await this.resolveAlone(withDefaults, mode, keys);
	}

	async updateCredentials(
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		const { name } = this.find(nodeCredentials, type);
		this.set(nodeCredentials.id ?? '', { name, type, data });
	}

	async updateCredentialsOauthTokenData(
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		const current = await (await this.getCredentials(nodeCredentials, type)).getData();
		const merged = { ...current, oauthTokenData: data.oauthTokenData };
		await this.updateCredentials(nodeCredentials, type, merged);
	}

	private applyDefaults(
		type: string,
		data: ICredentialDataDecryptedObject,
	): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const withDefaults = (NodeHelpers.getNodeParameters(
			properties,
			data as INode['parameters'],
			true,
			false,
			null,
			null,
		) ?? {}) as ICredentialDataDecryptedObject;
		// Kept although they may be hidden in, or unknown to, the type's own fields.
		for (const key of ['oauthTokenData', 'allowedHttpRequestDomains', 'allowedDomains']) {
			if (withDefaults[key] === undefined && data[key] !== undefined) withDefaults[key] = data[key];
		}
		return withDefaults;
	}

	/** Resolves expressions in values where no node's item data is at hand. */
	private async resolveAlone(
		data: ICredentialDataDecryptedObject,
		mode: WorkflowExecuteMode,
		keys: IWorkflowDataProxyAdditionalKeys,
	): Promise<ICredentialDataDecryptedObject> {
		const node: INode = {
			id: '',
			name: '',
			type: scratchNodeType.description.name,
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		const workflow = scratchWorkflow(node, scratchNodeType);
		return await workflow.expression.withIsolate(
			async () =>
				workflow.expression.getComplexParameterValue(
					node,
					data as INode['parameters'],
					mode,
					keys,
					undefined,
					undefined,
					data,
				) as ICredentialDataDecryptedObject,
		);
	}

	private resolveValue(
		value: unknown,
		credentials: ICredentialDataDecryptedObject,
		workflow: Workflow,
		node: INode,
	): unknown {
		if (!isExpression(value)) return value;
		const resolved = workflow.expression.getSimpleParameterValue(
			node,
			value,
			'internal',
			{ $credentials: credentials },
			undefined,
			'',
		);
		return resolved ? String(resolved) : '';
	}

	private find({ id, name }: INodeCredentialsDetails, type: string): StoredCredential {
		if (!id) throw new UnexpectedError(`Found credential "${name}" of type "${type}" with no ID.`);
		const credential = this.stored.get(id);
		if (credential?.type !== type) {
			throw new UnexpectedError(`Credential with ID "${id}" does not exist for type "${type}".`);
		}
		return credential;
	}
}

/** What n8n's credential dialog shows after a test. */
export interface CredentialTestOutcome {
	status: 'OK' | 'Error';
	message: string;
}

interface RequestError {
	message: string;
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

let credentialTests = 0;

/**
 * Tests a credential as n8n does when its user saves it: sends the type's `test.request` with the
 * type's authentication, then applies `test.rules`: `responseCode` to an answer that is an error,
 * `responseSuccessBody` to any other. (Functions named by a node's `testedBy` are not run.)
 */
export async function testCredential(
	types: TypeRegistry,
	store: HarnessCredentials,
	additionalData: IWorkflowExecuteAdditionalData,
	type: string,
	data: object,
): Promise<CredentialTestOutcome> {
	const credentialTest = types.getCredentialType(type).test;
	if (credentialTest === undefined) {
		return { status: 'Error', message: 'No testing function found for this credential.' };
	}
	const rules = credentialTest.rules ?? [];
	const id = `credential-test-${++credentialTests}`;
	store.set(id, { type, data });
	try {
		const node: INode = {
			id: 'temp',
			name: 'Temp-Node',
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			credentials: { [type]: { id, name: id } },
		};
		const nodeType: INodeType = {
			description: {
				...types.getByNameAndVersion(node.type).description,
				credentials: [{ name: type, required: true }],
				properties: [
					{
						displayName: 'Temp',
						name: 'temp',
						type: 'string',
						default: '',
						routing: { request: credentialTest.request },
					},
				],
			},
		};
		const workflow = scratchWorkflow(node, nodeType);
		const context = new ExecuteContext(
			workflow,
			node,
			additionalData,
			'internal',
			createEmptyRunExecutionData(),
			0,
			[],
			{ main: [[{ json: {} }]] },
			{ node, data: {}, source: null },
			[],
		);
		const decrypted = await store.getDecrypted(additionalData, { id, name: id }, type, 'internal');
		const routing = new RoutingNode(context, nodeType, { id, name: id, type, data: decrypted });
		const output = await workflow.expression.withIsolate(async () => await routing.runNode());
		const body = output?.[0]?.[0]?.json ?? {};
		for (const rule of rules) {
			if (rule.type !== 'responseSuccessBody') continue;
			const { key, value, message } = rule.properties;
			const found: unknown = NodeHelpers.getParameterValueByPath(
				body as INode['parameters'],
				key,
				'',
			);
			if (found === value) return { status: 'Error', message };
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		const { message, cause } = error as RequestError;
		if (cause?.response === undefined) {
			return { status: 'Error', message: cause?.code ?? message };
		}
		const { status, statusText } = cause.response;
		for (const rule of rules) {
			if (rule.type === 'responseCode' && rule.properties.value === status) {
				return { status: 'Error', message: rule.properties.message };
			}
		}
		if (status >= 199 && status <= 299) return { status: 'Error', message };
		return { status: 'Error', message: statusText || `Received HTTP status code: ${status}` };
	} finally {
		store.remove(id);
	}
}
