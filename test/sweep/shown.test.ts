import { addMinutes } from 'date-fns/addMinutes';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/sweep/alert.ts';
import type { Change } from '../../src/sweep/reconcile.ts';
import { type SilenceMatcher, silencedBy } from '../../src/sweep/silence.ts';
import { silence } from '../adapters/store/samples.ts';
import { alert, changeOf, found, host, NOON, unproved } from './alert-change.ts';

/** What a silence does to an alert: it hides a new one, and an open one goes on in silence. */

const RULE: SilenceMatcher = { kind: 'rule', rule: 'blocked-host', server: 'main' };
const only = (last: number): SilenceMatcher => ({
  ...{ kind: 'network', address: `192.0.2.${last}`, bits: 32 },
});

function by(...matchers: readonly SilenceMatcher[]) {
  const silences = matchers.map((matcher, at) => silence({ id: `SI-${at + 1}`, matcher }));
  return { silenceOf: silencedBy(silences, 'main') };
}

interface Case {
  readonly name: string;
  readonly recent: Alert | null;
  readonly hosts: readonly number[];
  readonly silences: readonly SilenceMatcher[];
  readonly input?: object;
  readonly kind: Change['kind'] | undefined;
  /** The hosts of the alert, and the silence that its message shows. */
  readonly shows?: readonly [hosts: readonly number[], silence: string | null];
}

const OPEN = alert({ hosts: [host(1), host(2)] });
const PENDING = alert({ rule: 'blocked-host', state: 'pending' });

const CASES: readonly Case[] = [
  {
    name: 'a new alert is not raised',
    recent: null,
    hosts: [1],
    silences: [RULE],
    kind: undefined,
  },
  {
    name: 'one that was seen once waits',
    recent: PENDING,
    hosts: [1],
    silences: [RULE],
    kind: undefined,
  },
  {
    name: 'one that was seen once and is over is forgotten',
    recent: PENDING,
    hosts: [],
    silences: [RULE],
    kind: 'forgotten',
  },
  {
    name: "an open one goes on, with today's hosts",
    recent: OPEN,
    hosts: [2, 3, 4],
    silences: [RULE],
    kind: 'changed',
    shows: [[2, 3, 4], 'SI-1'],
  },
  {
    name: 'an open one whose hosts are all silenced, each for itself',
    recent: OPEN,
    hosts: [1, 2],
    silences: [only(1), only(2)],
    kind: 'reworded',
    shows: [[1, 2], 'SI-1'],
  },
  {
    name: 'of two hosts one is silenced: the other one is left',
    recent: OPEN,
    hosts: [1, 2],
    silences: [only(2)],
    kind: 'changed',
    shows: [[1], null],
  },
  {
    name: 'what is left is over, what is silenced was never in it',
    recent: alert(),
    hosts: [2],
    silences: [only(2)],
    kind: 'resolved',
    shows: [[], null],
  },
  {
    name: 'a silenced one ends',
    recent: OPEN,
    hosts: [],
    silences: [only(1), only(2)],
    kind: 'resolved',
    shows: [[], 'SI-1'],
  },
  {
    name: 'a silenced one whose hosts cannot be proved gone',
    recent: OPEN,
    hosts: [],
    silences: [only(1), only(2)],
    input: unproved,
    kind: 'reworded',
    shows: [[1, 2], 'SI-1'],
  },
  {
    name: 'another server is silenced',
    recent: alert(),
    hosts: [1],
    silences: [{ ...RULE, server: 'replica' }],
    kind: undefined,
  },
];

describe('a silence', () => {
  it.each(CASES)('$name', ({ recent, hosts, silences, input, kind, shows }) => {
    const look = found({ hosts: hosts.map((last) => host(last)) });
    const change = changeOf(recent, look, { ...by(...silences), ...input });
    expect(change?.kind).toBe(kind);
    expect(change?.added ?? []).toEqual([]);
    if (shows === undefined) return;
    const { hosts: shown, card } = change?.after ?? OPEN;
    const addresses = shown.map(({ address }) => Number(address.split('.').at(-1)));
    expect([addresses, card.silence?.id ?? null]).toEqual(shows);
  });
});

it('what came while it was silenced is named after its end, even within 15 minutes', () => {
  const newsAt = addMinutes(NOON, -20);
  const open = { ...OPEN, card: { ...OPEN.card, newsAt } };
  const look = found({ hosts: [host(1), host(2), host(3)] });
  const during = changeOf(open, look, { ...by(RULE), now: NOON });
  expect(during).toMatchObject({ kind: 'changed', added: [] });
  const quiet = { ...open, ...during?.after };
  expect(changeOf(quiet, look, { ...by(RULE), now: addMinutes(NOON, 1) })).toBeUndefined();
  const after = changeOf(quiet, look, { now: addMinutes(NOON, 2) });
  expect(after).toMatchObject({
    kind: 'changed',
    added: [host(3)],
    after: { card: { silence: null } },
  });
});

it('of several silences, the one that lasts', () => {
  const [short, long] = [60, 600].map((last, at) =>
    silence({ id: `SI-${at}`, matcher: RULE, endsAt: addMinutes(NOON, last) }),
  );
  const silences = [short, long].filter((each) => each !== undefined);
  expect(silencedBy(silences, 'main')('blocked-host', null)).toBe(long);
});
