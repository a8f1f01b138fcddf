import type { AccessDay } from '../../src/access/record.ts';
import type { AccessReading, AccessStore } from '../../src/access/stores.ts';

/** A record of logins in memory that obeys the port; `holder` has the lease of every server. */
export function createAccessMemory(): AccessStore & { holder: string | null; saves: number } {
  const readings = new Map<string, AccessReading>();
  const stored = new Map<string, AccessDay>();
  const memory = {
    holder: null as string | null,
    saves: 0,
    reading: async (server: string) => readings.get(server) ?? null,
    save: async (
      server: string,
      reading: AccessReading,
      days: readonly AccessDay[],
      lease?: { readonly holder: string },
    ) => {
      if (lease !== undefined && lease.holder !== memory.holder) return false;
      memory.saves += 1;
      readings.set(server, reading);
      for (const day of days) stored.set(`${server} ${day.day}`, day);
      return true;
    },
    days: async (server: string, from: string) =>
      [...stored.values()]
        .filter((day) => day.server === server && day.day >= from)
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
  return memory;
}
