import { addMinutes } from 'date-fns/addMinutes';
import type { FlushRequest, Forecast } from '../../src/flush/request.ts';

/** All clients were judged, and the flush changes nothing for them. */
export const NO_EFFECT: Forecast = { clients: 1, why: null, effects: [] };

/** A pending request to flush main, requested at the given time and open for ten minutes. */
export function pendingFlush(requestedAt: Date, given: Partial<FlushRequest> = {}): FlushRequest {
  return {
    id: 'FR-1',
    server: 'main',
    reason: 'DNS is fixed',
    requester: 'U0ALICE',
    requestedAt,
    expiresAt: addMinutes(requestedAt, 10),
    cardAt: requestedAt,
    shown: {
      identity: 'a',
      statement: 'TRUNCATE TABLE performance_schema.host_cache',
      entries: 1,
      blockedHosts: [],
      forecast: NO_EFFECT,
    },
    channel: 'C1',
    thread: null,
    state: 'pending',
    decision: null,
    outcome: null,
    changedAt: requestedAt,
    ...given,
  };
}
