import type { Ask } from './subcommand.ts';
import { joinWords, splitWords } from './words.ts';

/** A line that lacks something, completed by answers, or told as it is to be typed. */

/** The line with each answer appended as one word, by the name of its ask; what was left empty is left out. */
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
  // Taken apart first: a quote left open in the line would else swallow what follows.
  return joinWords([...splitWords(line), ...added]);
}

/** What to type where nobody can be asked: `silence null-host for 4h <reason>`. */
export function wholeLine(line: string, asks: readonly Ask[]): string {
  const places = asks.map(({ name, keyword, initial, isOptional }) => {
    const place = initial ?? (isOptional ? `[${name}]` : `<${name}>`);
    return keyword === undefined ? place : `${keyword} ${place}`;
  });
  return [line.trim(), ...places].join(' ');
}
