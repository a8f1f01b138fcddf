import { addMinutes } from 'date-fns/addMinutes';
import { expect, it } from 'vitest';
import type { Alert } from '../../src/sweep/alert.ts';
import type { Change } from '../../src/sweep/reconcile.ts';
import { ACKNOWLEDGED, alert, changeOf, found, host, NOON, RESOLVED } from './alert-change.ts';

/** New hosts of a firing alert: in its message at once, in its thread at most once in 15 minutes. */

interface Look {
  readonly minute: number;
  readonly hosts: readonly number[];
  readonly kind: Change['kind'] | undefined;
  /** The hosts that the thread names as new. */
  readonly added?: readonly number[];
  readonly cleared?: readonly number[];
}

/** The alert after those looks, each as expected. */
function lookAll(first: Alert, looks: readonly Look[]): Alert {
  let current = first;
  for (const { minute, hosts, kind, added = [], cleared = [] } of looks) {
    const now = addMinutes(NOON, minute);
    const change = changeOf(current, found({ hosts: hosts.map((last) => host(last)) }), { now });
    const name = `minute ${minute}`;
    expect(change?.kind, name).toBe(kind);
    expect(change?.added.map(lastOf) ?? [], name).toEqual(added);
    expect(change?.cleared.map((one) => lastOf(one.host)) ?? [], name).toEqual(cleared);
    if (change === undefined) continue;
    current = { ...current, ...change.after };
    // The message itself is always up to date.
    expect(current.hosts.map(lastOf), name).toEqual(hosts);
  }
  return current;
}

function lastOf({ address }: { readonly address: string }): number {
  return Number(address.split('.').at(-1));
}

it('the first ones are named at once, the next ones together after 15 minutes', () => {
  lookAll(alert(), [
    { minute: 5, hosts: [1, 2], kind: 'changed', added: [2] },
    { minute: 10, hosts: [1, 2, 3], kind: 'changed' },
    { minute: 15, hosts: [1, 2, 3, 4], kind: 'changed' },
    { minute: 19, hosts: [1, 2, 3, 4], kind: undefined },
    { minute: 20, hosts: [1, 2, 3, 4], kind: 'changed', added: [3, 4] },
    { minute: 25, hosts: [1, 2, 3, 4, 5], kind: 'changed' },
    { minute: 60, hosts: [1, 2, 3, 4, 5], kind: 'changed', added: [5] },
    { minute: 65, hosts: [1, 2, 3, 4, 5], kind: undefined },
  ]);
});

it('one that left before it was named is not named, neither as new nor as gone', () => {
  lookAll(alert(), [
    { minute: 5, hosts: [1, 2], kind: 'changed', added: [2] },
    { minute: 10, hosts: [1, 2, 3], kind: 'changed' },
    { minute: 12, hosts: [1, 2], kind: 'changed' },
    { minute: 14, hosts: [1], kind: 'changed', cleared: [2] },
    { minute: 30, hosts: [1], kind: undefined },
  ]);
});

it('after the alert is back, the thread has just named its hosts', () => {
  lookAll(RESOLVED, [
    { minute: 5, hosts: [1, 2], kind: 'returned', added: [1, 2] },
    { minute: 10, hosts: [1, 2, 3], kind: 'changed' },
    { minute: 20, hosts: [1, 2, 3], kind: 'changed', added: [3] },
  ]);
});

it('an acknowledgement covers the hosts that the message showed, named or not', () => {
  const news = { newHosts: ['192.0.2.2'], newsAt: NOON };
  const taken = alert({ ...ACKNOWLEDGED, hosts: [host(1), host(2)] });
  const seen = { ...taken, card: { ...taken.card, ...news } };
  const named = lookAll(seen, [{ minute: 20, hosts: [1, 2], kind: 'changed', added: [2] }]);
  expect(named.state).toBe('acknowledged');
  const more = lookAll(seen, [{ minute: 5, hosts: [1, 2, 3], kind: 'changed' }]);
  expect(more).toMatchObject({ state: 'firing', acknowledged: null });
});
