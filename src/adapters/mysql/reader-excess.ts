import { type CheckResult, yellow } from '../../doctor/check.ts';
import { type GrantLine, type GrantOf, ofKind } from './grant-line.ts';
import type { AllGrants } from './grants.ts';

/** Finds what the reading account may do beyond reading, directly or through a role. Pure. */

/** With one of these on `*.*`, an account can flush the cache or make the server flush it. */
const EMPTIES_BY_SERVER = ['RELOAD', 'SUPER', 'SYSTEM_VARIABLES_ADMIN', 'DROP', 'ALL PRIVILEGES'];

/** An account with one of these administers the server: revoking from it might lock people out. */
const ADMINISTERS = ['CREATE USER', 'ALL PRIVILEGES'];

const HARMLESS = ['USAGE', 'PROCESS', 'REPLICATION CLIENT', 'BINLOG MONITOR'];

/** Tables in mysql without secrets; mysql.user is read by column. */
const READABLE_TABLES = ['mysql.hostcache_accounts', 'mysql.proxies_priv', 'mysql.role_edges'];

/** MariaDB: what is granted to it, every account has. */
const PUBLIC = 'PUBLIC';

/** `needed`: the grants that a reading account needs, for the given account. */
export function judgeExcess(
  { own, roles }: AllGrants,
  account: string,
  needed: (account: string) => readonly string[],
): readonly CheckResult[] {
  const ofAll = own.filter(isPublic);
  const ofOne = own.filter((grant) => !isPublic(grant));
  const throughPublic = excessBy(ofAll, (excess) =>
    yellow(
      `the reading account ${account} has through PUBLIC, as every account does, ${sayHeld(excess)}.`,
      'Find out who else needs it, then revoke it as an administrator:',
      revocation(excess, PUBLIC, needed(account)),
    ),
  );
  const held = heldBy([...ofOne, ...roles.flatMap(({ grants }) => grants)]);
  if (held.some(isAdministrator)) return [administrator(account, needed), ...throughPublic];
  const direct = excessBy(ofOne, (excess) =>
    yellow(
      `the reading account ${account} has ${sayHeld(excess)}.`,
      'Revoke it as an administrator:',
      revocation(excess, account, needed(account)),
    ),
  );
  const throughRoles = roles.flatMap(({ role, grants }) =>
    excessBy(grants, (excess) =>
      yellow(
        `the reading account ${account} has, through the role ${role}, ${sayHeld(excess)}.`,
        'As an administrator, revoke the role and grant what is needed directly:',
        [`REVOKE ${role} FROM ${isHeldBy(ofAll, role) ? PUBLIC : account};`, ...needed(account)],
      ),
    ),
  );
  return [...direct, ...throughPublic, ...throughRoles];
}

function isPublic(grant: GrantLine): boolean {
  return 'to' in grant && grant.to === PUBLIC;
}

function isHeldBy(grants: readonly GrantLine[], role: string): boolean {
  return ofKind(grants, 'roles').some(({ roles }) => roles.includes(role));
}

function excessBy(
  grants: readonly GrantLine[],
  say: (excess: readonly Excess[]) => CheckResult,
): readonly CheckResult[] {
  const excess = heldBy(grants).flatMap(excessOf);
  return excess.length === 0 ? [] : [say(excess)];
}

/** The privileges of one line of SHOW GRANTS. */
interface HeldGrant {
  /** In upper case, without columns: SELECT, `BINLOG MONITOR`. */
  readonly privileges: readonly string[];
  /** Columns in lower case if the line only grants SELECT on columns; null = the whole table. */
  readonly columns: readonly string[] | null;
  /** Unquoted: `*.*`, `mysql.user`. */
  readonly on: string;
  /** In the server's quoting, for a statement. */
  readonly quotedOn: string;
  readonly hasGrantOption: boolean;
}

interface Excess {
  readonly privileges: readonly string[];
  readonly on: string;
  readonly quotedOn: string;
}

/** Skips lines that grant a role or a proxy. */
function heldBy(grants: readonly GrantLine[]): readonly HeldGrant[] {
  return ofKind(grants, 'privileges').map(toHeld);
}

function toHeld({ privileges, on, hasGrantOption }: GrantOf<'privileges'>): HeldGrant {
  const columns = privileges.map((privilege) => /^SELECT \((?<names>.*)\)$/is.exec(privilege));
  const listed = columns.flatMap((match) => (match === null ? [] : names(match[1] ?? '')));
  return {
    privileges: privileges.map((privilege) => privilege.replace(/ ?\(.*\)$/s, '').toUpperCase()),
    columns: columns.some((match) => match === null) ? null : listed,
    on: on.replace(NAME, unquoted),
    quotedOn: on,
    hasGrantOption,
  };
}

/** A name as the server quotes it. */
const NAME = /`((?:[^`]|``)*)`/g;

function unquoted(_: string, name: string): string {
  return name.replaceAll('``', '`');
}

function names(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim().replace(NAME, unquoted).toLowerCase());
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
    `the reading account ${account} administers the server: it can flush, and much more.`,
    'Create a separate account with these statements, and use it in MYSQL_URL:',
    [`CREATE USER ${own} IDENTIFIED BY '…';`, ...needed(own)],
  );
}

function excessOf(grant: HeldGrant): readonly Excess[] {
  const { on, quotedOn, hasGrantOption } = grant;
  const tooMuch = grant.privileges.filter((privilege) => !isReading(privilege, on, grant));
  const privileges = [...tooMuch, ...(hasGrantOption ? ['GRANT OPTION'] : [])];
  return privileges.length === 0 ? [] : [{ privileges, on, quotedOn }];
}

/** Grants again what is needed and is lost with a wider grant. */
function revocation(
  excess: readonly Excess[],
  from: string,
  needed: readonly string[],
): readonly string[] {
  // MySQL 9.7 lets nobody, not even root, revoke DROP on a table of performance_schema (1142).
  if (from !== PUBLIC && excess.some(({ on }) => /^performance_schema\.[^*]/.test(on))) {
    return [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${from};`, ...needed];
  }
  const revokes = excess.map(
    ({ privileges, quotedOn }) => `REVOKE ${privileges.join(', ')} ON ${quotedOn} FROM ${from};`,
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

function sayHeld(excess: readonly Excess[]): string {
  const held = excess.map(({ privileges, on }) => `${privileges.join(', ')} on ${on}`);
  const could = excess.some(empties) ? 'it could flush the host cache' : 'reading needs less';
  return `${held.join('; ')}: ${could}`;
}
