// Sweeps one server, and stores its alerts with their posts. Does I/O.
import { subMinutes } from 'date-fns/subMinutes';
import { type HeldLease, holding } from '../chat/lease.ts';
import type { Post } from '../outbox/store.ts';
import type { Alert } from './alert.ts';
import { cardFactsOf } from './card.ts';
import { needsChart, postCharts } from './charts.ts';
import { withEffects } from './effects.ts';
import { chooseNames, lookAt } from './look.ts';
import { postsOf } from './messages.ts';
import { inhibit, observe } from './observe.ts';
import { comparableOf, pacesOf, readingsToKeep } from './pace.ts';
import type { SweepParts, SweepTarget } from './parts.ts';
import { proofsFrom } from './proof.ts';
import { type Change, type ReconcileInput, reconcile, type Saved } from './reconcile.ts';
import { isEmptied, isRestarted, readingsOf, recordOf } from './record.ts';
import { countSilenced, silencedBy } from './silence.ts';
import type { SweepRecord } from './stores.ts';

/** The result of one sweep of one server. */
export type SweepOutcome =
  | { readonly kind: 'swept'; readonly record: SweepRecord; readonly changes: readonly Change[] }
  /** Another sweep of this server is under way, here or in another process. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly why: string };

const LEASE_MS = 15_000;
/** An alert that returns within this time is the same alert. */
const SAME_ALERT_MINUTES = 30;
/** The longest time over which a pace is computed. */
const READINGS_MINUTES = 60;

/** Sweeps one server. Never rejects, so one server's fault does not stop the others. */
export async function sweepServer(target: SweepTarget, parts: SweepParts): Promise<SweepOutcome> {
  const { name } = target.server;
  const startedAt = parts.now();
  try {
    const swept = await holding(`sweep ${name}`, LEASE_MS, parts, async (lease) => {
      try {
        return await sweepAlone(target, parts, startedAt, lease);
      } finally {
        // Not awaited: a connection attempt without an answer would delay all other servers.
        if (!parts.keepsConnections) void target.server.close();
      }
    });
    return swept ?? { kind: 'busy' };
  } catch (error) {
    parts.failed?.(name);
    parts.log.error('a sweep failed', { server: name, error });
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

async function sweepAlone(
  target: SweepTarget,
  parts: SweepParts,
  startedAt: Date,
  lease: HeldLease,
): Promise<SweepOutcome> {
  const { name } = target.server;
  const recent = await parts.alerts.recent(name, subMinutes(startedAt, SAME_ALERT_MINUTES));
  const open = recent.filter(({ resolvedAt }) => resolvedAt === null);
  const stale = open.find(({ rule }) => rule === 'stale-host')?.hosts ?? [];
  const look = await lookAt(target, startedAt, ({ named }) => chooseNames(named, stale, startedAt));
  const [silences, earlier, last, loginsBefore] = await Promise.all([
    parts.silences.active(startedAt),
    parts.sweeps.readings(name),
    parts.sweeps.recordOf(name),
    parts.earlierLogins?.before(name, startedAt) ?? null,
  ]);
  const readings = readingsOf(look);
  const since = subMinutes(startedAt, READINGS_MINUTES);
  const comparable = comparableOf(earlier, readings, since);
  const options = {
    nullHostAlerts: parts.nullHostAlerts,
    paces: pacesOf(comparable, readings),
    loginsBefore,
    failing: open.find(({ rule }) => rule === 'failing-logins')?.hosts ?? [],
  };
  const openRules = new Set(open.map(({ rule }) => rule));
  const seen = inhibit(observe(look, options), openRules);
  const observations = await withEffects(seen, look, target, startedAt);
  const silenceOf = silencedBy(silences, name);
  const emptied = isEmptied(look, last);
  const proofOf = proofsFrom(look, emptied);
  const cardOf = cardFactsOf(look);
  const swept = { recent, observations, cardOf, silenceOf, proofOf, now: look.readAt };
  const saved = await settle(target, parts, swept, lease);
  const startedBefore = parts.earlierLogins?.startOf(name) ?? null;
  const isFlushed = emptied && last !== null && !isRestarted(look, last, startedBefore);
  if (isFlushed) await parts.emptied?.(name, last.endedAt, look.readAt);
  if (look.logins.known) parts.earlierLogins?.keep(name, look.logins.value);
  const charted = saved.filter(needsChart);
  const isShown = charted.length > 0;
  await parts.remember?.({ target, look, last, isEmptied: isFlushed, isShown, lease });
  await postCharts(charted, look.readAt, { target, parts, lease });
  const silenced = countSilenced(observations, silenceOf);
  const nextAt = parts.nextSweepAt(name) ?? null;
  const record = recordOf(look, silenced, { startedAt, endedAt: parts.now(), nextAt });
  // A server that could not be read keeps its readings.
  const kept = look.cache.known ? readingsToKeep(comparable, readings) : earlier;
  // Most frequent sweeps add none.
  const isSame = kept.length === earlier.length && kept.every((each, at) => each === earlier[at]);
  if (!isSame) await parts.sweeps.keepReadings(name, kept);
  await parts.sweeps.record(record);
  parts.swept?.(record, look);
  return { kind: 'swept', record, changes: saved.map(({ change }) => change) };
}

type Swept = Omit<ReconcileInput, 'server'>;

/** Stores the changes with their posts. If an alert was changed meanwhile, compares it again, twice at most. */
async function settle(
  { server, channel, callout }: SweepTarget,
  parts: SweepParts,
  swept: Swept,
  lease: HeldLease,
): Promise<readonly Saved[]> {
  const { name } = server;
  const { alerts, now, wake } = parts;
  let { recent } = swept;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const changes = reconcile({ ...swept, recent, server: name });
    if (changes.length === 0) return [];
    const saves: Saved[] = [];
    const posts: Post[] = [];
    for (const change of changes) {
      const id = change.before?.id ?? (await alerts.nextAlertId());
      const alert: Alert = { ...change.after, id, revision: change.before?.revision ?? 0 };
      saves.push({ alert, change });
      posts.push(...postsOf(alert, change, { channel, callout, queuedAt: now() }));
    }
    // Two sweeps at once would each raise an alert for the same problem.
    if (!(await lease.renew())) throw new Error(`another sweep of ${name} has taken over`);
    const changed = saves.map(({ alert }) => alert);
    if (await alerts.save(changed, posts, lease)) {
      if (posts.length > 0) wake();
      return saves;
    }
    recent = await alerts.recent(name, subMinutes(swept.now, SAME_ALERT_MINUTES));
  }
  throw new Error(`alerts of ${name} kept changing while they were saved`);
}
