/** What a sandbox is told and what it gives. */
import type { AltegioHooks } from './altegio/hooks';
import type { AltegioLimits } from './altegio/limits';
import type { AltegioRecords } from './altegio/records';
import type { AltegioSalon } from './altegio/salon';
import type { InspectorState } from './inspector-cloud/state';
import type { BulkErrorStatus, MoySkladState } from './moysklad/state';
import type { Faults } from './shared/faults';
import type { RequestLogEntry } from './shared/log';
import type { Latency, LimitsMode, ListenerName, VendorName } from './shared/types';
import type { YandexState } from './yandex-market';
import type { Resource, ResourceLimit } from './yandex-market/limits';

/** What a sandbox can be told. */
export interface SandboxOptions {
	/** Address to listen on, `127.0.0.1`. */
	host?: string;
	/** Fixed ports; any free port where none is given. */
	ports?: Partial<Record<ListenerName, number>>;
	/** Rows of MoySklad's default assortment list, 25,000. */
	assortmentRows?: number;
	/** Equal seeds give equal data, 1. */
	seed?: number;
	/** Artificial slowness of every vendor, milliseconds; none. */
	latency?: Partial<Latency>;
	/** Day (YYYY-MM-DD) whose MoySklad request weights apply; without it the newest and strictest. */
	weightDate?: string;
	/** `off` lets every request through, `documented`. */
	limits?: LimitsMode;
	/** Yandex Market budgets that differ from the documented ones. */
	yandexMarketLimits?: Partial<Record<Resource, ResourceLimit>>;
	/** Deadline of MoySklad's webhook deliveries, 1500 ms. */
	webhookDeadlineMs?: number;
	/** Status of MoySklad's bulk answers with errors inside, 200. */
	bulkErrorStatus?: BulkErrorStatus;
	/** Least time of MoySklad's asynchronous exports, 300 ms. */
	asyncMs?: number;
	/** Vendors that listen, all; a test that starts a sandbox again and again does with its own. */
	vendors?: VendorName[];
}

/** Credential data in the shape of the package's credential types. */
export interface SandboxCredentials {
	moySkladApi: {
		authentication: 'accessToken' | 'login';
		accessToken: string;
		login: string;
		password: string;
		baseUrl: string;
		accessKind: 'user' | 'solution' | 'draftSolution';
		rateLimit: 'strict' | 'calendar';
	};
	yandexMarketApi: { host: 'ru' | 'net' | 'custom'; customUrl: string; apiKey: string };
	altegioApi: {
		platform: 'altegio' | 'yclients' | 'custom';
		customUrl: string;
		partnerToken: string;
		userToken: string;
	};
	inspectorCloudApi: { host: string; token: string; dataApiVersion: string };
}

/** A running sandbox. */
export interface Sandbox {
	/** Addresses without trailing slash; MoySklad and Altegio include the path of their API. */
	urls: Record<ListenerName, string>;
	/** Working credentials of the default user of every vendor. */
	credentials: SandboxCredentials;
	/** Requests so far, oldest first; entries appear on arrival and get their status when answered. */
	log: RequestLogEntry[];
	clearLog(): void;
	/** Disturbances, see `Fault`. */
	faults: Faults;
	/** Slowness, may be changed at any time. */
	latency: Latency;
	/** The MoySklad account: rows, webhooks, deliveries, limits, `change()`. */
	moysklad: MoySkladState;
	/** Yandex Market's budgets, the stock that its shops were told, its reports, orders, goods and outlets. */
	yandexMarket: YandexState;

	/** Altegio's budget, its appointments and salon, to change them behind the node's back, and its webhooks. */
	altegio: {
		limits: AltegioLimits;
		records: AltegioRecords;
		salon: AltegioSalon;
		hooks: AltegioHooks;
	};
	/** Inspector Cloud's tokens, visits, photos and reports, to change them behind the node's back. */
	inspectorCloud: InspectorState;
	/** Numbers and switches of all vendors. */
	state(): Record<string, unknown>;
	/** Closes every listener and connection; deliveries on their way are given up. */
	close(): Promise<void>;
}
