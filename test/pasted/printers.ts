import { csv } from '../../src/chat/csv.ts';

/** Rows as the programs print them from which people copy. */

export type Row = Readonly<Record<string, string | number | null>>;

export interface Form {
  readonly name: string;
  readonly print: (rows: readonly Row[]) => string;
}

export const FORMS: readonly Form[] = [
  { name: 'mysql, a table', print: bordered },
  { name: 'mysql, \\G', print: (rows) => vertical(rows) },
  {
    name: '\\G with the prompt',
    print: (rows) => `${PROMPT}\\G\n${vertical(rows)}${rows.length} rows in set (0.00 sec)\n`,
  },
  { name: '\\G without asterisks', print: (rows) => vertical(rows).replace(/^\*.*\n/gm, '') },
  { name: '\\G with few asterisks', print: (rows) => vertical(rows).replace(/\*{27}/g, '***') },
  { name: '\\G from Windows', print: (rows) => vertical(rows).replaceAll('\n', '\r\n') },
  { name: '\\G, two columns on a line', print: pairedColumns },
  { name: '\\G, two rows side by side', print: pairedRows },
  { name: '\\G with remarks', print: remarked },
  { name: 'mysql -B', print: (rows) => separated(rows, '\t') },
  {
    name: 'tabs that became blanks',
    print: (rows) => separated(rows, '\t').replaceAll('\t', '   '),
  },
  { name: 'CSV', print: (rows) => separated(rows, ',') },
  { name: 'CSV with quotes', print: (rows) => separated(rows, ',', quoted) },
  { name: 'CSV with semicolons', print: (rows) => separated(rows, ';') },
  { name: 'CSV of a flush', print: ownCsv },
  { name: 'Markdown', print: markdown },
  { name: 'Markdown without edges', print: (rows) => markdown(rows).replace(/^\| | \|$/gm, '') },
  { name: 'DBeaver', print: dbeaver },
  { name: 'JSON, an array', print: (rows) => JSON.stringify(rows) },
  { name: 'JSON, an array over many lines', print: (rows) => JSON.stringify(rows, null, 4) },
  {
    name: 'JSON, a row a line',
    print: (rows) => rows.map((row) => JSON.stringify(row)).join('\n'),
  },
  {
    name: 'JSON, numbers as text',
    print: (rows) => JSON.stringify(rows).replace(/":(\d+)/g, '":"$1"'),
  },
  {
    name: 'MySQL Shell, pretty',
    print: (rows) => rows.map((row) => JSON.stringify(row, null, 4)).join('\n'),
  },
  { name: 'MySQL Shell, a document', print: shell },
  { name: 'phpMyAdmin, JSON', print: phpMyAdmin },
  { name: 'mysql -X', print: xml },
  { name: 'phpMyAdmin, XML', print: phpMyAdminXml },
];

const PROMPT = 'mysql> SELECT * FROM performance_schema.host_cache';

export function shown(value: string | number | null | undefined): string {
  return String(value ?? 'NULL');
}

function columnsOf(rows: readonly Row[]): readonly string[] {
  return Object.keys(rows[0] ?? {});
}

function widthsOf(rows: readonly Row[]): readonly number[] {
  return columnsOf(rows).map((name) =>
    Math.max(name.length, ...rows.map((row) => shown(row[name]).length)),
  );
}

export function bordered(rows: readonly Row[]): string {
  const widths = widthsOf(rows);
  const columns = columnsOf(rows);
  const border = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const line = (cells: readonly string[]) =>
    `|${cells.map((cell, i) => ` ${cell.padEnd(widths[i] ?? 0)} `).join('|')}|`;
  const body = rows.map((row) => line(columns.map((name) => shown(row[name]))));
  const table = [border, line(columns), border, ...body, border];
  return [`${PROMPT};`, ...table, `${rows.length} rows in set (0.00 sec)`, ''].join('\n');
}

function dbeaver(rows: readonly Row[]): string {
  const widths = widthsOf(rows);
  const columns = columnsOf(rows);
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => `${cell.padEnd(widths[i] ?? 0)}|`).join('');
  return [
    line(columns),
    widths.map((width) => `${'-'.repeat(width)}+`).join(''),
    ...rows.map((row) => line(columns.map((name) => String(row[name] ?? '')))),
  ].join('\n');
}

function markdown(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((name) => shown(row[name])))),
  ].join('\n');
}

export function vertical(rows: readonly Row[]): string {
  const stars = '*'.repeat(27);
  const printed = rows.map((row, i) => {
    const lines = verticalLines(row).map((line) => `${line}\n`);
    return `${stars} ${i + 1}. row ${stars}\n${lines.join('')}`;
  });
  return printed.join('');
}

