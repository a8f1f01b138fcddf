import { times } from '../../chat/lists.ts';
import { type Account, accountLiteral, accountName } from '../../hostcache/account.ts';
import { matches } from '../../hostcache/host-pattern.ts';
import type { ManualPage } from '../../hostcache/manual.ts';
import { releaseOf } from '../../hostcache/release.ts';
import { type Case, createRule, type Rule, type RuleId, type Severity } from '../rule.ts';
import { counterOf, settingsOf } from './words.ts';

/** What waits behind the host check: the row that the login lands on, as far as SQL shows it. */

export const anonymousAccount = createRule('anonymous-account', {
  find: ({ evidence, prediction }) => {
    const { user } = evidence;
    const { rules, candidates, clientNow, nowUnblocked } = prediction;
    const chosen = nowUnblocked.account;
    if (!user || rules === null || chosen?.user !== '') return null;
    const name = clientNow.name.known ? clientNow.name.name : null;
    const named = candidates
      .filter(({ account }) => account.user === user)
      .filter(({ pattern }) => matches(pattern, clientNow.address, name, rules))
      .map(({ account }) => account);
    return named.length === 0 ? null : { user, chosen, named };
  },
  explain: ({ user, chosen, named }) => ({
    // Whoever knows the password of the anonymous account does get in.
    severity: 'degraded',
    title: `An account without a name stands before those of ${user}`,
    cause: `Logins of ${user} from here land on ${accountName(chosen)} and are asked for its password, not for that of ${named.map(accountName).join(', ')} (1045 with the right password).`,
    remedy:
      'Drop the account without a name, or give this user an account that is as specific. Neither needs a flush.',
    statements: [`DROP USER ${accountLiteral(chosen)};`],
    manual: 'connection-access',
  }),
});

const accountLocked = createChosenRule('account-locked', {
  holds: ({ locked }) => locked === true,
  columns: ['COUNT_ACCOUNT_LOCKED_ERRORS', 'COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS'],
  severity: () => 'blocking',
  title: 'The account that this login lands on is locked (3118, MariaDB 4151)',
  cause: (names) => `${names} is locked; with the right password the server says so, else 1045.`,
  remedy:
    'Unlock it, once it is clear why it was locked. A flush does nothing. A role is always locked: log in as an account that has it.',
  statement: (account) => `ALTER USER ${accountLiteral(account)} ACCOUNT UNLOCK;`,
  manual: 'account-locking',
});

const tlsRequired = createChosenRule('tls-required', {
  holds: ({ tls }) => tls !== null && tls !== '',
  columns: ['COUNT_SSL_ERRORS'],
  // Whether this client brings TLS is not known; refusals so far are the one hint.
  severity: (refused) => (refused > 0 ? 'risk' : 'note'),
  title: 'The account that this login lands on asks for TLS (else 1045)',
  cause: (names, { tls }) => `${names} has REQUIRE ${REQUIREMENTS[tls ?? ''] ?? tls}.`,
  remedy:
    'Turn TLS on in the client, with the certificate that the account requires. A flush does nothing.',
  statement: null,
  manual: 'using-encrypted-connections',
});

const pluginMissing = createChosenRule('plugin-missing', {
  holds: ({ plugin }, subject) => plugin === 'mysql_native_password' && hasNoNativePlugin(subject),
  columns: ['COUNT_NO_AUTH_PLUGIN_ERRORS'],
  severity: () => 'blocking',
  title: 'The account uses an authentication plugin that this server lacks (1524)',
  cause: (names) => `${names} uses mysql_native_password, which is gone since MySQL 9.0.`,
  remedy: 'Move the account to a plugin that this version has. A flush does nothing.',
  statement: (account) =>
    `ALTER USER ${accountLiteral(account)} IDENTIFIED WITH caching_sha2_password BY '…';`,
  manual: 'pluggable-authentication',
});

/** They go before the counters of the same names, which only tell what was. */
export const chosenAccountRules: readonly Rule[] = [accountLocked, tlsRequired, pluginMissing];

const REQUIREMENTS: Readonly<Record<string, string>> = {
  ANY: 'SSL',
  SPECIFIED: 'a certificate of a given issuer, subject or cipher',
};

interface ChosenRule {
  readonly holds: (account: Account, subject: Case) => boolean;
  /** The counters that its refusals raise. */
  readonly columns: readonly string[];
  readonly severity: (refused: number) => Severity;
  readonly title: string;
  readonly cause: (names: string, account: Account) => string;
  readonly remedy: string;
  readonly statement: ((account: Account) => string) | null;
  readonly manual: ManualPage;
}

/** A rule on the account that this login lands on; of tied ones, where it holds for all of them. */
function createChosenRule(id: RuleId, rule: ChosenRule): Rule {
  return createRule(id, {
    find: (subject) => {
      const chosen = chosenAccounts(subject);
      const held = chosen.filter((account) => rule.holds(account, subject));
      const [first] = held;
      return first === undefined ? null : { first, held, isSure: held.length === chosen.length };
    },
    explain: ({ first, held, isSure }, subject) => {
      const refused = rule.columns.reduce((sum, column) => sum + counterOf(subject, column), 0);
      const severity = rule.severity(refused);
      const soFar = refused === 0 ? '' : ` Refused so far: ${times(refused)}.`;
      return {
        severity: severity === 'blocking' && !isSure ? 'degraded' : severity,
        title: rule.title,
        cause: `${rule.cause(held.map(accountName).join(', '), first)}${soFar}`,
        remedy: rule.remedy,
        statements: rule.statement === null ? [] : held.map(rule.statement),
        manual: rule.manual,
      };
    },
  });
}

/** Where this login lands now, or would after a flush; empty without a user, or where none matches. */
function chosenAccounts({ prediction }: Case): readonly Account[] {
  const { nowUnblocked, afterFlush } = prediction;
  const answer = nowUnblocked.account === null ? afterFlush : nowUnblocked;
  return answer.account === null ? [] : [answer.account, ...answer.ties];
}

function hasNoNativePlugin(subject: Case): boolean {
  const settings = settingsOf(subject);
  return settings !== null && !releaseOf(settings).hasNativePassword;
}
