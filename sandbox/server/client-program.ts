/** Finds the database's command-line client: from a setting, beside the server's program, on the PATH, or from Debian packages. Does I/O. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { env } from 'node:process';
import type { Progress } from './cache.ts';
import { debianCodename, unpack } from './debian.ts';
import { defaultSource, type Flavour } from './releases.ts';
import { run } from './run.ts';

interface Source {
  readonly setting: 'MYSQL_CLIENT' | 'MARIADB_CLIENT';
  readonly server: 'MYSQLD' | 'MARIADBD';
  readonly name: string;
}

const SOURCES: Readonly<Record<Flavour, Source>> = {
  mysql: { setting: 'MYSQL_CLIENT', server: 'MYSQLD', name: 'mysql' },
  mariadb: { setting: 'MARIADB_CLIENT', server: 'MARIADBD', name: 'mariadb' },
};

/** The command to run; an unpacked program starts with its loader. */
export async function findClientProgram(
  flavour: Flavour,
  progress: Progress,
): Promise<readonly string[]> {
  const source = SOURCES[flavour];
  const path = env[source.setting] || (await installed(flavour, source));
  if (path) return [path];
  const { client, suite } = defaultSource(flavour, await debianCodename());
  const unpacked = await unpack({
    package: client,
    suite,
    instead: `Install the ${source.name} client and set ${source.setting} to it.`,
    progress,
  });
  return unpacked.command(`usr/bin/${source.name}`);
}

/** Often `mysql` is MariaDB's, so each candidate is asked. null = none of that flavour. */
async function installed(flavour: Flavour, { name, server }: Source): Promise<string | null> {
  const base = env[server] ? [dirname(env[server]), join(dirname(env[server]), '../bin')] : [];
  for (const folder of [...base, ...(env['PATH'] ?? '').split(delimiter)]) {
    const path = join(folder, name);
    if (!(await isExecutable(path))) continue;
    const version = await run({ program: path, args: ['--no-defaults', '--version'] });
    if (/mariadb/i.test(version) === (flavour === 'mariadb')) return path;
  }
  return null;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