function verticalLines(row: Row): readonly string[] {
  const width = Math.max(...Object.keys(row).map((name) => name.length));
  return Object.entries(row).map(([name, value]) => `${name.padStart(width)}: ${shown(value)}`);
}

function pairedColumns(rows: readonly Row[]): string {
  const printed = rows.map((row, i) => {
    const lines = verticalLines(row);
    const half = Math.ceil(lines.length / 2);
    const paired = lines
      .slice(0, half)
      .map((line, n) => `${line.padEnd(60)} ${lines[half + n] ?? ''}`);
    return [`*** ${i + 1}. row ***`, ...paired].join('\n');
  });
  return printed.join('\n');
}

function pairedRows(rows: readonly Row[]): string {
  const blocks = rows.map((row, i) => [`*** ${i + 1}. row ***`, ...verticalLines(row)]);
  const pairs = blocks
    .filter((_, i) => i % 2 === 0)
    .map((left, i) => ({ left, right: blocks[2 * i + 1] }));
  return pairs
    .map(({ left, right = [] }) =>
      left.map((line, n) => `${line.padEnd(60)} ${right[n] ?? ''}`.trimEnd()).join('\n'),
    )
    .join('\n');
}

function remarked(rows: readonly Row[]): string {
  return vertical(rows).replace(/(: \S+)$/gm, '$1   <-- see (1), 17 of them');
}

function separated(
  rows: readonly Row[],
  delimiter: string,
  cell: (value: string | number | null) => string = shown,
): string {
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map((name) => cell(row[name] ?? null)).join(delimiter));
  return [
    columns.map((name) => (cell === shown ? name : cell(name))).join(delimiter),
    ...lines,
  ].join('\n');
}

function quoted(value: string | number | null): string {
  return value === null ? 'NULL' : `"${value}"`;
}

function ownCsv(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  return csv([columns, ...rows.map((row) => columns.map((name) => row[name]))]);
}

function shell(rows: readonly Row[]): string {
  const document = {
    hasData: true,
    rows,
    executionTime: '0.0011 sec',
    affectedRowCount: 0,
    affectedItemsCount: 0,
    warningCount: 0,
    warningsCount: 0,
    warnings: [],
    info: '',
    autoIncrementValue: 0,
  };
  return JSON.stringify(document, null, 4);
}

function phpMyAdmin(rows: readonly Row[]): string {
  return [
    '[',
    '{"type":"header","version":"5.2.1","comment":"Export to JSON plugin for phpMyAdmin"},',
    '{"type":"database","name":"performance_schema"},',
    '{"type":"table","name":"host_cache","database":"performance_schema","data":',
    '[',
    rows.map((row) => JSON.stringify(row)).join(',\n'),
    ']',
    '}',
    ']',
  ].join('\n');
}

function xml(rows: readonly Row[]): string {
  const field = ([name, value]: [string, string | number | null]) =>
    value === null
      ? `\t<field name="${name}" xsi:nil="true" />`
      : `\t<field name="${name}">${value}</field>`;
  const printed = rows.map((row) =>
    ['  <row>', ...Object.entries(row).map(field), '  </row>'].join('\n'),
  );
  return [
    '<?xml version="1.0"?>',
    '',
    '<resultset statement="SELECT * FROM performance_schema.host_cache',
    '" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    printed.join('\n\n'),
    '</resultset>',
    '',
  ].join('\n');
}

function phpMyAdminXml(rows: readonly Row[]): string {
  const column = ([name, value]: [string, string | number | null]) =>
    `            <column name="${name}">${shown(value)}</column>`;
  const tables = rows.map((row) =>
    [
      '        <table name="host_cache">',
      ...Object.entries(row).map(column),
      '        </table>',
    ].join('\n'),
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<pma_xml_export version="1.0" xmlns:pma="https://www.phpmyadmin.net/some_doc_url/">',
    '    <database name="performance_schema">',
    ...tables,
    '    </database>',
    '</pma_xml_export>',
  ].join('\n');
}

/** An entry without a name, and one with a name and IPv6. */
export const ROW = { IP: '192.0.2.7', HOST: null, HOST_VALIDATED: 'YES', COUNT_FCRDNS_ERRORS: 1 };
export const OTHER_ROW = {
  IP: '2001:db8::7',
  HOST: 'app.example.com',
  HOST_VALIDATED: 'YES',
  COUNT_FCRDNS_ERRORS: 0,
};
