/**
 * The forms of the credentials: where a token comes from stands in them, what few people need does not, and n8n's
 * own way of saving and reading them loses nothing that was set. n8n keeps the fields that it shows only
 * (`NodeHelpers.getNodeParameters`, as its editor and its credentials helper call it).
 */
import type { ICredentialDataDecryptedObject, ICredentialType, IDataObject } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { AltegioApi } from '../../credentials/AltegioApi.credentials';
import { InspectorCloudApi } from '../../credentials/InspectorCloudApi.credentials';
import { MoySkladApi } from '../../credentials/MoySkladApi.credentials';
import { YandexMarketApi } from '../../credentials/YandexMarketApi.credentials';
import { connect as connectAltegio } from '../../nodes/Altegio/connection';
import { connect as connectInspector } from '../../nodes/InspectorCloud/connection';
import { connect as connectMoySklad } from '../../nodes/MoySklad/connection';
import { connect as connectYandex } from '../../nodes/YandexMarket/connection';

type Values = ICredentialDataDecryptedObject;

/** As the editor opens them: every field that is not there gets its default. */
function opened({ properties }: ICredentialType, saved: Values): Values {
	const defaults = properties.map(({ name, default: value }) => [name, value]);
	return { ...(Object.fromEntries(defaults) as Values), ...saved };
}

function kept({ properties }: ICredentialType, values: Values, withDefaults: boolean): Values {
	return NodeHelpers.getNodeParameters(
		properties,
		values as never,
		withDefaults,
		false,
		null,
		null,
	) as Values;
}

/** As the editor saves them. */
const saved = (type: ICredentialType, values: Values) => kept(type, opened(type, values), false);
/** As the nodes get them. */
const handedOver = (type: ICredentialType, values: Values) => kept(type, values, true);

const shown = (type: ICredentialType, values: Values) =>
	type.properties.filter((property) =>
		NodeHelpers.displayParameter(opened(type, values) as never, property, null, null),
	);

const connects: Record<string, typeof connectYandex> = {
	altegioApi: connectAltegio,
	yandexMarketApi: connectYandex,
};

const TYPES: Array<[ICredentialType, Values[], string[]]> = [
	[
		new MoySkladApi(),
		[{ authentication: 'accessToken' }, { authentication: 'login' }],
		['rateLimit', 'processes', 'baseUrl'],
	],
	[new YandexMarketApi(), [{ host: 'ru' }, { host: 'net' }, { host: 'custom' }], ['baseUrl']],
	[
		new AltegioApi(),
		[{ platform: 'altegio' }, { platform: 'yclients' }, { platform: 'custom' }],
		['baseUrl'],
	],
	[new InspectorCloudApi(), [{}], ['dataApiVersion']],
];

describe.each(TYPES.map(([type, forms, rare]) => ({ type, forms, rare, name: type.displayName })))(
	'$name',
	({ type, forms, rare }) => {
		it.each(forms)('says where the secrets come from: %j', (form) => {
			const properties = shown(type, form);
			const notices = properties.filter((property) => property.type === 'notice');
			const secrets = properties.filter(({ typeOptions }) => typeOptions?.password);
			const [first] = secrets;
			expect(properties.indexOf(notices[0])).toBeLessThan(properties.indexOf(first));
			for (const { displayName } of notices) expect(displayName.length).toBeGreaterThan(60);
			// A tooltip is not read, and would say it twice.
			for (const { description } of secrets) expect(description).toBeUndefined();
		});

		it.each(forms)('shows what is rare behind a switch only: %j', (form) => {
			const names = (values: Values) => shown(type, values).map(({ name }) => name);
			expect(names(form).filter((name) => rare.includes(name))).toEqual([]);
			expect(names({ ...form, advanced: true })).toEqual(expect.arrayContaining(rare));
			for (const values of [form, { ...form, advanced: true }]) {
				expect(new Set(names(values)).size).toBe(names(values).length);
			}
		});
	},
);

