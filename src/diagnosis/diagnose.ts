import { accountName } from '../hostcache/account.ts';
import { releaseOf } from '../hostcache/release.ts';
import { forecastFlush } from './after-flush.ts';
import type { Evidence } from './evidence.ts';
import { predict } from './predict.ts';
import type { Case, Finding } from './rule.ts';
import { RULES, worstFirst } from './rules/index.ts';

/** From evidence to a diagnosis: a pure function. */

/** The result for one client on one server. */
export interface Diagnosis extends Case {
  /** By severity, then in the catalogue's order. */
  readonly findings: readonly Finding[];
  /** What is not known, and why. */
  readonly gaps: readonly string[];
}

export function diagnose(evidence: Evidence): Diagnosis {
  const prediction = predict(evidence);
  const subject: Case = { evidence, prediction, forecast: forecastFlush(evidence, prediction) };
  const findings = worstFirst(RULES.flatMap((rule) => rule.examine(subject) ?? []));
  return { ...subject, findings, gaps: gapsOf(subject) };
}

function gapsOf({ evidence, prediction }: Case): readonly string[] {
  const { settings, entry, accounts, dns, resolver } = evidence;
  const whys = [settings, entry, accounts].flatMap((fact) => (fact.known ? [] : [fact.why]));
  const gaps = [...new Set(whys)];
  const release = settings.known ? releaseOf(settings.value) : null;
  if (release?.isProved === false) {
    gaps.push(`These predictions have not been proved on ${release.name}.`);
  }
  const { account } = prediction.nowUnblocked;
  if (prediction.rules === 'mariadb' && account !== null && account.locked === null) {
    gaps.push(
      `The reading account cannot see whether ${accountName(account)} is locked; see the grants in the README.`,
    );
  }
  if (dns !== null && dns.names.length > 1) {
    gaps.push(
      `DNS gives ${dns.names.length} PTR names. The server takes the first, and the order may change with each answer.`,
    );
  }
  if (dns?.failedA !== undefined) {
    gaps.push(
      `The A lookup of ${dns.host} failed (${dns.failedA}), so its AAAA answer is used. A server thread whose resolver has timed out before takes no name from that answer.`,
    );
  }
  if (dns?.status === 'failed') gaps.push(`${resolver} did not answer: ${dns.why}.`);
  return gaps;
}
