// Finds out what a flush would do now to the hosts that alerts are about. Does I/O.

import type { Target } from '../diagnosis/gather.ts';
import { createJudge, judgeAll } from '../diagnosis/judge.ts';
import { entryNamed } from '../hostcache/entry.ts';
import type { ServerLook } from './look.ts';
import type { Observation } from './observe.ts';
import { ruleOf } from './rules/index.ts';

/** Hosts that a sweep judges for each rule, in rounds: more would ask too much of DNS. */
const ROUNDS = 8;

const PATIENCE_MS = 5_000;

/** The observations, with the effect of a flush on each host that was judged. */
export async function withEffects(
  observations: readonly Observation[],
  { settings, cache }: Pick<ServerLook, 'settings' | 'cache'>,
  target: Target,
  now: Date,
): Promise<readonly Observation[]> {
  const flushed = observations.filter(({ rule, hosts }) => canHelp(rule) && hosts.length > 0);
  if (flushed.length === 0 || !cache.known) return observations;
  const judge = await createJudge(target, now, settings);
  // In the same order each time, so that the same hosts are judged.
  const addresses = flushed.flatMap(({ hosts }) =>
    hosts
      .map(({ address }) => address)
      .sort()
      .slice(0, ROUNDS * judge.atOnce),
  );
  const wanted = new Set(addresses);
  const { notable, named } = cache.value;
  const isWanted = ({ address }: { readonly address: string }) => wanted.has(address);
  const entries = [...named.filter(isWanted).map(entryNamed), ...notable.filter(isWanted)];
  const byAddress = new Map(entries.map((entry) => [entry.address, entry]));
  const judged = await judgeAll(judge, [...byAddress.values()], PATIENCE_MS);
  return observations.map((observation) => {
    if (!canHelp(observation.rule)) return observation;
    const hosts = observation.hosts.map((host) => {
      const flush = judged.get(host.address)?.effect;
      return flush === undefined ? host : { ...host, flush };
    });
    return { ...observation, hosts };
  });
}

function canHelp(rule: Observation['rule']): boolean {
  return ruleOf(rule).flushHelps === true;
}
