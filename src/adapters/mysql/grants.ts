import type { Permission } from '../../flush/flusher.ts';
import { literal } from '../../hostcache/account.ts';
import type { FlushStatement } from '../../hostcache/release.ts';
import { type GrantLine, ofKind } from './grant-line.ts';

/** Checks the grants and roles of the flush account: it may flush, and nothing else. Pure. */

export interface GrantNeeds {
  readonly flush: FlushStatement;
  /** `'hostcache_flush'@'10.%'`, for the statements that fix its grants. */
  readonly account: string;
}

/** What SHOW GRANTS lists; roles in the server's quoting. */
export interface AllGrants {
  /** The account's own; in MariaDB also those of PUBLIC. */
  readonly own: readonly GrantLine[];
  /** Every role that it could activate, active or not. */
  readonly roles: readonly RoleGrants[];
}

export interface RoleGrants {
  readonly role: string;
  readonly grants: readonly GrantLine[];
  /** Whether it is active during the flush: by default, or because the flush activates it. */
  readonly isActive: boolean;
  /** Listed in mandatory_roles; such a role cannot be revoked. */
  readonly isMandatory: boolean;
}

const CACHE_TABLE = '`performance_schema`.`host_cache`';

export function judgeGrants(all: AllGrants, needs: GrantNeeds): Permission {
  const tooMuch = all.own.filter((grant) => !isAllowed(grant, needs));
  const strong = all.roles.flatMap(({ role, grants, isMandatory }) => {
    const excess = grants.filter((grant) => !isAllowed(grant, needs));
    return excess.length === 0 ? [] : [{ role, excess, isMandatory }];
  });
  const excesses = [
    ...tooMuch.map(shown),
    ...strong.flatMap(({ role, excess }) =>
      excess.map((grant) => `${shown(grant)} through the role ${role}`),
    ),
  ];
  if (excesses.length > 0) {
    const why = `the flush account may do more than flush: ${[...new Set(excesses)].join('; ')}`;
    const revokes = [
      ...revokesOfRoles(all, tooMuch, strong, needs),
      ...tooMuch.flatMap((grant) => revokeOf(grant, needs)),
    ];
    return { kind: 'off', why, statements: [...new Set([...revokes, grantOf(needs)])] };
  }
  const held = [...all.own, ...all.roles.flatMap((role) => (role.isActive ? role.grants : []))];
  if (held.some((grant) => isEnough(grant, needs))) return { kind: 'may' };
  const { privilege, on } = needs.flush;
  const missing = on === '*.*' ? privilege : `${privilege} on ${on}`;
  const why = `the flush account does not have ${missing}`;
  return { kind: 'off', why, statements: [grantOf(needs)] };
}

function isAllowed(grant: GrantLine, needs: GrantNeeds): boolean {
  switch (grant.kind) {
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

/** Revokes a grant of the account or of PUBLIC; REVOKE ALL PRIVILEGES leaves roles and proxies. */
function revokeOf(grant: GrantLine, { account }: GrantNeeds): readonly string[] {
  switch (grant.kind) {
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

/** Revokes roles that give too much, or that the account may grant to others. */
function revokesOfRoles(
  { own, roles }: AllGrants,
  tooMuch: readonly GrantLine[],
  strong: readonly Pick<RoleGrants, 'role' | 'isMandatory'>[],
  { account }: GrantNeeds,
): readonly string[] {
  const grantable = ofKind(tooMuch, 'roles').flatMap((grant) => grant.roles);
  const mandatory = strong.flatMap(({ role, isMandatory }) => (isMandatory ? [role] : []));
  const remaining = roles.filter(
    ({ role, isMandatory }) => isMandatory && !mandatory.includes(role),
  );
  const setting = remaining.map(({ role }) => inSetting(role)).join(',');
  const persist = `SET PERSIST mandatory_roles = ${literal(setting)};`;
  const revoked = [...new Set([...grantable, ...strong.map(({ role }) => role)])];
  return [
    ...(mandatory.length > 0 ? [persist] : []),
    ...revoked.flatMap((role) =>
      ofKind(own, 'roles')
        .filter((grant) => grant.roles.includes(role))
        .map(({ to }) => `REVOKE ${role} FROM ${to === 'PUBLIC' ? to : account};`),
    ),
  ];
}

/** mandatory_roles does not know two backticks as one, but other quotes around a backtick. */
function inSetting(role: string): string {
  return role.replace(/`((?:[^`]|``)*)`/g, (quoted: string, name: string) => {
    const quote = name.includes('"') ? "'" : '"';
    return name.includes('``') ? `${quote}${name.replaceAll('``', '`')}${quote}` : quoted;
  });
}

/** The grant without its account: MariaDB shows the password's hash after it. */
function shown(grant: GrantLine): string {
  switch (grant.kind) {
    case 'privileges': {
      const { privileges, on, hasGrantOption } = grant;
      return `GRANT ${privileges.join(', ')} ON ${on}${hasGrantOption ? ' WITH GRANT OPTION' : ''}`;
    }
    case 'roles':
      return `GRANT ${grant.roles.join(', ')}${grant.hasAdminOption ? ' WITH ADMIN OPTION' : ''}`;
    case 'proxy':
      return `GRANT PROXY ON ${grant.of}`;
    case 'unread':
      return grant.text;
  }
}
