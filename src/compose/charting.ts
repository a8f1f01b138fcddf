import { clientsMessage, firstDay } from '../access/clients-message.ts';
import type { AccessStore } from '../access/stores.ts';
import type { Log } from '../chat/log.ts';
import type { SweepParts } from '../sweep/parts.ts';

/** Joins alerts to the record of logins. */

export function createCharting({
  access,
  log,
}: {
  readonly access: Pick<AccessStore, 'days'>;
  readonly log: Log;
}): NonNullable<SweepParts['chartOf']> {
  return async (server, clients, at) => {
    try {
      const days = await access.days(server, firstDay(at));
      return clientsMessage({ server, clients, days, at });
    } catch (error) {
      // The alert itself is stored.
      log.error('the chart of an alert could not be made', { server, error });
      return null;
    }
  };
}
