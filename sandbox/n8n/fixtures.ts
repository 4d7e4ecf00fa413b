/**
 * What the sandbox's n8n is filled with: credentials that point at the sandbox, under ids that the
 * example workflows and the tests refer to, and the example workflows themselves.
 */
import { existsSync, readdirSync, readFileSync } from 'fs';
import path from 'path';
import type { ImportedCredential, ImportedWorkflow } from './n8n';

/** Id and name of each credential; workflows refer to both. */
export const credentialReferences = {
	moySkladApi: { id: 'sandboxMoySklad01', name: 'MoySklad (sandbox)' },
	yandexMarketApi: { id: 'sandboxYandex0001', name: 'Yandex Market (sandbox)' },
	altegioApi: { id: 'sandboxAltegio001', name: 'Altegio (sandbox)' },
	inspectorCloudApi: { id: 'sandboxInspect001', name: 'Inspector Cloud (sandbox)' },
} as const;

export type CredentialType = keyof typeof credentialReferences;

export const credentialTypes = Object.keys(credentialReferences) as CredentialType[];

/** The four credentials, as the sandbox hands them out, as n8n's `import:credentials` takes them. */
export function sandboxCredentialImports(
	credentials: Record<CredentialType, object>,
): ImportedCredential[] {
	return credentialTypes.map((type) => ({
		...credentialReferences[type],
		type,
		data: { ...credentials[type] },
	}));
}

/** Where the sandbox of `npm start` listens, if the ports are free; the example workflows name some of them. */
export const sandboxPorts = {
	control: 4700,
	moysklad: 4701,
	storage: 4702,
	yandexMarket: 4703,
	altegio: 4704,
	inspectorCloud: 4705,
};

/** True for a trigger that registers its webhooks at the vendor by itself. */
export const registersWebhooks = (type: string): boolean =>
	/^n8n-nodes-retail-ops\.(moySklad|altegio)Trigger$/.test(type);

/** The checkout. */
export const projectFolder = path.dirname(path.dirname(__dirname));

/**
 * Every workflow of examples/*.json, by file name.
 *
 * @throws Error naming the file that is not a workflow with an id
 */
export function readExampleWorkflows(): Array<{ file: string; workflow: ImportedWorkflow }> {
	const folder = path.join(projectFolder, 'examples');
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => {
			const workflow = JSON.parse(
				readFileSync(path.join(folder, file), 'utf8'),
			) as Partial<ImportedWorkflow>;
			if (!workflow.id || !workflow.name || !Array.isArray(workflow.nodes)) {
				throw new Error(`examples/${file} is not a workflow with "id", "name" and "nodes"`);
			}
			return { file, workflow: workflow as ImportedWorkflow };
		});
}

/** The workflows of examples/, with the addresses of a sandbox that has other ports than that of `npm start`. */
export function exampleWorkflowsAt(
	urls: Record<'storage' | 'yandexMarket', string>,
): ImportedWorkflow[] {
	const here = (text: string) =>
		text
			.replaceAll(`http://127.0.0.1:${sandboxPorts.storage}`, urls.storage)
			.replaceAll(`http://127.0.0.1:${sandboxPorts.yandexMarket}`, urls.yandexMarket);
	return readExampleWorkflows().map(
		({ workflow }) => JSON.parse(here(JSON.stringify(workflow))) as ImportedWorkflow,
	);
}
