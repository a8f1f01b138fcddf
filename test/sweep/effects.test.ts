import { describe, expect, it } from 'vitest';
import type { FlushEffect } from '../../src/diagnosis/after-flush.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { alertButtons } from '../../src/sweep/alert-buttons.ts';
import { cardFactsOf, EMPTY_CARD } from '../../src/sweep/card.ts';
import { withEffects } from '../../src/sweep/effects.ts';
import { observe } from '../../src/sweep/observe.ts';
import type { AlertHost } from '../../src/sweep/rules/rule.ts';
import { agreeing, createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { JDOE } from '../scenarios/accounts.ts';
import { CLIENT, NAME } from '../scenarios/clients.ts';
import { broken, entry, NULL_NO_PTR } from '../scenarios/entries.ts';
import { alert } from './alert-change.ts';
import { look } from './server-look.ts';

/** What alerts say of a flush: which hosts it helps, and when it is offered. */

const NOON = new Date('2026-11-20T12:00:00Z');

async function effectsOf(entries: readonly HostCacheEntry[], world: FakeServer = {}) {
  const seen = look(entries);
  const target = {
    server: createFakeServer({ accounts: [JDOE], entries, ...world }),
    resolver: createFakeResolver(agreeing(CLIENT.text, NAME)),
  };
  const observations = observe(seen, { nullHostAlerts: 'all', paces: new Map() });
  const found = await withEffects(observations, seen, target, NOON);
  return found.flatMap(({ rule, hosts }) =>
    hosts.map(({ address, flush = null }) => ({ rule, address, flush })),
  );
}

const nulls = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...NULL_NO_PTR,
    address: `10.0.${at >> 8}.${at & 255}`,
  }));

describe('the effect of a flush on the hosts of alerts', () => {
  it('is known of each', async () => {
    const blocked = broken(100, { address: '192.0.2.9', host: null });
    expect(await effectsOf([NULL_NO_PTR, blocked])).toEqual([
      { rule: 'blocked-host', address: '192.0.2.9', flush: 'cures-after-fix' },
      { rule: 'null-host', address: CLIENT.text, flush: 'cures' },
      { rule: 'null-host', address: '192.0.2.9', flush: 'cures-after-fix' },
    ]);
  });

  it('is judged for the same 512 hosts in each sweep', async () => {
    const found = await effectsOf(nulls(600));
    const judged = (all: typeof found) =>
      all.flatMap(({ address, flush }) => (flush === null ? [] : [address])).sort();
    expect(judged(found)).toHaveLength(512);
    expect(judged(await effectsOf(nulls(600).reverse()))).toEqual(judged(found));
  });

  it('is not known if the accounts cannot be read', async () => {
    const world = { unreadable: { allAccounts: 'no SELECT' } };
    expect(await effectsOf([NULL_NO_PTR], world)).toEqual([
      { rule: 'null-host', address: CLIENT.text, flush: null },
    ]);
  });

  it('asks nothing if no host has an alert for which a flush is a remedy', async () => {
    const near = entry({ connectErrors: 60 });
    expect(await effectsOf([near], { unreadable: { all: 'asked' } })).toMatchObject([
      { rule: 'near-block', flush: null },
    ]);
  });
});

function hostsOf(effects: readonly (FlushEffect | undefined)[]): readonly AlertHost[] {
  return effects.map((flush, at) => ({
    ...{ address: `192.0.2.${at}`, name: null, says: 'no PTR record', sinceAt: null },
    ...(flush === undefined ? {} : { flush }),
  }));
}

describe('an alert about NULL hosts', () => {
  it.each<{ effects: readonly (FlushEffect | undefined)[]; says: string; offers: boolean }>([
    { effects: [undefined], says: '', offers: true },
    {
      effects: ['cures', 'cures-after-fix', 'changes-account'],
      says: ' A flush cures 2 of them now; 1 needs DNS fixed first.',
      offers: true,
    },
    {
      effects: ['cures-after-fix', 'cures-after-fix'],
      says: ' A flush cures none of them now; 2 need DNS fixed first.',
      offers: false,
    },
    {
      effects: ['cures', 'useless', undefined],
      says: ' A flush cures 1 of them now; none need DNS fixed first; it changes nothing for 1; 1 was not checked.',
      offers: true,
    },
    {
      effects: ['cures-after-fix', undefined],
      says: ' A flush cures none of them now; 1 needs DNS fixed first; 1 was not checked.',
      offers: true,
    },
  ])('$effects:$says', ({ effects, says, offers }) => {
    const hosts = hostsOf(effects);
    const facts = cardFactsOf(look([]))({ rule: 'null-host', hosts });
    const note = `Some accounts here have a pattern that only a name can match.${says}`;
    expect(facts).toEqual({ note, flush: offers ? expect.any(String) : null });
    const card = { ...EMPTY_CARD, ...facts };
    const labels = alertButtons(alert({ rule: 'null-host', hosts, card })).map(
      ({ label }) => label,
    );
    expect(labels.includes('Request flush…')).toBe(offers);
  });
});
