/** Filter operators as n8n's users read them. Their signs are each vendor's own. */
import type { FilterField, FilterOperator } from '../catalogue';

export interface OperatorInfo {
	value: FilterOperator;
	label: string;
	/** False for operators that compare with nothing. */
	values: boolean;
}

export const OPERATORS: OperatorInfo[] = [
	{ value: 'equals', label: 'Is', values: true },
	{ value: 'notEquals', label: 'Is Not', values: true },
	{ value: 'contains', label: 'Contains', values: true },
	{ value: 'notContains', label: 'Does Not Contain', values: true },
	{ value: 'startsWith', label: 'Starts With', values: true },
	{ value: 'endsWith', label: 'Ends With', values: true },
	{ value: 'greater', label: 'Is Greater Than', values: true },
	{ value: 'greaterOrEqual', label: 'Is Greater Than or Equal To', values: true },
	{ value: 'less', label: 'Is Less Than', values: true },
	{ value: 'lessOrEqual', label: 'Is Less Than or Equal To', values: true },
	{ value: 'isEmpty', label: 'Is Empty', values: false },
	{ value: 'isNotEmpty', label: 'Is Not Empty', values: false },
];

/** How people say it of a moment, the most useful first. */
const TIME_LABELS: Partial<Record<FilterOperator, string>> = {
	greaterOrEqual: 'Is At or After',
	greater: 'Is After',
	lessOrEqual: 'Is At or Before',
	less: 'Is Before',
};

/** The operators that a field allows, in the form's order and words. */
export function operatorsOf(field: FilterField): OperatorInfo[] {
	const allowed = OPERATORS.filter((operator) => field.operators.includes(operator.value));
	if (field.kind !== 'time') return allowed;
	const order = Object.keys(TIME_LABELS);
	return allowed
		.map((operator) => ({ ...operator, label: TIME_LABELS[operator.value] ?? operator.label }))
		.sort((one, other) => rankOf(one, order) - rankOf(other, order));
}

function rankOf({ value }: OperatorInfo, order: string[]): number {
	const at = order.indexOf(value);
	return at < 0 ? order.length : at;
}
