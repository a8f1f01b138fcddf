import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/sweep/alert.ts';
import type { Observation } from '../../src/sweep/observe.ts';
import {
  ACKNOWLEDGED,
  alert,
  type Case,
  changeOf,
  check,
  found,
  host,
  LATER,
  NOON,
  RESOLVED,
  silenced,
  silencedOne,
} from './alert-change.ts';

/** When an alert is told: a passing fault waits, a fault that is back returns, a new fact is a new text. */

const PASSED = alert({ rule: 'dns-failing', state: 'pending', hosts: [], resolvedAt: NOON });
const DOWN = { rule: 'dns-failing', fact: 'DNS fails for 5 hosts' } as const;
const UNREAD = { rule: 'server-unreadable', hosts: [], fact: 'main does not answer' } as const;
const NEAR = { rule: 'near-block', hosts: [host(1, '3 of 5 connect errors')] } as const;

const CASES: readonly Case[] = [
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
    kind: 'reworded',
  },
  {
    name: 'a name that grew stale otherwise says nothing new',
    recent: alert({ rule: 'stale-host' }),
    found: found({ rule: 'stale-host', hosts: [host(1, 'cached as old, DNS gives newer')] }),
    kind: undefined,
  },
];

describe('when an alert is told', () => {
  it.each(CASES)('$name', check);

  it('since when: the first time it was seen, or the second first time', () => {
    const seen = found({ rule: 'dns-failing', hosts: [host(1)] });
    const opened = (recent: Alert | null, look: Observation) =>
      changeOf(recent, look)?.after.openedAt;
    expect(opened(null, seen)).toEqual(LATER);
    expect(opened(alert({ rule: 'dns-failing', state: 'pending' }), seen)).toEqual(NOON);
    expect(opened(PASSED, seen)).toEqual(LATER);
    expect(opened(RESOLVED, found({ hosts: [host(1)] }))).toEqual(NOON);
  });
});
