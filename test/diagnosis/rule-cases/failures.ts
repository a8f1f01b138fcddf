import { type Evidence, known } from '../../../src/diagnosis/evidence.ts';
import type { RuleId } from '../../../src/diagnosis/rule.ts';
import { entry } from '../../scenarios/entries.ts';
import { healthy } from '../../scenarios/evidence.ts';
import { failing, failure, nobodyFails } from '../../scenarios/failures.ts';
import { type RuleCase, UNREADABLE } from './rule-case.ts';

/** What the server's record of logins says of a client that its cache does not know. */

const ERRORS: readonly (readonly [RuleId, readonly number[]])[] = [
  ['failing-login', [1045, 1698, 3118, 3159, 1044, 1049, 1043, 1251]],
  ['wrong-password', [1045, 1698, 1862]],
  ['account-locked', [3118, 3955]],
  ['tls-required', [3159]],
  ['plugin-missing', [1524]],
  ['user-limits', [1203, 1226]],
  ['default-database', [1044, 1049]],
  ['init-connect', [1184]],
  ['handshake-errors', [1043]],
];

/** The cache has known the client for longer, and counted no such login: a session had the error. */
function cachedFor(firstAt: string, error: number): Evidence {
  const failures = known([failure({ error, firstAt: new Date(firstAt) })]);
  return { ...healthy, entry: known(entry()), failures };
}

const NAMELESS = { user: null, count: 1 };

export const FAILURE_CASES: readonly RuleCase[] = [
  ...ERRORS.flatMap(([rule, errors]) =>
    errors.map((error) => {
      const on = failing([failure({ error })]);
      const name = `${error} in the record of logins`;
      return { rule, name, on, below: nobodyFails, unknown: { ...on, failures: UNREADABLE } };
    }),
  ),
  {
    rule: 'failing-login',
    name: 'a login without a name, not a connection that ended before a name',
    on: failing([failure(NAMELESS)]),
    below: failing([failure({ ...NAMELESS, error: 1043 }), failure({ ...NAMELESS, error: 1158 })]),
    unknown: null,
  },
  {
    rule: 'failing-login',
    name: 'a client that went away in the handshake, not in a session',
    on: failing([failure({ error: 1043, count: 2 }), failure({ error: 1158, count: 2 })]),
    below: failing([failure({ error: 1158, count: 2 })]),
    unknown: null,
  },
  {
    rule: 'failing-login',
    name: 'not a client that went away more often than handshakes broke',
    on: failing([failure({ error: 1043, count: 1 }), failure({ error: 1158, count: 2 })]),
    below: failing([failure({ error: 1159, count: 2 })]),
    unknown: null,
  },
  {
    rule: 'default-database',
    name: 'an error that the cache is too young to have counted',
    on: cachedFor('2026-11-20T09:02:10Z', 1049),
    below: cachedFor('2026-11-20T09:02:12Z', 1049),
    unknown: null,
  },
  {
    rule: 'user-limits',
    name: 'the same with a limit',
    on: cachedFor('2026-11-20T09:02:10Z', 1226),
    below: cachedFor('2026-11-20T09:02:12Z', 1226),
    unknown: null,
  },
  {
    rule: 'wrong-password',
    name: 'a 1045 that the cache counts as missing TLS',
    on: withSsl(211),
    below: withSsl(212),
    unknown: null,
  },
];

function withSsl(count: number): Evidence {
  const cached = entry({ counters: { COUNT_SSL_ERRORS: count } });
  return { ...healthy, entry: known(cached), failures: known([failure()]) };
}
