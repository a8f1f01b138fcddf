import { parse } from 'csv-parse/sync';
import { csv } from '../chat/csv.ts';
import { type Block, type Message, note, time } from '../chat/message.ts';
import type { Post, PostContent } from './store.ts';

/** Merges a new post into one of the same subject that still waits, so that a busy channel gets fewer messages. */

type Merging = Pick<Post, 'content' | 'queuedAt'>;

/**
 * What a merged reply may hold, in blocks and in characters of JSON: far less than one message, so that
 * nothing of it is cut off.
 */
const REPLY = { blocks: 24, characters: 5000 };

/** What the waiting post says from now on; null = the new one is a post of its own. */
export function merged(waiting: Merging, added: Merging & Pick<Post, 'isUrgent'>): Merging | null {
  const [before, after] = [waiting.content, added.content];
  // A new text replaces the one that nobody has seen.
  if (before.kind === 'edit' && after.kind === 'edit')
    return { content: after, queuedAt: added.queuedAt };
  // Each step of a flush stays a message of its own.
  if (added.isUrgent === true) return null;
  if (before.kind === 'reply' && after.kind === 'reply') {
    if (before.isBroadcast !== after.isBroadcast || before.thread !== after.thread) return null;
    const message = bothReplies(waiting, before, added, after);
    return message === null
      ? null
      : { content: { ...before, message, isMerged: true }, queuedAt: waiting.queuedAt };
  }
  if (before.kind === 'file' && after.kind === 'file') {
    if (before.name !== after.name || before.thread !== after.thread) return null;
    const text = bothFiles(before.text, after.text);
    return text === null ? null : { content: { ...after, text }, queuedAt: waiting.queuedAt };
  }
  return null;
}

type Reply = Extract<PostContent, { kind: 'reply' }>;

function bothReplies(
  waiting: Merging,
  before: Reply,
  added: Merging,
  after: Reply,
): Message | null {
  const earlier = before.isMerged === true ? before.message.blocks : dated(waiting, before);
  const blocks = [...earlier, ...dated(added, after)];
  const length = blocks.reduce((sum, block) => sum + JSON.stringify(block).length, 0);
  if (blocks.length > REPLY.blocks || length > REPLY.characters) return null;
  return { headline: `${before.message.headline} ${after.message.headline}`, blocks };
}

function dated({ queuedAt }: Merging, { message }: Reply): readonly Block[] {
  return [note(time(queuedAt)), ...message.blocks];
}

/** The rows of both lists, each host once, as the later list has it; null = the columns differ. */
function bothFiles(before: string, after: string): string | null {
  const [earlier, later] = [rowsOf(before), rowsOf(after)];
  if (String(earlier[0]) !== String(later[0])) return null;
  const rows = new Map([...earlier, ...later].map((row) => [row[0], row]));
  return csv([...rows.values()]);
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return parse(text, { relax_column_count: true });
}
