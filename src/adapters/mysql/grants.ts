import type { Permission } from '../../flush/flusher.ts';
import type { FlushStatement } from '../../hostcache/release.ts';
import { type GrantLine, parseGrantLine } from './grant-line.ts';

/** Reads SHOW GRANTS of the flush account, roles included: it may empty the cache, and nothing else. Pure. */

export interface GrantNeeds {
  readonly flush: FlushStatement;
  /** `'hostcache_flush'@'10.%'`, for the statements that mend it. */
  readonly account: string;
}

/** What SHOW GRANTS says; the roles as the server quotes them. */
export interface AllGrants {
  /** The account's own, and in MariaDB those of PUBLIC. */
  readonly own: readonly string[];
  /** Every role that it could take on, whether it has done so or not. */
  readonly roles: readonly RoleGrants[];
}

export interface RoleGrants {
  readonly role: string;
  readonly lines: readonly string[];
  /** Whether the flush runs with it: by default, or taken on before. */
  readonly isActive: boolean;
  /** Of mandatory_roles, which nobody can revoke. */
  readonly isMandatory: boolean;
}

const CACHE_TABLE = '`performance_schema`.`host_cache`';

export function judgeGrants(all: AllGrants, needs: GrantNeeds): Permission {
  const tooMuch = all.own.filter((line) => !isAllowed(parseGrantLine(line), needs));
  const strong = all.roles.flatMap(({ role, lines, isMandatory }) => {
    const excess = lines.filter((line) => !isAllowed(parseGrantLine(line), needs));
    return excess.length === 0 ? [] : [{ role, excess, isMandatory }];
  });
  const said = [
    ...tooMuch.map(shown),
    ...strong.flatMap(({ role, excess }) =>
      excess.map((line) => `${shown(line)} by the role ${role}`),
    ),
  ];
  if (said.length > 0) {
    const why = `the flush account may do more than flush: ${[...new Set(said)].join('; ')}`;
    const revokes = [
      ...revokesOfRoles(all, tooMuch, strong, needs),
      ...tooMuch.flatMap((line) => revokeOf(parseGrantLine(line), needs)),
    ];
    return { kind: 'off', why, statements: [...new Set([...revokes, grantOf(needs)])] };
  }
  const held = [...all.own, ...all.roles.flatMap((role) => (role.isActive ? role.lines : []))];
  if (held.some((line) => isEnough(parseGrantLine(line), needs))) return { kind: 'may' };
  const { privilege, on } = needs.flush;
  const lacking = on === '*.*' ? privilege : `${privilege} on ${on}`;
  return { kind: 'off', why: `the flush account lacks ${lacking}`, statements: [grantOf(needs)] };
}

function isAllowed(grant: GrantLine, needs: GrantNeeds): boolean {
  switch (grant.kind) {
    case 'nothing':
      return true;
    case 'proxy':
    case 'unread':
      return false;
    case 'roles':
      return !grant.hasAdminOption;
    case 'privileges':
      return (
        !grant.hasGrantOption &&
        grant.privileges.every(
          (privilege) =>
            privilege === 'USAGE' ||
            (privilege === 'DROP' && grant.on === CACHE_TABLE) ||
            (privilege === 'RELOAD' && grant.on === '*.*' && needs.flush.privilege === 'RELOAD'),
        )
      );
  }
}

function isEnough(grant: GrantLine, { flush }: GrantNeeds): boolean {
  if (grant.kind !== 'privileges') return false;
  const on = flush.privilege === 'RELOAD' ? '*.*' : CACHE_TABLE;
  return grant.on === on && grant.privileges.includes(flush.privilege);
}

export function grantOf({ flush, account }: GrantNeeds): string {
  return `GRANT ${flush.privilege} ON ${flush.on} TO ${account};`;
}

/** Of what the account or PUBLIC holds itself; REVOKE ALL PRIVILEGES leaves roles and proxies. */
function revokeOf(grant: GrantLine, { account }: GrantNeeds): readonly string[] {
  switch (grant.kind) {
    case 'nothing':
    case 'roles':
      return [];
    case 'proxy':
      return [`REVOKE PROXY ON ${grant.of} FROM ${account};`];
    case 'privileges':
      return grant.to === 'PUBLIC'
        ? [`REVOKE ${grant.privileges.join(', ')} ON ${grant.on} FROM PUBLIC;`]
        : [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`];
    case 'unread':
      return [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`];
  }
}

/** Roles that give too much, or that the account may pass on. */
function revokesOfRoles(
  { own, roles }: AllGrants,
  tooMuch: readonly string[],
  strong: readonly Pick<RoleGrants, 'role' | 'isMandatory'>[],
  { account }: GrantNeeds,
): readonly string[] {
  const passedOn = tooMuch.flatMap(rolesIn).flatMap((grant) => grant.roles);
  const mandatory = strong.flatMap(({ role, isMandatory }) => (isMandatory ? [role] : []));
  const kept = roles.filter(({ role, isMandatory }) => isMandatory && !mandatory.includes(role));
  const persist = `SET PERSIST mandatory_roles = '${kept.map(({ role }) => role).join(',')}';`;
  const revoked = [...new Set([...passedOn, ...strong.map(({ role }) => role)])];
  return [
    ...(mandatory.length > 0 ? [persist] : []),
    ...revoked.flatMap((role) =>
      own
        .flatMap(rolesIn)
        .filter((grant) => grant.roles.includes(role))
        .map(({ to }) => `REVOKE ${role} FROM ${to === 'PUBLIC' ? to : account};`),
    ),
  ];
}

function rolesIn(line: string): readonly Extract<GrantLine, { kind: 'roles' }>[] {
  const grant = parseGrantLine(line);
  return grant.kind === 'roles' ? [grant] : [];
}

/** Without the account, behind which MariaDB shows the password's hash. */
function shown(line: string): string {
  const grant = parseGrantLine(line);
  switch (grant.kind) {
    case 'privileges': {
      const { privileges, on, hasGrantOption } = grant;
      return `GRANT ${privileges.join(', ')} ON ${on}${hasGrantOption ? ' WITH GRANT OPTION' : ''}`;
    }
    case 'roles':
      return `GRANT ${grant.roles.join(', ')}${grant.hasAdminOption ? ' WITH ADMIN OPTION' : ''}`;
    case 'proxy':
      return `GRANT PROXY ON ${grant.of}`;
    case 'nothing':
    case 'unread':
      return line.replace(/ (?:TO|IDENTIFIED) .*$/s, '');
  }
}
