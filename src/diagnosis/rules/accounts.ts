import { listed } from '../../chat/lists.ts';
import { type Account, accountLiteral, accountName } from '../../hostcache/account.ts';
import { matches, parseHostPattern } from '../../hostcache/host-pattern.ts';
import { releaseOf, whyHidden } from '../../hostcache/release.ts';
import { acceptedName } from '../dns-facts.ts';
import { type Case, createRule } from '../rule.ts';
import { counterOf, isKeptOut, settingsOf } from './words.ts';

/** Whether mysql.user holds a row for this client. */

export const noMatchingAccount = createRule('no-matching-account', {
  find: ({ prediction }) => (prediction.nowUnblocked.outcome === 'refused' ? prediction : null),
  explain: (_, subject) => {
    const { client, dns, user, entry } = subject.evidence;
    const name = dns === null ? null : acceptedName(dns);
    const isWaiting = waitsForName(subject);
    const refused = counterOf(subject, 'COUNT_HOST_ACL_ERRORS');
    const soFar = entry.known ? ` (refused so far: ${refused})` : '';
    return {
      severity: subject.prediction.now.outcome === 'blocked' ? 'degraded' : 'blocking',
      title: 'No account lets this host in (1130)',
      cause: `Of all accounts, none has a host pattern that matches ${client.text}${soFar}.`,
      remedy: isWaiting
        ? 'The name is what is missing; see above. An account by address would also do.'
        : 'Create an account for this client, by address or by name. It counts at once, without a flush.',
      statements: isWaiting ? [] : [createUser({ user: user ?? 'app', host: name ?? client.text })],
      manual: 'connection-access',
    };
  },
});

export const accountNotFromHere = createRule('account-not-from-here', {
  find: ({ evidence, prediction }) => {
    const { accounts, user } = evidence;
    const { rules, nowUnblocked } = prediction;
    if (user === null || rules === null || !accounts.known) return null;
    if (
      !['refused', 'denied'].includes(nowUnblocked.outcome) &&
      nowUnblocked.account?.user === user
    )
      return null;
    if (nowUnblocked.outcome === 'unknown') return null;
    // Let in whatever its name is, and the name decides on which row it lands.
    if (nowUnblocked.outcome === 'admitted' && nowUnblocked.account === null) return null;
    const own = accounts.value.rows.filter((account) => account.user === user);
    const name = prediction.clientNow.name.known ? prediction.clientNow.name.name : null;
    const matching = own.filter((account) =>
      matches(parseHostPattern(account.host, rules), evidence.client, name, rules),
    );
    return own.length > 0 && matching.length === 0 ? { user, own } : null;
  },
  explain: ({ user, own }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'risk',
    title: `The account ${user} exists, but not for this host as the server sees it`,
    cause: `mysql.user has ${sayAccounts(own)}.`,
    ...(waitsForName(subject)
      ? { remedy: "What is missing is the client's name; see above.", statements: [] }
      : {
          remedy: 'Add a row for this client, or widen one of these.',
          statements: [createUser({ user, host: subject.evidence.client.text })],
        }),
    manual: 'connection-access',
  }),
});

export const nameResolutionOff = createRule('name-resolution-off', {
  find: (subject) => {
    const { prediction } = subject;
    if (settingsOf(subject)?.skipNameResolve !== true) return null;
    const byName = prediction.candidates.filter(
      ({ pattern }) => /[a-z]/i.test(pattern.text) && !pattern.text.includes(':'),
    );
    return byName.length === 0 ? null : { byName };
  },
  explain: ({ byName }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'note',
    title: 'This server never looks up names (skip_name_resolve)',
    cause: `Accounts for host names can never match over TCP: ${sayAccounts(byName.map(({ account }) => account))}. The host cache stays empty and nobody is blocked.`,
    remedy: 'Give accounts by address, netmask or CIDR. A flush has nothing to empty.',
    statements: [],
    manual: 'host-cache',
  }),
});

const CACHE_OFF = {
  title: 'The host cache is off (host_cache_size = 0)',
  cause: 'Every connection asks DNS, nothing is remembered and nobody is blocked.',
  remedy: 'A flush has nothing to empty.',
};

export const cacheOff = createRule('cache-off', {
  find: (subject) => {
    const settings = settingsOf(subject);
    if (settings === null || settings.skipNameResolve) return null;
    if (settings.hostCacheSize === 0) return CACHE_OFF;
    const hidden = subject.evidence.entry.known ? null : whyHidden(settings, 0);
    if (hidden === null) return null;
    return {
      title: 'The host cache cannot be seen on this server',
      cause: hidden,
      remedy: `Start the server with performance_schema=ON to see names and blocks. Meanwhile ${releaseOf(settings).flush.sql} empties the cache.`,
    };
  },
  explain: (words) => ({ ...words, severity: 'note', statements: [], manual: 'host-cache' }),
});

/** Accounts are there, and only the name that the server has for the client keeps it out. */
function waitsForName({ forecast }: Case): boolean {
  return forecast.effect === 'cures' || forecast.effect === 'cures-after-fix';
}

function sayAccounts(accounts: readonly Account[]): string {
  return listed(accounts.map(accountName), 5);
}

function createUser(account: { readonly user: string; readonly host: string }): string {
  return `CREATE USER ${accountLiteral(account)} IDENTIFIED BY '…';`;
}
