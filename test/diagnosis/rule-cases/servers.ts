import { type Evidence, known } from '../../../src/diagnosis/evidence.ts';
import { reportedBy } from '../../../src/diagnosis/reported.ts';
import type { ServerSettings } from '../../../src/hostcache/settings.ts';
import * as blind from '../../scenarios/blind.ts';
import * as blocks from '../../scenarios/blocks.ts';
import { entry } from '../../scenarios/entries.ts';
import { healthy, QUIET, sessions, waiting } from '../../scenarios/evidence.ts';
import * as logins from '../../scenarios/logins.ts';
import * as names from '../../scenarios/names.ts';
import { MARIADB, MYSQL_84 } from '../../scenarios/servers.ts';
import { type RuleCase, serverOf, UNREADABLE, unseen } from './rule-case.ts';

/** What the server as a whole is short of, or does not tell. */

function pendingFor(...seconds: readonly (number | null)[]): Evidence {
  return { ...healthy, activity: known(waiting('dns', ...seconds)) };
}

/** The cache holds nothing, while these hosts are connected. */
function emptyBeside(settings: ServerSettings, ...hosts: readonly string[]): Evidence {
  const activity = known({ ...QUIET, sessions: hosts.map((host) => sessions(host)) });
  return { ...names.neverSeen, settings: known(settings), entryCount: 0, activity };
}

const NO_ACTIVITY: Evidence = { ...healthy, activity: UNREADABLE };

export const SERVER_CASES: readonly RuleCase[] = [
  {
    rule: 'not-listening',
    name: 'bind_address, without an entry',
    on: serverOf({ bindAddress: '127.0.0.1' }, names.neverSeen),
    below: serverOf({ bindAddress: '127.0.0.1,192.0.2.1' }, names.neverSeen),
    unknown: { ...names.neverSeen, settings: UNREADABLE },
  },
  {
    rule: 'not-listening',
    name: 'an entry proves that it was reached',
    on: serverOf({ bindAddress: 'localhost' }, names.neverSeen),
    below: serverOf({ bindAddress: 'localhost' }),
    unknown: null,
  },
  {
    rule: 'too-many-connections',
    name: 'all are taken',
    on: { ...healthy, activity: known({ ...QUIET, connected: 151 }) },
    below: { ...healthy, activity: known({ ...QUIET, connected: 150 }) },
    unknown: NO_ACTIVITY,
  },
  {
    rule: 'handshake-pileup',
    name: 'three that stay',
    on: pendingFor(2, 3, 9, 0),
    below: pendingFor(2, 3, 1, 0),
    unknown: NO_ACTIVITY,
  },
  {
    rule: 'handshake-pileup',
    name: 'ten of unknown age',
    on: pendingFor(...Array.from({ length: 10 }, () => null)),
    below: pendingFor(...Array.from({ length: 9 }, () => null)),
    unknown: NO_ACTIVITY,
  },
  {
    rule: 'privileges-not-reloaded',
    name: 'a counted 1130 disproves it',
    on: logins.noAccountUnproved,
    below: logins.noAccount,
    unknown: { ...logins.noAccountUnproved, accounts: UNREADABLE },
  },
  {
    rule: 'privileges-not-reloaded',
    name: 'a login since the pasted 1130',
    on: { ...healthy, reported: reportedBy(1130) },
    below: {
      ...healthy,
      reported: reportedBy(1130),
      entry: known(entry({ lastErrorAt: new Date('2026-11-21T03:00:00Z') })),
    },
    unknown: { ...healthy, reported: reportedBy(1130), accounts: UNREADABLE },
  },
  {
    rule: 'no-longer-blocked',
    name: 'it still is',
    on: { ...blocks.halfway, reported: reportedBy(1129) },
    below: { ...blocks.blocked, reported: reportedBy(1129) },
    unknown: unseen({ ...blocks.halfway, reported: reportedBy(1129) }),
  },
  {
    rule: 'cache-off',
    name: 'one row is a cache',
    on: blind.cacheOff,
    below: serverOf({ hostCacheSize: 1 }, blind.cacheOff),
    unknown: blind.serverDown,
  },
  {
    rule: 'cache-off',
    name: 'no entry at all beside a connected client',
    on: emptyBeside(MARIADB, 'app.example.com'),
    below: emptyBeside(MARIADB, 'localhost', '127.0.0.1', ''),
    unknown: { ...emptyBeside(MARIADB, 'app.example.com'), activity: UNREADABLE },
  },
  {
    rule: 'cache-off',
    name: 'the option went with MySQL 8.3',
    on: emptyBeside(
      { ...MYSQL_84, version: { text: '8.2.0', major: 8, minor: 2, patch: 0 } },
      '192.0.2.9',
    ),
    below: emptyBeside(MYSQL_84, '192.0.2.9'),
    unknown: { ...emptyBeside(MARIADB, '192.0.2.9'), entryCount: null },
  },
  {
    rule: 'cache-off',
    name: 'performance_schema on MySQL 9.7 hides nothing',
    on: blind.mariadbBlind,
    below: serverOf({ performanceSchema: false }, blind.noGrantOnHostCache),
    unknown: blind.noGrantOnHostCache,
  },
  {
    rule: 'cache-full',
    name: 'one row is free',
    on: blind.cacheFull,
    below: { ...blind.cacheFull, entryCount: 278 },
    unknown: { ...blind.cacheFull, entryCount: null },
  },
];
