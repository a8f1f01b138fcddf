// Predicts for the approver what a flush would do to the clients of one server. Does I/O.

import { count, groupBy, listed } from '../chat/lists.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import type { FlushEffect } from '../diagnosis/after-flush.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { gather, type Target } from '../diagnosis/gather.ts';
import { parseAddress } from '../hostcache/address.ts';
import { isLastingNull } from '../hostcache/entry.ts';

/** The number of clients that are predicted one by one. */
const CLIENTS_CHECKED = 24;

/** Sentences for the card: which clients it cures, which it locks out, which change account. */
export async function forecastFor(target: Target, now: Date): Promise<readonly string[]> {
  const addresses = await clientsIn(target);
  if (addresses === null)
    return ['The effect on clients is unknown: the host cache cannot be read.'];
  const checked: { readonly address: string; readonly effect: FlushEffect }[] = [];
  for (const address of addresses.slice(0, CLIENTS_CHECKED)) {
    const client = parseAddress(address);
    if (client === null) continue;
    const { forecast } = diagnose(await gather(target, { client, user: null, readAt: now }));
    checked.push({ address, effect: forecast.effect });
  }
  const byEffect = groupBy(checked, ({ effect }) => effect);
  const sentences = WORDS.flatMap(([effect, words]) => {
    const clients = byEffect.get(effect)?.map(({ address }) => address);
    return clients === undefined ? [] : [`${words}: ${listed(clients, 8)}.`];
  });
  const rest = count(addresses.length - CLIENTS_CHECKED, 'more client was', 'more clients were');
  return addresses.length > CLIENTS_CHECKED
    ? [...sentences, `${rest} not checked one by one.`]
    : sentences;
}

const WORDS: readonly (readonly [FlushEffect, string])[] = [
  ['breaks', 'It locks out'],
  ['cures', 'It cures'],
  ['unblocks', 'It unblocks, until the errors return'],
  ['changes-account', 'It changes the account of'],
  ['cures-after-fix', 'It does not cure until DNS is fixed'],
  ['unknown', 'The effect is unknown for'],
];

/** All clients in the cache: NULL hosts first, then other notable ones, then named hosts. */
async function clientsIn({ server }: Target): Promise<readonly string[] | null> {
  try {
    const { notable, named } = await server.cache();
    const clients = [...notable.filter(isLastingNull), ...notable, ...named];
    return [...new Set(clients.map(({ address }) => address))];
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}
