import { addHours } from 'date-fns/addHours';
import { expect } from 'vitest';
import type { Alert } from '../../src/sweep/alert.ts';
import { EMPTY_CARD } from '../../src/sweep/card.ts';
import type { Observation } from '../../src/sweep/observe.ts';
import { type Change, type ReconcileInput, reconcile } from '../../src/sweep/reconcile.ts';
import type { AlertRuleId } from '../../src/sweep/rules/index.ts';
import type { AlertHost } from '../../src/sweep/rules/rule.ts';
import type { Silence } from '../../src/sweep/silence.ts';

/** What one look changes in an alert, case by case. */

export const NOON = new Date('2026-11-20T12:00:00Z');
export const LATER = new Date('2026-11-20T12:05:00Z');

export function host(last: number, says = '5 of 5 connect errors'): AlertHost {
  return { address: `192.0.2.${last}`, name: null, says, sinceAt: null };
}

export function alert(change: Partial<Alert> = {}): Alert {
  return {
    id: 'AL-1',
    server: 'main',
    rule: 'blocked-host',
    state: 'firing',
    hosts: [host(1)],
    fact: null,
    openedAt: NOON,
    changedAt: NOON,
    resolvedAt: null,
    proofs: [],
    acknowledged: null,
    card: EMPTY_CARD,
    revision: 1,
    ...change,
  };
}

export function found(change: Partial<Observation> = {}): Observation {
  return { rule: 'blocked-host', hosts: [], fact: null, ...change };
}

export const RESOLVED = alert({ state: 'resolved', hosts: [], resolvedAt: NOON });
export const ACKNOWLEDGED = alert({
  state: 'acknowledged',
  acknowledged: { by: 'U0ADA', at: NOON },
});

export function changeOf(
  recent: Alert | null,
  look: Observation | null,
  input: Partial<ReconcileInput> = {},
) {
  return reconcile({
    server: 'main',
    recent: recent === null ? [] : [recent],
    observations: look === null ? [] : [look],
    proofOf: () => 'proved',
    silenceOf: () => null,
    cardOf: () => ({ note: '', flush: null }),
    now: LATER,
    ...input,
  })[0];
}

export interface Case {
  readonly name: string;
  readonly recent: Alert | null;
  /** null: the look could not judge the rule. */
  readonly found: Observation | null;
  readonly input?: Partial<ReconcileInput>;
  readonly kind: Change['kind'] | undefined;
  readonly hosts?: readonly number[];
  readonly state?: Alert['state'];
}

export const unproved = { proofOf: () => null };
const SILENCE: Silence = {
  id: 'SI-1',
  matcher: { kind: 'network', address: '192.0.2.1', bits: 32 },
  reason: 'the scanner is ours',
  by: 'U0ADA',
  createdAt: NOON,
  endsAt: addHours(NOON, 4),
};

export const silenced = { silenceOf: () => SILENCE };
export const silencedOne = {
  silenceOf: (_: AlertRuleId, address: string | null) => (address === '192.0.2.1' ? SILENCE : null),
};

/** Expects the change of `kind`; undefined = the alert stays as it is. */
export function check({ recent, found: look, input, kind, hosts, state }: Case): void {
  const change = changeOf(recent, look, input);
  expect(change?.kind).toBe(kind);
  if (hosts !== undefined) {
    const addresses = change?.after.hosts.map(({ address }) => address);
    expect(addresses).toEqual(hosts.map((last) => `192.0.2.${last}`));
  }
  if (state !== undefined) expect(change?.after.state).toBe(state);
}
