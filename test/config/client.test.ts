import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClientFiles } from '../../src/config/client-files.ts';
import { encodeLoginFile } from './login-file.ts';

/** Which option files are read, in which order, and what is wrong with one. */

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hostcache-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function put(path: string, content: string | Buffer, mode = 0o600): string {
  const whole = join(home, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  chmodSync(whole, mode);
  return whole;
}

function read(names: Parameters<typeof readClientFiles>[0] = {}) {
  const { options, faults } = readClientFiles(names, { HOME: home }, home);
  const values = Object.fromEntries([...options].map(([name, { value }]) => [name, value]));
  return { values, faults: faults.map((fault) => fault.replaceAll(home, '~')) };
}

it('the groups that count, the last value of each option', () => {
  put(
    '.my.cnf',
    '[client]\nhost=a\nuser=u\n[mysqld]\nuser=mysql\n[mysql]\nhost=b\n[hostcache]\nport=1',
  );
  expect(read()).toEqual({ values: { host: 'b', user: 'u', port: '1' }, faults: [] });
});

it('the person’s own file after the extra one, and the login file last', () => {
  const extra = put('extra.cnf', '[client]\nhost=extra\nport=1');
  put('.my.cnf', '[client]\nhost=own\nuser=own');
  put('.mylogin.cnf', encodeLoginFile('[client]\nuser = "login"\n[prod]\nuser = "prod"\n'));
  expect(read({ defaultsExtraFile: extra }).values).toEqual({
    host: 'own',
    port: '1',
    user: 'login',
  });
  expect(read({ loginPath: 'prod' }).values).toEqual({ host: 'own', user: 'prod' });
  expect(read({ defaultsFile: '~/extra.cnf' }).values).toEqual({
    ...{ host: 'extra', port: '1', user: 'login' },
  });
});

it('included files and folders, in their place', () => {
  put('conf.d/b.cnf', '[client]\nport=2');
  put('conf.d/a.cnf', '[client]\nport=1\nuser=a');
  put('conf.d/c.txt', '[client]\nport=3');
  put('loop.cnf', '!include loop.cnf\n[client]\nhost=loop');
  put('.my.cnf', '[client]\nhost=own\n!includedir conf.d\n!include loop.cnf\n!include none.cnf');
  expect(read()).toEqual({ values: { host: 'loop', port: '2', user: 'a' }, faults: [] });
});

describe('a fault', () => {
  const login = encodeLoginFile('[prod]\nuser = "x"\n');
  it.each([
    {
      name: 'no such file',
      names: { defaultsFile: 'none' },
      says: '~/none: expected a file that can be read, got ENOENT.',
    },
    {
      name: 'a folder',
      files: { '.my.cnf/x': '' },
      says: '~/.my.cnf: expected a file that can be read, got EISDIR.',
    },
    {
      name: 'an option of no group',
      files: { '.my.cnf': 'password=secret' },
      says: '~/.my.cnf:1: expected a [group] before the first option, got an option.',
    },
    {
      name: 'a folder that is none',
      files: { '.my.cnf': '!includedir x' },
      says: '~/.my.cnf:1: expected a folder, got ENOENT at ~/x.',
    },
    {
      name: 'a file that all can write',
      files: { '.my.cnf': '' },
      mode: 0o666,
      says: '~/.my.cnf: expected a file that not everybody can write, got mode 0666; run chmod o-w ~/.my.cnf.',
    },
    {
      name: 'a login file that others can read',
      files: { '.mylogin.cnf': login },
      mode: 0o644,
      says: '~/.mylogin.cnf: expected a file that only you can read, got mode 0644; run chmod 600 ~/.mylogin.cnf.',
    },
    {
      name: 'a login file of text',
      files: { '.mylogin.cnf': '[prod]\nuser=x' },
      says: '~/.mylogin.cnf: expected a file that mysql_config_editor wrote, got another.',
    },
    {
      name: 'an unknown login path',
      files: { '.mylogin.cnf': login },
      names: { loginPath: 'porod' },
      says: '--login-path: expected a login path of ~/.mylogin.cnf (prod), got "porod".',
    },
    {
      name: 'no login file',
      names: { loginPath: 'prod' },
      says: '~/.mylogin.cnf: expected a file that can be read, got ENOENT.',
    },
  ])('$name', ({ files = {}, mode, names, says }) => {
    for (const [path, content] of Object.entries(files)) put(path, content, mode);
    expect(read(names).faults).toEqual([says]);
  });
});
