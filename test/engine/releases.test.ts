/**
 * Workflows as each release has saved them (test/releases/<version>.json, written by that release's own code): they open
 * with nothing lost and nothing red, send the same requests, and what came then comes now.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { ResourceMapperValue } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { Came, Fixture, Release, Sent } from '../releases/replay';
import { nodeOf, Stage } from '../releases/replay';

const FOLDER = path.resolve(__dirname, '..', 'releases');
const releases = readdirSync(FOLDER)
	.filter((file) => /^(\d+\.\d+\.\d+|next)\.json$/.test(file))
	.map((file) => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Release);

/** Columns that a row does not have any more, as CHANGELOG.md says: other ones have taken their places. */
const GONE: Record<string, string[]> = {
	'0.1.0 moySklad assortment getAll': ['externalCode', 'inTransit', 'reserve'],
};

const named = ({ type, shows, parameters: { resource, operation } }: Fixture) =>
	[type, resource, operation, shows].filter(Boolean).join(' › ');

test('the first release and the next one have their fixtures', () => {
	const versions = releases.map(({ version }) => version);
	expect(versions).toEqual(expect.arrayContaining(['0.1.0', 'next']));
	const { fixtures } = releases.find(({ version }) => version === 'next') as Release;
	expect(new Set(fixtures.map(({ type }) => type)).size).toBe(13);
});

test('mappers hold their columns, as the editor saves them, and each trigger has more than one form', () => {
	const { fixtures } = releases.find(({ version }) => version === 'next') as Release;
	const mappers = fixtures.flatMap(({ type, shows, parameters }) =>
		Object.values(parameters)
			.filter((value) => (value as ResourceMapperValue | null)?.mappingMode === 'defineBelow')
			.map((value) => ({ type, shows, ...(value as unknown as ResourceMapperValue) })),
	);
	const made = mappers.filter(({ shows }) => shows.startsWith('resourceMapper'));
	expect(new Set(made.map(({ type }) => type)).size).toBeGreaterThanOrEqual(4);
	for (const { shows, value, schema } of made) {
		const known = schema.map(({ id }) => id);
		expect([shows, known]).toEqual([shows, expect.arrayContaining(Object.keys(value ?? {}))]);
	}
	const forms = new Map<string, number>();
	for (const { type } of fixtures) {
		if (type.endsWith('Trigger')) forms.set(type, (forms.get(type) ?? 0) + 1);
	}
	expect(forms.size).toBe(8);
	expect([...forms].filter(([, many]) => many < 2)).toEqual([]);
});

describe.each(releases.map((release) => [release.version, release] as const))(
	'workflows of %s',
	(version, { fixtures }) => {
		let stage: Stage;

		beforeAll(async () => {
			stage = await Stage.open();
		});
		afterAll(async () => await stage?.close());

		test.each(fixtures.map((fixture) => [named(fixture), fixture] as const))(
			'%s opens',
			(_name, fixture) => {
				const description = stage.describe(fixture.type, fixture.typeVersion);
				const node = nodeOf(fixture, stage.engine.packageName);
				const { properties } = description;
				const opened = NodeHelpers.getNodeParameters(
					properties,
					structuredClone(node.parameters),
					true,
					false,
					node,
					description,
				);
				expect(opened).toMatchObject(node.parameters);
				const issues = NodeHelpers.getNodeParametersIssues(properties, node, description);
				expect(issues).toBeNull();
			},
		);

		// In the order of the file: what one makes the next one may see.
		test('send what they sent, and give what they gave', async () => {
			const run = fixtures.filter(({ sent }) => sent !== undefined);
			expect(run.length).toBeGreaterThan(10);
			const differ: unknown[] = [];
			for (const fixture of run) {
				const { sent, came } = await stage.run(fixture);
				const { type, parameters } = fixture;
				const key = [version, type, parameters.resource, parameters.operation].join(' ');
				// Raw rows have all that the vendor sends.
				const gone = parameters.simplify === false ? [] : (GONE[key] ?? []);
				const then = { sent: fixture.sent as Sent[], came: without(fixture.came as Came, gone) };
				const told = { sent, came: kept(then.came, came) };
				if (!same(told, then)) differ.push({ of: named(fixture), then, now: { sent, came } });
			}
			expect(differ).toEqual([]);
		}, 300_000);
	},
);

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What came, without fields that have been added since. */
function kept(then: Came, now: Came): Came {
	return { ...now, fields: now.fields.filter((field) => then.fields.includes(field)) };
}

function without(came: Came, gone: string[]): Came {
	return { ...came, fields: came.fields.filter((field) => !gone.includes(field)) };
}
