/**
 * How much of a message's budget a block needs. Slack counts the text, and about 125 characters for
 * each block (bolt-js #2509, #2867); it refuses messages from about 11,000 to 13,000 on.
 */

const BLOCK_CHARACTERS = 125;

/** Fields that are no text: types, ids, layout. */
const SILENT = new Set(['type', 'action_id', 'block_id', 'style', 'align']);

/** In characters, as Slack counts them. */
export function costOf(block: object): number {
  return BLOCK_CHARACTERS + textLength(block);
}

/** All text of a block, a table or a cell, also what only a click shows. */
export function textLength(part: unknown): number {
  if (typeof part === 'string') return part.length;
  if (typeof part !== 'object' || part === null) return 0;
  return Object.entries(part).reduce(
    (sum, [field, value]) => (SILENT.has(field) ? sum : sum + textLength(value)),
    0,
  );
}
