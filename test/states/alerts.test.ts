import { describe, expect, it } from 'vitest';
import { asSentAt } from '../../src/outbox/deliver.ts';
import type { Alert } from '../../src/sweep/alert.ts';
import { EMPTY_CARD } from '../../src/sweep/card.ts';
import { alertMessage, changeMessage, hostsFile } from '../../src/sweep/messages.ts';
import type { Change } from '../../src/sweep/reconcile.ts';
import { ALERT_RULE_IDS } from '../../src/sweep/rules/index.ts';
import type { AlertHost } from '../../src/sweep/rules/rule.ts';
import type { Silence } from '../../src/sweep/silence.ts';
import { NOW } from './app.ts';
import { expectSound } from './sound.ts';
import { addresses, LONG_ADDRESS, LONG_SERVER, WORDS, type Words } from './words.ts';

/** Every alert in every state, with no host, one and three hundred, with hostile names. */

const CALLOUT = {
  mention: ['U0BOB', 'S0ONCALL', 'U0BOB', '<!channel>'],
  runbookUrl: 'https://wiki.example/{server}/{rule}',
};
const PERSON = { people: ['U0BOB'] };
const CALLED = { people: ['U0BOB', 'S0ONCALL'] };
const CARD = {
  note: 'Some accounts here have a pattern that only a name can match.',
  flush: 'TRUNCATE TABLE performance_schema.host_cache',
  silenced: 299,
  silence: null,
  newHosts: [LONG_ADDRESS],
  newsAt: NOW,
};
const CHANGES: readonly Change['kind'][] = [
  'raised',
  'returned',
  'changed',
  'reworded',
  'resolved',
  'forgotten',
];

function silence(reason: string): Silence {
  const matcher = { kind: 'rule', rule: 'null-host', server: LONG_SERVER } as const;
  return { id: 'SI-1234567890', matcher, reason, by: 'U0BOB', createdAt: NOW, endsAt: NOW };
}

function hostsOf(count: number, { host, says }: Words): readonly AlertHost[] {
  return [LONG_ADDRESS, ...addresses(299)]
    .slice(0, count)
    .map((address, at) => ({ address, name: at === 1 ? null : host, says, sinceAt: NOW }));
}

function alertOf(words: Words, change: Partial<Alert>): Alert {
  return {
    id: 'AL-1234567890',
    server: LONG_SERVER,
    rule: 'null-host',
    state: 'firing',
    hosts: [],
    fact: words.says,
    openedAt: NOW,
    changedAt: NOW,
    resolvedAt: null,
    proofs: [],
    acknowledged: null,
    card: CARD,
    revision: 1,
    ...change,
  };
}

const ended = (words: Words): Partial<Alert> => ({
  state: 'resolved',
  hosts: [],
  resolvedAt: NOW,
  proofs: Array.from({ length: 30 }, () => `${LONG_ADDRESS}: ${words.says}`),
});

const STATES: readonly { readonly name: string; change(words: Words): Partial<Alert> }[] = [
  { name: 'pending', change: () => ({ state: 'pending' }) },
  { name: 'firing', change: () => ({}) },
  {
    name: 'acknowledged',
    change: () => ({ state: 'acknowledged', acknowledged: { by: 'U0BOB', at: NOW } }),
  },
  { name: 'silenced', change: ({ reason }) => ({ card: { ...CARD, silence: silence(reason) } }) },
  { name: 'resolved', change: ended },
  { name: 'resolved without a proof', change: (words) => ({ ...ended(words), proofs: [] }) },
];

describe.each(WORDS)('with $name words', (words) => {
  it.each(ALERT_RULE_IDS.flatMap((rule) => STATES.map((state) => ({ rule, ...state }))))(
    '$rule, $name',
    ({ rule, change }) => {
      for (const count of [0, 1, 300]) {
        const alert = alertOf(words, { rule, hosts: hostsOf(count, words), ...change(words) });
        expectSound(alertMessage(alert), PERSON);
        expectSound(alertMessage(alert, CALLOUT), CALLED);
      }
      const bare = alertOf(words, { rule, fact: null, card: EMPTY_CARD, ...change(words) });
      const told = alertMessage(bare);
      expectSound(
        asSentAt(new Date(NOW.getTime() + 3_600_000), { kind: 'edit', message: told }, NOW),
        PERSON,
      );
    },
  );

  it.each(CHANGES)('what is said in the thread: %s', (kind) => {
    const after = alertOf(words, { hosts: hostsOf(300, words) });
    const cleared = after.hosts.map((host) => ({ host, proof: words.says }));
    const change = { kind, before: null, after, added: after.hosts, cleared };
    expectSound(changeMessage(change));
    expectSound(changeMessage(change, CALLOUT), CALLED);
    expectSound(changeMessage({ ...change, added: [] }));
    expectSound(changeMessage({ ...change, cleared: [] }));
  });

  it('the file of all hosts has a line for each, and no formula', () => {
    const alert = alertOf(words, { hosts: hostsOf(300, words) });
    const { text } = hostsFile({ ...alert, hosts: [...alert.hosts, formula(alert)] });
    expect(text.match(/^(192|2001)/gm)).toHaveLength(301);
    expect(text).not.toMatch(/^[=+\-@]|,[=+\-@]/m);
  });
});

function formula({ hosts: [first] }: Alert): AlertHost {
  if (first === undefined) throw new Error('an alert without a host');
  return { ...first, address: '192.0.2.250', name: '=cmd|calc', says: '@SUM(A1)' };
}
