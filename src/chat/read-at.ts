import { type Block, type Button, note, time } from './message.ts';

/** The end of an answer that reads: when it was read, and a button that reads again. */

/** `line` reads the same data again; `says` describes it for a screen reader. */
export function readAtBlocks(at: Date, line: string, says: string): readonly Block[] {
  return [note('Read ', time(at)), { kind: 'buttons', buttons: [checkAgain(line, says)] }];
}

export function checkAgain(line: string, says: string): Button {
  return { label: 'Check again', line, says, replaces: true };
}
