// Reads all grants of an account, including those of every role it could activate. Does I/O.
import { accountLiteral, identifier } from '../../hostcache/account.ts';
import { releaseOf } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { type GrantLine, ofKind, parseGrants } from './grant-line.ts';
import type { AllGrants, RoleGrants } from './grants.ts';

/** Runs a statement; resolves with the values of each row. */
type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Makes the server quote names with backticks, whatever its own settings are. */
const QUOTING = "SET SESSION sql_mode = '', sql_quote_show_create = 1";

/** The account of this session as SQL literals: `'hostcache'@'10.%'`. */
export async function readAccount(ask: Ask): Promise<string> {
  const [[name] = []] = await ask('SELECT CURRENT_USER()');
  const [, user = '', host = ''] = /^(.*)@(.*)$/s.exec(String(name)) ?? [];
  return accountLiteral({ user, host });
}

/**
 * Changes the session's roles while it reads. Afterwards a MariaDB session has its initial role
 * again, and a MySQL session has none. Rejects if any of the grants cannot be read.
 */
export async function readGrants(ask: Ask, settings: ServerSettings): Promise<AllGrants> {
  await ask(QUOTING);
  const { roles } = releaseOf(settings);
  return roles === 'one at a time' ? readOneByOne(ask) : readAtOnce(ask, roles);
}

/** MySQL. */
async function readAtOnce(ask: Ask, roleSupport: 'none' | 'all at once'): Promise<AllGrants> {
  // Only the form without FOR lists mandatory roles too.
  const listed = rolesIn(parseGrants(linesOf(await ask('SHOW GRANTS'))));
  if (roleSupport !== 'none') await ask('SET ROLE NONE');
  const own = linesOf(await ask('SHOW GRANTS FOR CURRENT_USER()'));
  const [[mandatory] = []] = listed.length === 0 ? [] : await ask('SELECT @@mandatory_roles');
  const isMandatory = mandatoryIn(String(mandatory ?? ''));
  const roles: RoleGrants[] = [];
  for (const role of listed) {
    // A name cannot be a placeholder; the server itself quoted this one.
    const lines = linesOf(await ask(`SHOW GRANTS FOR CURRENT_USER() USING ${role}`));
    const grants = parseGrants(lines.filter((line) => !own.includes(line)));
    // The flush activates all roles first.
    roles.push({ role, grants, isActive: true, isMandatory: isMandatory(role) });
  }
  return { own: parseGrants(own), roles };
}

/** MariaDB. */
async function readOneByOne(ask: Ask): Promise<AllGrants> {
  const [[active] = []] = await ask('SELECT CURRENT_ROLE()');
  await ask('SET ROLE NONE');
  const all = parseGrants(linesOf(await ask('SHOW GRANTS')));
  const own = all.filter((grant) => !isOfRole(grant));
  const ofPublic = all.filter(isOfRole);
  const roles: RoleGrants[] = [];
  for (const role of rolesIn(own, 'PUBLIC')) {
    roles.push({ role, grants: ofPublic, isActive: true, isMandatory: false });
  }
  for (const role of rolesIn(own).filter((each) => !rolesIn(own, 'PUBLIC').includes(each))) {
    // Only the grants of an active role are visible; they include those of its own roles.
    await ask(`SET ROLE ${role}`);
    const grants = parseGrants(linesOf(await ask(`SHOW GRANTS FOR ${role}`)));
    const isActive = role === identifier(String(active));
    roles.push({ role, grants, isActive, isMandatory: false });
  }
  await ask(`SET ROLE ${active === null ? 'NONE' : identifier(String(active))}`);
  return { own, roles };
}

function linesOf(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map(([line]) => String(line));
}

/** The roles granted to the account, or to PUBLIC if `to` is PUBLIC. */
function rolesIn(grants: readonly GrantLine[], to: 'PUBLIC' | null = null): readonly string[] {
  const given = ofKind(grants, 'roles').filter(
    (grant) => (grant.to === 'PUBLIC') === (to === 'PUBLIC'),
  );
  return [...new Set(given.flatMap(({ roles }) => roles))];
}

/** Whether it is granted to a role: MariaDB names roles without a host, and accounts with one. */
function isOfRole(grant: GrantLine): boolean {
  if (grant.kind !== 'privileges' && grant.kind !== 'roles') return false;
  return /^`(?:[^`]|``)*`$/.test(grant.to);
}

/** Finds a role, in the server's quoting, that mandatory_roles lists, such as `a, 'b'@'%'`. */
function mandatoryIn(setting: string): (role: string) => boolean {
  const names = namesIn(setting);
  return (role) => names.includes(role);
}

/**
 * The names as MySQL reads them: quotes of three kinds, in which no quote can be escaped (`` `a``b` ``
 * is ab), and outside of them no white space counts.
 */
function namesIn(setting: string): readonly string[] {
  const names = [];
  let user = '';
  let host: string | null = null;
  for (const [token, , quoted] of `${setting},`.matchAll(/(['"`])(.*?)(?:\1|$)|\S/gs)) {
    if (token === ',') {
      names.push(`${identifier(user)}@${identifier(host || '%')}`);
      user = '';
      host = null;
    } else if (token === '@') host ??= '';
    else if (host === null) user += quoted ?? token;
    else host += quoted ?? token;
  }
  return names;
}
