// Asks one server, and the state, for what an audit needs. What cannot be read becomes a gap.
import { count } from '../chat/lists.ts';
import { countedLogins } from '../diagnosis/counted-logins.ts';
import { type Known, toKnown, unknown } from '../diagnosis/evidence.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { LoginCounts } from '../hostcache/failures.ts';
import { releaseOf, whyNoFailures } from '../hostcache/release.ts';
import type { CacheReading } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';
import type { AuditFacts, SeenClient } from './audit.ts';
import type { AccessParts } from './parts.ts';
import { type AccessDay, dayOf, KEPT_DAYS } from './record.ts';
import type { AccessReading } from './stores.ts';

export interface AuditParts {
  readonly now: () => Date;
  readonly access: Pick<AccessParts['access'], 'reading' | 'days'>;
}

export interface Gathered {
  readonly facts: AuditFacts;
  readonly gaps: readonly string[];
}

/** Rejects as `Unreadable` if the settings, the accounts or the state cannot be read. */
export async function gatherAudit(target: Target, parts: AuditParts): Promise<Gathered> {
  const { server } = target;
  // Before the counters, so that no login is counted twice.
  const record = await readRecord(server.name, parts);
  const settings = await server.settings();
  const upSince = new Date(parts.now().getTime() - settings.uptimeSeconds * 1000);
  const unrecorded = whyNoFailures(settings);
  const [accounts, counted, failures, cache] = await Promise.all([
    server.allAccounts(),
    toKnown(server.logins(null)),
    unrecorded === null ? toKnown(server.failures(null)) : unknown(unrecorded),
    keepsHostCache(settings) ? toKnown(server.cache()) : null,
  ]);
  const logins = countedLogins(counted, settings);
  const now = {
    readAt: parts.now(),
    startedAt: settings.startedAt ?? upSince,
    failures: failures.known ? failures.value : null,
    logins: logins.known ? logins.value.counts : null,
  };
  const lost = logins.known ? logins.value.lost : 0;
  const cached = cache?.known === true ? clientsIn(cache.value) : [];
  return {
    facts: {
      ...{ server: server.name, settings, accounts, days: record.days },
      counters: { last: record.last, now, upSince, lost },
      knowsFailures: failures.known,
      clients: [...cached, ...(record.last?.clients ?? [])],
    },
    gaps: [...gapsOf({ settings, logins, failures, lost, more: accounts.more })],
  };
}

interface StoredRecord {
  readonly last: AccessReading | null;
  readonly days: readonly AccessDay[];
}

/** A sweep that saves in between would make the days and the reading disagree. */
const TRIES = 3;

async function readRecord(server: string, { access, now }: AuditParts): Promise<StoredRecord> {
  const from = dayOf(new Date(now().getTime() - KEPT_DAYS * 86_400_000));
  let last = await access.reading(server);
  for (let tries = 1; ; tries += 1) {
    const days = await access.days(server, from);
    const again = await access.reading(server);
    if (tries === TRIES || again?.readAt.getTime() === last?.readAt.getTime()) {
      return { last: again, days };
    }
    last = again;
  }
}

function clientsIn({ notable, named }: CacheReading): readonly SeenClient[] {
  return [
    ...named.map(({ address, host }) => ({ address, name: host })),
    ...notable.map(({ address, host }) => ({ address, name: host })),
  ];
}

function* gapsOf({
  settings,
  logins,
  failures,
  lost,
  more,
}: {
  readonly settings: ServerSettings;
  readonly logins: Known<LoginCounts>;
  readonly failures: Known<unknown>;
  readonly lost: number;
  readonly more: number;
}): Iterable<string> {
  if (!logins.known) yield logins.why;
  else if (!failures.known) yield failures.why;
  if (logins.known && !failures.known && releaseOf(settings).countsFailedLogins) {
    yield 'Failed logins are counted as logins here.';
  }
  if (lost > 0) {
    yield `The server had no room for ${count(lost, 'login name or host', 'login names or hosts')}, so logins are missing (performance_schema_accounts_size, performance_schema_hosts_size).`;
  }
  if (more > 0) yield `${count(more, 'account was', 'accounts were')} not read.`;
}
