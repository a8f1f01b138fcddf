import { type ManualPage, manualUrl } from '../hostcache/manual.ts';
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
  | 'never-seen'
  | 'loopback';

/**
 * `blocking` explains an outcome other than admitted, or a refusal after it; `degraded` sometimes
 * will; `risk` could one day; `note` only tells.
 */
export const SEVERITIES = ['blocking', 'degraded', 'risk', 'note'] as const;

export type Severity = (typeof SEVERITIES)[number];

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
  /** The page that says so. */
  readonly manual: ManualPage;
}

export interface Finding extends Omit<Explanation, 'manual'> {
  readonly rule: RuleId;
  /** The address of the page, in the manual of the server's own release. */
  readonly source: string;
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
      if (facts === null) return null;
      const { manual, ...told } = parts.explain(facts, subject);
      const { settings } = subject.evidence;
      return { rule: id, ...told, source: manualUrl(manual, settings.known ? settings.value : {}) };
    },
  };
}
