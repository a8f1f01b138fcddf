import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/sweep/alert.ts';
import { EMPTY_CARD } from '../../src/sweep/card.ts';
import type { AlertHost } from '../../src/sweep/rules/rule.ts';
import {
  ACKNOWLEDGED,
  alert,
  type Case,
  changeOf,
  check,
  found,
  host,
  RESOLVED,
  silenced,
  silencedOne,
  unproved,
} from './alert-change.ts';

/** Which hosts an alert has, and who looks after it. */

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
    kind: 'reworded',
    hosts: [1],
    state: 'firing',
  },
];

describe('the hosts of an alert', () => {
  it.each(CASES)('$name', check);

  it('how many hosts of the rule a silence hides, kept up to date', () => {
    const silencedIn = (recent: Alert | null, hosts: readonly AlertHost[]) =>
      changeOf(recent, found({ hosts }), silencedOne);
    const raised = silencedIn(null, [host(1), host(2)]);
    expect(raised?.after.card.silenced).toBe(1);
    const open = { ...alert({ hosts: [host(2)] }), card: { ...EMPTY_CARD, silenced: 1 } };
    expect(silencedIn(open, [host(1), host(2)])).toBeUndefined();
    expect(silencedIn(open, [host(2)])).toMatchObject({
      kind: 'reworded',
      after: { card: { silenced: 0 } },
    });
  });

  it('what a look adds to the rule: new words edit the message', () => {
    const said = (note: string) => ({ cardOf: () => ({ note, flush: null }) });
    const open = alert({ card: { ...EMPTY_CARD, note: 'old' } });
    expect(changeOf(open, found({ hosts: [host(1)] }), said('old'))).toBeUndefined();
    expect(changeOf(open, found({ hosts: [host(1)] }), said('new'))).toMatchObject({
      kind: 'reworded',
      after: { card: { note: 'new' } },
    });
  });

  it('who looked after it then does not look after it now', () => {
    const { acknowledged } = ACKNOWLEDGED;
    const look = found({ hosts: [host(1), host(2)] });
    const tended = (recent: Alert) => changeOf(recent, look)?.after.acknowledged;
    expect(tended({ ...RESOLVED, acknowledged })).toBeNull();
    expect(tended(ACKNOWLEDGED)).toBeNull();
    expect(tended({ ...ACKNOWLEDGED, hosts: [host(1), host(2), host(3)] })).toBe(acknowledged);
  });

  it('forgets how an earlier episode ended', () => {
    const proofs = ['192.0.2.1: the host cache was emptied', '192.0.2.9: proved long ago'];
    const back = changeOf({ ...RESOLVED, proofs }, found({ hosts: [host(1)] }));
    expect(back).toMatchObject({ kind: 'returned', after: { proofs: [] } });
  });

  it('has one proof per host, its latest, and none for a host that is there again', () => {
    const proofs = ['192.0.2.1: first', '192.0.2.2: second', '192.0.2.3: third'];
    const open = alert({ hosts: [host(1), host(4)], proofs });
    const [some, all] = [[host(2), host(4)], []].map((hosts) => changeOf(open, found({ hosts })));
    expect(some?.after.proofs).toEqual(['192.0.2.3: third', '192.0.2.1: proved']);
    expect(all?.after.proofs).toEqual([
      ...['192.0.2.2: second', '192.0.2.3: third'],
      ...['192.0.2.1: proved', '192.0.2.4: proved'],
    ]);
    const six = { ...host(6), address: '2001:db8::1' };
    const both = alert({ hosts: [six], proofs: ['2001:db8::1: first', '2001:db8::1:2: other'] });
    expect(changeOf(both, found())?.after.proofs).toEqual([
      '2001:db8::1:2: other',
      '2001:db8::1: proved',
    ]);
  });

  it('keeps the last proofs, each with its address', () => {
    const many = Array.from({ length: 25 }, (_, at) => host(at + 1));
    const change = changeOf(alert({ hosts: many }), found());
    expect(change?.after.proofs).toHaveLength(20);
    expect(change?.after.proofs.at(-1)).toBe('192.0.2.25: proved');
  });
});
