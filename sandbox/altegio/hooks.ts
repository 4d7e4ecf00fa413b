import { operations } from '../../nodes/Altegio/facts.generated';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** What becomes of a notification on its way. */
export type Fate = 'delivered' | 'lost' | 'doubled';

/** A notification, and what each address made of it. */
export interface AltegioDelivery {
	url: string;
	body: Json;
	fate: Fate;
	/** HTTP statuses of the calls, 0 for one that was not answered. */
	statuses: number[];
}

/** Why settings are refused. */
export class HookProblem extends Error {
	constructor(readonly errors: Record<string, string[]>) {
		super('Validation failed');
	}
}

const FLAGS = (operations.find(({ id }) => id === 'webhookSettings.set')?.body ?? [])
	.map(({ name }) => name)
	.filter((name) => name !== 'urls' && name !== 'active');
/** Addresses per location (Altegio docs: webhook settings). */
const MOST = 10;

interface Settings {
	active: boolean;
	/** Address → its flags. */
	urls: Map<string, Json>;
}

/**
 * Webhook settings of the locations: what is posted replaces the addresses and flags of everybody. Notifications go out
 * once or, as the server code does, again after a 5xx; nothing is signed. Reference of the project: altegio-api.md §3.
 */
export class AltegioHooks {
	private readonly settings = new Map<number, Settings>();
	readonly deliveries: AltegioDelivery[] = [];
	/** What becomes of the next notifications, in their order; those after them are delivered. */
	readonly fates: Fate[] = [];
	/** Called before settings are written: another application may do so first. */
	onWrite: (location: number) => void = () => undefined;
	private pending: Array<Promise<void>> = [];

	/** Settings as `GET` shows them. Flags at the top are those of the first address. */
	show(location: number): Json {
		const { active, urls } = this.of(location);
		const [first] = urls.values();
		return {
			urls: [...urls.keys()],
			active: Number(active),
			...(first ?? Object.fromEntries(FLAGS.map((name) => [name, 0]))),
			url_settings: [...urls].map(([url, flags]) => ({ url, active: Number(active), ...flags })),
		};
	}

	/** Replaces everything. */
	write(location: number, body: Json): void {
		this.onWrite(location);
		const urls = body.urls as unknown;
		if (!Array.isArray(urls) || urls.length === 0) {
			throw new HookProblem({ '[urls]': ['This field is missing.'] });
		}
		if (urls.length > MOST || new Set(urls).size < urls.length) {
			throw new HookProblem({ '[urls]': [`1 to ${MOST} unique addresses are expected.`] });
		}
		// Other addresses must be https; those of a test are on loopback.
		const isBad = (url: unknown) => !/^(https:\/\/|http:\/\/127\.0\.0\.1)/.test(String(url));
		if (urls.some(isBad))
			throw new HookProblem({ '[urls]': ['An address must begin with https.'] });
		const unknown = Object.keys(body).find((name) => ![...FLAGS, 'urls', 'active'].includes(name));
		if (unknown) throw new HookProblem({ [`[${unknown}]`]: ['This field was not expected.'] });
		const flags = Object.fromEntries(FLAGS.map((name) => [name, Number(body[name] ?? 0)]));
		this.settings.set(location, {
			active: Number(body.active ?? 0) === 1,
			urls: new Map(urls.map((url) => [String(url), { ...flags }])),
		});
	}

	/** Sets addresses with flags of their own, as applications of the marketplace have them. */
	plant(location: number, urls: Record<string, Json>, active = true): void {
		const whole = (flags: Json) => ({
			...Object.fromEntries(FLAGS.map((name) => [name, 0])),
			...flags,
		});
		this.settings.set(location, {
			active,
			urls: new Map(Object.entries(urls).map(([url, flags]) => [url, whole(flags)])),
		});
	}

	/** Tells the addresses of a location. `own`: caused by a call with the partner token. */
	tell(location: number, flag: string, told: Json, own = false): void {
		const { active, urls } = this.of(location);
		if (!active) return;
		const body = { company_id: location, resource: flag, ...told };
		for (const [url, flags] of urls) {
			// Nobody listens elsewhere.
			if (flags[flag] !== 1 || !url.startsWith('http://127.0.0.1')) continue;
			if (own && flags.self_sending !== 1) continue;
			const fate = this.fates.shift() ?? 'delivered';
			const delivery: AltegioDelivery = { url, body, fate, statuses: [] };
			this.deliveries.push(delivery);
			this.pending.push(this.send(delivery));
		}
	}

	/** Waits until every notification is on its way no more. */
	async idle(): Promise<void> {
		while (this.pending.length > 0) await Promise.all(this.pending.splice(0));
	}

	private async send({ url, body, fate, statuses }: AltegioDelivery): Promise<void> {
		const times = { lost: 0, delivered: 1, doubled: 2 }[fate];
		for (let call = 0; call < times; call++) {
			try {
				const answer = await fetch(url, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(body),
				});
				statuses.push(answer.status);
			} catch {
				statuses.push(0);
			}
		}
	}

	private of(location: number): Settings {
		const known = this.settings.get(location);
		if (known) return known;
		const urls = new Map([['https://example.com/sample', { record: 1 } as Json]]);
		return { active: true, urls };
	}
}
