import { accountName } from '../hostcache/account.ts';
import { releaseOf } from '../hostcache/release.ts';
import { forecastFlush } from './after-flush.ts';
import type { Evidence } from './evidence.ts';
import { predict } from './predict.ts';
import { type Case, type Finding, SEVERITIES } from './rule.ts';
import { RULES } from './rules/index.ts';

export type Verdict =
  | { readonly kind: 'faulty'; readonly findings: readonly [Finding, ...Finding[]] }
  /** Something that was asked did not answer, so nothing is called well. */
  | { readonly kind: 'inconclusive' }
  /** The server holds no entry for this address. */
  | { readonly kind: 'unseen' }
  /** Every fact that was asked for is there, and none is wrong. */
  | { readonly kind: 'healthy' };

/** What is said of one client on one server. */
export interface Diagnosis extends Case {
  readonly verdict: Verdict;
  /** By severity, then in the catalogue's order. */
  readonly findings: readonly Finding[];
  /** What could not be learnt, and why. */
  readonly gaps: readonly string[];
}

/** Evidence in, verdict out; asks nobody. */
export function diagnose(evidence: Evidence): Diagnosis {
  const prediction = predict(evidence);
  const subject: Case = { evidence, prediction, forecast: forecastFlush(evidence, prediction) };
  const found = RULES.map((rule) => rule.examine(subject)).filter((finding) => finding !== null);
  const findings = SEVERITIES.flatMap((severity) =>
    found.filter((finding) => finding.severity === severity),
  );
  const gaps = gapsOf(subject);
  return { ...subject, findings, gaps, verdict: verdictOf(subject, findings, gaps) };
}

function verdictOf(
  { evidence, prediction }: Case,
  findings: readonly Finding[],
  gaps: readonly string[],
): Verdict {
  const [first, ...others] = findings.filter(({ severity }) => severity !== 'note');
  if (first !== undefined) return { kind: 'faulty', findings: [first, ...others] };
  if (gaps.length > 0 || prediction.now.outcome !== 'admitted') return { kind: 'inconclusive' };
  const isUnseen = findings.some(({ rule }) => rule === 'never-seen');
  return evidence.entry.known && isUnseen ? { kind: 'unseen' } : { kind: 'healthy' };
}

function gapsOf({ evidence, prediction }: Case): readonly string[] {
  const { settings, entry, accounts, dns, resolver } = evidence;
  const whys = [settings, entry, accounts].flatMap((fact) => (fact.known ? [] : [fact.why]));
  const gaps = [...new Set(whys)];
  const release = settings.known ? releaseOf(settings.value) : null;
  if (release?.isProved === false) {
    gaps.push(`The proof of these predictions has not run on ${release.name}.`);
  }
  const { account } = prediction.nowUnblocked;
  if (prediction.rules === 'mariadb' && account !== null && account.locked === null) {
    gaps.push(
      `Whether ${accountName(account)} is locked stands in no table that the reading account may read; see the README's grants.`,
    );
  }
  if (dns !== null && dns.names.length > 1) {
    gaps.push(
      `DNS gives ${dns.names.length} PTR names; the server takes the one that comes first, which may change from answer to answer.`,
    );
  }
  if (dns?.failedA !== undefined) {
    gaps.push(
      `The A lookup of ${dns.host} failed (${dns.failedA}) and its AAAA answer counts in its place; but a server thread whose resolver met a timeout before takes no name from that.`,
    );
  }
  if (dns?.status === 'failed') gaps.push(`${resolver} did not answer: ${dns.why}.`);
  return gaps;
}
