import { listed } from '../../chat/lists.ts';
import { type Account, accountName } from '../../hostcache/account.ts';
import { isLastingNull, NULL_CAUSES, type NullCause, nullCause } from '../../hostcache/entry.ts';
import { isCurrentName } from '../../hostcache/host-name.ts';
import { matches } from '../../hostcache/host-pattern.ts';
import { releaseOf } from '../../hostcache/release.ts';
import {
  acceptedName,
  type DnsFacts,
  NAMES_SHOWN,
  type Rejection,
  sayNames,
} from '../dns-facts.ts';
import { cachedName, localNameOf } from '../evidence.ts';
import {
  type Case,
  createRule,
  type Explanation,
  entryOf,
  flushStatement,
  isForIpv4Only,
  type Severity,
  settingsOf,
  since,
} from '../rule.ts';

/** A validated entry whose name, or lack of a name, DNS may have changed since. */

export const nullHost = createRule('null-host', {
  find: (subject) => {
    const entry = entryOf(subject);
    return entry !== null && isLastingNull(entry) ? entry : null;
  },
  explain: (entry, subject) => ({
    severity: severityOf(subject),
    title: 'The server has cached that this address has no name, and does not ask DNS again',
    cause: `HOST is NULL and validated${since(entry.firstSeenAt)}: ${CAUSES[nullCause(entry)]}.${rejectedNameText(subject)}`,
    ...remedyOfNull(subject),
  }),
});

export const staleHost = createRule('stale-host', {
  find: (subject) => {
    const host = cachedName(subject.evidence);
    const { dns } = subject.evidence;
    const settings = settingsOf(subject);
    if (host === null || dns === null || dns.status === 'failed' || settings === null) return null;
    const isLocal = localNameOf(subject.evidence) !== null;
    const isKept = isLocal || isCurrentName(host, dns.names, releaseOf(settings));
    return isKept ? null : { host, names: dns.names };
  },
  explain: ({ host, names }, subject) => ({
    severity: severityOf(subject),
    title: 'The server still uses a name that DNS no longer gives for this address',
    cause: `The cached name is ${host}${since(entryOf(subject)?.firstSeenAt ?? null)}; DNS now gives ${sayNames(names)}. (If the hosts file of the database host still gives the old name, nothing is stale.)`,
    ...remedyOfStale(subject),
  }),
});

export const localName = createRule('local-name', {
  find: ({ evidence }) => localNameOf(evidence),
  explain: (host, { evidence: { client } }) => ({
    severity: 'note',
    title: 'The cached name is one that only the database host knows',
    cause: `${host} is not a name of DNS: it comes from the hosts file or the resolver of the database host.`,
    remedy: `On that host, "getent hosts ${client.text}" shows what the server would find after a flush.`,
  }),
});