describe('a value that stands behind the switch', () => {
	const old: Array<[string, ICredentialType, Values]> = [
		['rate limit', new MoySkladApi(), { accessToken: 'a', rateLimit: 'calendar' }],
		['workers', new MoySkladApi(), { accessToken: 'a', processes: 4 }],
		['address', new MoySkladApi(), { accessToken: 'a', baseUrl: 'https://proxy.example/api' }],
		[
			'all of them, with a login',
			new MoySkladApi(),
			{
				authentication: 'login',
				login: 'a@b',
				password: 'p',
				rateLimit: 'calendar',
				processes: 2,
				baseUrl: 'https://proxy.example/api',
			},
		],
		['version', new InspectorCloudApi(), { host: 'a.example', token: 't', dataApiVersion: 'v1.1' }],
	];

	it.each(old)('%s: holds in a credential of before the switch', (_what, type, values) => {
		expect(handedOver(type, values)).toMatchObject(values);
	});

	it.each(old)('%s: stays when that credential is opened and saved', (_what, type, values) => {
		expect(saved(type, values)).toEqual(values);
	});

	it.each(old)('%s: is shown, so that nothing works unseen', (_what, type, values) => {
		const names = shown(type, values).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(Object.keys(values)));
	});

	it.each(old)('%s: stays when the switch is turned on and off', (_what, type, values) => {
		const on = saved(type, { ...values, advanced: true });
		expect(on).toEqual({ ...values, advanced: true });
		expect(handedOver(type, saved(type, { ...on, advanced: false }))).toMatchObject(values);
	});

	const places: Array<[string, ICredentialType, string, Values]> = [
		['Yandex Market', new YandexMarketApi(), 'host', { apiKey: 'k' }],
		['Altegio', new AltegioApi(), 'platform', { partnerToken: 'p', userToken: 'u' }],
	];

	it.each(places)('%s: an address of its own is offered there only', (_, type, name, tokens) => {
		const choices = (values: Values) =>
			shown(type, values)
				.filter((property) => property.name === name)
				.flatMap(({ options = [] }) =>
					options.map((option) => ('value' in option ? option.value : undefined)),
				);
		expect(choices(tokens)).toHaveLength(2);
		expect(choices({ ...tokens, advanced: true })).not.toContain('custom');
		// Credentials of before had it among the choices, and keep it.
		const former = { ...tokens, [name]: 'custom', customUrl: 'https://proxy.example/a' };
		expect(choices(former)).toContain('custom');
		expect(saved(type, former)).toEqual(former);
		expect(handedOver(type, former)).toMatchObject(former);
		const own = { ...tokens, advanced: true, baseUrl: 'https://proxy.example/a/' };
		expect(saved(type, own)).toEqual(own);
		const off = handedOver(type, { ...own, advanced: false });
		expect([former, off].map((values) => connects[type.name](values).baseUrl)).toEqual([
			'https://proxy.example/a',
			'https://proxy.example/a',
		]);
	});

	it('is the default where nobody changed it', () => {
		const moySklad = handedOver(new MoySkladApi(), { accessToken: 'a' });
		const untouched = connectMoySklad({ accessToken: 'a' });
		const opened = connectMoySklad(moySklad);
		expect([opened.baseUrl, opened.budgetKey, opened.policy.sharedBy]).toEqual([
			untouched.baseUrl,
			untouched.budgetKey,
			untouched.policy.sharedBy,
		]);
		const inspector = { host: 'a.example', token: 't' };
		expect(connectInspector(handedOver(new InspectorCloudApi(), inspector)).baseUrl).toBe(
			connectInspector(inspector).baseUrl,
		);
	});

	it('reaches the budget of requests', () => {
		const values = { accessToken: 'a', rateLimit: 'calendar', processes: 4 };
		const request = { method: 'GET' as const, path: '/entity/product' };
		const now = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 1));
		const weights = (given: IDataObject) => {
			const { policy } = connectMoySklad(handedOver(new MoySkladApi(), given as Values));
			return [policy.sharedBy, policy.windows[0].weigh(request)];
		};
		expect(weights(values)).toEqual([4, 3]);
		expect(weights({ accessToken: 'a' })).toEqual([1, 4]);
		now.mockRestore();
	});
});
