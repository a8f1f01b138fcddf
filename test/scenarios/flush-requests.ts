import { addMinutes } from 'date-fns/addMinutes';
import type { ServerIdentity } from '../../src/flush/identity.ts';
import type { FlushRequest, Forecast } from '../../src/flush/request.ts';

/** All clients were judged, and the flush changes nothing for them. */
export const NO_EFFECT: Forecast = { clients: 1, why: null, effects: [] };

/** What a server is; `DB1` is the one on the card. */
export function identity(given: Partial<ServerIdentity> = {}): ServerIdentity {
  return {
    uuid: '83de194b-ebd5-11f1-95ef-d66162c8c379',
    uid: null,
    hostname: 'db1',
    port: '3306',
    datadir: '/var/lib/mysql/',
    serverId: '1',
    startedAt: new Date('2026-11-20T08:00:00Z'),
    readAt: new Date('2026-11-20T12:00:00Z'),
    ...given,
  };
}

export const DB1 = identity();

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
      identity: DB1,
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
