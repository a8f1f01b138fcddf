// Stores a chart for the thread of each alert that begins to fire. Does I/O.
import type { HeldLease } from '../chat/lease.ts';
import type { Post } from '../outbox/store.ts';
import type { SweepParts, SweepTarget } from './parts.ts';
import type { Saved } from './reconcile.ts';
import { ruleOf } from './rules/index.ts';

interface ChartParts {
  readonly target: SweepTarget;
  readonly parts: SweepParts;
  readonly lease: HeldLease;
}

/** Without the lease, another process sweeps this server, and nothing is stored. */
export async function postCharts(
  charted: readonly Saved[],
  at: Date,
  { target: { server, channel }, parts: { chartOf, alerts, now, wake }, lease }: ChartParts,
): Promise<void> {
  const posts: Post[] = [];
  for (const { alert } of charted) {
    const clients = alert.hosts.map(({ address }) => address);
    const message = await chartOf?.(server.name, clients, at);
    if (message === undefined || message === null) continue;
    const content = { kind: 'reply', message, isBroadcast: false } as const;
    const id = `${alert.id}/${alert.revision + 1}/chart`;
    posts.push({ id, subject: alert.id, channel, content, queuedAt: now() });
  }
  if (posts.length > 0 && (await alerts.save([], posts, lease))) wake();
}

/** Whether the alert began to fire, and is about hosts that fail. */
export function needsChart({ alert, change: { kind } }: Saved): boolean {
  return (kind === 'raised' || kind === 'returned') && ruleOf(alert.rule).isCharted === true;
}
