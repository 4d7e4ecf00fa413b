/** How n8n fares with publishing and unpublishing, as its editor learns it. */
import { waitFor } from '../../sandbox/n8n/n8n';
import type { Host } from './types';

/** n8n gives up after 84 s by itself, and what it has abandoned may take as long again. */
const DONE_MS = 180_000;

/** What n8n answers about the publication of a workflow (n8n 2.41). */
export interface Publication {
	status: 'in_progress' | 'published' | 'partial' | 'failed' | 'not_published';
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

/** Waits until n8n is done with publishing or unpublishing a workflow, however that went. */
export async function publicationDone(host: Host, workflowId: string): Promise<Publication> {
	const path = `/rest/workflows/${workflowId}/publication-status`;
	return await waitFor(
		`n8n to be done with ${workflowId}`,
		async () => {
			const publication = await host.api.request<Publication>('GET', path);
			return publication.status === 'in_progress' ? undefined : publication;
		},
		DONE_MS,
	);
}

/** What n8n says about the triggers that it could not register; empty when there are none. */
export function wordsOf({ triggers }: Publication): string {
	return triggers
		.map(({ errorMessage }) => errorMessage)
		.filter(Boolean)
		.join('; ');
}
