import type { State } from '../../src/adapters/store/store.ts';
import type { Alert } from '../../src/sweep/alert.ts';
import { ALERT_RULE_IDS } from '../../src/sweep/rules/index.ts';
import { identity, pendingFlush } from '../scenarios/flush-requests.ts';
import { NOW } from './app.ts';
import { addresses, LONG_ADDRESS, LONG_SERVER, type Words } from './words.ts';

/** A state filled with the given words: every alert, ended flush requests, silences. */

export async function fillState(state: State, words: Words): Promise<void> {
  await state.alerts.save(
    ALERT_RULE_IDS.map((rule, at) => alertOf(rule, at, words)),
    [],
  );
  await state.sweeps.record({
    server: LONG_SERVER,
    endedAt: NOW,
    tookMs: 4_294_967_296,
    failure: words.says,
    version: '9.7.4',
    entries: 65_536,
    capacity: 65_536,
    blocked: 65_536,
    nullHosts: 65_536,
    stale: 65_536,
    nearBlock: 65_536,
    silenced: 65_536,
    nextAt: NOW,
  });
  for (let at = 1; at <= 40; at += 1) await addSilence(state, words, at);
  for (let at = 1; at <= 25; at += 1) await addRequest(state, words, at);
}

function alertOf(rule: Alert['rule'], at: number, { host, says }: Words): Alert {
  const hosts = [LONG_ADDRESS, ...addresses(299)].map((address) => ({
    address,
    name: host,
    says,
    sinceAt: NOW,
  }));
  return {
    id: `AL-${at + 1}`,
    server: LONG_SERVER,
    rule,
    state: 'firing',
    hosts,
    fact: says,
    openedAt: NOW,
    changedAt: NOW,
    resolvedAt: null,
    proofs: [],
    acknowledged: null,
    card: { note: says, flush: says, silenced: 65_536, silence: null, newHosts: [], newsAt: NOW },
    revision: 0,
  };
}

async function addSilence({ silences }: State, { reason }: Words, at: number): Promise<void> {
  await silences.add({
    id: `SI-${at}`,
    matcher: { kind: 'network', address: LONG_ADDRESS, bits: 128 },
    reason,
    by: 'U0BOB',
    createdAt: NOW,
    endsAt: new Date(NOW.getTime() + 3_600_000),
  });
}

/** Adds request number `at`. Only the last one is open, because a server has at most one open request. */
async function addRequest({ flushes }: State, words: Words, at: number): Promise<void> {
  const id = `FR-${at}`;
  const { reason, says } = words;
  const { shown } = pendingFlush(NOW);
  const request = pendingFlush(NOW, {
    ...{ id, server: LONG_SERVER, reason, channel: 'C0OPS' },
    shown: { ...shown, identity: identity({ hostname: says }), entries: 300 },
  });
  await flushes.add(request, []);
  if (at === 25) return;
  const decision = { by: 'U0BOB', at: NOW, reason, approvers: ['U0BOB'] };
  if (at % 5 === 0) await flushes.move(id, 'pending', 'expired', { outcome: says, at: NOW }, []);
  else {
    await flushes.decide(id, 'approved', decision, []);
    await flushes.move(id, 'approved', 'failed', { outcome: says, at: NOW }, []);
  }
}
