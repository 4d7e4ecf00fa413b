import { startAltegio, ALTEGIO_PATH } from './altegio';
import { AltegioHooks } from './altegio/hooks';
import { AltegioLimits } from './altegio/limits';
import { AltegioRecords } from './altegio/records';
import { AltegioSalon } from './altegio/salon';
import { startControl } from './control';
import {
	ALTEGIO_TOKENS,
	INSPECTOR_TOKENS,
	MOYSKLAD_LOGIN,
	MOYSKLAD_TOKENS,
	YANDEX_KEYS,
} from './credentials';
import { startInspectorCloud } from './inspector-cloud';
import { InspectorState } from './inspector-cloud/state';
import { API_PATH, startMoySklad } from './moysklad';
import { MoySkladState } from './moysklad/state';
import { Faults } from './shared/faults';
import { RequestLog } from './shared/log';
import type { RunningServer, ServerContext } from './shared/server';
import type { Latency, ListenerName, VendorName } from './shared/types';
import type { Sandbox, SandboxCredentials, SandboxOptions } from './types';
import { startStorage } from './storage';
import type { YandexState, YandexStocks } from './yandex-market';
import { startYandexMarket } from './yandex-market';
import { YandexCabinet } from './yandex-market/cabinet';
import { YandexGoods } from './yandex-market/goods';
import { YandexOutlets } from './yandex-market/outlets';
import { YandexOrders } from './yandex-market/orders';
import { YandexReports } from './yandex-market/reports';
import { YandexLimits } from './yandex-market/limits';

export * from './credentials';
export { JPEG } from './inspector-cloud/state';
export type { InspectorState } from './inspector-cloud/state';
export type { Delivery, DeliveryAttempt } from './moysklad/deliveries';
export type { Change, MoySkladState } from './moysklad/state';
export type { ArmedFault, Fault } from './shared/faults';
export type { RequestLogEntry } from './shared/log';
export type { Latency, LimitsMode, ListenerName, VendorName } from './shared/types';
export type { Resource, ResourceLimit } from './yandex-market/limits';

export type { Sandbox, SandboxCredentials, SandboxOptions } from './types';

/**
 * Starts the sandbox: one listener per vendor, one for MoySklad's storage host, one for control.
 * Rejects when a port is taken; nothing is left running then.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const host = options.host ?? '127.0.0.1';
	const seed = options.seed ?? 1;
	const mode = options.limits ?? 'documented';
	const latency: Latency = { baseMs: 0, perRowMs: 0, ...options.latency };
	const log = new RequestLog();
	const faults = new Faults();
	const context: ServerContext = { host, log, faults, latency };
	const moysklad = new MoySkladState({
		seed,
		rows: options.assortmentRows ?? 25_000,
		limits: mode,
		weightDate: options.weightDate,
		webhookDeadlineMs: options.webhookDeadlineMs,
		bulkErrorStatus: options.bulkErrorStatus,
		asyncMs: options.asyncMs,
	});
	const yandexLimits = new YandexLimits(mode, options.yandexMarketLimits);
	const stocks: YandexStocks = new Map();
	const goods = new YandexGoods(stocks);
	const yandexMarket: YandexState = {
		limits: yandexLimits,
		stocks,
		reports: new YandexReports(),
		orders: new YandexOrders(seed),
		goods,
		cabinet: new YandexCabinet(goods),
		outlets: new YandexOutlets(seed),
	};
	const { reports } = yandexMarket;
	const hooks = new AltegioHooks();
	const records = new AltegioRecords(seed, hooks);
	const salon = new AltegioSalon(seed);
	const altegioLimits = new AltegioLimits(mode);
	const inspector = new InspectorState(mode);
	const servers: RunningServer[] = [];
	const close = async (): Promise<void> => {
		await Promise.all(servers.map(async (server) => await server.close()));
		await moysklad.sender.close();
	};
	const port = (name: ListenerName): number => options.ports?.[name] ?? 0;
	const up = async (starting: Promise<RunningServer>): Promise<string> => {
		const server = await starting;
		servers.push(server);
		return server.origin;
	};
	const wants = (name: VendorName): boolean => options.vendors?.includes(name) ?? true;
	const urls = {} as Record<ListenerName, string>;
	const sandbox: Sandbox = {
		urls,
		credentials: {} as SandboxCredentials,
		log: log.entries,
		clearLog: () => log.clear(),
		faults,
		latency,
		moysklad,
		yandexMarket,
		altegio: { limits: altegioLimits, records, salon, hooks },
		inspectorCloud: inspector,
		state: () => ({
			urls,
			requests: log.entries.length,
			faults: faults.list(),
			moysklad: moysklad.summary(latency),
			yandexMarket: { refused: yandexLimits.refused, limits: yandexLimits.limits },
			altegio: { refused: altegioLimits.refused },
			inspectorCloud: { refused: inspector.refused },
		}),
		close,
	};
	try {
		urls.storage = await up(startStorage(context, moysklad, reports, port('storage')));
		if (wants('moysklad')) {
			urls.moysklad = (await up(startMoySklad(context, moysklad, port('moysklad')))) + API_PATH;
		}
		reports.storage = urls.storage;
		if (wants('yandexMarket')) {
			urls.yandexMarket = await up(startYandexMarket(context, yandexMarket, port('yandexMarket')));
		}
		if (wants('altegio')) {
			urls.altegio =
				(await up(
					startAltegio(context, seed, altegioLimits, { records, salon, hooks }, port('altegio')),
				)) + ALTEGIO_PATH;
		}
		inspector.storage = urls.storage;
		if (wants('inspectorCloud')) {
			urls.inspectorCloud = await up(
				startInspectorCloud(context, seed, inspector, port('inspectorCloud')),
			);
		}
		urls.control = await up(startControl(sandbox, host, port('control')));
	} catch (error) {
		await close();
		throw error;
	}
	sandbox.credentials = {
		moySkladApi: {
			authentication: 'accessToken',
			accessToken: MOYSKLAD_TOKENS.user,
			...MOYSKLAD_LOGIN,
			baseUrl: urls.moysklad,
			accessKind: 'user',
			rateLimit: 'strict',
		},
		yandexMarketApi: {
			host: 'custom',
			customUrl: urls.yandexMarket,
			apiKey: YANDEX_KEYS.allMethods,
		},
		altegioApi: {
			platform: 'custom',
			customUrl: urls.altegio,
			partnerToken: ALTEGIO_TOKENS.partner,
			userToken: ALTEGIO_TOKENS.user,
		},
		inspectorCloudApi: {
			host: urls.inspectorCloud,
			token: INSPECTOR_TOKENS.default,
			dataApiVersion: 'v1.3',
		},
	};
	return sandbox;
}
