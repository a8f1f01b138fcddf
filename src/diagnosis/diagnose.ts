import { count, listed } from '../chat/lists.ts';
import { accountName } from '../hostcache/account.ts';
import { openersOf } from '../hostcache/matching.ts';
import { type Release, releaseOf } from '../hostcache/release.ts';
import { forecastFlush } from './after-flush.ts';
import { acceptedName } from './dns-facts.ts';
import { type Evidence, localNameOf } from './evidence.ts';
import { FAILURES_LISTED, failedLogins } from './failed-logins.ts';
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

function gapsOf(subject: Case): readonly string[] {
  const { settings, entry, accounts } = subject.evidence;
  const whys = [settings, entry, accounts].flatMap((fact) => (fact.known ? [] : [fact.why]));
  const release = settings.known ? releaseOf(settings.value) : null;
  return [
    ...new Set(whys),
    ...(release === null ? [] : releaseGaps(subject, release)),
    ...(subject.prediction.contradiction === null ? [] : [CONTRADICTION]),
    ...dnsGaps(subject.evidence),
    ...failureGaps(subject.evidence),
  ];
}

const CONTRADICTION =
  'What the server answers now is not known: it refused this client, although its accounts admit it.';

/** Without the settings nothing was asked. */
function* failureGaps(evidence: Evidence): Iterable<string> {
  const { settings, failures, logins } = evidence;
  if (!settings.known) return;
  if (!failures.known) yield `Who fails to log in from here: ${failures.why}`;
  else if (!logins.known) yield `Who logs in from here: ${logins.why}`;
  else if (logins.value.lost > 0) {
    yield `The server had no room to count ${count(logins.value.lost, 'account or host', 'accounts and hosts')} (performance_schema_accounts_size, performance_schema_hosts_size): failed logins may be missing.`;
  }
  const all = failedLogins(evidence)?.length ?? 0;
  if (all > FAILURES_LISTED) {
    yield `The newest ${FAILURES_LISTED} of ${all} failures from here are listed.`;
  }
}

function* releaseGaps({ evidence, prediction }: Case, release: Release): Iterable<string> {
  const { candidates, clientNow, nowUnblocked } = prediction;
  if (nowUnblocked.outcome === 'unknown') {
    const unsure = openersOf(candidates, clientNow, release.rules, false).map(accountName);
    if (unsure.length > 0) {
      yield `It is not known whether ${listed(unsure, 3)} opens the host check there.`;
    }
  }
  const { account } = nowUnblocked;
  if (prediction.rules === 'mariadb' && account !== null && account.locked === null) {
    yield `The reading account cannot see whether ${accountName(account)} is locked; see the grants in the README.`;
  }
  const name = evidence.dns === null ? null : acceptedName(evidence.dns);
  if (release.matchesWholeName && name !== null && name.length > release.nameLength) {
    const kept = name.slice(0, release.nameLength);
    yield `${name} is longer than ${release.nameLength} characters: ${release.name} matches all of it at the first connection after a flush, and only ${kept} at later ones.`;
  }
}

function* dnsGaps(evidence: Evidence): Iterable<string> {
  const { dns, resolver } = evidence;
  const host = localNameOf(evidence);
  if (host !== null) {
    yield `DNS does not know ${host}, so the name that the server would find after a flush is not known.`;
  }
  if (dns === null) return;
  if (dns.names.length > 1) {
    yield `DNS gives ${dns.names.length} PTR names. The server takes the first, and the order may change with each answer.`;
  }
  if (dns.failedA !== undefined) {
    yield `The A lookup of ${dns.host} failed (${dns.failedA}), so its AAAA answer is used. A server thread whose resolver has timed out before takes no name from that answer.`;
  }
  if (dns.status === 'failed') yield `${resolver} did not answer: ${dns.why}.`;
}
