import { accountName } from '../../hostcache/account.ts';
import { isLastingNull, NULL_CAUSES, type NullCause, nullCause } from '../../hostcache/entry.ts';
import { matches } from '../../hostcache/host-pattern.ts';
import { acceptedName, type DnsFacts, type Rejection } from '../dns-facts.ts';
import { type Case, createRule } from '../rule.ts';
import { entryOf, flushStatement, severityOfName, since } from './words.ts';

/** A name that the server remembers not to exist. */

export const nullHost = createRule('null-host', {
  find: (subject) => {
    const entry = entryOf(subject);
    return entry !== null && isLastingNull(entry) ? entry : null;
  },
  explain: (entry, subject) => ({
    severity: severityOfName(subject),
    title: 'The server remembers that this address has no name, and will not ask DNS again',
    cause: `HOST is NULL and validated${since(entry.firstSeenAt)}: ${CAUSES[nullCause(entry)]}.${rejected(subject)}`,
    ...remedyOfNull(subject),
    manual: 'host-cache',
  }),
});

const CAUSES: Readonly<Record<NullCause, string>> = {
  no_ptr: `DNS had no PTR record for the address (${NULL_CAUSES.no_ptr})`,
  no_address: `its PTR name had no address (${NULL_CAUSES.no_address})`,
  fcrdns: `its PTR name's addresses did not include it (${NULL_CAUSES.fcrdns})`,
  other: 'no counter tells why',
};

function rejected({ evidence }: Case): string {
  return evidence.rejectedName === null ? '' : ` The rejected name was ${evidence.rejectedName}.`;
}

function remedyOfNull(subject: Case): { remedy: string; statements: readonly string[] } {
  const { evidence, forecast } = subject;
  switch (forecast.effect) {
    case 'cures':
      return {
        remedy: `${sayDnsNow(evidence.dns)} Flush the host cache: the server then asks DNS and finds the name.`,
        statements: [flushStatement(subject)],
      };
    case 'cures-after-fix':
      return {
        remedy: `${sayDnsNow(evidence.dns)} First mend DNS: ${mend(subject)}. Then flush; before that a flush only stores the same NULL again. An account by address needs neither.${sayWaiting(subject)}`,
        statements: [`-- when DNS is mended:\n${flushStatement(subject)}`],
      };
    case 'unblocks':
    case 'changes-account':
      return {
        remedy: 'A flush makes the server ask DNS again; see below what that changes.',
        statements: [],
      };
    case 'breaks':
    case 'useless':
      return {
        remedy:
          'No account that this client lacks depends on its name: nothing to do, and a flush changes nothing for the better.',
        statements: [],
      };
    case 'unknown':
      return {
        remedy:
          'What a flush would change is not known; see the gaps. Where an account is meant for its name: mend DNS first (a PTR record, and an address record back), then flush.',
        statements: [],
      };
  }
}

function mend({ evidence }: Case): string {
  const { client, dns } = evidence;
  const missing: Readonly<Record<Rejection, string>> = {
    'no-ptr': `a PTR record for ${client.text}, and an address record back`,
    'no-address': `an address record for ${dns?.host} that gives ${client.text}`,
    'address-failed': `an address record for ${dns?.host} that gives ${client.text}`,
    mismatch: `${dns?.host} must resolve to ${client.text}, it gives ${dns?.addresses.join(', ')}`,
    numeric: 'a PTR name that begins with a letter',
    'ptr-failed': `the resolver must answer for ${client.text}`,
  };
  return dns?.rejected ? missing[dns.rejected] : 'a PTR record and an address record back';
}

function sayWaiting({ evidence, prediction, forecast }: Case): string {
  const { rules } = prediction;
  if (rules === null) return '';
  const waiting = forecast.accounts.map(({ account }) => account);
  const names = prediction.candidates
    .filter(({ account }) => waiting.includes(account))
    .filter(({ pattern }) => !matches(pattern, evidence.client, null, rules))
    .map(({ account }) => accountName(account));
  const shown = names.slice(0, 3).join(', ');
  return names.length === 0 ? '' : ` Waiting for a name: ${shown}${names.length > 3 ? ', …' : ''}.`;
}

function sayDnsNow(dns: DnsFacts | null): string {
  if (dns === null) return '';
  const name = acceptedName(dns);
  if (name !== null) return `DNS now gives ${name}, confirmed both ways.`;
  return `DNS today gives ${dns.host ?? 'no name'}${dns.host === null ? '' : ', not confirmed'}.`;
}
