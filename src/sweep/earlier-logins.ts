import { FAILING_MINUTES } from '../hostcache/failing.ts';
import type { LoginReading } from '../hostcache/failures.ts';

/** What servers counted of logins at earlier looks, so that a look can tell what is new. */
export interface EarlierLogins {
  /** The latest reading of a server that is as old as the time of the rule, or the oldest; null = none. */
  before(server: string, readAt: Date): Promise<LoginReading | null>;
  /** When the server that answered last had started; null = not known, or before `before`. */
  startOf(server: string): Date | null;
  /** Called with the reading of each look. */
  keep(server: string, reading: LoginReading): void;
}

const APART_MS = 60_000;
const OLD_MS = FAILING_MINUTES * 60_000;

/** This process's own readings; after its start, the last one of the state. */
export function createEarlierLogins(
  stored: (server: string) => Promise<LoginReading | null>,
): EarlierLogins {
  const kept = new Map<string, readonly LoginReading[]>();
  const starts = new Map<string, Date>();
  return {
    before: async (server, readAt) => {
      const own = kept.get(server) ?? [];
      if (own.length === 0) {
        const last = await stored(server);
        if (last === null) return null;
        kept.set(server, [last]);
        starts.set(server, last.startedAt);
        return last;
      }
      return own.findLast((each) => isOld(each, readAt)) ?? own[0] ?? null;
    },
    startOf: (server) => starts.get(server) ?? null,
    keep: (server, reading) => {
      starts.set(server, reading.startedAt);
      const own = kept.get(server) ?? [];
      const last = own.at(-1);
      if (last !== undefined && reading.readAt.getTime() - last.readAt.getTime() < APART_MS) return;
      // Of those that are old enough, only the latest is compared.
      const from = own.findLastIndex((each) => isOld(each, reading.readAt));
      const { failures } = reading;
      kept.set(server, [...own.slice(Math.max(from, 0)), { ...reading, logins: null, failures }]);
    },
  };
}

function isOld({ readAt }: LoginReading, now: Date): boolean {
  return now.getTime() - readAt.getTime() >= OLD_MS;
}
