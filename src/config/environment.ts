import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ServersFile } from './servers-file.ts';
import { variablesIn } from './variables.ts';

/** Asks the world: settings by name, from the environment and a `.env` file, secrets from files. */

export interface Environment {
  /** What was given, by setting; an empty value is left out. */
  readonly values: Readonly<Record<string, string>>;
  /** What could not be read, one sentence by setting, and by `.env`. */
  readonly faults: Readonly<Record<string, string>>;
  /** What SERVERS_FILE names; null = not given, or not readable. */
  readonly serversFile: ServersFile | null;
}

type Layer = Readonly<Record<string, string | undefined>>;

/** The environment wins over `.env` in the folder; `NAME_FILE` names a file that holds the value. */
export function readEnvironment(
  names: readonly string[],
  folder: string,
  processEnv: Layer,
): Environment {
  const faults: Record<string, string> = {};
  const layers = [processEnv, readDotEnv(join(folder, '.env'), faults)];
  const values = valuesIn(layers, names, faults);
  const path = values['SERVERS_FILE'];
  const serversFile = path === undefined ? null : readServersFile(path, folder, layers, faults);
  return { values, faults, serversFile };
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

/** The file beside the variables that it names; null = unreadable, then the fault is noted. */
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
    faults['SERVERS_FILE'] =
      `SERVERS_FILE: expected a file that can be read, got ${codeOf(error)} at ${path}.`;
    return null;
  }
}

function readDotEnv(path: string, faults: Record<string, string>): Layer {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      faults['.env'] = `.env: expected a file that can be read, got ${codeOf(error)} at ${path}.`;
    }
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
    // Editors and `echo` end a file by a line break that is no part of the secret.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    faults[name] =
      `${name}_FILE: expected a file that can be read, got ${codeOf(error)} at ${path}.`;
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault';
}
