import { subSeconds } from 'date-fns/subSeconds';
import type { FlushRequest } from './request.ts';
import type { AuditEntry, FlushStore } from './stores.ts';

/** Flushes without a request here: recorded in the audit and shown by `history`. */

/** The number of recent requests that may have caused it. */
const LATEST = 5;

/** The statement runs shortly before its result is stored. */
const AROUND_SECONDS = 60;

/** Entries shown per server. */
const SHOWN = 3;

/** Called by a sweep that found all earlier entries gone: the cache was emptied between `since` and `at`. */
export function createOutsideFlush(flushes: Pick<FlushStore, 'history' | 'audit'>) {
  return async (server: string, since: Date, at: Date): Promise<void> => {
    if ((await findOwnFlush(flushes, server, since)) !== null) return;
    const what = 'the host cache was emptied without a request here';
    await flushes.audit({ request: subjectOf(server), at, by: null, what });
  };
}

/** The request that emptied the cache after that moment; null = somebody else did. */
export async function findOwnFlush(
  flushes: Pick<FlushStore, 'history'>,
  server: string,
  since: Date,
): Promise<FlushRequest | null> {
  const latest = await flushes.history(server, LATEST);
  const own = latest.find(
    ({ state, changedAt }) =>
      ['approved', 'flushed', 'uncertain'].includes(state) &&
      changedAt >= subSeconds(since, AROUND_SECONDS),
  );
  return own ?? null;
}

/** The latest entries of a server, newest first. */
export async function readOutsideFlushes(
  flushes: Pick<FlushStore, 'auditOf'>,
  server: string,
): Promise<readonly AuditEntry[]> {
  return (await flushes.auditOf(subjectOf(server))).slice(-SHOWN).reverse();
}

/** Differs from every request id. */
function subjectOf(server: string): string {
  return `server ${server}`;
}
