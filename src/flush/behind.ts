import { subSeconds } from 'date-fns/subSeconds';
import type { AuditEntry, FlushStore } from './stores.ts';

/** A host cache that somebody emptied without asking here: kept in the audit, and shown by `history`. */

/** Requests that may have emptied it themselves. */
const LATEST = 5;

/** The statement runs a moment before it is written down that it did. */
const AROUND_SECONDS = 60;

/** Of each server, the last ones. */
const SHOWN = 3;

/** What a sweep calls that found no entry of before: emptied between `since` and `at`. */
export function createBehind(flushes: Pick<FlushStore, 'history' | 'audit'>) {
  return async (server: string, since: Date, at: Date): Promise<void> => {
    const latest = await flushes.history(server, LATEST);
    const isOurs = latest.some(
      ({ state, changedAt }) =>
        ['approved', 'flushed', 'uncertain'].includes(state) &&
        changedAt >= subSeconds(since, AROUND_SECONDS),
    );
    if (isOurs) return;
    const what = 'the host cache was emptied, and by no request here';
    await flushes.audit({ request: subjectOf(server), at, by: null, what });
  };
}

/** The last ones of a server, the latest first. */
export async function readBehind(
  flushes: Pick<FlushStore, 'auditOf'>,
  server: string,
): Promise<readonly AuditEntry[]> {
  return (await flushes.auditOf(subjectOf(server))).slice(-SHOWN).reverse();
}

/** No request has such an id. */
function subjectOf(server: string): string {
  return `server ${server}`;
}
