import { type Block, type Button, note, time } from './message.ts';

/** The end of every answer that reads: when that was, and the button that asks again. */

/** `line` reads the same again; `says` names it whole, for a screen reader. */
export function readAtBlocks(at: Date, line: string, says: string): readonly Block[] {
  return [note('Read ', time(at)), { kind: 'buttons', buttons: [checkAgain(line, says)] }];
}

export function checkAgain(line: string, says: string): Button {
  return { label: 'Check again', line, says, replaces: true };
}
