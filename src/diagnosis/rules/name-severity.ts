import type { Account } from '../../hostcache/account.ts';
import type { Case, Severity } from '../rule.ts';

/** A name matters where a flush, or DNS and then a flush, lets somebody in who is kept out. */
export function severityOfName({ forecast, prediction }: Case): Severity {
  switch (forecast.effect) {
    case 'cures':
      return 'blocking';
    case 'cures-after-fix':
      // The user that was asked for is in, and another of its rows waits.
      if (prediction.nowUnblocked.account?.user) return 'note';
      // Where some account can log in without a name, perhaps nobody wants the others.
      return forecast.accounts.some(({ account, now }) => now && isUsable(account))
        ? 'degraded'
        : 'blocking';
    case 'changes-account':
    case 'unknown':
      return 'degraded';
    case 'breaks':
      return 'risk';
    case 'unblocks':
    case 'useless':
      return prediction.nowUnblocked.outcome === 'admitted' ? 'note' : 'risk';
  }
}

/** Somebody could log in on this row: no role, no lock, a name. */
function isUsable({ isRole, locked, user }: Account): boolean {
  return !isRole && locked !== true && user !== '';
}
