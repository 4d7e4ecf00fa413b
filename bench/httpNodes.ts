/**
 * n8n's own HTTP Request and Split Out nodes, from the n8n that `npm start` installs, for the harness's
 * engine; and how a person sets them up against MoySklad.
 */
import { createRequire } from 'node:module';
import path from 'node:path';

import type { INodeType, VersionedNodeType } from 'n8n-workflow';

import { hostFolder } from '../sandbox/setup.mjs';
import { registerNodeType } from '../test/engine/harness/builtin-nodes';

const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';
const SPLIT_OUT = 'n8n-nodes-base.splitOut';

/**
 * Puts both node types into the engines that this process creates. Needs the installed n8n.
 * @returns `onSplitOut` is called whenever Split Out begins to work
 */
export function loadHttpNodes(): { onSplitOut: () => void } {
	const fromHost = createRequire(path.join(hostFolder, 'package.json'));
	shareModule(fromHost, 'n8n-workflow');
	const folder = path.join(
		path.dirname(fromHost.resolve('n8n-nodes-base/package.json')),
		'dist',
		'nodes',
	);
	const { HttpRequest } = fromHost(path.join(folder, 'HttpRequest', 'HttpRequest.node.js')) as {
		HttpRequest: new () => VersionedNodeType;
	};
	const { SplitOut } = fromHost(path.join(folder, 'Transform', 'SplitOut', 'SplitOut.node.js')) as {
		SplitOut: new () => INodeType;
	};
	const marks = { onSplitOut: () => {} };
	const splitOut = new SplitOut();
	const { execute } = splitOut;
	splitOut.execute = async function (...args) {
		marks.onSplitOut();
		return (await execute?.apply(this, args)) ?? null;
	};
	registerNodeType(HTTP_REQUEST, new HttpRequest());
	registerNodeType(SPLIT_OUT, splitOut);
	return marks;
}

/**
 * Lets the installed n8n's nodes use the engine's copy of a module, as in a real n8n, where there is one: a
 * second copy would make them look heavier than they are.
 */
function shareModule(fromHost: NodeJS.Require, name: string): void {
	const own = createRequire(__filename);
	const version = (from: NodeJS.Require) =>
		(from(`${name}/package.json`) as { version: string }).version;
	if (version(fromHost) !== version(own)) return;
	own(name);
	own.cache[fromHost.resolve(name)] = own.cache[own.resolve(name)];
}
