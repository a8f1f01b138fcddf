import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/sweep/alert.ts';
import type { Observation } from '../../src/sweep/observe.ts';
import { type Change, type ReconcileInput, reconcile } from '../../src/sweep/reconcile.ts';
import type { AlertRuleId } from '../../src/sweep/rules/index.ts';
import type { AlertHost } from '../../src/sweep/rules/rule.ts';

const NOON = new Date('2026-11-20T12:00:00Z');
const LATER = new Date('2026-11-20T12:05:00Z');

function host(last: number, says = '5 of 5 connect errors'): AlertHost {
  return { address: `192.0.2.${last}`, name: null, says, sinceAt: null };
}

function alert(change: Partial<Alert> = {}): Alert {
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
    revision: 1,
    ...change,
  };
}

function found(change: Partial<Observation> = {}): Observation {
  return { rule: 'blocked-host', hosts: [], fact: null, ...change };
}

const RESOLVED = alert({ state: 'resolved', hosts: [], resolvedAt: NOON });
const ACKNOWLEDGED = alert({ state: 'acknowledged', acknowledged: { by: 'U0ADA', at: NOON } });
const PASSED = alert({ rule: 'dns-failing', state: 'pending', hosts: [], resolvedAt: NOON });
const DOWN = { rule: 'dns-failing', fact: 'DNS fails for 5 hosts' } as const;
const UNREAD = { rule: 'server-unreadable', hosts: [], fact: 'main does not answer' } as const;
const NEAR = { rule: 'near-block', hosts: [host(1, '3 of 5 connect errors')] } as const;

function changeOf(
  recent: Alert | null,
  look: Observation | null,
  input: Partial<ReconcileInput> = {},
) {
  return reconcile({
    server: 'main',
    recent: recent === null ? [] : [recent],
    observations: look === null ? [] : [look],
    proofOf: () => 'proved',
    isSilenced: () => false,
    now: LATER,
    ...input,
  })[0];
}

interface Case {
  readonly name: string;
  readonly recent: Alert | null;
  /** null: the look could not judge the rule. */
  readonly found: Observation | null;
  readonly input?: Partial<ReconcileInput>;
  readonly kind: Change['kind'] | undefined;
  readonly hosts?: readonly number[];
  readonly state?: Alert['state'];
}

const unproved = { proofOf: () => null };
const silenced = { isSilenced: () => true };
const silencedOne = {
  isSilenced: (_: AlertRuleId, address: string | null) => address === '192.0.2.1',
};

