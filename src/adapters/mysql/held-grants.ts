import { type GrantLine, parseGrantLine } from './grant-line.ts';

/** The privileges of one line of SHOW GRANTS. Pure. */
export interface HeldGrant {
  /** In upper case, without columns: SELECT, `BINLOG MONITOR`. */
  readonly privileges: readonly string[];
  /** Columns in lower case if the line only grants SELECT on columns; null = the whole table. */
  readonly columns: readonly string[] | null;
  /** Unquoted: `*.*`, `mysql.user`. */
  readonly on: string;
  readonly hasGrantOption: boolean;
}

/** Skips lines that grant a role or a proxy. */
export function heldBy(lines: readonly string[]): readonly HeldGrant[] {
  return lines.flatMap((line) => {
    const grant = parseGrantLine(line);
    return grant.kind === 'privileges' ? [toHeld(grant)] : [];
  });
}

function toHeld({
  privileges,
  on,
  hasGrantOption,
}: Extract<GrantLine, { kind: 'privileges' }>): HeldGrant {
  const columns = privileges.map((privilege) => /^SELECT \((?<names>.*)\)$/is.exec(privilege));
  const listed = columns.flatMap((match) => (match === null ? [] : names(match[1] ?? '')));
  return {
    privileges: privileges.map((privilege) => privilege.replace(/ ?\(.*\)$/s, '').toUpperCase()),
    columns: columns.some((match) => match === null) ? null : listed,
    on: on.replaceAll('`', ''),
    hasGrantOption,
  };
}

function names(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim().replaceAll('`', '').toLowerCase());
}
