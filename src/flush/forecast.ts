// Says, for the approver, what a flush would do to the clients of one server.

import { count, listed } from '../chat/lists.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { gather, type Target } from '../diagnosis/gather.ts';
import { parseAddress } from '../hostcache/address.ts';
import { isLastingNull } from '../hostcache/entry.ts';

/** So many clients are judged one by one; a flush decides about all of them, told as the first ones. */
const CLIENTS_JUDGED = 24;

/** Sentences for the card: which clients it cures by our prediction, which it keeps out, which change. */
export async function forecastFor(target: Target, now: Date): Promise<readonly string[]> {
  const addresses = await clientsToJudge(target);
  if (addresses === null)
    return ['Which clients it cures cannot be said: the host cache cannot be read.'];
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
        `${count(rest, 'more client was', 'more clients were')} not judged one by one.`,
      ]
    : sentences;
}

const WORDS: readonly (readonly [string, string])[] = [
  ['breaks', 'It keeps out'],
  ['cures', 'It cures'],
  ['unblocks', 'It unblocks, until the errors return'],
  ['changes-account', 'It changes the account of'],
  ['cures-after-fix', 'It does not cure, DNS must be mended first'],
  ['unknown', 'Not known for'],
];

/** Clients without a name, with errors, or with a name; those with something to tell first. */
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
