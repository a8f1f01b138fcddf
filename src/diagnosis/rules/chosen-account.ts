import { times } from '../../chat/lists.ts';
import { type Account, accountLiteral, accountName } from '../../hostcache/account.ts';
import { isLoopback } from '../../hostcache/address.ts';
import { matchesClient } from '../../hostcache/matching.ts';
import { releaseOf } from '../../hostcache/release.ts';
import { sessionsOf } from '../evidence.ts';
import { type Case, counterOf, createRule, type Rule, type RuleId, settingsOf } from '../rule.ts';

/** What happens after the host check: the account that the login lands on, as far as SQL shows it. */

export const anonymousAccount = createRule('anonymous-account', {
  find: ({ evidence: { user }, prediction }) => {
    const chosen = prediction.nowUnblocked.account;
    if (!user || chosen?.user !== '') return null;
    const named = accountsBehind(user, prediction);
    return named.length === 0 ? null : { user, chosen, named };
  },
  explain: ({ user, chosen, named }, { evidence: { reported } }) => ({
    // A client that knows the password of the anonymous account does get in.
    severity: reported?.error === 1045 ? 'blocking' : 'degraded',
    title: `An anonymous account comes before the accounts of ${user}`,
    cause: `Logins of ${user} from this host land on ${accountName(chosen)}. The server checks the password of that account, not of ${named.map(accountName).join(', ')}, and so answers 1045 even to the right password.`,
    remedy:
      'Drop the anonymous account, or give this user an account that is as specific. Neither needs a flush.',
    statements: [`DROP USER ${accountLiteral(chosen)};`],
  }),
});

/** The accounts of this user that match the client, besides the one that comes first. */
function accountsBehind(
  user: string,
  { rules, candidates, clientNow }: Case['prediction'],
): readonly Account[] {
  if (rules === null) return [];
  return candidates
    .filter(({ account }) => account.user === user)
    .filter((candidate) => matchesClient(candidate, clientNow, rules))
    .map(({ account }) => account);
}

const accountLocked = createChosenRule('account-locked', {
  applies: ({ locked }) => locked === true,
  columns: ['COUNT_ACCOUNT_LOCKED_ERRORS', 'COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS'],
  severity: () => 'blocking',
  title: 'The account that this login lands on is locked (3118, MariaDB 4151)',
  cause: (names) =>
    `${names} is locked. The server says so only after the right password; otherwise it answers 1045.`,
  remedy:
    'Find out why it was locked, then unlock it. A flush does nothing. A role is always locked: log in as an account that has it.',
  statement: (account) => `ALTER USER ${accountLiteral(account)} ACCOUNT UNLOCK;`,
});

const passwordExpired = createChosenRule('account-locked', {
  applies: ({ expired, isRole }) => expired === true && !isRole,
  columns: [],
  severity: () => 'blocking',
  title: 'The password of the account has expired (1862, or 1820 at the first statement)',
  cause: (names) =>
    `The password of ${names} has expired: the server refuses every statement but the one that sets a new password, and most drivers are refused at login.`,
  remedy: 'Set a new password. A flush does nothing.',
  statement: (account) => `ALTER USER ${accountLiteral(account)} IDENTIFIED BY '…';`,
});

const tlsRequired = createChosenRule('tls-required', {
  applies: ({ tls }) => tls !== null && tls !== '',
  columns: ['COUNT_SSL_ERRORS'],
  // Whether this client uses TLS is not known; past refusals are the only hint.
  severity: (refused) => (refused > 0 ? 'risk' : 'note'),
  title: 'The account that this login lands on requires TLS (1045 without it)',
  cause: (names, { tls }) => `${names} has REQUIRE ${REQUIREMENTS[tls ?? ''] ?? tls}.`,
  remedy:
    'Turn TLS on in the client, with the certificate that the account requires. A flush does nothing.',
});

const pluginMissing = createChosenRule('plugin-missing', {
  applies: ({ plugin }, subject) => plugin !== null && isMissing(plugin, subject),
  columns: ['COUNT_NO_AUTH_PLUGIN_ERRORS'],
  severity: () => 'blocking',
  title: 'The account uses an authentication plugin that this server has not loaded (1524)',
  cause: (names, { plugin }) =>
    `${names} uses ${plugin}${plugin === NATIVE ? ', which MySQL 9.0 removed' : ''}.`,
  remedy: 'Load the plugin, or move the account to one that this server has. A flush does nothing.',
  statement: (account, subject) =>
    settingsOf(subject)?.flavour === 'mysql'
      ? `ALTER USER ${accountLiteral(account)} IDENTIFIED WITH caching_sha2_password BY '…';`
      : `ALTER USER ${accountLiteral(account)} IDENTIFIED BY '…';`,
});

/** Plugins by the name of the socket's: only a client on the server's machine is who it says. */
const SOCKET_PLUGINS = ['unix_socket', 'auth_socket'];

const socketOnly = createChosenRule('wrong-password', {
  applies: ({ plugin }, { evidence }) =>
    plugin !== null && SOCKET_PLUGINS.includes(plugin) && !isLoopback(evidence.client),
  columns: ['COUNT_AUTHENTICATION_ERRORS', 'COUNT_AUTH_PLUGIN_ERRORS'],
  severity: () => 'blocking',
  title: "The account admits logins through the server's Unix socket only (1698)",
  cause: (names, { plugin }) => `${names} uses ${plugin}, and this client comes by TCP.`,
  remedy: 'Create an account with a password for this client. A flush does nothing.',
});

/** Few drivers have them: with the others, the login fails before the password is checked. */
const RARE_PLUGINS: Readonly<Record<string, string>> = {
  parsec: '',
  ed25519: ' Each failure counts as a connect error, so the host ends up blocked (1129).',
};

