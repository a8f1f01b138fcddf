import { type GrantLine, parseGrantLine } from './grant-line.ts';

/** One line of SHOW GRANTS, as far as it gives privileges. Pure. */
export interface HeldGrant {
  /** In capitals, columns taken off: SELECT, `BINLOG MONITOR`. */
  readonly privileges: readonly string[];
  /** Of SELECT on columns only: their names in small letters; null = the whole table. */
  readonly columns: readonly string[] | null;
  /** `*.*`, `mysql.user`, unquoted. */
  readonly on: string;
  readonly hasGrantOption: boolean;
}

/** Of lines that grant a role or a proxy nothing comes. */
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
