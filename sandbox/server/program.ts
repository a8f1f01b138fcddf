/** Finds the database server's program: from a setting, on the PATH, or unpacked. Does I/O. */
import { constants, existsSync } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { env } from 'node:process';
import type { Progress } from './cache.ts';
import { debianCodename, unpack } from './debian.ts';
import { unpackNpm } from './npm.ts';
import {
  type DebianSource,
  defaultSource,
  type Flavour,
  type NpmSource,
  type ServerRelease,
} from './releases.ts';
import { run } from './run.ts';

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

interface Program {
  readonly setting: 'MYSQLD' | 'MARIADBD';
  readonly names: readonly string[];
}

const PROGRAMS: Readonly<Record<Flavour, Program>> = {
  mysql: { setting: 'MYSQLD', names: ['mysqld'] },
  mariadb: { setting: 'MARIADBD', names: ['mariadbd', 'mysqld'] },
};

/** The given one, else one on the PATH, else this machine's own of the list of releases. */
export async function findServerProgram(
  flavour: Flavour,
  progress: Progress,
): Promise<ServerProgram> {
  const { setting, names } = PROGRAMS[flavour];
  const path = env[setting] || (await onPath(flavour, names));
  return path
    ? installedProgram(flavour, path)
    : fromDebian(flavour, defaultSource(flavour, await debianCodename()), progress);
}

/** Downloads it if the cache does not have it. */
export function unpackServer(
  { flavour, from }: ServerRelease,
  progress: Progress,
): Promise<ServerProgram> {
  return from.kind === 'npm'
    ? fromNpm(flavour, from, progress)
    : fromDebian(flavour, from, progress);
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

async function installedProgram(flavour: Flavour, path: string): Promise<ServerProgram> {
  const { setting } = PROGRAMS[flavour];
  if (!(await isExecutable(path)))
    throw new Error(`${setting}: expected a program's path, got "${path}"`);
  const found = await askVersion([path]);
  if (found.flavour !== flavour)
    throw new Error(`${setting}: expected a ${flavour} server, ${path} is ${found.version}`);
  const base = dirname(dirname(await realpath(path)));
  const folders = ['share/mysql', 'share/mariadb', 'share'].map((name) => join(base, name));
  const scripts = makesItsTables(found) ? null : findScripts(folders);
  return { flavour, version: found.version, command: [path], args: [], scripts };
}

async function fromDebian(
  flavour: Flavour,
  { server, suite }: DebianSource,
  progress: Progress,
): Promise<ServerProgram> {
  const { setting, names } = PROGRAMS[flavour];
  const unpacked = await unpack({
    package: server,
    suite,
    instead: `Install ${flavour === 'mysql' ? 'MySQL 8.0 or later' : 'MariaDB'} and set ${setting} to its server program, for example ${setting}=/usr/sbin/${names[0]}.`,
    progress,
  });
  const folders = ['mysql', 'mariadb'].map((name) => join(unpacked.root, 'usr/share', name));
  // Since 11 MariaDB's folder has its own name.
  const own = folders.find((folder) => existsSync(join(folder, 'charsets')));
  const files = {
    base: join(unpacked.root, 'usr'),
    share: own ?? join(unpacked.root, 'usr/share'),
    plugins: join(unpacked.root, 'usr/lib/mysql/plugin'),
  };
  return unpackedProgram(flavour, unpacked.command(`usr/sbin/${names[0]}`), files, folders);
}

async function fromNpm(
  flavour: Flavour,
  source: NpmSource,
  progress: Progress,
): Promise<ServerProgram> {
  const base = join(await unpackNpm(source, progress), 'server');
  const share = join(base, 'share');
  // It brings libaio along.
  const command = ['env', `LD_LIBRARY_PATH=${base}`, join(base, 'mysqld')];
  const files = { base, share, plugins: join(base, 'plugin') };
  return unpackedProgram(flavour, command, files, [share]);
}

async function unpackedProgram(
  flavour: Flavour,
  command: readonly string[],
  files: { readonly base: string; readonly share: string; readonly plugins: string },
  scriptFolders: readonly string[],
): Promise<ServerProgram> {
  const args = [
    `--basedir=${files.base}`,
    `--lc-messages-dir=${files.share}`,
    `--character-sets-dir=${join(files.share, 'charsets')}`,
    `--plugin-dir=${files.plugins}`,
  ];
  const { version } = await askVersion(command);
  const scripts = makesItsTables({ flavour, version }) ? null : findScripts(scriptFolders);
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
