// Reads the option files of the MySQL client, in the client's own order. Does I/O.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeOf } from '../chat/unreadable.ts';
import { decodeLoginFile } from './login-file.ts';
import { type OptionLine, parseOptionFile } from './option-file.ts';

/** The options of a terminal that name the client's files. */
export interface ClientFileNames {
  /** Read instead of all others but the login file. */
  readonly defaultsFile?: string | undefined;
  /** Read after the system's files, before the person's own. */
  readonly defaultsExtraFile?: string | undefined;
  /** The group of the login file that is read too. */
  readonly loginPath?: string | undefined;
}

/** The last value of an option, and where it is written. */
export interface ClientOption {
  /** null: written without `=`. */
  readonly value: string | null;
  /** `/home/jdoe/.my.cnf:3`. */
  readonly place: string;
}

/** Every option of the groups that count, and one sentence for each file that is wrong. */
export interface ClientOptions {
  readonly options: ReadonlyMap<string, ClientOption>;
  readonly faults: readonly string[];
}

export type Env = Readonly<Record<string, string | undefined>>;

const SYSTEM_FILES = ['/etc/my.cnf', '/etc/mysql/my.cnf'];
const GROUPS = ['client', 'mysql', 'hostcache'];
/** `mysql` stops there too. */
const INCLUDES_DEEP = 10;

export function readClientFiles(names: ClientFileNames, env: Env, folder: string): ClientOptions {
  const home = env['HOME'];
  const own = (path: string) => resolve(folder, fromHome(path, env));
  const { defaultsFile, defaultsExtraFile, loginPath } = names;
  const faults: string[] = [];
  const reading: Reading = { options: new Map(), faults, groups: groupsWith(loginPath), folder };
  if (defaultsFile !== undefined) readOptions(own(defaultsFile), 'must exist', reading);
  else {
    for (const path of SYSTEM_FILES) readOptions(path, 'may be unreadable', reading);
    if (defaultsExtraFile !== undefined) readOptions(own(defaultsExtraFile), 'must exist', reading);
    if (home) readOptions(join(home, '.my.cnf'), 'may be absent', reading);
  }
  const loginFile = env['MYSQL_TEST_LOGIN_FILE'] || (home ? join(home, '.mylogin.cnf') : null);
  if (loginFile !== null) readLoginFile(resolve(folder, loginFile), loginPath, reading);
  return { options: reading.options, faults };
}

/** A shell leaves the `~` of `--defaults-file=~/x` as it is, and so do files. */
export function fromHome(path: string, env: Env): string {
  return path.replace(/^~(?=\/)/, () => env['HOME'] ?? '~');
}

function groupsWith(loginPath: string | undefined): readonly string[] {
  return loginPath === undefined ? GROUPS : [...GROUPS, loginPath];
}

interface Reading {
  readonly options: Map<string, ClientOption>;
  readonly faults: string[];
  readonly groups: readonly string[];
  /** Where a relative path begins. */
  readonly folder: string;
}

/** What is no fault. `mysql` skips a file of the system that it cannot read. */
type Leniency = 'must exist' | 'may be absent' | 'may be unreadable';

function readOptions(path: string, leniency: Leniency, reading: Reading, depth = 0): void {
  const bytes = bytesOf(path, leniency, reading);
  if (bytes === null) return;
  const fault = faultOfMode(path, 0o002, 'a file that not everybody can write', 'chmod o-w');
  if (fault !== null) reading.faults.push(fault);
  else takeOptions(bytes.toString('utf8'), path, reading, depth);
}

function takeOptions(text: string, path: string, reading: Reading, depth: number): void {
  const lines = parseOptionFile(text);
  if ('says' in lines) {
    reading.faults.push(`${path}:${lines.line}: ${lines.says}.`);
    return;
  }
  for (const line of lines) {
    if (line.kind !== 'option') include(line, path, reading, depth + 1);
    else if (reading.groups.includes(line.group)) {
      reading.options.set(line.name, { value: line.value, place: `${path}:${line.line}` });
    }
  }
}

type Include = Extract<OptionLine, { kind: 'include' | 'includedir' }>;

function include(named: Include, from: string, reading: Reading, depth: number): void {
  if (depth > INCLUDES_DEEP) return;
  const target = resolve(reading.folder, named.path);
  const paths = named.kind === 'include' ? [target] : pathsIn(target);
  if (typeof paths === 'string') {
    reading.faults.push(`${from}:${named.line}: expected a folder, got ${paths} at ${target}.`);
    return;
  }
  for (const path of paths) readOptions(path, 'may be unreadable', reading, depth);
}

/** The option files in a folder, in the client's order; a string is the code of the error. */
function pathsIn(folder: string): readonly string[] | string {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.cnf'));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return code;
  }
}

function readLoginFile(path: string, loginPath: string | undefined, reading: Reading): void {
  const bytes = bytesOf(path, loginPath === undefined ? 'may be absent' : 'must exist', reading);
  if (bytes === null) return;
  const fault =
    faultOfMode(path, 0o077, 'a file that only you can read', 'chmod 600') ??
    faultOfLoginFile(path, decodeLoginFile(bytes), loginPath);
  if (fault !== null) reading.faults.push(fault);
  // An include would name a file of somebody else's choice; mysql_config_editor writes none.
  else takeOptions(decodeLoginFile(bytes) ?? '', path, reading, INCLUDES_DEEP);
}

function faultOfLoginFile(path: string, text: string | null, loginPath?: string): string | null {
  if (text === null || 'says' in parseOptionFile(text)) {
    return `${path}: expected a file that mysql_config_editor wrote, got another.`;
  }
  if (loginPath === undefined) return null;
  // A login path without any value has no lines, so the names are taken from the text.
  const groups = Array.from(text.matchAll(/^\s*\[([^\]]+)\]/gm), ([, group = '']) => group);
  if (groups.includes(loginPath)) return null;
  const known = groups.length === 0 ? 'there is none' : groups.join(', ');
  const got = `got ${JSON.stringify(loginPath)}`;
  return `--login-path: expected a login path of ${path} (${known}), ${got}.`;
}

/** null: it cannot be read. */
function bytesOf(path: string, leniency: Leniency, { faults }: Reading): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    const isFine = leniency === 'may be absent' ? code === 'ENOENT' : leniency !== 'must exist';
    if (!isFine) faults.push(`${path}: expected a file that can be read, got ${code}.`);
    return null;
  }
}

/** `mysql` ignores such a file with a warning; why a login then fails would be hard to find. */
function faultOfMode(
  path: string,
  forbidden: number,
  expected: string,
  remedy: string,
): string | null {
  const stat = statSync(path);
  if (!stat.isFile() || (stat.mode & forbidden) === 0) return null;
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  return `${path}: expected ${expected}, got mode ${mode}; run ${remedy} ${path}.`;
}
