/** One parsed line of SHOW GRANTS: what it grants, on what, to whom. Pure. */
export type GrantLine =
  | {
      readonly kind: 'privileges';
      /** In the server's spelling: DROP, SELECT (`Host`). */
      readonly privileges: readonly string[];
      /** In the server's quoting: `*.*`, `` `mysql`.* ``, ``PROCEDURE `sys`.`x` ``. */
      readonly on: string;
      readonly to: string;
      readonly hasGrantOption: boolean;
    }
  | {
      readonly kind: 'roles';
      /** In the server's quoting: `` `reader`@`%` ``; in MariaDB `` `reader` ``. */
      readonly roles: readonly string[];
      readonly to: string;
      readonly hasAdminOption: boolean;
    }
  | { readonly kind: 'proxy'; readonly of: string }
  /** A line that cannot be parsed, without its account. */
  | { readonly kind: 'unread'; readonly text: string };

export type GrantOf<K extends GrantLine['kind']> = Extract<GrantLine, { kind: K }>;

/** A name as the server quotes it with sql_mode '' and sql_quote_show_create. */
const NAME = '`(?:[^`]|``)*`';
const ACCOUNT = `${NAME}(?:@${NAME})?`;

const PRIVILEGES = new RegExp(
  String.raw`^GRANT (?<privileges>(?:[^\x60]|${NAME})+?) ON (?<on>(?:[A-Z ]+ )?(?:\*|${NAME})\.(?:\*|${NAME})) TO (?<rest>.*)$`,
  's',
);
const ROLES = new RegExp(
  `^GRANT (?<roles>${ACCOUNT}(?:, ?${ACCOUNT})*) TO (?<to>.+?)(?<admin> WITH ADMIN OPTION)?$`,
  's',
);
const PROXY = /^GRANT PROXY ON (?<of>.+) TO .+$/s;

/** Skips partial revokes and default roles, which grant nothing. */
export function parseGrants(lines: readonly string[]): readonly GrantLine[] {
  return lines.filter((line) => !/^(?:REVOKE|SET DEFAULT ROLE) /.test(line)).map(parseLine);
}

/** The grants of this kind. */
export function ofKind<K extends GrantLine['kind']>(
  grants: readonly GrantLine[],
  kind: K,
): readonly GrantOf<K>[] {
  return grants.filter((grant): grant is GrantOf<K> => grant.kind === kind);
}

function parseLine(line: string): GrantLine {
  const proxied = PROXY.exec(line)?.groups?.['of'];
  if (proxied !== undefined) return { kind: 'proxy', of: proxied };
  const roles = ROLES.exec(line)?.groups;
  if (roles !== undefined) {
    const { roles: list = '', to = '', admin } = roles;
    const names = [...list.matchAll(new RegExp(ACCOUNT, 'g'))].map(([name]) => name);
    return { kind: 'roles', roles: names, to, hasAdminOption: admin !== undefined };
  }
  const given = PRIVILEGES.exec(line)?.groups;
  if (given !== undefined) {
    const { privileges = '', on = '', rest = '' } = given;
    return {
      kind: 'privileges',
      privileges: splitPrivileges(privileges),
      on,
      // MariaDB adds the password's hash after the account.
      to: rest.replace(/ (?:IDENTIFIED|REQUIRE|WITH) .*$/s, ''),
      hasGrantOption: / WITH (?:.* )?GRANT OPTION/s.test(rest),
    };
  }
  return { kind: 'unread', text: line.replace(/ (?:TO|IDENTIFIED) .*$/s, '') };
}

/** Splits at commas, but not inside a list of columns. */
function splitPrivileges(list: string): readonly string[] {
  const one = new RegExp(`(?:[^,(]|\\((?:[^\`)]|${NAME})*\\))+`, 'g');
  return [...list.matchAll(one)].map(([privilege]) => privilege.trim());
}
