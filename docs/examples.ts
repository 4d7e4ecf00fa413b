import type { INode } from 'n8n-workflow';

import { tableOf } from './table';
import { readExampleWorkflows } from '../sandbox/n8n/fixtures';

/** The page of the example workflows: what the first sticky note of each says, by the service that it is about. */
export function examplesPage(head: string): string {
	const services = new Map<string, string[][]>();
	for (const { file, workflow } of readExampleWorkflows()) {
		const [service, job] = workflow.name.split(/: (.*)/s);
		const sticky = (workflow.nodes as INode[]).find(
			({ type }) => type === 'n8n-nodes-base.stickyNote',
		);
		const [, about = ''] = String(sticky?.parameters.content ?? '').split(/^## .*\n/m);
		if (!job || !about) {
			throw new Error(
				`examples/${file}: the name is not "Service: job", or no note says what it does`,
			);
		}
		const [first] = about.split('\n\n');
		const rows = services.get(service) ?? [];
		services.set(service, [
			...rows,
			[`[${job.charAt(0).toUpperCase() + job.slice(1)}](../examples/${file})`, first],
		]);
	}
	const chapters = [...services].map(([service, rows]) =>
		[`## ${service}`, '', ...tableOf(['job', 'what it does'], rows)].join('\n'),
	);
	return `# Example workflows

${head}

Copy a file's text and paste it onto n8n's canvas, or take _Import → From file_ in the menu ⋯ beside the workflow's name; then choose your credentials. \`npm run demo\` runs all of them against services that behave like the vendors, \`npm start\` opens them in an n8n of your own. Sticky notes in each say what may be changed and what happens when something fails.

${chapters.join('\n\n')}
`;
}
