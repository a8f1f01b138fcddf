/** Finds the database server's program: from a setting, on the PATH, or from Debian packages. Does I/O. */
import { constants, existsSync } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { env } from 'node:process';
import type { Progress } from './cache.ts';
import { type Suite, unpack } from './debian.ts';
import { run } from './run.ts';

export type Flavour = 'mysql' | 'mariadb';

export interface ServerProgram {
  readonly flavour: Flavour;
  /** From `--version`: `9.7.4-2`, `10.11.18-MariaDB-0+deb12u1`. */
  readonly version: string;
  /** The command to spawn; an unpacked program starts with its loader. */
  readonly command: readonly string[];
  /** Options that it needs to find its own files. */
  readonly args: readonly string[];
  /** The folder with the scripts for its system tables; null = it makes them by itself, as MySQL since 5.7. */
  readonly scripts: string | null;
}

interface Source {
  readonly setting: 'MYSQLD' | 'MARIADBD';
  readonly names: readonly string[];
  readonly package: string;
  readonly suite: Suite;
}

const SOURCES: Readonly<Record<Flavour, Source>> = {
  mysql: { setting: 'MYSQLD', names: ['mysqld'], package: 'mysql-server-core', suite: 'sid' },
  mariadb: {
    setting: 'MARIADBD',
    names: ['mariadbd', 'mysqld'],
    package: 'mariadb-server-core',
    suite: 'own',
  },
};

export async function findServerProgram(
  flavour: Flavour,
  progress: Progress,
): Promise<ServerProgram> {
  const source = SOURCES[flavour];
  const path = env[source.setting] || (await onPath(flavour, source.names));
  return path
    ? installedProgram(flavour, source, path)
    : unpackedProgram(flavour, source, progress);
}

/** The path of a program of that flavour; null = none. On Debian `mysqld` may be MariaDB, so each candidate is run. */
async function onPath(flavour: Flavour, names: readonly string[]): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    for (const path of names.map((name) => join(folder, name))) {
      if ((await isExecutable(path)) && (await askVersion([path])).flavour === flavour) return path;
    }
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function installedProgram(
  flavour: Flavour,
  source: Source,
  path: string,
): Promise<ServerProgram> {
  if (!(await isExecutable(path)))
    throw new Error(`${source.setting}: expected a program's path, got "${path}"`);
  const found = await askVersion([path]);
  if (found.flavour !== flavour)
    throw new Error(`${source.setting}: expected a ${flavour} server, ${path} is ${found.version}`);
  const base = dirname(dirname(await realpath(path)));
  const folders = ['share/mysql', 'share/mariadb', 'share'].map((name) => join(base, name));
  const scripts = makesItsTables(found) ? null : findScripts(folders);
  return { flavour, version: found.version, command: [path], args: [], scripts };
}

async function unpackedProgram(
  flavour: Flavour,
  source: Source,
  progress: Progress,
): Promise<ServerProgram> {
  const unpacked = await unpack({
    package: source.package,
    suite: source.suite,
    instead: `Install ${flavour === 'mysql' ? 'MySQL 8.0 or later' : 'MariaDB'} and set ${source.setting} to its server program, for example ${source.setting}=/usr/sbin/${source.names[0]}.`,
    progress,
  });
  const command = unpacked.command(`usr/sbin/${source.names[0]}`);
  const folders = ['mysql', 'mariadb'].map((name) => join(unpacked.root, 'usr/share', name));
  // Since 11 MariaDB's folder has its own name.
  const own = folders.find((folder) => existsSync(join(folder, 'charsets')));
  const share = own ?? join(unpacked.root, 'usr/share');
  const args = [
    `--basedir=${join(unpacked.root, 'usr')}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, 'charsets')}`,
    `--plugin-dir=${join(unpacked.root, 'usr/lib/mysql/plugin')}`,
  ];
  const { version } = await askVersion(command);
  const scripts = makesItsTables({ flavour, version }) ? null : findScripts(folders);
  return { flavour, version, command, args, scripts };
}

async function askVersion(
  command: readonly string[],
): Promise<{ readonly version: string; readonly flavour: Flavour }> {
  const [program = '', ...args] = command;
  const output = await run({ program, args: [...args, '--no-defaults', '--version'] });
  const version = /\bVer\s+(\S+)/.exec(output)?.[1];
  if (version === undefined)
    throw new Error(`${command.at(-1)} --version: expected "Ver 9.7.4 …", got "${output.trim()}"`);
  return { version, flavour: /mariadb/i.test(output) ? 'mariadb' : 'mysql' };
}

function makesItsTables({ flavour, version }: Pick<ServerProgram, 'flavour' | 'version'>): boolean {
  return flavour === 'mysql' && !/^5\.[0-6]\./.test(version);
}

function findScripts(folders: readonly string[]): string {
  const isThere = (folder: string, name: string) => existsSync(join(folder, name));
  const found = folders.find((folder) => TABLES.some((name) => isThere(folder, name)));
  if (found === undefined) throw new Error(`${TABLES[0]} is in none of ${folders.join(', ')}`);
  return found;
}

/** Since 11 MariaDB's has its own name. */
const TABLES = ['mysql_system_tables.sql', 'mariadb_system_tables.sql'] as const;
