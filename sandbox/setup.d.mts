/** Types of setup.mjs, which is plain JavaScript because it runs before the first `npm ci`. */
export declare const projectFolder: string;
export declare const hostFolder: string;

export declare class SetupError extends Error {
	readonly advice: string;
	constructor(message: string, advice: string);
}

export interface Host {
	installed: boolean;
	/** The Node binary (24 or newer) to run `n8n` with. */
	node: string;
	nodeVersion: string;
	/** Path of the script `n8n`. */
	n8n: string;
	n8nVersion: string;
	folder: string;
}

export interface Packed {
	folder: string;
	tarball: string;
	version: string;
	files: string[];
}

export interface Chromium {
	path: string | null;
	reason: string;
}

export declare function setProgressStream(stream: NodeJS.WriteStream): void;
export declare function duration(ms: number): string;
export declare function withProgress<T>(
	label: string,
	work: (say: (detail: string | (() => string)) => void) => Promise<T>,
): Promise<T>;
export declare function ensureProject(): Promise<{ installed: boolean }>;
export declare function ensureBuild(): Promise<{ built: boolean }>;
export declare function distFingerprint(): string;
export declare function installPackedTarball(options: { userFolder: string }): Promise<Packed>;
export declare function hostNode(): string;
export declare function ensureHost(): Promise<Host>;
export declare function ensureChromium(options?: { mayInstall?: boolean }): Promise<Chromium>;
export declare function printSetupError(error: unknown): void;
