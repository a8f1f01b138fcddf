import { randomUUID } from 'node:crypto';
import type { State } from '../adapters/store/store.ts';
import type { Log } from '../chat/log.ts';
import type { RootMessage } from '../chat/outbox-store.ts';
import type { Config, ServerConfig } from '../config/config.ts';
import type { Target } from '../diagnosis/commands.ts';
import { createBehind } from '../flush/behind.ts';
import type { SweepCommandParts } from '../sweep/command-parts.ts';
import type { Schedule, Scheduled } from '../sweep/schedule.ts';
import type { SweptServer } from '../sweep/sweep.ts';
import { sweepAll } from '../sweep/sweep-command.ts';

/** Sweeps joined to their servers, state and schedule. */

/** More servers than these are not all kept connected. */
const CONNECTIONS_KEPT = 50;

export interface SweepComposition {
  readonly config: Pick<Config, 'servers' | 'nullHostAlerts'>;
  readonly targets: readonly Target[];
  readonly state: State;
  readonly log: Log;
  readonly now: () => Date;
  readonly wake: () => void;
  readonly swept?: NonNullable<SweepCommandParts['swept']>;
  readonly failed?: NonNullable<SweepCommandParts['failed']>;
  /** By server; filled in when the schedule runs. */
  readonly scheduled: ReadonlyMap<string, Scheduled>;
  /** The address of a message; left out in a terminal. */
  readonly permalink?: (message: RootMessage) => Promise<string | null>;
}

/** This process among those that share the state: a new name at each start. */
export const HOLDER = randomUUID();

export function joinSweeps(parts: SweepComposition): SweepCommandParts {
  const { config, targets, state, log, now, wake, swept, failed, scheduled, permalink } = parts;
  return {
    servers: sweptServers(targets, config.servers),
    alerts: state.alerts,
    silences: state.silences,
    sweeps: state.sweeps,
    leases: state.leases,
    nullHostAlerts: config.nullHostAlerts,
    keepsConnections: targets.length <= CONNECTIONS_KEPT,
    holder: HOLDER,
    log,
    now,
    wake,
    ...(swept === undefined ? {} : { swept }),
    ...(failed === undefined ? {} : { failed }),
    nextSweepAt: (server) => scheduled.get(server)?.nextAt() ?? null,
    flushing: (server) => sayFlushing(config.servers.find(({ name }) => name === server)),
    emptied: createBehind(state.flushes),
    linkTo: async (id) => {
      const root = await state.outbox.rootOf(id);
      return root === null || permalink === undefined ? null : await permalink(root);
    },
  };
}

/** One tick for all servers of one cron, so that many servers take their turns. */
export function scheduleSweeps(
  schedule: Schedule,
  servers: readonly ServerConfig[],
  parts: SweepCommandParts,
  scheduled: Map<string, Scheduled>,
): void {
  const crons = new Set(servers.map(({ sweepCron }) => sweepCron));
  for (const cron of crons) {
    const names = servers.filter(({ sweepCron }) => sweepCron === cron).map(({ name }) => name);
    const due = parts.servers.filter(({ target }) => names.includes(target.server.name));
    const ticking = schedule.every(cron, async () => {
      await sweepAll(due, parts);
    });
    for (const name of names) scheduled.set(name, ticking);
  }
}

function sweptServers(
  targets: readonly Target[],
  servers: readonly ServerConfig[],
): readonly SweptServer[] {
  const channels = new Map(servers.map(({ name, channel }) => [name, channel]));
  return targets.map((target) => ({ target, channel: channels.get(target.server.name) ?? '' }));
}

function sayFlushing(server: ServerConfig | undefined): string {
  if (server?.flushLogin == null) return 'off';
  return server.approvers.length === 0 ? 'nobody may approve' : 'on';
}
