import { MOYSKLAD_LOGIN, MOYSKLAD_TOKENS } from '../credentials';
import { MoySkladError } from './errors';
import type { CallerKind } from './weights';

/** Who sent a request. Budgets are kept per `key`: a user's token and login share one. */
export interface Caller {
	key: string;
	kind: CallerKind;
	admin: boolean;
	/** Login of the employee, `uid` of audit contexts. */
	uid: string;
	/** Index of the employee, or of the solution. */
	index: number;
}

const ADMIN: Caller = {
	key: 'user:admin',
	kind: 'user',
	admin: true,
	uid: MOYSKLAD_LOGIN.login,
	index: 0,
};

const BY_TOKEN = new Map<string, Caller>([
	[MOYSKLAD_TOKENS.user, ADMIN],
	[
		MOYSKLAD_TOKENS.secondUser,
		{ key: 'user:second', kind: 'user', admin: true, uid: 'second@sandbox', index: 1 },
	],
	[
		MOYSKLAD_TOKENS.nonAdmin,
		{ key: 'user:cashier', kind: 'user', admin: false, uid: 'cashier@sandbox', index: 2 },
	],
	[
		MOYSKLAD_TOKENS.solution,
		{ key: 'solution:published', kind: 'solution', admin: true, uid: 'solution@sandbox', index: 0 },
	],
	[
		MOYSKLAD_TOKENS.draftSolution,
		{ key: 'solution:draft', kind: 'draftSolution', admin: true, uid: 'draft@sandbox', index: 1 },
	],
]);

function refuse(code: 1056 | 1061, extended: string, message: string): MoySkladError {
	return new MoySkladError(code, [message], {
		headers: { 'X-Lognex-Auth': extended, 'X-Lognex-Auth-Message': message },
	});
}

/**
 * Recognises the caller by `Authorization: Bearer <token>` or `Basic <login:password>`. Throws 401
 * with code 1056 (wrong or missing) or 1061 (an employee without API access).
 */
export function authenticate(header: string | undefined): Caller {
	if (header === undefined || header === '') {
		throw refuse(1056, '401000', 'Authorization header is missing');
	}
	const bearer = /^Bearer ([^\s]+)$/.exec(header);
	if (bearer) {
		if (bearer[1] === MOYSKLAD_TOKENS.noApiAccess) {
			throw refuse(1061, '401002', 'API access is switched off for this employee');
		}
		const caller = BY_TOKEN.get(bearer[1]);
		if (caller) return caller;
		throw refuse(1056, '401001', 'Wrong token');
	}
	const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header);
	if (basic) {
		const decoded = Buffer.from(basic[1], 'base64').toString('utf8');
		if (decoded === `${MOYSKLAD_LOGIN.login}:${MOYSKLAD_LOGIN.password}`) return ADMIN;
		throw refuse(1056, '401001', 'Wrong login or password');
	}
	throw refuse(1056, '401000', 'Authorization scheme is not supported');
}
