import { count, listed, times, utc } from '../../chat/lists.ts';
import { type Account, accountLiteral, accountName } from '../../hostcache/account.ts';
import { parseHostPattern } from '../../hostcache/host-pattern.ts';
import { matchesClient } from '../../hostcache/matching.ts';
import { releaseOf, whyHidden } from '../../hostcache/release.ts';
import { acceptedName } from '../dns-facts.ts';
import { failuresOfAll } from '../failed-logins.ts';
import {
  type Case,
  counterOf,
  createRule,
  type Explanation,
  hostsWithoutCache,
  isForIpv4Only,
  isKeptOut,
  settingsOf,
} from '../rule.ts';

/** Whether mysql.user has a row for this client, and whether the server looks at names at all. */

export const noMatchingAccount = createRule('no-matching-account', {
  find: (subject) => {
    const { nowUnblocked, contradiction } = subject.prediction;
    if (nowUnblocked.outcome === 'refused') return { missingUser: null };
    const isDenied = nowUnblocked.outcome === 'denied' && contradiction === null;
    const missingUser = isDenied ? userWithoutAccount(subject) : null;
    return missingUser === null ? null : { missingUser };
  },
  explain: ({ missingUser }, subject) => {
    const { client } = subject.evidence;
    const severity = subject.prediction.now.outcome === 'blocked' ? 'degraded' : 'blocking';
    if (missingUser !== null) {
      return {
        severity,
        title: `There is no account ${missingUser} (1045)`,
        cause: `mysql.user has no row of this name for any host. Names are case-sensitive.`,
        remedy: 'Check the name that the client logs in with, or create the account.',
        statements: [createUser({ user: missingUser, host: hostFor(subject) })],
      };
    }
    return {
      severity,
      title: 'No account lets this host in (1130)',
      cause: `No account has a host pattern that matches ${client.text}${refusedSoFar(subject)}.`,
      ...remedyOfRefusal(subject),
    };
  },
});

/** Without an entry, what the server counts for all clients together is the only hint. */
function refusedSoFar(subject: Case): string {
  const { entry } = subject.evidence;
  const all = failuresOfAll(subject.evidence, 1130);
  if (entry.known && (entry.value !== null || all === null)) {
    return ` (refused so far: ${counterOf(subject, 'COUNT_HOST_ACL_ERRORS')})`;
  }
  if (all === null) return '';
  const last = all.lastAt === null ? '' : `, last ${utc(all.lastAt)}`;
  return ` (1130 since the server started, of all clients together: ${times(all.count)}${last})`;
}

/** The user of the login, if no account has that name; null = some has, or it is not known. */
function userWithoutAccount({ evidence: { user, accounts } }: Case): string | null {
  if (user === null || !accounts.known) return null;
  const { rows, moreMatching, moreNamed } = accounts.value;
  const isComplete = moreMatching === 0 && moreNamed === 0;
  return isComplete && !rows.some((account) => account.user === user) ? user : null;
}

function remedyOfRefusal(subject: Case): Pick<Explanation, 'remedy' | 'statements'> {
  const { user, dns } = subject.evidence;
  if (needsName(subject)) {
    return {
      remedy: 'The name that the server has for it is the cause. An account by address also works.',
    };
  }
  if (dns?.status === 'failed') {
    return {
      remedy:
        'While DNS fails, no account for a name can match. An account by address works at once.',
    };
  }
  return {
    remedy:
      'Create an account for this client, by address or by name. It works at once, without a flush.',
    statements: [createUser({ user: user ?? 'app', host: hostFor(subject) })],
  };
}

/** The host of an account for this client: its name, if DNS confirms one. */
function hostFor({ evidence: { client, dns } }: Case): string {
  return (dns === null ? null : acceptedName(dns)) ?? client.text;
}

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
      ? { remedy: 'The name that the server has for the client is the cause.' }
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
      title: 'Names and blocks cannot be seen on this server',
      cause: hidden,
      remedy: `Start it with performance_schema=ON. Until then, ${releaseOf(settings).flush.sql} empties the cache.`,
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
