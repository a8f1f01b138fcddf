import { joinParts, type Reply, type Request, refusal } from '../chat/subcommand.ts';
import type { FlushableServer, FlushParts } from './flush.ts';

/** What a line about a flush says: which server, why, which request. */

export interface FlushCommandParts extends FlushParts {
  readonly servers: readonly FlushableServer[];
  /** The people behind ids of people and groups, read fresh; null: could not be read, so nobody. */
  readonly membersOf: (ids: readonly string[]) => Promise<readonly string[] | null>;
  /** The address of a request's card; null = not posted yet, or not to be learnt. */
  readonly linkTo: (id: string) => Promise<string | null>;
  /** Goes on in the background; the process ends only after it. */
  readonly inBackground: (work: Promise<void>) => void;
}

/** What stands behind `on <server>`, or behind nothing. */
export function reasonIn(
  words: readonly string[],
  { servers }: Pick<FlushCommandParts, 'servers'>,
): string {
  const names = servers.map(({ target }) => target.server.name);
  const isNamed = words[0]?.toLowerCase() === 'on' && names.includes(words[1] ?? '');
  return (isNamed ? words.slice(2) : words).join(' ').trim();
}

/** The server that `on` names, or the only one; a fault in one line otherwise. */
export function serverIn(
  words: readonly string[],
  servers: readonly FlushableServer[],
): FlushableServer | string {
  const names = servers.map(({ target }) => target.server.name);
  const isNamed = words[0]?.toLowerCase() === 'on' && names.includes(words[1] ?? '');
  const [only, ...others] = servers;
  if (isNamed) {
    const named = servers.find(({ target }) => target.server.name === words[1]);
    if (named !== undefined) return named;
  }
  if (only !== undefined && others.length === 0) return only;
  return `flush: expected "on" and one of ${names.join(', ')}, got "${words.slice(0, 2).join(' ')}".`;
}

/** `FR-1042` among the words, or a fault in one line. */
export function requestIdIn({ words }: Request, name: string): string | { readonly fault: Reply } {
  const id = (words[0] ?? '').toUpperCase();
  if (/^FR-\d+$/.test(id)) return id;
  const says = `${name}: expected the id of a flush request, such as FR-1042, got "${words[0] ?? ''}".`;
  return { fault: joinParts([refusal(says, 2)]) };
}
