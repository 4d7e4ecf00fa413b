/**
 * `npm run fixtures -- VERSION [FOLDER]`: writes what workflows of a release look like, and what they sent, into
 * test/releases/<VERSION>.json. Done once, when a release is made; its file is never written again, since what its users
 * have saved does not change. FOLDER is a checkout of that release, built; without it, this one.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_LOCATIONS } from '../../sandbox';
import { TRIGGER_ROWS } from '../engine/triggerRows';
import { savedMapper } from '../unit/editorMapper';
import type { Fixture, Release } from './replay';
import { Stage } from './replay';
import type { Candidate } from './shapes';
import { candidatesOf, filledIn, versionOf } from './shapes';

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

/**
 * Puts the columns that the node tells into a mapper, and saves it as the editor does: with their whole description, and
 * what a person has filled in. False where the mapper has no column of that kind.
 */
async function fillMapper(
	stage: Stage,
	type: string,
	{ shapes, parameters, mapper }: Required<Candidate>,
): Promise<boolean> {
	const method = mapper.typeOptions?.resourceMapper?.resourceMapperMethod;
	if (method === undefined) return false;
	// Columns of an account come of what the sandbox knows.
	if ('locationId' in parameters) {
		parameters.locationId = { __rl: true, mode: 'id', value: String(ALTEGIO_LOCATIONS.first) };
	}
	// Without them, a person sees why, and cannot fill in the form.
	const fields = await stage.mapperFields(type, method, parameters).catch(() => []);
	const touched = filledIn(fields, shapes.join().split(' ').at(-1) ?? '');
	if (!touched) return false;
	parameters[mapper.name] = savedMapper(fields, touched) as unknown as IDataObject;
	return true;
}

/** A form for each kind of parameter of the action nodes that sends something when it runs. */
async function ofShapes(stage: Stage): Promise<Fixture[]> {
	const found: Fixture[] = [];
	for (const full of stage.engine.nodeTypes.filter((name) => !name.endsWith('Trigger'))) {
		const type = full.slice(stage.engine.packageName.length + 1);
		const description = stage.describe(type);
		const typeVersion = versionOf(description);
		const known = new Set<string>();
		const tries = new Map<string, number>();
		const refused = new Map<string, Fixture>();
		const needs = (shape: string) => !known.has(shape) && (tries.get(shape) ?? 0) < 25;
		for (const { shapes, parameters, mapper } of candidatesOf(description, needs)) {
			if (mapper && !(await fillMapper(stage, type, { shapes, parameters, mapper }))) continue;
			const fixture: Fixture = { type, typeVersion, shows: shapes.join(), parameters };
			const { sent, came } = await stage.run(fixture);
			// A column may hold anything: that a vendor took it shows more than what was asked for on the way to a refusal.
			if (mapper && came.failed && sent.length > 0) {
				for (const shape of shapes) if (!refused.has(shape)) refused.set(shape, fixture);
			}
			if (sent.length > 0 && !(mapper && came.failed)) {
				found.push(fixture);
				for (const shape of shapes) known.add(shape);
			} else for (const shape of shapes) tries.set(shape, (tries.get(shape) ?? 0) + 1);
		}
		for (const [shape, fixture] of refused) {
			if (known.has(shape)) continue;
			found.push(fixture);
			known.add(shape);
		}
		const not = [...tries.keys()].filter((shape) => !known.has(shape));
		process.stdout.write(
			`${type}: ${known.size} kinds${not.map((s) => `\n  not run: ${s}`).join('')}\n`,
		);
	}
	return found;
}

/**
 * Every trigger of the release: with a form that does much, and the same with each other kind of parameter that it has.
 * Those forms are left out with which it is not published, and with which nothing is asked and nothing comes.
 */
async function ofTriggers(stage: Stage): Promise<Fixture[]> {
	const { nodeTypes, packageName } = stage.engine;
	const found: Fixture[] = [];
	for (const [type, , parameters, call] of TRIGGER_ROWS) {
		if (!nodeTypes.includes(`${packageName}.${type}`)) continue;
		const description = stage.describe(type);
		const has = (name: string) => description.properties.some((one) => one.name === name);
		const own = Object.fromEntries(
			Object.entries(parameters).filter(([name]) => has(name)),
		) as IDataObject;
		const common = {
			type,
			typeVersion: versionOf(description),
			...(call ? { call } : {}),
		};
		found.push({ ...common, shows: 'trigger', parameters: own });
		const known = new Set<string>();
		for (const { shapes, parameters: more } of candidatesOf(
			description,
			(one) => !known.has(one),
		)) {
			const form = withMore(own, more);
			if (JSON.stringify(form) === JSON.stringify(own)) continue;
			const fixture = { ...common, shows: `trigger, ${shapes.join()}`, parameters: form };
			const ran = await stage.run(fixture).catch(() => undefined);
			if (!ran || ran.came.failed || ran.sent.length + ran.came.items === 0) continue;
			found.push(fixture);
			for (const shape of shapes) known.add(shape);
		}
	}
	return found;
}

/** A form with other values, and with more options beside those that it has. */
function withMore(own: IDataObject, more: IDataObject): IDataObject {
	const form = { ...own, ...more };
	for (const [name, options] of Object.entries(own)) {
		const isLocator = (options as IDataObject)?.__rl === true;
		// What the sandbox knows stays: of a place that nobody knows nothing comes.
		if (isLocator) form[name] = options;
		if (typeof options !== 'object' || Array.isArray(options) || isLocator) continue;
		if (name in more) form[name] = { ...options, ...(more[name] as IDataObject) } as IDataObject;
	}
	return form;
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
		...(await ofTriggers(trying)),
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
