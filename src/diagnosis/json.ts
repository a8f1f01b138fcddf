import type { ExitCode } from '../chat/reply.ts';
import { accountName } from '../hostcache/account.ts';
import { parseAddress } from '../hostcache/address.ts';
import type { Diagnosis } from './diagnose.ts';
import { FAILURES_LISTED, failedLogins } from './failed-logins.ts';
import { type ServerAnswer, UNKNOWN } from './predict.ts';
import type { Reported } from './reported.ts';
import type { Finding } from './rule.ts';

/** The JSON object that `why --json` prints. Its fields are public and must not change. */

/** Further accounts are counted, not listed. */
const ACCOUNTS_LISTED = 100;

/** `client`: the address or host name as it was typed. */
export function toJson(diagnosis: Diagnosis, client: string): object {
  const { evidence, prediction, forecast, findings, gaps } = diagnosis;
  const { settings, entry, dns } = evidence;
  const cached = entry.known ? entry.value : null;
  return {
    server: evidence.server,
    flavour: settings.known ? settings.value.flavour : null,
    version: settings.known ? settings.value.version.text : null,
    client,
    address: evidence.client.text,
    user: evidence.user,
    cached:
      cached === null
        ? null
        : { host: cached.host, validated: cached.validated, connectErrors: cached.connectErrors },
    dns: dns === null ? null : { status: dns.status, host: dns.host, confirmed: dns.confirmed },
    now: answerJson(prediction.now),
    afterFlush: answerJson(prediction.afterFlush),
    flush: forecast.effect,
    accounts: forecast.accounts.slice(0, ACCOUNTS_LISTED).map(({ account, now, afterFlush }) => ({
      account: accountName(account),
      now,
      afterFlush,
    })),
    accountsTotal: forecast.accountsTotal,
    findings: findings.map(findingJson),
    gaps,
    reported: evidence.reported,
    failures: failedLogins(evidence)?.slice(0, FAILURES_LISTED) ?? null,
  };
}

/** What a text says of one client, without any server: the same fields, the outcomes unknown. */
export function textJson(told: {
  /** As the text names it; null = it names none. */
  readonly client: string | null;
  readonly user: string | null;
  readonly findings: readonly Finding[];
  readonly gaps: readonly string[];
  readonly reported: Reported | null;
}): object {
  const { client, user, findings, gaps, reported } = told;
  return {
    server: null,
    flavour: null,
    version: null,
    client,
    address: client === null ? null : (parseAddress(client)?.text ?? null),
    user,
    cached: null,
    dns: null,
    now: answerJson(UNKNOWN),
    afterFlush: answerJson(UNKNOWN),
    flush: 'unknown',
    accounts: [],
    accountsTotal: 0,
    findings: findings.map(findingJson),
    gaps,
    reported,
    failures: null,
  };
}

/** An unknown outcome is 3, also beside a blocking finding, unless what happened answers it. */
/** What exit codes 0 and 1 mean, as help says it. */
export const EXITS = [
  'every client is admitted, and nothing blocks it',
  'a client is refused, blocked or denied, or something keeps an account out',
] as const;

export function exitOf({ prediction, findings }: Diagnosis): ExitCode {
  const { outcome } = prediction.now;
  if (outcome === 'unknown') return prediction.contradiction === null ? 3 : 1;
  const isBlocking = findings.some(({ severity }) => severity === 'blocking');
  return outcome !== 'admitted' || isBlocking ? 1 : 0;
}

function findingJson(finding: Finding): object {
  const { rule, severity, title, cause, remedy, statements, source } = finding;
  return { rule, severity, title, cause, remedy: [remedy, ...statements].join('\n'), source };
}

/** An answer of the server. */
export function answerJson({ outcome, error, account, ties }: ServerAnswer): object {
  return {
    outcome,
    error,
    account: account === null ? null : accountName(account),
    ties: ties.map(accountName),
  };
}
