import { type Message, plain } from '../../src/chat/message.ts';

/** A message as lines, its buttons with their lines: `[Check again: plan check PL-1]`. */
export function messageText({ blocks }: Message): string {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case 'text':
        case 'note':
          return plain(block.spans);
        case 'buttons':
          return block.buttons.map(({ label, line }) => `[${label}: ${line}]`).join(' ');
        case 'table':
          return block.rows.map((row) => row.join(' | ')).join('\n');
        default:
          return 'text' in block ? block.text : '';
      }
    })
    .join('\n');
}
