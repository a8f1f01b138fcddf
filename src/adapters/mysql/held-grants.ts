/** One line of SHOW GRANTS. Pure. */
export interface HeldGrant {
  /** In capitals, columns taken off: SELECT, `BINLOG MONITOR`. */
  readonly privileges: readonly string[];
  /** Of a SELECT on columns only: their names in small letters; null = the whole table. */
  readonly columns: readonly string[] | null;
  /** `*.*`, `mysql.user`; null: a role, or a proxy. */
  readonly on: string | null;
  readonly hasGrantOption: boolean;
}

/** Where a line grants a role or a proxy its `privileges` are empty. */
export function parseHeldGrant(line: string): HeldGrant {
  const match = /^GRANT (?<privileges>.+?) ON (?<on>\S+) TO (?<rest>.*)$/i.exec(line);
  const { privileges = '', on = '', rest = '' } = match?.groups ?? {};
  if (match === null || /^PROXY$/i.test(privileges)) {
    return { privileges: [], columns: null, on: null, hasGrantOption: false };
  }
  const columns = /^SELECT \((?<names>[^)]*)\)$/i.exec(privileges)?.groups?.['names'];
  const bare = privileges.replace(/ ?\([^)]*\)/g, '');
  return {
    privileges: bare.split(/,\s*/).map((privilege) => privilege.toUpperCase()),
    columns: columns === undefined ? null : names(columns),
    on: on.replaceAll('`', ''),
    hasGrantOption: /WITH GRANT OPTION/i.test(rest),
  };
}

function names(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim().replaceAll('`', '').toLowerCase());
}
