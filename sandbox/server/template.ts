/** Makes a fresh data folder: initialised once per version, then copied. Does I/O. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { cached, type Progress } from './cache.ts';
import type { ServerProgram } from './program.ts';
import { run } from './run.ts';

/** A test server may lose its data in a power failure, so nothing waits for the disk. */
export const QUICK_ARGS: Readonly<Record<ServerProgram['flavour'], readonly string[]>> = {
  mysql: [
    '--loose-innodb-redo-log-capacity=16M',
    '--innodb-buffer-pool-size=32M',
    '--innodb-flush-log-at-trx-commit=0',
    '--loose-innodb-doublewrite=OFF',
    '--skip-log-bin',
    '--secure-file-priv=',
    '--loose-mysqlx=OFF',
  ],
  mariadb: [
    '--innodb-log-file-size=8M',
    '--innodb-buffer-pool-size=16M',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-doublewrite=OFF',
    '--skip-log-bin',
  ],
};

/**
 * The scripts that mariadb-install-db and mysql_install_db run, without the help texts: each by its
 * names, of which MariaDB has its own since 11.
 */
const SCRIPTS: readonly (readonly string[])[] = [
  ['mysql_system_tables.sql', 'mariadb_system_tables.sql'],
  ['mysql_performance_tables.sql', 'mariadb_performance_tables.sql'],
  ['mysql_system_tables_data.sql', 'mariadb_system_tables_data.sql'],
  ['maria_add_gis_sp_bootstrap.sql'],
  ['mysql_sys_schema.sql', 'mariadb_sys_schema.sql'],
];

/** Puts a data folder with a passwordless root@localhost at `target`, which must not exist yet. */
export async function copyTemplate(
  program: ServerProgram,
  target: string,
  progress: Progress,
): Promise<void> {
  const name = `data-${program.flavour}-${program.version.replace(/[^\w.+-]/g, '_')}`;
  const template = await cached(name, async (folder) => {
    progress(`Initialising ${program.flavour} ${program.version}, once.`);
    await initialise(program, folder);
  });
  await run({ program: 'cp', args: ['-a', '--reflink=auto', join(template, 'data'), target] });
}

async function initialise(program: ServerProgram, folder: string): Promise<void> {
  const data = join(folder, 'data');
  const common = ['--no-defaults', `--datadir=${data}`, ...program.args];
  const own = [...QUICK_ARGS[program.flavour], ...(getuid?.() === 0 ? ['--user=root'] : [])];
  const [server = '', ...before] = program.command;
  if (program.scripts === null) {
    await run({ program: server, args: [...before, ...common, '--initialize-insecure', ...own] });
    // It contains the server_uuid; each copy must generate its own.
    await rm(join(data, 'auto.cnf'), { force: true });
    return;
  }
  const input = await bootstrapOf(program.scripts);
  await run({ program: 'mkdir', args: [data] });
  await run({ program: server, args: [...before, ...common, '--bootstrap', ...own], input });
  // Without this file MariaDB assumes that an older version made the folder.
  await writeFile(join(data, 'mysql_upgrade_info'), program.version);
}

async function bootstrapOf(scripts: string): Promise<string> {
  // The bootstrap reads one statement per line. NULL makes MariaDB's root passwordless for any uid.
  const first = 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n';
  const files = await readdir(scripts);
  // Old releases lack some.
  const names = SCRIPTS.flatMap((all) => all.find((name) => files.includes(name)) ?? []);
  const texts = await Promise.all(names.map((name) => readFile(join(scripts, name), 'utf8')));
  // mariadb-install-db drops these lines too; they would create the account root@<this machine>.
  const lines = texts.join('\n').split('\n');
  return first + lines.filter((line) => !line.includes('@current_hostname')).join('\n');
}
