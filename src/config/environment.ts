import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { codeOf } from '../chat/unreadable.ts';
import type { ClientLogin } from './client-login.ts';
import type { ServersFile } from './servers-file.ts';
import { variablesIn } from './variables.ts';

/** Reads settings from the environment, a `.env` file and secret files. Does I/O. */

export interface Environment {
  /** Values by setting; an empty value counts as absent. */
  readonly values: Readonly<Record<string, string>>;
  /** What could not be read: one sentence for each setting, or for `.env`. */
  readonly faults: Readonly<Record<string, string>>;
  /** The file that SERVERS_FILE names; null = not set, or not readable. */
  readonly serversFile: ServersFile | null;
  /** What the MySQL client would log in with; absent = only the settings count. */
  readonly client?: Pick<ClientLogin, 'login' | 'faults'>;
}

type Layer = Readonly<Record<string, string | undefined>>;

/** The environment wins over `.env` in the folder; `NAME_FILE` names a file with the value. */
export function readEnvironment(
  names: readonly string[],
  folder: string,
  processEnv: Layer,
): Environment {
  const faults: Record<string, string> = {};
  const layers = [processEnv, readDotEnv(join(folder, '.env'), faults)].map(preferLowerCase);
  const values = valuesIn(layers, names, faults);
  const path = values['SERVERS_FILE'];
  const serversFile = path === undefined ? null : readServersFile(path, folder, layers, faults);
  return { values, faults, serversFile };
}

/** The settings that other programs also read in lower case, and then prefer. */
const LOWER_CASE_TOO = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

function preferLowerCase(layer: Layer): Layer {
  const given = LOWER_CASE_TOO.map((name) => [name, layer[name.toLowerCase()]] as const);
  return { ...layer, ...Object.fromEntries(given.filter(([, value]) => Boolean(value))) };
}

function valuesIn(
  layers: readonly Layer[],
  names: readonly string[],
  faults: Record<string, string>,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const layer = layers.find((given) => Boolean(given[name]) || Boolean(given[`${name}_FILE`]));
    const value = layer === undefined ? undefined : valueIn(layer, name, faults);
    if (value) values[name] = value;
  }
  return values;
}

/** The file and the variables that it names; null = unreadable, and the error is noted. */
function readServersFile(
  path: string,
  folder: string,
  layers: readonly Layer[],
  faults: Record<string, string>,
): ServersFile | null {
  try {
    const text = readFileSync(resolve(folder, path), 'utf8');
    const unread: Record<string, string> = {};
    const values = valuesIn(layers, variablesIn(text), unread);
    return { path, text, variables: { values, faults: unread } };
  } catch (error) {
    faults['SERVERS_FILE'] = sayUnread('SERVERS_FILE', path, error);
    return null;
  }
}

function readDotEnv(path: string, faults: Record<string, string>): Layer {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') faults['.env'] = sayUnread('.env', path, error);
    return {};
  }
}

function valueIn(layer: Layer, name: string, faults: Record<string, string>): string | undefined {
  const value = layer[name];
  const path = layer[`${name}_FILE`];
  if (!path) return value;
  if (value) {
    faults[name] = `${name}: expected ${name} or ${name}_FILE, got both.`;
    return value;
  }
  try {
    // Editors and `echo` end a file with a line break, which is not part of the secret.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    faults[name] = sayUnread(`${name}_FILE`, path, error);
    return undefined;
  }
}

function sayUnread(name: string, path: string, error: unknown): string {
  const code = codeOf(error) ?? 'an unknown error';
  return `${name}: expected a file that can be read, got ${code} at ${path}.`;
}