/** A name matters where a flush, or a DNS fix and then a flush, admits a client that is kept out. */
function severityOf(subject: Case): Severity {
  const { forecast, prediction } = subject;
  if (isForIpv4Only(subject)) return 'note';
  switch (forecast.effect) {
    case 'cures':
      return 'blocking';
    case 'cures-after-fix':
      // The user in question can log in; only another of its rows needs the name.
      if (prediction.nowUnblocked.account?.user) return 'note';
      // Where some account can log in without a name, the others may be unused.
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

/** Whether a client can log in to this row: not a role, not locked, not anonymous. */
function isUsable({ isRole, locked, user }: Account): boolean {
  return !isRole && locked !== true && user !== '';
}

type Remedy = Pick<Explanation, 'remedy' | 'statements'>;

function remedyOfNull(subject: Case): Remedy {
  const { evidence, forecast } = subject;
  switch (forecast.effect) {
    case 'cures':
      return {
        remedy: `${dnsNowText(evidence.dns)} Flush the host cache: the server then asks DNS and finds the name.`,
        statements: [flushStatement(subject)],
      };
    case 'cures-after-fix':
      if (isForIpv4Only(subject)) {
        return { remedy: 'The accounts here are meant for IPv4 addresses: widen their pattern.' };
      }
      return {
        remedy: `${dnsNowText(evidence.dns)} Fix DNS first: ${dnsFix(subject)}. Then flush; a flush before the fix only caches NULL again. An account by address needs neither.${waitingText(subject)}`,
        statements: [`-- after DNS is fixed:\n${flushStatement(subject)}`],
      };
    case 'unblocks':
    case 'changes-account':
      return { remedy: 'A flush makes the server ask DNS again.' };
    case 'breaks':
    case 'useless':
      return {
        remedy:
          'No account that this client cannot reach depends on its name. Nothing to do; a flush does not help.',
      };
    case 'unknown':
      return {
        remedy:
          'The effect of a flush is not known; see the gaps. If an account needs the name, fix DNS first (a PTR record, and an address record back), then flush.',
      };
  }
}

function remedyOfStale(subject: Case): Remedy {
  switch (subject.forecast.effect) {
    case 'changes-account':
      return {
        remedy: `A flush gives it the name of today: its logins then land on other accounts.${lostText(subject)} Flush only if that is right.`,
        statements: [flushStatement(subject)],
      };
    case 'cures':
    case 'unblocks':
      return {
        remedy: 'Flush the host cache: otherwise the server keeps a validated name indefinitely.',
        statements: [flushStatement(subject)],
      };
    case 'breaks':
      return {
        remedy:
          'Do not flush now: only the old name lets the client in. First fix DNS, or create an account for the address.',
      };
    case 'cures-after-fix':
    case 'useless':
    case 'unknown':
      return { remedy: 'A flush does not change how the server answers this client.' };
  }
}

/** The accounts that a flush takes from it, three at most. */
function lostText({ forecast }: Case): string {
  const lost = forecast.accounts.filter(({ now, afterFlush }) => now && !afterFlush);
  if (lost.length === 0) return '';
  return ` It loses ${listed(
    lost.map(({ account }) => accountName(account)),
    3,
  )}.`;
}

const CAUSES: Readonly<Record<NullCause, string>> = {
  no_ptr: `DNS had no PTR record for the address (${NULL_CAUSES.no_ptr})`,
  no_address: `its PTR name had no address (${NULL_CAUSES.no_address})`,
  fcrdns: `its PTR name did not resolve back to it (${NULL_CAUSES.fcrdns})`,
  other: 'no counter shows why',
};

function rejectedNameText({ evidence: { rejectedName } }: Case): string {
  return rejectedName === null ? '' : ` The rejected name was ${rejectedName}.`;
}

/** What DNS needs so that the server accepts a name for this client. */
function dnsFix({ evidence }: Case): string {
  const { client, dns } = evidence;
  const needed: Readonly<Record<Rejection, string>> = {
    'no-ptr': `add a PTR record for ${client.text}, and an address record back`,
    'no-address': `add an address record for ${dns?.host} that gives ${client.text}`,
    'address-failed': `add an address record for ${dns?.host} that gives ${client.text}`,
    mismatch: `make ${dns?.host} resolve to ${client.text}, not to ${listed(dns?.addresses ?? [], NAMES_SHOWN) || 'another address'}`,
    numeric: 'use a PTR name that begins with a letter',
    'ptr-failed': `make the resolver answer for ${client.text}`,
  };
  return needed[dns?.rejected ?? 'no-ptr'];
}

/** The accounts that only a name can match, three at most. */
function waitingText({ evidence, prediction, forecast }: Case): string {
  const { rules } = prediction;
  if (rules === null) return '';
  const changed = forecast.accounts.map(({ account }) => account);
  const names = prediction.candidates
    .filter(({ account }) => changed.includes(account))
    .filter(({ pattern }) => !matches(pattern, evidence.client, null, rules))
    .map(({ account }) => accountName(account));
  const shown = names.slice(0, 3).join(', ');
  return names.length === 0 ? '' : ` Waiting for a name: ${shown}${names.length > 3 ? ', …' : ''}.`;
}

function dnsNowText(dns: DnsFacts | null): string {
  if (dns === null) return '';
  const name = acceptedName(dns);
  if (name !== null) return `DNS now gives ${name}, confirmed both ways.`;
  return `DNS now gives ${dns.host === null ? 'no name' : `${dns.host}, not confirmed`}.`;
}
