// Finds the servers that are to be tried, by their names. Does I/O.
import { env } from 'node:process';
import type { Progress } from '../sandbox/server/cache.ts';
import { findServerProgram, type ServerProgram, unpackServer } from '../sandbox/server/program.ts';
import { RELEASES } from '../sandbox/server/releases.ts';

/** A server that `--servers` can name. */
export interface Candidate {
  readonly name: string;
  /** Rejects if it cannot be downloaded or does not run here. */
  find(progress: Progress): Promise<ServerProgram>;
}

const GIVEN = { MYSQLD: 'mysql', MARIADBD: 'mariadb' } as const;

/** This machine's own: the given one, one on the PATH, or the one that the tests use. */
export const OWN: readonly Candidate[] = Object.values(GIVEN).map((flavour) => ({
  name: flavour,
  find: (progress) => findServerProgram(flavour, progress),
}));

/** Every release that can be downloaded, then the given ones. */
const ALL: readonly Candidate[] = [
  ...RELEASES.map((release) => ({
    name: release.name,
    find: (progress: Progress) => unpackServer(release, progress),
  })),
  ...Object.entries(GIVEN).flatMap(([setting, flavour]) => {
    const find = (progress: Progress) => findServerProgram(flavour, progress);
    return env[setting] ? [{ name: setting, find }] : [];
  }),
];

/** `all`, or names with commas between them; a sentence = what is wrong with the text. */
export function readServers(text: string): readonly Candidate[] | string {
  if (text === 'all') return ALL;
  const known = [...ALL, ...OWN];
  const names = text.split(',');
  const found = names.flatMap((name) => known.find((each) => each.name === name) ?? []);
  return found.length === names.length
    ? found
    : `--servers: expected all, or some of ${known.map(({ name }) => name).join(', ')}; got "${text}"`;
}
