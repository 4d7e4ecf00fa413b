import './environment';

import { existsSync } from 'node:fs';
import path from 'node:path';
import {
	PackageDirectoryLoader,
	UnrecognizedCredentialTypeError,
	UnrecognizedNodeTypeError,
} from 'n8n-core';
import { injectDomainRestrictionFields, NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	INodeType,
	INodeTypes,
	IVersionedNodeType,
} from 'n8n-workflow';
import { createBuiltinNodeTypes } from './builtin-nodes';

/** How the name of a node that is used as a tool ends. */
const TOOL = 'Tool';

/** Node and credential types of one package, as n8n loads them, and the harness's own nodes. */
export class TypeRegistry implements INodeTypes {
	private readonly builtins = createBuiltinNodeTypes();
	private readonly tools = new Map<string, INodeType>();

	private constructor(private readonly loader: PackageDirectoryLoader) {}

	/**
	 * Loads the built package in `packageDir` through n8n's own loader.
	 * @throws if a file that `package.json` names under `n8n` is missing, or n8n refuses a type
	 */
	static async load(packageDir: string): Promise<TypeRegistry> {
		const loader = new PackageDirectoryLoader(packageDir);
		const { nodes = [], credentials = [] } = loader.packageJson.n8n ?? {};
		const missing = [...nodes, ...credentials].filter(
			(file) => !existsSync(path.join(packageDir, file)),
		);
		if (missing.length > 0) {
			throw new Error(
				`${packageDir} is not built (missing ${missing.join(', ')}): run \`npm run build\` first`,
			);
		}
		await loader.loadAll();
		for (const { type } of Object.values(loader.credentialTypes)) {
			const credentialType = type as ICredentialType;
			credentialType.properties = injectDomainRestrictionFields(credentialType);
		}
		return new TypeRegistry(loader);
	}

	get packageName(): string {
		return this.loader.packageName;
	}

	/** Full type names of the package's nodes, in the order of its `package.json`. */
	get nodeNames(): string[] {
		return Object.keys(this.loader.nodeTypes).map((name) => `${this.packageName}.${name}`);
	}

	/** Names of the package's credential types, in the order of its `package.json`. */
	get credentialNames(): string[] {
		return Object.keys(this.loader.credentialTypes);
	}

	getByName(nodeType: string): INodeType | IVersionedNodeType {
		const builtin = this.builtins[nodeType];
		if (builtin !== undefined) return builtin;
		const prefix = `${this.packageName}.`;
		const name = nodeType.startsWith(prefix) ? nodeType.slice(prefix.length) : '';
		const loaded = this.loader.nodeTypes[name];
		if (loaded === undefined) {
			if (name.endsWith(TOOL)) return this.tool(nodeType);
			const separator = nodeType.lastIndexOf('.');
			throw new UnrecognizedNodeTypeError(
				nodeType.slice(0, Math.max(separator, 0)),
				nodeType.slice(separator + 1),
			);
		}
		return loaded.type;
	}

	/** A node that may be used as a tool, as n8n offers it to agents: beside its own type, under a name of its own. */
	private tool(toolType: string): INodeType {
		const known = this.tools.get(toolType);
		if (known) return known;
		const nodeType = this.getByNameAndVersion(toolType.slice(0, -TOOL.length));
		const { description } = nodeType;
		if (!description.usableAsTool) throw new Error(`${description.displayName} is no tool`);
		const tool = Object.create(nodeType, {
			description: {
				value: {
					...description,
					name: `${description.name}${TOOL}`,
					inputs: [],
					outputs: [NodeConnectionTypes.AiTool],
				},
			},
		}) as INodeType;
		this.tools.set(toolType, tool);
		return tool;
	}

	getByNameAndVersion(nodeType: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(nodeType), version);
	}

	getKnownTypes(): IDataObject {
		const known = Object.entries(this.loader.known.nodes);
		return Object.fromEntries(
			known.map(([name, details]) => [`${this.packageName}.${name}`, { ...details }]),
		);
	}

	/** The type version that a node gets when it is put on the canvas now. */
	latestVersion(nodeType: string): number {
		const { description } = this.getByNameAndVersion(nodeType);
		const { defaultVersion, version } = description;
		return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
	}

	/** @throws UnrecognizedCredentialTypeError if the package has no such credential type */
	getCredentialType(name: string): ICredentialType {
		const loaded = this.loader.credentialTypes[name];
		if (loaded === undefined) throw new UnrecognizedCredentialTypeError(name);
		return loaded.type;
	}

	/** Full names of the node types that declare a credential type. */
	supportedNodes(credentialType: string): string[] {
		const names = this.loader.known.credentials[credentialType]?.supportedNodes ?? [];
		return names.map((name) => `${this.packageName}.${name}`);
	}
}
