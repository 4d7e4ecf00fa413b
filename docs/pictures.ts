import type { IConnections, INode } from 'n8n-workflow';

import { readExampleWorkflows } from '../sandbox/n8n/fixtures';

/** Size of a node, and the space around the picture. */
const [WIDTH, HEIGHT, MARGIN] = [170, 52, 20];
/** How far below the usual one an error output leaves. */
const ERROR_DROP = 10;

/** A colour for each service; grey for n8n's own nodes. */
const COLOURS: Array<[RegExp, string]> = [
	[/\.yandexMarket/, '#f7c600'],
	[/\.moySklad/, '#2f80ed'],
	[/\.altegio/, '#7b4dff'],
	[/\.inspectorCloud/, '#1a9c5b'],
];
const colourOf = (type: string) => COLOURS.find(([service]) => service.test(type))?.[1] ?? '#99a';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const MARKERS = ['a #667', 'e #d33']
	.map((one) => one.split(' '))
	.map(
		([id, colour]) =>
			`<marker id="${id}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`,
	)
	.join('');

/** A workflow as its canvas shows it: nodes in the colours of their services, dashed red lines from error outputs. */
export function pictureOf(name: string, all: INode[], connections: IConnections): string {
	const nodes = all.filter(({ type }) => !type.endsWith('.stickyNote'));
	const least = (axis: 0 | 1) => Math.min(...nodes.map(({ position }) => position[axis])) - MARGIN;
	const [left, top] = [least(0), least(1)];
	const at = ({ position: [x, y] }: INode) => ({ x: x - left, y: y - top });
	const places = nodes.map(at);
	const width = Math.max(...places.map(({ x }) => x)) + WIDTH + MARGIN;
	const height = Math.max(...places.map(({ y }) => y)) + HEIGHT + MARGIN;

	const lines = nodes.flatMap((node) => {
		const from = at(node);
		const outputs = connections[node.name]?.main ?? [];
		return outputs.flatMap((targets, output) =>
			(targets ?? []).map((target) => {
				const other = nodes.find((one) => one.name === target.node);
				if (!other) throw new Error(`${name}: there is no node ${target.node}`);
				const to = at(other);
				const isError =
					node.onError === 'continueErrorOutput' && output > 0 && output === outputs.length - 1;
				const [x1, x2] = [from.x + WIDTH, to.x];
				const y1 = from.y + HEIGHT / 2 + (isError ? ERROR_DROP : 0);
				const y2 = to.y + HEIGHT / 2;
				const path = `M${x1} ${y1}C${x1 + 25} ${y1} ${x2 - 25} ${y2} ${x2} ${y2}`;
				return isError
					? `<path d="${path}" fill="none" stroke="#d33" stroke-dasharray="4 3" marker-end="url(#e)"/>`
					: `<path d="${path}" fill="none" stroke="#667" marker-end="url(#a)"/>`;
			}),
		);
	});
	const boxes = nodes.map((node) => {
		const { x, y } = at(node);
		const colour = colourOf(node.type);
		return `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="7" fill="#fff" stroke="${colour}" stroke-width="2"/><rect x="${x}" y="${y + 8}" width="5" height="${HEIGHT - 16}" fill="${colour}"/>
<text x="${x + WIDTH / 2}" y="${y + 31}" text-anchor="middle" fill="#223">${escaped(node.name)}</text>`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Arial, sans-serif" font-size="13" role="img">
<title>${escaped(name)}</title>
<defs>${MARKERS}</defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...lines, ...boxes].join('\n')}
</svg>
`;
}

/** Pictures of the bridges (examples/bridge-*.json), by the paths that docs/bridges.md shows. */
export function picturesOfBridges(): Array<[file: string, content: string]> {
	return readExampleWorkflows()
		.filter(({ file }) => file.startsWith('bridge-'))
		.map(({ file, workflow: { name, nodes, connections } }) => [
			`docs/images/${file.replace('.json', '.svg')}`,
			pictureOf(name, nodes as INode[], connections as IConnections),
		]);
}
