import type { FlushForecast } from './after-flush.ts';
import type { Evidence } from './evidence.ts';
import type { Prediction } from './predict.ts';

/** The public names of what a diagnosis can find. */
export type RuleId =
  | 'blocked-host'
  | 'near-block'
  | 'handshake-errors'
  | 'null-host'
  | 'dns-failing'
  | 'numeric-host-name'
  | 'stale-host'
  | 'no-matching-account'
  | 'account-not-from-here'
  | 'anonymous-account'
  | 'wrong-password'
  | 'account-locked'
  | 'tls-required'
  | 'plugin-missing'
  | 'user-limits'
  | 'proxy-user'
  | 'default-database'
  | 'init-connect'
  | 'local-errors'
  | 'unknown-errors'
  | 'name-resolution-off'
  | 'cache-off'
  | 'cache-full'
  | 'privileges-not-reloaded'
  | 'too-many-connections'
  | 'handshake-pileup'
  | 'not-listening'
  | 'server-unreadable'
  | 'flushed-behind'
  | 'never-seen'
  | 'loopback';

/**
 * `blocking` explains an outcome other than admitted, or a refusal after it; `degraded` sometimes
 * will; `risk` could one day; `note` only tells.
 */
export type Severity = 'blocking' | 'degraded' | 'risk' | 'note';

/** What a rule tells the DBA. */
export interface Explanation {
  readonly severity: Severity;
  readonly title: string;
  /** With numbers and, where known, since when. */
  readonly cause: string;
  /** What to do, the loss-free way first. */
  readonly remedy: string;
  /** The remedy as statements to copy; never run by us. */
  readonly statements: readonly string[];
  /** Where the servers' makers say so. */
  readonly source: string;
}

export interface Finding extends Explanation {
  readonly rule: RuleId;
}

/** One client's case: what was learnt, what the server will answer, what a flush changes. */
export interface Case {
  readonly evidence: Evidence;
  readonly prediction: Prediction;
  readonly forecast: FlushForecast;
}

export interface Rule {
  readonly id: RuleId;
  /** The finding, or null where the rule does not fire or its facts are not known. */
  examine(subject: Case): Finding | null;
}

/** A rule from what it looks at (`find`) and what it tells (`explain`). */
export function createRule<Facts>(
  id: RuleId,
  parts: {
    readonly find: (subject: Case) => Facts | null;
    readonly explain: (facts: Facts, subject: Case) => Explanation;
  },
): Rule {
  return {
    id,
    examine: (subject) => {
      const facts = parts.find(subject);
      return facts === null ? null : { rule: id, ...parts.explain(facts, subject) };
    },
  };
}

/** The servers' manuals, by what they explain. */
export const MANUAL = {
  hostCache: 'https://dev.mysql.com/doc/refman/9.7/en/host-cache.html',
  hostCacheTable:
    'https://dev.mysql.com/doc/refman/9.7/en/performance-schema-host-cache-table.html',
  blockedHost: 'https://dev.mysql.com/doc/refman/9.7/en/blocked-host.html',
  accountNames: 'https://dev.mysql.com/doc/refman/9.7/en/account-names.html',
  connectionAccess: 'https://dev.mysql.com/doc/refman/9.7/en/connection-access.html',
  accessDenied: 'https://dev.mysql.com/doc/refman/9.7/en/problems-connecting.html',
  accountLocking: 'https://dev.mysql.com/doc/refman/9.7/en/account-locking.html',
  resourceLimits: 'https://dev.mysql.com/doc/refman/9.7/en/user-resources.html',
  encrypted: 'https://dev.mysql.com/doc/refman/9.7/en/using-encrypted-connections.html',
  plugins: 'https://dev.mysql.com/doc/refman/9.7/en/pluggable-authentication.html',
  proxyUsers: 'https://dev.mysql.com/doc/refman/9.7/en/proxy-users.html',
  variables: 'https://dev.mysql.com/doc/refman/9.7/en/server-system-variables.html',
} as const;
