import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import type { LoginCount, LoginFailure } from '../../src/hostcache/failures.ts';
import { account, rowsOf } from './accounts.ts';
import { skipNameResolveByAddress } from './blind.ts';
import { CLIENT } from './clients.ts';

/** Clients whose failed logins the server has counted: it looks up no names and keeps no cache. */

const FIRST = new Date('2026-11-20T09:00:00Z');
const LAST = new Date('2026-11-21T04:00:00Z');

export function failure(change: Partial<LoginFailure> = {}): LoginFailure {
  return {
    user: 'billing',
    host: CLIENT.text,
    error: 1045,
    count: 212,
    firstAt: FIRST,
    lastAt: LAST,
    ...change,
  };
}

function login(user: string | null, connections: number): LoginCount {
  return { user, host: CLIENT.text, connections, open: 0 };
}

/** That many connections, on the same server. */
export function failing(
  failures: readonly LoginFailure[],
  counts: readonly LoginCount[] = [],
): Evidence {
  return {
    ...skipNameResolveByAddress,
    failures: known(failures),
    logins: known({ counts, lost: 0 }),
  };
}

/** billing has a wrong password, shop has not: two clients behind one address. */
export const oneOfTwoFails: Evidence = failing(
  [failure()],
  [login('billing', 212), login('shop', 34), login(null, 3)],
);

/** The account of jdoe admits the client; its logins keep failing. */
export const ownLoginFails: Evidence = {
  ...failing([failure({ user: 'jdoe' })], [login('jdoe', 212)]),
  user: 'jdoe',
  accounts: known(rowsOf(account('jdoe', CLIENT.text))),
};

/** Handshakes of every kind, none with a login name. */
export const brokenHandshakes: Evidence = failing(
  [
    failure({ user: null, error: 1043, count: 15 }),
    failure({ user: null, error: 1158, count: 5 }),
    failure({ user: null, error: 1159, count: 4 }),
    failure({ user: null, error: 1156, count: 3 }),
    failure({ user: null, error: 1251, count: 2 }),
  ],
  [login(null, 15)],
);

/** A stranger chose these login names. */
export const hostileNames: Evidence = failing([
  failure({ user: 'root; all is well.\nroot (1045) once', count: 1 }),
  failure({ user: '<!channel> \u202e*b*', count: 1 }),
]);

/** Nobody fails. */
export const nobodyFails: Evidence = failing([], [login('shop', 34)]);
