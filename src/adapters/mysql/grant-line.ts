/** One line of SHOW GRANTS, whole: what it gives, on what, to whom. Pure. */
export type GrantLine =
  | {
      readonly kind: 'privileges';
      /** As the server writes them: DROP, SELECT (`Host`). */
      readonly privileges: readonly string[];
      /** As the server quotes it: `*.*`, `` `mysql`.* ``, ``PROCEDURE `sys`.`x` ``. */
      readonly on: string;
      readonly to: string;
      readonly hasGrantOption: boolean;
    }
  | {
      readonly kind: 'roles';
      /** As the server quotes them: `` `reader`@`%` ``, in MariaDB `` `reader` ``. */
      readonly roles: readonly string[];
      readonly to: string;
      readonly hasAdminOption: boolean;
    }
  | { readonly kind: 'proxy'; readonly of: string }
  /** A partial revoke, a default role: it gives nothing. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unread' };

/** With sql_mode '' and sql_quote_show_create, as names are quoted then. */
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

export function parseGrantLine(line: string): GrantLine {
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
      // MariaDB adds the password's hash behind the account.
      to: rest.replace(/ (?:IDENTIFIED|REQUIRE|WITH) .*$/s, ''),
      hasGrantOption: / WITH (?:.* )?GRANT OPTION/s.test(rest),
    };
  }
  return { kind: /^(?:REVOKE|SET DEFAULT ROLE) /.test(line) ? 'nothing' : 'unread' };
}

/** Commas within a list of columns part nothing. */
function splitPrivileges(list: string): readonly string[] {
  const one = new RegExp(`(?:[^,(]|\\((?:[^\`)]|${NAME})*\\))+`, 'g');
  return [...list.matchAll(one)].map(([privilege]) => privilege.trim());
}
