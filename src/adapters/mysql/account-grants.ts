// Asks a server for all that an account may do: its own grants, and those of every role it could take on.
import { accountLiteral } from '../../hostcache/account.ts';
import { releaseOf } from '../../hostcache/release.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { parseGrantLine } from './grant-line.ts';
import type { AllGrants, RoleGrants } from './grants.ts';

/** The values of each row. */
type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Names are quoted by backticks then, whatever the server's own settings say. */
const QUOTING = "SET SESSION sql_mode = '', sql_quote_show_create = 1";

/** As SQL writes it: `'hostcache'@'10.%'`. */
export async function readAccount(ask: Ask): Promise<string> {
  const [[name] = []] = await ask('SELECT CURRENT_USER()');
  const [, user = '', host = ''] = /^(.*)@(.*)$/s.exec(String(name)) ?? [];
  return accountLiteral({ user, host });
}

/** Takes on roles, and ends with those of the login in MariaDB, with none in MySQL. Rejects where any of it cannot be read. */
export async function readGrants(ask: Ask, settings: ServerSettings): Promise<AllGrants> {
  await ask(QUOTING);
  const { roles } = releaseOf(settings);
  return roles === 'one at a time' ? readOneByOne(ask) : readAtOnce(ask, roles);
}

/** MySQL. */
async function readAtOnce(ask: Ask, has: 'none' | 'all at once'): Promise<AllGrants> {
  // Without FOR, and only so, mandatory roles are listed too.
  const listed = rolesIn(linesOf(await ask('SHOW GRANTS')));
  if (has !== 'none') await ask('SET ROLE NONE');
  const own = linesOf(await ask('SHOW GRANTS FOR CURRENT_USER()'));
  const [[mandatory] = []] = listed.length === 0 ? [] : await ask('SELECT @@mandatory_roles');
  const isMandatory = mandatoryIn(String(mandatory ?? ''));
  const roles: RoleGrants[] = [];
  for (const role of listed) {
    // The server has quoted the name itself; there is no placeholder for a name.
    const lines = linesOf(await ask(`SHOW GRANTS FOR CURRENT_USER() USING ${role}`));
    const given = lines.filter((line) => !own.includes(line));
    // The flush takes on all roles first.
    roles.push({ role, lines: given, isActive: true, isMandatory: isMandatory(role) });
  }
  return { own, roles };
}

/** MariaDB. */
async function readOneByOne(ask: Ask): Promise<AllGrants> {
  const [[active] = []] = await ask('SELECT CURRENT_ROLE()');
  await ask('SET ROLE NONE');
  const lines = linesOf(await ask('SHOW GRANTS'));
  const own = lines.filter((line) => !isOfRole(line));
  const ofPublic = lines.filter(isOfRole);
  const roles: RoleGrants[] = [];
  for (const role of rolesIn(own, 'PUBLIC')) {
    roles.push({ role, lines: ofPublic, isActive: true, isMandatory: false });
  }
  for (const role of rolesIn(own).filter((each) => !rolesIn(own, 'PUBLIC').includes(each))) {
    // Only of a role that is taken on the grants can be seen, those of its own roles among them.
    await ask(`SET ROLE ${role}`);
    const given = linesOf(await ask(`SHOW GRANTS FOR ${role}`));
    const isActive = role === quoted(String(active));
    roles.push({ role, lines: given, isActive, isMandatory: false });
  }
  await ask(`SET ROLE ${active === null ? 'NONE' : quoted(String(active))}`);
  return { own, roles };
}

function linesOf(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map(([line]) => String(line));
}

/** Granted to the account or, where it is said, to PUBLIC. */
function rolesIn(lines: readonly string[], to: 'PUBLIC' | null = null): readonly string[] {
  const roles = lines.flatMap((line) => {
    const grant = parseGrantLine(line);
    if (grant.kind !== 'roles') return [];
    return (grant.to === 'PUBLIC') === (to === 'PUBLIC') ? grant.roles : [];
  });
  return [...new Set(roles)];
}

/** MariaDB names a role without a host, an account with one. */
function isOfRole(line: string): boolean {
  const grant = parseGrantLine(line);
  if (grant.kind !== 'privileges' && grant.kind !== 'roles') return false;
  return /^`(?:[^`]|``)*`$/.test(grant.to);
}

/** `a, 'b'@'%'` of mandatory_roles, compared with the names that the server lists. */
function mandatoryIn(setting: string): (role: string) => boolean {
  const bare = (name: string) => name.replace(/[`'"\s]/g, '');
  const names = setting.split(',').map((name) => bare(name));
  const whole = names.map((name) => (name.includes('@') ? name : `${name}@%`));
  return (role) => whole.includes(bare(role));
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
