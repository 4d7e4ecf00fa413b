/**
 * `npm run fixtures -- VERSION [FOLDER]`: writes what workflows of a release look like, and what they sent, into
 * test/releases/<VERSION>.json. Done once, when a release is made; its file is never written again, since what its users
 * have saved does not change. FOLDER is a checkout of that release, built; without it, this one.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { TRIGGER_ROWS } from '../engine/triggerRows';
import type { Fixture, Release } from './replay';
import { Stage } from './replay';
import { candidatesOf, versionOf } from './shapes';

/** Nodes of the release's own examples: what people have imported. Those without expressions can run by themselves. */
function ofExamples(folder: string, stage: Stage): Fixture[] {
	const { packageName, nodeTypes } = stage.engine;
	const files = readdirSync(path.join(folder, 'examples')).filter((name) => /\.json$/.test(name));
	const nodes = files.sort().flatMap((file) => {
		const text = readFileSync(path.join(folder, 'examples', file), 'utf8');
		const workflow = JSON.parse(text) as { nodes: Array<Fixture & { name: string }> };
		return workflow.nodes.map((node) => ({ ...node, shows: `${file}: ${node.name}` }));
	});
	return nodes
		.filter(({ type }) => nodeTypes.includes(type))
		.map(({ type, typeVersion, shows, parameters }) => ({
			type: type.slice(packageName.length + 1),
			typeVersion,
			shows,
			parameters,
		}));
}

const stands = ({ type, parameters }: Fixture) =>
	!type.endsWith('Trigger') && !JSON.stringify(parameters).includes('"=');

/** A form for each kind of parameter of the action nodes that sends something when it runs. */
async function ofShapes(stage: Stage): Promise<Fixture[]> {
	const found: Fixture[] = [];
	for (const full of stage.engine.nodeTypes.filter((name) => !name.endsWith('Trigger'))) {
		const type = full.slice(stage.engine.packageName.length + 1);
		const description = stage.describe(type);
		const typeVersion = versionOf(description);
		const known = new Set<string>();
		const tries = new Map<string, number>();
		const needs = (shape: string) => !known.has(shape) && (tries.get(shape) ?? 0) < 25;
		for (const { shapes, parameters } of candidatesOf(description, needs)) {
			const fixture: Fixture = { type, typeVersion, shows: shapes.join(), parameters };
			const { sent } = await stage.run(fixture);
			if (sent.length > 0) {
				found.push(fixture);
				for (const shape of shapes) known.add(shape);
			} else for (const shape of shapes) tries.set(shape, (tries.get(shape) ?? 0) + 1);
		}
		const not = [...tries.keys()].filter((shape) => !known.has(shape));
		process.stdout.write(
			`${type}: ${known.size} kinds${not.map((s) => `\n  not run: ${s}`).join('')}\n`,
		);
	}
	return found;
}

/** Every trigger of the release with a form that does much. */
function ofTriggers(stage: Stage): Fixture[] {
	const { nodeTypes, packageName } = stage.engine;
	return TRIGGER_ROWS.filter(([type]) => nodeTypes.includes(`${packageName}.${type}`)).map(
		([type, , parameters, call]) => {
			const { properties, ...description } = stage.describe(type);
			const has = (name: string) => properties.some((one) => one.name === name);
			const own = Object.entries(parameters).filter(([name]) => has(name));
			return {
				type,
				typeVersion: versionOf({ properties, ...description }),
				shows: 'trigger',
				parameters: Object.fromEntries(own) as IDataObject,
				...(call ? { call } : {}),
			};
		},
	);
}

async function main(): Promise<void> {
	const [version, folder = path.resolve(__dirname, '../..')] = process.argv.slice(2);
	if (!/^(\d+\.\d+\.\d+|next)$/.test(version ?? '')) {
		throw new Error('Usage: npm run fixtures -- VERSION [folder of that release, built]');
	}
	const file = path.join(__dirname, `${version}.json`);
	if (version !== 'next' && existsSync(file)) throw new Error(`${file} is written already`);
	const trying = await Stage.open(folder);
	const fixtures = [
		...ofExamples(folder, trying),
		...ofTriggers(trying),
		...(await ofShapes(trying)),
	];
	await trying.close();
	const stage = await Stage.open(folder);
	// Afresh, with nothing in between that is not part of the file.
	for (const fixture of fixtures) {
		if (fixture.shows.includes('.json: ') && !stands(fixture)) continue;
		Object.assign(fixture, await stage.run(fixture));
	}
	await stage.close();
	const release: Release = { version, fixtures };
	const lines = release.fixtures.map((fixture) => JSON.stringify(fixture));
	const text = `{"version":${JSON.stringify(version)},"fixtures":[\n${lines.join(',\n')}\n]}\n`;
	writeFileSync(file, text);
	process.stdout.write(`${fixtures.length} fixtures: ${path.relative(process.cwd(), file)}\n`);
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(
			`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
		);
		process.exit(1);
	},
);
