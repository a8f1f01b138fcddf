import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-env-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const NAMES = ['MYSQL_URL', 'PORT'];

it('the environment wins over .env, and an empty value counts as absent', () => {
  writeFileSync(join(folder, '.env'), 'MYSQL_URL=from-file # note\nPORT=80\nOTHER=x\n');
  expect(readEnvironment(NAMES, folder, { PORT: '81', MYSQL_URL: '' })).toEqual({
    values: { MYSQL_URL: 'from-file', PORT: '81' },
    faults: {},
    serversFile: null,
  });
});

it('the proxies are read in lower case too, which wins in the same place', () => {
  writeFileSync(join(folder, '.env'), 'https_proxy=http://c:1\nhttp_proxy=http://d:1\nport=80\n');
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'PORT'];
  const given = {
    HTTPS_PROXY: 'http://a:1',
    https_proxy: 'http://b:1',
    no_proxy: '',
    NO_PROXY: 'e',
  };
  expect(readEnvironment(names, folder, given).values).toEqual({
    HTTPS_PROXY: 'http://b:1',
    HTTP_PROXY: 'http://d:1',
    NO_PROXY: 'e',
  });
});

it('the file that NAME_FILE names holds the value, without its last line break', () => {
  const path = join(folder, 'secret');
  writeFileSync(path, 'mysql://a:b@c\n');
  writeFileSync(join(folder, '.env'), 'MYSQL_URL=from-file\n');
  const { values } = readEnvironment(NAMES, folder, { MYSQL_URL_FILE: path });
  expect(values).toEqual({ MYSQL_URL: 'mysql://a:b@c' });
});

it('a file that cannot be read is one error', () => {
  mkdirSync(join(folder, '.env'));
  const path = join(folder, 'nowhere');
  expect(readEnvironment(NAMES, folder, { MYSQL_URL_FILE: path })).toEqual({
    values: {},
    faults: {
      '.env': `.env: expected a file that can be read, got EISDIR at ${join(folder, '.env')}.`,
      MYSQL_URL: `MYSQL_URL_FILE: expected a file that can be read, got ENOENT at ${path}.`,
    },
    serversFile: null,
  });
});

it('a value together with its file is one error', () => {
  const { faults } = readEnvironment(NAMES, folder, { PORT: '80', PORT_FILE: '/x' });
  expect(faults).toEqual({ PORT: 'PORT: expected PORT or PORT_FILE, got both.' });
});

it('SERVERS_FILE is read with the variables that it names, from the same layers', () => {
  const text = `a: \${INSIDE}\nb: \${FROM_FILE}\${NOWHERE}\${UNREAD}\${1}\n`;
  writeFileSync(join(folder, 'servers.yml'), text);
  writeFileSync(join(folder, 'secret'), 'two\n');
  writeFileSync(join(folder, '.env'), `INSIDE=no\nFROM_FILE_FILE=${join(folder, 'secret')}\n`);
  const given = { SERVERS_FILE: 'servers.yml', INSIDE: 'one', UNREAD_FILE: '/nowhere' };
  expect(readEnvironment(['SERVERS_FILE'], folder, given).serversFile).toEqual({
    path: 'servers.yml',
    text,
    variables: {
      values: { INSIDE: 'one', FROM_FILE: 'two' },
      faults: {
        UNREAD: 'UNREAD_FILE: expected a file that can be read, got ENOENT at /nowhere.',
      },
    },
  });
});

it('a SERVERS_FILE that cannot be read is one error', () => {
  const { serversFile, faults } = readEnvironment(['SERVERS_FILE'], folder, { SERVERS_FILE: 'x' });
  expect(serversFile).toBeNull();
  expect(faults).toEqual({
    SERVERS_FILE: 'SERVERS_FILE: expected a file that can be read, got ENOENT at x.',
  });
});
