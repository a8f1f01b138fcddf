import type { Ask } from './subcommand.ts';
import { joinWords, splitWords } from './words.ts';

/** Completes a line with a person's answers, or shows what they should type. */

/** The line with each answer, by the name of its ask, appended as one word; empty answers add nothing. */
export function completedLine(
  line: string,
  asks: readonly Ask[],
  answers: ReadonlyMap<string, string>,
): string {
  const added = asks.flatMap(({ name, keyword }) => {
    const answer = answers.get(name) ?? '';
    if (answer === '') return [];
    return keyword === undefined ? [answer] : [keyword, answer];
  });
  // The line is split first: otherwise an open quote in it would swallow the answers.
  return joinWords([...splitWords(line), ...added]);
}

/** The line to type when no form can be shown: `silence null-host for 4h <reason>`. */
export function wholeLine(line: string, asks: readonly Ask[]): string {
  const places = asks.map(({ name, keyword, initial, isOptional }) => {
    const place = initial ?? (isOptional ? `[${name}]` : `<${name}>`);
    return keyword === undefined ? place : `${keyword} ${place}`;
  });
  return [line.trim(), ...places].join(' ');
}
