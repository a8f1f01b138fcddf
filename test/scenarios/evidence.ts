import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import type { Activity, Sessions } from '../../src/hostcache/activity.ts';
import type { HandshakeStep } from '../../src/hostcache/handshake.ts';
import { JDOE, rowsOf } from './accounts.ts';
import { CLIENT } from './clients.ts';
import { confirmed } from './dns.ts';
import { entry } from './entries.ts';
import { MYSQL } from './servers.ts';

/** No connection waits, none has failed. */
export const QUIET: Activity = {
  pending: [],
  sessions: [],
  connected: 4,
  seesOthers: true,
  counters: { Aborted_connects: 0 },
};

/** Sessions of `app` by TCP. */
export function sessions(host: string, count = 1): Sessions {
  return { user: 'app', host, isTcp: true, count };
}

/** Connections that wait at this step, by their age. */
export function waiting(step: HandshakeStep, ...seconds: readonly (number | null)[]): Activity {
  const one = { host: '192.0.2.7', state: 'login', step };
  return { ...QUIET, pending: seconds.map((each, id) => ({ id, seconds: each, ...one })) };
}

/** Everything is known and healthy: DNS confirms the cached name, and it has an account. */
export const healthy: Evidence = {
  server: 'main',
  client: CLIENT,
  user: null,
  reported: null,
  settings: known(MYSQL),
  entry: known(entry()),
  accounts: known(rowsOf(JDOE)),
  entryCount: null,
  activity: known(QUIET),
  failures: known([]),
  logins: known({ counts: [], lost: 0 }),
  dns: confirmed(),
  resolver: 'the resolvers of this machine',
  rejectedName: null,
  readAt: new Date('2026-11-21T04:00:12Z'),
};