const CASES: readonly Case[] = [
  { name: 'nothing found, nothing open', recent: null, found: found(), kind: undefined },
  {
    name: 'a first host',
    recent: null,
    found: found({ hosts: [host(1)] }),
    kind: 'raised',
    hosts: [1],
    state: 'firing',
  },
  {
    name: 'a first passing fault of DNS waits',
    recent: null,
    found: found({ rule: 'dns-failing', hosts: [host(1)] }),
    kind: 'pending',
    state: 'pending',
  },
  {
    name: 'the fault seen again is told',
    recent: alert({ rule: 'dns-failing', state: 'pending' }),
    found: found({ rule: 'dns-failing', hosts: [host(1)] }),
    kind: 'raised',
    state: 'firing',
  },
  {
    name: 'the fault that passed is never told',
    recent: alert({ rule: 'dns-failing', state: 'pending' }),
    found: found({ rule: 'dns-failing' }),
    kind: 'forgotten',
    state: 'pending',
  },
  {
    name: 'the fault that passed untold and is back waits again',
    recent: PASSED,
    found: found({ rule: 'dns-failing', hosts: [host(1)] }),
    kind: 'pending',
    state: 'pending',
  },
  {
    name: 'DNS is down for hosts that are all silenced',
    recent: null,
    found: found({ rule: 'dns-failing', hosts: [host(1)], fact: 'DNS fails for many' }),
    input: silencedOne,
    kind: undefined,
  },
  { name: 'the same host', recent: alert(), found: found({ hosts: [host(1)] }), kind: undefined },
  {
    name: 'a host more',
    recent: alert(),
    found: found({ hosts: [host(1), host(2)] }),
    kind: 'changed',
    hosts: [1, 2],
  },
  {
    name: 'a host more than was acknowledged',
    recent: ACKNOWLEDGED,
    found: found({ hosts: [host(1), host(2)] }),
    kind: 'changed',
    state: 'firing',
  },
  {
    name: 'a host fewer than was acknowledged',
    recent: { ...ACKNOWLEDGED, hosts: [host(1), host(2)] },
    found: found({ hosts: [host(2)] }),
    kind: 'changed',
    hosts: [2],
    state: 'acknowledged',
  },
  {
    name: 'all hosts gone, with a proof',
    recent: alert(),
    found: found(),
    kind: 'resolved',
    hosts: [],
    state: 'resolved',
  },
  {
    name: 'all hosts gone, without a proof',
    recent: alert(),
    found: found(),
    input: unproved,
    kind: undefined,
  },
  {
    name: 'one of two gone without a proof, and a new one',
    recent: alert({ hosts: [host(1), host(2)] }),
    found: found({ hosts: [host(2), host(3)] }),
    input: unproved,
    kind: 'changed',
    hosts: [2, 3, 1],
  },
  {
    name: 'a look that could not judge',
    recent: alert(),
    found: null,
    kind: undefined,
  },
  {
    name: 'back soon: the same alert',
    recent: RESOLVED,
    found: found({ hosts: [host(1)] }),
    kind: 'returned',
    state: 'firing',
  },
  {
    name: 'a fault that was told and is back is told at once',
    recent: { ...RESOLVED, rule: 'dns-failing' },
    found: found({ rule: 'dns-failing', hosts: [host(1)] }),
    kind: 'returned',
    state: 'firing',
  },
  { name: 'still resolved', recent: RESOLVED, found: found(), kind: undefined },
  {
    name: 'a silenced host is not told',
    recent: null,
    found: found({ hosts: [host(1)] }),
    input: silenced,
    kind: undefined,
  },
  {
    name: 'of two, the one that is not silenced',
    recent: null,
    found: found({ hosts: [host(1), host(2)] }),
    input: silencedOne,
    kind: 'raised',
    hosts: [2],
  },
  {
    name: 'silenced since, but not over',
    recent: alert(),
    found: found({ hosts: [host(1)] }),
    input: { ...silenced, ...unproved },
    kind: undefined,
  },
  {
    name: 'another reason why it cannot be read',
    recent: alert(UNREAD),
    found: found({ ...UNREAD, fact: 'main refuses: too many connections (1040)' }),
    kind: 'reworded',
    state: 'firing',
  },
  {
    name: 'the same reason',
    recent: alert(UNREAD),
    found: found(UNREAD),
    kind: undefined,
  },
  {
    name: 'nearer to the block',
    recent: { ...ACKNOWLEDGED, ...NEAR },
    found: found({ rule: 'near-block', hosts: [host(1, '4 of 5 connect errors')] }),
    kind: 'reworded',
    state: 'acknowledged',
  },
  {
    name: 'as near as before',
    recent: alert(NEAR),
    found: found(NEAR),
    kind: undefined,
  },
  {
    name: 'the same hosts, and now DNS is down for many',
    recent: alert({ ...DOWN, fact: null }),
    found: found({ ...DOWN, hosts: [host(1)] }),
    kind: 'changed',
    state: 'firing',
  },
  {
    name: 'the same hosts, and DNS is no longer down for many',
    recent: alert(DOWN),
    found: found({ rule: 'dns-failing', hosts: [host(1)] }),
    kind: 'changed',
  },
  {
    name: 'the whole server silenced, and still unreadable',
    recent: alert(UNREAD),
    found: found(UNREAD),
    input: silenced,
    kind: undefined,
  },
  {
    name: 'a name that grew stale otherwise says nothing new',
    recent: alert({ rule: 'stale-host' }),
    found: found({ rule: 'stale-host', hosts: [host(1, 'cached as old, DNS gives newer')] }),
    kind: undefined,
  },
];

describe('reconcile', () => {
  it.each(CASES)('$name', ({ recent, found: look, input, kind, hosts, state }) => {
    const change = changeOf(recent, look, input);
    expect(change?.kind).toBe(kind);
    if (hosts !== undefined) {
      const addresses = change?.after.hosts.map(({ address }) => address);
      expect(addresses).toEqual(hosts.map((last) => `192.0.2.${last}`));
    }
    if (state !== undefined) expect(change?.after.state).toBe(state);
  });

  it('since when: the first time it was seen, or the second first time', () => {
    const seen = found({ rule: 'dns-failing', hosts: [host(1)] });
    const opened = (recent: Alert | null, look: Observation) =>
      changeOf(recent, look)?.after.openedAt;
    expect(opened(null, seen)).toEqual(LATER);
    expect(opened(alert({ rule: 'dns-failing', state: 'pending' }), seen)).toEqual(NOON);
    expect(opened(PASSED, seen)).toEqual(LATER);
    expect(opened(RESOLVED, found({ hosts: [host(1)] }))).toEqual(NOON);
  });

  it('who looked after it then does not look after it now', () => {
    const { acknowledged } = ACKNOWLEDGED;
    const look = found({ hosts: [host(1), host(2)] });
    const tended = (recent: Alert) => changeOf(recent, look)?.after.acknowledged;
    expect(tended({ ...RESOLVED, acknowledged })).toBeNull();
    expect(tended(ACKNOWLEDGED)).toBeNull();
    expect(tended({ ...ACKNOWLEDGED, hosts: [host(1), host(2), host(3)] })).toBe(acknowledged);
  });

  it('keeps the last proofs, each with its address', () => {
    const many = Array.from({ length: 25 }, (_, at) => host(at + 1));
    const change = changeOf(alert({ hosts: many }), found());
    expect(change?.after.proofs).toHaveLength(20);
    expect(change?.after.proofs.at(-1)).toBe('192.0.2.25: proved');
  });
});
