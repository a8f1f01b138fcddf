import { parseVersion, type ServerSettings } from '../../src/hostcache/settings.ts';
import { MYSQL } from './servers.ts';

/** What is expected of each release, in each mode that it can run in. */

export const TRUNCATE = 'TRUNCATE TABLE performance_schema.host_cache';
export const FLUSH = 'FLUSH LOCAL HOSTS';

interface Row {
  readonly version: string;
  /** Whether the cache is seen with performance_schema off, and what flushes it then. */
  readonly off: readonly ['yes' | 'no' | 'if-rows', string];
  /** What flushes it under read_only. */
  readonly readOnly: string;
  readonly evicts: 'most' | 'least';
  /** What it says of its predictions. */
  readonly basis: string;
  readonly manual: string;
  /** How the table in docs/servers.md calls it. */
  readonly readme: string;
}

const MARIADB_MANUAL = 'https://mariadb.com/docs/server/';
const mysqlManual = (series: string) => `https://dev.mysql.com/doc/refman/${series}/en/`;

const LIKE = (...proved: readonly string[]) =>
  `follows the rules proved on ${proved.join(', ')}; not proved here`;
const FROM_SOURCE = 'follows the rules of 8.0.44, read from its source; not proved here';
const SHARED = 'follows what the rules of 8.0.30 and 8.0.44 share; not proved here';

const OLD = { off: ['no', FLUSH], readOnly: FLUSH } as const;
const IN_DOUBT = { off: ['if-rows', FLUSH], readOnly: TRUNCATE, evicts: 'most' } as const;
const NEW = { off: ['yes', TRUNCATE], readOnly: TRUNCATE, evicts: 'most' } as const;
const MARIADB = { ...OLD, evicts: 'least', manual: MARIADB_MANUAL, readme: 'MariaDB' } as const;

const OLD_8 = 'MySQL 8.0 before 8.0.22';
const DOUBTED_8 = 'MySQL 8.0.22 to 8.0.29';
const NEWEST = 'MySQL 8.0.30 and newer, 8.4, 9';

export const RELEASES: readonly Row[] = [
  ...[
    { version: '5.6.51', series: '5.6', basis: 'proved on 5.6.24' },
    { version: '5.7.44', series: '5.7', basis: LIKE('5.6.24') },
  ].map(({ version, series, basis }): Row => {
    const manual = mysqlManual(series);
    return { version, ...OLD, basis, evicts: 'least', manual, readme: 'MySQL 5.6, 5.7' };
  }),
  ...['8.0.11', '8.0.21'].map((version): Row => {
    const manual = mysqlManual('8.0');
    return { version, ...OLD, basis: LIKE('5.6.24'), evicts: 'most', manual, readme: OLD_8 };
  }),
  ...['8.0.22', '8.0.23', '8.0.29'].map((version): Row => {
    const basis = LIKE(version === '8.0.22' ? '5.6.24' : '8.0.30');
    return { version, ...IN_DOUBT, basis, manual: mysqlManual('8.0'), readme: DOUBTED_8 };
  }),
  ...[
    { version: '8.0.30', basis: 'proved on 8.0.30' },
    ...['8.0.36', '8.1.0', '8.2.0', '8.3.0'].map((version) => ({ version, basis: SHARED })),
    ...[
      '8.0.44',
      '8.4.0',
      '8.4.6',
      '9.0.1',
      '9.1.0',
      '9.2.0',
      '9.3.0',
      '9.4.0',
      '9.5.0',
      '9.6.0',
    ].map((version) => ({ version, basis: FROM_SOURCE })),
    { version: '9.7.3', basis: FROM_SOURCE },
    { version: '9.7.4', basis: 'proved on 9.7.4' },
    ...['9.8.0', '9.9.0'].map((version) => ({ version, basis: LIKE('9.7.4') })),
  ].map(({ version, basis }): Row => {
    return { version, ...NEW, basis, manual: mysqlManual(version.slice(0, 3)), readme: NEWEST };
  }),
  ...[
    { version: '10.5.23', basis: 'proved on 10.5.23' },
    { version: '10.11.18', basis: 'proved on 10.11.18' },
    { version: '11.8.9', basis: 'proved on 11.8.9' },
    ...['10.6.17', '11.4.5', '12.1.2'].map((version) => {
      return { version, basis: LIKE('10.5.23', '10.11.18', '11.8.9') };
    }),
  ].map(({ version, basis }): Row => {
    return { version: `${version}-MariaDB`, ...MARIADB, basis };
  }),
];

const MODES = [
  { mode: 'as it comes', performanceSchema: true, readOnly: false },
  { mode: 'performance_schema off', performanceSchema: false, readOnly: false },
  { mode: 'read only', performanceSchema: true, readOnly: true },
  { mode: 'performance_schema off, read only', performanceSchema: false, readOnly: true },
];

export const CASES = RELEASES.flatMap((row) =>
  MODES.map(({ mode, performanceSchema, readOnly }) => {
    const release = parseVersion(row.version, '');
    if (release === null) throw new Error(row.version);
    const settings: ServerSettings = { ...MYSQL, ...release, performanceSchema, readOnly };
    const [seen, flushOff] = performanceSchema ? (['yes', TRUNCATE] as const) : row.off;
    const flush = flushOff === FLUSH || !readOnly ? flushOff : row.readOnly;
    return { ...row, mode, settings, seen, flush };
  }),
);

export type Case = (typeof CASES)[number];
