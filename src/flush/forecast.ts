// Predicts for the approver what a flush would do to the clients of one server. Does I/O.

import { count, listed } from '../chat/lists.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { gather, type Target } from '../diagnosis/gather.ts';
import { parseAddress } from '../hostcache/address.ts';
import { isLastingNull } from '../hostcache/entry.ts';

/** The number of clients that are predicted one by one. */
const CLIENTS_JUDGED = 24;

/** Sentences for the card: which clients it cures, which it locks out, which change account. */
export async function forecastFor(target: Target, now: Date): Promise<readonly string[]> {
  const addresses = await clientsToJudge(target);
  if (addresses === null)
    return ['The effect on clients is unknown: the host cache cannot be read.'];
  const judged = addresses.slice(0, CLIENTS_JUDGED);
  const byEffect = new Map<string, string[]>();
  for (const address of judged) {
    const client = parseAddress(address);
    if (client === null) continue;
    const { forecast } = diagnose(await gather(target, { client, user: null, readAt: now }));
    byEffect.set(forecast.effect, [...(byEffect.get(forecast.effect) ?? []), address]);
  }
  const rest = addresses.length - judged.length;
  const sentences = WORDS.flatMap(([effect, words]) => {
    const clients = byEffect.get(effect);
    return clients === undefined ? [] : [`${words}: ${listed(clients, 8)}.`];
  });
  return rest > 0
    ? [
        ...sentences,
        `${count(rest, 'more client was', 'more clients were')} not checked one by one.`,
      ]
    : sentences;
}

const WORDS: readonly (readonly [string, string])[] = [
  ['breaks', 'It locks out'],
  ['cures', 'It cures'],
  ['unblocks', 'It unblocks, until the errors return'],
  ['changes-account', 'It changes the account of'],
  ['cures-after-fix', 'It does not cure until DNS is fixed'],
  ['unknown', 'The effect is unknown for'],
];

/** All clients in the cache: NULL hosts first, then other notable ones, then named hosts. */
async function clientsToJudge({ server }: Target): Promise<readonly string[] | null> {
  try {
    const { notable, named } = await server.cache();
    const nulls = notable.filter(isLastingNull).map(({ address }) => address);
    const others = notable.filter((entry) => !isLastingNull(entry)).map(({ address }) => address);
    return [...new Set([...nulls, ...others, ...named.map(({ address }) => address)])];
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}
