import { type Flavour, parseVersion, type Version } from './settings.ts';

/** Reads a release as it was typed, `mysql 8.4.9` or `mariadb 11.8`, and says if there is no such. */

/** Every series that was released, with its last minor; source: the vendors' release notes. */
const SERIES: Readonly<Record<Flavour, readonly string[]>> = {
  mysql: [
    '5.5',
    '5.6',
    '5.7',
    '8.0',
    '8.1',
    '8.2',
    '8.3',
    '8.4',
    '9.0',
    '9.1',
    '9.2',
    '9.3',
    '9.4',
    '9.5',
    '9.6',
    '9.7',
  ],
  mariadb: [
    '5.5',
    '10.0',
    '10.1',
    '10.2',
    '10.3',
    '10.4',
    '10.5',
    '10.6',
    '10.7',
    '10.8',
    '10.9',
    '10.10',
    '10.11',
    '11.0',
    '11.1',
    '11.2',
    '11.3',
    '11.4',
    '11.5',
    '11.6',
    '11.7',
    '11.8',
    '12.0',
    '12.1',
    '12.2',
    '12.3',
  ],
};

/** Without a patch level, the newest release of the series is meant. */
const LAST_PATCH = 999;

export interface KnownRelease {
  readonly flavour: Flavour;
  readonly version: Version;
}

/** A sentence: what is wrong with the text. */
export function readRelease(text: string): KnownRelease | string {
  const [flavour = '', typed = '', ...others] = text.trim().toLowerCase().split(/\s+/);
  const expected = 'release: expected "mysql" or "mariadb" and a version, such as mariadb 11.8';
  if ((flavour !== 'mysql' && flavour !== 'mariadb') || typed === '' || others.length > 0) {
    return `${expected}; got ${text === '' ? 'nothing' : `"${text.slice(0, 120)}"`}.`;
  }
  const [, series = '', patch] = /^(\d{1,3}\.\d{1,3})(?:\.(\d{1,3}))?$/.exec(typed) ?? [];
  if (!SERIES[flavour].includes(series)) {
    return `release: expected a series of ${flavour === 'mysql' ? 'MySQL' : 'MariaDB'}, one of ${SERIES[flavour].join(', ')}; got "${typed.slice(0, 120)}".`;
  }
  const parsed = parseVersion(`${series}.${patch ?? LAST_PATCH}`, '');
  if (parsed === null) return `${expected}; got "${text.slice(0, 120)}".`;
  const version = patch === undefined ? { ...parsed.version, text: series } : parsed.version;
  return { flavour, version };
}
