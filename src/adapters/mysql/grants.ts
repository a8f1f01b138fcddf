import type { Permission } from '../../flush/flusher.ts';

/** Reads SHOW GRANTS of the flush account: it may empty the cache, and nothing else. Pure. */

export interface GrantNeeds {
  /** MariaDB that shows no rows, or may not write: FLUSH LOCAL HOSTS, and so RELOAD. */
  readonly needsReload: boolean;
  /** `'hostcache_flush'@'10.%'`, for the statements that mend it. */
  readonly account: string;
}

interface Grant {
  readonly privileges: readonly string[];
  /** `*.*`, `performance_schema.host_cache`; null: a role, or a proxy. */
  readonly on: string | null;
  readonly hasGrantOption: boolean;
}

const CACHE_TABLE = 'performance_schema.host_cache';

export function judgeGrants(lines: readonly string[], needs: GrantNeeds): Permission {
  const grants = lines.map(parseGrant);
  const excess = grants.flatMap((grant, i) =>
    isAllowed(grant, needs) ? [] : [shown(lines[i] ?? '')],
  );
  const statements = mend(needs, lines.flatMap(roleIn));
  if (excess.length > 0) {
    return {
      kind: 'off',
      why: `the flush account may do more than flush: ${excess.join('; ')}`,
      statements,
    };
  }
  if (grants.some((grant) => isEnough(grant, needs))) return { kind: 'may' };
  const lacking = needs.needsReload ? 'RELOAD' : `DROP on ${CACHE_TABLE}`;
  return { kind: 'off', why: `the flush account lacks ${lacking}`, statements };
}

function parseGrant(line: string): Grant {
  const match = /^GRANT (?<privileges>.+?) ON (?<on>\S+) TO (?<rest>.*)$/i.exec(line);
  const { privileges = '', on = '', rest = '' } = match?.groups ?? {};
  const isProxy = /^PROXY$/i.test(privileges);
  return {
    privileges: privileges.split(/,\s*/).map((privilege) => privilege.toUpperCase()),
    on: match === null || isProxy ? null : on.replaceAll('`', ''),
    hasGrantOption: /WITH GRANT OPTION/i.test(rest),
  };
}

function isAllowed(grant: Grant, needs: GrantNeeds): boolean {
  if (grant.on === null || grant.hasGrantOption) return false;
  return grant.privileges.every(
    (privilege) =>
      privilege === 'USAGE' ||
      (privilege === 'DROP' && grant.on === CACHE_TABLE) ||
      (privilege === 'RELOAD' && grant.on === '*.*' && needs.needsReload),
  );
}

function isEnough({ privileges, on }: Grant, { needsReload }: GrantNeeds): boolean {
  return needsReload
    ? on === '*.*' && privileges.includes('RELOAD')
    : on === CACHE_TABLE && privileges.includes('DROP');
}

/** REVOKE ALL PRIVILEGES leaves roles. */
function mend({ needsReload, account }: GrantNeeds, roles: readonly string[]): readonly string[] {
  const grant = needsReload ? 'GRANT RELOAD ON *.*' : `GRANT DROP ON ${CACHE_TABLE}`;
  return [
    ...roles.map((role) => `REVOKE ${role} FROM ${account};`),
    `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`,
    `${grant} TO ${account};`,
  ];
}

/** The roles of a line that gives roles; none for any other line. */
function roleIn(line: string): readonly string[] {
  if (/^(?:REVOKE|SET) | ON /i.test(line)) return [];
  const roles = /^GRANT (?<roles>.+?) TO /i.exec(line)?.groups?.['roles'];
  return roles === undefined ? [] : [roles];
}

/** MariaDB adds the password's hash behind the account. */
function shown(line: string): string {
  return line.replace(/ (?:TO|IDENTIFIED) .*$/i, '');
}
