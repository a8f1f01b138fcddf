import { pairOf } from '../hostcache/failures.ts';
import type { Chooser } from './chosen.ts';
import type { Counted } from './counted.ts';
import { hasRoomFor } from './full-day.ts';
import { type AccessDay, type AccountUse, dayOf } from './record.ts';
import { emptyDay } from './spans.ts';

/** Adds what was counted to the uses of a day. Pure. */

export function loginsByPair(uses: readonly AccountUse[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const use of uses) sums.set(pairOf(use), (sums.get(pairOf(use)) ?? 0) + use.logins);
  return sums;
}

export function withUses(
  days: readonly AccessDay[],
  server: string,
  pairs: readonly Counted[],
  chosen: Chooser,
  readAt: Date,
): readonly AccessDay[] {
  if (pairs.length === 0) return days;
  const today = dayOf(readAt);
  const day = days.find((each) => each.day === today) ?? emptyDay(server, today);
  const places = new Map(day.uses.map((use, place) => [keyOf(use), place]));
  const uses = [...day.uses];
  let leftOut = 0;
  for (const pair of pairs) {
    const { user, host } = pair;
    const [address, account] = [chosen.addressOf(host), chosen.accountOf(user, host)];
    const client = { user, host, address, account };
    const place = places.get(keyOf(client)) ?? uses.length;
    const use = uses[place] ?? { ...client, logins: 0, failures: 0, lastLoginAt: null };
    if (place < uses.length || hasRoomFor(uses, account)) {
      uses[place] = add(use, pair, readAt);
      places.set(keyOf(client), place);
    } else leftOut += 1;
    if (pair.logins < 0) takeBack(uses, pair);
  }
  const others = days.filter((each) => each.day !== today);
  return [...others, { ...day, uses, leftOut: day.leftOut + leftOut }];
}

function add(use: AccountUse, { logins, failures, isOpen }: Counted, readAt: Date): AccountUse {
  return {
    ...use,
    logins: use.logins + Math.max(0, logins),
    failures: use.failures + failures,
    lastLoginAt: logins > 0 || isOpen ? readAt : use.lastLoginAt,
  };
}

/** Takes logins that were none from the latest uses of the pair. */
function takeBack(uses: AccountUse[], pair: Counted): void {
  let left = -pair.logins;
  for (let place = uses.length - 1; place >= 0 && left > 0; place -= 1) {
    const use = uses[place];
    if (use === undefined || pairOf(use) !== pairOf(pair)) continue;
    const taken = Math.min(use.logins, left);
    uses[place] = { ...use, logins: use.logins - taken };
    left -= taken;
  }
}

function keyOf(use: Pick<AccountUse, 'user' | 'host' | 'address' | 'account'>): string {
  return `${pairOf(use)} ${use.address} ${use.account}`;
}
