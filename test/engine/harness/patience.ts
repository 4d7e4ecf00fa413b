import { setSafeRegexEngine } from 'n8n-workflow';

const flagsOf = (flags = '') => (flags.includes('g') ? flags : `${flags}g`);

/**
 * n8n stops a regular expression of a form after 250 ms by the wall clock, which the simplest one exceeds on a
 * machine that has much else to do. Here they run without that watchdog: one that hangs makes its test hang.
 */
export function withoutRegexWatchdog(): void {
	setSafeRegexEngine({
		exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
		test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
		replace: (pattern, input, flags, replacement) =>
			input.replace(new RegExp(pattern, flags), replacement),
		matchAll: (pattern, input, flags) => [...input.matchAll(new RegExp(pattern, flagsOf(flags)))],
		split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
	});
}
