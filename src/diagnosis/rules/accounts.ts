import { count, listed } from '../../chat/lists.ts';
import { type Account, accountLiteral, accountName } from '../../hostcache/account.ts';
import { parseHostPattern } from '../../hostcache/host-pattern.ts';
import { matchesClient } from '../../hostcache/matching.ts';
import { releaseOf, whyHidden } from '../../hostcache/release.ts';
import { acceptedName } from '../dns-facts.ts';
import {
  type Case,
  counterOf,
  createRule,
  hostsWithoutCache,
  isForIpv4Only,
  isKeptOut,
  settingsOf,
} from '../rule.ts';

/** Whether mysql.user has a row for this client, and whether the server looks at names at all. */

export const noMatchingAccount = createRule('no-matching-account', {
  find: ({ prediction }) => (prediction.nowUnblocked.outcome === 'refused' ? prediction : null),
  explain: ({ now }, subject) => {
    const { client, dns, user, entry } = subject.evidence;
    const name = dns === null ? null : acceptedName(dns);
    const refused = counterOf(subject, 'COUNT_HOST_ACL_ERRORS');
    const soFar = entry.known ? ` (refused so far: ${refused})` : '';
    return {
      severity: now.outcome === 'blocked' ? 'degraded' : 'blocking',
      title: 'No account lets this host in (1130)',
      cause: `No account has a host pattern that matches ${client.text}${soFar}.`,
      ...(needsName(subject)
        ? { remedy: 'The missing name is the cause. An account by address also works.' }
        : {
            remedy:
              'Create an account for this client, by address or by name. It works at once, without a flush.',
            statements: [createUser({ user: user ?? 'app', host: name ?? client.text })],
          }),
    };
  },
});

export const accountNotFromHere = createRule('account-not-from-here', {
  find: ({ evidence: { accounts, user }, prediction }) => {
    const { rules, nowUnblocked, clientNow } = prediction;
    if (user === null || rules === null || !accounts.known) return null;
    const { outcome, account: chosen } = nowUnblocked;
    if (outcome === 'unknown') return null;
    // Admitted without an account: some row admits the client, and its unknown name decides which.
    if (outcome === 'admitted' && (chosen === null || chosen.user === user)) return null;
    const own = accounts.value.rows.filter((account) => account.user === user);
    const isMatched = own.some(({ host }) =>
      matchesClient({ pattern: parseHostPattern(host, rules) }, clientNow, rules),
    );
    return own.length > 0 && !isMatched ? { user, own } : null;
  },
  explain: ({ user, own }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'risk',
    title: `The account ${user} exists, but not for this host as the server sees it`,
    cause: `mysql.user has ${accountNames(own)}.`,
    ...(needsName(subject)
      ? { remedy: "The client's missing name is the cause." }
      : {
          remedy: 'Create an account for this client, or widen the host pattern of one of these.',
          // Where no account at all admits the client, that finding has the statement.
          statements:
            subject.prediction.nowUnblocked.outcome === 'refused'
              ? []
              : [createUser({ user, host: subject.evidence.client.text })],
        }),
  }),
});

export const nameResolutionOff = createRule('name-resolution-off', {
  find: (subject) => {
    if (settingsOf(subject)?.skipNameResolve !== true) return null;
    const byName = subject.prediction.candidates
      .filter(({ pattern: { text } }) => /[a-z]/i.test(text) && !text.includes(':'))
      .map(({ account }) => account);
    return byName.length === 0 ? null : byName;
  },
  explain: (byName, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'note',
    title: 'This server never looks up names (skip_name_resolve)',
    cause: `Accounts for host names can never match over TCP: ${accountNames(byName)}. The host cache stays empty, and no host is ever blocked.`,
    remedy: 'Define accounts by address, netmask or CIDR. A flush does nothing.',
  }),
});

export const cacheOff = createRule('cache-off', {
  find: (subject) => {
    const settings = settingsOf(subject);
    if (settings === null || settings.skipNameResolve) return null;
    if (settings.hostCacheSize === 0) {
      return {
        title: 'The host cache is off (host_cache_size = 0)',
        cause: 'The server asks DNS for every connection and never blocks a host.',
        remedy: 'A flush does nothing.',
      };
    }
    const hosts = hostsWithoutCache(subject);
    if (hosts > 0) {
      return {
        title: 'The host cache may be off: it is empty although clients are connected',
        cause: `${count(hosts, 'other host is', 'other hosts are')} connected, and the cache has no entry. The server was started with --skip-host-cache, which does not change host_cache_size, or the cache was emptied since they connected.`,
        remedy:
          'With that option the server asks DNS for every connection and never blocks a host. A flush does nothing.',
      };
    }
    const hidden = subject.evidence.entry.known ? null : whyHidden(settings, 0);
    if (hidden === null) return null;
    return {
      title: 'The host cache cannot be seen on this server',
      cause: hidden,
      remedy: `Start the server with performance_schema=ON to see names and blocks. Until then, ${releaseOf(settings).flush.sql} empties the cache.`,
    };
  },
  explain: (texts) => ({ ...texts, severity: 'note' }),
});

/** Whether an account exists and only the name that the server has for the client keeps it out. */
function needsName(subject: Case): boolean {
  const { effect } = subject.forecast;
  return effect === 'cures' || (effect === 'cures-after-fix' && !isForIpv4Only(subject));
}

function accountNames(accounts: readonly Account[]): string {
  return listed(accounts.map(accountName), 5);
}

function createUser(account: { readonly user: string; readonly host: string }): string {
  return `CREATE USER ${accountLiteral(account)} IDENTIFIED BY '…';`;
}
