import { type CheckResult, yellow } from '../../doctor/check.ts';
import type { AllGrants } from './grants.ts';
import { type HeldGrant, heldBy } from './held-grants.ts';

/** What the reading account may do beyond reading, by itself or through a role. Pure. */

/** Whoever holds one of these may empty the cache, or make it empty itself. */
const EMPTIES_BY_SERVER = ['RELOAD', 'SUPER', 'SYSTEM_VARIABLES_ADMIN', 'DROP', 'ALL PRIVILEGES'];

/** It then administers the server: revoking from it might lock people out. */
const ADMINISTERS = ['CREATE USER', 'ALL PRIVILEGES'];

const HARMLESS = ['USAGE', 'PROCESS', 'REPLICATION CLIENT', 'BINLOG MONITOR'];

/** Tables of mysql that hold no secret; mysql.user is read by columns. */
const READABLE_TABLES = ['mysql.hostcache_accounts', 'mysql.proxies_priv', 'mysql.role_edges'];

/** `needed`: the grants of a reading account, for this one or a new one. */
export function judgeExcess(
  { own, roles }: AllGrants,
  account: string,
  needed: (account: string) => readonly string[],
): readonly CheckResult[] {
  const all = [...own, ...roles.flatMap(({ lines }) => lines)];
  if (heldBy(all).some(isAdministrator)) return [administrator(account, needed)];
  const excess = heldBy(own).flatMap(excessOf);
  return [
    ...(excess.length === 0 ? [] : [sayExcess(excess, account, needed(account))]),
    ...roles.flatMap(({ role, lines }) => {
      const given = heldBy(lines).flatMap(excessOf);
      return given.length === 0 ? [] : [sayRole(role, given, account, needed(account))];
    }),
  ];
}

interface Excess {
  readonly privileges: readonly string[];
  readonly on: string;
}

function isAdministrator({ privileges, on, hasGrantOption }: HeldGrant): boolean {
  return on === '*.*' && (hasGrantOption || privileges.some((held) => ADMINISTERS.includes(held)));
}

function administrator(
  account: string,
  needed: (account: string) => readonly string[],
): CheckResult {
  const own = `'hostcache'${account.slice(account.lastIndexOf('@'))}`;
  return yellow(
    `the reading account ${account} administers the server; it could flush, and much more.`,
    'Make an account of its own with these, and name it in MYSQL_URL:',
    [`CREATE USER ${own} IDENTIFIED BY '…';`, ...needed(own)],
  );
}

function excessOf(grant: HeldGrant): readonly Excess[] {
  const { on, hasGrantOption } = grant;
  const tooMuch = grant.privileges.filter((privilege) => !isReading(privilege, on, grant));
  const privileges = [...tooMuch, ...(hasGrantOption ? ['GRANT OPTION'] : [])];
  return privileges.length === 0 ? [] : [{ privileges, on }];
}

function sayExcess(
  excess: readonly Excess[],
  account: string,
  needed: readonly string[],
): CheckResult {
  return yellow(
    `the reading account ${account} holds ${sayHeld(excess)}.`,
    'Take it away, as an administrator:',
    revocation(excess, account, needed),
  );
}

/** What went with a wider grant is given again. */
function revocation(
  excess: readonly Excess[],
  account: string,
  needed: readonly string[],
): readonly string[] {
  // MySQL 9.7 lets nobody, not even root, revoke DROP on a table of performance_schema (1142).
  if (excess.some(({ on }) => /^performance_schema\.[^*]/.test(on))) {
    return [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`, ...needed];
  }
  const revokes = excess.map(
    ({ privileges, on }) => `REVOKE ${privileges.join(', ')} ON ${quoted(on)} FROM ${account};`,
  );
  const takesReading = excess.some(({ privileges }) => privileges.includes('SELECT'));
  return takesReading ? [...revokes, ...needed] : revokes;
}

function isReading(privilege: string, on: string, { columns }: HeldGrant): boolean {
  if (on === '*.*') return HARMLESS.includes(privilege);
  if (privilege === 'USAGE') return true;
  if (privilege !== 'SELECT') return false;
  if (on.startsWith('performance_schema.') || READABLE_TABLES.includes(on)) return true;
  // A password's hash, and User_attributes, which may hold a second one.
  return (
    on === 'mysql.user' &&
    columns !== null &&
    !columns.some((column) =>
      ['authentication_string', 'password', 'user_attributes'].includes(column),
    )
  );
}

function empties({ privileges, on }: Excess): boolean {
  if (on === '*.*') return privileges.some((held) => EMPTIES_BY_SERVER.includes(held));
  const isCache = ['performance_schema.*', 'performance_schema.host_cache'].includes(on);
  return isCache && privileges.some((held) => ['DROP', 'ALL PRIVILEGES'].includes(held));
}

function sayRole(
  role: string,
  excess: readonly Excess[],
  account: string,
  needed: readonly string[],
): CheckResult {
  return yellow(
    `the reading account ${account} holds, by the role ${role}, ${sayHeld(excess)}.`,
    'Take the role away, and give what is needed directly, as an administrator:',
    [`REVOKE ${role} FROM ${account};`, ...needed],
  );
}

function sayHeld(excess: readonly Excess[]): string {
  const held = excess.map(({ privileges, on }) => `${privileges.join(', ')} on ${on}`);
  const could = excess.some(empties) ? 'it could empty the host cache' : 'reading needs less';
  return `${held.join('; ')}: ${could}`;
}

/** `*` stays as it is. */
function quoted(on: string): string {
  const dot = on.indexOf('.');
  const parts = [on.slice(0, dot), on.slice(dot + 1)];
  return parts.map((part) => (part === '*' ? part : `\`${part}\``)).join('.');
}
