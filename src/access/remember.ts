// Adds one sweep to what is remembered of a server's logins. Does I/O.
import { createHash } from 'node:crypto';
import type { Lease } from '../chat/lease.ts';
import { type Known, toKnown } from '../diagnosis/evidence.ts';
import type { Account } from '../hostcache/account.ts';
import type { Server } from '../hostcache/server.ts';
import { type AccessDay, dayOf } from './record.ts';
import { record, type Seen, type SeenAccounts } from './recorder.ts';
import type { AccessReading, AccessStore, KnownAccount } from './stores.ts';

/** Unless something happened, a server's record is written once a minute, also by sweeps that are a bit early. */
const PAUSE_MS = 55_000;

interface Saving {
  /** Nothing is saved if another process has it. */
  readonly lease?: Lease;
  /** Saved although nothing happened: what the record says is shown next. */
  readonly isDue?: boolean;
}

export async function remember(
  server: Pick<Server, 'name' | 'accountsMark' | 'allAccounts'>,
  seen: Omit<Seen, 'server' | 'accounts'>,
  access: AccessStore,
  { lease, isDue = false }: Saving = {},
): Promise<void> {
  const { name } = server;
  const { readAt } = seen.reading;
  const [before, mark] = await Promise.all([access.reading(name), toKnown(server.accountsMark())]);
  const [accounts, days] = await Promise.all([
    readAccounts(server, mark, before),
    daysSince(access, name, before, readAt),
  ]);
  const recorded = record(before, days, { ...seen, server: name, accounts });
  const sinceMs = readAt.getTime() - (before?.readAt.getTime() ?? 0);
  if (!recorded.isNews && !isDue && sinceMs >= 0 && sinceMs < PAUSE_MS) return;
  const kept = recorded.kept();
  await access.save(name, kept.reading, kept.days, lease);
}

/** Reads the list only if it changed since the earlier reading; null = it cannot be read whole. */
async function readAccounts(
  server: Pick<Server, 'allAccounts'>,
  mark: Known<string>,
  before: AccessReading | null,
): Promise<SeenAccounts | null> {
  if (!mark.known) return null;
  const list = before?.accounts ?? null;
  if (list !== null && before?.accountsMark === mark.value) return { list, mark: mark.value };
  const read = await toKnown(server.allAccounts());
  if (!read.known || read.value.more > 0) return null;
  return { list: read.value.rows.map(toKnownAccount), mark: mark.value };
}

function toKnownAccount({ user, host, isRole, ...others }: Account): KnownAccount {
  const { locked, plugin, tls, expired, changedAt } = others;
  const text = JSON.stringify([locked, plugin, tls, expired, changedAt]);
  const mark = createHash('sha256').update(text).digest('base64').slice(0, 8);
  return { user, host, isRole, mark };
}

/** The days that the time since the earlier reading touches. */
function daysSince(
  access: AccessStore,
  server: string,
  before: AccessReading | null,
  readAt: Date,
): Promise<readonly AccessDay[]> {
  const earlier = before !== null && before.readAt < readAt ? before.readAt : readAt;
  return access.days(server, dayOf(earlier));
}
