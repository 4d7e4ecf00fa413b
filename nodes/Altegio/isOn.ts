/** True for the many ways in which this vendor's PHP says yes. */
export const isOn = (value: unknown): boolean =>
	value === true || value === 1 || value === '1' || value === 'true';
