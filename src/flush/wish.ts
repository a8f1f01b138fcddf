import type { RootMessage } from '../chat/outbox-store.ts';
import { joinParts, type Reply, type Request, refusal } from '../chat/subcommand.ts';
import { nearest, nearestName } from '../chat/words.ts';
import { type Fault, SERVERS_NAMED, shorten } from '../diagnosis/fault.ts';
import type { FlushableServer, FlushParts } from './flush.ts';

/** What a line about a flush says: which server, why, which request. */

export interface FlushCommandParts extends FlushParts {
  readonly servers: readonly FlushableServer[];
  /** The people behind ids of people and groups, read fresh; null: could not be read, so nobody. */
  readonly membersOf: (ids: readonly string[]) => Promise<readonly string[] | null>;
  /** The message that is a request's card; null = not posted yet. */
  readonly cardOf: (id: string) => Promise<RootMessage | null>;
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

/** The server that `on` names, or the only one; never for a button, which may be older than the settings. */
export function serverIn(
  words: readonly string[],
  servers: readonly FlushableServer[],
  isClick = false,
): FlushableServer | Fault {
  const names = servers.map(({ target }) => target.server.name);
  const isNamed = words[0]?.toLowerCase() === 'on' && names.includes(words[1] ?? '');
  const [only, ...others] = servers;
  if (isNamed) {
    const named = servers.find(({ target }) => target.server.name === words[1]);
    if (named !== undefined) return named;
  }
  const [on, name = ''] = words;
  const isOn = on?.toLowerCase() === 'on';
  if (
    only !== undefined &&
    others.length === 0 &&
    !(isOn && (isClick || isLikeServer(name, names)))
  ) {
    return only;
  }
  return notServer(words, names);
}

/**
 * Whether a server was meant, though none is called so: else the slip would become part of the reason,
 * and another server's cache would be asked about. `on call` and `on 20th` begin a reason.
 */
function isLikeServer(word: string, names: readonly string[]): boolean {
  return nearest(word, names) !== null || /^[a-z][a-z._-]*\d[a-z0-9._-]*$/.test(word);
}

function notServer(words: readonly string[], names: readonly string[]): Fault {
  const [on = '', name = ''] = words;
  const more = names.length - SERVERS_NAMED;
  const listed = `${names.slice(0, SERVERS_NAMED).join(', ')}${more > 0 ? `, ${more} more` : ''}`;
  const isOn = on.toLowerCase() === 'on';
  const quote = isOn && names.length === 1 ? ' A reason that begins so stands in quotes.' : '';
  const fault = `flush: expected "on" and one of ${listed}, got "${shorten([on, name].join(' ').trim())}".${quote}`;
  const near = isOn ? nearestName(name, names) : null;
  return near === null ? { fault } : { fault, meant: { word: name, instead: near } };
}

/** `FR-1042` among the words, or a fault in one line. */
export function requestIdIn({ words }: Request, name: string): string | { readonly fault: Reply } {
  const id = (words[0] ?? '').toUpperCase();
  if (/^FR-\d+$/.test(id)) return id;
  const says = `${name}: expected the id of a flush request, such as FR-1042, got "${words[0] ?? ''}".`;
  return { fault: joinParts([refusal(says, 2)]) };
}
