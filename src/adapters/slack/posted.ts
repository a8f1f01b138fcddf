import { z } from 'zod';
import { asTyped } from './pasted.ts';
import { blocksText, type Node, nodesOf, textIn } from './posted-blocks.ts';

/** Reads the text of a posted message, of a person or a monitoring tool, in the order in which people read it. */

const list = z.array(z.unknown()).optional().catch(undefined);

export const postedRule = z.object({
  text: z.string().default('').catch(''),
  blocks: list,
  attachments: list,
  files: list,
});

/** What Slack writes in place of a text that is missing. */
const NO_TEXT = /^(?:This content can't be displayed\.|\[no preview available\])$/;

/** Characters that are no part of a word: blanks, and marks of Slack's markup. */
const BETWEEN_WORDS = /[\s*_~`>•|]+/;

/** Bold of Slack's markup or of Markdown; a row of asterisks is none. */
const BOLD = /(?<![*\w])(\*{1,2})([^\s*](?:[^*\n]{0,500}[^\s*])?)\1(?![*\w])/g;

/** The text of the message, as if pasted. A final `publicly` is removed: it is no option. */
export function postedText(message: z.output<typeof postedRule>): string {
  const { text, blocks, attachments, files } = message;
  const shown = [blocksText(blocks, fromMarkup), fromMarkup(text)];
  const parts = [...shown, ...nodesOf(attachments).map(attachmentText), ...filesIn(files)];
  return joined(eachOnce(parts))
    .trimEnd()
    .replace(/\spublicly$/i, '')
    .trimEnd();
}

function attachmentText(attachment: Node): string {
  const { pretext, title, text, fields, blocks, message_blocks, files, fallback } = attachment;
  const own = [markupIn(title), markupIn(text), ...nodesOf(fields).map(fieldText)];
  // A message that somebody shared.
  const shared = nodesOf(message_blocks).flatMap(({ message }) => nodesOf(message));
  const bodies = [blocks, ...shared.map((one) => one['blocks'])];
  return joined(
    eachOnce([
      markupIn(pretext),
      joined(own),
      ...bodies.map((body) => blocksText(body, fromMarkup)),
      ...filesIn(files),
      markupIn(fallback),
    ]),
  );
}

function fieldText({ title, value }: Node): string {
  return [title, value].map(markupIn).filter(isFilled).join(': ');
}

/** The part of each file that the message shows. A name such as `mysqld.log` says nothing. */
function filesIn(files: unknown): readonly string[] {
  return nodesOf(files).map(({ title, preview, plain_text }) => {
    const heading = /\s/.test(textIn(title)) ? textIn(title) : '';
    return joined([heading, textIn(plain_text) || textIn(preview)]);
  });
}

/** The parts, without those whose words stand in another one: a fallback repeats what is shown. */
function eachOnce(parts: readonly string[]): readonly string[] {
  const worded = parts.map((part) => ` ${part.split(BETWEEN_WORDS).filter(isFilled).join(' ')} `);
  return parts.filter((_, at) => {
    const words = worded[at] ?? '';
    const isIn = (other: string, index: number) =>
      other === words ? index < at : other.includes(words);
    return !worded.some(isIn);
  });
}

function joined(parts: readonly string[]): string {
  return parts.filter(isFilled).join('\n');
}

function isFilled(text: string): boolean {
  return text.trim() !== '';
}

function markupIn(value: unknown): string {
  return fromMarkup(textIn(value));
}

/** A text with Slack's markup, as people see it. */
function fromMarkup(text: string): string {
  return NO_TEXT.test(text) ? '' : asTyped(text.replace(BOLD, '$2'));
}
