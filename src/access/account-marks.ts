import type { Account } from '../hostcache/account.ts';
import type { Rules } from '../hostcache/host-pattern.ts';
import { patternTrait } from '../hostcache/pattern-traits.ts';
import type { ServerSettings } from '../hostcache/settings.ts';

/** What is risky or useless about an account; the worst first. */
export const MARKS = [
  'anonymous',
  'any-host',
  'no-password-plugin',
  'opens-host-check',
  'never-matches',
  'unused',
  'locked',
] as const;

export type Mark = (typeof MARKS)[number];

/** Plugins that check no password: who connects is enough, or nobody may log in by them. */
const NO_PASSWORD: readonly string[] = [
  'auth_socket',
  'unix_socket',
  'named_pipe',
  'gssapi',
  'mysql_no_login',
  'authentication_windows',
  'authentication_kerberos',
  'authentication_fido',
  'authentication_webauthn',
];

/** `isUnused`: it did not log in, and nothing can have been missed. */
export function marksOf(
  account: Account,
  settings: ServerSettings,
  rules: Rules,
  isUnused: boolean,
): readonly Mark[] {
  const { host, user, isRole, locked } = account;
  const trait = patternTrait(host, rules, settings);
  const isOpen = trait === 'open';
  // Nobody can log in by it, but as long as it exists, every client passes the host check.
  const onlyOpens = isOpen && (isRole || locked === true);
  const found: Readonly<Record<Mark, boolean>> = {
    anonymous: user === '' && !isRole,
    'any-host': isOpen && !isRole,
    'no-password-plugin': !isRole && checksNoPassword(account, settings),
    'opens-host-check': onlyOpens && !(isRole && rules === 'mariadb'),
    'never-matches': !isRole && (trait === 'needs-name' || trait === 'never-matches'),
    unused: isUnused && !isRole && !isServersOwn(account),
    locked: locked === true,
  };
  return MARKS.filter((mark) => found[mark]);
}

/** Also if its plugin is not loaded: then no password is right (1524). */
function checksNoPassword({ plugin }: Account, { plugins }: ServerSettings): boolean {
  if (plugin === null || plugin === '') return false;
  return NO_PASSWORD.includes(plugin) || (plugins !== null && !plugins.includes(plugin));
}

/** The server makes and uses these itself; they never log in. */
function isServersOwn({ user, host }: Account): boolean {
  const names = ['mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys'];
  return host === 'localhost' && names.includes(user);
}
