/** The services that the sandbox stands in for, and its own two listeners. */
export type ListenerName =
	'control' | 'moysklad' | 'storage' | 'yandexMarket' | 'altegio' | 'inspectorCloud';

/** Every listener whose requests are logged and can be disturbed by faults. */
export type VendorName = Exclude<ListenerName, 'control'>;

/** Names of the listeners in the order in which `main.ts` numbers their ports. */
export const LISTENERS: readonly ListenerName[] = [
	'control',
	'moysklad',
	'storage',
	'yandexMarket',
	'altegio',
	'inspectorCloud',
];

/** Artificial slowness. Both values are milliseconds; the delay is `baseMs + rows * perRowMs`. */
export interface Latency {
	baseMs: number;
	perRowMs: number;
}

/** `documented` enforces every budget of the vendors' docs, `off` none of them. */
export type LimitsMode = 'documented' | 'off';
