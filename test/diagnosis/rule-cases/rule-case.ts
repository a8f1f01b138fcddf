import { type Evidence, known, unknown } from '../../../src/diagnosis/evidence.ts';
import type { RuleId } from '../../../src/diagnosis/rule.ts';
import type { Account } from '../../../src/hostcache/account.ts';
import type { HostCacheEntry } from '../../../src/hostcache/entry.ts';
import type { ServerSettings } from '../../../src/hostcache/settings.ts';
import { rowsOf } from '../../scenarios/accounts.ts';
import { entry } from '../../scenarios/entries.ts';
import { healthy } from '../../scenarios/evidence.ts';
import { MYSQL } from '../../scenarios/servers.ts';

/** For each rule a case that fires, one just below, and one where its fact is not known. */
export interface RuleCase {
  readonly rule: RuleId;
  /** What makes the difference. */
  readonly name: string;
  readonly on: Evidence;
  readonly below: Evidence;
  /** null: its fact is always known. */
  readonly unknown: Evidence | null;
}

export const UNREADABLE = unknown('main: no answer.');

/** The same where the entry cannot be read. */
export function unseen(evidence: Evidence): Evidence {
  return { ...evidence, entry: UNREADABLE };
}

export function cached(change: Partial<HostCacheEntry>, evidence: Evidence = healthy): Evidence {
  return { ...evidence, entry: known(entry(change)) };
}

export function serverOf(change: Partial<ServerSettings>, evidence: Evidence = healthy): Evidence {
  return { ...evidence, settings: known({ ...MYSQL, ...change }) };
}

export function withAccounts(evidence: Evidence, ...rows: readonly Account[]): Evidence {
  return { ...evidence, accounts: known(rowsOf(...rows)) };
}