const rarePlugin = createChosenRule('plugin-missing', {
  applies: ({ plugin }, subject) =>
    plugin !== null && plugin in RARE_PLUGINS && !hasSession(subject),
  columns: ['COUNT_AUTH_PLUGIN_ERRORS'],
  severity: () => 'blocking',
  title: 'The account uses an authentication plugin that most drivers do not have',
  cause: (names, { plugin }) =>
    `${names} uses ${plugin}; only MariaDB's own clients and few drivers know it.${RARE_PLUGINS[plugin ?? ''] ?? ''}`,
  remedy:
    'Use a driver that has the plugin, or move the account to one that the driver has. A flush does nothing.',
});

/** Whether this client uses TLS is not known; an open session proves that it does. */
const tlsForAll = createRule('tls-required', {
  find: (subject) => {
    const { nowUnblocked } = subject.prediction;
    const isDue = settingsOf(subject)?.requireSecureTransport === true && !hasSession(subject);
    return isDue && nowUnblocked.outcome === 'admitted'
      ? { refused: counterOf(subject, 'COUNT_SSL_ERRORS') }
      : null;
  },
  explain: ({ refused }, subject) => ({
    severity: 'blocking',
    title: 'The server refuses connections without TLS (3159; older MariaDB 1045)',
    cause: `require_secure_transport is ON.${refused === 0 ? '' : ` COUNT_SSL_ERRORS is ${refused}.`}${
      settingsOf(subject)?.flavour === 'mariadb'
        ? ' Here each such refusal also counts towards a block of the host (1129).'
        : ''
    }`,
    remedy:
      'Turn TLS on in the client. If it uses TLS already, nothing is wrong here. A flush does nothing.',
  }),
});

/** The server calls each of them localhost. */
const OTHER_LOCAL =
  'A login through the Unix socket or from ::1 is called localhost too, and other accounts may match it.';

/** A pasted 1045 where an account matches: the password is the first suspect, not the only one. */
const deniedHere = createRule('wrong-password', {
  find: ({ evidence: { reported, user }, prediction }) => {
    const { account } = prediction.nowUnblocked;
    if (reported?.error !== 1045 || user === null || account === null) return null;
    // The rule anonymous-account explains an account of this user behind an anonymous one.
    const isExplained = account.user !== user && accountsBehind(user, prediction).length > 0;
    return isExplained ? null : account;
  },
  explain: (account, { evidence: { client } }) => ({
    severity: 'blocking',
    title: 'Access was denied (1045), although an account matches',
    cause: `This login lands on ${accountName(account)}, so the server compares the password with that account's and with no other's.`,
    remedy: `Check the password of ${accountName(account)}. Otherwise: the account requires TLS; mysql.user was edited by hand, and FLUSH PRIVILEGES is missing; the account is newer than the error; or the error came from another server.${isLoopback(client) ? ` ${OTHER_LOCAL}` : ''}`,
  }),
});

/** Each takes the place of the counter rule with its id, which only reports past refusals. */
export const chosenAccountRules: readonly Rule[] = [
  socketOnly,
  deniedHere,
  accountLocked,
  passwordExpired,
  tlsForAll,
  tlsRequired,
  pluginMissing,
  rarePlugin,
];

const REQUIREMENTS: Readonly<Record<string, string>> = {
  ANY: 'SSL',
  SPECIFIED: 'a certificate of a given issuer, subject or cipher',
};

interface ChosenRule {
  readonly applies: (account: Account, subject: Case) => boolean;
  /** The counters of the refusals that it causes. */
  readonly columns: readonly string[];
  readonly severity: (refused: number) => 'blocking' | 'risk' | 'note';
  readonly title: string;
  readonly cause: (names: string, account: Account) => string;
  readonly remedy: string;
  readonly statement?: (account: Account, subject: Case) => string;
}

/** A rule about the account that this login lands on, or about those of the tied ones to which it applies. */
function createChosenRule(id: RuleId, rule: ChosenRule): Rule {
  return createRule(id, {
    find: (subject) => {
      const chosen = chosenAccounts(subject);
      const affected = chosen.filter((account) => rule.applies(account, subject));
      const [first] = affected;
      if (first === undefined) return null;
      return { first, affected, isSure: affected.length === chosen.length };
    },
    explain: ({ first, affected, isSure }, subject) => {
      const refused = rule.columns.reduce((sum, column) => sum + counterOf(subject, column), 0);
      const severity = rule.severity(refused);
      const soFar = refused === 0 ? '' : ` Refused so far: ${times(refused)}.`;
      return {
        severity: severity === 'blocking' && !isSure ? 'degraded' : severity,
        title: rule.title,
        cause: `${rule.cause(affected.map(accountName).join(', '), first)}${soFar}`,
        remedy: rule.remedy,
        statements: affected.flatMap((account) => rule.statement?.(account, subject) ?? []),
      };
    },
  });
}

/** Where this login lands now, or after a flush; empty without a user, or where no account matches. */
function chosenAccounts({ prediction: { nowUnblocked, afterFlush } }: Case): readonly Account[] {
  const { account, ties } = nowUnblocked.account === null ? afterFlush : nowUnblocked;
  return account === null ? [] : [account, ...ties];
}

const NATIVE = 'mysql_native_password';

/** Without the list of plugins, the release tells about the native one. An empty name is native. */
function isMissing(plugin: string, subject: Case): boolean {
  const settings = settingsOf(subject);
  if (settings === null || plugin === '') return false;
  return settings.plugins === null
    ? plugin === NATIVE && !releaseOf(settings).hasNativePassword
    : !settings.plugins.includes(plugin);
}

/** Whether the client has a session open, so that its logins succeed. */
function hasSession({ evidence }: Case): boolean {
  return sessionsOf(evidence) > 0;
}
